"""Asking for reports: by people, and by the portal itself as soon as a month is closed."""

from datetime import datetime

from django.db.models import Count, Q

from accounts.models import User
from agencies import opening
from agencies.models import Mall
from monitoring import periods
from monitoring.models import Day, Kind, Report
from monitoring.periods import Period
from monitoring.reports import lifecycle
from monitoring.reports.refusals import not_over_yet, nothing_counted, still_counting
from monitoring.states import State
from queueing.access import workday

UNSETTLED = Q(is_closed=False) | Q(is_stale=True)


def of_mall(mall: Mall, kind: Kind, period: Period, *, by: User | None, now: datetime) -> Report:
    """The report of a mall in a period, begun if there is none yet: its latest version.

    Raises NotOverYet, NothingCounted and StillCounting.
    """
    if period.last >= opening.local_date(now, mall.zone):
        raise not_over_yet(period)
    days = Day.objects.filter(mall=mall, date__range=(period.first, period.last))
    found = days.aggregate(all=Count("pk"), unsettled=Count("pk", filter=UNSETTLED))
    if not found["all"]:
        raise nothing_counted(period)
    if found["unsettled"]:
        raise still_counting(period)
    lifecycle.begin(mall, kind, period, by=by, now=now)
    return latest(mall, kind, period)


def of_country(period: Period, *, by: User, now: datetime) -> Report:
    """The ministry's recap of a month as it stands now: a new version unless one is being built.

    Raises NotOverYet.
    """
    if period.last >= workday(now):
        raise not_over_yet(period)
    _first, is_new = lifecycle.begin(None, Kind.RECAP, period, by=by, now=now)
    found = latest(None, Kind.RECAP, period)
    if is_new or found.state == State.BUILDING:
        return found
    if found.state == State.FAILED:
        lifecycle.retry(found, by=by, now=now)
        return found
    return lifecycle.rebuild(found, by=by, now=now)


def latest(mall: Mall | None, kind: Kind, period: Period) -> Report:
    """The newest version of a report that was begun."""
    rows = Report.objects.with_names().filter(mall=mall, kind=kind, first=period.first)
    return rows.order_by("-version")[0]


def make_due(*, now: datetime) -> int:
    """Begin the report of the past month for each mall whose days are all closed; how many.

    Safe to run never, late or twice.
    """
    # Where the month ended last it has ended everywhere.
    past = periods.of(periods.Kind.MONTH, workday(now)).before
    malls = Mall.objects.select_related("region").filter(pk__in=_settled(past))
    begun = Report.objects.filter(kind=Kind.MONTH, first=past.first).values("mall")
    waiting = malls.exclude(pk__in=begun).order_by("pk")
    return sum(
        lifecycle.begin(mall, Kind.MONTH, past, by=None, now=now)[1]
        for mall in waiting
        if past.last < opening.local_date(now, mall.zone)
    )


def _settled(period: Period) -> list[int]:
    """The malls with days in a period, every one of them closed and counted."""
    days = Day.objects.filter(date__range=(period.first, period.last)).order_by()
    found = days.values("mall").annotate(unsettled=Count("pk", filter=UNSETTLED))
    return list(found.filter(unsettled=0).values_list("mall", flat=True))
