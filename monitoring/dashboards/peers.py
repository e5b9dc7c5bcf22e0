"""A mall beside malls like it: those with about as many visits on a day of service.

None of them is named, and of fewer than LEAST nothing is said.
"""

from collections.abc import Collection, Sequence
from fractions import Fraction
from statistics import median_low
from typing import NamedTuple

from monitoring.account import Value
from monitoring.definitions import BY_KEY
from monitoring.figures import Line

LEAST = 4
ALIKE = 2  # at most so many times as many visits, and at least that part of them


class Peers(NamedTuple):
    """How many malls are alike, and the middle one of them by each figure."""

    malls: int
    medians: dict[str, Value]

    @property
    def are_enough(self) -> bool:
        return self.malls >= LEAST


def of(own: Line, others: Collection[Line], keys: Sequence[str]) -> Peers:
    """The malls like one of them, and the middle of their figures; the lower middle of an even
    number, so that it is a value that occurs.
    """
    size = _size(own)
    alike = [
        line
        for line in others
        if line.mall.pk != own.mall.pk and line.account.days and _is_alike(_size(line), size)
    ]
    if len(alike) < LEAST:
        return Peers(len(alike), {})
    return Peers(len(alike), {key: _middle(key, alike) for key in keys})


def _size(line: Line) -> Fraction:
    account = line.account
    return Fraction(account.tally.counts.visits, account.days) if account.days else Fraction(0)


def _is_alike(one: Fraction, other: Fraction) -> bool:
    return other > 0 and other / ALIKE <= one <= other * ALIKE


def _middle(key: str, alike: Collection[Line]) -> Value:
    values = [value for line in alike if (value := BY_KEY[key].of(line.account)) is not None]
    # The value of one mall alone would be its own.
    return median_low(values) if len(values) >= LEAST else None
