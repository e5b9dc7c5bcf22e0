"""When a mall is open, from which date: the week, special days, and what is only planned.

What has been stays: a change is a row from its first day on. Slots follow at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from accounts.models import User
from agencies import opening
from agencies.calendars import calendar_of, dated_of, hours_of
from agencies.models import DatedHours, Mall, OpeningHours, Presence, Weekday
from agencies.opening import Calendar, Change, Dated, Hours
from appointments import capacity, disruption, stranded
from appointments.models import Booking, Slot
from appointments.states import State
from core import formats, memo
from onboarding.setup.arranging import noting
from onboarding.setup.arranging.refusals import HoldsAlready, KnownAlready, TooEarly

DAY = timedelta(days=1)
Week = Mapping[int, Hours | None]
Weeks = Mapping[tuple[int, date], Hours | None]  # by weekday and first day


@dataclass(frozen=True)
class Planned:
    """The weekdays whose hours change on a day to come."""

    from_date: date
    rows: tuple[OpeningHours, ...]


# The week


@transaction.atomic
def set_week(mall: Mall, week: Week, *, from_date: date, by: User, now: datetime) -> int:
    """Let the mall have these hours from a day on; a day that stays as it is gets no row.

    Returns how many reservations it called off. Raises TooEarly for a public mall when that day
    has come already.
    """
    known = noting.locked(mall)
    _refuse_early(known, from_date, noting.earliest(known, now=now))
    changed = {
        day: hours for day, hours in week.items() if hours != standing(known, day, from_date)
    }
    for weekday, hours in changed.items():
        OpeningHours.objects.update_or_create(
            mall=mall, weekday=weekday, from_date=from_date, defaults=_columns(hours)
        )
    if not changed:
        return 0
    detail = f"{from_date} {' '.join(map(str, sorted(changed)))}"
    return _kept("hours", mall.pk, known, by=by, now=now, detail=detail)


@transaction.atomic
def withdraw_week(mall: Mall, from_date: date, *, by: User, now: datetime) -> int:
    """Take a planned change back; return how many reservations it called off.

    Raises HoldsAlready when its day has come.
    """
    known = noting.locked(mall)
    if from_date <= opening.local_date(now, known.zone):
        raise HoldsAlready(
            _("Jam itu sudah berlaku. Tulis jam yang baru dengan tanggal mulai yang lain.")
        )
    gone, _each = OpeningHours.objects.filter(mall=mall, from_date=from_date).delete()
    if not gone:
        return 0
    return _kept("hours_withdrawn", mall.pk, known, by=by, now=now, detail=str(from_date))


def standing(mall: Mall, weekday: int, on: date) -> Hours | None:
    """The ordinary hours of a weekday on a day, None when it is closed then."""
    rows = OpeningHours.objects.filter(mall=mall, weekday=weekday, from_date__lte=on)
    found = rows.order_by("-from_date").first()
    return hours_of(found) if found else None


def week_of(mall: Mall, on: date) -> dict[int, Hours | None]:
    """The ordinary hours of all seven weekdays on a day."""
    rows = OpeningHours.objects.filter(mall=mall, from_date__lte=on).order_by("from_date")
    return dict.fromkeys(Weekday.values) | {row.weekday: hours_of(row) for row in rows}


def planned(mall: Mall, *, now: datetime) -> list[Planned]:
    """The changes to come, the nearest first."""
    today = opening.local_date(now, mall.zone)
    days: dict[date, list[OpeningHours]] = {}
    rows = OpeningHours.objects.filter(mall=mall, from_date__gt=today)
    for row in rows.order_by("from_date", "weekday"):
        days.setdefault(row.from_date, []).append(row)
    return [Planned(day, tuple(each)) for day, each in days.items()]


# Special days


@dataclass(frozen=True)
class Special:
    """Other hours on some days, closed when there are none."""

    from_date: date
    until_date: date
    hours: Hours | None
    reason: str
    weekday: int | None = None
    overrides_holidays: bool = False


@transaction.atomic
def add_special(mall: Mall, special: Special, *, by: User, now: datetime) -> int:
    """Let some days differ, today at the earliest once the mall is public.

    Returns how many reservations it called off. Raises TooEarly, and KnownAlready when the same
    was said before.
    """
    known = noting.locked(mall)
    today = opening.local_date(now, known.zone)
    _refuse_early(known, special.from_date, today if noting.is_public(known) else date.min)
    row, is_new = DatedHours.objects.get_or_create(
        mall=mall,
        from_date=special.from_date,
        until_date=special.until_date,
        weekday=special.weekday,
        reason=special.reason,
        overrides_holidays=special.overrides_holidays,
        **_columns(special.hours),
    )
    if not is_new:
        raise KnownAlready(_("Hari khusus yang sama sudah tercatat."))
    detail = f"{row.from_date} {row.until_date}"
    return _kept("special", row.pk, known, by=by, now=now, detail=detail)


@transaction.atomic
def remove_special(row: DatedHours, *, by: User, now: datetime) -> int:
    """Let the days be ordinary again, those to come; return how many reservations it called off.

    Raises HoldsAlready when all are over.
    """
    known = noting.locked(row.mall)
    today = opening.local_date(now, known.zone)
    if noting.is_public(known) and row.until_date < today:
        raise HoldsAlready(_("Hari-hari itu sudah lewat, jadi tetap tercatat."))
    if noting.is_public(known) and row.from_date < today:
        DatedHours.objects.filter(pk=row.pk).update(until_date=today - DAY)
    else:
        DatedHours.objects.filter(pk=row.pk).delete()
    return _kept("special_removed", row.pk, known, by=by, now=now, detail=str(row.from_date))


def _refuse_early(mall: Mall, from_date: date, earliest: date) -> None:
    if from_date < earliest:
        raise TooEarly(
            _("Mal ini sudah melayani, jadi perubahan berlaku paling cepat %(day)s.")
            % {"day": formats.long_date(earliest)}
        )


def _columns(hours: Hours | None) -> dict[str, Any]:
    names = ("opens", "closes", "break_from", "break_until")
    return {name: getattr(hours, name) if hours else None for name in names}


def _kept(act: str, pk: int, mall: Mall, *, by: User, now: datetime, detail: str) -> int:
    """What every change of hours does: who can no longer be served is told at once; how many."""
    memo.clear_all()
    # Applications are locked before bookings, and these before slots, as by everybody else.
    here = Presence.objects.filter(mall=mall).values_list("pk", flat=True)
    in_vain = stranded.locked(list(here), now=now)
    late = disruption.follow_hours(mall.pk, by=by, now=now)
    stranded.end(in_vain, now=now)
    coming = Slot.objects.filter(service__presence__mall=mall, ends_at__gt=now).order_by()
    for service_id in sorted(set(coming.values_list("service_id", flat=True))):
        capacity.follow_plan(service_id, now=now)
    noting.note(act, pk, mall=mall, by=by, now=now, detail=detail)
    return late


# What a change would cost


def touched_by_week(mall: Mall, week: Week, *, from_date: date, now: datetime) -> int:
    """How many reservations would lie outside the hours that begin on a day."""
    stored = _stored(mall) | {(day, from_date): hours for day, hours in week.items()}
    return _lost_by_weeks(mall, stored, now)


def touched_by_withdrawal(mall: Mall, from_date: date, *, now: datetime) -> int:
    """How many reservations would lie outside the hours without the change of that day."""
    stored = {key: hours for key, hours in _stored(mall).items() if key[1] != from_date}
    return _lost_by_weeks(mall, stored, now)


def _stored(mall: Mall) -> dict[tuple[int, date], Hours | None]:
    rows = OpeningHours.objects.filter(mall=mall)
    return {(row.weekday, row.from_date): hours_of(row) for row in rows}


def _lost_by_weeks(mall: Mall, stored: Weeks, now: datetime) -> int:
    changes = tuple(Change(on, day, hours) for (day, on), hours in stored.items())
    closed = tuple(Change(date.min, day, None) for day in Weekday.values)
    calendar = calendar_of(mall.pk)
    return _lost(mall, calendar, replace(calendar, changes=(*closed, *changes)), now)


def touched_by_removal(row: DatedHours, *, now: datetime) -> int:
    """How many reservations would lie outside the hours without these special days."""
    mall = row.mall
    others = DatedHours.objects.filter(mall=mall).exclude(pk=row.pk).order_by("-pk")
    calendar = calendar_of(mall.pk)
    return _lost(mall, calendar, replace(calendar, dated=tuple(map(dated_of, others))), now)


def touched_by_special(mall: Mall, special: Special, *, now: datetime) -> int:
    """How many reservations would lie outside the hours of these days."""
    calendar = calendar_of(mall.pk)
    dated = Dated(
        special.from_date,
        special.until_date,
        special.hours,
        special.reason,
        special.weekday,
        special.overrides_holidays,
    )
    return _lost(mall, calendar, replace(calendar, dated=(dated, *calendar.dated)), now)


def _lost(mall: Mall, before: Calendar, after: Calendar, now: datetime) -> int:
    """The promises that can be kept now and could not be kept then."""
    coming = Booking.objects.filter(
        state=State.CONFIRMED, service__presence__mall=mall, slot__starts_at__gt=now
    )
    spans = coming.order_by().values_list("slot__starts_at", "slot__ends_at").annotate(Count("pk"))
    return sum(
        count
        for starts_at, ends_at, count in spans
        if disruption.why_shut(after, starts_at, ends_at)
        and not disruption.why_shut(before, starts_at, ends_at)
    )
