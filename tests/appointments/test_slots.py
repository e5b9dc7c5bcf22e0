from datetime import date, datetime, time

import pytest

from agencies.opening import EVERY_DAY, Calendar, Dated, Holiday, Hours
from appointments import slots
from appointments.slots import Release, Shares, Tranche, Window
from tests.recipes import MONDAY, WIB, at, attending

WEEK = {day: Hours(time(8), time(15), time(12), time(13)) for day in range(5)}
TEN = Shares(online=10, priority=2, staff=3, walk_in=5)
RELEASE = Release(time(8), (Tranche(30, 10), Tranche(7, 40), Tranche(1, 100)))
SUNDAY = date(2026, 3, 15)
FRIDAY = date(2026, 3, 13)


def window(begins=9, ends=10, weekday=0, **more):
    dates = {"from_date": date(2026, 1, 1), **more}
    return Window(weekday, time(begins), time(ends), TEN, **dates)


def on_monday(*windows, calendar=None, on=MONDAY, attended=EVERY_DAY):
    calendar = calendar or Calendar(WIB, WEEK)
    found = slots.of_day(windows, calendar, on, attended=attended)
    return [(slot.starts_at, slot.ends_at) for slot in found]


def test_a_day_has_the_windows_of_its_weekday_earliest_first():
    found = on_monday(window(10, 11), window(9, 10), window(9, 10, weekday=1))

    assert found == [(at(9), at(10)), (at(10), at(11))]


def test_a_day_on_which_the_agency_is_away_has_none():
    assert on_monday(window(), attended=attending(1, 2)) == []


def test_a_holiday_has_none():
    calendar = Calendar(WIB, WEEK, holidays={MONDAY: Holiday("Nyepi", is_joint_leave=False)})

    assert on_monday(window(), calendar=calendar) == []


def test_in_ramadan_hours_windows_that_do_not_fit_fall_away():
    short = Dated(MONDAY, MONDAY, Hours(time(9), time(14)), "Ramadan")
    calendar = Calendar(WIB, WEEK, dated=(short,))

    found = on_monday(
        window(8, 9), window(9, 10), window(13, 14), window(14, 15), calendar=calendar
    )

    assert found == [(at(9), at(10)), (at(13), at(14))]


def test_a_longer_break_on_friday_takes_the_windows_it_cuts():
    hours = Hours(time(8), time(15), time(11, 30), time(13, 30))
    calendar = Calendar(WIB, {4: hours})
    windows = [window(begins, begins + 1, weekday=4) for begins in (10, 11, 13, 14)]

    found = on_monday(*windows, calendar=calendar, on=FRIDAY)

    assert [starts for starts, _ends in found] == [at(10, on=FRIDAY), at(14, on=FRIDAY)]


@pytest.mark.parametrize(
    ("more", "stands"),
    [
        ({"from_date": MONDAY}, True),
        ({"from_date": date(2026, 3, 10)}, False),
        ({"until_date": MONDAY}, True),
        ({"until_date": date(2026, 3, 8)}, False),
    ],
)
def test_a_window_stands_between_its_dates(more, stands):
    assert bool(on_monday(window(**more))) == stands


@pytest.mark.parametrize(
    ("now", "percent"),
    [
        (datetime(2026, 2, 7, 7, 59, tzinfo=WIB), 0),
        (datetime(2026, 2, 7, 8, 0, tzinfo=WIB), 10),
        (datetime(2026, 3, 2, 7, 59, tzinfo=WIB), 10),
        (datetime(2026, 3, 2, 8, 0, tzinfo=WIB), 40),
        (datetime(2026, 3, 8, 8, 0, tzinfo=WIB), 100),
    ],
)
def test_places_come_out_in_tranches_at_a_set_hour(now, percent):
    assert slots.percent_out(RELEASE, Calendar(WIB, WEEK), MONDAY, now) == percent


def test_one_tranche_is_a_rolling_release():
    rolling = Release(time(7), (Tranche(7, 100),))

    assert rolling.ahead == 7
    assert slots.percent_out(rolling, Calendar(WIB, WEEK), MONDAY, at(6, on=date(2026, 3, 2))) == 0
    assert (
        slots.percent_out(rolling, Calendar(WIB, WEEK), MONDAY, at(7, on=date(2026, 3, 2))) == 100
    )


def test_the_next_places_are_announced_until_all_are_out():
    calendar, early = Calendar(WIB, WEEK), datetime(2026, 3, 1, tzinfo=WIB)

    assert slots.next_out(RELEASE, calendar, MONDAY, early) == at(8, on=date(2026, 3, 2))
    assert slots.next_out(RELEASE, calendar, MONDAY, at(9)) is None


@pytest.mark.parametrize("percent", [0, 10, 40, 99, 100])
def test_the_ledger_adds_up_at_every_percentage(percent):
    ledger = slots.ledger(TEN, percent)

    assert ledger.opened == 20
    assert ledger.online + ledger.walk_in + ledger.staff + ledger.unreleased == ledger.opened


def test_lowered_shares_keep_what_has_been_promised():
    booked = Shares(online=6, priority=1, staff=0, walk_in=0)

    kept = slots.kept(Shares(online=4, priority=2, staff=1, walk_in=9), booked=booked)

    assert kept == Shares(online=6, priority=2, staff=1, walk_in=9)
