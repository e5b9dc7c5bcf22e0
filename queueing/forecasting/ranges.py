"""From many plays to the range somebody is shown. Pure.

The range holds eight waits in ten. Scores of the past days widen it (or take back what was too
wide) by split conformal prediction: how far outside the range, in widths of it, the call came for
eight in ten. Source: Lei et al. 2018, Distribution-Free Predictive Inference for Regression.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

LOW, HIGH = 0.1, 0.9
NARROWEST = 120.0  # seconds; the least width by which misses are measured
FEWEST = 30  # scores before they say anything
STRETCH = (-0.2, 1.5)  # widths by which a range may shrink or grow on each side
FINE = 10  # minutes below which single minutes are worth saying


class Span(NamedTuple):
    """Seconds until the call: eight in ten fall between low and high, half below the middle."""

    low: float
    middle: float
    high: float


class Score(NamedTuple):
    """A span once foretold, and the seconds it really took."""

    low: float
    high: float
    waited: float


@dataclass(frozen=True)
class Range:
    """Minutes, rounded so that they promise no more than they know."""

    low: int
    high: int


DIRECT = Range(0, 0)
NOW = Span(0.0, 0.0, 0.0)


def span(plays: Sequence[float]) -> Span:
    """The span of some plays of one person."""
    ordered = sorted(plays)
    return Span(_at(ordered, LOW), _at(ordered, 0.5), _at(ordered, HIGH))


def _at(ordered: Sequence[float], share: float) -> float:
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def around(found: Span, middle: float) -> Span:
    """The span with another middle, as wide on both sides of it as it must be to hold it."""
    return Span(min(found.low, middle), middle, max(found.high, middle))


def stretch(scores: Iterable[Score]) -> float:
    """By how many widths a span must grow on each side so that eight in ten scores were inside."""
    misses = sorted(
        max(score.low - score.waited, score.waited - score.high)
        / max(score.high - score.low, NARROWEST)
        for score in scores
    )
    if len(misses) < FEWEST:
        return 0.0
    return max(STRETCH[0], min(STRETCH[1], _at(misses, HIGH - LOW)))


def stretched(found: Span, by: float) -> Span:
    """The span, wider on both sides; a call at once stays at once."""
    if found.high <= 0:
        return found
    more = by * max(found.high - found.low, NARROWEST)
    low = min(max(0.0, found.low - more), found.middle)
    return Span(low, found.middle, max(found.high + more, found.middle))


def shown(found: Span) -> Range:
    """The range in minutes: single ones for a short wait, else fives; rounded outwards."""
    if found.high <= 0:
        return DIRECT
    low, high = found.low / 60, found.high / 60
    start = int(low) if low < FINE else int(low / 5) * 5
    end = -int(-high // 1) if high < FINE else -int(-high // 5) * 5
    return Range(start, max(end, start + 1))
