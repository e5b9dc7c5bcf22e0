"""Steps of an axis and coordinates as SVG wants them."""

from itertools import count
from math import ceil
from typing import NamedTuple


class Tick(NamedTuple):
    """A word at a place of an axis."""

    at: str
    label: str


def at(value: float) -> str:
    """A length as an attribute says it."""
    return f"{value:.1f}"


def share(value: float) -> str:
    """A share of the width as an attribute says it."""
    return f"{100 * value:.2f}%"


def steps(highest: float, *, most: int = 4) -> list[int]:
    """Round values from 0 to the first one that is not below the highest, in a few steps."""
    for power in count():
        for base in (1, 2, 5):
            step = base * 10**power
            if ceil(highest / step) <= most:
                return [step * number for number in range(max(ceil(highest / step), 1) + 1)]
    return []  # never: some step is always wide enough
