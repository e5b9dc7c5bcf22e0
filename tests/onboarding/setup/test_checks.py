"""Whatever must never be of rests and planned changes is found where it is planted."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from model_bakery import baker

from agencies.models import Counter
from agencies.opening import Rest
from core.proof import Scope
from onboarding.models import PlannedChange
from onboarding.setup import checks
from onboarding.setup.arranging import changes, resting
from services.models import Queue, Service
from tests.appointments.recipes import NINE, TUESDAY, book, fill, make_plan, wait
from tests.recipes import MONDAY, at, make_hall, make_queue

pytestmark = pytest.mark.django_db
EVE = {"rests_from": MONDAY - timedelta(days=1)}


@pytest.fixture
def hall():
    hall = make_hall()
    make_plan(hall.service, online=1)
    return hall


def wrong(check, mall=None):
    return [breach.what for breach in check(Scope(mall)).breaches]


def test_a_hall_that_rests_as_it_said_has_nothing_wrong(hall):
    hall.issue()
    hall.done(hall.call())
    book(hall.service)
    resting.rest(hall.counter, Rest(MONDAY, TUESDAY), by=hall.officer, now=at(10))
    resting.rest(hall.service, Rest(TUESDAY), by=hall.officer, now=at(10))

    assert (wrong(checks.rests), checks.rests(Scope()).checked) == ([], 2)


@pytest.mark.parametrize("model", [Queue, Service])
def test_a_number_given_out_in_a_rest_is_seen(hall, model):
    hall.issue()

    model.objects.update(**EVE)

    assert wrong(checks.rests) == ["was given out while it rests"]


def test_a_call_from_a_counter_that_rests_is_seen(hall):
    hall.issue()
    hall.call()

    Counter.objects.update(**EVE)

    assert wrong(checks.rests) == ["called while it rests"]


@pytest.mark.parametrize("model", [Queue, Service])
def test_a_promise_in_a_rest_is_seen(hall, model):
    for hour in (9, 10, 11):
        fill(hall.service, at(hour, on=TUESDAY), places=1)
    wait(hall.service)

    model.objects.update(rests_from=MONDAY)

    assert wrong(checks.rests) == ["rests on 3 reservations", "rests on 1 applications"]


def test_what_was_before_and_after_a_rest_is_sound(hall):
    hall.issue()
    book(hall.service, NINE + timedelta(days=2))

    Service.objects.update(rests_from=TUESDAY, rests_until=TUESDAY)

    assert wrong(checks.rests) == []


def planned(hall, **more):
    """A change for Tuesday, as the rules would write it."""
    row = {"kind": "counter", "counter": hall.counter, "values": {"number": "7"}}
    row |= {"mall": hall.mall, "from_date": TUESDAY, "by": hall.officer, "at": at(9)}
    return baker.make(PlannedChange, **row | more)


def test_a_change_made_on_its_day_has_nothing_wrong(hall):
    planned(hall)
    changes.make_due(now=at(0, 1, on=TUESDAY))
    changes.plan(
        hall.queue,
        {"letter": "K"},
        from_date=TUESDAY + timedelta(days=9),
        by=hall.officer,
        now=at(9),
    )

    assert (wrong(checks.planned), checks.planned(Scope()).checked) == ([], 2)


def test_a_change_that_was_not_made_is_seen_when_work_went_on(hall):
    planned(hall)
    hall.issue(now=at(9, on=TUESDAY))
    assert wrong(checks.planned) == []

    hall.issue(now=at(9, on=TUESDAY + timedelta(days=1)))

    assert wrong(checks.planned) == ["was not made on its day"]


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ({"applied_at": at(9)}, "was made before its day"),
        ({"values": {}}, "changes what cannot be changed"),
        ({"values": {"is_active": False}}, "changes what cannot be changed"),
        ({"kind": "ratio", "counter": None}, "changes what cannot be changed"),
    ],
)
def test_a_change_that_cannot_be_is_seen(hall, more, found):
    planned(hall, **more)

    assert wrong(checks.planned) == [found]


def test_a_change_of_something_elsewhere_is_seen(hall):
    far = make_hall(slug="mpp-jauh")

    planned(hall, counter=far.counter)

    assert wrong(checks.planned) == ["is of something elsewhere"]


def test_a_label_that_two_would_have_is_seen(hall):
    baker.make(Counter, mall=hall.mall, number="7")
    make_queue(hall.presence, "K")
    planned(hall)
    planned(hall, kind="queue", counter=None, queue=hall.queue, values={"letter": "K"})

    assert wrong(checks.planned) == ["has 7 twice on a day", "has K twice on a day"]


def test_only_the_mall_that_is_asked_for_is_looked_at(hall):
    far = make_hall(slug="mpp-jauh")
    hall.issue()
    Queue.objects.filter(pk=hall.queue.pk).update(**EVE)
    planned(hall, values={})

    assert (wrong(checks.rests, far.mall.pk), wrong(checks.planned, far.mall.pk)) == ([], [])
    assert len(wrong(checks.rests, hall.mall.pk) + wrong(checks.planned, hall.mall.pk)) == 2


@pytest.mark.parametrize("more", [{"counter": None}, {"kind": "ratio"}, {"kind": "zone"}])
def test_the_database_keeps_no_change_of_another_kind(hall, more):
    with pytest.raises(IntegrityError, match="planned_of_its_kind"), transaction.atomic():
        planned(hall, **more)


def test_the_database_keeps_one_change_of_a_counter_a_day(hall):
    planned(hall)

    with pytest.raises(IntegrityError), transaction.atomic():
        planned(hall)
    planned(hall, applied_at=at(9, on=TUESDAY))
