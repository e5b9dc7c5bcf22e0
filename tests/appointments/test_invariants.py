"""Each invariant finds what somebody planted past the rules, and is quiet otherwise."""

from datetime import timedelta

import pytest
from django.db import connection

from agencies.models import Mall
from appointments import booking
from appointments.invariants import INVARIANTS
from appointments.models import Booking, BookingEvent, Slot
from appointments.states import Move, State
from core.proof import Scope
from queueing.invariants import verify
from tests.appointments.recipes import NIK, NINE, at, book, hold, key, make_plan, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def unguarded(hall):
    """Take away what would refuse the corruption, as a careless hand at the database might."""
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX one_open_booking_per_nik_and_family")
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(
                "ALTER TABLE appointments_slot DROP CONSTRAINT slot_online_not_overbooked"
            )
        yield
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = OFF")


@pytest.fixture
def plan(hall):
    return make_plan(hall.service)


def broken(scope=None):
    return {verdict.id for verdict in verify(scope or Scope(), INVARIANTS) if verdict.breaches}


def test_an_ordinary_day_breaks_nothing(hall, plan):
    book(hall.service, who=person(1, nik=NIK))
    booking.cancel(book(hall.service), now=at(9), key=key())
    booking.move(book(hall.service), NINE + timedelta(days=1), now=at(9), key=key())
    hold(hall.service)

    assert broken() == set()
    assert {verdict.id: verdict.checked for verdict in verify(Scope(), INVARIANTS)} == {
        "I2r": 4,
        "I3": 2,
        "I17": 3,
        "I22": 2,
        "I2p": 0,
        "I8r": 0,
        "I8p": 0,
        "I23": 0,
    }


def more_taken_than_booked():
    Slot.objects.update(booked_online=5)


def fewer_taken_than_booked():
    Slot.objects.update(booked_online=0)


def a_state_without_its_event():
    Booking.objects.update(state=State.RELEASED)


def a_life_without_a_beginning():
    BookingEvent.objects.filter(move=Move.HOLD).delete()


def a_life_without_events():
    BookingEvent.objects.all().delete()


def a_slot_without_its_event():
    found = Booking.objects.get()
    other = Slot.objects.get()
    other.pk, other.starts_at = None, other.starts_at + timedelta(hours=1)
    other.ends_at += timedelta(hours=1)
    other.save()
    Slot.objects.exclude(pk=other.pk).update(booked_online=0)
    Booking.objects.filter(pk=found.pk).update(slot=other)


@pytest.mark.parametrize(
    ("plant", "found"),
    [
        (more_taken_than_booked, {"I3"}),
        (fewer_taken_than_booked, {"I3"}),
        (a_state_without_its_event, {"I2r", "I3"}),
        (a_life_without_a_beginning, {"I2r"}),
        (a_life_without_events, {"I2r"}),
        (a_slot_without_its_event, {"I2r"}),
    ],
)
def test_a_planted_corruption_is_found(hall, plan, plant, found):
    book(hall.service)
    plant()

    assert broken() == found


def test_places_of_walk_ins_sold_to_others_are_found(hall, unguarded):
    make_plan(hall.service, online=3, walk_in=5)
    for _each in range(3):
        book(hall.service)
    Slot.objects.update(online=1)

    assert broken() == {"I3", "I22"}


def test_two_open_bookings_of_a_nik_are_found(hall, unguarded, plan):
    for number in (1, 2):
        book(hall.service, who=person(number))
    Booking.objects.update(nik_index="x" * 64)

    assert broken() == {"I17"}


def test_another_mall_is_not_looked_at(hall, plan):
    book(hall.service)
    more_taken_than_booked()
    elsewhere = Mall.objects.create(
        region=hall.mall.region, slug="lain", name="Lain", short_name="Lain", organiser="X"
    )

    assert broken(Scope(mall_id=elsewhere.pk)) == set()
    assert broken(Scope(mall_id=hall.mall.pk)) == {"I3"}
