"""What a wall board makes of the mall's figures: the one big call, the last ones, the counts."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from agencies import opening, sentences
from agencies.calendars import calendar_of
from agencies.models import Mall
from agencies.opening import Phase, Status
from core import formats
from hall import record, recordings, voice
from queueing import figures, notices, screens
from queueing.figures import QueueNow
from queueing.models import Ticket
from queueing.notices import NOTHING, Notices
from queueing.screens import WHOLE_MALL, Scope, Screen
from queueing.states import AT_COUNTER, State

ROWS = 6  # queues on one sheet of the board
CALLS_OUT = timedelta(minutes=2)  # how long a call nobody answered stays among those to be spoken


@dataclass(frozen=True)
class Notice:
    """What stands in the place of a number: before the first call, and when the day is over."""

    title: str
    text: str


@dataclass(frozen=True)
class Call:
    """One announcement as it is spoken; another call of the same number is another one."""

    key: str
    at: int  # milliseconds, as browsers count them
    sentence: str
    clips: list[str]
    english: str
    english_clips: list[str]
    is_slow: bool


@dataclass(frozen=True)
class Picture:
    """Everything a board shows, ready to be drawn."""

    big: Ticket | None
    last: list[Ticket]
    called: frozenset[int]  # those still on the way to a counter
    calls: list[Call]  # to be spoken, the oldest first
    chime: str
    notice: Notice
    notices: Notices
    sheets: list[list[QueueNow]]
    quiet: int  # queues in which nobody waits, beyond those shown

    @property
    def is_now(self) -> bool:
        return self.big is not None and self.big.pk in self.called


@dataclass(frozen=True)
class Scene:
    """What decides a picture: two screens with the same drawing key show the same."""

    mall: Mall
    screen: Screen
    version: int
    status: Status
    notices: Notices
    now: datetime

    @property
    def drawing(self) -> str:
        """All that the picture depends on but its language."""
        where = f"{self.mall.pk}:{self.screen.scope.key}"
        return f"{where}:{self.version}:{phase(self.status)}:{self.notices.key}"

    @property
    def key(self) -> str:
        """What changes this screen without an event. With the version, all that it knows."""
        return f"{phase(self.status)}:{self.notices.key}:{self.screen.key}"


def phase(status: Status) -> str:
    """What changes a board without an event: the day and its opening. Part of what is known."""
    return f"{status.today:%Y%m%d}-{status.phase}"


def scene(mall: Mall, screen: Screen, *, now: datetime, version: int | None = None) -> Scene:
    """What a screen shows at this moment, before it is drawn; of a version, if that is known."""
    status = opening.status(calendar_of(mall.pk), now)
    version = record.version_of(mall.pk) if version is None else version
    said = notices.at(mall, screen.scope, status, version=version, now=now)
    return Scene(mall, screen, version, status, said, now)


def picture(
    mall: Mall, scope: Scope = WHOLE_MALL, said: Notices = NOTHING, *, now: datetime
) -> Picture:
    """The picture of a mall's board, or of a part of the mall, at this moment."""
    status = opening.status(calendar_of(mall.pk), now)
    shown = figures.board(mall, now=now, only=scope.tickets)
    queues = _within(scope, [each for each in shown.queues if each.attends], mall, status)
    calls = shown.announced[: figures.RECENT + 1]
    # Somebody still on the way to a counter matters more than a newer call that was answered.
    on_the_way = [call for call in shown.announced if call.state == State.CALLED]
    big = next(iter(on_the_way), shown.calling)
    if _is_over(status, queues, calls):
        big = None
    sheets, quiet = _sheets(queues)
    own = recordings.addresses(mall)
    return Picture(
        big=big,
        last=[call for call in calls if call != big][: figures.RECENT],
        called=frozenset(call.pk for call in on_the_way),
        calls=[_call(ticket, own) for ticket in _to_speak(on_the_way, now)],
        chime=_clip(voice.CHIME, own),
        notice=_notice(status, mall),
        notices=said,
        sheets=sheets,
        quiet=quiet,
    )


def _within(scope: Scope, queues: list[QueueNow], mall: Mall, status: Status) -> list[QueueNow]:
    """The queues of an agency, or those called to a counter of a place."""
    if scope.presence_id:
        queues = [each for each in queues if each.queue.presence_id == scope.presence_id]
    if not scope.zone:
        return queues
    here = {seat.number for seat in screens.seats(mall, status.today) if scope.holds(seat)}
    return [each for each in queues if here.intersection(each.counters)]


def _is_over(status: Status, queues: list[QueueNow], calls: list[Ticket]) -> bool:
    is_busy = any(each.waiting for each in queues)
    return not (status.issues_numbers or is_busy or any(c.state in AT_COUNTER for c in calls))


def _to_speak(on_the_way: list[Ticket], now: datetime) -> list[Ticket]:
    """The calls of the last minutes, the oldest first, and always the latest one."""
    recent = [call for call in on_the_way if _announced(call) >= now - CALLS_OUT]
    return list(reversed(recent or on_the_way[:1]))


def _call(ticket: Ticket, own: dict[str, str]) -> Call:
    def said(language: str) -> tuple[str, list[str]]:
        counter = ticket.counter.number if ticket.counter else ""
        letters, number = ticket.day.queue.letter, ticket.number
        words = voice.say(letters, number, counter, language=language, recalls=ticket.recalls)
        return words.sentence, [_clip(clip, own) for clip in words.clips]

    language = get_language() or "id"
    at = int(_announced(ticket).timestamp() * 1000)
    sentence, clips = said(language)
    english, english_clips = said("en") if language != "en" else ("", [])
    key = f"{ticket.pk}-{at}"
    return Call(key, at, sentence, clips, english, english_clips, ticket.is_slow)


def _clip(clip: str, own: dict[str, str]) -> str:
    return own.get(clip) or recordings.shipped(clip)


def _announced(ticket: Ticket) -> datetime:
    moment = ticket.announced_at
    assert moment is not None  # noqa: S101 - only announced tickets are read
    return moment


def _sheets(queues: list[QueueNow]) -> tuple[list[list[QueueNow]], int]:
    """The busiest queues on the first sheet, the others in which people wait by letter."""
    by_letter = sorted(queues, key=lambda each: (len(each.queue.letter), each.queue.letter))
    first = sorted(by_letter, key=lambda each: -each.waiting)[:ROWS]
    others = [each for each in by_letter if each not in first]
    crowded = [each for each in others if each.waiting]
    sheets = [first, *(crowded[at : at + ROWS] for at in range(0, len(crowded), ROWS))]
    return [sheet for sheet in sheets if sheet], len(others) - len(crowded)


def _notice(status: Status, mall: Mall) -> Notice:
    hours = status.day.hours
    if status.phase == Phase.BEFORE and hours is not None:
        opens = opening.moment(calendar_of(mall.pk), status.today, hours.opens)
        return Notice(
            _("Loket buka pukul %(time)s") % {"time": formats.clock(opens, mall.zone)},
            _("Ambil nomor di mesin antrean sejak loket buka. Nomor Anda akan muncul di sini."),
        )
    if status.issues_numbers:
        return Notice(
            _("Silakan ambil nomor"),
            _("Ambil nomor di mesin antrean. Nomor Anda akan muncul di sini."),
        )
    return Notice(_("Loket tutup"), sentences.closed(status, mall.zone))
