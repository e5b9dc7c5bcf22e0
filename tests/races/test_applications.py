"""Many wait for the same places, enter the same draw, and answer the same offer at once."""

import time
from itertools import count

import pytest
from django.db import connection

from appointments import applications, booking, draws, moves, people, returns, waitlist
from appointments.application_states import OPEN, Move, State
from appointments.applications import Wish
from appointments.models import Application, ApplicationEvent, Booking, Draw, ReturningPlace, Slot
from appointments.refusals import AlreadyBooked, OfferOver, SlotFull, TooMany, WrongState
from appointments.states import TAKES_PLACE, Mode
from appointments.states import State as BookingState
from tests.appointments.recipes import (
    NIK,
    NINE,
    TUESDAY,
    book,
    enter,
    hold,
    key,
    make_plan,
    offer_of,
    person,
    wait,
)
from tests.races.applying import DRAWN, at_once, draw_of, is_broken, made, statements_alone
from tests.races.crowd import errors, together
from tests.recipes import at

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
HOURS = (9, 10, 11)
numbers = count(1)


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    """The random moment of each place has come as soon as it is given up."""
    monkeypatch.setattr(returns, "moment", lambda now, *_where, **_how: now)


@pytest.fixture
def service(hall):
    """One place in each window."""
    make_plan(hall.service, online=1)
    return hall.service


@pytest.fixture
def drawing(hall):
    """Two places in each window, given away by a draw."""
    make_plan(hall.service, online=2, mode=Mode.DRAW)
    return hall.service


def given_up(service, starts_at, *, waiting):
    """A place that comes back, and so many who wait for it."""
    pk = book(service, starts_at, who=person(1000 + next(numbers)))
    hour = int(starts_at.hour)
    rows = [
        wait(service, on=starts_at.date(), hours=(hour,), number=next(numbers))
        for _each in range(waiting)
    ]
    booking.cancel(pk, now=at(9), key=key())
    return [row.pk for row in rows]


def offered(service, starts_at):
    """Somebody with an offer, and the next who would get it."""
    pks = given_up(service, starts_at, waiting=2)
    waitlist.work(now=at(9))
    return pks


def state_of(pk):
    return State(Application.objects.get(pk=pk).state)


# --- sweeps ---------------------------------------------------------------------------------------


def crowded(service):
    """Six places promised, eight people wait for any of them, five places are given up."""
    service.plan.windows.update(online=2)
    full = [
        book(service, at(hour, on=TUESDAY), who=person(1000 + next(numbers)))
        for hour in HOURS
        for _place in range(2)
    ]
    for _each in range(8):
        wait(service, number=next(numbers))
    for pk in full[:5]:
        booking.cancel(pk, now=at(9), key=key())


def sweep():
    return waitlist.work(now=at(9))


def test_ten_sweeps_offer_every_returned_place_once(service):
    crowded(service)

    results = together(*[sweep] * 10)
    assert errors(results) == []
    # Who was passed over because another sweep had them in hand is asked by the next.
    again = sweep()

    assert sum(results) + again == made(Move.OFFER) == 5
    rows = Application.objects.filter(state=State.OFFERED)
    assert len({row.booking_id for row in rows}) == len(rows) == 5
    assert Application.objects.filter(state=State.WAITING).count() == 3
    assert not ReturningPlace.objects.exists()
    assert set(Slot.objects.values_list("booked_online", "online")) == {(2, 2)}


def test_twin_sweeps_that_lock_nothing_give_a_place_twice(service, guard_off):
    crowded(service)
    statements_alone(guard_off)
    at_once(guard_off, waitlist, "_first")

    results = together(sweep, sweep)

    assert is_broken() or errors(results)


def test_sweeps_that_find_offers_over_hand_each_on_once(service):
    pairs = [offered(service, at(hour, on=TUESDAY)) for hour in HOURS]

    results = together(*[lambda: waitlist.work(now=at(12))] * 10)

    assert (errors(results), made(Move.LAPSE), made(Move.OFFER)) == ([], 3, 6)
    assert {state_of(first) for first, _second in pairs} == {State.ENDED}  # its only window
    assert {state_of(second) for _first, second in pairs} == {State.OFFERED}
    assert set(Slot.objects.values_list("booked_online", flat=True)) == {1}


def test_places_come_back_to_who_waits_while_strangers_ask_for_them(service):
    rows = [given_up(service, at(hour, on=TUESDAY), waiting=1)[0] for hour in HOURS]

    asked = [lambda hour=hour: hold(service, at(hour, on=TUESDAY)) for hour in HOURS] * 4
    results = together(*asked, *[sweep] * 4)
    sweep()

    assert {type(error) for error in errors(results)} == {SlotFull}
    assert len(errors(results)) == len(asked)
    assert {state_of(pk) for pk in rows} == {State.OFFERED}


# --- answers to one offer -------------------------------------------------------------------------


def accept(pk, offer):
    return waitlist.accept(pk, offer, now=at(11, 59), key=key())


def decline(pk, offer):
    return waitlist.decline(pk, offer, now=at(11, 59), key=key())


def withdraw(pk, _offer):
    return waitlist.withdraw(pk, now=at(11, 59), key=key())


def lapse(_pk, _offer):
    return waitlist.lapse(now=at(12))


def taken(starts_at):
    """How many places the slot counts, and how many bookings have one."""
    slot = Slot.objects.get(starts_at=starts_at)
    return slot.booked_online, slot.bookings.filter(state__in=TAKES_PLACE).count()


@pytest.mark.parametrize("other", [lapse, decline, withdraw])
def test_an_offer_is_taken_or_given_back_but_not_both(service, other):
    for hour in HOURS:
        starts_at = at(hour, on=TUESDAY)
        first, second = offered(service, starts_at)
        mine = (first, offer_of(first))
        results = together(lambda mine=mine: accept(*mine), lambda mine=mine: other(*mine))
        sweep()

        is_taken = not isinstance(results[0], Exception)
        is_given_back = not isinstance(results[1], Exception) and results[1] != 0
        assert {type(error) for error in errors(results)} <= {OfferOver, WrongState}
        assert is_taken != is_given_back
        assert (state_of(first) == State.PLACED) == is_taken
        assert (state_of(second) == State.OFFERED) == is_given_back
        assert taken(starts_at) == (1, 1)
        end(second)


def end(pk):
    """Nobody of this round answers in the next."""
    waitlist.withdraw(pk, now=at(9), key=key())


@pytest.mark.parametrize("other", [decline, withdraw])
def test_an_offer_that_is_over_and_given_back_goes_on_once(service, other):
    for hour in HOURS:
        starts_at = at(hour, on=TUESDAY)
        first, second = offered(service, starts_at)
        mine = (first, offer_of(first))
        results = together(lambda mine=mine: other(*mine), lambda mine=mine: lapse(*mine))
        sweep()

        assert {type(error) for error in errors(results)} <= {OfferOver, WrongState}
        assert state_of(first) in {State.ENDED, State.WITHDRAWN}
        assert (state_of(second), taken(starts_at)) == (State.OFFERED, (1, 1))
        end(second)


@pytest.mark.parametrize("other", [lapse, decline, withdraw])
def test_twin_an_application_without_its_lock_is_taken_and_given_back(service, guard_off, other):
    first, _second = offered(service, NINE)
    place = Application.objects.get(pk=first).booking_id
    statements_alone(guard_off)
    at_once(guard_off, applications, "locked")
    let_go = booking.let_go

    def let_go_last(*args, **more):
        time.sleep(0.3)
        return let_go(*args, **more)

    guard_off.setattr(booking, "let_go", let_go_last)

    together(lambda: accept(first, place), lambda: other(first, place))

    found = set(Application.objects.get(pk=first).events.values_list("move", flat=True))
    assert found & {Move.LAPSE, Move.DECLINE, Move.WITHDRAW}
    assert Booking.objects.get(pk=place).state == BookingState.CONFIRMED


# --- people ---------------------------------------------------------------------------------------


@pytest.fixture
def full(service):
    return [book(service, at(hour, on=TUESDAY), who=person(900 + hour)) for hour in HOURS]


def joins(service, *crowd):
    return [lambda who=who: wait(service, who=who) for who in crowd]


def niks(phones):
    return [person(number, nik=NIK) for number in range(1, phones + 1)]


def open_ones():
    return Application.objects.filter(state__in=OPEN).count()


def test_one_nik_on_ten_phones_waits_once(service, full):
    results = together(*joins(service, *niks(10)))

    assert {type(error) for error in errors(results)} == {AlreadyBooked}
    assert (len(errors(results)), open_ones()) == (9, 1)


def test_one_nik_enters_a_draw_once_and_leaves_no_gap(drawing):
    results = together(*[lambda who=who: enter(drawing, on=DRAWN, who=who) for who in niks(10)])

    assert {type(error) for error in errors(results)} == {AlreadyBooked}
    assert (open_ones(), Draw.objects.get(date=DRAWN).applied) == (1, 1)


@pytest.fixture
def no_nik_constraint(request, transactional_db):
    """A statement about the table outlives a test that commits: it is made again."""
    name = "one_open_application_per_nik_and_family"
    constraint = next(each for each in Application._meta.constraints if each.name == name)
    with connection.schema_editor() as editor:
        editor.remove_constraint(Application, constraint)
    yield
    ApplicationEvent.objects.all().delete()
    Application.objects.all().delete()
    with connection.schema_editor() as editor:
        editor.add_constraint(Application, constraint)


def test_twin_without_the_constraint_one_nik_waits_twice(
    service, full, guard_off, no_nik_constraint
):
    together(*joins(service, *niks(2)))

    assert open_ones() == 2


def test_four_of_one_phone_are_three(service, full):
    results = together(*joins(service, *[person(1)] * 4))

    assert {type(error) for error in errors(results)} <= {AlreadyBooked, TooMany}
    for _again in range(4 - open_ones()):  # two who took the same of the three try again
        together(*joins(service, person(1)))
    assert open_ones() == 3


def test_twin_places_of_a_phone_counted_blindly_refuse_who_may(service, full, guard_off):
    guard_off.setattr(people, "phone_place", lambda _index, _among: 1)

    together(*joins(service, *[person(1)] * 4))

    assert open_ones() == 1


# --- copies ---------------------------------------------------------------------------------------


def joined(service, same):
    return waitlist.join(service.pk, Wish(TUESDAY, (NINE,)), person(1), now=at(9), key=same)


def entered(service, same):
    wish = Wish(DRAWN, (at(9, on=DRAWN),))
    return draws.enter(service.pk, wish, person(1), now=at(9), key=same)


def test_ten_copies_of_a_join_wait_once(service, full):
    same = key()
    results = together(*[lambda: joined(service, same)] * 10)

    assert (errors(results), len(set(results)), Application.objects.count()) == ([], 1, 1)


def test_ten_copies_of_an_entry_have_one_number(drawing):
    same = key()
    results = together(*[lambda: entered(drawing, same)] * 10)

    assert (errors(results), len(set(results))) == ([], 1)
    assert draw_of(drawing).applied == Application.objects.count() == 1


def test_ten_copies_of_an_acceptance_are_one_booking(service):
    first, _second = offered(service, NINE)
    same, offer = key(), offer_of(first)
    copies = [lambda: waitlist.accept(first, offer, now=at(10), key=same)] * 10
    results = together(*copies)

    assert (errors(results), len(set(results)), made(Move.ACCEPT)) == ([], 1, 1)


def test_ten_copies_of_a_decline_leave_the_next_offer_alone(service):
    """The second window comes back meanwhile: a copy must not decline that one as well."""
    tens = book(service, at(10, on=TUESDAY), who=person(901))
    nines = book(service, NINE, who=person(902))
    row = wait(service, hours=(9, 10), number=1)
    booking.cancel(nines, now=at(9), key=key())
    sweep()
    booking.cancel(tens, now=at(9), key=key())
    same, offer = key(), offer_of(row.pk)
    copies = [lambda: waitlist.decline(row.pk, offer, now=at(10), key=same)] * 6

    results = together(*copies, *[sweep] * 4)
    sweep()

    assert (errors(results), made(Move.DECLINE), made(Move.OFFER)) == ([], 1, 2)
    assert state_of(row.pk) == State.OFFERED


def test_twin_copies_without_the_claim_wait_twice(service, full, guard_off):
    guard_off.setattr(moves, "once", lambda _scope, _key, _what, act, now: (act(), True))
    same = key()

    for _copy in range(2):
        joined(service, same)

    assert Application.objects.count() == 2
