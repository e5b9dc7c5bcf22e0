"""Who applied for a place of a day that will not come: their application ends, and they are told.

As with bookings the day may be lost because a service rests, its agency is away or the mall is
closed, and as there nobody is sent on their way for nothing.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from agencies import opening
from agencies.calendars import calendars_of
from agencies.opening import Calendar
from appointments import applications, booking, keeping, slots
from appointments.application_states import OPEN, Move
from appointments.models import Application, Window
from services.attending import AS_STORED, Rests

Spans = Mapping[int, list[Window]]  # by service
DAY = timedelta(days=1)


def found(
    presences: Collection[int] | None = None, *, now: datetime, rests: Rests = AS_STORED
) -> dict[int, str]:
    """The open applications that nothing can come of, each with the reason."""
    coming = Application.objects.open().filter(date__gte=(now - DAY).date())
    if presences is not None:
        coming = coming.filter(service__presence__in=presences)
    rows = list(coming.select_related("service__presence").order_by("pk"))
    why = keeping.lost([(row.service_id, row.date) for row in rows], rests=rests)
    closed = _closed([row for row in rows if (row.service_id, row.date) not in why])
    return {
        row.pk: reason
        for row in rows
        if (reason := why.get((row.service_id, row.date)) or closed.get(row.pk))
    }


def _closed(rows: Collection[Application]) -> dict[int, str]:
    """Those for which the mall is not open at any of their times."""
    calendars = calendars_of(tuple(sorted({row.service.presence.mall_id for row in rows})))
    windows: dict[int, list[Window]] = {}
    services = {row.service_id for row in rows}
    for each in Window.objects.filter(plan__service__in=services).select_related("plan"):
        windows.setdefault(each.plan.service_id, []).append(each)
    found: dict[int, str] = {}
    for row in rows:
        calendar = calendars[row.service.presence.mall_id]
        day = opening.day(calendar, row.date)
        if day.hours is None or not _fits_any(row, calendar, day.hours, windows):
            found[row.pk] = day.reason or _("Jam layanan mal berubah.")
    return found


def _fits_any(row: Application, calendar: Calendar, hours: opening.Hours, windows: Spans) -> bool:
    begins = [each.astimezone(calendar.zone).time() for each in row.moments]
    known = windows.get(row.service_id, [])
    return any(slots.fits(each, _end_of(each, row.date, known), hours) for each in begins)


def _end_of(begins: time, on: date, windows: Iterable[Window]) -> time:
    """When the window that begins then ends; when it begins, where it is planned no more."""
    ends = (each.ends for each in windows if (each.weekday, each.begins) == (on.weekday(), begins))
    return max(ends, default=begins)


def locked(presences: Collection[int] | None = None, *, now: datetime) -> dict[int, str]:
    """The same, locked until the transaction ends: applications before bookings and slots."""
    reasons = found(presences, now=now)
    rows = Application.objects.filter(pk__in=reasons, state__in=OPEN).order_by("pk")
    return {pk: reasons[pk] for pk in _ids(rows.select_for_update(of=("self",)))}


def _ids(rows: Iterable[Application]) -> list[int]:
    return [row.pk for row in rows]


def end(reasons: Mapping[int, str], *, now: datetime) -> int:
    """End these applications, each for its reason; a place that was offered goes back. How many.

    For whoever has locked them, in the same transaction.
    """
    ended = 0
    for pk, reason in reasons.items():
        row = applications.locked(pk)
        if row.state not in OPEN:
            continue
        offered = row.booking_id
        applications.apply(Move.CALL_OFF, row, {"booking_id": None}, now=now, reason=reason)
        if offered is not None:
            booking.let_go(offered, now=now)
        ended += 1
    return ended


@transaction.atomic
def sweep(*, now: datetime) -> int:
    """End what was applied for while the day was being lost; return how many."""
    return end(locked(now=now), now=now)
