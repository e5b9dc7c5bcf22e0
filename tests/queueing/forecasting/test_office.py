"""The play calls as the counters do, and a wait follows from it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queueing import calling
from queueing.forecasting import office
from queueing.forecasting.law import Duration, Law, published
from queueing.forecasting.office import HORIZON, Office, Person, Seat, play, play_once

EXACT = Duration(6.396929655216146, 0.0, 100)  # 600 seconds, always
LAW = Law({1: EXACT}, no_show=0.0, gap=0.0, pause=0.0)
NOON = datetime(2026, 3, 9, 5, tzinfo=UTC)


def people(*sinces, queue=1, priority=(), first=1):
    return tuple(Person(n, queue, 1, n in priority, since) for n, since in enumerate(sinces, first))


def seat(counter=1, queues=(1,), **state):
    return Seat(counter, tuple((queue, None) for queue in queues), **state)


def moments(floor, law=LAW):
    return {pk: round(found[0]) for pk, found in play_once(floor, law).people.items()}


def test_a_free_counter_calls_at_once_and_the_others_wait_for_it():
    floor = Office(people(-30, -20, -10), (seat(),))

    assert moments(floor) == {1: 0, 2: 600, 3: 1200}


def test_two_counters_halve_the_wait():
    floor = Office(people(-40, -30, -20, -10), (seat(1), seat(2)))

    assert moments(floor) == {1: 0, 2: 0, 3: 600, 4: 600}


def test_whoever_is_served_is_finished_first():
    floor = Office(people(-30), (seat(service=1, busy_for=400),))

    assert moments(floor) == {1: 200}


def test_somebody_served_for_longer_than_ever_seen_may_end_any_moment():
    floor = Office(people(-30), (seat(service=1, busy_for=4000),))

    assert moments(floor) == {1: 530}


def test_priority_people_and_regular_people_alternate_by_the_ratio():
    floor = Office(people(-90, -80, -70, -60, -50, priority={3, 4, 5}), (seat(),), ratio=2)

    assert sorted(moments(floor), key=moments(floor).get) == [3, 4, 1, 5, 2]


def test_a_streak_begun_before_goes_on():
    floor = Office(people(-90, -80, priority={2}), (seat(),), streaks=((1, 2),), ratio=2)

    assert moments(floor) == {1: 0, 2: 600}


def test_the_longest_waiting_of_several_queues_goes_first():
    waiting = people(-10, queue=1) + people(-20, queue=2, first=2)

    assert moments(Office(waiting, (seat(queues=(1, 2)),))) == {2: 0, 1: 600}


def test_a_counter_with_an_order_of_its_own_keeps_to_it():
    waiting = people(-10, queue=1) + people(-20, queue=2, first=2)
    own = Seat(1, ((1, 0), (2, None)))

    assert moments(Office(waiting, (own,))) == {1: 0, 2: 600}


def test_a_rest_is_waited_out_but_nobody_is_interrupted():
    floor = Office(people(-30, -20, -10), (seat(rests=((500, 3000),)),))

    assert moments(floor) == {1: 0, 2: 3000, 3: 3600}


def test_a_counter_that_is_away_comes_back_when_it_said():
    assert moments(Office(people(-30), (seat(away_until=900.0),))) == {1: 900}


def test_a_break_without_an_end_lasts_between_five_and_fifteen_minutes():
    plays = play(Office(people(-30), (seat(is_away=True),)), LAW, runs=200, seed=1)

    assert 300 <= min(plays.people[1]) < 360
    assert 840 < max(plays.people[1]) <= 900


def test_a_fast_counter_is_expected_to_be_fast():
    law = Law({1: EXACT}, counters={1: 0.5}, no_show=0.0, gap=0.0, pause=0.0)

    assert moments(Office(people(-30, -20), (seat(),)), law) == {1: 0, 2: 300}


def test_a_newcomer_is_called_when_nobody_of_before_is_left():
    floor = Office(people(-30, -20), (seat(queues=(1, 2)),))

    assert play_once(floor, LAW).newcomers == {1: [pytest.approx(1200)], 2: [pytest.approx(1200)]}


def test_a_newcomer_at_a_free_counter_is_called_at_once():
    assert play_once(Office((), (seat(),)), LAW).newcomers == {1: [0.0]}


def test_priority_people_still_to_come_make_regular_people_wait_longer():
    floor = Office(people(*range(-100, -90)), (seat(),))
    busy = Law({1: EXACT}, no_show=0.0, gap=0.0, pause=0.0, priority={1: 1 / 1200})

    alone = play(floor, LAW, runs=50, seed=1).people[10]
    crowded = play(floor, busy, runs=50, seed=1).people[10]

    assert sum(crowded) > 1.2 * sum(alone)


def test_nobody_is_called_where_nobody_ever_works():
    floor = Office(people(-30), (seat(rests=((0.0, HORIZON + 1),)),))

    assert moments(floor) == {1: HORIZON}


def test_the_same_seed_plays_the_same():
    law = Law({1: published(10)})
    floor = Office(people(*range(-50, -40), priority={4, 7}), (seat(1), seat(2)))

    assert play(floor, law, runs=20, seed=5) == play(floor, law, runs=20, seed=5)
    assert play(floor, law, runs=20, seed=5) != play(floor, law, runs=20, seed=6)


@given(
    st.lists(st.tuples(st.integers(-5000, -1), st.booleans(), st.integers(1, 2)), max_size=12),
    st.integers(1, 4),
    st.integers(0, 4),
)
def test_one_counter_plays_the_order_that_the_calling_rule_gives(line, ratio, streak):
    waiting = tuple(
        Person(n, queue, 1, is_priority, float(since))
        for n, (since, is_priority, queue) in enumerate(line, 1)
    )
    streaks = {queue: min(streak, ratio) for queue in (1, 2)}
    floor = Office(waiting, (seat(queues=(1, 2)),), tuple(streaks.items()), ratio)

    rule = [
        calling.Waiting(p.id, p.queue, p.is_priority, NOON + timedelta(seconds=p.since))
        for p in waiting
    ]
    lines = {queue: calling.Line(count) for queue, count in streaks.items()}
    expected = calling.sequence(rule, lines, ratio=ratio, most=20)

    played = moments(floor)
    assert sorted(played, key=played.get) == expected


def test_the_horizon_is_longer_than_any_day_at_a_counter():
    assert office.HORIZON >= 12 * 3600
