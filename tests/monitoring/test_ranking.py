"""Malls beside each other: quarters, what lies far outside, and malls alike."""

from decimal import Decimal
from types import SimpleNamespace

import pytest

from monitoring.account import Account
from monitoring.dashboards import peers, ranking
from monitoring.figures import Line
from monitoring.periods import Kind
from tests.monitoring.counted import tally


def line(pk, *waited, days=20, **counts):
    return Line(SimpleNamespace(pk=pk), Account(tally(*waited, **counts), days=days))


def lines(*minutes, people=400):
    return [line(pk, *[each] * people) for pk, each in enumerate(minutes)]


def test_malls_with_few_days_or_people_are_not_compared():
    enough, few_days, few_people = line(1, *[5] * 100), line(2, *[5] * 100, days=9), line(3, 5)

    assert ranking.compared([enough, few_days, few_people], Kind.MONTH) == [enough]


def test_the_quickest_quarter_is_the_first():
    groups = ranking.groups(lines(*range(10, 90, 10)), "wait_median")

    assert [str(groups[pk]) for pk in range(8)] == ["1", "1", "2", "2", "3", "3", "4", "4"]


def test_where_more_is_better_the_first_quarter_has_most():
    some = [line(pk, *[5] * 400, absent=10 * pk) for pk in range(8)]

    groups = ranking.groups(some, "absent_share")

    assert (groups[0].best, groups[7].worst) == (1, 4)


def test_what_chance_could_move_lies_in_both_quarters():
    spread = [minute for minute in range(1, 41) for _twice in range(2)]
    some = [line(pk, *(each + pk for each in spread)) for pk in range(8)]

    groups = ranking.groups(some, "wait_median")

    assert any(group.best < group.worst for group in groups.values())


def test_equal_malls_lie_in_one_quarter():
    groups = ranking.groups(lines(*[20] * 8), "wait_median")

    assert {str(group) for group in groups.values()} == {"1"}


@pytest.mark.parametrize("key", ["visits", "ikm"])
def test_only_waits_and_shares_are_grouped(key):
    assert ranking.groups(lines(*range(10, 90, 10)), key) == {}


def test_few_malls_are_not_grouped():
    assert ranking.groups(lines(*range(10, 80, 10)), "wait_median") == {}


def test_a_mall_far_beyond_all_the_others_is_named():
    found = ranking.outliers(lines(10, 11, 12, 13, 14, 15, 16, 17, 90), ["wait_median"])

    (outlier,) = found
    assert (outlier.line.mall.pk, outlier.is_worse) == (8, True)
    assert (outlier.low, outlier.high) == (Decimal("11.6"), Decimal("15.6"))


def test_a_mall_far_better_than_all_the_others_is_named_too():
    (outlier,) = ranking.outliers(lines(1, *[60 + each for each in range(8)]), ["wait_median"])

    assert (outlier.line.mall.pk, outlier.is_worse) == (0, False)


def test_among_few_nobody_lies_outside():
    assert ranking.outliers(lines(10, 10, 10, 10, 10, 10, 10, 90), ["wait_median"]) == []


def test_malls_alike_have_half_to_twice_as_many_visits_a_day():
    own = line(0, *[5] * 100, days=10)
    others = [
        line(pk, *[pk] * size, days=10) for pk, size in enumerate((49, 50, 100, 150, 200, 201), 1)
    ]

    found = peers.of(own, [own, *others], ["wait_median"])

    assert found.malls == 4
    assert found.are_enough
    assert found.medians == {"wait_median": Decimal("3.0")}


def test_of_fewer_than_four_malls_nothing_is_said():
    own = line(0, *[5] * 100)

    found = peers.of(own, [line(pk, *[5] * 100) for pk in (1, 2, 3)], ["wait_median"])

    assert (found.are_enough, found.medians) == (False, {})


def test_a_figure_that_few_of_them_have_is_not_told():
    own = line(0, *[5] * 100)

    found = peers.of(own, [line(pk, *[5] * 100) for pk in (1, 2, 3, 4)], ["ikm", "visits"])

    assert found.medians == {"ikm": None, "visits": 100}
