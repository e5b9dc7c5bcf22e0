"""The hours of a week as a map of colours: how long people wait, and when the mall is closed."""

from collections.abc import Collection, Mapping
from datetime import date, time
from enum import StrEnum
from typing import NamedTuple

from agencies.opening import Hours
from monitoring.cubes import Hour

LIMITS = (15, 25, 35, 45)  # minutes at which the next colour begins, the same on every page


class Kind(StrEnum):
    VALUE = "value"
    HIDDEN = "hidden"
    NOBODY = "nobody"
    BREAK = "break"
    CLOSED = "closed"


class Spot(NamedTuple):
    """What is known of an hour of a weekday: its minutes, or why there are none."""

    kind: Kind
    minutes: float = 0

    @property
    def level(self) -> int:
        """Its colour, 1 to 5."""
        return 1 + sum(self.minutes >= limit for limit in LIMITS)


class Row(NamedTuple):
    weekday: date  # any date of that weekday, for its name
    spots: list[Spot]


class Heat(NamedTuple):
    hours: list[int]
    rows: list[Row]


A_MONDAY = date(2024, 1, 1)


def drawn(minutes: Mapping[Hour, float | None], weekly: Mapping[int, Hours]) -> Heat:
    """The weekdays and hours on which the mall is open or somebody came.

    `minutes` has an hour only if somebody came; None where they are too few to be shown.
    """
    hours = _hours(minutes, weekly.values())
    days = sorted({*weekly, *(hour.weekday for hour in minutes)})
    return Heat(
        hours,
        [
            Row(
                A_MONDAY.replace(day=1 + day),
                [_spot(minutes, weekly.get(day), day, at) for at in hours],
            )
            for day in days
        ],
    )


def _hours(minutes: Collection[Hour], weekly: Collection[Hours]) -> list[int]:
    first = [each.opens.hour for each in weekly] + [each.hour for each in minutes]
    last = [_last_hour(each.closes) for each in weekly] + [each.hour for each in minutes]
    return list(range(min(first), max(last) + 1)) if first else []


def _last_hour(closes: time) -> int:
    return closes.hour if closes.minute else closes.hour - 1


def _spot(
    minutes: Mapping[Hour, float | None], hours: Hours | None, weekday: int, hour: int
) -> Spot:
    at = Hour(weekday, hour)
    if at in minutes:
        known = minutes[at]
        return Spot(Kind.HIDDEN) if known is None else Spot(Kind.VALUE, known)
    if hours is None or not hours.opens.hour <= hour <= _last_hour(hours.closes):
        return Spot(Kind.CLOSED)
    return Spot(Kind.BREAK if _is_break(hours, hour) else Kind.NOBODY)


def _is_break(hours: Hours, hour: int) -> bool:
    if hours.break_from is None or hours.break_until is None:
        return False
    return hours.break_from.hour <= hour <= _last_hour(hours.break_until)
