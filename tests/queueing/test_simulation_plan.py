from collections import Counter as Tally
from dataclasses import replace
from datetime import timedelta

import pytest

from queueing.simulation import plan
from queueing.simulation.plan import Hall, Offered, Window
from queueing.states import Priority
from tests.recipes import MONDAY, at

TUESDAY = MONDAY + timedelta(days=1)
AGENCIES = 6


def a_plan(*, counters=2, quota=None, on=MONDAY, minutes=10):
    """A hall as plain values: six agencies with a queue, a service and some counters each."""
    services = tuple(
        Offered(n, n, f"layanan-{n}", minutes, quota if n == 1 else None)
        for n in range(1, AGENCIES + 1)
    )
    windows = tuple(
        Window(10 * n + seat, f"{10 * n + seat}", n, frozenset({n}))
        for n in range(1, AGENCIES + 1)
        for seat in range(counters)
    )
    return Hall(
        slug="mpp-uji",
        opens=at(8, on=on),
        closes=at(15, on=on),
        rest=(at(12, on=on), at(13, on=on)),
        services=services,
        windows=windows,
    )


def test_the_same_seed_plans_the_same_people():
    hall = a_plan()

    assert plan.people(hall, seed=7) == plan.people(hall, seed=7)
    assert plan.people(hall, seed=7) != plan.people(hall, seed=8)


def test_two_days_of_one_seed_differ():
    def minutes(on):
        hall = a_plan(on=on)
        return [person.at - hall.opens for person in plan.people(hall, seed=1, visitors=50)]

    assert minutes(MONDAY) != minutes(TUESDAY)


def test_people_come_while_the_hall_is_open_in_the_number_asked_for():
    hall = a_plan()
    people = plan.people(hall, seed=1, visitors=2000)

    assert len(people) == pytest.approx(2000, rel=0.1)
    assert all(hall.opens <= person.at < hall.closes for person in people)
    assert people == sorted(people, key=lambda person: person.at)


def test_shares_are_as_stated():
    people = plan.people(a_plan(), seed=3, visitors=20_000)
    fates = [person.fate for person in people]
    no_shows = [fate for fate in fates if not fate.shows_up]

    def share(matching):
        return sum(map(bool, matching)) / len(people)

    assert share(p.priority != Priority.NONE for p in people) == pytest.approx(0.10, abs=0.01)
    assert len(no_shows) / len(people) == pytest.approx(0.08, abs=0.01)
    assert sum(bool(f.comes_back) for f in no_shows) / len(no_shows) == pytest.approx(
        1 / 3, abs=0.05
    )
    assert share(f.transfer_to for f in fates) == pytest.approx(0.04, abs=0.006)
    assert share(f.held_for for f in fates) == pytest.approx(0.03, abs=0.006)
    assert share(f.leaves_after for f in fates) == pytest.approx(0.02, abs=0.005)
    assert sum(f.work for f in fates) / len(fates) == pytest.approx(1.0, abs=0.03)


def test_all_four_groups_come():
    people = plan.people(a_plan(), seed=3, visitors=3000)

    assert {person.priority for person in people} == set(Priority)


def test_the_morning_is_the_busiest_and_noon_a_dip():
    people = plan.people(a_plan(), seed=2, visitors=8000)
    half_hours = Tally((p.at.hour, p.at.minute // 30) for p in people)

    top = half_hours[9, 1] + half_hours[10, 0]
    noon = half_hours[12, 0] + half_hours[12, 1]
    hump = half_hours[13, 0] + half_hours[13, 1]
    assert top > 1.4 * (half_hours[8, 0] + half_hours[8, 1])
    assert top > 2 * noon
    assert noon < hump < top


def test_mondays_are_busier():
    assert a_plan(on=MONDAY).visitors > 1.15 * a_plan(on=TUESDAY).visitors


def test_a_transfer_leads_to_another_queue():
    hall = a_plan()
    queue_of = {service.service_id: service.queue_id for service in hall.services}
    moved = [p for p in plan.people(hall, seed=1, visitors=2000) if p.fate.transfer_to]

    assert moved
    assert all(queue_of[p.fate.transfer_to] != queue_of[p.service_id] for p in moved)


def test_a_quota_and_the_counters_limit_how_many_want_one_queue():
    hall = a_plan(quota=30, minutes=20)
    wanted = Tally(p.service_id for p in plan.people(hall, seed=1, visitors=150))

    assert wanted[1] < 40
    # Two counters of seven hours have room for 42 services of twenty minutes.
    assert all(count < 55 for count in wanted.values())


def test_officers_hurry_only_where_many_come():
    hall = a_plan(minutes=20)
    usual = plan.paces(hall, plan.people(hall, seed=1), fastest=1.0)
    many = plan.people(hall, seed=1, visitors=400, pace=0.4)
    busy = plan.paces(hall, many[:100] + [p for p in many if p.service_id == 1], fastest=0.4)

    assert set(usual.values()) == {1.0}
    assert busy[1] < 1.0
    assert busy[2] == 1.0


def test_a_hall_without_services_has_no_visitors():
    assert plan.people(replace(a_plan(), services=()), seed=1) == []


def test_colleagues_rest_in_turns_and_sit_down_about_opening():
    hall = a_plan(counters=2)
    duties = plan.duties(hall, seed=1)
    lunch = {counter: duty.breaks[-1][0] for counter, duty in duties.items()}

    assert all(hall.opens <= duty.sits_at <= at(8, 8) for duty in duties.values())
    assert all(lunch[10 * n] + timedelta(minutes=15) < lunch[10 * n + 1] for n in range(1, 7))


def test_without_a_midday_break_officers_rest_all_the_same():
    duties = plan.duties(replace(a_plan(), rest=None), seed=1)

    assert all(at(11) < duty.breaks[-1][0] < at(13) for duty in duties.values())
