"""Which term of an agency holds on which day: pure functions on values."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

DAY = timedelta(days=1)
# Days beyond these are slips of the hand; without an end is written as no day at all.
EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)


@dataclass(frozen=True)
class Promise:
    """What a signed term promises: the agency's weekdays and counters, from a day to its last."""

    term_id: int
    first: date
    last: date | None
    weekdays: tuple[int, ...] = ()
    counters: tuple[int, ...] = ()

    def covers(self, on: date) -> bool:
        return self.first <= on and (self.last is None or on <= self.last)


def reigns(promises: Iterable[Promise]) -> list[Promise]:
    """The terms of one agency cut so that one holds at a time, earliest first.

    On each day the one that began last holds, of two that began together the one written later;
    when it ends before an older one does, the older one holds again.
    """
    known = sorted(promises, key=lambda each: (each.first, each.term_id))
    found: list[Promise] = []
    for first, last in _spans(known):
        holding = [each for each in known if each.covers(first)]
        if not holding:
            continue
        if found and found[-1].term_id == holding[-1].term_id and found[-1].last == first - DAY:
            found[-1] = replace(found[-1], last=last)
        else:
            found.append(replace(holding[-1], first=first, last=last))
    return found


def _spans(promises: Iterable[Promise]) -> Iterable[tuple[date, date | None]]:
    """The spans between the days on which any of the terms begins or is over."""
    turns: set[date] = set()
    for each in promises:
        turns.add(each.first)
        if each.last is not None:
            turns.add(each.last + DAY)
    days = sorted(turns)
    for place, first in enumerate(days):
        yield first, days[place + 1] - DAY if place + 1 < len(days) else None


def holding(promises: Iterable[Promise], on: date) -> Promise | None:
    """The term that holds on a day, None when there is none."""
    return next((each for each in reigns(promises) if each.covers(on)), None)


def earlier(*days: date | None) -> date | None:
    """The earliest of some last days; None means without an end."""
    known = [day for day in days if day is not None]
    return min(known, default=None)
