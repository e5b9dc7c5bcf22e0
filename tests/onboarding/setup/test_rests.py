"""A rest is said before its days: nothing of them is sold, and who has them is told at once."""

from datetime import timedelta

import pytest

from accounts.roles import Role
from agencies.models import BEGINNING, Counter
from agencies.opening import Rest
from appointments import disruption, plans
from appointments.models import Application, Slot
from appointments.states import State
from core import memo
from onboarding.setup.arranging import counters, presences, queues, resting
from onboarding.setup.arranging.queues import NewService
from onboarding.setup.arranging.refusals import InUse, KnownAlready, TooEarly
from onboarding.setup.arranging.resting import Cost
from queueing.models import Desk
from queueing.refusals import AgencyAbsent, NotOffered
from services.models import Queue, Service
from tests.appointments.recipes import NINE, TUESDAY, book, booked, fill, hold, make_plan, wait
from tests.onboarding.staff.recipes import appoint
from tests.recipes import MONDAY, at, make_hall, ticket

pytestmark = pytest.mark.django_db
WEDNESDAY = TUESDAY + timedelta(days=1)
TWO_DAYS = Rest(TUESDAY, WEDNESDAY)
THEN = "Layanan ini tidak dibuka di mal ini pada hari itu."
AWAY = "Jadwal hadir instansi ini di mal berubah."


@pytest.fixture
def hall():
    hall = make_hall()
    make_plan(hall.service)
    return hall


@pytest.fixture
def by(hall):
    return appoint(Role.MALL_ADMIN, mall=hall.mall)


def rest(what, by, span=TWO_DAYS, *, now=None):
    return resting.rest(what, span, by=by, now=now or at(9))


def use(what, by, from_date, *, now=None):
    return resting.use(what, from_date, by=by, now=now or at(9))


def offered_on(hall):
    """The days of the week on which there is something to book."""
    memo.clear_all()
    plan = plans.stored(hall.service.pk)
    week = [MONDAY + timedelta(days=ahead) for ahead in range(5)]
    return [on.weekday() for on in week if plan is not None and plan.slots_on(on)]


SUBJECTS = {
    "counter": lambda hall: hall.counter,
    "queue": lambda hall: hall.queue,
    "service": lambda hall: hall.service,
}


@pytest.fixture(params=SUBJECTS)
def what(request, hall):
    return SUBJECTS[request.param](hall)


def test_the_days_are_not_sold_from_the_moment_it_is_said(hall, what, by):
    rest(what, by)

    assert offered_on(hall) == [0, 3, 4]


def test_who_booked_those_days_is_told_at_once_and_nobody_else(hall, what, by):
    lost, kept = book(hall.service), book(hall.service, NINE + timedelta(days=2))

    assert rest(what, by) == 1

    reason = AWAY if isinstance(what, Counter) else THEN
    assert (booked(lost).state, disruption.reason_of(booked(lost))) == (State.CALLED_OFF, reason)
    assert booked(kept).state == State.CONFIRMED
    assert Slot.objects.get(date=TUESDAY).online == 0


def test_no_number_is_given_on_those_days_without_any_job(hall, what, by):
    rest(what, by)
    memo.clear_all()

    with pytest.raises(AgencyAbsent):
        hall.issue(now=at(9, on=TUESDAY))
    assert hall.issue(now=at(9))
    assert hall.issue(now=at(9, on=TUESDAY + timedelta(days=2)))


def test_what_it_costs_is_said_before_and_is_what_it_costs(hall, what, by):
    make_list(hall)
    found = resting.cost_of(what, TWO_DAYS, now=at(9))
    untouched = Application.objects.get().state

    called_off = rest(what, by)

    assert (found, untouched) == (Cost(30, 1), 2)
    assert (called_off, Application.objects.get().state) == (30, 6)
    assert resting.cost_of(what, TWO_DAYS, now=at(9)) == Cost(0, 0)


def make_list(hall):
    """A day that is full, and somebody who waits for it."""
    for hour in (9, 10, 11):
        fill(hall.service, at(hour, on=TUESDAY), places=10)
    return wait(hall.service, number=1)


def test_whole_agencies_and_several_at_once_are_counted_beforehand(hall, by):
    make_list(hall)

    of_agency = resting.cost_of_leaving(hall.presence, now=at(9))
    of_queue = resting.cost_of_stopping(hall.presence, [hall.queue.pk], [], now=at(9))
    of_service = resting.cost_of_stopping(hall.presence, [], [hall.service.pk], now=at(9))

    assert of_agency == of_queue == of_service == Cost(30, 1)
    presences.switch(hall.presence, is_active=False, by=by, now=at(9))
    assert Application.objects.get().state == 6


@pytest.mark.parametrize("first", [TUESDAY, MONDAY])
def test_a_rest_without_an_end_leaves_nothing_to_book(hall, what, by, first):
    rest(what, by, Rest(first))

    assert offered_on(hall) == ([0] if first == TUESDAY else [])


@pytest.mark.parametrize(
    "span", [Rest(MONDAY - timedelta(days=1)), Rest(TUESDAY, MONDAY)], ids=["past", "backwards"]
)
def test_what_has_been_does_not_rest(what, by, span):
    with pytest.raises(TooEarly):
        rest(what, by, span)


def test_one_rest_at_a_time(what, by):
    rest(what, by)

    with pytest.raises(KnownAlready, match="tidak dipakai Selasa, 10 Maret 2026"):
        rest(what, by, Rest(TUESDAY + timedelta(days=30)))
    rest(what, by, Rest(TUESDAY + timedelta(days=30)), now=at(9, on=TUESDAY + timedelta(days=6)))


def test_what_is_out_of_use_need_not_rest(what, by):
    rest(what, by, Rest(MONDAY))

    with pytest.raises(KnownAlready):
        rest(what, by)


# At once


def test_a_counter_does_not_rest_while_somebody_is_there(hall, by):
    hall.issue()
    hall.call()

    with pytest.raises(InUse):
        rest(hall.counter, by, Rest(MONDAY, TUESDAY))
    assert Desk.objects.get().officer == hall.officer


def test_a_queue_does_not_rest_while_people_wait(hall, by):
    hall.issue()

    with pytest.raises(InUse):
        rest(hall.queue, by, Rest(MONDAY))
    rest(hall.queue, by)


def test_from_today_on_for_some_days_the_counter_calls_nobody_and_comes_back(hall, by):
    rest(hall.counter, by, Rest(MONDAY, TUESDAY))
    memo.clear_all()

    assert Desk.objects.get().officer is None
    with pytest.raises(AgencyAbsent):
        hall.issue(now=at(10))
    assert hall.issue(now=at(9, on=WEDNESDAY))


# In use again


def test_a_rest_is_taken_back(hall, what, by):
    rest(what, by)

    use(what, by, TUESDAY)

    assert offered_on(hall) == [0, 1, 2, 3, 4]
    assert booked(hold(hall.service, NINE)).state == State.HELD


def test_a_rest_ends_earlier(hall, what, by):
    rest(what, by)

    use(what, by, WEDNESDAY)

    assert offered_on(hall) == [0, 2, 3, 4]


def test_what_is_out_of_use_comes_back_on_a_day(hall, what, by):
    rest(what, by, Rest(MONDAY))

    use(what, by, WEDNESDAY)

    assert offered_on(hall) == [2, 3, 4]
    what.refresh_from_db()
    assert resting.said(what, on=MONDAY) == "dipakai mulai Rabu, 11 Maret 2026"


@pytest.mark.parametrize("from_date", [MONDAY, TUESDAY + timedelta(days=9)])
def test_what_is_in_use_is_not_taken_into_use(what, by, from_date):
    with pytest.raises(KnownAlready):
        use(what, by, from_date)


def test_nothing_comes_back_in_the_past(what, by):
    rest(what, by)

    with pytest.raises(TooEarly):
        use(what, by, MONDAY - timedelta(days=1))


def test_something_new_begins_on_its_day(hall, by):
    begun = {"by": by, "now": at(9), "begins": WEDNESDAY}
    counters.add(hall.mall, {"Zona B": ["9"]}, **begun)
    queues.add(hall.mall, [], [NewService(hall.presence.pk, "Cetak", 5)], **begun)
    counter, service = Counter.objects.get(number="9"), Service.objects.get(name="Cetak")

    assert not counter.is_in_use(TUESDAY)
    assert counter.is_in_use(WEDNESDAY)
    assert (service.rests_from, service.rests_until) == (BEGINNING, TUESDAY)
    with pytest.raises(AgencyAbsent):
        hall.issue(service=service)
    assert ticket(hall.issue(service=service, now=at(9, on=WEDNESDAY))).number == 1


# What is due


def test_what_ended_for_good_leaves_the_lists_on_its_day_and_not_before(hall, what, by):
    rest(what, by, Rest(TUESDAY))

    assert resting.settle(now=at(23, 59)) == 0
    assert resting.settle(now=at(0, 1, on=TUESDAY)) == 1
    assert resting.settle(now=at(0, 2, on=TUESDAY)) == 0

    what.refresh_from_db()
    assert (what.is_active, what.rests_from) == (False, None)


def test_before_and_after_that_nothing_else_can_be_had(hall, what, by):
    rest(what, by, Rest(TUESDAY))
    before = offered_on(hall)

    resting.settle(now=at(0, 1, on=TUESDAY))
    memo.clear_all()

    assert before == [0]
    with pytest.raises((AgencyAbsent, NotOffered)):
        hall.issue(now=at(9, on=TUESDAY))


def test_nobody_is_left_at_a_counter_that_rests(hall, by):
    rest(hall.counter, by)

    assert resting.settle(now=at(0, 1, on=TUESDAY)) == 1
    assert resting.settle(now=at(0, 2, on=TUESDAY)) == 0

    assert Desk.objects.get().officer is None


def test_whoever_is_still_served_after_midnight_is_served_to_the_end(hall, by):
    hall.issue()
    hall.call()
    rest(hall.counter, by)

    assert resting.settle(now=at(0, 1, on=TUESDAY)) == 0
    assert Desk.objects.get().officer == hall.officer


def test_who_books_out_of_an_old_memory_is_swept_however_far_ahead(hall, what, by):
    far = MONDAY + timedelta(days=11)
    pk = book(hall.service, at(9, on=far))
    type(what).objects.update(rests_from=far, rests_until=far)
    memo.clear_all()

    assert disruption.catch_up(now=at(9)) == 1
    assert booked(pk).state == State.CALLED_OFF


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({}, ""),
        ({"is_active": False}, "tidak dipakai"),
        ({"rests_from": TUESDAY}, "tidak dipakai lagi mulai Selasa, 10 Maret 2026"),
        (
            {"rests_from": TUESDAY, "rests_until": WEDNESDAY},
            "tidak dipakai Selasa, 10 Maret 2026 sampai Rabu, 11 Maret 2026",
        ),
        (
            {"rests_from": BEGINNING, "rests_until": TUESDAY},
            "dipakai mulai Rabu, 11 Maret 2026",
        ),
        ({"rests_from": BEGINNING, "rests_until": MONDAY - timedelta(days=1)}, ""),
    ],
)
def test_a_rest_is_said_in_words(columns, said):
    assert resting.said(Queue(**columns), on=MONDAY) == said


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_rests_asks_three_questions(hall, rows, django_assert_num_queries):
    for number in range(1, rows):
        counters.add(hall.mall, {"B": [f"5{number}"]}, by=hall.officer, now=at(9))
    Counter.objects.update(rests_from=TUESDAY)

    with django_assert_num_queries(3):
        assert len(resting.coming(hall.mall, on=MONDAY)) == rows
