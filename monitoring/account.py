"""Everything known of a mall, an agency or a country in a period, and how its values are written.

Pure; what the values mean is said in definitions.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from core.formats import thousands
from feedback.satisfaction import Index
from monitoring.attendance import Kept
from monitoring.tallies import NOTHING, Tally

Value = int | Decimal | None


class Unit(StrEnum):
    COUNT = "count"
    MINUTES = "minutes"
    PERCENT = "percent"
    INDEX = "index"


class Complaints(NamedTuple):
    """Complaints of a period."""

    received: int = 0
    answered: int = 0
    late: int = 0  # answered after their deadline, or still open after it


class Incidents(NamedTuple):
    """What kept counters from serving."""

    closures: int = 0  # counters closed during opening hours
    seconds: int = 0  # for how long in all
    alarms: int = 0


@dataclass(frozen=True)
class Account:
    """Everything that is known of a mall, an agency or a country in a period."""

    tally: Tally = NOTHING
    kept: Kept | None = None
    index: Index | None = None
    complaints: Complaints | None = None
    incidents: Incidents | None = None
    days: int = 0  # on which anybody took a number


@dataclass(frozen=True)
class Figure:
    """A figure with its meaning."""

    key: str
    title: Promise
    unit: Unit
    meaning: Promise
    of: Callable[[Account], Value]
    # Whether more of it is better, worse, or neither: what a comparison may say.
    is_better: bool | None = None

    def written(self, value: Value) -> str:
        """As pages and sheets write it; a dash where there is none."""
        return written(value, self.unit)

    def __str__(self) -> str:
        return str(self.title)


def written(value: Value, unit: Unit) -> str:
    """A value as it is shown: 1.234, 12,5 menit, 87,5 %, 88,41."""
    if value is None:
        return "–"
    if unit == Unit.COUNT:
        return thousands(int(value))
    text = number_format(value, decimal_pos=2 if unit == Unit.INDEX else 1, force_grouping=True)
    if unit == Unit.MINUTES:
        return _("%(minutes)s menit") % {"minutes": text}
    return f"{text} %" if unit == Unit.PERCENT else text


def percent(part: int, whole: int) -> Decimal | None:
    """A share in percent with one decimal, half up; None of nothing."""
    return _rounded(Fraction(100 * part, whole)) if whole else None


def in_minutes(seconds: Fraction | int | None) -> Decimal | None:
    """Seconds in minutes with one decimal, half up."""
    return None if seconds is None else _rounded(Fraction(seconds) / 60)


def _rounded(value: Fraction) -> Decimal:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal("0.1"), ROUND_HALF_UP)
