"""The gate to a counter, which every press of a button passes."""

from datetime import timedelta

import pytest

from agencies.access import counters_for, may_work_at
from agencies.models import Assignment, CounterDay
from tests.recipes import MONDAY, make_hall

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall():
    return make_hall(counters=2)


def test_an_officer_may_work_at_the_counters_of_the_agency(hall):
    assert list(counters_for(hall.officer, on=MONDAY)) == hall.counters


def test_a_role_taken_away_counts_at_once(hall):
    assert may_work_at(hall.officer, hall.counter, on=MONDAY) is True

    Assignment.objects.filter(user=hall.officer).delete()

    assert may_work_at(hall.officer, hall.counter, on=MONDAY) is False


@pytest.mark.parametrize(("days", "allowed"), [(0, True), (-1, False)])
def test_an_assignment_holds_to_the_end_of_its_last_day(hall, days, allowed):
    Assignment.objects.filter(user=hall.officer).update(until=MONDAY + timedelta(days=days))

    assert may_work_at(hall.officer, hall.counter, on=MONDAY) is allowed


def test_a_counter_of_another_agency_today_is_not_ours(hall):
    CounterDay.objects.filter(counter=hall.counter, weekday=MONDAY.weekday()).delete()

    assert may_work_at(hall.officer, hall.counter, on=MONDAY) is False
    assert may_work_at(hall.officer, hall.counter, on=MONDAY + timedelta(days=1)) is True


def test_a_counter_out_of_use_is_nobodys(hall):
    hall.counter.is_active = False
    hall.counter.save()

    assert list(counters_for(hall.officer, on=MONDAY)) == hall.counters[1:]
