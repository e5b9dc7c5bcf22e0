"""Reads the malls' calendars from the database into the plain values of opening.py."""

from collections.abc import Iterable, Iterator, Mapping
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
    today = opening.local_date(clock.now(), mall.zone)
    rows = sorted(mall.weekly.all(), key=lambda row: row.from_date)
    standing = {row.weekday: hours_of(row) for row in rows if row.from_date <= today}
    return opening.Calendar(
        zone=mall.zone,
        weekly={weekday: hours for weekday, hours in standing.items() if hours is not None},
        changes=tuple(_changes(rows)),
        dated=tuple(dated_of(row) for row in mall.dated.all()),
        holidays=holidays,
        closes_on_joint_leave=mall.closes_on_joint_leave,
        suspended=_suspended(mall),
    )


def _changes(rows: Iterable[models.OpeningHours]) -> Iterator[opening.Change]:
    """What the weekdays have at other times than now; nothing where hours never changed."""
    changed = {row.weekday for row in rows if row.from_date > models.BEGINNING}
    for weekday in sorted(changed):
        yield opening.Change(date.min, weekday, None)
    for row in rows:
        if row.weekday in changed:
            yield opening.Change(row.from_date, row.weekday, hours_of(row))


def _suspended(mall: models.Mall) -> opening.Dated | None:
    if mall.suspended_from is None:
        return None
    return opening.Dated(mall.suspended_from, date.max, None, mall.suspended_for)


def hours_of(row: models.OpeningHours | models.DatedHours) -> opening.Hours | None:
    """The hours a row stands for, None when it says closed."""
    if row.opens is None or row.closes is None:
        return None
    return opening.Hours(row.opens, row.closes, row.break_from, row.break_until)


def dated_of(row: models.DatedHours) -> opening.Dated:
    """Special days as the calendar knows them."""
    return opening.Dated(
        row.from_date,
        row.until_date,
        hours_of(row),
        row.reason,
        row.weekday,
        row.overrides_holidays,
    )
