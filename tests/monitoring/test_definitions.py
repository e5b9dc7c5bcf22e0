"""Every figure by hand, from an account in which no two of them come out the same by chance."""

from decimal import Decimal

import pytest
from django.utils.functional import Promise
from django.utils.translation import override

from feedback.questions import Element
from feedback.satisfaction import index_of
from monitoring.account import Account, Complaints, Incidents, Unit, percent, written
from monitoring.attendance import Kept
from monitoring.definitions import BY_KEY, FIGURES, OUTCOMES
from monitoring.tallies import Counts, Tally, histogram

COUNTS = Counts(
    issued=20,
    visits=18,
    called=15,
    served=12,
    transferred=2,
    cancelled=1,
    absent=2,
    unserved=3,
    interrupted=1,
    open=1,
    skipped=4,
    within=9,
    complete=11,
)
WAITS = [24] * 3 + [30] * 5 + [36] * 6 + [1800]  # seconds; half an hour is not below half an hour
SERVICES = [12] * 6 + [24] * 5 + [600]
KEPT = Kept(
    promised_days=20,
    attended_days=18,
    extra_days=3,
    counters_promised=40,
    counters_kept=34,
    minutes_promised=6000,
    minutes_kept=4200,
    staff_promised=30,
    staff_kept=29,
    counters=37,
    officers=31,
)
ACCOUNT = Account(
    Tally(COUNTS, histogram(WAITS), histogram(SERVICES)),
    kept=KEPT,
    index=index_of(8, dict.fromkeys(Element, 25)),
    complaints=Complaints(received=5, answered=3, late=2),
    incidents=Incidents(closures=4, seconds=5430, alarms=6),
    days=22,
)
BY_HAND = {
    **{name: getattr(COUNTS, name) for name in ("issued", "visits", "called", "served")},
    "transferred": 2,
    "cancelled": 1,
    "skipped": 4,
    "absent": 2,
    "unserved": 3,
    "interrupted": 1,
    "open": 1,
    "service_days": 22,
    "absent_share": Decimal("13.3"),  # 2 of 15
    "wait_p10": Decimal("0.4"),  # the second of fifteen
    "wait_median": Decimal("0.5"),  # the eighth
    "wait_p90": Decimal("0.6"),  # the fourteenth
    "wait_mean": Decimal("2.5"),  # 2,238 seconds by fifteen
    "wait_quick": Decimal("93.3"),  # 14 of 15
    "service_median": Decimal("0.2"),  # the sixth of twelve
    "service_p90": Decimal("0.4"),  # the eleventh
    "within_share": Decimal("75.0"),  # 9 of 12
    "complete_share": Decimal("91.7"),  # 11 of 12
    "attended_share": Decimal("90.0"),
    "counters_share": Decimal("85.0"),
    "hours_share": Decimal("70.0"),
    "staff_share": Decimal("96.7"),
    "ikm": Decimal("78.13"),  # 25 / 8 of 4, times 25
    "respondents": 8,
    "complaints": 5,
    "complaints_answered": 3,
    "complaints_late": 2,
    "closures": 4,
    "closed_minutes": Decimal("90.5"),
    "alarms": 6,
}


def test_every_figure_is_reckoned_here_by_hand():
    assert [*BY_KEY] == [figure.key for figure in FIGURES]
    assert {*BY_KEY} == {*BY_HAND}


@pytest.mark.parametrize("key", BY_HAND)
def test_a_figure_is_what_its_meaning_says(key):
    assert BY_KEY[key].of(ACCOUNT) == BY_HAND[key]


@pytest.mark.parametrize("figure", FIGURES, ids=str)
def test_a_figure_has_a_title_and_a_meaning_in_sentences_that_are_translated(figure):
    assert isinstance(figure.title, Promise)
    assert isinstance(figure.meaning, Promise)
    assert str(figure.meaning).endswith(".")


def test_no_two_figures_share_a_title_or_a_meaning():
    with override("id"):
        titles, meanings = (
            {str(getattr(f, name)) for f in FIGURES} for name in ("title", "meaning")
        )

    assert len(titles) == len(meanings) == len(FIGURES)


@pytest.mark.parametrize("figure", FIGURES, ids=str)
def test_of_nothing_a_count_is_nought_or_unknown_and_a_share_is_none(figure):
    value = figure.of(Account())

    assert value in ({0, None} if figure.unit == Unit.COUNT else {None})


def test_the_outcomes_are_all_that_can_become_of_a_number():
    assert sum(BY_KEY[key].of(ACCOUNT) for key in OUTCOMES) == COUNTS.issued


@pytest.mark.parametrize(
    ("part", "whole", "share"),
    [(1, 16, "6.3"), (1, 3, "33.3"), (2, 3, "66.7"), (1, 1, "100.0"), (0, 7, "0.0")],
)
def test_a_share_has_one_decimal_half_up(part, whole, share):
    assert percent(part, whole) == Decimal(share)


def test_a_share_of_nothing_is_none():
    assert percent(0, 0) is None


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (1234567, Unit.COUNT, "1.234.567"),
        (Decimal("1234.5"), Unit.MINUTES, "1.234,5 menit"),
        (Decimal(7), Unit.MINUTES, "7,0 menit"),
        (Decimal("87.5"), Unit.PERCENT, "87,5 %"),
        (Decimal("88.4"), Unit.INDEX, "88,40"),
        (None, Unit.COUNT, "–"),
    ],
)
def test_values_are_written_as_people_here_write_them(value, unit, text):
    assert written(value, unit) == text
