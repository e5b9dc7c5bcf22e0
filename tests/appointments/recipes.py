"""A service that takes reservations, and people who book."""

from datetime import date, time

from model_bakery import baker

from appointments import applications, booking, draws, plans, waitlist
from appointments.application_states import Move
from appointments.applications import Wish
from appointments.models import Application, Booking, Draw, Plan, ReturningPlace, Tranche, Window
from appointments.people import Person
from core import memo
from queueing.states import Priority
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


def wait(service, *, on=TUESDAY, hours=(9, 10, 11), number=1, now=None, **more) -> Application:
    """Somebody with a phone of their own on the waiting list of a full day."""
    return _apply(waitlist.join, service, on, hours, number, now or at(9), more)


def enter(service, *, on=TUESDAY, hours=(9, 10, 11), number=1, now=None, **more) -> Application:
    """Somebody with a phone of their own in the draw of a day."""
    return _apply(draws.enter, service, on, hours, number, now or at(9), more)


def _apply(how, service, on, hours, number, now, more) -> Application:
    who = more.pop("who", None) or person(number)
    priority = more.pop("priority", Priority.NONE)
    wish = Wish(on, tuple(at(hour, on=on) for hour in hours), priority)
    pk = how(service.pk, wish, who, now=now, key=key())
    return Application.objects.with_names().get(pk=pk)


def offer_of(application_id) -> int:
    """The offer that somebody has now; 0 is none."""
    found = Application.objects.values_list("booking", flat=True)
    return found.get(pk=application_id) or 0


def apply_for_a_place(hall) -> None:
    """Somebody waits for a place, and the day is drawn."""
    plan = plans.bookable(hall.service.pk)
    applications.begin(Move.JOIN, plan, Wish(TUESDAY, (NINE,)), person(5), now=at(8, 30))
    times = {"opens_at": at(8), "closes_at": at(8, on=TUESDAY)}
    baker.make(Draw, service=hall.service, date=TUESDAY, commitment="a" * 64, **times)


def come_back(*, now=None) -> None:
    """The random moment of every place that was given up has come."""
    ReturningPlace.objects.update(since=now or at(9), returns_at=now or at(9))
    waitlist.work(now=now or at(9))


def fill(service, starts_at=NINE, *, places, now=None) -> list[int]:
    """All places of a window promised to people who are nobody else."""
    return [book(service, starts_at, now=now, who=person(900 + n)) for n in range(places)]


__all__ = ["MONDAY", "NIK", "NINE", "TUESDAY", "at", "book", "booked", "hold", "key", "make_plan"]
