"""Which windows a day has and how many of their places are out; pure functions on values.

A window is a span of a weekday with a number of places, shared out among people who book online,
priority people, the staff who book for somebody, and those who simply walk in.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from agencies import opening
from agencies.opening import Attendance, Calendar
from appointments.application_states import COLLECTED_FOR

WHOLE = 100  # percent


@dataclass(frozen=True)
class Shares:
    """The places of a window by whose they are."""

    online: int
    priority: int
    staff: int
    walk_in: int

    @property
    def opened(self) -> int:
        return self.online + self.priority + self.staff + self.walk_in


NONE = Shares(online=0, priority=0, staff=0, walk_in=0)


@dataclass(frozen=True)
class Window:
    """A span of a weekday with its places, from one date until another (None: for good)."""

    weekday: int
    begins: time
    ends: time
    shares: Shares
    from_date: date
    until_date: date | None = None

    def holds_on(self, on: date) -> bool:
        """Whether this window stands on that date."""
        is_over = self.until_date is not None and on > self.until_date
        return on.weekday() == self.weekday and on >= self.from_date and not is_over


@dataclass(frozen=True)
class Tranche:
    """So many percent of the places are out, all told, from so many days before at that hour."""

    days_before: int
    percent: int


@dataclass(frozen=True)
class Release:
    """When places are let out: in tranches, at one local hour. One tranche is "rolling N days".

    By draw all of them are let out at once: applications are collected from when the first would
    have come out, for a day and a night.
    """

    at: time
    tranches: tuple[Tranche, ...]
    by_draw: bool = False

    @property
    def ahead(self) -> int:
        """How many days ahead the first places are out."""
        return max(tranche.days_before for tranche in self.tranches)


@dataclass(frozen=True)
class Slot:
    """A window on one date, as moments."""

    starts_at: datetime
    ends_at: datetime
    shares: Shares


@dataclass(frozen=True)
class Ledger:
    """Where the places of a window on one date are: opened = online + walk_in + staff + unreleased.

    `online` counts the released places of everybody who books, priority people included. A place
    that was given up and has not come back yet is not released.
    """

    opened: int
    online: int
    walk_in: int
    staff: int
    unreleased: int


def of_day(
    windows: Iterable[Window], calendar: Calendar, on: date, *, attended: Attendance
) -> list[Slot]:
    """The windows of a date, earliest first: none on closed days or when the agency is away.

    A window counts only as a whole: in Ramadan hours those that begin too early or end too late
    fall away, and on Fridays those that a longer break cuts.
    """
    hours = opening.day(calendar, on).hours
    if hours is None or on not in attended:
        return []
    found = (
        Slot(
            opening.moment(calendar, on, window.begins),
            opening.moment(calendar, on, window.ends),
            window.shares,
        )
        for window in windows
        if window.holds_on(on) and fits(window.begins, window.ends, hours)
    )
    return sorted(found, key=lambda slot: slot.starts_at)


def fits(begins: time, ends: time, hours: opening.Hours) -> bool:
    """Whether a window lies within the hours of a day, and not in its break."""
    if begins < hours.opens or ends > hours.closes:
        return False
    if hours.break_from is None or hours.break_until is None:
        return True
    return ends <= hours.break_from or begins >= hours.break_until


def is_cut(slot: Slot, absences: Iterable[tuple[datetime, datetime]]) -> bool:
    """Whether some of the window falls into one of these spans."""
    return any(begun < slot.ends_at and slot.starts_at < ended for begun, ended in absences)


def percent_out(release: Release, calendar: Calendar, on: date, now: datetime) -> int:
    """How many percent of the places of that date are out at that moment."""
    if release.by_draw:
        _opens, closes = collected(release, calendar, on)
        return WHOLE if now >= closes else 0
    out = (
        tranche.percent
        for tranche in release.tranches
        if now >= _moment_of(tranche, release, calendar, on)
    )
    return max(out, default=0)


def next_out(release: Release, calendar: Calendar, on: date, now: datetime) -> datetime | None:
    """When more places of that date are let out; None when all are out."""
    if release.by_draw:
        _opens, closes = collected(release, calendar, on)
        return closes if now < closes else None
    moments = (_moment_of(tranche, release, calendar, on) for tranche in release.tranches)
    return min((moment for moment in moments if moment > now), default=None)


def collected(release: Release, calendar: Calendar, on: date) -> tuple[datetime, datetime]:
    """From when until when people apply for a place of that date, where it is drawn."""
    first = opening.moment(calendar, on - timedelta(days=release.ahead), release.at)
    return first, first + COLLECTED_FOR


def _moment_of(tranche: Tranche, release: Release, calendar: Calendar, on: date) -> datetime:
    return opening.moment(calendar, on - timedelta(days=tranche.days_before), release.at)


def released(places: int, percent: int) -> int:
    """So many of these places are out: whole places, and all of them at the end."""
    return places * percent // WHOLE


def ledger(shares: Shares, percent: int, back: Shares = NONE) -> Ledger:
    """The public ledger of a window on one date; `back` are the places that come back later."""
    out = released(shares.online, percent) + released(shares.priority, percent)
    online = out - back.online - back.priority
    staff = shares.staff - back.staff
    unreleased = shares.opened - online - shares.walk_in - staff
    return Ledger(shares.opened, online, shares.walk_in, staff, unreleased)


def kept(wanted: Shares, *, booked: Shares) -> Shares:
    """The shares that may stand when others are wanted: never fewer than have been promised."""
    return replace(
        wanted,
        online=max(wanted.online, booked.online),
        priority=max(wanted.priority, booked.priority),
        staff=max(wanted.staff, booked.staff),
    )


def days_ahead(today: date, count: int) -> Iterator[date]:
    """Today and the days after it, `count` in all."""
    return (today + timedelta(days=ahead) for ahead in range(count))
