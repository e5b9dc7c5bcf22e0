"""Reminding malls of the monthly report that is due: before the day, on it, and after it."""

from collections.abc import Iterable
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import override

from accounts.roles import Act
from agencies import opening
from agencies.models import Mall
from core import formats
from monitoring import periods
from monitoring.models import Day, Kind, Report
from monitoring.periods import Period
from monitoring.reports import lifecycle
from monitoring.states import DONE
from notifications import watch
from notifications.models import Message
from queueing.access import workday

KIND = "report_due"
STEPS = (5, 0, -3)  # days left until the last one in time; below zero it is late
LAST = -7  # later nobody is reminded any more: the ministry sees who has not reported


def remind(*, now: datetime) -> int:
    """Tell of each report that is due and not sent, once for each step; how many channels do."""
    past = periods.of(periods.Kind.MONTH, workday(now)).before
    return sum(_tell(mall, past, now=now) for mall in _owing(past))


def step_of(left: int) -> int | None:
    """The smallest step that is not past; None where it is too early or too late to say."""
    if left < LAST:
        return None
    return min((step for step in STEPS if left <= step), default=None)


def _owing(period: Period) -> Iterable[Mall]:
    """The malls that counted days in a month and have not sent its report."""
    days = Day.objects.filter(date__range=(period.first, period.last), is_closed=True)
    sent = Report.objects.filter(kind=Kind.MONTH, first=period.first, state__in=DONE)
    malls = Mall.objects.select_related("region").filter(pk__in=days.values("mall"))
    return malls.exclude(pk__in=sent.values("mall")).order_by("pk")


@transaction.atomic
def _tell(mall: Mall, period: Period, *, now: datetime) -> int:
    due = lifecycle.due_on(Kind.MONTH, period) or period.last
    step = step_of((due - opening.local_date(now, mall.zone)).days)
    event = f"report-due:{mall.pk}:{period.code}:{step}"
    if step is None or Message.objects.filter(event=event).exists():
        return 0
    values = _values(period, due)
    return watch.tell(mall, KIND, Act.MAKE_REPORTS, event=event, values=values, now=now)


def _values(period: Period, due: date) -> dict[str, str]:
    with override(settings.LANGUAGE_CODE):
        return {"laporan": Kind.MONTH.named(str(period)), "batas": formats.long_date(due)}
