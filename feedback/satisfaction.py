"""The public satisfaction index (IKM) from the sums of answers; pure and exact.

NRR of an element = sum of its scores / respondents; IKM = sum of NRR x 1/9 x 25. Rounded half up to
two decimals first, then judged: between the bands of the regulation there are gaps of a hundredth.
Source: PermenPANRB 14/2017.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from feedback.questions import Element

FEWEST = 5  # respondents: of fewer nothing is shown, or somebody would be known by their answer
SCALE = 25  # 1 to 4 becomes 25 to 100
RULE = _("PermenPANRB 14/2017, bobot 1/9 per unsur")


class Band(Enum):
    """How good a service is by its index, from its lowest value on."""

    A = Decimal("88.31"), _("Sangat baik")
    B = Decimal("76.61"), _("Baik")
    C = Decimal("65.00"), _("Kurang baik")
    D = Decimal("25.00"), _("Tidak baik")

    @property
    def lowest(self) -> Decimal:
        return self.value[0]

    @property
    def performance(self) -> str | Promise:
        return self.value[1]


@dataclass(frozen=True)
class Index:
    """What a number of respondents think: the mean of each element, and one figure of all nine."""

    respondents: int
    means: Mapping[Element, Decimal]
    value: Decimal

    @property
    def band(self) -> Band:
        return band_of(self.value)


def index_of(respondents: int, sums: Mapping[Element, int]) -> Index | None:
    """The index of so many respondents, who answered all nine; None where they are too few."""
    if respondents < FEWEST:
        return None
    means = {element: _half_up(sums[element], respondents) for element in Element}
    value = _half_up(SCALE * sum(sums.values()), len(Element) * respondents)
    return Index(respondents, means, value)


def band_of(value: Decimal) -> Band:
    """The band of an index that has been rounded."""
    return next(band for band in Band if value >= band.lowest)


def _half_up(numerator: int, denominator: int) -> Decimal:
    """A quotient with two decimals; in whole numbers, because 1/9 has no end as a decimal."""
    hundredths = (200 * numerator + denominator) // (2 * denominator)
    return Decimal(hundredths).scaleb(-2)
