"""The waiting list: who is offered a place that comes back, for how long, and how often."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from appointments import booking, waitlist
from appointments.application_states import OFFER_STANDS, Move, State
from appointments.applications import Wish
from appointments.models import Application, ApplicationEvent, Booking, ReturningPlace, Slot
from appointments.refusals import (
    AlreadyBooked,
    NotReleased,
    OfferOver,
    SlotGone,
    StillFree,
    TooMany,
)
from appointments.states import State as BookingState
from core import memo
from core.proof import Scope
from mpp.invariants import ALL
from queueing.invariants import verify
from queueing.states import Priority
from tests.appointments.recipes import (
    NIK,
    NINE,
    TUESDAY,
    at,
    book,
    come_back,
    fill,
    hold,
    key,
    make_plan,
    offer_of,
    person,
    wait,
)
from tests.appointments.waiting import again, cancel
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


# --- joining --------------------------------------------------------------------------------------


def test_who_joins_waits_with_everything_a_booking_needs(service, full):
    row = wait(service)

    assert (row.state, row.date, row.offers, row.booking) == (State.WAITING, TUESDAY, 0, None)
    assert waitlist.place_of(row) == 1
    assert "Siti" not in row.sealed_name
    assert list(row.events.values_list("move", flat=True)) == [Move.JOIN]


def test_where_a_place_is_free_nobody_waits(service, full):
    cancel(full[0])
    ReturningPlace.objects.update(returns_at=at(9))
    waitlist.work(now=at(9, 1))

    with pytest.raises(StillFree):
        wait(service, now=at(9, 2))
    assert wait(service, hours=(10, 11), now=at(9, 2)).state == State.WAITING


def test_a_day_that_nobody_has_booked_on_is_not_waited_for(service):
    with pytest.raises(StillFree):
        wait(service)


def test_before_all_places_are_out_nobody_waits(service):
    with pytest.raises(NotReleased):
        wait(service, on=TUESDAY + timedelta(days=28))


@pytest.mark.parametrize("hours", [(), (8,), (9, 13)])
def test_windows_that_the_day_does_not_have_cannot_be_waited_for(service, full, hours):
    with pytest.raises(SlotGone):
        wait(service, hours=hours)


def test_one_application_per_nik_and_three_per_phone(service, full):
    wait(service, who=person(1, nik=NIK))
    with pytest.raises(AlreadyBooked):
        wait(service, who=person(2, nik=NIK))
    for _each in range(3):
        wait(service, who=person(7))
    with pytest.raises(TooMany):
        wait(service, who=person(7))


def test_whoever_has_booked_with_a_nik_does_not_wait_for_more(service):
    fill(service, places=1)
    book(service, at(10, on=TUESDAY), who=person(1, nik=NIK))

    with pytest.raises(AlreadyBooked):
        wait(service, hours=(9,), who=person(2, nik=NIK))


def test_the_same_key_joins_once(service, full):
    wish, same = Wish(TUESDAY, (NINE,)), {"now": at(9), "key": key()}

    first = waitlist.join(service.pk, wish, person(1), **same)

    assert waitlist.join(service.pk, wish, person(1), **same) == first
    assert Application.objects.count() == 1


# --- offers ---------------------------------------------------------------------------------------


def test_a_place_given_up_is_offered_to_the_first_who_waits(service, full):
    first, second = wait(service, number=1), wait(service, number=2)

    cancel(full[0])
    assert waitlist.work(now=at(9)) == 1

    first, second = again(first), again(second)
    assert (first.state, second.state) == (State.OFFERED, State.WAITING)
    assert first.booking.slot.starts_at == NINE
    assert first.booking.held_until == at(9) + OFFER_STANDS
    assert not ReturningPlace.objects.exists()


def test_an_offer_taken_is_a_booking_of_the_person(service, full):
    row = wait(service, who=person(1, nik=NIK))
    cancel(full[0])
    waitlist.work(now=at(9))

    placed = waitlist.accept(row.pk, offer_of(row.pk), now=at(10), key=key())

    got = Booking.objects.get(pk=placed)
    assert (got.state, got.slot.starts_at) == (BookingState.CONFIRMED, NINE)
    assert (got.nik_index, got.phone_index) == (again(row).nik_index, again(row).phone_index)
    assert again(row).state == State.PLACED


def test_an_offer_that_is_over_cannot_be_taken_and_goes_to_the_next(service, full):
    first, second = wait(service, number=1), wait(service, number=2)
    cancel(full[0])
    waitlist.work(now=at(9))

    with pytest.raises(OfferOver):
        waitlist.accept(first.pk, offer_of(first.pk), now=at(12), key=key())
    assert waitlist.lapse(now=at(12)) == 1

    assert (again(first).state, again(second).state) == (State.WAITING, State.OFFERED)
    assert again(second).booking.slot.starts_at == NINE


def test_each_window_is_offered_once_to_the_same_person(service, full):
    row = wait(service, hours=(9, 10))
    cancel(full[0])
    waitlist.work(now=at(9))

    waitlist.decline(row.pk, offer_of(row.pk), now=at(9), key=key())
    assert waitlist.work(now=at(9)) == 0
    assert again(row).state == State.WAITING
    with pytest.raises(booking.SlotFull):
        hold(service, NINE)  # nobody else waits: it comes back at a moment nobody knows
    come_back()
    assert hold(service, NINE)
    cancel(full[1])
    assert waitlist.work(now=at(9)) == 1
    assert again(row).booking.slot.starts_at == at(10, on=TUESDAY)
    waitlist.decline(row.pk, offer_of(row.pk), now=at(9), key=key())
    assert again(row).state == State.ENDED


def test_after_three_offers_others_are_asked(service):
    hall_hours = (9, 10, 11)
    full = [book(service, at(hour, on=TUESDAY), who=person(800 + hour)) for hour in hall_hours]
    row = wait(service, hours=hall_hours)
    for pk in full:
        cancel(pk)
        waitlist.work(now=at(9))
        waitlist.decline(row.pk, offer_of(row.pk), now=at(9), key=key())

    row = again(row)
    assert (row.state, row.offers) == (State.ENDED, 3)


def test_nobody_is_offered_a_window_that_is_about_to_begin(service, full):
    row = wait(service)
    late = at(8, 10, on=TUESDAY)

    cancel(full[0], now=late)

    assert waitlist.work(now=late) == 0
    assert again(row).state == State.WAITING


def test_priority_people_get_the_places_kept_for_them(service):
    hall = make_hall(slug="mpp-dua")
    make_plan(hall.service, online=1, priority=1)
    online = book(hall.service, who=person(901))
    kept = book(hall.service, who=person(902), priority=Priority.ELDERLY)
    plain = wait(hall.service, hours=(9,), number=1)
    old = wait(hall.service, hours=(9,), number=2, priority=Priority.ELDERLY)

    cancel(kept)
    waitlist.work(now=at(9))
    assert (again(plain).state, again(old).state) == (State.WAITING, State.OFFERED)
    cancel(online)
    waitlist.work(now=at(9))
    assert again(plain).state == State.OFFERED


def test_more_places_are_offered_too(service, full):
    row = wait(service)
    plan = service.plan
    plan.windows.update(online=2)
    memo.clear_all()
    from_plan = Slot.objects.filter(starts_at=at(10, on=TUESDAY))
    from_plan.update(online=2)

    assert waitlist.work(now=at(9)) == 1
    assert again(row).booking.slot.starts_at == at(10, on=TUESDAY)


def test_who_withdraws_gives_the_offer_back(service, full):
    row = wait(service)
    cancel(full[0])
    waitlist.work(now=at(9))

    waitlist.withdraw(row.pk, now=at(9), key=key())

    assert again(row).state == State.WITHDRAWN
    with pytest.raises(booking.SlotFull):
        hold(service, NINE)
    come_back()
    assert hold(service, NINE)


def test_what_is_withdrawn_goes_to_the_next_and_to_nobody_else(service, full):
    first, second = wait(service, number=1), wait(service, number=2)
    cancel(full[0])
    waitlist.work(now=at(9))

    waitlist.withdraw(first.pk, now=at(9), key=key())

    assert (again(first).state, again(second).state) == (State.WITHDRAWN, State.OFFERED)


def test_an_answer_to_an_older_offer_leaves_the_next_alone(service, full):
    row = wait(service, hours=(9, 10))
    cancel(full[0])
    waitlist.work(now=at(9))
    old = offer_of(row.pk)
    waitlist.decline(row.pk, old, now=at(9), key=key())
    cancel(full[1])
    waitlist.work(now=at(9))

    for answer in (waitlist.accept, waitlist.decline):
        with pytest.raises(OfferOver):
            answer(row.pk, old, now=at(9), key=key())
    assert again(row).state == State.OFFERED


def test_a_window_that_nobody_has_booked_in_is_offered_too(service, full):
    service.plan.windows.filter(begins__hour=9).update(online=0)
    memo.clear_all()
    wednesday = TUESDAY + timedelta(days=1)
    row = wait(service, on=wednesday, hours=(9,))
    service.plan.windows.filter(begins__hour=9).update(online=1)
    memo.clear_all()

    assert waitlist.work(now=at(9)) == 1
    assert again(row).booking.slot.starts_at == at(9, on=wednesday)


def test_waiting_ends_with_the_last_window(service, full):
    row = wait(service, hours=(9, 10))

    waitlist.work(now=at(8, 59, on=TUESDAY))
    assert again(row).state == State.WAITING
    waitlist.work(now=at(9, on=TUESDAY))

    assert again(row).state == State.ENDED
    assert ApplicationEvent.objects.filter(application=row).last().move == Move.END


def test_held_offers_are_not_swept_with_the_others(service, full):
    row = wait(service)
    cancel(full[0])
    waitlist.work(now=at(9))

    assert booking.release_held(now=at(12, 1)) == 0
    assert again(row).state == State.OFFERED


@pytest.mark.parametrize(
    ("now", "starts", "until"),
    [
        (at(9), at(9, on=TUESDAY), at(12)),
        (at(16, 30), at(11, on=TUESDAY), at(19, 30)),
        (at(17), at(11, on=TUESDAY), at(9, on=TUESDAY)),
        (at(23), at(11, on=TUESDAY), at(9, on=TUESDAY)),
        (at(17), at(9, on=TUESDAY), at(8, 30, on=TUESDAY)),
        (at(5, on=TUESDAY), at(11, on=TUESDAY), at(9, on=TUESDAY)),
        (at(7, on=TUESDAY), at(9, on=TUESDAY), at(8, 30, on=TUESDAY)),
    ],
)
def test_how_long_an_offer_stands(now, starts, until):
    assert waitlist.stands_until(now, starts, WIB) == until
