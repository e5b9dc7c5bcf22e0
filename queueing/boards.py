"""What a wall board makes of the mall's figures: the one big call, the last ones, the counts."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from agencies import opening, sentences
from agencies.calendars import calendar_of
from agencies.models import Mall
from agencies.opening import Phase, Status
from core import formats
from queueing import figures
from queueing.figures import BoardNow, QueueNow
from queueing.models import Ticket
from queueing.states import AT_COUNTER, State

ROWS = 6  # queues on one sheet of the board


@dataclass(frozen=True)
class Notice:
    """What stands in the place of a number: before the first call, and when the day is over."""

    title: str
    text: str


@dataclass(frozen=True)
class Picture:
    """Everything a board shows, ready to be drawn."""

    big: Ticket | None
    last: list[Ticket]
    called: frozenset[int]  # those still on the way to a counter
    notice: Notice
    sheets: list[list[QueueNow]]
    quiet: int  # queues in which nobody waits, beyond those shown

    @property
    def is_now(self) -> bool:
        return self.big is not None and self.big.pk in self.called

    @property
    def spoken(self) -> str:
        """The call as a voice says it: letters and digits one by one, so that nobody mishears."""
        if self.big is None or self.big.counter is None or not self.is_now:
            return ""
        return _("Nomor antrean %(number)s, silakan menuju loket %(counter)s.") % {
            "number": " ".join(f"{self.big.day.queue.letter}{self.big.number:03d}"),
            "counter": self.big.counter.number,
        }


def phase(status: Status) -> str:
    """What changes a board without an event: the day and its opening. Part of what is known."""
    return f"{status.today:%Y%m%d}-{status.phase}"


def picture(mall: Mall, *, now: datetime) -> Picture:
    """The picture of a mall's board at this moment."""
    status = opening.status(calendar_of(mall.pk), now)
    shown = figures.board(mall, now=now)
    calls = [shown.calling, *shown.recent] if shown.calling else []
    # Somebody still on the way to a counter matters more than a newer call that was answered.
    big = next((call for call in calls if call.state == State.CALLED), shown.calling)
    if _is_over(status, shown, calls):
        big = None
    sheets, quiet = _sheets([each for each in shown.queues if each.attends])
    return Picture(
        big=big,
        last=[call for call in calls if call != big][: figures.RECENT],
        called=frozenset(call.pk for call in calls if call.state == State.CALLED),
        notice=_notice(status, mall),
        sheets=sheets,
        quiet=quiet,
    )


def _is_over(status: Status, shown: BoardNow, calls: list[Ticket]) -> bool:
    is_busy = any(each.waiting for each in shown.queues)
    return not (status.issues_numbers or is_busy or any(c.state in AT_COUNTER for c in calls))


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
