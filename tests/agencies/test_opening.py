from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies import opening
from agencies.opening import Calendar, Closure, Dated, Holiday, Hours, Phase
from tests.recipes import attending

ZONES = [ZoneInfo(name) for name in ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")]
WIB = ZONES[0]
LONG = Hours(time(7), time(15), time(12), time(13))
FRIDAY = Hours(time(7), time(15), time(11, 30), time(13))
WEEK = {0: LONG, 1: LONG, 2: LONG, 3: LONG, 4: FRIDAY}
MONDAY = date(2026, 3, 9)
# The decree of 2026: Nyepi and Idulfitri with their joint leave, a weekend in between.
LEBARAN = {
    date(2026, 3, 18): Holiday("Cuti bersama Nyepi", True),
    date(2026, 3, 19): Holiday("Nyepi", False),
    date(2026, 3, 20): Holiday("Cuti bersama Idulfitri", True),
    date(2026, 3, 21): Holiday("Idulfitri", False),
    date(2026, 3, 22): Holiday("Idulfitri", False),
    date(2026, 3, 23): Holiday("Cuti bersama Idulfitri", True),
    date(2026, 3, 24): Holiday("Cuti bersama Idulfitri", True),
}


def calendar(zone=WIB, **extra):
    return Calendar(zone=zone, weekly=extra.pop("weekly", WEEK), **extra)


def at(hour, minute=0, second=0, *, on=MONDAY, zone=WIB):
    return datetime.combine(on, time(hour, minute, second), tzinfo=zone)


def phase(cal, moment):
    return opening.status(cal, moment).phase


@pytest.mark.parametrize("zone", ZONES, ids=str)
@pytest.mark.parametrize(
    ("hour", "minute", "second", "expected"),
    [
        (0, 0, 0, Phase.BEFORE),
        (6, 59, 59, Phase.BEFORE),
        (7, 0, 0, Phase.OPEN),
        (8, 0, 0, Phase.OPEN),
        (9, 0, 0, Phase.OPEN),
        (11, 59, 59, Phase.OPEN),
        (12, 0, 0, Phase.BREAK),
        (12, 59, 59, Phase.BREAK),
        (13, 0, 0, Phase.OPEN),
        (14, 59, 59, Phase.OPEN),
        (15, 0, 0, Phase.AFTER),
        (23, 59, 59, Phase.AFTER),
    ],
)
def test_the_phases_of_a_day_begin_on_the_second(zone, hour, minute, second, expected):
    assert phase(calendar(zone), at(hour, minute, second, zone=zone)) == expected


@pytest.mark.parametrize("zone", ZONES, ids=str)
@pytest.mark.parametrize("minute", range(-60, 121))
def test_around_utc_midnight_it_is_one_local_day(zone, minute):
    # 07:00 WIB, 08:00 WITA and 09:00 WIT: a UTC date would split every morning's queue.
    moment = datetime(2026, 3, 9, tzinfo=UTC) + timedelta(minutes=minute)

    assert opening.local_date(moment, zone) == MONDAY
    expected = Phase.BEFORE if moment.astimezone(zone).time() < time(7) else Phase.OPEN
    assert phase(calendar(zone), moment) == expected


@pytest.mark.parametrize("zone", ZONES, ids=str)
@pytest.mark.parametrize(
    ("last", "following"),
    [
        (date(2026, 3, 9), date(2026, 3, 10)),
        (date(2028, 2, 28), date(2028, 2, 29)),
        (date(2028, 2, 29), date(2028, 3, 1)),
        (date(2027, 2, 28), date(2027, 3, 1)),
        (date(2026, 12, 31), date(2027, 1, 1)),
    ],
)
def test_the_day_changes_at_local_midnight(zone, last, following):
    assert opening.local_date(at(23, 59, 59, on=last, zone=zone), zone) == last
    assert opening.local_date(at(0, on=following, zone=zone), zone) == following


def test_three_zones_open_one_hour_after_another():
    moment = datetime(2026, 3, 8, 22, 30, tzinfo=UTC)

    assert [phase(calendar(zone), moment) for zone in ZONES] == [
        Phase.BEFORE,
        Phase.BEFORE,
        Phase.OPEN,
    ]


def test_numbers_are_given_out_during_the_break_too():
    assert opening.status(calendar(), at(12, 30)).issues_numbers is True
    assert opening.status(calendar(), at(6, 59)).issues_numbers is False
    assert opening.status(calendar(), at(15)).issues_numbers is False


def test_on_friday_the_break_is_longer():
    friday = date(2026, 3, 13)

    assert phase(calendar(), at(11, 45)) == Phase.OPEN
    assert phase(calendar(), at(11, 45, on=friday)) == Phase.BREAK


def test_a_weekday_without_hours_is_closed_without_a_reason():
    status = opening.status(calendar(), at(9, on=date(2026, 3, 14)))

    assert (status.phase, status.day.reason) == (Phase.CLOSED, "")
    assert status.next_opening == at(7, on=date(2026, 3, 16))


def test_a_holiday_closes_and_says_its_name():
    day = opening.day(calendar(holidays=LEBARAN), date(2026, 3, 19))

    assert (day.hours, day.reason) == (None, "Nyepi")


@pytest.mark.parametrize(("closes", "hours"), [(True, None), (False, LONG)])
def test_each_mall_decides_about_joint_leave(closes, hours):
    cal = calendar(holidays=LEBARAN, closes_on_joint_leave=closes)

    assert opening.day(cal, date(2026, 3, 18)).hours == hours
    assert opening.day(cal, date(2026, 3, 19)).hours is None


RAMADAN = Dated(
    date(2026, 2, 18), date(2026, 3, 19), Hours(time(8), time(14)), "Jam layanan Ramadan"
)


@pytest.mark.parametrize(
    ("on", "opens"),
    [
        (date(2026, 2, 17), time(7)),
        (date(2026, 2, 18), time(8)),
        (date(2026, 3, 17), time(8)),
        (date(2026, 3, 25), time(7)),
    ],
)
def test_ramadan_has_its_own_hours_from_the_first_to_the_last_day(on, opens):
    assert opening.day(calendar(dated=(RAMADAN,)), on).hours.opens == opens


def test_ramadan_hours_have_a_reason_and_no_break():
    status = opening.status(calendar(dated=(RAMADAN,)), at(12, 30))

    assert (status.phase, status.day.reason) == (Phase.OPEN, "Jam layanan Ramadan")


def test_ramadan_opens_neither_weekends_nor_holidays():
    cal = calendar(dated=(RAMADAN,), holidays=LEBARAN)

    assert opening.day(cal, date(2026, 3, 14)).hours is None
    assert opening.day(cal, date(2026, 3, 19)) == opening.Day(None, "Nyepi")


def test_a_dated_closing_wins_over_ordinary_hours():
    closed = Dated(MONDAY, MONDAY, None, "Pemeliharaan gedung")

    assert opening.day(calendar(dated=(closed,)), MONDAY) == opening.Day(
        None, "Pemeliharaan gedung"
    )


def test_a_festival_may_open_on_a_holiday():
    festival = Dated(
        date(2026, 3, 19), date(2026, 3, 19), Hours(time(16), time(22)), "Festival", None, True
    )

    day = opening.day(calendar(dated=(festival,), holidays=LEBARAN), date(2026, 3, 19))

    assert day == opening.Day(Hours(time(16), time(22)), "Festival")


def test_an_override_for_one_weekday_leaves_the_others_alone():
    short = Dated(MONDAY, date(2026, 3, 31), Hours(time(7), time(11)), "Jumat pendek", weekday=4)

    assert opening.day(calendar(dated=(short,)), MONDAY).hours == LONG
    assert opening.day(calendar(dated=(short,)), date(2026, 3, 13)).hours.closes == time(11)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (at(6, 59, 59), at(7)),
        (at(7), at(7, on=date(2026, 3, 10))),
        (at(16), at(7, on=date(2026, 3, 10))),
        (at(16, on=date(2026, 3, 13)), at(7, on=date(2026, 3, 16))),
        (at(16, on=date(2026, 3, 17)), at(7, on=date(2026, 3, 25))),
        (at(9, on=date(2026, 3, 21)), at(7, on=date(2026, 3, 25))),
    ],
)
def test_the_next_opening_leaps_over_lebaran(now, expected):
    assert opening.next_opening(calendar(holidays=LEBARAN), now) == expected


def test_a_mall_open_on_joint_leave_opens_between_the_holidays():
    cal = calendar(holidays=LEBARAN, closes_on_joint_leave=False)

    assert opening.next_opening(cal, at(16, on=date(2026, 3, 19))) == at(7, on=date(2026, 3, 20))


def test_an_agency_comes_on_its_own_weekdays_only():
    cal = calendar(holidays=LEBARAN)

    assert opening.next_opening(cal, at(16), attended=attending(1, 3)) == at(
        7, on=date(2026, 3, 10)
    )
    # Wednesdays: the 18th is closed, so it is the 25th.
    assert opening.next_opening(cal, at(16, on=date(2026, 3, 11)), attended=attending(2)) == at(
        7, on=date(2026, 3, 25)
    )
    assert opening.next_opening(cal, at(16), attended=attending()) is None


def test_a_mall_that_never_opens_has_no_next_opening():
    assert opening.next_opening(calendar(weekly={}), at(9)) is None
    assert opening.status(calendar(weekly={}), at(9)).next_opening is None


def test_an_open_mall_names_no_next_opening():
    assert opening.status(calendar(), at(9)).next_opening is None


def test_closings_ahead_run_from_their_first_to_their_last_day():
    found = opening.closures(calendar(holidays=LEBARAN), at(9, on=date(2026, 3, 10)))

    assert found == [
        Closure(
            date(2026, 3, 18),
            date(2026, 3, 24),
            ("Cuti bersama Nyepi", "Nyepi", "Cuti bersama Idulfitri"),
        )
    ]


def test_closings_ahead_are_told_fourteen_days_before():
    cal = calendar(holidays={date(2026, 3, 19): Holiday("Nyepi", False)})

    assert opening.closures(cal, at(9, on=date(2026, 3, 4))) == []
    assert opening.closures(cal, at(9, on=date(2026, 3, 5))) == [
        Closure(date(2026, 3, 19), date(2026, 3, 19), ("Nyepi",))
    ]


def test_two_closings_with_an_open_day_between_stay_two():
    cal = calendar(
        holidays={
            date(2026, 3, 10): Holiday("Satu", False),
            date(2026, 3, 12): Holiday("Dua", False),
        }
    )

    assert [closure.reasons for closure in opening.closures(cal, at(9))] == [("Satu",), ("Dua",)]


def test_a_holiday_on_a_closed_weekday_is_no_closing():
    cal = calendar(holidays={date(2026, 3, 15): Holiday("Minggu", False)})

    assert opening.closures(cal, at(9)) == []


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31)),  # noqa: DTZ001 - zone is added below
    st.sampled_from(ZONES),
)
def test_the_next_opening_is_ahead_and_nothing_opens_before_it(naive, zone):
    cal, now = calendar(zone, holidays=LEBARAN), naive.replace(tzinfo=zone)

    upcoming = opening.next_opening(cal, now)

    assert upcoming > now
    assert opening.status(cal, upcoming).phase == Phase.OPEN
    assert opening.status(cal, upcoming - timedelta(seconds=1)).phase != Phase.OPEN
