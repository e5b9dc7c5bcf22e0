"""How long somebody will wait: a range from how fast the queue really moves today. Pure.

The unit is the interval between two calls of the same queue while people were waiting. A cold
start leans on the expected minutes and the open counters as if three such intervals had been
seen. The range holds the wait of eight people in ten, by a gamma distribution with the mean and
variance of the sum of intervals.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from math import sqrt

PRIOR_WEIGHT = 3
PRIOR_SPREAD = 0.8  # standard deviation of an interval over its mean, before anything is known
LAST_INTERVALS = 20
EIGHT_IN_TEN = 1.2816  # standard normal quantile of 90 %
FINE = 10  # minutes below which single minutes are worth saying


@dataclass(frozen=True)
class Called:
    """Somebody called today: when, and since when they had been in line."""

    at: datetime
    since: datetime


@dataclass(frozen=True)
class Pace:
    """Minutes between two calls: mean and variance, and how many intervals they rest on."""

    mean: float
    variance: float
    seen: int


@dataclass(frozen=True)
class Range:
    """Minutes, rounded so that they promise no more than they know."""

    low: int
    high: int


DIRECT = Range(0, 0)


def pace(
    calls: Sequence[Called],
    *,
    expected_minutes: float,
    counters: int,
    rest: tuple[datetime, datetime] | None = None,
) -> Pace:
    """How fast a queue moves, from today's calls in any order; `rest` is the midday break."""
    prior = expected_minutes / max(counters, 1)
    seen = _intervals(sorted(calls, key=lambda call: call.at), rest)[-LAST_INTERVALS:]
    weight = PRIOR_WEIGHT + len(seen)
    mean = (PRIOR_WEIGHT * prior + sum(seen)) / weight
    spread = PRIOR_WEIGHT * (PRIOR_SPREAD * prior) ** 2 + sum((s - mean) ** 2 for s in seen)
    return Pace(mean, spread / weight, len(seen))


def _intervals(calls: Sequence[Called], rest: tuple[datetime, datetime] | None) -> list[float]:
    """Minutes between calls, only where the later person was already waiting at the earlier call.

    Otherwise the counter idled, and the interval says how often people come, not how fast the
    queue moves.
    """
    return [
        (after.at - before.at).total_seconds() / 60
        for before, after in pairwise(calls)
        if after.since <= before.at and not (rest and before.at < rest[1] and after.at > rest[0])
    ]


def estimate(position: int, speed: Pace) -> Range:
    """The range for somebody who will be called as number `position`; 0 or less is at once."""
    if position <= 0:
        return DIRECT
    mean = position * speed.mean
    doubt = mean**2 / (PRIOR_WEIGHT + speed.seen)  # the mean itself is only estimated
    shape = mean**2 / (position * speed.variance + doubt + 1e-9)
    return _rounded(_quantile(mean, shape, -EIGHT_IN_TEN), _quantile(mean, shape, EIGHT_IN_TEN))


def _quantile(mean: float, shape: float, z: float) -> float:
    """Wilson and Hilferty's approximation of a gamma quantile."""
    return float(mean * max(0.0, 1 - 1 / (9 * shape) + z * sqrt(1 / (9 * shape))) ** 3)


def _rounded(low: float, high: float) -> Range:
    start = int(low) if low < FINE else int(low / 5) * 5
    end = -int(-high // 1) if high < FINE else -int(-high // 5) * 5
    return Range(start, max(end, start + 1))
