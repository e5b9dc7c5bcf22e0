"""The range promises no more than the plays know, and no less than its scores demand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queueing.forecasting import ranges
from queueing.forecasting.ranges import DIRECT, Range, Score, Span

SPANS = st.lists(st.floats(0, 20_000), min_size=3, max_size=3).map(lambda s: Span(*sorted(s)))


def test_eight_plays_in_ten_are_inside():
    assert ranges.span(range(100)) == Span(10, 50, 90)


@pytest.mark.parametrize(
    ("low", "high", "shown"),
    [
        (0, 0, (0, 0)),
        (0, 30, (0, 1)),
        (100, 400, (1, 7)),
        (540, 600, (9, 10)),
        (601, 1201, (10, 25)),
        (2100, 4000, (35, 70)),
    ],
)
def test_minutes_are_rounded_outwards_and_long_waits_to_fives(low, high, shown):
    assert ranges.shown(Span(low, (low + high) / 2, high)) == Range(*shown)


@given(SPANS)
def test_what_is_shown_holds_the_span(found):
    shown = ranges.shown(found)

    assert shown.low * 60 <= found.low
    assert found.high <= shown.high * 60
    assert shown == DIRECT or shown.low < shown.high


def test_few_scores_change_nothing():
    assert ranges.stretch([Score(0, 600, 5000)] * (ranges.FEWEST - 1)) == 0


def test_calls_outside_widen_and_calls_far_inside_narrow():
    outside = [Score(600, 1200, 1500)] * 100
    inside = [Score(600, 1200, 900)] * 100

    assert ranges.stretch(outside) == 0.5
    assert ranges.stretch(inside) == ranges.STRETCH[0]


def test_after_widening_eight_in_ten_of_the_scores_are_inside():
    scores = [Score(600, 1200, 10 * n) for n in range(200)]
    by = ranges.stretch(scores)

    spans = [ranges.stretched(Span(s.low, 900, s.high), by) for s in scores]
    hits = [low <= s.waited <= high for (low, _m, high), s in zip(spans, scores, strict=True)]

    assert 0.8 <= sum(hits) / len(hits) <= 0.82


@given(SPANS, st.floats(*ranges.STRETCH))
def test_a_stretched_span_is_still_in_order(found, by):
    low, middle, high = ranges.stretched(found, by)

    assert 0 <= low <= middle <= high


def test_a_call_at_once_is_not_stretched():
    assert ranges.stretched(ranges.NOW, 1.0) == ranges.NOW


def test_another_middle_stays_inside():
    assert ranges.around(Span(10, 20, 30), 40) == Span(10, 40, 40)
