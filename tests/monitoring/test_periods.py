"""Periods are typed as in ISO 8601, and each knows its neighbours."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring import periods
from monitoring.periods import Kind, of, parsed

DATES = st.dates(date(2015, 1, 5), date(2100, 12, 20))
KINDS = st.sampled_from(list(Kind))


@given(KINDS, DATES)
def test_every_code_leads_back_to_its_period(kind, on):
    period = of(kind, on)

    assert parsed(period.code) == period
    assert on in period


@given(KINDS, DATES)
def test_neighbours_touch_and_lead_back(kind, on):
    period = of(kind, on)

    assert period.before.last + timedelta(1) == period.first
    assert period.after.first - timedelta(1) == period.last
    assert period.before.after == period == period.after.before


@given(KINDS, DATES)
def test_a_period_has_each_of_its_days_once(kind, on):
    period = of(kind, on)

    assert (period.days[0], period.days[-1]) == (period.first, period.last)
    assert len(period.days) == (period.last - period.first).days + 1


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("2026-03-09", date(2026, 3, 9), date(2026, 3, 9)),
        ("2026-W11", date(2026, 3, 9), date(2026, 3, 15)),
        ("2026-03", date(2026, 3, 1), date(2026, 3, 31)),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        # Weeks over the end of a year belong to the year that has their Thursday.
        ("2026-W01", date(2025, 12, 29), date(2026, 1, 4)),
        ("2026-W53", date(2026, 12, 28), date(2027, 1, 3)),
        ("2027-W01", date(2027, 1, 4), date(2027, 1, 10)),
    ],
)
def test_a_code_names_its_days(code, first, last):
    period = parsed(code)

    assert (period.first, period.last, period.code) == (first, last, code)


BAD = [
    *(
        "",
        "20260309",
        "2026-3",
        "2026-3-9",
        "2026-13",
        "2026-00",
        "2026-03-00",
        "2026-02-30",
        "2026-04-31",
    ),
    *("2026-W00", "2026-W54", "2027-W53", "2026-W1", "2026-w11", "2026-W11-1", "2026-"),
    *("2014", "2014-12", "2101", "0000", "9999-12-31", "٢٠٢٦", "2026-03-09T00:00", " 2026"),
    *("2026\n", "-2026", "2026-03-", "abc", "2026/03"),
]


@pytest.mark.parametrize("code", BAD)
def test_what_names_no_period_is_none(code):
    assert parsed(code) is None


@given(st.text(max_size=12))
def test_anything_typed_is_a_period_with_that_code_or_none(code):
    period = parsed(code)

    assert period is None or period.code == code


@pytest.mark.parametrize(
    ("code", "earlier"),
    [
        ("2026", "2025"),
        ("2026-03", "2025-03"),
        ("2028-02", "2027-02"),
        ("2026-03-09", "2025-03-10"),  # a Monday too
        ("2026-W11", "2025-W11"),
    ],
)
def test_the_same_period_a_year_earlier_has_the_same_weekdays(code, earlier):
    assert parsed(code).year_before.code == earlier


def test_months_of_a_month_and_of_a_year():
    assert parsed("2026-03").months == [date(2026, 3, 1)]
    assert parsed("2026").months == [date(2026, month, 1) for month in range(1, 13)]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("2026-03-09", "Senin, 9 Maret 2026"),
        ("2026-W11", "Minggu 9–15 Maret 2026"),
        ("2026-W14", "Minggu 30 Maret–5 April 2026"),
        ("2026-03", "Maret 2026"),
        ("2026", "Tahun 2026"),
    ],
)
def test_a_period_is_called_as_people_call_it(code, words):
    assert str(parsed(code)) == words


@given(DATES)
def test_the_end_of_a_month_is_the_day_before_the_next(on):
    end = periods.end_of_month(on)

    assert (end.year, end.month) == (on.year, on.month)
    assert (end + timedelta(1)).day == 1
