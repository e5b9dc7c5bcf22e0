"""A service is to be had on the days on which a counter is in use and nothing of it rests."""

from datetime import timedelta

import pytest

from agencies.models import Counter
from agencies.opening import Rest
from core import memo
from services import attending, offers
from services.attending import Subject
from services.models import Queue, Service
from tests.recipes import MONDAY, add_counter, make_hall, make_presence, make_queue, make_service

pytestmark = pytest.mark.django_db
WEEK = [MONDAY + timedelta(days=ahead) for ahead in range(5)]
TWO_DAYS = {"rests_from": WEEK[1], "rests_until": WEEK[2]}
LEFT = [WEEK[0], *WEEK[3:]]


@pytest.fixture
def hall():
    return make_hall()


def days(service):
    memo.clear_all()
    attended = offers.attended_for(service.pk)
    return [on for on in WEEK if on in attended]


@pytest.mark.parametrize("model", [Counter, Queue, Service])
def test_on_the_days_of_a_rest_nothing_is_to_be_had(hall, model):
    model.objects.update(**TWO_DAYS)

    assert days(hall.service) == LEFT


def test_another_counter_keeps_the_days(hall):
    add_counter(hall)
    Counter.objects.filter(pk=hall.counter.pk).update(**TWO_DAYS)

    assert days(hall.service) == WEEK


@pytest.mark.parametrize("kind", ["counter", "queue", "service", "presence"])
def test_what_is_only_asked_about_is_counted_and_kept_nowhere(hall, kind):
    pk = {
        "counter": hall.counter.pk,
        "queue": hall.queue.pk,
        "service": hall.service.pk,
        "presence": hall.presence.pk,
    }[kind]

    rests = {Subject(kind, pk): Rest(WEEK[1], WEEK[2])}
    asked = attending.attended([hall.service.pk], rests=rests)[hall.service.pk]

    assert [on for on in WEEK if on in asked] == LEFT
    assert days(hall.service) == WEEK


def test_a_rest_that_is_taken_back_is_asked_about_too(hall):
    Queue.objects.update(**TWO_DAYS)

    rests = {Subject("queue", hall.queue.pk): None}
    asked = attending.attended([hall.service.pk], rests=rests)[hall.service.pk]

    assert [on for on in WEEK if on in asked] == WEEK


@pytest.mark.parametrize("model", [Counter, Queue])
def test_a_counter_calls_nobody_from_a_queue_while_either_rests(hall, model):
    model.objects.update(**TWO_DAYS)
    memo.clear_all()

    found = [len(offers.lines_at(hall.counter.pk, on)) for on in WEEK]

    assert found == [1, 0, 0, 1, 1]


def test_elsewhere_leaves_out_what_rests_that_day(hall):
    other = make_service(make_queue(make_presence(hall.mall, "Dinas Dua"), "B"))
    row = hall.counter.days.first()
    for on in WEEK:
        row.pk, row.presence, row.weekday = None, other.presence, on.weekday()
        hall.counter.days.filter(weekday=on.weekday()).delete()
        row.save()
    Service.objects.filter(pk=other.pk).update(**TWO_DAYS)
    memo.clear_all()

    found = [len(offers.elsewhere(hall.mall.pk, on, hall.queue.pk)) for on in WEEK]

    assert found == [1, 0, 0, 1, 1]


def test_many_services_are_asked_at_once(hall, django_assert_num_queries):
    services = [hall.service.pk, *(make_service(hall.queue, f"L{n}").pk for n in range(2))]

    with django_assert_num_queries(1):
        one = attending.attended(services[:1])
    with django_assert_num_queries(1):
        three = attending.attended(services)

    assert list(one.values()) * 3 == list(three.values())
