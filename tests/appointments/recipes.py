"""A service that takes reservations, and people who book."""

from datetime import date, time

from model_bakery import baker

from appointments import booking
from appointments.models import Booking, Plan, Tranche, Window
from appointments.people import Person
from core import memo
from tests.recipes import MONDAY, at, key

TUESDAY = date(2026, 3, 10)
NINE = at(9, on=TUESDAY)
NIK = "3216014903900002"


def make_plan(service, *, online=10, priority=0, staff=0, walk_in=0, ahead=14, **more) -> Plan:
    """Windows of an hour on every weekday from nine to noon, out so many days ahead."""
    plan = baker.make(Plan, service=service, family=more.pop("family", "uji"), **more)
    baker.make(Tranche, plan=plan, days_before=ahead, percent=100)
    Window.objects.bulk_create(
        Window(
            plan=plan,
            weekday=weekday,
            begins=time(hour),
            ends=time(hour + 1),
            online=online,
            priority=priority,
            staff=staff,
            walk_in=walk_in,
            from_date=date(2026, 1, 1),
            until_date=None,
        )
        for weekday in range(5)
        for hour in (9, 10, 11)
    )
    memo.clear_all()
    return plan


def person(number=1, **more) -> Person:
    """Somebody with a phone of their own."""
    return Person(more.pop("name", "Siti Aminah"), f"+62812{number:08d}", **more)


def hold(service, starts_at=NINE, *, now=None, **more) -> int:
    return booking.hold(service.pk, starts_at, now=now or at(9), key=key(), **more)


def book(service, starts_at=NINE, *, now=None, who=None, **more) -> int:
    """A place held and confirmed."""
    pk = hold(service, starts_at, now=now, **more)
    by = more.get("by")
    return booking.confirm(pk, who or person(pk), now=now or at(9), key=key(), by=by)


def booked(pk) -> Booking:
    return Booking.objects.with_names().get(pk=pk)


__all__ = ["MONDAY", "NIK", "NINE", "TUESDAY", "at", "book", "booked", "hold", "key", "make_plan"]
