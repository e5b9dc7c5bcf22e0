"""Which day, week, month or year a page is about, and which others its reader may turn to."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Min

from agencies.models import Mall
from monitoring import periods
from monitoring.models import Month
from monitoring.periods import Kind, Period

MOST = 60  # periods in the list to choose from
TELLING = 10  # days of a month after which it says something


@dataclass(frozen=True)
class Choice:
    """A period, and the ways to others."""

    period: Period
    options: list[Period]
    kinds: list[Period]  # one of each kind, about the same time
    before: Period | None
    after: Period | None


def chosen(query: Mapping[str, str], malls: Collection[Mall], *, today: date) -> Choice:
    """The period that an address asks for; else the latest month of which enough is counted."""
    first, last = _span(malls) or (today, today)
    period = periods.parsed(query.get("masa", "")) or _latest(first, last)
    known = _known(period.kind, first, last)
    inside = min(max(last, period.first), period.last)
    return Choice(
        period,
        known if period in known else [period, *known],
        [periods.of(kind, inside) for kind in Kind],
        before=period.before if period.first > first else None,
        after=period.after if period.last < last else None,
    )


def _span(malls: Collection[Mall]) -> tuple[date, date] | None:
    """From the first month on which there are figures to the last day."""
    months = Month.objects.filter(mall__in=malls, until__isnull=False)
    found = months.aggregate(first=Min("month"), last=Max("until"))
    return (found["first"], found["last"]) if found["last"] else None


def _latest(first: date, last: date) -> Period:
    month = periods.of(Kind.MONTH, last)
    is_young = last.day < TELLING and month.first > first
    return month.before if is_young else month


def _known(kind: Kind, first: date, last: date) -> list[Period]:
    """The periods of a kind for which there may be figures, the latest first."""
    found = [periods.of(kind, last)]
    while found[-1].first > first and len(found) < MOST:
        found.append(found[-1].before)
    return found
