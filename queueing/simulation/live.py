"""The demonstration's morning that goes on live, in one thread of the portal's process.

The hall keeps its own time (core/clock.py), so that it is open whenever somebody looks: time
goes on from the newest event stored, and jumps forward to a working morning when the main mall
is closed. Time never runs backwards. See docs/adr/0004-demo-clock.md.
"""

import logging
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from django.conf import settings
from django.db import InterfaceError, OperationalError, connections
from django.db.models import Max

from agencies import access, opening
from agencies.calendars import calendar_of
from agencies.models import Mall
from core import clock
from queueing import sweeps
from queueing.models import TicketEvent
from queueing.simulation import staff
from queueing.simulation.day import BITE, OVERTIME, HallDay

log = logging.getLogger(__name__)

INTO_THE_MORNING = timedelta(minutes=75)
TOO_EARLY = timedelta(minutes=30)  # after opening there is nothing to see yet
TOO_LATE = timedelta(minutes=60)  # before closing there is nothing left to see
LINGERS = timedelta(seconds=60)  # the empty hall is shown so long before the next morning
SEED = 1
AT_ONCE = 2.0  # seconds that the first page may wait for the morning to be played
SHORTEST, LONGEST = 0.05, 1.0  # seconds between two looks at the plan


# So many people and so quick officers that the main hall's screens change every few seconds.
# Everything shown is counted from what really happens in the tables.
BUSY_VISITORS_PER_COUNTER = 34
BUSY_PACE = 0.45


class Show:
    """The malls' days as one play, the main mall first; knows no thread and reads no clock."""

    def __init__(self, main: str) -> None:
        found = access.public_malls().order_by("pk")
        self.malls = sorted(found, key=lambda mall: mall.slug != main)
        self.days: list[HallDay] = []
        self.is_paused = False  # set by any thread, minded at the next step
        self.is_stopping = threading.Event()
        self._still_since: datetime | None = None
        self._over_since: datetime | None = None

    @property
    def main(self) -> Mall:
        return self.malls[0]

    def begin(self) -> None:
        """Set the clock, close what is over, and play the main mall's day up to now."""
        latest = TicketEvent.objects.aggregate(latest=Max("at"))["latest"]
        if latest is not None:
            clock.jump_to(latest)
        self._raise_curtain()

    def step(self, now: datetime) -> float:
        """Play what is due; return the seconds until there may be something to do again."""
        if self._stands_still(now):
            return LONGEST
        if self._is_over(now):
            self._lower_curtain()
            return SHORTEST
        # The main mall first; the others catch up behind it, one after the other.
        if not all(day.step(now) for day in self.days):
            return SHORTEST
        due = [day.next_moment for day in self.days if day.next_moment is not None]
        pause = (min(due) - now).total_seconds() if due else LONGEST
        return min(max(pause, SHORTEST), LONGEST)

    def _stands_still(self, now: datetime) -> bool:
        """During a pause; what was planned happens later by as long as the pause was."""
        if self.is_paused:
            self._still_since = self._still_since or now
            return True
        if self._still_since is not None:
            for day in self.days:
                day.postpone(now - self._still_since)
            self._still_since = None
        return False

    def _is_over(self, now: datetime) -> bool:
        """Whether the main mall has been empty for a minute, or its day has passed."""
        if self.days and not self.days[0].is_over(now):
            return opening.local_date(now, self.main.zone) > self.days[0].on
        self._over_since = self._over_since or now
        return now - self._over_since >= LINGERS

    def _lower_curtain(self) -> None:
        """Everybody ends the day before the next morning begins."""
        for day in self.days:
            self._play(day, day.hall.closes + OVERTIME, seconds=60)
        self._raise_curtain()

    def _raise_curtain(self) -> None:
        # A clock that is ahead has jumped into this morning before, and must not go back.
        too_early = INTO_THE_MORNING if clock.shift() else TOO_EARLY
        moment = showtime(calendar_of(self.main.pk), clock.now(), too_early=too_early)
        if moment is not None:
            clock.jump_to(moment)
        now = clock.now()
        sweeps.close_days(now=now)
        self.days = [day for mall in self.malls if (day := self._day_of(mall, now)) is not None]
        self._over_since = None
        for day in self.days[:1]:
            self._play(day, now, seconds=AT_ONCE)
        for day in self.days:
            day.foretells = True

    def _day_of(self, mall: Mall, now: datetime) -> HallDay | None:
        hall = staff.hall_of(mall, opening.local_date(now, mall.zone))
        if hall is None or not hall.windows:
            return None
        if mall == self.main:
            crowd = BUSY_VISITORS_PER_COUNTER * len(hall.windows)
            day = HallDay(mall, hall, seed=SEED, visitors=crowd, pace=BUSY_PACE, is_lively=True)
        else:
            day = HallDay(mall, hall, seed=SEED)
        day.begin()
        return day

    def _play(self, day: HallDay, until: datetime, *, seconds: float) -> None:
        """Play fast, but no longer than that; what is left follows step by step."""
        deadline = monotonic() + seconds
        while not self.is_stopping.is_set() and monotonic() < deadline:
            if not day.play(until, most=BITE, minds_others=True):
                break

    def run(self) -> None:
        """Play until told to stop; the body of the thread."""
        try:
            while not self.is_stopping.is_set():
                self.is_stopping.wait(self._step_or_wait())
        finally:
            connections.close_all()

    def _step_or_wait(self) -> float:
        try:
            return self.step(clock.now())
        except (OperationalError, InterfaceError) as error:
            # The database was busy or is starting anew; the play goes on when it is there.
            log.warning("the simulation waits: %s", error)
            connections.close_all()
            return LONGEST


def showtime(
    calendar: opening.Calendar, now: datetime, *, too_early: timedelta = TOO_EARLY
) -> datetime | None:
    """The moment to jump to: now when the hall is busy now, else an hour and more into a morning.

    None when the mall does not open again.
    """
    status = opening.status(calendar, now)
    hours = status.day.hours
    if hours is not None and status.issues_numbers:
        opens = opening.moment(calendar, status.today, hours.opens)
        closes = opening.moment(calendar, status.today, hours.closes)
        if now < opens + too_early:
            return opens + INTO_THE_MORNING
        if now <= closes - TOO_LATE:
            return now
    upcoming = opening.next_opening(calendar, now)
    return None if upcoming is None else upcoming + INTO_THE_MORNING


@dataclass
class Running:
    """The play of this process and the thread it runs in."""

    show: Show
    thread: threading.Thread


_running: Running | None = None


def start_live(*, main: str) -> None:
    """Let the demo malls live, the given one in the foreground; only in a demonstration."""
    global _running  # one play per process, as there is one clock
    if not settings.DEMO or _running is not None:
        return
    show = Show(main)
    if not show.malls:
        return
    show.begin()
    connections.close_all()
    thread = threading.Thread(target=show.run, name="simulation", daemon=True)
    _running = Running(show, thread)
    thread.start()


def stop() -> None:
    """End the play, within a second."""
    global _running
    if _running is not None:
        _running.show.is_stopping.set()
        _running.thread.join(1.0)
        _running = None


def pause() -> None:
    """Let the hall stand still; the clock goes on."""
    if _running is not None:
        _running.show.is_paused = True


def resume() -> None:
    """Go on after a pause, where the hall stood still."""
    if _running is not None:
        _running.show.is_paused = False


def is_running() -> bool:
    """Whether the hall lives by itself just now."""
    return _running is not None and _running.thread.is_alive() and not _running.show.is_paused
