"""Reads a mall's calendar from the database into the plain values of opening.py."""

from datetime import timedelta

from agencies import models, opening
from core import clock
from core.memo import briefly


@briefly(5)
def calendar_of(mall_id: int) -> opening.Calendar:
    """The calendar of a mall, at most five seconds old."""
    mall = models.Mall.objects.select_related("region").get(pk=mall_id)
    since = opening.local_date(clock.now(), mall.zone) - timedelta(days=7)
    return opening.Calendar(
        zone=mall.zone,
        weekly={row.weekday: _hours(row) for row in mall.weekly.all()},
        dated=tuple(
            _dated(row) for row in mall.dated.filter(until_date__gte=since).order_by("-pk")
        ),
        holidays={
            row.day: opening.Holiday(row.name, row.is_joint_leave)
            # A day that is both is closed for everybody: the holiday overwrites the leave.
            for row in models.Holiday.objects.filter(day__gte=since).order_by("-is_joint_leave")
        },
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
