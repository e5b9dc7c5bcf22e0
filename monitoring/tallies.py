"""Counts and durations that can be added up: the figures of a country are sums of those of a day.

A duration lies in a bin of whole seconds. Up to 39 seconds every second has its own; above that no
bin is wider than a twentieth of where it begins, and every five minutes a new one begins. A median
or a p90 read from added bins is therefore wrong by 2.5 % at most, however many days were added.
Pure; imports nothing of ours.
"""

from bisect import bisect_right
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from operator import add
from typing import NamedTuple, TypeVar

ERROR = Fraction(1, 40)  # of a quantile at most
MARK = 300  # seconds; charts count people up to such marks, exactly
LONGEST = 12 * 3600  # seconds; whatever lasts longer counts as this long

Key = TypeVar("Key", bound=Hashable)


def _edges() -> tuple[int, ...]:
    found = [0]
    while found[-1] < LONGEST:
        last = found[-1]
        found.append(min(last + max(1, last // 20), (last // MARK + 1) * MARK))
    return tuple(found)


EDGES = _edges()  # where each bin begins, in seconds; the last one has no end


def bin_of(seconds: int) -> int:
    return bisect_right(EDGES, seconds) - 1


def _middle(place: int) -> int:
    """What everybody in a bin is taken to have lasted, in seconds."""
    if place + 1 == len(EDGES):
        return EDGES[place]
    return (EDGES[place] + EDGES[place + 1] - 1) // 2


@dataclass(frozen=True)
class Histogram:
    """How many lasted how long; and all their seconds together, so that the mean is exact."""

    seconds: int = 0
    bins: dict[int, int] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return sum(self.bins.values())

    def quantile(self, share: Fraction) -> int | None:
        """The seconds within which that share of all was over: of the nearest rank, None of none.

        Wrong by ERROR of itself at most, and by nothing up to 39 seconds.
        """
        wanted = -(-self.count * share.numerator // share.denominator)
        seen = 0
        for place in sorted(self.bins):
            seen += self.bins[place]
            if seen >= max(wanted, 1):
                return _middle(place)
        return None

    def mean(self) -> Fraction | None:
        """The seconds of all by their number; exact."""
        return Fraction(self.seconds, self.count) if self.bins else None

    def within(self, seconds: int) -> int:
        """How many lasted less than so many seconds, which must be a MARK: exact."""
        end = EDGES.index(seconds)
        return sum(count for place, count in self.bins.items() if place < end)

    def steps(self, width: int, last: int) -> list[int]:
        """How many fell into each step of so many seconds, and past the last one; exact by MARK."""
        marks = [self.within(mark) for mark in range(0, last + 1, width)]
        return [later - earlier for earlier, later in pairwise(marks)] + [self.count - marks[-1]]


def histogram(durations: Iterable[int]) -> Histogram:
    """The durations, in whole seconds, as bins."""
    total, bins = 0, dict[int, int]()
    for seconds in durations:
        total += seconds
        place = bin_of(seconds)
        bins[place] = bins.get(place, 0) + 1
    return Histogram(total, bins)


class Counts(NamedTuple):
    """How many numbers; what each word means is said in definitions.py."""

    issued: int = 0
    visits: int = 0
    called: int = 0
    served: int = 0
    transferred: int = 0
    cancelled: int = 0
    absent: int = 0
    unserved: int = 0
    interrupted: int = 0
    open: int = 0
    skipped: int = 0
    within: int = 0
    complete: int = 0


@dataclass(frozen=True)
class Tally:
    """What happened to a number of tickets, ready to be added to others."""

    counts: Counts
    waits: Histogram
    services: Histogram

    def __add__(self, other: "Tally") -> "Tally":
        return merged((self, other))

    def __bool__(self) -> bool:
        return self.counts.issued > 0


NOTHING = Tally(Counts(), Histogram(), Histogram())


def merged(tallies: Iterable[Tally]) -> Tally:
    """All of them together, in any order."""
    counts: Sequence[int] = Counts()
    seconds = [0, 0]
    bins: tuple[dict[int, int], dict[int, int]] = ({}, {})
    for each in tallies:
        counts = [*map(add, counts, each.counts)]
        for at, part in enumerate((each.waits, each.services)):
            seconds[at] += part.seconds
            known = bins[at]
            for place, count in part.bins.items():
                known[place] = known.get(place, 0) + count
    waits, services = (Histogram(*pair) for pair in zip(seconds, bins, strict=True))
    return Tally(Counts(*counts), waits, services)


def grouped(pairs: Iterable[tuple[Key, Tally]]) -> dict[Key, Tally]:
    """Those of each key together."""
    found: dict[Key, list[Tally]] = {}
    for key, tally in pairs:
        found.setdefault(key, []).append(tally)
    return {key: merged(each) if len(each) > 1 else each[0] for key, each in found.items()}


# --- As they are stored: short, and always the same for the same figures -----------------------

Flat = list[list[int]]


def packed(tally: Tally) -> Flat:
    """A tally as lists of whole numbers: its counts, and seconds and bins of both durations."""
    return [[*tally.counts], _packed(tally.waits), _packed(tally.services)]


def unpacked(stored: Flat) -> Tally:
    """The tally that was packed; nothing, of what was never counted."""
    if not stored:
        return NOTHING
    counts, waits, services = stored
    return Tally(Counts(*counts), _unpacked(waits), _unpacked(services))


def _packed(part: Histogram) -> list[int]:
    return [part.seconds, *(each for pair in sorted(part.bins.items()) for each in pair)]


def _unpacked(stored: list[int]) -> Histogram:
    return Histogram(stored[0], dict(zip(stored[1::2], stored[2::2], strict=True)))
