"""What is read for a period is the sum of its days, for a mall, an agency and many malls."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.models import Mall
from monitoring import figures, periods, rollups
from monitoring.account import Account
from monitoring.attendance import all_of
from monitoring.models import Day
from monitoring.tallies import NOTHING, merged
from queueing import sweeps
from services.models import Service
from tests.recipes import (
    MONDAY,
    add_counter,
    at,
    make_hall,
    make_presence,
    make_queue,
    make_service,
)

pytestmark = pytest.mark.django_db
DATES = (MONDAY, MONDAY + timedelta(1), date(2026, 3, 30), date(2026, 4, 1))
NOW = at(1, on=date(2026, 4, 3))
MONTH, YEAR = periods.parsed("2026-03"), periods.parsed("2026")


def served(hall, service, *, on, minutes, hour=9, seat=0):
    zone = hall.mall.zone
    pk = hall.issue(now=at(hour, on=on, zone=zone), service=service)
    hall.call(now=at(hour, minutes, on=on, zone=zone), seat=seat)
    hall.done(pk, now=at(hour, minutes + 3, on=on, zone=zone), seat=seat)


def two_agencies(**more):
    """A mall with two agencies, a counter each; on four dates each serves somebody."""
    hall = make_hall(**more)
    other = make_presence(hall.mall, "Dinas Lain")
    service = make_service(make_queue(other, "B"))
    add_counter(replace(hall, presence=other), queues=[service.queue])
    hall.extra |= {"presence": other, "service": service}
    for number, on in enumerate(DATES):
        served(hall, hall.service, on=on, minutes=5 + number)
        served(hall, service, on=on, minutes=30 + number, hour=10, seat=1)
        hall.issue(now=at(11, on=on, zone=hall.mall.zone))
    return hall


def count(now=NOW):
    sweeps.close_days(now=now)
    rollups.refresh(now=now)


@pytest.fixture
def hall():
    hall = two_agencies()
    count()
    return hall


def of(hall, code, **more):
    return figures.of_mall(hall.mall, periods.parsed(code), now=NOW, **more)


# --- One mall ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "issued", "days"),
    [
        *(("2026-03-09", 3, 1), ("2026-03-11", 0, 0), ("2026-W11", 6, 2), ("2026-W14", 6, 2)),
        *(("2026-03", 9, 3), ("2026-04", 3, 1), ("2026", 12, 4), ("2025", 0, 0)),
    ],
)
def test_a_period_holds_the_numbers_of_its_days(hall, code, issued, days):
    picture = of(hall, code)

    assert (picture.tally.counts.issued, picture.days) == (issued, days)


@pytest.mark.parametrize("code", ["2026-W11", "2026-03", "2026"])
def test_days_added_up_are_the_period(hall, code):
    picture = of(hall, code)
    days = [of(hall, on.isoformat()) for on in DATES if on in picture.period]

    assert picture.tally == merged(day.tally for day in days)
    assert all_of(picture.kept.values()).attended_days == sum(
        all_of(day.kept.values()).attended_days for day in days
    )


def test_a_year_is_the_sum_of_its_months(hall):
    months = [of(hall, f"2026-{number:02d}") for number in range(1, 13)]
    year = of(hall, "2026")

    assert year.account.tally == merged(month.account.tally for month in months)
    assert year.account.kept == all_of(m.account.kept for m in months if m.account.kept)
    assert year.by_hour == figures.grouped(pair for m in months for pair in m.by_hour.items())
    assert year.until == max(month.until for month in months if month.until)


@pytest.mark.parametrize("code", ["2026-03-09", "2026-W11", "2026-03", "2026"])
def test_every_way_to_cut_a_period_adds_up_to_it(hall, code):
    picture = of(hall, code)

    cuts = [picture.by(name) for name in ("presence", "queue", "service", "channel", "priority")]
    cuts += [picture.by_hour, picture.by_date, picture.by_agency_date]
    assert [merged(cut.values()) for cut in cuts] == [picture.tally] * len(cuts)


@pytest.mark.parametrize("code", ["2026-W11", "2026"])
def test_agencies_added_up_are_the_mall(hall, code):
    picture = of(hall, code)
    each = picture.agencies()

    assert {*each} == {hall.presence.pk, hall.extra["presence"].pk}
    assert merged(account.tally for account in each.values()) == picture.tally


@pytest.mark.parametrize("code", ["2026-W11", "2026"])
def test_one_agency_is_its_part_of_the_mall(hall, code):
    whole, pk = of(hall, code), hall.extra["presence"].pk

    mine = of(hall, code, presence=pk)

    assert mine.tally == whole.by("presence")[pk]
    # Counters are shared, so their closures are nobody's own; days are of the agency.
    assert replace(mine.account, days=0) == whole.agencies()[pk]
    assert merged(mine.by_hour.values()) == merged(mine.by_date.values()) == mine.tally


def test_today_is_in_no_period(hall):
    today = date(2026, 4, 3)
    hall.issue(now=at(9, on=today))
    rollups.refresh(now=at(10, on=today))

    assert Day.objects.get(mall=hall.mall, date=today).is_closed is False
    assert of(hall, "2026-04-03").tally == NOTHING
    assert of(hall, "2026").tally.counts.issued == 12


def test_days_on_which_nobody_came_are_seen_and_are_no_service_days(hall):
    picture = of(hall, "2026-W12")

    assert [*picture.by_date.values()] == [NOTHING] * 5
    assert (picture.days, picture.until) == (0, date(2026, 3, 20))


# --- Many malls ----------------------------------------------------------------------------------


@pytest.fixture
def malls(hall):
    """Three malls: that of the hall, one in another zone, and one that counts elsewhere."""
    east = two_agencies(slug="mpp-timur", zone="Asia/Jayapura")
    make_hall(slug="mpp-tanpa")
    count()
    assert Service.objects.filter(presence__mall=east.mall).count() == 2
    return [*Mall.objects.order_by("slug").select_related("region")]


@pytest.mark.parametrize("code", ["2026-03-09", "2026-W11", "2026-03", "2026"])
def test_a_line_among_many_says_what_the_mall_itself_says(malls, code):
    period = periods.parsed(code)

    for line in figures.of_malls(malls, period):
        picture = figures.of_mall(line.mall, period, now=NOW)
        assert line.account.tally == picture.tally
        assert (line.account.days, line.until) == (picture.days, picture.until)


@pytest.mark.parametrize("code", ["2026-03", "2026"])
def test_a_line_of_months_knows_attendance_and_voices_too(malls, code):
    lines = figures.of_malls(malls, periods.parsed(code))

    pictures = [figures.of_mall(each, periods.parsed(code), now=NOW) for each in malls]
    known = [line.account for line in lines if line.account.days]
    assert known == [picture.account for picture in pictures if picture.days]


def test_many_malls_together_are_their_sum(malls):
    lines = figures.of_malls(malls, YEAR)

    found = figures.together(lines)

    assert len(lines) == 3
    assert found.tally == merged(line.account.tally for line in lines)
    assert (found.tally.counts.issued, found.days) == (24, 8)


def test_of_no_mall_at_all_there_is_nothing():
    assert figures.together(figures.of_malls([], YEAR)).tally == NOTHING
    assert figures.span([]) is None


def test_a_mall_that_never_counted_has_an_empty_line(malls):
    line = next(line for line in figures.of_malls(malls, YEAR) if line.mall.slug == "mpp-tanpa")

    assert (line.account, line.until) == (Account(), None)


def test_the_trend_of_each_mall_has_its_months(malls):
    found = figures.trend(malls, YEAR.months)

    assert len(found) == 2
    for months in found.values():
        assert {on.month: tally.counts.issued for on, tally in months.items()} == {3: 9, 4: 3}


def test_the_hours_of_many_malls_are_on_their_own_clocks(malls):
    found = figures.busy_hours(malls, MONTH)

    assert {hour.hour for hour in found} == {9, 10, 11}
    assert merged(found.values()).counts.issued == 18


def test_the_span_is_that_of_the_closed_days(malls):
    assert figures.span(malls) == (MONDAY, date(2026, 4, 2))


# --- What it costs -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "statements"), [("2026-03-09", 5), ("2026-W11", 5), ("2026-03", 5), ("2026", 1)]
)
def test_a_mall_costs_the_same_however_many_days_it_has(
    hall, code, statements, django_assert_num_queries
):
    mall = Mall.objects.select_related("region").get(pk=hall.mall.pk)

    with django_assert_num_queries(statements):
        figures.of_mall(mall, periods.parsed(code), now=NOW).agencies()


@pytest.mark.parametrize("code", ["2026-03-09", "2026-W11", "2026-03", "2026"])
@pytest.mark.parametrize("wanted", [1, 3])
def test_three_malls_cost_one_statement_as_one_does(malls, code, wanted, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert len(figures.of_malls(malls[:wanted], periods.parsed(code))) == wanted


def test_no_figure_of_a_period_asks_for_a_ticket(malls):
    with CaptureQueriesContext(connection) as asked:
        for code in ("2026-03-09", "2026-W11", "2026-03", "2026"):
            period = periods.parsed(code)
            for mall in malls:
                figures.of_mall(mall, period, now=NOW).agencies()
            figures.together(figures.of_malls(malls, period))
        figures.trend(malls, YEAR.months)
        figures.busy_hours(malls, YEAR)
        figures.span(malls)

    assert len(asked) > 30
    assert [each["sql"] for each in asked if "queueing_" in each["sql"]] == []
