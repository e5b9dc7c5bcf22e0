"""A place given up comes back at a moment nobody knows, to whoever waits first."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from appointments import booking, capacity, figures, plans, returns, slots, waitlist
from appointments.application_states import State
from appointments.models import ReturningPlace, Slot
from core import memo
from core.proof import Scope
from mpp.invariants import ALL
from queueing.invariants import verify
from tests.appointments.recipes import (
    NIK,
    NINE,
    TUESDAY,
    at,
    book,
    hold,
    key,
    make_plan,
    person,
    wait,
)
from tests.appointments.waiting import again, cancel, given_up
from tests.recipes import make_hall

pytestmark = pytest.mark.django_db
WIB = ZoneInfo("Asia/Jakarta")


@pytest.fixture
def service():
    hall = make_hall()
    make_plan(hall.service, online=1)
    yield hall.service
    assert [verdict for verdict in verify(Scope(), ALL) if verdict.breaches] == []


@pytest.fixture
def full(service):
    """One place in each window of Tuesday, all of them promised."""
    return [book(service, at(hour, on=TUESDAY), who=person(900 + hour)) for hour in (9, 10, 11)]


def test_a_place_given_up_comes_back_at_a_moment_nobody_knows(service, full):
    given_up(full[0])

    place = ReturningPlace.objects.get()
    assert at(9) <= place.returns_at <= at(21)
    with pytest.raises(booking.SlotFull):
        hold(service, NINE)
    waitlist.work(now=place.returns_at - timedelta(seconds=1))
    with pytest.raises(booking.SlotFull):
        hold(service, NINE, now=place.returns_at - timedelta(seconds=1))
    waitlist.work(now=place.returns_at)
    assert hold(service, NINE, now=place.returns_at)


def test_nobody_who_has_just_begun_to_wait_gets_a_place_at_the_moment_it_is_given_up(service, full):
    friend = wait(service)
    given_up(full[0])
    place = ReturningPlace.objects.get()

    assert waitlist.work(now=at(9)) == 0
    assert waitlist.work(now=place.returns_at) == 1
    assert again(friend).state == State.OFFERED


def test_what_is_free_again_belongs_to_whoever_waits(service, full):
    first = wait(service, hours=(9,))
    service.plan.windows.update(online=2)
    memo.clear_all()
    capacity.follow_plan(service.pk, now=at(9))

    with pytest.raises(booking.SlotFull):
        hold(service, NINE)
    assert hold(service, at(10, on=TUESDAY))  # nobody waits for that
    assert waitlist.work(now=at(9)) == 1
    assert again(first).booking.slot.starts_at == NINE


def test_whoever_has_booked_elsewhere_is_not_offered_what_they_cannot_take(service, full):
    other = make_hall(slug="mpp-lain")
    make_plan(other.service)
    rich, next_ = wait(service, who=person(1, nik=NIK)), wait(service, number=2)
    book(other.service, who=person(1, nik=NIK))

    cancel(full[0])
    waitlist.work(now=at(9))

    assert (again(rich).state, again(next_).state) == (State.ENDED, State.OFFERED)


def test_a_moved_place_comes_back_in_the_same_way(service):
    pk = book(service, NINE)

    booking.move(pk, at(10, on=TUESDAY), now=at(9), key=key())

    assert ReturningPlace.objects.get().slot.starts_at == NINE


def test_a_place_that_nobody_wants_any_more_does_not_come_back(service, full):
    cancel(full[0])
    service.plan.windows.update(online=0)
    memo.clear_all()
    ReturningPlace.objects.update(returns_at=at(9))

    waitlist.work(now=at(9))

    slot = Slot.objects.get(starts_at=NINE)
    assert (slot.online, slot.booked_online) == (0, 0)


def test_the_moment_is_random_by_day_and_leaves_time_to_come():
    chances = iter([0.99, 0.0, 0.5])
    found = returns.moment(at(14), at(14, on=TUESDAY), zone=WIB, chance=lambda: next(chances))
    assert found == at(14)  # 0.99 of twelve hours would be at night
    near = returns.moment(at(8), at(9), zone=WIB, chance=lambda: 1.0)
    assert near == at(8, 30)
    night = returns.moment(at(22), at(14, on=TUESDAY), zone=WIB, chance=lambda: 0.1)
    assert night == at(22) + timedelta(hours=0.8)  # only night is left, so it is some time of it


def test_the_public_ledger_counts_it_as_not_let_out_and_nobody_s(service, full):
    given_up(full[0])

    day = figures.days(plans.bookable(service.pk), now=at(9))[1]
    first, second = day.choices[:2]
    assert (first.left, first.booked, first.status) == (0, 0, figures.Status.FULL)
    assert first.ledger == slots.Ledger(opened=1, online=0, walk_in=0, staff=0, unreleased=1)
    assert second.ledger == slots.Ledger(opened=1, online=1, walk_in=0, staff=0, unreleased=0)
