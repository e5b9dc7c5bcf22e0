"""The draw: sealed before, the same for everybody after, and handed out as it was drawn."""

from datetime import time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from model_bakery import baker

from appointments import booking, drawing, draws, figures, plans, waitlist
from appointments.application_states import State
from appointments.drawing import Entry, Places
from appointments.models import Application, Booking, Draw, Plan, Slot, Tranche
from appointments.refusals import NotCollecting, NotReleased
from appointments.states import Mode, Share
from appointments.states import State as BookingState
from core import memo
from core.proof import Scope
from mpp.invariants import ALL
from queueing.invariants import verify
from queueing.states import Priority
from tests.appointments.recipes import NIK, at, book, enter, hold, key, make_plan, person
from tests.recipes import MONDAY, make_hall

NEXT = MONDAY + timedelta(days=14)  # collected from this morning at eight for a day and a night
NINE = at(9, on=NEXT)
CLOSED = at(8, on=MONDAY + timedelta(days=1))


@pytest.fixture
def service(db):
    hall = make_hall()
    make_plan(hall.service, online=1, mode=Mode.DRAW)
    yield hall.service
    assert [verdict for verdict in verify(Scope(), ALL) if verdict.breaches] == []


def all_of(service):
    return list(Application.objects.with_names().filter(service=service).order_by("number"))


# --- the draw as such -------------------------------------------------------------------------------

WISHES = st.lists(st.sampled_from([1, 2, 3]), unique=True, min_size=1).map(sorted).map(tuple)
ENTRIES = st.lists(st.tuples(st.booleans(), WISHES), max_size=12).map(
    lambda rows: [Entry(number, *row) for number, row in enumerate(rows, start=1)]
)
PLACES = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=3, max_size=3).map(
    lambda rows: [Places(begins, *row) for begins, row in enumerate(rows, start=1)]
)


@given(st.text("0123456789abcdef", min_size=1), ENTRIES, PLACES, st.randoms())
def test_no_place_is_given_twice_and_none_is_left_that_somebody_wants(seed, entries, places, mixed):
    outcomes = drawing.draw(seed, entries, places)

    by_number = {entry.number: entry for entry in entries}
    assert sorted(each.number for each in outcomes) == sorted(by_number)
    assert [each.rank for each in outcomes] == list(range(1, len(entries) + 1))
    left = {(each.begins, Share.PRIORITY): each.priority for each in places}
    left |= {(each.begins, Share.ONLINE): each.online for each in places}
    for each in outcomes:
        entry = by_number[each.number]
        if each.begins is None:
            continue
        left[each.begins, each.share] -= 1
        assert each.begins in entry.wishes
        assert entry.is_priority or each.share == Share.ONLINE
    assert min(left.values()) >= 0
    for each in outcomes:
        entry = by_number[each.number]
        if each.begins is None:
            usable = [Share.PRIORITY, Share.ONLINE] if entry.is_priority else [Share.ONLINE]
            assert not any(left[wish, share] for wish in entry.wishes for share in usable)
    shuffled = list(entries)
    mixed.shuffle(shuffled)
    assert drawing.draw(seed, shuffled, places) == outcomes


def test_everybody_is_as_likely_to_be_first():
    entries = [Entry(number, False, (1,)) for number in range(1, 11)]
    first = [drawing.order(f"benih {seed}", entries)[0].number for seed in range(1000)]

    counts = [first.count(number) for number in range(1, 11)]
    chi_square = sum((count - 100) ** 2 / 100 for count in counts)
    assert chi_square < 21.67  # 9 degrees of freedom, p = 0.01


def test_one_more_application_changes_the_whole_order():
    entries = [Entry(number, False, (1,)) for number in range(1, 30)]
    without = [each.number for each in drawing.order("benih", entries)]
    with_one_more = [
        each.number for each in drawing.order("benih", [*entries, Entry(30, False, (1,))])
    ]

    with_one_more.remove(30)
    assert with_one_more != without


# --- collecting -------------------------------------------------------------------------------------


def test_the_seed_is_sealed_before_anybody_applies(service):
    draws.work(now=at(8))

    draw = Draw.objects.get(date=NEXT)
    assert (draw.date, draw.opens_at, draw.closes_at) == (NEXT, at(8), CLOSED)
    assert (draw.seed, draw.applied, len(draw.commitment)) == ("", 0, 64)
    assert draw.commitment not in draw.sealed_seed
    draws.work(now=at(9))
    assert Draw.objects.get(date=NEXT).commitment == draw.commitment


def test_people_apply_while_it_is_collected_and_get_their_numbers(service):
    first, second = (enter(service, on=NEXT, number=each) for each in (1, 2))

    assert (first.state, first.number, second.number) == (State.APPLIED, 1, 2)
    assert Draw.objects.get(date=NEXT).applied == 2


@pytest.mark.parametrize("now", [at(7, 59), CLOSED])
def test_before_and_after_nobody_applies(service, now):
    with pytest.raises(NotCollecting):
        enter(service, on=NEXT, now=now)
    assert not Application.objects.exists()


def test_what_is_drawn_cannot_be_booked_before(service):
    enter(service, on=NEXT)

    for now in (at(9), CLOSED):
        with pytest.raises(NotReleased):
            hold(service, NINE, now=now)


def test_nobody_applies_twice(service):
    enter(service, on=NEXT, who=person(1, nik=NIK))

    with pytest.raises(booking.AlreadyBooked):
        enter(service, on=NEXT, who=person(2, nik=NIK))
    assert Draw.objects.get(date=NEXT).applied == 1


# --- the result -------------------------------------------------------------------------------------


def test_the_result_is_what_the_seed_gives_and_everybody_gets_it(service):
    for number in range(1, 6):
        enter(service, on=NEXT, number=number)
    before = Draw.objects.get(date=NEXT)

    assert draws.work(now=CLOSED) == 1

    draw = Draw.objects.get(date=NEXT)
    assert drawing.commitment(draw.seed) == before.commitment
    assert draw.done_at == CLOSED
    found = all_of(service)
    placed = [each for each in found if each.state == State.PLACED]
    waiting = [each for each in found if each.state == State.WAITING]
    assert (len(placed), len(waiting)) == (3, 2)
    assert {each.booking.slot.starts_at.hour for each in placed} == {2, 3, 4}  # UTC
    assert {each.booking.state for each in placed} == {BookingState.CONFIRMED}
    assert sorted(each.rank for each in found) == [1, 2, 3, 4, 5]
    assert draws.faults(draws.protocol(draw)) == []
    assert draws.work(now=CLOSED) == 0


def test_priority_people_have_their_share(service):
    service.plan.windows.filter(begins__hour=9).update(priority=1, online=0)
    service.plan.windows.exclude(begins__hour=9).delete()
    memo.clear_all()
    for number in range(1, 8):
        enter(service, on=NEXT, hours=(9,), number=number)
    old = enter(service, on=NEXT, hours=(9,), number=9, priority=Priority.ELDERLY)

    draws.work(now=CLOSED)

    old.refresh_from_db()
    assert (old.state, old.won_share) == (State.PLACED, Share.PRIORITY)
    assert Booking.objects.count() == 1


def test_a_place_that_comes_back_goes_to_the_next_in_the_order_of_the_draw(service):
    for number in range(1, 6):
        enter(service, on=NEXT, number=number)
    draws.work(now=CLOSED)
    fourth, fifth = sorted(
        (each for each in all_of(service) if each.state == State.WAITING),
        key=lambda each: each.rank,
    )
    winner = Application.objects.filter(state=State.PLACED).first()

    booking.cancel(winner.booking_id, now=CLOSED, key=key())
    waitlist.work(now=CLOSED)

    assert Application.objects.get(pk=fourth.pk).state == State.OFFERED
    assert Application.objects.get(pk=fifth.pk).state == State.WAITING


def test_afterwards_what_is_left_is_for_whoever_comes_first(service):
    enter(service, on=NEXT, hours=(9,))
    draws.work(now=CLOSED)

    assert hold(service, at(10, on=NEXT), now=CLOSED)
    with pytest.raises(booking.SlotFull):
        hold(service, NINE, now=CLOSED)


def test_who_has_withdrawn_or_booked_elsewhere_takes_nobody_s_place(service):
    other = make_hall(slug="mpp-lain")
    make_plan(other.service, online=5)
    gone = enter(service, on=NEXT, number=1, hours=(9,))
    rich = enter(service, on=NEXT, hours=(9,), who=person(2, nik=NIK))
    waitlist.withdraw(gone.pk, now=at(9), key=key())
    book(other.service, at(9, on=MONDAY + timedelta(days=1)), who=person(3, nik=NIK))

    draws.work(now=CLOSED)

    gone.refresh_from_db()
    rich.refresh_from_db()
    assert (gone.state, gone.rank) == (State.WITHDRAWN, None)
    assert rich.state == State.ENDED
    assert hold(service, NINE, now=CLOSED)


def test_a_window_that_the_office_takes_away_is_not_given(service):
    enter(service, on=NEXT, hours=(9,))
    draws.draw(Draw.objects.get(date=NEXT).pk, now=CLOSED)
    service.plan.windows.all().update(online=0)
    memo.clear_all()

    draws.work(now=CLOSED)

    assert Application.objects.get().state == State.WAITING
    assert not Booking.objects.exists()


def test_what_was_booked_before_is_not_drawn_again(service):
    draws.work(now=at(8))
    Slot.objects.create(
        service=service,
        date=NEXT,
        starts_at=NINE,
        ends_at=at(10, on=NEXT),
        online=1,
        priority=0,
        staff=0,
        walk_in=0,
        booked_online=0,
    )
    enter(service, on=NEXT)
    draws.work(now=CLOSED)

    assert Draw.objects.get(date=NEXT).places[0] == [int(NINE.timestamp()), 0, 1]


# --- when the rules change meanwhile ------------------------------------------------------------------


def states():
    return sorted(Application.objects.values_list("state", flat=True))


def later_hour():
    Plan.objects.update(release_at=time(14))


def first_come_in_tranches():
    Plan.objects.update(mode=Mode.FIRST_COME)
    Tranche.objects.update(percent=10)
    baker.make(Tranche, plan=Plan.objects.get(), days_before=1, percent=100)


def fewer_days_ahead():
    Tranche.objects.update(days_before=5)


@pytest.mark.parametrize("change", [later_hour, first_come_in_tranches, fewer_days_ahead])
def test_what_was_announced_is_carried_out(service, change):
    for number in range(1, 6):
        enter(service, on=NEXT, number=number)
    change()
    memo.clear_all()

    assert enter(service, on=NEXT, number=6).number == 6
    draws.work(now=CLOSED)

    assert states() == [State.WAITING] * 3 + [State.PLACED] * 3


@pytest.mark.parametrize("change", [later_hour, first_come_in_tranches])
def test_what_was_announced_is_shown_until_it_is_done(service, change):
    for number in range(1, 4):
        enter(service, on=NEXT, number=number)
    change()

    assert of_day(service, at(9)).status == figures.Status.DRAWN
    draws.work(now=CLOSED)
    assert of_day(service, CLOSED).status == figures.Status.FULL


def of_day(service, now):
    memo.clear_all()
    found = figures.days(plans.bookable(service.pk), now=now)
    return next((day for day in found if day.on == NEXT), figures.Day(NEXT, (), None))


def test_between_its_close_and_its_result_nothing_is_shown_as_free(service):
    enter(service, on=NEXT)

    day = of_day(service, CLOSED)

    assert (day.left, day.status) == (0, figures.Status.UNRELEASED)


def test_a_service_that_takes_no_reservations_keeps_its_draw(service):
    enter(service, on=NEXT)
    Plan.objects.update(is_active=False)
    memo.clear_all()

    assert draws.work(now=CLOSED) == 0
    Plan.objects.update(is_active=True)
    memo.clear_all()

    assert draws.work(now=CLOSED) == 1
    assert states() == [State.PLACED]


def test_somebody_whose_data_do_not_open_holds_up_nobody(service):
    lost, other = enter(service, on=NEXT, number=1), enter(service, on=NEXT, number=2)
    Application.objects.filter(pk=lost.pk).update(sealed_phone="0.AAAA")

    draws.work(now=CLOSED)

    lost.refresh_from_db()
    other.refresh_from_db()
    assert (lost.state, other.state) == (State.ENDED, State.PLACED)
