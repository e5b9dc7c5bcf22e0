"""Malls beside each other, with care: quarters instead of places, and only where enough is known.

A mall lies in one quarter only if it would lie there in a repeated period too: its figure is taken
with the range in which chance alone moves it (two standard errors, at most 1/sqrt(n) of rank or
share), and a range that crosses a border is said as such.
"""

from collections.abc import Collection, Mapping
from decimal import Decimal
from fractions import Fraction
from math import isqrt
from statistics import quantiles
from typing import NamedTuple

from monitoring.account import Account, Unit, Value, in_minutes
from monitoring.definitions import BY_KEY, HALF, NINE_TENTHS
from monitoring.figures import Line
from monitoring.periods import Kind

LEAST = 8  # malls, for quarters and for saying who lies far outside
RANKED = ("wait_median", "wait_p90", "wait_quick", "within_share", "complete_share", "absent_share")
# Service days and called people below which a mall is not compared.
ENOUGH = {
    Kind.DAY: (1, 30),
    Kind.WEEK: (3, 50),
    Kind.MONTH: (10, 100),
    Kind.YEAR: (100, 1000),
}
FENCE = Fraction(3, 2)  # of the distance between the quarters, beyond them (Tukey)
SHARES = {"wait_median": HALF, "wait_p90": NINE_TENTHS}


class Group(NamedTuple):
    """The best and the worst quarter in which a mall may lie, 1 to 4."""

    best: int
    worst: int

    def __str__(self) -> str:
        return str(self.best) if self.best == self.worst else f"{self.best}–{self.worst}"


class Outlier(NamedTuple):
    """A mall whose figure lies far outside those of the others."""

    line: Line
    key: str
    value: Value
    low: Decimal  # between these lies half of the others
    high: Decimal
    is_worse: bool


def compared(lines: Collection[Line], kind: Kind) -> list[Line]:
    """The malls of which enough is known."""
    days, called = ENOUGH[kind]
    return [
        line
        for line in lines
        if line.account.days >= days and line.account.tally.counts.called >= called
    ]


def groups(lines: Collection[Line], key: str) -> dict[int, Group]:
    """The quarter of each mall by a figure, the best first; nothing where there are too few."""
    values = _values(lines, key)
    if key not in RANKED or len(values) < LEAST:
        return {}
    borders = quantiles(values.values(), n=4, method="inclusive")
    return {
        line.mall.pk: _group(line.account, key, borders) for line in lines if line.mall.pk in values
    }


def _group(account: Account, key: str, borders: list[float]) -> Group:
    at = sorted(_place(value, borders) for value in _range(key, account))
    if BY_KEY[key].is_better:
        at = [5 - place for place in reversed(at)]
    return Group(at[0], at[-1])


def _place(value: float, borders: list[float]) -> int:
    return 1 + sum(value > border for border in borders)


def _range(key: str, account: Account) -> tuple[float, float]:
    """Between which values chance alone may move a figure."""
    value = float(BY_KEY[key].of(account) or 0)
    if BY_KEY[key].unit == Unit.PERCENT:
        aside = 100 / _root(account.tally.counts.served)
        return value - aside, value + aside
    waits = account.tally.waits
    aside_of_rank = Fraction(1, _root(waits.count))
    below, above = SHARES[key] - aside_of_rank, SHARES[key] + aside_of_rank
    shares = max(below, Fraction(0)), min(above, Fraction(1))
    low, high = (float(in_minutes(waits.quantile(share)) or 0) for share in shares)
    return low, high


def _root(count: int) -> int:
    return max(isqrt(count), 1)


def outliers(lines: Collection[Line], keys: Collection[str]) -> list[Outlier]:
    """Malls whose figure lies beyond the fences of all the others."""
    found = []
    for key in keys:
        values = _values(lines, key)
        if len(values) <= LEAST:
            continue
        for line in lines:
            outlier = _outlier(line, key, values)
            if outlier is not None:
                found.append(outlier)
    return found


def _outlier(line: Line, key: str, values: Mapping[int, float]) -> Outlier | None:
    own = values.get(line.mall.pk)
    if own is None:
        return None
    others = [value for pk, value in values.items() if pk != line.mall.pk]
    first, _middle, third = quantiles(others, n=4, method="inclusive")
    room = float(FENCE) * (third - first)
    if first - room <= own <= third + room:
        return None
    figure = BY_KEY[key]
    is_worse = (own > third) != bool(figure.is_better)
    low, high = (Decimal(f"{border:.1f}") for border in (first, third))
    return Outlier(line, key, figure.of(line.account), low, high, is_worse)


def _values(lines: Collection[Line], key: str) -> dict[int, float]:
    found = {line.mall.pk: BY_KEY[key].of(line.account) for line in lines}
    return {pk: float(value) for pk, value in found.items() if value is not None}
