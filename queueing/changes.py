"""Why somebody's place or range is not what it was on the last picture, in one sentence.

What others did in the same line and at its counters since then is counted; the most telling of
it is said. A picture is drawn anew whenever anything happens in the mall, so a change is told for
a minute, however many pictures that minute has.
"""

from collections import Counter as Tally
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from typing import NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.memo import briefly
from hall.models import HallEvent
from queueing import calling, lines, sentences
from queueing.figures import Place
from queueing.models import Ticket, TicketEvent
from queueing.states import Move, Priority

LATELY = timedelta(seconds=60)
SPAN = 200  # versions back that are remembered for everybody: a busy minute of a mall, and more
# The end of a range is rounded to five minutes: less than this may be the rounding alone.
SHIFTED = timedelta(minutes=7)
LONGEST_SHIFT = timedelta(hours=12)  # more was never on a picture
JOINS = frozenset({Move.ISSUE, Move.CONFIRM, Move.RETURN, Move.UNDO})
CLOSES = frozenset({"desk.left", "desk.break", "closure.approved"})
OPENS = frozenset({"desk.opened", "desk.back", "closure.ended"})


class Kind(Enum):
    """What somebody else in the line did, as far as it concerns those behind."""

    BOOKED = auto()
    PRIORITY = auto()
    TRANSFERRED = auto()
    CONFIRMED = auto()
    RETURNED = auto()
    UNDONE = auto()
    CANCELLED = auto()
    MISSED = auto()
    CALLED = auto()


class Seen(NamedTuple):
    """The picture a page last showed: the mall's version, and when the range ended (epoch)."""

    version: int | None = None
    ends: int | None = None


class Since(NamedTuple):
    """What is news: after the picture or lately, and in any case after the number was taken."""

    made: int
    seen: int | None
    now: datetime

    def is_news(self, version: int, at: datetime) -> bool:
        is_unseen = self.seen is not None and version > self.seen
        return version > self.made and (is_unseen or at > self.now - LATELY)

    def reading(self, version: int) -> tuple[int, int]:
        """From which version and minute on it is read, the same for all but those long away."""
        above = version - SPAN if self.seen is None else min(self.seen, version - SPAN)
        return above, int(self.now.timestamp()) // 60


class Person(NamedTuple):
    """Somebody else of the same line, and their moves since the picture, oldest first."""

    waiting: calling.Waiting
    moves: list[Move]
    has_booked: bool = False


class Explained(NamedTuple):
    """The sentence, empty when nothing changed, and the end that later pictures compare with."""

    why: str
    ends: int


def explain(
    ticket: Ticket, place: Place, *, made: int, version: int, seen: Seen, now: datetime
) -> Explained:
    """Why the place or the range of a waiting ticket differs from what was seen.

    `made` is the version that made the ticket, `version` the one that is shown.
    """
    ends = int(place.ends.timestamp())
    since = Since(made, seen.version, now)
    people = _people(ticket, since, version)
    acts = _acts(ticket, place, since, version)
    line = lines.line_of(ticket.day_id, version=version, now=now)
    in_front = _in_front(ticket, people, line)
    why = sentence(tally(people, in_front), acts) if people or acts else ""
    if why or seen.ends is None:
        return Explained(why, ends)
    return Explained(shifted(timedelta(seconds=ends - seen.ends)), seen.ends)


def tally(people: Iterable[Person], in_front: set[int]) -> Tally[Kind]:
    """How many did what; what comes and goes between two pictures is no change."""
    kinds = (_kind(person, person.waiting.id in in_front) for person in people)
    return Tally(kind for kind in kinds if kind)


def _kind(person: Person, is_in_front: bool) -> Kind | None:
    moves, last = person.moves, person.moves[-1]
    if last == Move.SKIP:
        return Kind.MISSED
    if not is_in_front:
        return None
    if last in {Move.CANCEL, Move.WITHDRAW}:
        return None if moves[0] in JOINS else Kind.CANCELLED
    if last not in JOINS:
        return Kind.CALLED if Move.CALL in moves else None
    if last == Move.UNDO and Move.CALL in moves:
        return None
    if last in {Move.ISSUE, Move.CONFIRM} and (person.has_booked or person.waiting.is_priority):
        return Kind.BOOKED if person.has_booked else Kind.PRIORITY
    return _JOINED[last]


_JOINED = {
    # Whoever takes a number stands behind; in front is only somebody who waited elsewhere before.
    Move.ISSUE: Kind.TRANSFERRED,
    Move.CONFIRM: Kind.CONFIRMED,
    Move.RETURN: Kind.RETURNED,
    Move.UNDO: Kind.UNDONE,
}


UNEXPECTED = (
    Kind.BOOKED,
    Kind.PRIORITY,
    Kind.TRANSFERRED,
    Kind.CONFIRMED,
    Kind.RETURNED,
    Kind.UNDONE,
)


def sentence(people: Mapping[Kind, int], acts: Mapping[str, Sequence[str]]) -> str:
    """The most telling change first: what nobody expects, then what helps, then the usual."""
    closed = [number for number, done in acts.items() if _all(done, CLOSES)]
    opened = [number for number, done in acts.items() if _all(done, OPENS)]
    if closed:
        return _closed(closed)
    for kind in UNEXPECTED:
        if people.get(kind):
            return _SAID[kind](people[kind]) % {"count": people[kind]}
    if opened:
        return _opened(opened)
    for kind in (Kind.CANCELLED, Kind.MISSED, Kind.CALLED):
        if people.get(kind):
            return _SAID[kind](people[kind]) % {"count": people[kind]}
    return ""


def _all(done: Sequence[str], kind: frozenset[str]) -> bool:
    """Closed or opened and still so: an officer who was away for a moment is no change."""
    return done[0] in kind and done[-1] in kind


def _closed(numbers: Sequence[str]) -> str:
    named = sentences.counters(numbers)
    return ngettext(
        "%(counters)s berhenti melayani untuk sementara.",
        "%(counters)s berhenti melayani untuk sementara.",
        len(numbers),
    ) % {"counters": named[:1].upper() + named[1:]}


def _opened(numbers: Sequence[str]) -> str:
    return ngettext(
        "%(count)d loket lagi dibuka: %(counters)s.",
        "%(count)d loket lagi dibuka: %(counters)s.",
        len(numbers),
    ) % {"count": len(numbers), "counters": sentences.counters(numbers)}


def shifted(by: timedelta) -> str:
    """What is said when nothing happened, and the range moved all the same."""
    if not SHIFTED <= abs(by) <= LONGEST_SHIFT:
        return ""
    minutes = {"minutes": 5 * round(abs(by) / timedelta(minutes=5))}
    if by > timedelta(0):
        text = _(
            "Perkiraan bergeser sekitar %(minutes)d menit lebih lambat karena layanan berlangsung"
            " lebih lama dari perkiraan semula."
        )
    else:
        text = _(
            "Perkiraan bergeser sekitar %(minutes)d menit lebih cepat karena layanan selesai lebih"
            " cepat dari perkiraan semula."
        )
    return text % minutes


def _in_front(ticket: Ticket, people: Sequence[Person], line: lines.Line) -> set[int]:
    """Who of them stands before the ticket, or would if they were still there."""
    if not people:
        return set()
    there = {person.id: person for person in line.waiting}
    there |= {person.waiting.id: person.waiting for person in people}
    order = calling.order(list(there.values()), streak=line.streak, ratio=line.ratio)
    return set(order[: order.index(ticket.pk)]) if ticket.pk in order else set()


def _people(ticket: Ticket, since: Since, version: int) -> list[Person]:
    """The others of the line who moved since the picture."""
    found: dict[int, Person] = {}
    for made, at, move, somebody, has_booked in _moves(
        ticket.day_id, version, *since.reading(version)
    ):
        if somebody.id != ticket.pk and since.is_news(made, at):
            found.setdefault(somebody.id, Person(somebody, [], has_booked)).moves.append(move)
    return list(found.values())


def _acts(ticket: Ticket, place: Place, since: Since, version: int) -> dict[str, list[str]]:
    """What was done at the counters of the queue since the picture, oldest first."""
    found: dict[str, list[str]] = {}
    done = _acts_in(ticket.day.mall_id, version, *since.reading(version))
    for made, at, number, act in done:
        if number in place.counters and since.is_news(made, at):
            found.setdefault(number, []).append(act)
    return found


class _Moved(NamedTuple):
    version: int
    at: datetime
    move: Move
    person: calling.Waiting
    has_booked: bool


@briefly(lines.KEPT, most=200)
def _moves(day_id: int, version: int, above: int, minute: int) -> tuple[_Moved, ...]:
    """What happened in a line until this version, oldest first."""
    events = (
        TicketEvent.objects.filter(_after(above, minute), ticket__day=day_id)
        .order_by("version")
        .values_list(
            *("version", "at", "move", "ticket_id"),
            *("ticket__priority", "ticket__since", "ticket__booked_for"),
        )
    )
    return tuple(
        _Moved(
            made,
            at,
            Move(move),
            calling.Waiting(pk, day_id, priority != Priority.NONE, since),
            booked_for is not None,
        )
        for made, at, move, pk, priority, since, booked_for in events
    )


@briefly(lines.KEPT, most=200)
def _acts_in(
    mall_id: int, version: int, above: int, minute: int
) -> tuple[tuple[int, datetime, str, str], ...]:
    """What was done at the counters of a mall until this version, oldest first."""
    events = HallEvent.objects.filter(
        _after(above, minute), mall=mall_id, act__in=CLOSES | OPENS
    ).order_by("version")
    return tuple(events.values_list("version", "at", "detail", "act"))


def _after(above: int, minute: int) -> Q:
    return Q(version__gt=above) | Q(at__gt=datetime.fromtimestamp(minute * 60, UTC) - LATELY)


_SAID: dict[Kind, Callable[[int], str]] = {
    Kind.BOOKED: lambda n: ngettext(
        "%(count)d orang yang sudah memesan datang; tempatnya dihitung sejak waktu pesanannya.",
        "%(count)d orang yang sudah memesan datang; tempatnya dihitung sejak waktu pesanannya.",
        n,
    ),
    Kind.PRIORITY: lambda n: ngettext(
        "%(count)d orang jalur prioritas masuk di depan Anda.",
        "%(count)d orang jalur prioritas masuk di depan Anda.",
        n,
    ),
    Kind.TRANSFERRED: lambda n: ngettext(
        "%(count)d orang dialihkan dari antrean lain ke depan Anda; waktu tunggunya dihitung.",
        "%(count)d orang dialihkan dari antrean lain ke depan Anda; waktu tunggunya dihitung.",
        n,
    ),
    Kind.CONFIRMED: lambda n: ngettext(
        "%(count)d orang yang mengambil nomor sebelum Anda baru memegang nomornya.",
        "%(count)d orang yang mengambil nomor sebelum Anda baru memegang nomornya.",
        n,
    ),
    Kind.RETURNED: lambda n: ngettext(
        "%(count)d orang yang terlewat kembali mengantre di depan Anda.",
        "%(count)d orang yang terlewat kembali mengantre di depan Anda.",
        n,
    ),
    Kind.UNDONE: lambda n: ngettext(
        "%(count)d panggilan dibatalkan petugas; orangnya kembali ke depan Anda.",
        "%(count)d panggilan dibatalkan petugas; orangnya kembali ke depan Anda.",
        n,
    ),
    Kind.CANCELLED: lambda n: ngettext(
        "%(count)d orang di depan Anda batal.", "%(count)d orang di depan Anda batal.", n
    ),
    Kind.MISSED: lambda n: ngettext(
        "%(count)d orang yang dipanggil tidak datang.",
        "%(count)d orang yang dipanggil tidak datang.",
        n,
    ),
    Kind.CALLED: lambda n: ngettext(
        "%(count)d orang di depan Anda dipanggil.",
        "%(count)d orang di depan Anda dipanggil.",
        n,
    ),
}
