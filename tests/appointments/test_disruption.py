from datetime import timedelta

import pytest
import time_machine

from appointments import arrivals, booking, disruption, figures, people, plans
from appointments.models import Absence, Booking, Slot
from appointments.refusals import ReasonMissing, SlotGone, WrongSpan, WrongState
from appointments.states import State
from core import memo
from tests.appointments.recipes import (
    NIK,
    NINE,
    TUESDAY,
    at,
    book,
    booked,
    hold,
    key,
    make_plan,
    person,
)
from tests.recipes import make_hall, make_officer, make_presence, make_queue, make_service

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sound")]
TEN = at(10, on=TUESDAY)
REASON = "Petugas perekaman sakit."


@pytest.fixture
def boss(hall):
    return make_officer(hall.presence)


def call_off(hall, boss, *, from_at=None, until_at=None, now=None, reason=REASON, same=None):
    return disruption.call_off(
        [hall.presence],
        from_at=from_at or at(0, on=TUESDAY),
        until_at=until_at or at(23, on=TUESDAY),
        reason=reason,
        by=boss,
        now=now or at(9),
        key=same or key(),
    )


def test_everybody_it_touches_is_offered_another_time_with_the_reason(hall, plan, boss):
    pks = [book(hall.service), book(hall.service, TEN)]
    other = book(hall.service, NINE + timedelta(days=1))

    assert call_off(hall, boss) == 2
    assert [booked(pk).state for pk in pks] == [State.CALLED_OFF] * 2
    assert booked(other).state == State.CONFIRMED
    assert {disruption.reason_of(booked(pk)) for pk in pks} == {REASON}


def test_only_the_windows_of_the_span_are_closed(hall, plan, boss):
    early, late = book(hall.service), book(hall.service, TEN)

    call_off(hall, boss, from_at=TEN, until_at=at(11, on=TUESDAY))

    assert (booked(early).state, booked(late).state) == (State.CONFIRMED, State.CALLED_OFF)
    _monday, found, *_later = figures.days(plans.bookable(hall.service.pk), now=at(9))
    assert [choice.starts_at for choice in found.choices] == [NINE, at(11, on=TUESDAY)]


def test_a_closed_window_takes_nobody(hall, plan, boss):
    book(hall.service)
    call_off(hall, boss)

    for starts_at in (NINE, TEN):
        with pytest.raises(SlotGone):
            hold(hall.service, starts_at)
    assert Slot.objects.get().booked_online == 0


def test_another_agency_goes_on(hall, plan, boss):
    service = make_service(make_queue(make_presence(hall.mall, "Dinas Lain"), "B"))
    other = make_plan(service, family="lain")
    hall.counters[0].days.update(presence=service.presence)
    memo.clear_all()
    pk = book(other.service)
    call_off(hall, boss)

    assert booked(pk).state == State.CONFIRMED


def test_who_is_offered_another_time_moves_with_the_same_code(hall, plan, boss):
    pk = book(hall.service, who=person(1, nik=NIK))
    code = booked(pk).code
    call_off(hall, boss)

    booking.move(pk, NINE + timedelta(days=1), now=at(9), key=key())

    assert (booked(pk).state, booked(pk).code) == (State.CONFIRMED, code)


def test_or_reads_where_else_there_is_a_place(client, hall, plan, boss):
    twin = make_hall(slug="mpp-lain")
    make_plan(twin.service)
    pk = book(hall.service)
    call_off(hall, boss)
    with time_machine.travel(at(9), tick=False):
        page = client.get(f"/reservasi/{people.link(booked(pk))}/").content.decode()

    assert ("Pilih waktu pengganti" in page, "Di mal lain" in page, REASON in page) == (True,) * 3


def test_or_lets_it_be(hall, plan, boss):
    pk = book(hall.service)
    call_off(hall, boss)
    booking.cancel(pk, now=at(9), key=key())

    assert booked(pk).state == State.CANCELLED


def test_without_an_answer_the_office_cancels_and_nobody_is_blamed(hall, plan, boss):
    pk = book(hall.service)
    call_off(hall, boss)

    assert disruption.cancel_unanswered(now=at(8, 59, on=TUESDAY)) == 0
    assert disruption.cancel_unanswered(now=NINE) == 1
    assert (booked(pk).state, disruption.reason_of(booked(pk))) == (State.CANCELLED, REASON)
    assert arrivals.miss(now=at(16, on=TUESDAY)) == 0


def test_who_is_called_off_in_the_morning_still_has_a_day_to_choose(hall, plan, boss):
    pk = book(hall.service)
    call_off(hall, boss, now=NINE + timedelta(minutes=10), from_at=NINE)
    later = NINE + timedelta(hours=23)

    assert disruption.cancel_unanswered(now=later) == 0
    booking.move(pk, at(10, on=TUESDAY + timedelta(days=2)), now=later, key=key())
    assert booked(pk).state == State.CONFIRMED


def test_an_agency_that_is_back_opens_its_windows_again(hall, plan, boss):
    book(hall.service)
    call_off(hall, boss)
    disruption.end(Absence.objects.get(), now=at(9))

    assert booked(hold(hall.service)).state == State.HELD
    assert Absence.objects.count() == 0


def test_a_copy_of_the_act_calls_nobody_off_twice(hall, plan, boss):
    book(hall.service)
    same = key()

    assert [call_off(hall, boss, same=same) for _copy in range(2)] == [1, 1]
    assert Absence.objects.count() == 1


def test_who_came_already_is_not_touched(hall, plan, boss):
    pk = book(hall.service)
    arrivals.arrive(pk, now=NINE, key=key())

    assert call_off(hall, boss, now=NINE) == 0
    assert booked(pk).state == State.ARRIVED


def test_nobody_comes_for_a_window_that_was_called_off(hall, plan, boss):
    pk = book(hall.service)
    call_off(hall, boss)

    with pytest.raises(WrongState):
        arrivals.arrive(pk, now=NINE, key=key())


def test_what_was_booked_meanwhile_is_called_off_too(hall, plan, boss):
    call_off(hall, boss)
    Absence.objects.update(until_at=at(1, on=TUESDAY))
    memo.clear_all()
    pk = book(hall.service)
    Absence.objects.update(until_at=at(23, on=TUESDAY))

    assert disruption.catch_up(now=at(9)) == 1
    assert booked(pk).state == State.CALLED_OFF


@pytest.mark.parametrize("resting", ["service", "queue", "presence"])
def test_what_rests_meanwhile_is_called_off_and_says_so(hall, plan, resting):
    pk, row = book(hall.service), getattr(hall, resting)
    row.is_active = False
    row.save()

    assert disruption.catch_up(now=at(9)) == 1
    assert booked(pk).state == State.CALLED_OFF
    assert disruption.reason_of(booked(pk)) == "Layanan ini sedang tidak dibuka di mal ini."


def test_what_rests_takes_no_other_service_with_it(hall, plan):
    other = make_service(make_queue(hall.presence, "B"))
    pk = book(make_plan(other, family="lain").service)
    hall.service.is_active = False
    hall.service.save()

    assert disruption.catch_up(now=at(9)) == 0
    assert booked(pk).state == State.CONFIRMED


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"reason": "  "}, ReasonMissing),
        ({"until_at": at(8)}, WrongSpan),
        ({"from_at": TEN, "until_at": NINE}, WrongSpan),
    ],
)
def test_it_needs_a_reason_and_a_span_to_come(hall, plan, boss, more, refusal):
    book(hall.service)

    with pytest.raises(refusal):
        call_off(hall, boss, **more)
    assert Booking.objects.filter(state=State.CALLED_OFF).count() == 0
