"""What would open at the next door opening, and what is missing for it; reads only."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from agencies import opening
from agencies.calendars import calendar_of
from agencies.models import Counter, CounterDay, Presence
from onboarding import ranges
from onboarding.setup.progress import Facts


@dataclass(frozen=True)
class Problem:
    """Something that would be missing at the opening, and the page that mends it."""

    title: str
    names: tuple[str, ...]
    route: str
    is_grave: bool = True


@dataclass(frozen=True)
class Opens:
    """An agency as it would open: its counters, the letters they call, and its services."""

    presence: Presence
    counters: str
    letters: str
    services: int


def problems(facts: Facts) -> list[Problem]:
    """What is missing, the grave things first."""
    found = [each for each in _found(facts) if each is not None]
    return sorted(found, key=lambda each: not each.is_grave)


def grave(found: Iterable[Problem]) -> int:
    """How many of them keep somebody from being served."""
    return sum(each.is_grave for each in found)


def _found(facts: Facts) -> Iterator[Problem | None]:
    if not facts.weekly:
        yield Problem(_("Belum ada jam layanan"), (), "setup_hours")
    if not facts.counters:
        yield Problem(_("Belum ada loket"), (), "setup_counters")
    if not facts.presences:
        yield Problem(_("Belum ada instansi"), (), "setup_agencies")
    if not (facts.mall.place_name and facts.mall.address):
        yield Problem(_("Tempat atau alamat belum diisi"), (), "setup_place")
    yield _named(_("Instansi tanpa antrean"), facts.queueless, "setup_queues")
    yield _named(_("Antrean tanpa layanan"), facts.idle_queues, "setup_queues")
    yield from _without_days(facts)
    yield _unserved(facts)
    yield _without_queue(facts)
    yield _without_agency(facts)
    yield _without_standard(facts)


def _named(
    title: str, rows: Iterable[object], route: str, *, is_grave: bool = True
) -> Problem | None:
    names = tuple(each.board_name if isinstance(each, Presence) else str(each) for each in rows)
    return Problem(title, names, route, is_grave) if names else None


def _without_days(facts: Facts) -> Iterator[Problem | None]:
    by_decree = [each for each in facts.dayless if each.basis == Presence.Basis.DECREE]
    by_agreement = [each for each in facts.dayless if each.basis == Presence.Basis.AGREEMENT]
    yield _named(_("Instansi tanpa hari dan loket"), by_decree, "setup_days")
    title = _("Instansi yang perjanjiannya belum memberi hari dan loket")
    yield _named(title, by_agreement, "agreements")


def _pairs(facts: Facts) -> set[tuple[int, int]]:
    """The counters and agencies that belong together."""
    return {(day.counter_id, day.presence_id) for day in facts.days}


def _unserved(facts: Facts) -> Problem | None:
    """Queues that no counter of their agency calls."""
    held = _pairs(facts)
    called = {
        queue.pk
        for queue in facts.queues
        for counter_id, presence_id in held
        if presence_id == queue.presence_id and (counter_id, queue.pk) in facts.served
    }
    there = {presence_id for _counter, presence_id in held}
    missing = [each for each in facts.queues if each.pk not in called and each.presence_id in there]
    return _named(_("Antrean yang tidak dipanggil loket mana pun"), missing, "setup_days")


def _without_queue(facts: Facts) -> Problem | None:
    queues = {queue.pk: queue.presence_id for queue in facts.queues}
    serving = {(counter, queues.get(queue)) for counter, queue in facts.served}
    bare = {counter for counter, presence in _pairs(facts) if (counter, presence) not in serving}
    return _numbered(_("Loket yang tidak memanggil antrean"), facts.counters, bare, "setup_days")


def _without_agency(facts: Facts) -> Problem | None:
    held = {counter for counter, _presence in _pairs(facts)}
    free = {each.pk for each in facts.counters} - held
    title = _("Loket yang belum dipakai instansi")
    return _numbered(title, facts.counters, free, "setup_days", is_grave=False)


def _numbered(
    title: str, counters: Iterable[Counter], ids: set[int], route: str, *, is_grave: bool = True
) -> Problem | None:
    numbers = [each.number for each in counters if each.pk in ids]
    return Problem(title, (ranges.write(numbers),), route, is_grave) if numbers else None


def _without_standard(facts: Facts) -> Problem | None:
    missing = [each for each in facts.services if each.pk not in facts.standards]
    title = _("Layanan tanpa standar yang terbit")
    return _named(title, missing, "standards", is_grave=False)


# The opening


def next_day(facts: Facts, *, now: datetime) -> date | None:
    """The day of the next door opening, None when there is none in sight."""
    calendar = calendar_of(facts.mall.pk)
    upcoming = opening.next_opening(calendar, now)
    return opening.local_date(upcoming, calendar.zone) if upcoming else None


def opens_on(facts: Facts, on: date) -> list[Opens]:
    """What the agencies would open with on that day; those without a counter then are left out."""
    held: dict[int, list[CounterDay]] = {}
    for day in facts.days:
        ends = day.until_date or date.max
        holds = day.weekday == on.weekday() and day.from_date <= on <= ends
        if holds and day.counter.is_in_use(on):
            held.setdefault(day.presence_id, []).append(day)
    return [_opens(facts, each, held[each.pk]) for each in facts.presences if each.pk in held]


def _opens(facts: Facts, presence: Presence, days: list[CounterDay]) -> Opens:
    called = {queue for counter, queue in facts.served if counter in {d.counter_id for d in days}}
    own = [each for each in facts.queues if each.presence_id == presence.pk and each.pk in called]
    return Opens(
        presence,
        ranges.write(day.counter.number for day in days),
        " ".join(sorted(each.letter for each in own)),
        sum(each.queue_id in {queue.pk for queue in own} for each in facts.services),
    )
