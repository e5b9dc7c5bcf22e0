"""Whether a mall lives at a moment: what stands there, when it was last heard, what is wrong. Pure.

A mall is judged only while it should be open by its own calendar, and never by its past tickets.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from agencies.models import Mall
from agencies.opening import Hours, Phase, Status

SILENT_AFTER = timedelta(minutes=30)  # without any sign of life while it should be open
UNOPENED_AFTER = timedelta(minutes=30)  # past the opening
LATE_AFTER = timedelta(minutes=10)
NOTHING = timedelta(0)


class Trouble(TextChoices):
    """What is wrong with a mall, the worst first."""

    UNOPENED = "unopened", _("Belum dibuka")
    SILENT = "silent", _("Tanpa kabar")
    UNATTENDED = "unattended", _("Tidak dilayani")


class Counters(NamedTuple):
    """The counters that agencies have today, and how many of them do what."""

    promised: int = 0
    staffed: int = 0
    resting: int = 0
    closed: int = 0
    open: int = 0  # with an officer, not resting, not closed
    calling: int = 0
    serving: int = 0


class Signs(NamedTuple):
    """When a mall was last heard, and when somebody first was at a counter today."""

    event: datetime | None = None  # a move of a number
    act: datetime | None = None  # somebody sat down, rested, came back or left
    device: datetime | None = None  # a screen or printer said that it is there
    opened: datetime | None = None

    @property
    def last(self) -> datetime | None:
        """The last sign of any kind."""
        return max((each for each in self[:3] if each is not None), default=None)


class Devices(NamedTuple):
    """The screens and printers in use, and those of them that are silent."""

    all: int = 0
    silent: int = 0


@dataclass(frozen=True)
class Span:
    """From when until when a mall is open on a day, and its rest."""

    opens: datetime
    closes: datetime
    rest: tuple[datetime, datetime] | None = None

    def lasted(self, first: datetime, last: datetime) -> timedelta:
        """How much of the time between two moments lies within it, without the rest."""
        whole = _common(self.opens, self.closes, first, last)
        return whole - (_common(*self.rest, first, last) if self.rest else NOTHING)


@dataclass(frozen=True)
class Pulse:
    """A mall at one moment."""

    mall: Mall
    status: Status
    now: datetime
    uses_queue: bool  # some day it has given out numbers here
    counters: Counters
    waiting: int
    signs: Signs
    devices: Devices

    @cached_property
    def span(self) -> Span | None:
        """The hours of today; None on a day on which it is closed."""
        return span(self.status.day.hours, self.status.today, self.mall)

    @property
    def is_open(self) -> bool:
        """Whether it should be open now, at its midday break too."""
        return self.status.phase in {Phase.OPEN, Phase.BREAK}

    @property
    def is_alive(self) -> bool:
        """Whether it is open, and nothing speaks against it."""
        return self.is_open and self.uses_queue and self.trouble is None

    @property
    def is_judged(self) -> bool:
        """Whether it should be at work: on a break, or where nobody has a counter, no one is."""
        return self.status.phase == Phase.OPEN and self.uses_queue and self.counters.promised > 0

    @cached_property
    def trouble(self) -> Trouble | None:
        """The worst that is wrong with it."""
        span = self.span
        if span is None or not self.is_judged:
            return None
        if self.signs.opened is None and self.now - span.opens >= UNOPENED_AFTER:
            return Trouble.UNOPENED
        if self.silence >= SILENT_AFTER:
            return Trouble.SILENT
        is_late = self.now - span.opens >= LATE_AFTER
        return Trouble.UNATTENDED if is_late and self.waiting and not self.counters.open else None

    @cached_property
    def silence(self) -> timedelta:
        """How long it should have been heard and was not: since it opened, or its break ended."""
        span = self.span
        if span is None:
            return NOTHING
        begins = span.opens
        if span.rest and span.rest[1] <= self.now:
            begins = span.rest[1]
        return max(self.now - max(begins, self.signs.last or begins), NOTHING)

    @property
    def since(self) -> datetime:
        """Since when it is as it is: what is wrong longest is looked at first."""
        span = self.span
        if span is None:
            return self.now
        return span.opens if self.trouble == Trouble.UNOPENED else self.now - self.silence

    @property
    def late(self) -> timedelta | None:
        """How long after its opening somebody came; None where nobody has, or soon enough."""
        span, first = self.span, self.signs.opened
        if span is None or first is None or first - span.opens < LATE_AFTER:
            return None
        return first - span.opens

    @property
    def promised(self) -> timedelta:
        """How long it should have been open today so far."""
        return self.span.lasted(self.span.opens, self.now) if self.span else NOTHING

    @property
    def kept(self) -> timedelta:
        """How long it was: from the first sign to now, or to the last one where it is silent."""
        first, span = self.signs.opened, self.span
        if first is None or span is None:
            return NOTHING
        is_heard = self.is_open and self.silence < SILENT_AFTER
        return span.lasted(first, self.now if is_heard else max(self.signs.last or first, first))


class Sums(NamedTuple):
    """Many malls together."""

    malls: int
    due: int  # that should be open now
    alive: int
    troubled: int
    waiting: int
    promised: int
    open: int
    busy: int


def sums(pulses: list[Pulse]) -> Sums:
    """The figures above a list; counters of malls that should be open only."""
    due = [each for each in pulses if each.is_open]
    return Sums(
        malls=len(pulses),
        due=len(due),
        alive=sum(each.is_alive for each in due),
        troubled=sum(each.trouble is not None for each in due),
        waiting=sum(each.waiting for each in pulses),
        promised=sum(each.counters.promised for each in due),
        open=sum(each.counters.open for each in due),
        busy=sum(each.counters.calling + each.counters.serving for each in pulses),
    )


def troubled(pulses: list[Pulse]) -> list[Pulse]:
    """Those with which something is wrong, the worst first, of its kind the oldest first."""
    order = list(Trouble)
    found = [(order.index(each.trouble), each) for each in pulses if each.trouble]
    found.sort(key=lambda pair: (pair[0], pair[1].since, pair[1].mall.name))
    return [each for _place, each in found]


def span(hours: Hours | None, on: date, mall: Mall) -> Span | None:
    """The hours of a day as moments on a mall's clock."""
    if hours is None:
        return None

    def moment(at: time) -> datetime:
        return datetime.combine(on, at, tzinfo=mall.zone)

    rest = None
    if hours.break_from is not None and hours.break_until is not None:
        rest = moment(hours.break_from), moment(hours.break_until)
    return Span(moment(hours.opens), moment(hours.closes), rest)


def _common(first: datetime, last: datetime, begins: datetime, ends: datetime) -> timedelta:
    return max(min(last, ends) - max(first, begins), NOTHING)
