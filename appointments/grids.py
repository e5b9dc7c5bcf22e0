"""The days and windows as somebody chooses from them: months of a grid, and what is chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from agencies import opening
from appointments import figures
from appointments.figures import Choice, Day, Status
from core import formats

WORKDAYS = frozenset(range(5))
A_MONDAY = date(2024, 1, 1)  # for the names of the days


@dataclass(frozen=True)
class Month:
    """The days of one month, and the empty cells before the first of them."""

    first: date
    lead: range
    days: tuple[Day, ...]


@dataclass(frozen=True)
class Grid:
    """All that is offered, as a page shows it."""

    heads: tuple[date, ...]
    months: tuple[Month, ...]


@dataclass(frozen=True)
class Chosen:
    """The day and the window that somebody looks at."""

    day: Day | None
    choice: Choice | None

    @property
    def is_free(self) -> bool:
        return self.choice is not None and self.choice.status == Status.FREE

    @property
    def full_at(self) -> Choice | None:
        """The window that is full, or the first one of a day that is."""
        if self.choice is not None:
            return self.choice if self.choice.status == Status.FULL else None
        is_full = self.day is not None and self.day.status == Status.FULL
        return self.day.choices[0] if self.day and is_full else None


def grid(found: Sequence[Day]) -> Grid:
    """The days in columns of weekdays: the working days, and any other that has a window."""
    columns = sorted(WORKDAYS | {day.on.weekday() for day in found if day.choices})
    shown = [day for day in found if day.on.weekday() in columns]
    months = (
        list(group) for _month, group in groupby(shown, lambda day: (day.on.year, day.on.month))
    )
    return Grid(
        tuple(A_MONDAY + timedelta(days=column) for column in columns),
        tuple(
            Month(days[0].on, range(columns.index(days[0].on.weekday())), tuple(days))
            for days in months
        ),
    )


def chosen(found: Sequence[Day], day: str, time: str, zone: ZoneInfo) -> Chosen:
    """What an address asks for, "2026-03-10" and "09.00"; else the first day with a place."""
    open_days = [each for each in found if each.choices]
    wanted = next((each for each in open_days if each.on.isoformat() == day), None)
    if wanted is None:
        free = (each for each in open_days if each.status == Status.FREE)
        return Chosen(next(free, open_days[0] if open_days else None), None)
    at = (each for each in wanted.choices if formats.clock_short(each.starts_at, zone) == time)
    return Chosen(wanted, next(at, None))


def calmest(day: Day) -> Choice | None:
    """The window with by far the most places left, if there is one such."""
    by_left = sorted(day.choices, key=lambda choice: choice.left, reverse=True)
    if len(by_left) < 2 or by_left[0].left <= by_left[1].left:
        return None
    return by_left[0]


def nearest(found: Sequence[Day], chosen: Chosen, zone: ZoneInfo) -> list[tuple[date, Choice]]:
    """Windows with a place near to one that is full, each with its local day."""
    if chosen.full_at is None:
        return []
    near = figures.nearest(found, chosen.full_at.starts_at)
    return [(opening.local_date(choice.starts_at, zone), choice) for choice in near]
