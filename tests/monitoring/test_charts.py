"""Where things stand in charts."""

from datetime import time

import pytest

from agencies.opening import Hours
from monitoring.charts import bars, distribution, heat, multiples, scales
from monitoring.charts.heat import Kind, Spot
from monitoring.charts.multiples import Point
from monitoring.cubes import Hour
from monitoring.tallies import histogram

OFFICE = Hours(time(8), time(15), time(12), time(13))
FRIDAY = Hours(time(8), time(15, 30), time(11, 30), time(13))


@pytest.mark.parametrize(
    ("highest", "steps"),
    [
        (0, [0, 1]),
        (1, [0, 1]),
        (4, [0, 1, 2, 3, 4]),
        (16.2, [0, 5, 10, 15, 20]),
        (60, [0, 20, 40, 60]),
        (61, [0, 20, 40, 60, 80]),
        (100, [0, 50, 100]),
    ],
)
def test_an_axis_has_a_few_round_steps(highest, steps):
    assert scales.steps(highest) == steps


def test_places_have_a_point_in_every_language(settings):
    settings.LANGUAGE_CODE = "id"

    assert (scales.at(12.345), scales.share(0.125)) == ("12.3", "12.50%")


@pytest.mark.parametrize(("minutes", "ends"), [(5, 30), (29, 30), (31, 40), (300, 120)])
def test_the_axis_ends_where_nearly_all_were_called(minutes, ends):
    waits = histogram([60 * minutes] * 100)

    assert distribution.last_mark([waits]) == ends * 60


def test_a_few_who_waited_very_long_do_not_stretch_the_axis():
    waits = histogram([600] * 98 + [6000] * 2)

    assert distribution.last_mark([waits]) == 30 * 60


def test_bars_are_as_high_as_their_share():
    chart = distribution.drawn([0.25, 0.75, 0, 0], marks=[])

    heights = [float(bar.height) for bar in chart.bars]
    assert heights[1] == pytest.approx(3 * heights[0], abs=0.2)
    assert [bar.x for bar in chart.bars] == ["0.75%", "25.75%"]


def test_the_earlier_period_is_a_closed_stair():
    chart = distribution.drawn([0.5, 0.5], [0.5, 0.5], marks=[])

    assert len(chart.was) == 5
    assert {line.y1 for line in chart.was[:2]} == {chart.was[0].y2}
    assert chart.was[2].y1 == chart.was[-1].y2 == chart.base


def test_without_an_earlier_period_there_is_no_stair():
    assert distribution.drawn([0.5, 0.5], marks=[]).was == []


def test_words_of_marks_stay_inside():
    chart = distribution.drawn([1 / 7] * 7, marks=[(600, "separuh"), (6000, "9 dari 10")])

    assert [(mark.anchor, mark.x) for mark in chart.marks] == [
        ("start", "28.57%"),
        ("end", "100.00%"),
    ]
    assert chart.marks[0].text_y != chart.marks[1].text_y


def test_a_line_breaks_where_nothing_is_known():
    points = [Point(1, 2, 3), Point(1, 2, 3), None, Point(1, 2, 3)]

    drawing = multiples.drawn(points, highest=4)

    assert drawing.lines == ["M30.0 50.0 L106.7 50.0"]
    assert drawing.bands == ["M30.0 31.0 L106.7 31.0 L106.7 69.0 L30.0 69.0Z"]
    assert drawing.dots == [("260.0", "50.0")]


def test_all_small_charts_share_one_axis():
    frame = multiples.frame([[Point(1, 2, 70)], [Point(1, 2, 3)]], limit=30)

    assert [tick.label for tick in frame.grid] == ["0", "50", "100"]
    assert frame.highest == 100


def test_the_limit_is_on_the_axis_also_when_nobody_waits():
    assert multiples.frame([[Point(1, 2, 3)]], limit=30).highest == 30


def test_a_week_says_when_the_mall_rests_and_when_it_is_closed():
    known = {Hour(0, 9): 12.0, Hour(0, 10): None}

    chart = heat.drawn(known, {0: OFFICE, 4: FRIDAY})

    kinds = [[spot.kind for spot in row.spots] for row in chart.rows]
    assert chart.hours == list(range(8, 16))
    assert kinds[0][:5] == [Kind.NOBODY, Kind.VALUE, Kind.HIDDEN, Kind.NOBODY, Kind.BREAK]
    assert kinds[0][7] == Kind.CLOSED
    assert kinds[1][3:5] == [Kind.BREAK, Kind.BREAK]
    assert kinds[1][7] == Kind.NOBODY


def test_a_number_outside_the_hours_is_shown_all_the_same():
    chart = heat.drawn({Hour(6, 19): 5.0}, {0: OFFICE})

    assert (chart.hours[-1], [row.weekday.weekday() for row in chart.rows]) == (19, [0, 6])


def test_a_mall_without_hours_and_people_has_no_week():
    assert heat.drawn({}, {}) == heat.Heat([], [])


@pytest.mark.parametrize(("minutes", "level"), [(0, 1), (14.9, 1), (15, 2), (44.9, 4), (45, 5)])
def test_colours_begin_at_the_same_minutes_everywhere(minutes, level):
    assert Spot(Kind.VALUE, minutes).level == level


def test_bars_are_parts_of_the_whole():
    assert [bar.width for bar in bars.drawn([("a", "3", 3), ("b", "12", 12)], whole=12)] == [
        "25.00%",
        "100.00%",
    ]
