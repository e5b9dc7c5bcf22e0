"""When a mall is open: pure functions on values, with the clock passed in.

The mall's own zone decides what day it is. UTC midnight is door opening in Indonesia, so a
date taken from UTC would split every morning's queue in two.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)
LOOK_AHEAD = 120  # days searched for the next opening before giving up


@dataclass(frozen=True)
class Hours:
    """Local times of one day; the break is None or both of its ends."""

    opens: time
    closes: time
    break_from: time | None = None
    break_until: time | None = None


@dataclass(frozen=True)
class Dated:
    """Other hours from one date to another, both included; hours None means closed."""

    from_date: date
    until_date: date
    hours: Hours | None
    reason: str
    weekday: int | None = None
    overrides_holidays: bool = False


@dataclass(frozen=True)
class Holiday:
    name: str
    is_joint_leave: bool


@dataclass(frozen=True)
class Change:
    """The ordinary hours of one weekday from a date on; None means closed."""

    from_date: date
    weekday: int
    hours: Hours | None


@dataclass(frozen=True)
class Calendar:
    """Everything that decides a mall's hours, as plain values.

    `weekly` are the ordinary hours of today, `changes` those that held before or will hold later.
    """

    zone: ZoneInfo
    weekly: Mapping[int, Hours]
    changes: tuple[Change, ...] = ()
    dated: tuple[Dated, ...] = ()
    holidays: Mapping[date, Holiday] | None = None
    closes_on_joint_leave: bool = True
    suspended: Dated | None = None  # from its first day on nothing else counts


@dataclass(frozen=True)
class Rest:
    """Days on which something is out of use, from one date until another; None: for good."""

    first: date
    last: date | None = None

    def covers(self, on: date) -> bool:
        """Whether it is a day of the rest."""
        return self.first <= on and (self.last is None or on <= self.last)


@dataclass(frozen=True)
class Stay:
    """A weekday on which an agency has a counter, from one date until another."""

    weekday: int
    from_date: date
    until_date: date | None

    def without(self, rest: Rest) -> "tuple[Stay, ...]":
        """What is left of it: the part before a rest and the part after it."""
        eve = rest.first - ONE_DAY
        parts = [replace(self, until_date=min(self.until_date or eve, eve))]
        if rest.last is not None:
            parts.append(replace(self, from_date=max(self.from_date, rest.last + ONE_DAY)))
        return tuple(p for p in parts if p.until_date is None or p.from_date <= p.until_date)


@dataclass(frozen=True)
class Attendance:
    """The days on which an agency is there."""

    stays: tuple[Stay, ...] = ()

    def __contains__(self, on: date) -> bool:
        return any(
            stay.weekday == on.weekday()
            and stay.from_date <= on
            and (stay.until_date is None or on <= stay.until_date)
            for stay in self.stays
        )

    def without(self, rest: Rest) -> "Attendance":
        """The same but for the days of a rest."""
        return Attendance(tuple(part for stay in self.stays for part in stay.without(rest)))

    def week(self, on: date) -> frozenset[int]:
        """The weekdays on which it is there in the seven days from that date."""
        days = (on + timedelta(days=ahead) for ahead in range(7))
        return frozenset(day.weekday() for day in days if day in self)

    @property
    def weekdays(self) -> frozenset[int]:
        """Every weekday on which it was, is or will be there."""
        return frozenset(stay.weekday for stay in self.stays)

    def last_day(self) -> date | None:
        """The last day it is there; None when it goes on, or never came."""
        ends = [stay.until_date for stay in self.stays]
        return None if not ends or None in ends else max(filter(None, ends))


EVERY_DAY = Attendance(tuple(Stay(weekday, date.min, None) for weekday in range(7)))


@dataclass(frozen=True)
class Day:
    """The hours of one day, None when closed, and the reason when it is not an ordinary day."""

    hours: Hours | None
    reason: str = ""
    is_suspended: bool = False  # closed until somebody says otherwise


class Phase(StrEnum):
    BEFORE = "before"
    OPEN = "open"
    BREAK = "break"
    AFTER = "after"
    CLOSED = "closed"


@dataclass(frozen=True)
class Closure:
    """Days on which a mall is closed though it would be open in an ordinary week."""

    first: date
    last: date
    reasons: tuple[str, ...]

    def until(self, on: date, reason: str) -> "Closure":
        """The same closing, a day longer."""
        return Closure(self.first, on, tuple(dict.fromkeys([*self.reasons, reason])))


@dataclass(frozen=True)
class Status:
    """What a mall is doing at a moment, in its own zone."""

    phase: Phase
    day: Day
    today: date
    next_opening: datetime | None

    @property
    def issues_numbers(self) -> bool:
        """Numbers are given out from opening to closing, during the break too."""
        return self.phase in {Phase.OPEN, Phase.BREAK}


def local_date(moment: datetime, zone: ZoneInfo) -> date:
    """The day it is in that zone at that moment."""
    return moment.astimezone(zone).date()


def day(calendar: Calendar, on: date) -> Day:
    """The hours of a day: a dated override before a holiday before the weekly hours.

    An ordinary override (Ramadan hours) leaves holidays closed; one that says so opens them.
    """
    if calendar.suspended is not None and on >= calendar.suspended.from_date:
        return Day(None, calendar.suspended.reason, is_suspended=True)
    override = next((dated for dated in calendar.dated if _covers(dated, on)), None)
    if override is not None and (override.hours is None or override.overrides_holidays):
        return Day(override.hours, override.reason)
    holiday = (calendar.holidays or {}).get(on)
    if holiday is not None and (not holiday.is_joint_leave or calendar.closes_on_joint_leave):
        return Day(None, holiday.name)
    weekly = ordinary(calendar, on)
    if override is not None and weekly is not None:
        return Day(override.hours, override.reason)
    return Day(weekly)


def ordinary(calendar: Calendar, on: date) -> Hours | None:
    """The ordinary hours of the weekday that this is, as they stand on that day."""
    standing = [
        change
        for change in calendar.changes
        if change.weekday == on.weekday() and change.from_date <= on
    ]
    if standing:
        return max(standing, key=lambda change: change.from_date).hours
    return calendar.weekly.get(on.weekday())


def _covers(dated: Dated, on: date) -> bool:
    return dated.from_date <= on <= dated.until_date and dated.weekday in {None, on.weekday()}


def status(calendar: Calendar, now: datetime) -> Status:
    """Whether the mall is open at that moment, and if not, when it opens next."""
    local = now.astimezone(calendar.zone)
    today = day(calendar, local.date())
    phase = _phase(today.hours, local.time())
    upcoming = None if phase in {Phase.OPEN, Phase.BREAK} else next_opening(calendar, now)
    return Status(phase, today, local.date(), upcoming)


def _phase(hours: Hours | None, at: time) -> Phase:
    if hours is None:
        return Phase.CLOSED
    if at < hours.opens:
        return Phase.BEFORE
    if at >= hours.closes:
        return Phase.AFTER
    if hours.break_from and hours.break_until and hours.break_from <= at < hours.break_until:
        return Phase.BREAK
    return Phase.OPEN


def next_opening(
    calendar: Calendar, now: datetime, *, attended: Attendance = EVERY_DAY
) -> datetime | None:
    """The first opening after that moment, or None if there is none within 120 days.

    `attended` are the days an agency is there, if it is the agency that is asked for.
    """
    today = local_date(now, calendar.zone)
    for ahead in range(LOOK_AHEAD + 1):
        on = today + timedelta(days=ahead)
        hours = day(calendar, on).hours if on in attended else None
        if hours is not None and (opens := moment(calendar, on, hours.opens)) > now:
            return opens
    return None


def closures(calendar: Calendar, now: datetime, *, within: int = 14) -> list[Closure]:
    """The closings ahead that begin in so many days, each from its first to its last day.

    Days that are closed every week begin none, but lie inside one that goes on around them.
    """
    today = local_date(now, calendar.zone)
    found: list[Closure] = []
    pause = False  # only ordinary closed days since the last closing
    for ahead in range(LOOK_AHEAD):
        on = today + timedelta(days=ahead)
        closing = day(calendar, on)
        if closing.hours is None and closing.reason and ordinary(calendar, on) is not None:
            if pause:
                found[-1] = found[-1].until(on, closing.reason)
            elif ahead <= within:
                found.append(Closure(on, on, (closing.reason,)))
                pause = True
        elif closing.hours is not None:
            pause = False
    return found


def moment(calendar: Calendar, on: date, at: time) -> datetime:
    """A local time of a day as an aware moment."""
    return datetime.combine(on, at, tzinfo=calendar.zone)


def rest(calendar: Calendar, on: date) -> tuple[datetime, datetime] | None:
    """The midday break of a day from and until when, or None when there is none."""
    hours = day(calendar, on).hours
    if hours is None or hours.break_from is None or hours.break_until is None:
        return None
    return moment(calendar, on, hours.break_from), moment(calendar, on, hours.break_until)
