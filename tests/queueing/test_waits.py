from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from queueing import waits
from queueing.waits import Called, Pace, Range
from tests.recipes import at

paces = st.builds(
    Pace,
    mean=st.floats(0.5, 30),
    variance=st.floats(0.1, 400),
    seen=st.integers(0, waits.LAST_INTERVALS),
)


def calls(*minutes):
    return [Called(at(9) + timedelta(minutes=minute), at(8)) for minute in minutes]


def test_before_any_call_the_standard_decides():
    speed = waits.pace([], expected_minutes=12, counters=3)

    assert (speed.mean, speed.seen) == (4, 0)


def test_what_is_seen_outweighs_the_standard_in_time():
    slow = waits.pace(calls(*range(0, 400, 20)), expected_minutes=4, counters=1)

    assert slow.seen == 19
    assert 17 < slow.mean < 20


def test_only_the_last_twenty_intervals_count():
    hurried = [*range(0, 400, 20), *range(400, 430)]

    assert waits.pace(calls(*hurried), expected_minutes=1, counters=1).seen == 20
    assert waits.pace(calls(*hurried), expected_minutes=1, counters=1).mean == 1


def test_the_order_of_the_calls_does_not_matter():
    forward, backward = calls(0, 7, 12, 30), calls(30, 12, 7, 0)

    assert waits.pace(forward, expected_minutes=5, counters=1) == waits.pace(
        backward, expected_minutes=5, counters=1
    )


def test_an_idle_counter_says_nothing_about_the_speed():
    lonely = [Called(at(9), at(9)), Called(at(11), at(11))]

    assert waits.pace(lonely, expected_minutes=5, counters=1).seen == 0


def test_intervals_over_the_break_are_left_out():
    rest = (at(12), at(13))
    over = [Called(at(11, 55), at(9)), Called(at(13, 2), at(9)), Called(at(13, 7), at(9))]

    speed = waits.pace(over, expected_minutes=5, counters=1, rest=rest)

    assert (speed.seen, speed.mean) == (1, 5)


def test_an_interval_that_ends_at_the_break_is_kept():
    rest = (at(12), at(13))
    before = [Called(at(11, 55), at(9)), Called(at(12), at(9))]

    assert waits.pace(before, expected_minutes=5, counters=1, rest=rest).seen == 1


def test_no_counter_counts_as_one():
    assert waits.pace([], expected_minutes=7, counters=0).mean == 7


@pytest.mark.parametrize("position", [0, -1])
def test_nobody_in_front_and_a_free_counter_is_at_once(position):
    assert waits.estimate(position, Pace(5, 4, 3)) == waits.DIRECT == Range(0, 0)


@pytest.mark.parametrize(
    ("low", "high", "rounded"),
    [
        (0.9, 1.1, Range(0, 2)),
        (3.9, 8.1, Range(3, 9)),
        (9.9, 10.0, Range(9, 10)),
        (12.0, 21.0, Range(10, 25)),
        (14.9, 15.0, Range(10, 15)),
        (5.0, 5.0, Range(5, 6)),
    ],
)
def test_rounding_promises_no_more_than_is_known(low, high, rounded):
    assert waits._rounded(low, high) == rounded


@given(st.integers(1, 60), paces)
def test_a_range_is_a_range(position, speed):
    wait = waits.estimate(position, speed)

    assert 0 <= wait.low < wait.high


@given(st.integers(1, 60), paces)
def test_the_mean_lies_within_the_range(position, speed):
    # A very skewed sum may have its mean beyond the middle eight tenths; then it is no queue.
    assume(speed.variance <= speed.mean**2)
    wait = waits.estimate(position, speed)

    assert wait.low <= position * speed.mean <= wait.high


@given(paces)
def test_whoever_stands_further_back_never_waits_less(speed):
    # As steady as queues are; extremes of doubt may push the first low figure to zero.
    assume(speed.variance <= speed.mean**2)
    ranges = [waits.estimate(position, speed) for position in range(1, 40)]

    assert all(a.low <= b.low and a.high <= b.high for a, b in pairwise(ranges))


@given(st.integers(1, 40), st.floats(1, 20), st.floats(0.05, 0.9), st.floats(0.05, 0.9))
def test_more_spread_gives_a_wider_range(position, mean, one, other):
    calm, wild = sorted((one, other))
    narrow = waits.estimate(position, Pace(mean, (calm * mean) ** 2, 20))
    wide = waits.estimate(position, Pace(mean, (wild * mean) ** 2, 20))

    # Rounding to five minutes may move one edge by one step.
    assert wide.high - wide.low >= narrow.high - narrow.low - 5


@given(st.integers(1, 40), st.floats(1, 20), st.integers(0, 20), st.integers(0, 20))
def test_whoever_has_seen_less_says_a_wider_range(position, mean, one, other):
    few, many = sorted((one, other))
    doubtful = waits.estimate(position, Pace(mean, mean**2 / 4, few))
    sure = waits.estimate(position, Pace(mean, mean**2 / 4, many))

    assert doubtful.low <= sure.low
    assert doubtful.high - doubtful.low >= sure.high - sure.low - 5


@given(
    st.lists(st.integers(0, 170), min_size=2, max_size=30, unique=True),
    st.lists(st.integers(1, 59), max_size=10, unique=True),
)
def test_calls_around_a_break_never_slow_the_queue_down(before, inside):
    """Whatever happens in the break, the pace is that of the calls outside it."""
    rest = (at(12), at(13))
    outside = [Called(at(9) + timedelta(minutes=minute), at(8)) for minute in before]
    during = [Called(at(12) + timedelta(minutes=minute), at(8)) for minute in inside]

    with_break = waits.pace([*outside, *during], expected_minutes=5, counters=1, rest=rest)

    assert with_break == waits.pace(outside, expected_minutes=5, counters=1, rest=rest)


@given(st.lists(st.floats(0, 300), max_size=40), st.floats(1, 60), st.integers(0, 10))
def test_a_pace_is_never_negative(minutes, expected, counters):
    start: datetime = at(8)
    seen = [Called(start + timedelta(minutes=minute), start) for minute in minutes]
    speed = waits.pace(seen, expected_minutes=expected, counters=counters)

    assert speed.mean > 0
    assert speed.variance >= 0
    assert speed.seen <= waits.LAST_INTERVALS
