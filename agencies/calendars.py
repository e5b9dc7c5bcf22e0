"""Reads the malls' calendars from the database into the plain values of opening.py."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.db.models import Prefetch

from agencies import models, opening
from core import clock
from core.memo import briefly_each

HISTORY = 400  # days back for which special hours and holidays are read, for reports and replays


def calendar_of(mall_id: int) -> opening.Calendar:
    """The calendar of a mall, at most five seconds old."""
    return calendars_of((mall_id,))[mall_id]


@briefly_each(5)
def calendars_of(mall_ids: tuple[int, ...]) -> dict[int, opening.Calendar]:
    """The calendars of several malls by their ids, in as few queries as one."""
    since = clock.now().date() - timedelta(days=HISTORY)
    dated = models.DatedHours.objects.filter(until_date__gte=since).order_by("-pk")
    malls = models.Mall.objects.select_related("region").prefetch_related(
        "weekly", Prefetch("dated", dated)
    )
    holidays = {
        row.day: opening.Holiday(row.name, row.is_joint_leave)
        # A day that is both is closed for everybody: the holiday overwrites the leave.
        for row in models.Holiday.objects.filter(day__gte=since).order_by("-is_joint_leave")
    }
    return {mall.pk: _calendar(mall, holidays) for mall in malls.filter(pk__in=mall_ids)}


def _calendar(mall: models.Mall, holidays: Mapping[date, opening.Holiday]) -> opening.Calendar:
    return opening.Calendar(
        zone=mall.zone,
        weekly={row.weekday: _hours(row) for row in mall.weekly.all()},
        dated=tuple(_dated(row) for row in mall.dated.all()),
        holidays=holidays,
        closes_on_joint_leave=mall.closes_on_joint_leave,
    )


def _hours(row: models.OpeningHours) -> opening.Hours:
    return opening.Hours(row.opens, row.closes, row.break_from, row.break_until)


def _dated(row: models.DatedHours) -> opening.Dated:
    hours = None
    if row.opens is not None and row.closes is not None:
        hours = opening.Hours(row.opens, row.closes, row.break_from, row.break_until)
    return opening.Dated(
        row.from_date, row.until_date, hours, row.reason, row.weekday, row.overrides_holidays
    )
