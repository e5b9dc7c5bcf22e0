"""What is hidden from whoever watches from outside; and that it cannot be worked out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring import privacy
from monitoring.account import Account
from monitoring.definitions import BY_KEY, FEWEST
from monitoring.privacy import Shown
from tests.monitoring.counted import tally


def shown(key, account, **options):
    return privacy.shown(BY_KEY[key], account, FEWEST, **options)


@pytest.mark.parametrize(("count", "small"), [(0, False), (1, True), (4, True), (5, False)])
def test_a_group_of_one_to_four_people_is_small(count, small):
    assert privacy.is_small(count, FEWEST) is small


def test_nothing_is_small_to_those_who_see_everything():
    assert privacy.hidden({"a": 1, "b": 9}, 0) == set()
    assert privacy.shown(BY_KEY["served"], Account(tally(3)), 0) == Shown(1, "1")


def test_a_single_hidden_part_takes_the_next_smallest_with_it():
    assert privacy.hidden({"a": 3, "b": 40, "c": 8}, FEWEST) == {"a", "c"}


def test_two_hidden_parts_that_are_few_together_take_one_more():
    assert privacy.hidden({"a": 1, "b": 1, "c": 40, "d": 8}, FEWEST) == {"a", "b", "d"}


def test_two_hidden_parts_that_are_many_together_are_enough():
    assert privacy.hidden({"a": 4, "b": 3, "c": 40}, FEWEST) == {"a", "b"}


@given(st.lists(st.integers(0, 30), min_size=2, max_size=6))
def test_no_small_part_can_be_worked_out_from_the_sum(counts):
    gone = privacy.hidden(dict(enumerate(counts)), FEWEST)

    shown_parts = [count for at, count in enumerate(counts) if count and at not in gone]
    hidden_parts = [counts[at] for at in gone]
    assert all(count >= FEWEST for count in shown_parts)
    # One hidden part would be the sum less the others; few together would each be fewer.
    if hidden_parts and shown_parts:
        assert len(hidden_parts) >= 2
        assert sum(hidden_parts) >= FEWEST


def test_a_small_count_is_written_as_such():
    assert shown("absent", Account(tally(*[5] * 20, absent=3))) == Shown(None, "<5")


def test_a_share_that_would_tell_a_small_count_is_hidden():
    assert shown("absent_share", Account(tally(*[5] * 20, absent=3))).value is None
    assert shown("absent_share", Account(tally(*[5] * 20, absent=5))).value is not None


def test_a_share_whose_rest_is_small_is_hidden():
    all_but_two = tally(*[5] * 20, 45, 50)

    assert shown("wait_quick", Account(all_but_two)).value is None


def test_a_median_of_few_is_hidden():
    assert shown("wait_median", Account(tally(5, 6, 7, 8))).value is None
    assert shown("wait_median", Account(tally(5, 6, 7, 8, 9))).value is not None


def test_days_are_no_people():
    assert shown("service_days", Account(tally(5), days=2)) == Shown(2, "2")


def test_nothing_known_is_a_dash_and_no_secret():
    assert shown("ikm", Account()) == Shown(None, "–")
