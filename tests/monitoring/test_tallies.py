"""Histograms may be added up in any way; what is read from them is as exact as they say."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.tallies import (
    EDGES,
    ERROR,
    LONGEST,
    MARK,
    NOTHING,
    Counts,
    Tally,
    bin_of,
    grouped,
    histogram,
    merged,
    packed,
    unpacked,
)

FINE = 39  # seconds up to which every second has a bin of its own
SECONDS = st.one_of(st.integers(0, 120), st.integers(0, LONGEST - 1))
DURATIONS = st.lists(SECONDS, min_size=1, max_size=60)
PARTS = st.lists(DURATIONS, min_size=1, max_size=6)
SHARES = st.fractions(Fraction(1, 100), Fraction(1), max_denominator=100)
COUNTS = st.builds(Counts, *[st.integers(0, 9)] * len(Counts._fields))
TALLIES = st.builds(
    Tally,
    COUNTS,
    st.lists(SECONDS, max_size=8).map(histogram),
    st.lists(SECONDS, max_size=8).map(histogram),
)


def tally_of(durations):
    return Tally(Counts(), histogram(durations), histogram([]))


def exact(durations, share):
    """The value of the nearest rank, from the durations themselves."""
    rank = -(-len(durations) * share.numerator // share.denominator)
    return sorted(durations)[max(rank, 1) - 1]


@given(PARTS, SHARES)
def test_a_quantile_of_any_split_is_within_its_error_of_the_exact_one(parts, share):
    everybody = [seconds for part in parts for seconds in part]
    wanted = exact(everybody, share)

    found = merged(map(tally_of, parts)).waits.quantile(share)

    assert abs(found - wanted) <= ERROR * wanted


@given(st.lists(st.integers(0, FINE), min_size=1), SHARES)
def test_short_durations_are_not_rounded_at_all(durations, share):
    assert histogram(durations).quantile(share) == exact(durations, share)


@given(PARTS)
def test_the_mean_of_any_split_is_exact(parts):
    everybody = [seconds for part in parts for seconds in part]

    found = merged(map(tally_of, parts)).waits

    assert found.count == len(everybody)
    assert found.mean() == Fraction(sum(everybody), len(everybody))


@given(TALLIES, TALLIES, TALLIES)
def test_adding_up_knows_no_order(one, other, third):
    assert one + other == other + one
    assert (one + other) + third == one + (other + third) == merged([third, one, other])
    assert one + NOTHING == one


@given(st.lists(st.tuples(st.integers(1, 3), TALLIES)))
def test_groups_add_up_to_all_of_them(pairs):
    found = grouped(pairs)

    assert {*found} == {key for key, _tally in pairs}
    assert merged(found.values()) == merged(tally for _key, tally in pairs)


@given(TALLIES)
def test_what_is_stored_comes_back(tally):
    assert unpacked(packed(tally)) == tally


@given(TALLIES, TALLIES)
def test_the_same_figures_are_stored_the_same_whichever_came_first(one, other):
    assert packed(one + other) == packed(other + one)


def test_what_was_never_counted_is_nothing():
    assert unpacked([]) == NOTHING
    assert not NOTHING


@given(st.lists(SECONDS, max_size=60), st.integers(0, LONGEST // MARK))
def test_people_up_to_a_mark_are_counted_exactly(durations, marks):
    mark = marks * MARK

    assert histogram(durations).within(mark) == sum(each < mark for each in durations)


@given(st.lists(SECONDS, max_size=60), st.integers(1, 3), st.integers(1, 12))
def test_steps_are_exact_and_hold_everybody(durations, width, steps):
    width *= MARK
    last = width * steps

    found = histogram(durations).steps(width, last)

    wanted = [
        sum(step * width <= each < (step + 1) * width for each in durations)
        for step in range(steps)
    ]
    assert found == [*wanted, sum(each >= last for each in durations)]


def test_a_limit_between_two_marks_is_refused():
    with pytest.raises(ValueError, match="not in"):
        histogram([1]).within(MARK + 1)


def test_what_lasts_too_long_counts_as_the_longest_but_stays_in_the_sum():
    found = histogram([2 * LONGEST])

    assert (found.quantile(Fraction(1, 2)), found.seconds) == (LONGEST, 2 * LONGEST)


def test_of_nobody_there_is_no_quantile_and_no_mean():
    assert histogram([]).quantile(Fraction(1, 2)) is None
    assert histogram([]).mean() is None


# --- The bins ------------------------------------------------------------------------------------


def test_edges_increase_from_nothing_to_the_longest():
    assert (EDGES[0], EDGES[-1]) == (0, LONGEST)
    assert all(earlier < later for earlier, later in pairwise(EDGES))


def test_no_bin_is_wider_than_a_twentieth_of_where_it_begins():
    wide = [(begins, ends) for begins, ends in pairwise(EDGES) if ends - begins > 1]

    assert min(begins for begins, _ends in wide) > FINE
    assert [each for each in wide if (each[1] - each[0]) * 20 > each[0]] == []


def test_every_mark_is_an_edge():
    assert {*range(0, LONGEST + 1, MARK)} <= {*EDGES}


@given(st.integers(0, 2 * LONGEST))
def test_every_duration_lies_in_the_bin_that_begins_before_it(seconds):
    place = bin_of(seconds)

    assert EDGES[place] <= seconds
    assert place + 1 == len(EDGES) or seconds < EDGES[place + 1]
