"""The gates to reports: you get those you may read, make or judge; a stranger gets 404.

Whoever makes a mall's reports reads every version of them. Those who watch from outside, for the
nation or a province, read what has left the mall. The public reads what was accepted.
"""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.http import Http404

from accounts.models import User
from accounts.roles import Act
from agencies import access as reach
from agencies.models import Mall
from monitoring import periods
from monitoring.models import Kind, Report
from monitoring.models.reports import ReportQuerySet
from monitoring.periods import Period
from monitoring.states import SENT, Move, State
from queueing.access import workday


class Seen(NamedTuple):
    """A report, and what its reader may do with it."""

    report: Report
    makes: bool
    judges: bool


def malls_for_making(user: User, *, now: datetime) -> QuerySet[Mall]:
    """The malls whose reports the user makes and sends."""
    return reach.whole_malls_for(user, Act.MAKE_REPORTS, on=workday(now))


def mall_for_making(user: User, slug: str, *, now: datetime) -> Mall:
    """One of them."""
    mall = malls_for_making(user, now=now).filter(slug=slug).first()
    if mall is None:
        raise Http404
    return mall


def malls_for_reading(user: User, *, now: datetime) -> QuerySet[Mall]:
    """The malls whose reports the user watches, of those that are open to the public."""
    seen = reach.whole_malls_for(user, Act.SEE_FIGURES, on=workday(now))
    if not seen.exists():
        raise Http404
    return seen.filter(pk__in=reach.public_malls().values("pk"))


def judges(user: User, *, now: datetime) -> bool:
    """Whether the user accepts reports or gives them back, for the nation."""
    return reach.is_national(user, Act.JUDGE_REPORTS, on=workday(now))


def refuse_unjudging(user: User, *, now: datetime) -> None:
    """The recap of all malls is for those who judge their reports."""
    if not judges(user, now=now):
        raise Http404


def reports_for(user: User, *, now: datetime) -> ReportQuerySet:
    """The reports that the user may read."""
    seen = reach.whole_malls_for(user, Act.SEE_FIGURES, on=workday(now))
    own = malls_for_making(user, now=now)
    was_sent = Q(state__in=SENT) | Q(events__move=Move.SUBMIT)
    readable = Q(mall__in=own.values("pk")) | Q(mall__in=seen.values("pk")) & was_sent
    if judges(user, now=now):
        readable |= Q(kind=Kind.RECAP)
    rows = Report.objects.filter(readable).values("pk")
    return Report.objects.with_names().filter(pk__in=rows)


def report_for(user: User, pk: int, *, now: datetime) -> Seen:
    """A report that the user may read."""
    report = reports_for(user, now=now).filter(pk=pk).first()
    if report is None:
        raise Http404
    if report.mall is None:
        return Seen(report, makes=True, judges=False)
    makes = malls_for_making(user, now=now).filter(pk=report.mall.pk).exists()
    return Seen(report, makes, judges(user, now=now))


def report_to_make(user: User, pk: int, *, now: datetime) -> Report:
    """A report that the user makes."""
    seen = report_for(user, pk, now=now)
    if not seen.makes:
        raise Http404
    return seen.report


def report_to_judge(user: User, pk: int, *, now: datetime) -> Report:
    """A report that the user judges."""
    seen = report_for(user, pk, now=now)
    if not seen.judges:
        raise Http404
    return seen.report


def frozen_for(user: User, pk: int, *, now: datetime) -> Report:
    """A report that the user may read, and that is there to be read."""
    report = report_for(user, pk, now=now).report
    if not report.is_frozen:
        raise Http404
    return report


def public_report(mall: Mall, code: str) -> Report:
    """The accepted monthly report of a mall that passed its own gate, for anybody."""
    period = month_called(code)
    rows = Report.objects.with_names().filter(mall=mall, kind=Kind.MONTH, first=period.first)
    report = rows.filter(state=State.ACCEPTED).first()
    if report is None:
        raise Http404
    return report


def month_called(code: str) -> Period:
    """The month that an address names."""
    period = periods.parsed(code)
    if period is None or period.kind != periods.Kind.MONTH:
        raise Http404
    return period
