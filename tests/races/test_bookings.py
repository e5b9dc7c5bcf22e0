"""Many people want the same places at once."""

import time

import pytest
from django.db import IntegrityError

from appointments import arrivals, booking, ledger, moves, people
from appointments.models import Booking, Slot
from appointments.refusals import AlreadyBooked, HoldOver, SlotFull, TooMany, WrongState
from appointments.states import TAKES_PLACE, Move, State
from core import sql
from queueing import tickets
from tests.appointments.recipes import NIK, NINE, TUESDAY, book, hold, make_plan, person
from tests.races.crowd import broken_within, errors, processes, together
from tests.recipes import at, key

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
TEN = at(10, on=TUESDAY)


@pytest.fixture
def plan(hall):
    return make_plan(hall.service)


def statements_alone(guard_off):
    """Take the transaction and the claim away: every statement stands alone, no lock lasts."""
    alone = lambda _scope, _key, _what, act, now: (act(), True)  # noqa: E731
    guard_off.setattr(moves, "once", alone)
    guard_off.setattr(tickets, "once", alone)


def test_a_hundred_people_for_ten_places_are_ten(hall, plan):
    results = together(*[lambda: hold(hall.service)] * 100)

    assert {type(error) for error in errors(results)} == {SlotFull}
    assert len(errors(results)) == 90
    assert (Slot.objects.get().booked_online, Booking.objects.count()) == (10, 10)


def test_four_processes_sell_ten_places_ten_times(hall, plan):
    service = hall.service.pk
    booked = processes(
        *[{"act": "book", "service": service, "first": 100 * n, "times": 10} for n in range(1, 5)]
    )

    assert sum(map(len, booked)) == 10
    assert Slot.objects.get().booked_online == 10


def test_twin_places_counted_before_they_are_taken_are_sold_twice(hall, plan, guard_off):
    """Without the guarded statement only the constraint is left, and people see its error."""
    make_plan_small(plan)

    def counted(wanted, share):
        slot = Slot.objects.filter(starts_at=wanted.slot.starts_at).first()
        if slot is not None and slot.booked_online >= slot.online:
            return None
        time.sleep(0.01)
        take = "UPDATE appointments_slot SET booked_online = booked_online + 1 WHERE id = %(id)s"
        sql.rows(take, id=slot.pk)
        return slot.pk

    hold(hall.service)
    guard_off.setattr(ledger, "take", counted)
    statements_alone(guard_off)

    def goes_wrong():
        Slot.objects.update(booked_online=0)
        refused = errors(together(*[lambda: hold(hall.service)] * 12))
        return any(isinstance(error, IntegrityError) for error in refused)

    assert broken_within(10, goes_wrong)


def make_plan_small(plan):
    plan.windows.update(online=2)


def test_ten_copies_of_a_hold_are_one_place(hall, plan):
    same = key()
    results = together(*[lambda: booking.hold(hall.service.pk, NINE, now=at(9), key=same)] * 10)

    assert (errors(results), len(set(results))) == ([], 1)
    assert Slot.objects.get().booked_online == 1


def test_one_nik_on_ten_phones_has_one_booking(hall, plan):
    held = [hold(hall.service) for _each in range(10)]
    results = together(
        *[
            lambda pk=pk: booking.confirm(pk, person(pk, nik=NIK), now=at(9), key=key())
            for pk in held
        ]
    )

    assert {type(error) for error in errors(results)} == {AlreadyBooked}
    assert Booking.objects.filter(state=State.CONFIRMED).count() == 1


def test_one_phone_has_three_bookings_whatever_is_pressed_at_once(hall, plan):
    held = [hold(hall.service) for _each in range(9)]
    results = together(
        *[lambda pk=pk: booking.confirm(pk, person(1), now=at(9), key=key()) for pk in held]
    )

    assert {type(error) for error in errors(results)} <= {AlreadyBooked, TooMany}
    assert Booking.objects.filter(state=State.CONFIRMED).count() <= 3


def test_twin_places_of_a_phone_taken_blindly_refuse_somebody_who_may(hall, plan, guard_off):
    guard_off.setattr(people, "phone_place", lambda *_asked: 1)
    book(hall.service, who=person(1))

    with pytest.raises(AlreadyBooked):
        book(hall.service, who=person(1))


def test_people_who_change_places_lose_none_and_wait_in_no_ring(hall, plan):
    early = [book(hall.service, NINE) for _each in range(8)]
    late = [book(hall.service, TEN) for _each in range(8)]
    changes = [(pk, TEN) for pk in early] + [(pk, NINE) for pk in late]
    results = together(
        *[lambda pk=pk, to=to: booking.move(pk, to, now=at(9), key=key()) for pk, to in changes]
    )

    assert {type(error) for error in errors(results)} <= {SlotFull}
    assert Booking.objects.filter(state=State.CONFIRMED).count() == 16


def unlocked(pk):
    """The booking as it stands a moment ago: no lock keeps others from it."""
    found = Booking.objects.select_related("slot", "service__presence", "ticket").get(pk=pk)
    time.sleep(0.05)
    return found


def test_twin_who_gives_the_old_place_up_first_may_have_none(hall, plan, guard_off):
    plan.windows.update(online=1)
    mine = book(hall.service, NINE)
    book(hall.service, TEN)
    take = ledger.take

    def let_go_first(wanted, share):
        """The order that loses: somebody else is quicker at the place just given up."""
        ledger.free(Booking.objects.get(pk=mine).slot_id, share)
        guard_off.setattr(ledger, "take", take)
        hold(hall.service, NINE)
        return take(wanted, share)

    guard_off.setattr(ledger, "take", let_go_first)
    guard_off.setattr(moves, "locked", unlocked)
    statements_alone(guard_off)

    with pytest.raises(SlotFull):
        booking.move(mine, TEN, now=at(9), key=key())
    assert Booking.objects.filter(slot__starts_at=NINE, state__in=TAKES_PLACE).count() == 2


def test_a_hold_is_confirmed_or_given_back_but_not_both(hall, plan):
    for _round in range(10):
        pk = hold(hall.service, now=at(8))
        results = together(
            lambda pk=pk: booking.confirm(pk, person(pk), now=at(8, 10), key=key()),
            lambda: booking.release_held(now=at(8, 10)),
        )
        state = Booking.objects.get(pk=pk).state
        assert {type(error) for error in errors(results)} <= {HoldOver}
        assert state in {State.CONFIRMED, State.RELEASED}
        assert (state == State.RELEASED) == bool(errors(results))


def test_an_arrival_and_a_cancelling_are_one_of_both(hall, plan):
    for _round in range(5):
        pk = book(hall.service)
        results = together(
            lambda pk=pk: arrivals.arrive(pk, now=NINE, key=key()),
            lambda pk=pk: booking.cancel(pk, now=NINE, key=key()),
        )
        assert [type(error) for error in errors(results)] == [WrongState]


def test_twin_a_booking_without_its_lock_arrives_and_is_cancelled(hall, plan, guard_off):
    guard_off.setattr(moves, "locked", unlocked)
    statements_alone(guard_off)

    def goes_wrong():
        pk = book(hall.service)
        together(
            lambda: arrivals.arrive(pk, now=NINE, key=key()),
            lambda: booking.cancel(pk, now=NINE, key=key()),
        )
        made = set(Booking.objects.get(pk=pk).events.values_list("move", flat=True))
        return {Move.ARRIVE, Move.CANCEL} <= made

    assert broken_within(5, goes_wrong)
