"""The gate to a counter, which every press of a button passes."""

from datetime import timedelta

import pytest
from model_bakery import baker

from accounts.models import User
from accounts.roles import Act, Role
from agencies.access import counters_for, may_work_at, people_who_may
from agencies.models import Assignment, CounterDay
from tests.recipes import MONDAY, make_hall, make_officer, make_presence

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


def assigned_to(hall, *counters):
    """Which counters the assignment of the hall's first officer names."""
    held = Assignment.objects.get(user=hall.officer)
    held.counters.set(counters)
    return held


def test_an_assignment_that_names_counters_is_for_these_only(hall):
    assigned_to(hall, hall.counters[1])

    assert list(counters_for(hall.officer, on=MONDAY)) == hall.counters[1:]
    assert may_work_at(hall.officer, hall.counters[0], on=MONDAY) is False
    assert may_work_at(hall.officer, hall.counters[1], on=MONDAY) is True


def test_counters_named_for_one_officer_bind_nobody_else(hall):
    assigned_to(hall, hall.counters[1])

    assert list(counters_for(hall.officers[1], on=MONDAY)) == hall.counters


def test_a_named_counter_that_its_agency_lost_is_not_reached(hall):
    assigned_to(hall, hall.counter)
    CounterDay.objects.filter(counter=hall.counter).delete()

    assert list(counters_for(hall.officer, on=MONDAY)) == []


def test_counters_named_in_one_role_do_not_narrow_another(hall):
    assigned_to(hall, hall.counters[1])
    place = {"mall": hall.mall, "agency": hall.presence.agency}
    baker.make(Assignment, user=hall.officer, role=Role.SUPERVISOR, **place)

    assert list(counters_for(hall.officer, on=MONDAY)) == hall.counters


def test_every_press_asks_one_statement(hall, django_assert_num_queries):
    assigned_to(hall, *hall.counters)

    with django_assert_num_queries(1):
        assert may_work_at(hall.officer, hall.counter, on=MONDAY) is True


def test_whom_to_tell_of_a_mall_and_whom_of_one_agency_there(hall):
    act, on = Act.READ_AGREEMENTS, MONDAY
    of_mall = User.objects.create_user("admin.mal")
    baker.make(Assignment, user=of_mall, role=Role.MALL_ADMIN, mall=hall.mall, agency=None)
    of_agency = make_officer(hall.presence, Role.AGENCY_ADMIN)
    make_officer(make_presence(hall.mall, "Instansi lain"), Role.AGENCY_ADMIN)

    agency = hall.presence.agency_id
    assert list(people_who_may(act, hall.mall, on=on)) == [of_mall]
    assert list(people_who_may(act, hall.mall, on=on, agency_id=agency)) == [of_agency]
