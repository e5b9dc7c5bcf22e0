"""What agencies promised against what they kept, day by day, in a form that can be added up."""

from collections.abc import Iterable, Mapping
from datetime import date
from operator import add
from typing import NamedTuple

from agencies.models import Mall, Presence
from onboarding.agreements import compliance
from onboarding.agreements.compliance import Day
from onboarding.staff import attendance as signs


class Kept(NamedTuple):
    """Days of an agency together; the sums are of days on which both sides are known."""

    promised_days: int = 0
    attended_days: int = 0  # of those that were promised
    extra_days: int = 0  # on which somebody was there without a promise
    counters_promised: int = 0
    counters_kept: int = 0
    minutes_promised: int = 0
    minutes_kept: int = 0
    staff_promised: int = 0
    staff_kept: int = 0
    # Of every day on which somebody was there.
    counters: int = 0
    officers: int = 0


Stored = Mapping[str, list[int]]  # by agency at the mall


def of_day(mall: Mall, on: date) -> dict[str, list[int]]:
    """A day that is over, for each agency that promised it or was there."""
    ids = list(Presence.objects.filter(mall=mall).order_by("pk").values_list("pk", flat=True))
    records = compliance.of(mall, ids, on, on)
    return {str(pk): [*kept_of(day)] for pk, each in records.items() for day in each.days}


def kept_of(day: Day) -> Kept:
    """One day of one agency."""
    said, kept = day.promised, day.kept
    found = Kept(promised_days=said is not None)
    if kept is not None:
        found = found._replace(counters=kept.counters, officers=kept.officers)
        found = found._replace(extra_days=said is None)
    if said is not None and kept is not None:
        found = found._replace(
            attended_days=1,
            counters_promised=said.counters,
            counters_kept=kept.counters,
            minutes_promised=said.minutes,
            minutes_kept=day.minutes,
        )
        if said.staff is not None:
            found = found._replace(staff_promised=said.staff, staff_kept=kept.officers)
    return Kept(*map(int, found))


def together(days: Iterable[Stored]) -> dict[str, list[int]]:
    """Several days, or months, of each agency."""
    found: dict[str, list[int]] = {}
    for day in days:
        for pk, kept in day.items():
            found[pk] = [*map(add, found.get(pk, Kept()), kept)]
    return dict(sorted(found.items(), key=lambda pair: int(pair[0])))


def read(stored: Stored) -> dict[int, Kept]:
    """What was stored, by agency at the mall."""
    return {int(pk): Kept(*kept) for pk, kept in stored.items()}


def all_of(kept: Iterable[Kept]) -> Kept:
    """Several agencies together."""
    return Kept(*map(sum, zip(Kept(), *kept, strict=True)))


def seen_on(presences: Iterable[int], on: date) -> dict[int, signs.Kept]:
    """Who has been at the counters of these agencies so far on a day; those with nobody are not in
    it.
    """
    return {pk: kept for (pk, _on), kept in signs.kept([*presences], on, on).items()}
