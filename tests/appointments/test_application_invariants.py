"""Each invariant of applications and draws finds what somebody planted past the rules."""

from datetime import timedelta

import pytest
from django.db import connection

from agencies.models import Mall
from appointments import booking, draws, waitlist
from appointments.application_states import Move, State
from appointments.models import Application, Draw
from appointments.states import Mode
from core.proof import Scope
from mpp.invariants import ALL
from queueing.invariants import verify
from tests.appointments.forging import another_digest, broken, wrote
from tests.appointments.recipes import (
    NIK,
    NINE,
    TUESDAY,
    at,
    book,
    come_back,
    enter,
    hold,
    key,
    make_plan,
    offer_of,
    person,
    wait,
)
from tests.recipes import MONDAY, make_hall

pytestmark = pytest.mark.django_db
DRAWN = MONDAY + timedelta(days=14)
CLOSED = at(8, on=MONDAY + timedelta(days=1))
INDEXES = (
    "one_open_application_per_nik_and_family",
    "open_applications_of_a_phone_have_places",
)
CHECK = "application_event_is_a_legal_move"


@pytest.fixture
def unguarded(hall):
    """Take away what would refuse the corruption, as a careless hand at the database might."""
    with connection.cursor() as cursor:
        for name in INDEXES:
            cursor.execute(f"DROP INDEX {name}")
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE appointments_applicationevent DROP CONSTRAINT {CHECK}")
        yield
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = OFF")


@pytest.fixture
def service(hall):
    """One place in each window of Tuesday, all of them promised."""
    make_plan(hall.service, online=1)
    for hour in (9, 10, 11):
        book(hall.service, at(hour, on=TUESDAY), who=person(900 + hour))
    return hall.service


@pytest.fixture
def waiting(service):
    return wait(service, number=1)


@pytest.fixture
def offered(service, waiting):
    """The place at nine is given up and offered."""
    return offer(service, waiting)


def offer(service, row, hour=9):
    found = service.bookings.get(slot__starts_at=at(hour, on=TUESDAY))
    booking.cancel(found.pk, now=at(9), key=key())
    come_back()
    row.refresh_from_db()
    assert row.state == State.OFFERED
    return row


@pytest.fixture
def drawn():
    """Five people for three places of another hall, drawn and handed out."""
    hall = make_hall(slug="mpp-undi")
    make_plan(hall.service, online=1, mode=Mode.DRAW)
    for number in range(11, 16):
        enter(hall.service, on=DRAWN, number=number)
    draws.work(now=CLOSED)
    return Draw.objects.get(service=hall.service, date=DRAWN)


def said(invariant):
    """What is said of the only breach."""
    verdict = next(each for each in verify(Scope(), ALL) if each.id == invariant)
    (example,) = verdict.examples
    return example


def test_an_ordinary_day_breaks_nothing(service, offered, drawn):
    waitlist.accept(offered.pk, offer_of(offered.pk), now=at(10), key=key())
    waitlist.withdraw(wait(service, number=2).pk, now=at(9), key=key())
    third = offer(service, wait(service, number=3), hour=10).pk
    waitlist.decline(third, offer_of(third), now=at(9), key=key())

    checked = {verdict.id: verdict.checked for verdict in verify(Scope(), ALL)}

    assert broken() == set()
    assert (checked["I2p"], checked["I23"]) == (8, 1)


def a_state_without_its_event(row):
    Application.objects.update(state=State.WITHDRAWN)


def an_event_without_its_state(row):
    wrote(row, Move.WITHDRAW, State.WAITING, State.WITHDRAWN)


def a_life_without_events(row):
    row.events.all().delete()


def a_life_that_begins_in_its_middle(row):
    row.events.all().delete()
    wrote(row, Move.LOSE, State.APPLIED, State.WAITING)


def a_life_that_begins_twice(row):
    wrote(row, Move.JOIN, None, State.WAITING)


def a_move_from_where_it_was_not(row):
    wrote(row, Move.END, State.APPLIED, State.ENDED)
    Application.objects.update(state=State.ENDED)


def a_move_that_is_none(row):
    """It leads from where it was to where it is, but the table does not have it."""
    wrote(row, Move.ACCEPT, State.WAITING, State.ENDED)
    Application.objects.update(state=State.ENDED)


def an_offer_that_nobody_made(row):
    Application.objects.update(offers=1)


@pytest.mark.parametrize(
    ("plant", "found"),
    [
        (a_state_without_its_event, "not in the state of its last event"),
        (an_event_without_its_state, "not in the state of its last event"),
        (a_life_without_events, "without an event"),
        (a_life_that_begins_in_its_middle, "did not begin as one begins"),
        (a_life_that_begins_twice, "began twice"),
        (a_move_from_where_it_was_not, "moved from a state it was not in"),
        (a_move_that_is_none, "with a move that is not in the table"),
        (an_offer_that_nobody_made, "offered 0 times"),
    ],
)
def test_a_life_that_went_otherwise_is_found(waiting, unguarded, plant, found):
    plant(waiting)

    assert broken() == {"I2p"}
    assert said("I2p").endswith(found)


def an_offer_not_counted(row):
    Application.objects.update(offers=0)


def an_offer_counted_twice(row):
    Application.objects.update(offers=2)


def an_offer_without_its_event(row):
    row.events.filter(move=Move.OFFER).delete()
    Application.objects.update(state=State.WAITING, booking=None)


@pytest.mark.parametrize(
    ("plant", "found"),
    [
        (an_offer_not_counted, "offered 1 times"),
        (an_offer_counted_twice, "offered 1 times"),
        (an_offer_without_its_event, "offered 0 times"),
    ],
)
def test_offers_that_are_not_those_of_the_events_are_found(offered, plant, found):
    plant(offered)

    assert broken() == {"I2p"}
    assert said("I2p").endswith(found)


# --- bookings of applications -----------------------------------------------------------------------


def test_an_offer_promised_to_somebody_else_is_found(offered):
    booking.confirm(offered.booking_id, person(77), now=at(9), key=key())

    assert broken() == {"I2p"}
    assert said("I2p").endswith("has a booking it should not")


def test_a_place_that_is_only_held_is_no_place(hall, service, offered):
    waitlist.accept(offered.pk, offer_of(offered.pk), now=at(9), key=key())
    held = hold(hall.service, NINE + timedelta(days=1))
    Application.objects.update(booking=held)

    assert broken() == {"I2p"}


def test_a_booking_of_another_service_is_found(offered):
    other = make_hall(slug="mpp-lain")
    make_plan(other.service)
    Application.objects.update(booking=hold(other.service))

    assert broken() == {"I2p"}
    assert said("I2p").endswith("has a booking it should not")


# --- people ---------------------------------------------------------------------------------------


def test_two_open_applications_of_a_nik_are_found(service, unguarded):
    for number in (1, 2):
        wait(service, who=person(number))
    Application.objects.update(nik_index="x" * 64)

    assert broken() == {"I2p"}
    assert said("I2p").endswith("2 open by one NIK")


def test_four_open_applications_of_a_phone_are_found(service, unguarded):
    for number in range(1, 5):
        wait(service, who=person(number))
    Application.objects.update(phone_index="x" * 64)

    assert broken() == {"I2p"}
    assert said("I2p").endswith("4 open by one phone")


def test_what_is_closed_is_not_counted(service, unguarded):
    for number in range(1, 6):
        waitlist.withdraw(wait(service, who=person(number, nik=NIK)).pk, now=at(9), key=key())

    assert broken() == set()


# --- where it is looked -----------------------------------------------------------------------------


def test_another_mall_is_not_looked_at(hall, service, offered, drawn):
    Application.objects.update(offers=2)
    another_digest(drawn)
    elsewhere = Mall.objects.create(
        region=hall.mall.region, slug="lain", name="Lain", short_name="Lain", organiser="X"
    )

    assert broken(Scope(mall_id=elsewhere.pk)) == set()
    assert broken(Scope(mall_id=hall.mall.pk)) == {"I2p"}
    assert broken(Scope(mall_id=drawn.service.presence.mall_id)) == {"I2p", "I23"}


def test_two_phones_of_two_malls_are_not_looked_at_from_a_third(hall, service, unguarded):
    for number in range(1, 5):
        wait(service, who=person(number))
    Application.objects.update(phone_index="x" * 64, nik_index="y" * 64)
    third = make_hall(slug="mpp-tiga")

    assert broken(Scope(mall_id=third.mall.pk)) == set()
    assert broken(Scope(mall_id=hall.mall.pk)) == {"I2p"}


def test_what_is_older_than_asked_for_is_not_looked_at(service, offered, drawn):
    Application.objects.update(offers=2)
    another_digest(drawn)

    assert broken(Scope(since=TUESDAY + timedelta(days=1))) == {"I2p", "I23"}
    assert broken(Scope(since=DRAWN)) == {"I2p", "I23"}
    assert broken(Scope(since=DRAWN + timedelta(days=1))) == set()
