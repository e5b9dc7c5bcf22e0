"""Reserving for somebody who stands at a counter: from the places kept for the officers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from accounts.models import User
from agencies import opening
from agencies.calendars import calendar_of
from agencies.models import Presence
from appointments import booking, slots
from appointments.figures import AHEAD
from appointments.models import Slot
from appointments.people import Person
from appointments.plans import Bookable
from queueing.states import Priority
from services.models import Service


@dataclass(frozen=True)
class Window:
    """A window of a date, and how many of the officers' places are left in it."""

    starts_at: datetime
    ends_at: datetime
    left: int

    @property
    def epoch(self) -> str:
        """The second it begins, as forms and addresses name it."""
        return str(int(self.starts_at.timestamp()))


@dataclass(frozen=True)
class Day:
    """A date with the windows that officers can still book in."""

    on: date
    windows: tuple[Window, ...]

    @property
    def left(self) -> int:
        return sum(window.left for window in self.windows)


@dataclass(frozen=True)
class Chosen:
    """The day and the window that somebody has picked so far."""

    day: Day | None
    window: Window | None


def services(presence: Presence) -> list[Service]:
    """The services of an agency that take reservations, by name."""
    offered = Service.objects.offered().booked_here()
    planned = offered.filter(presence=presence, plan__is_active=True)
    return list(planned.order_by("name", "pk"))


def days(plan: Bookable, *, now: datetime) -> list[Day]:
    """The days with a place left for officers; theirs are not let out bit by bit."""
    today = opening.local_date(now, calendar_of(plan.offer.mall_id).zone)
    shown = list(slots.days_ahead(today, AHEAD))
    rows = Slot.objects.filter(service=plan.offer.service_id, date__range=(shown[0], shown[-1]))
    by_start = {row.starts_at: row for row in rows}
    found = (Day(on, tuple(_windows(plan, on, by_start, now))) for on in shown)
    return [day for day in found if day.left]


def chosen(found: Sequence[Day], day: str, epoch: str) -> Chosen:
    """What a page is asked for, if it is still free: "2026-03-10", and when the window begins."""
    for each in found:
        window = next((window for window in each.windows if window.epoch == epoch), None)
        if window is not None:
            return Chosen(each, window)
    return Chosen(next((each for each in found if each.on.isoformat() == day), None), None)


def _windows(plan: Bookable, on: date, rows: dict[datetime, Slot], now: datetime) -> list[Window]:
    found = []
    for slot in plan.slots_on(on):
        row = rows.get(slot.starts_at)
        left = row.staff - row.booked_staff if row else slot.shares.staff
        if left > 0 and slot.starts_at > now:
            found.append(Window(slot.starts_at, slot.ends_at, left))
    return found


@transaction.atomic
def reserve(
    service_id: int,
    starts_at: datetime,
    person: Person,
    *,
    priority: Priority,
    by: User,
    now: datetime,
    key: UUID,
) -> int:
    """Take one of the officers' places for somebody, promised at once; return the booking's id.

    Raises what booking.hold and booking.confirm raise, and then no place stays held.
    """
    pk = booking.hold(service_id, starts_at, priority=priority, by=by, now=now, key=key)
    return booking.confirm(pk, person, by=by, now=now, key=key)
