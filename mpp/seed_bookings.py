"""Reservations of made-up people for the days to come, so that no list of the demo is empty.

One service has a full day with people waiting for it, another is drawn.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import count
from uuid import uuid4

from django.db import transaction

from appointments import booking, draws, figures, plans, waitlist
from appointments.applications import Wish
from appointments.figures import Choice
from appointments.models import Booking, Draw, Plan
from appointments.people import Person
from appointments.plans import Bookable
from appointments.slots import WHOLE
from appointments.states import Mode
from mpp import seed
from notifications.contacts import Reach
from notifications.states import BY_PHONE
from queueing.states import Priority

MANY = (5, 4, 3, 2, 1, 1)  # on each of the next days in the main mall
FEW = (2, 1)  # and in the others
FULL = "nib"  # has a day without a place
WAITING, APPLIED = 3, 14  # people
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
    full = planned.filter(family=FULL, service__presence__mall__slug=seed.BEKASI).first()
    booked = next(numbers) - 1 + (_fill(full, numbers, now) if full else 0)
    for plan in planned.filter(mode=Mode.DRAW):
        _apply(plan, numbers, now)
    return booked


def _fill(plan: Plan, numbers: Iterator[int], now: datetime) -> int:
    """A day after the next ones without a place, and people who wait for one."""
    found = plans.bookable(plan.service_id)
    days = [day for day in figures.days(found, now=now) if day.left] if found else []
    if len(days) <= len(MANY):
        return 0
    day, booked = days[len(MANY)], 0
    for choice in day.choices:
        for _place in range(choice.left):
            _book(plan, choice.starts_at, next(numbers), now, is_mixed=False)
            booked += 1
    if found is not None and found.percent_on(day.on, now) == WHOLE:
        for _person in range(WAITING):
            wish = Wish(day.on, tuple(choice.starts_at for choice in day.choices))
            who = _person_of(plan, next(numbers))
            waitlist.join(plan.service_id, wish, who, now=now, key=uuid4())
    return booked


def _apply(plan: Plan, numbers: Iterator[int], now: datetime) -> None:
    """Applications for the days whose draw is open."""
    draws.work(now=now)
    open_ = Draw.objects.filter(service=plan.service_id, opens_at__lte=now, closes_at__gt=now)
    found = plans.bookable(plan.service_id)
    for draw in open_ if found else ():
        windows = tuple(slot.starts_at for slot in found.slots_on(draw.date)) if found else ()
        for number in range(APPLIED):
            priority = Priority.NONE if number % 6 else Priority.ELDERLY
            wish, who = Wish(draw.date, windows, priority), _person_of(plan, next(numbers))
            draws.enter(plan.service_id, wish, who, now=now, key=uuid4())


def _wanted(plan: Bookable, per_day: tuple[int, ...], now: datetime) -> Iterator[Choice]:
    """So many windows with a place on each of the next open days, one after the other."""
    days = [day for day in figures.days(plan, now=now) if day.left]
    for many, day in zip(per_day, days, strict=False):
        free = [choice for choice in day.choices if choice.left]
        for each in range(many):
            choice = free[each % len(free)]
            if each // len(free) < choice.left:
                yield choice


def _book(
    plan: Plan, starts_at: datetime, number: int, now: datetime, *, is_mixed: bool = True
) -> None:
    priority = Priority.ELDERLY if is_mixed and number % 6 == 0 else Priority.NONE
    held = booking.hold(plan.service_id, starts_at, priority=priority, now=now, key=uuid4())
    booking.confirm(held, _person_of(plan, number), now=now, key=uuid4())


def _person_of(plan: Plan, number: int) -> Person:
    phone = f"+628120000{number:04d}"
    return Person(
        NAMES[number % len(NAMES)],
        phone,
        f"320001010190{number:04d}" if plan.needs_nik else "",
        # Every second one wants to be told; a mall that has a gateway then has whom to tell.
        reach=Reach(phone, "", frozenset(BY_PHONE)) if number % 2 else None,
    )
