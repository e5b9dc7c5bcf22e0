"""The index is that of the regulation, exactly, whatever was answered."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.questions import QUESTIONS, Element
from feedback.satisfaction import FEWEST, Band, band_of, index_of

ANSWERS = st.lists(
    st.lists(st.integers(1, 4), min_size=9, max_size=9), min_size=FEWEST, max_size=60
)


def index(answers):
    sums = {each: sum(row[each - 1] for row in answers) for each in Element}
    return index_of(len(answers), sums)


def naive(answers):
    """The formula as it is printed, in fractions: the weighted means, times 25."""
    means = [Fraction(sum(row[n] for row in answers), len(answers)) for n in range(9)]
    return sum(mean * Fraction(1, 9) for mean in means) * 25


def rounded(value: Fraction) -> Decimal:
    long = Decimal(value.numerator * 10**6 // value.denominator).scaleb(-6)
    # A remainder behind the sixth place lifts nothing, a half must be one exactly.
    return long.quantize(Decimal("0.01"), ROUND_HALF_UP)


@given(ANSWERS)
def test_the_index_is_the_printed_formula(answers):
    found = index(answers)

    assert Decimal(25) <= found.value <= Decimal(100)
    assert found.value == rounded(naive(answers))
    assert all(1 <= mean <= 4 for mean in found.means.values())
    assert found.respondents == len(answers)


@given(ANSWERS)
def test_every_index_has_one_band_and_a_better_one_has_no_worse(answers):
    found = index(answers)

    assert found.value >= found.band.lowest
    assert all(band.lowest > found.value for band in Band if band.lowest > found.band.lowest)


@pytest.mark.parametrize(
    ("value", "band"),
    [
        ("25.00", Band.D),
        ("64.99", Band.D),
        ("65.00", Band.C),
        ("76.60", Band.C),
        ("76.61", Band.B),
        ("88.30", Band.B),
        ("88.31", Band.A),
        ("100.00", Band.A),
    ],
)
def test_the_bands_begin_where_the_regulation_says(value, band):
    assert band_of(Decimal(value)) == band


def test_it_is_rounded_before_it_is_judged():
    # 5 people, 9 elements: 3.06421… of 4 would be 76.605 without a band; a half goes up.
    found = index_of(1000, dict.fromkeys(Element, 0) | {Element.TIME: 27578})

    assert found.value == Decimal("76.61")
    assert found.band == Band.B


def test_the_best_and_the_worst():
    assert index([[4] * 9] * 5).value == Decimal("100.00")
    assert index([[1] * 9] * 5).value == Decimal("25.00")


@pytest.mark.parametrize("count", range(FEWEST))
def test_too_few_have_no_figure(count):
    assert index_of(count, dict.fromkeys(Element, 4 * count)) is None


def test_facilities_are_asked_before_complaints_and_numbered_after():
    asked = [each.element for each in QUESTIONS]

    assert asked[7:] == [Element.FACILITIES, Element.COMPLAINTS]
    assert (Element.COMPLAINTS.value, Element.FACILITIES.value) == (8, 9)
    assert sorted(asked) == list(Element)
    assert str(QUESTIONS[3].answers[-1]) == "Gratis"
