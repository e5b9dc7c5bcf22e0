"""The floor of a mall as values: what goes on at every counter, in every queue, on every screen."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from agencies import opening
from agencies.models import CounterDay, Presence
from hall.models import Alarm, Announcement, Closure, Device
from queueing.access import Floor
from queueing.models import Desk, Ticket
from queueing.states import State
from services.models import Queue

QUIET_AFTER = 30  # minutes without any act at a counter where an officer sits
NEAR_QUOTA = 0.8


def minutes_since(moment: datetime | None, now: datetime) -> int:
    """Whole minutes that have passed; 0 where there is no moment."""
    return 0 if moment is None else max(0, int((now - moment).total_seconds() // 60))


class Doing(TextChoices):
    """What goes on at a counter."""

    SERVING = "serving", _("Melayani")
    CALLED = "called", _("Memanggil")
    FREE = "free", _("Siap memanggil")
    QUIET = "quiet", _("Tanpa kegiatan")
    BREAK = "break", _("Istirahat")
    CLOSED = "closed", _("Ditutup")
    EMPTY = "empty", _("Belum dijaga")


@dataclass(frozen=True)
class CounterNow:
    """A counter of today: whose it is, who sits there and since when it does what it does."""

    day: CounterDay
    queues: tuple[Queue, ...]
    desk: Desk | None
    ticket: Ticket | None
    closure: Closure | None
    last_act: datetime | None
    break_since: datetime | None
    now: datetime

    @property
    def pk(self) -> int:
        return self.day.counter_id

    @property
    def name(self) -> str:
        return str(self.day.counter)

    @property
    def officer(self) -> User | None:
        return self.desk.officer if self.desk else None

    @property
    def is_closed(self) -> bool:
        return self.closure is not None and self.closure.is_closed(self.now)

    @property
    def request(self) -> Closure | None:
        """The closing that was asked for and nobody has decided."""
        return self.closure if self.closure and not self.is_closed else None

    @property
    def is_open(self) -> bool:
        """Whether it calls people: an officer who is not on a break, and not closed."""
        return self.officer is not None and not (self.is_resting or self.is_closed)

    @property
    def is_resting(self) -> bool:
        return bool(self.desk and self.desk.on_break)

    @property
    def doing(self) -> Doing:
        if self.ticket is not None:
            return Doing.SERVING if self.ticket.state == State.SERVING else Doing.CALLED
        if self.is_closed:
            return Doing.CLOSED
        if self.officer is None:
            return Doing.EMPTY
        if self.is_resting:
            return Doing.BREAK
        is_quiet = minutes_since(self.last_act, self.now) >= QUIET_AFTER
        return Doing.QUIET if is_quiet else Doing.FREE

    @property
    def since(self) -> datetime | None:
        """Since when it does that; None where nobody wrote it down."""
        ticket = self.ticket
        if ticket is not None:
            return ticket.serving_at if self.doing == Doing.SERVING else ticket.announced_at
        if self.is_closed and self.closure:
            return self.closure.decided_at
        if self.officer is None:
            return None
        return self.break_since if self.is_resting else self.last_act

    @property
    def minutes(self) -> int:
        return minutes_since(self.since, self.now)

    @property
    def served_minutes(self) -> int:
        """How long the person at the counter has been served, earlier stretches counted."""
        if self.ticket is None or self.ticket.serving_at is None:
            return 0
        return self.ticket.service_seconds // 60 + minutes_since(self.ticket.serving_at, self.now)


@dataclass(frozen=True)
class LineNow:
    """A queue: who waits and how long, how much of the quota is gone, who calls from it."""

    queue: Queue
    waiting: int
    longest_since: datetime | None
    admitted: int
    expected_minutes: float
    counters: tuple[CounterNow, ...]
    now: datetime

    @property
    def longest(self) -> int:
        return minutes_since(self.longest_since, self.now)

    @property
    def is_near_quota(self) -> bool:
        quota = self.queue.daily_quota
        return quota is not None and self.admitted >= NEAR_QUOTA * quota

    @property
    def open_counters(self) -> tuple[CounterNow, ...]:
        return tuple(counter for counter in self.counters if counter.is_open)


@dataclass(frozen=True)
class DeviceNow:
    """A screen or printer that is in use."""

    device: Device
    is_silent: bool
    behind: int  # versions between what it last showed and now
    is_old: bool  # it showed something that was no longer true a minute before


@dataclass(frozen=True)
class AgencyNow:
    """What one agency has in the hall today."""

    presence: Presence
    counters: list[CounterNow]
    lines: list[LineNow]

    @property
    def waiting(self) -> int:
        return sum(line.waiting for line in self.lines)

    @property
    def open_counters(self) -> int:
        return sum(counter.is_open for counter in self.counters)


@dataclass(frozen=True)
class FloorNow:
    """Everything somebody runs, at one moment."""

    floor: Floor
    version: int
    now: datetime
    phase: opening.Phase
    counters: list[CounterNow]
    lines: list[LineNow]
    devices: list[DeviceNow]
    alarms: list[Alarm]
    announcements: list[Announcement]

    @property
    def agencies(self) -> list[AgencyNow]:
        """By the name on the board."""
        found = []
        ordered = sorted(self.counters, key=_by_presence)
        for (_name, pk), group in groupby(ordered, key=_by_presence):
            counters = list(group)
            lines = [line for line in self.lines if line.queue.presence_id == pk]
            found.append(AgencyNow(counters[0].day.presence, counters, lines))
        return found

    @property
    def waiting(self) -> int:
        return sum(line.waiting for line in self.lines)

    @property
    def open_counters(self) -> int:
        return sum(counter.is_open for counter in self.counters)

    @property
    def serving(self) -> int:
        return sum(counter.ticket is not None for counter in self.counters)

    @property
    def resting(self) -> int:
        return sum(counter.doing == Doing.BREAK for counter in self.counters)

    @property
    def longest(self) -> LineNow | None:
        """The queue in which somebody has waited longest."""
        return max((each for each in self.lines if each.waiting), key=_by_wait, default=None)

    @property
    def silent_devices(self) -> int:
        return sum(each.is_silent for each in self.devices)


def _by_wait(line: LineNow) -> int:
    return line.longest


def _by_presence(counter: CounterNow) -> tuple[str, int]:
    return counter.day.presence.board_name, counter.day.presence_id
