from datetime import date, datetime

import pytest

from agencies.models import Holiday
from appointments import arrivals, booking, people
from appointments.models import Booking, BookingEvent, Slot
from appointments.refusals import (
    AlreadyBooked,
    HoldOver,
    NotBookable,
    NotReleased,
    Paused,
    SlotFull,
    SlotGone,
    TooMany,
    WrongState,
)
from appointments.states import Move, Share, State
from core import memo
from core.idempotency import KeyReused
from queueing.states import Priority
from tests.appointments.recipes import (
    NIK,
    NINE,
    TUESDAY,
    at,
    book,
    booked,
    come_back,
    hold,
    key,
    make_plan,
    person,
)
from tests.recipes import WIB, make_officer, make_queue, make_service

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sound")]


def taken(share="online"):
    return list(Slot.objects.values_list(f"booked_{share}", flat=True))


def small(hall, **shares):
    """Another service with few places."""
    service = make_service(make_queue(hall.presence, "B"))
    make_plan(service, **{"online": 0, **shares})
    return service


def test_a_place_is_held_for_ten_minutes_without_a_name(hall, plan):
    found = booked(hold(hall.service, now=at(9)))

    assert (found.state, found.held_until) == (State.HELD, at(9, 10))
    assert (found.sealed_name, found.phone_index, found.slot.starts_at) == ("", "", NINE)
    assert taken() == [1]


def test_a_confirmed_booking_reads_nowhere_in_the_open(hall, plan):
    pk = book(hall.service, who=person(7, nik=NIK))
    found = booked(pk)
    row = Booking.objects.filter(pk=pk).values().get()

    assert found.state == State.CONFIRMED
    assert people.masked(found) == people.Masked(
        "S••• A•••••", "••••••••••0007", "••••••••••••0002"
    )
    assert not any("Siti" in str(value) or NIK in str(value) for value in row.values())


def test_the_link_opens_and_the_database_does_not_know_it(hall, plan):
    found = booked(hold(hall.service))

    assert booking.hashed(people.link(found)) == found.token_hash
    assert people.link(found) not in found.sealed_token


def test_the_last_place_goes_once(hall):
    service = small(hall, online=1)
    hold(service)

    with pytest.raises(SlotFull):
        hold(service)
    assert taken() == [1]


def test_no_place_comes_from_a_window_without_one(hall):
    with pytest.raises(SlotFull):
        hold(small(hall, walk_in=5))
    assert taken() == []


def test_priority_people_take_their_own_places_first_and_then_the_others(hall):
    service = small(hall, online=1, priority=1)
    first, second = (hold(service, priority=Priority.ELDERLY) for _each in range(2))

    assert [booked(pk).share for pk in (first, second)] == [Share.PRIORITY, Share.ONLINE]
    with pytest.raises(SlotFull):
        hold(service, priority=Priority.ELDERLY)


def test_other_people_leave_the_places_of_priority_people_alone(hall):
    with pytest.raises(SlotFull):
        hold(small(hall, priority=3))


def test_officers_book_from_their_own_places_before_others_are_let_out(hall):
    service = small(hall, online=1, staff=1, ahead=0)
    pk = book(service, by=hall.officer)

    assert (booked(pk).share, booked(pk).state) == (Share.STAFF, State.CONFIRMED)
    with pytest.raises(SlotFull):
        hold(service, by=hall.officer)


def test_places_not_let_out_yet_cannot_be_held(hall):
    service = small(hall, online=10, ahead=1)

    with pytest.raises(NotReleased):
        hold(service, now=at(7, 59))
    assert booked(hold(service, now=at(8))).state == State.HELD


def test_a_tenth_let_out_of_ten_is_one_place(hall, plan):
    plan.tranches.update(percent=10)
    memo.clear_all()
    hold(hall.service)

    with pytest.raises(SlotFull):
        hold(hall.service)


@pytest.mark.parametrize(
    "starts_at",
    [
        at(9, 30, on=TUESDAY),  # no window
        at(9, on=date(2026, 3, 14)),  # a Saturday
        datetime(2026, 3, 9, 9, tzinfo=WIB),  # now
        datetime(2026, 3, 6, 9, tzinfo=WIB),  # gone
    ],
)
def test_a_time_that_no_window_begins_at_cannot_be_held(hall, plan, starts_at):
    with pytest.raises(SlotGone):
        hold(hall.service, starts_at, now=at(9))


def test_a_holiday_made_later_takes_no_more_bookings(hall, plan):
    hold(hall.service)
    Holiday.objects.create(day=TUESDAY, name="Nyepi")
    memo.clear_all()

    with pytest.raises(SlotGone):
        hold(hall.service)


def test_a_service_without_a_plan_takes_none(hall):
    with pytest.raises(NotBookable):
        hold(hall.service)


def test_a_copy_of_a_hold_is_one_place(hall, plan):
    same = key()
    first, second = (booking.hold(hall.service.pk, NINE, now=at(9), key=same) for _copy in range(2))

    assert first == second
    assert taken() == [1]


def test_a_key_used_for_another_window_is_refused(hall, plan):
    same = key()
    booking.hold(hall.service.pk, NINE, now=at(9), key=same)

    with pytest.raises(KeyReused):
        booking.hold(hall.service.pk, at(10, on=TUESDAY), now=at(9), key=same)


def test_a_copy_of_a_confirmation_changes_nothing(hall, plan):
    pk, same = hold(hall.service), key()
    for _copy in range(2):
        booking.confirm(pk, person(), now=at(9), key=same)

    assert BookingEvent.objects.filter(move=Move.CONFIRM).count() == 1


def test_a_hold_that_is_over_cannot_be_confirmed(hall, plan):
    pk = hold(hall.service, now=at(9))
    booking.release_held(now=at(9, 10))

    with pytest.raises(HoldOver):
        booking.confirm(pk, person(), now=at(9, 11), key=key())
    assert taken() == [0]


def test_a_hold_nine_minutes_old_stays(hall, plan):
    hold(hall.service, now=at(9))

    assert booking.release_held(now=at(9, 9)) == 0


def test_before_somebody_is_sent_away_old_holds_are_given_back(hall):
    service = small(hall, online=1)
    hold(service, now=at(9))

    assert booked(hold(service, now=at(9, 11))).state == State.HELD


def test_one_nik_has_one_open_booking_in_a_family(hall, plan):
    book(hall.service, who=person(1, nik=NIK))

    with pytest.raises(AlreadyBooked):
        book(hall.service, at(10, on=TUESDAY), who=person(2, nik=NIK))


def test_the_same_nik_may_book_in_another_family(hall, plan):
    book(hall.service, who=person(1, nik=NIK))
    other = small(hall, online=1, family="lain")

    assert booked(book(other, who=person(1, nik=NIK))).state == State.CONFIRMED


def test_a_cancelled_booking_leaves_the_nik_free(hall, plan):
    booking.cancel(book(hall.service, who=person(1, nik=NIK)), now=at(9), key=key())
    come_back()

    assert booked(book(hall.service, who=person(1, nik=NIK))).state == State.CONFIRMED
    assert taken() == [1]


def test_a_phone_has_three_open_bookings_and_no_fourth(hall, plan):
    pks = [book(hall.service, who=person(1)) for _each in range(3)]
    with pytest.raises(TooMany):
        book(hall.service, who=person(1))
    booking.cancel(pks[1], now=at(9), key=key())

    assert booked(book(hall.service, who=person(1))).phone_place == 2


def test_a_refused_confirmation_leaves_the_place_held(hall, plan):
    book(hall.service, who=person(1, nik=NIK))
    pk = hold(hall.service)
    with pytest.raises(AlreadyBooked):
        booking.confirm(pk, person(2, nik=NIK), now=at(9), key=key())

    booking.confirm(pk, person(2), now=at(9), key=key())

    assert booked(pk).state == State.CONFIRMED


def test_moving_keeps_the_code_and_gives_the_old_place_back(hall, plan):
    pk = book(hall.service)
    code = booked(pk).code

    booking.move(pk, at(10, on=TUESDAY), now=at(9), key=key())
    come_back()

    found = booked(pk)
    assert (found.code, found.slot.starts_at) == (code, at(10, on=TUESDAY))
    assert dict(Slot.objects.values_list("starts_at", "booked_online")) == {
        NINE: 0,
        at(10, on=TUESDAY): 1,
    }


def test_who_cannot_get_the_new_place_keeps_the_old_one(hall):
    service = small(hall, online=1)
    pk = book(service)
    hold(service, at(10, on=TUESDAY))

    with pytest.raises(SlotFull):
        booking.move(pk, at(10, on=TUESDAY), now=at(9), key=key())
    assert booked(pk).slot.starts_at == NINE


def test_moving_to_where_one_is_changes_nothing_even_if_it_is_full(hall):
    pk = book(small(hall, online=1))

    booking.move(pk, NINE, now=at(9), key=key())

    assert (booked(pk).slot.starts_at, taken()) == (NINE, [1])


def test_what_is_over_cannot_be_moved_or_cancelled(hall, plan):
    pk = book(hall.service)
    booking.cancel(pk, now=at(9), key=key())

    for again in (
        lambda: booking.cancel(pk, now=at(9), key=key()),
        lambda: booking.move(pk, at(10, on=TUESDAY), now=at(9), key=key()),
    ):
        with pytest.raises(WrongState):
            again()


def test_who_chooses_anew_gives_back_what_was_only_held(hall, plan):
    pk = hold(hall.service)
    booking.release(pk, now=at(9), key=key())

    assert (booked(pk).state, taken()) == (State.RELEASED, [0])


def test_a_confirmed_place_is_not_released_by_it(hall, plan):
    pk = book(hall.service)
    booking.release(pk, now=at(9), key=key())

    assert booked(pk).state == State.CONFIRMED


def test_confirming_twice_is_not_said_to_be_too_late(hall, plan):
    pk = book(hall.service)

    with pytest.raises(WrongState):
        booking.confirm(pk, person(2), now=at(9), key=key())


def test_a_person_whose_key_is_lost_is_dots_and_the_day_goes_on(hall, plan, settings):
    found = booked(book(hall.service))
    settings.VAULT_KEYS = ["9:" + "x" * 32]

    assert people.masked(found).name == "•••"


def missed(hall, day, who):
    """A booking of that day in March that nobody came for."""
    on = date(2026, 3, day)
    pk = book(hall.service, at(9, on=on), now=at(8, on=on), who=who)
    arrivals.miss(now=at(16, on=on))
    return pk


def test_a_second_no_show_in_ninety_days_pauses_booking_online_for_two_weeks(hall, plan):
    missed(hall, 10, person(1))
    missed(hall, 11, person(1))

    with pytest.raises(Paused):
        book(
            hall.service,
            at(9, on=date(2026, 3, 25)),
            now=at(8, on=date(2026, 3, 25)),
            who=person(1),
        )
    later = date(2026, 3, 26)
    assert booked(book(hall.service, at(9, on=later), now=at(8, on=later), who=person(1))).pk


def test_an_officer_may_book_for_somebody_who_is_paused(hall):
    service = small(hall, online=9, staff=1)
    make_plan(hall.service)
    missed(hall, 10, person(1))
    missed(hall, 11, person(1))
    pk = book(
        service,
        at(9, on=date(2026, 3, 12)),
        now=at(8, on=date(2026, 3, 12)),
        by=make_officer(hall.presence),
        who=person(1),
    )

    assert booked(pk).state == State.CONFIRMED
