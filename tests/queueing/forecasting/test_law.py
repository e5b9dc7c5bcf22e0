"""What is learned leans on what was published, the less the more has been seen."""

from math import exp, log
from random import Random

import pytest

from queueing.forecasting import law as laws
from queueing.forecasting.law import Law, Sample, durations, published


def test_the_published_minutes_are_the_mean_of_what_is_not_known():
    assert published(12).seconds == pytest.approx(720)


def test_nothing_seen_is_as_published():
    services, counters = durations([], {1: 10})

    assert (services[1], counters) == (published(10), {})


def test_many_services_outweigh_the_published_minutes():
    random = Random(1)
    seen = [Sample(1, 1, exp(random.gauss(log(300), 0.4))) for _each in range(400)]

    services, _counters = durations(seen, {1: 20})

    assert services[1].mean == pytest.approx(log(300), abs=0.1)
    assert services[1].spread == pytest.approx(0.4, abs=0.12)
    assert services[1].seen == 400


def test_a_slow_officer_is_known_by_the_others():
    seen = [Sample(1, counter, seconds) for counter, seconds in ((1, 300), (2, 600)) * 50]

    _services, counters = durations(seen, {1: 10})

    assert counters[1] < 0.8 < 1.2 < counters[2]


def test_one_service_says_next_to_nothing_of_a_counter():
    _services, counters = durations([Sample(1, 1, 300), Sample(1, 2, 1200)], {1: 10})

    assert 0.9 < counters[1] < counters[2] < 1.1


@pytest.mark.parametrize("seconds", [1, 5 * 3600])
def test_what_cannot_have_been_a_service_is_left_out(seconds):
    assert durations([Sample(1, 1, seconds)], {1: 10})[0][1] == published(10)


def test_the_grid_has_the_mean_of_the_law():
    grid = published(10).grid()

    assert sum(grid) / len(grid) == pytest.approx(600, rel=0.02)


def test_a_law_comes_back_from_its_document():
    services, counters = durations([Sample(1, 3, 400)] * 30, {1: 10})
    learned = Law(services, counters, no_show=0.1, gap=20.0)

    back = laws.from_json(laws.as_json(learned), {1: 10, 2: 5}, {4: 0.1})

    assert (back.services[1], back.services[2]) == (services[1], published(5))
    assert (back.counters, back.no_show, back.gap) == (counters, 0.1, 20.0)
    assert back.priority == {4: 0.1}
    assert (back.is_known(1), back.is_known(2)) == (True, False)
