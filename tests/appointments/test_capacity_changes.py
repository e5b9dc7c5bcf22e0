"""Reservations stand whatever becomes of the plan that they were made by."""

import pytest

from appointments import booking, capacity
from appointments.models import Slot
from appointments.refusals import SlotFull
from appointments.states import State
from core import memo
from tests.appointments.recipes import at, book, booked, come_back, hold, key, make_plan

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sound")]


def test_lowered_capacity_keeps_promises_and_sells_no_more(hall, plan):
    pks = [book(hall.service) for _each in range(3)]
    plan.windows.update(online=1)
    memo.clear_all()

    assert capacity.follow_plan(hall.service.pk, now=at(9)) == 1
    with pytest.raises(SlotFull):
        hold(hall.service)
    assert {booked(pk).state for pk in pks} == {State.CONFIRMED}


def test_raised_capacity_is_sold_at_once(hall):
    plan = make_plan(hall.service, online=1)
    hold(hall.service)
    plan.windows.update(online=2)
    memo.clear_all()
    capacity.follow_plan(hall.service.pk, now=at(9))

    assert booked(hold(hall.service)).state == State.HELD


def test_a_place_given_back_beyond_a_lowered_capacity_is_not_sold_again(hall, plan):
    pks = [book(hall.service) for _each in range(3)]
    plan.windows.update(online=2)
    memo.clear_all()
    capacity.follow_plan(hall.service.pk, now=at(9))
    booking.cancel(pks[0], now=at(9), key=key())
    come_back()

    assert Slot.objects.get().online == 2
    with pytest.raises(SlotFull):
        hold(hall.service)


def test_a_place_given_back_never_raises_what_has_just_been_lowered(hall, plan):
    pk = book(hall.service)
    plan.windows.update(online=1)  # another process: nothing is forgotten here
    capacity.follow_plan(hall.service.pk, now=at(9))
    booking.cancel(pk, now=at(9), key=key())
    come_back()

    assert Slot.objects.get().online == 1


def test_slots_made_by_an_old_memory_are_mended(hall, plan):
    hold(hall.service)
    Slot.objects.update(online=9)

    assert capacity.follow_lately(now=at(9)) == 0
    assert Slot.objects.get().online == 10


def test_a_window_taken_out_of_the_plan_keeps_who_has_booked(hall, plan):
    pk = book(hall.service)
    plan.windows.all().delete()
    memo.clear_all()

    assert capacity.follow_plan(hall.service.pk, now=at(9)) == 1
    assert (booked(pk).state, Slot.objects.get().online) == (State.CONFIRMED, 1)
