"""Reservations of made-up people for the days to come, so that no list of the demo is empty."""

from collections.abc import Iterator
from datetime import datetime
from itertools import count
from uuid import uuid4

from django.db import transaction

from appointments import booking, figures, plans
from appointments.figures import Choice
from appointments.models import Booking, Plan
from appointments.people import Person
from appointments.plans import Bookable
from mpp import seed
from queueing.states import Priority

MANY = (5, 4, 3, 2, 1, 1)  # on each of the next days in the main mall
FEW = (2, 1)  # and in the others
# Nobody is called so; the phone numbers and the district 00 of the NIK do not exist.
NAMES = ("Adi Contoh", "Bunga Contoh", "Citra Contoh", "Dewi Contoh", "Eko Contoh", "Fitri Contoh")


@transaction.atomic
def book(*, now: datetime) -> int:
    """Book places in the seeded malls unless somebody is awaited already; return how many."""
    if Booking.objects.open().filter(slot__starts_at__gt=now).exists():
        return 0
    slugs = [mall["slug"] for mall in seed.read()["malls"]]
    planned = Plan.objects.filter(service__presence__mall__slug__in=slugs, is_active=True)
    numbers = count(1)
    for plan in planned.select_related("service__presence__mall").order_by("pk"):
        found = plans.bookable(plan.service_id)
        per_day = MANY if plan.service.presence.mall.slug == seed.BEKASI else FEW
        for choice in _wanted(found, per_day, now) if found else ():
            _book(plan, choice.starts_at, next(numbers), now)
    return next(numbers) - 1


def _wanted(plan: Bookable, per_day: tuple[int, ...], now: datetime) -> Iterator[Choice]:
    """So many windows with a place on each of the next open days, one after the other."""
    days = [day for day in figures.days(plan, now=now) if day.left]
    for many, day in zip(per_day, days, strict=False):
        free = [choice for choice in day.choices if choice.left]
        for each in range(many):
            choice = free[each % len(free)]
            if each // len(free) < choice.left:
                yield choice


def _book(plan: Plan, starts_at: datetime, number: int, now: datetime) -> None:
    person = Person(
        NAMES[number % len(NAMES)],
        f"+628120000{number:04d}",
        f"320001010190{number:04d}" if plan.needs_nik else "",
    )
    priority = Priority.NONE if number % 6 else Priority.ELDERLY
    held = booking.hold(plan.service_id, starts_at, priority=priority, now=now, key=uuid4())
    booking.confirm(held, person, now=now, key=uuid4())
