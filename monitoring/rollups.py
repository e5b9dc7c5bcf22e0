"""Counts days and months. No other module writes these figures.

A day is counted from its raw rows as a whole, so that counting it once or ten times, early or late,
comes to the same. An event of a closed day, however late, makes the day stale again, and with it
its month. Counting holds the row of the day, so that nothing older overwrites something newer.
"""

import json
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from agencies import access, opening
from agencies.calendars import HISTORY, calendar_of
from agencies.models import Mall, Zone
from monitoring import attendance, facts, voices
from monitoring.cubes import agency_hours_of, hours_of, parts_of, read_cells
from monitoring.models import Day, Month, Watermark
from monitoring.periods import end_of_month
from monitoring.tallies import merged, packed, unpacked
from queueing.models import QueueDay, TicketEvent

# A transaction may write its events a little after others have written theirs with higher ids;
# none may last so long.
SETTLED = timedelta(minutes=10)
AT_ONCE = 500  # days in one round; the next round goes on
ONE_DAY = timedelta(days=1)
COUNTED = ("is_closed", "cells", "totals", "standards", "attendance")
LATE_VOICES = timedelta(days=60)


def refresh(*, now: datetime) -> int:
    """Count every day and month that has changed, or has not been counted; return how many days.

    Safe to run never, late, twice or by several workers at once.
    """
    _expect_days(now)  # first: it goes on where the last round ended
    _mark_touched(now)
    _age_months(now)
    counted = sum(count_day(pk, now=now) for pk in _due(now))
    for pk in Month.objects.filter(is_stale=True).values_list("pk", flat=True):
        count_month(pk, now=now)
    return counted


def rebuild(mall: Mall, *, since: date, now: datetime) -> int:
    """Count every day of a mall from a date on once more, whatever they say; return how many."""
    days = QueueDay.objects.filter(mall=mall, date__gte=since).values_list("date", flat=True)
    _mark_stale((mall.pk, on) for on in days.distinct())
    Day.objects.filter(mall=mall, date__gte=since).update(seen=None)
    due = Day.objects.filter(mall=mall, date__gte=since).order_by("date")
    counted = sum(count_day(pk, now=now) for pk in due.values_list("pk", flat=True))
    for pk in Month.objects.filter(mall=mall, is_stale=True).values_list("pk", flat=True):
        count_month(pk, now=now)
    return counted


@transaction.atomic
def count_day(pk: int, *, now: datetime) -> int:
    """Count a day from its raw rows; 0 when another worker has it in hand or nothing is new."""
    rows = Day.objects.select_for_update(of=("self",), skip_locked=True)
    day = rows.select_related("mall__region").filter(pk=pk).first()
    if day is None:
        return 0
    seen = _latest_event(day)
    is_closed = day.is_closed or _is_over(day, now)
    if (seen, is_closed) == (day.seen, day.is_closed):
        Day.objects.filter(pk=pk).update(is_stale=False)
        return 0
    found = _counted(day, is_closed=is_closed)
    digest = _digest(found)
    Day.objects.filter(pk=pk).update(
        **found, seen=seen, digest=digest, counted_at=now, is_stale=False
    )
    if is_closed and digest != day.digest:
        _mark_month(day.mall_id, day.date)
    return 1


@transaction.atomic
def count_month(pk: int, *, now: datetime) -> int:
    """Add up the closed days of a month; 0 when another worker has it in hand."""
    rows = Month.objects.select_for_update(of=("self",), skip_locked=True)
    month = rows.select_related("mall__region").filter(pk=pk, is_stale=True).first()
    if month is None:
        return 0
    last = end_of_month(month.month)
    found = sums_of(days_of(month))
    found["voices"] = voices.packed(voices.of(month.mall, month.month, last, now=now))
    Month.objects.filter(pk=pk).update(
        **found, digest=_digest(found), counted_at=now, is_stale=False
    )
    return 1


def days_of(month: Month) -> list[Day]:
    """The closed days of a month."""
    reach = (month.month, end_of_month(month.month))
    days = Day.objects.filter(mall=month.mall_id, date__range=reach, is_closed=True)
    return list(days.order_by("date"))


def sums_of(days: list[Day]) -> dict[str, Any]:
    """Several days of a mall together, as a month keeps them."""
    found = [(day.date, cell, tally) for day in days for cell, tally in read_cells(day.cells)]
    return {
        "days": sum(bool(unpacked(day.totals)) for day in days),
        "until": days[-1].date if days else None,
        "totals": packed(merged(unpacked(day.totals) for day in days)),
        "parts": parts_of(found),
        "hours": hours_of(found),
        "agency_hours": agency_hours_of(found),
        "attendance": attendance.together(day.attendance for day in days),
    }


def _counted(day: Day, *, is_closed: bool) -> dict[str, Any]:
    """What the raw rows of a day say now."""
    rows = facts.of_day(day.mall, day.date)
    cells = sorted(facts.cells(rows, day.mall.zone).items())
    return {
        "is_closed": is_closed,
        "cells": [[*cell, *packed(tally)] for cell, tally in cells],
        "totals": packed(merged(tally for _cell, tally in cells)),
        "standards": {str(row.service): row.minutes for row in rows},
        "attendance": attendance.of_day(day.mall, day.date) if is_closed else {},
    }


def _latest_event(day: Day) -> int:
    """The last event of a day's numbers: as long as it is the same, nothing has happened.

    The events of a mall get their ids in the order in which they are committed, because each holds
    the row of the mall's version.
    """
    events = TicketEvent.objects.filter(ticket__day__mall=day.mall, ticket__day__date=day.date)
    return int(events.aggregate(latest=Max("pk"))["latest"] or 0)


def _is_over(day: Day, now: datetime) -> bool:
    """Whether the date has passed in the mall's zone and all its queues are closed."""
    if day.date >= opening.local_date(now, day.mall.zone):
        return False
    days = QueueDay.objects.filter(mall=day.mall_id, date=day.date)
    return not days.filter(closed_at=None).exists()


def digest_of(day: Day) -> str:
    """The digest that belongs to what a day says."""
    return _digest({name: getattr(day, name) for name in COUNTED})


def _digest(found: dict[str, Any]) -> str:
    """The mark of everything counted, in one notation; when it was counted is not in it."""
    text = json.dumps(found, sort_keys=True, separators=(",", ":"), default=str)
    return sha256(text.encode()).hexdigest()


def _mark_touched(now: datetime) -> None:
    """Make every day stale of which the log has spoken since it was looked at."""
    latest = TicketEvent.objects.aggregate(latest=Max("pk"))["latest"] or 0
    settled = Watermark.objects.filter(at__lte=now - SETTLED).order_by("-at").first()
    if settled is None and not Watermark.objects.exists():
        _mark_stale(QueueDay.objects.values_list("mall", "date").distinct())
    else:
        since = settled.event_id if settled else 0
        days = TicketEvent.objects.filter(pk__gt=since).order_by()
        _mark_stale(days.values_list("ticket__day__mall", "ticket__day__date").distinct())
    Watermark.objects.create(at=now, event_id=latest)
    if settled is not None:
        Watermark.objects.filter(at__lt=settled.at).delete()


def _expect_days(now: datetime) -> None:
    """A day on which nobody came is counted too, so that an empty mall is seen.

    From the first day on which a mall gave out numbers here, every day on which it is open.
    """
    latest = Day.objects.filter(mall=OuterRef("pk")).order_by("-date").values("date")[:1]
    begun = QueueDay.objects.filter(mall=OuterRef("pk")).order_by("date").values("date")[:1]
    malls = access.public_malls().annotate(latest=Coalesce(Subquery(latest), Subquery(begun)))
    expected = []
    for mall in malls.filter(latest__isnull=False):
        calendar = calendar_of(mall.pk)
        today = opening.local_date(now, calendar.zone)
        on = max(mall.latest, today - HISTORY * ONE_DAY) + ONE_DAY
        while on <= today:
            if opening.day(calendar, on).hours is not None:
                expected.append((mall.pk, on))
            on += ONE_DAY
    _mark_stale(expected)


def _age_months(now: datetime) -> None:
    """Once a day the last months are added up again: answers and complaints come late."""
    since = (now.date().replace(day=1) - LATE_VOICES).replace(day=1)
    aged = Month.objects.filter(month__gte=since, counted_at__lt=now - ONE_DAY)
    aged.update(is_stale=True)


def _mark_stale(days: Iterable[tuple[int, date]]) -> None:
    # In one order, so that two workers never wait for each other.
    rows = [Day(mall_id=mall_id, date=on) for mall_id, on in sorted(days)]
    Day.objects.bulk_create(
        rows,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["mall", "date"],
        update_fields=["is_stale"],
    )


def _mark_month(mall_id: int, on: date) -> None:
    Month.objects.bulk_create(
        [Month(mall_id=mall_id, month=on.replace(day=1))],
        update_conflicts=True,
        unique_fields=["mall", "month"],
        update_fields=["is_stale"],
    )


def _due(now: datetime) -> list[int]:
    """What is to be counted, the newest first: today's figures wait for no old ones."""
    over = opening.local_date(now, ZoneInfo(Zone.WIT))  # where the day is over first
    days = Day.objects.filter(Q(is_stale=True) | Q(is_closed=False, date__lt=over))
    return list(days.order_by("-date", "mall").values_list("pk", flat=True)[:AT_ONCE])
