from datetime import date, time

import pytest
import time_machine
from django.utils import translation
from model_bakery import baker

from agencies import opening, sentences
from agencies.calendars import calendar_of, calendars_of
from agencies.models import DatedHours, Holiday, OpeningHours
from core import memo
from tests.recipes import WIB, at, make_hall

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_the_test_monday():
    with time_machine.travel(at(7), tick=False):
        yield


@pytest.fixture
def mall():
    return make_hall().mall


def holiday(on, name, *, is_joint_leave=False):
    memo.clear_all()
    return baker.make(Holiday, day=on, name=name, is_joint_leave=is_joint_leave)


def test_the_rows_of_a_mall_become_plain_values(mall):
    holiday(date(2026, 3, 19), "Nyepi")
    baker.make(
        DatedHours,
        mall=mall,
        from_date=date(2026, 3, 1),
        until_date=date(2026, 3, 10),
        opens=time(8),
        closes=time(14),
        reason="Ramadan",
    )

    calendar = calendar_of(mall.pk)

    assert calendar.zone == WIB
    assert calendar.weekly[0] == opening.Hours(time(8), time(15), time(12), time(13))
    assert sorted(calendar.weekly) == [0, 1, 2, 3, 4]
    assert calendar.dated == (
        opening.Dated(
            date(2026, 3, 1), date(2026, 3, 10), opening.Hours(time(8), time(14)), "Ramadan"
        ),
    )
    assert calendar.holidays == {date(2026, 3, 19): opening.Holiday("Nyepi", False)}


def test_hours_left_empty_mean_closed(mall):
    baker.make(
        DatedHours,
        mall=mall,
        from_date=date(2026, 3, 9),
        until_date=date(2026, 3, 9),
        reason="Banjir",
    )

    assert opening.day(calendar_of(mall.pk), date(2026, 3, 9)) == opening.Day(None, "Banjir")


def test_the_newest_of_two_overrides_counts(mall):
    for reason, closes in (("Lama", time(14)), ("Baru", time(13))):
        baker.make(
            DatedHours,
            mall=mall,
            from_date=date(2026, 3, 9),
            until_date=date(2026, 3, 9),
            opens=time(8),
            closes=closes,
            reason=reason,
        )

    assert opening.day(calendar_of(mall.pk), date(2026, 3, 9)).reason == "Baru"


def test_a_day_that_is_holiday_and_leave_is_closed_for_everybody(mall):
    mall.closes_on_joint_leave = False
    mall.save()
    holiday(date(2026, 3, 19), "Nyepi")
    holiday(date(2026, 3, 19), "Cuti bersama Nyepi", is_joint_leave=True)

    assert opening.day(calendar_of(mall.pk), date(2026, 3, 19)) == opening.Day(None, "Nyepi")


def test_what_is_long_past_is_not_read(mall):
    holiday(date(2024, 2, 17), "Imlek")
    baker.make(
        DatedHours,
        mall=mall,
        from_date=date(2024, 2, 1),
        until_date=date(2024, 2, 20),
        reason="Lama",
    )

    assert calendar_of(mall.pk).holidays == {}
    assert calendar_of(mall.pk).dated == ()


def test_a_calendar_is_remembered_for_five_seconds(mall, django_assert_num_queries):
    with django_assert_num_queries(4):
        calendar_of(mall.pk)
    OpeningHours.objects.filter(mall=mall).delete()

    with django_assert_num_queries(0):
        assert calendar_of(mall.pk).weekly != {}
    memo.clear_all()
    assert calendar_of(mall.pk).weekly == {}


@pytest.mark.parametrize("count", [1, 30])
def test_any_number_of_calendars_costs_four_queries(count, django_assert_num_queries):
    malls = tuple(make_hall(slug=f"mal-{n}").mall.pk for n in range(count))

    with django_assert_num_queries(4):
        calendars = calendars_of(malls)

    assert set(calendars) == set(malls)


def test_each_mall_keeps_its_own_zone_and_hours():
    west = make_hall(slug="barat").mall
    east = make_hall(slug="timur", zone="Asia/Jayapura").mall
    OpeningHours.objects.filter(mall=east).update(opens=time(9))
    memo.clear_all()

    calendars = calendars_of((west.pk, east.pk))

    assert [calendars[mall.pk].zone.key for mall in (west, east)] == [
        "Asia/Jakarta",
        "Asia/Jayapura",
    ]
    assert [calendars[mall.pk].weekly[0].opens for mall in (west, east)] == [time(8), time(9)]


@pytest.mark.parametrize(
    ("moment", "headline"),
    [
        (at(7), "Mal belum buka. Buka lagi Senin, 9 Maret 2026 pukul 08.00 WIB."),
        (at(9), "Buka sampai 15.00 WIB"),
        (at(12, 30), "Istirahat sampai 13.00 WIB, nomor tetap dapat diambil"),
        (
            at(16),
            "Mal sudah tutup untuk hari ini. Buka lagi Selasa, 10 Maret 2026 pukul 08.00 WIB.",
        ),
        (
            at(9, on=date(2026, 3, 14)),
            "Mal tutup hari ini. Buka lagi Senin, 16 Maret 2026 pukul 08.00 WIB.",
        ),
        (
            at(9, on=date(2026, 3, 19)),
            "Mal tutup hari ini: Nyepi. Buka lagi Jumat, 20 Maret 2026 pukul 08.00 WIB.",
        ),
    ],
)
def test_one_line_says_whether_a_mall_is_open(mall, moment, headline):
    holiday(date(2026, 3, 19), "Nyepi")
    status = opening.status(calendar_of(mall.pk), moment)

    assert sentences.headline(status, mall.zone) == headline


def test_a_closing_ahead_says_why_and_when_it_ends(mall):
    holiday(date(2026, 3, 19), "Nyepi")
    holiday(date(2026, 3, 20), "Idulfitri")
    calendar = calendar_of(mall.pk)

    [closure] = opening.closures(calendar, at(9))

    assert sentences.closing(closure, calendar) == (
        "Tutup 19–20 Maret 2026",
        "Nyepi, Idulfitri. Buka kembali Senin, 23 Maret 2026 pukul 08.00 WIB.",
    )


@pytest.mark.parametrize(
    ("first", "last", "written"),
    [
        (date(2026, 3, 19), date(2026, 3, 19), "Kamis, 19 Maret 2026"),
        (date(2026, 3, 18), date(2026, 3, 24), "18–24 Maret 2026"),
        (date(2026, 3, 30), date(2026, 4, 2), "30 Maret–2 April 2026"),
        (date(2026, 12, 31), date(2027, 1, 1), "31 Desember 2026–1 Januari 2027"),
    ],
)
def test_days_are_written_without_saying_anything_twice(first, last, written):
    assert sentences.days(first, last) == written


def test_the_week_is_told_in_runs_of_equal_days(mall):
    OpeningHours.objects.filter(mall=mall, weekday=4).update(break_from=time(11, 30))
    memo.clear_all()

    assert sentences.week(calendar_of(mall.pk)) == [
        ("Senin–Kamis", "08.00–15.00", "istirahat 12.00–13.00"),
        ("Jumat", "08.00–15.00", "istirahat 11.30–13.00"),
    ]


def test_a_gap_in_the_week_begins_a_new_run(mall):
    OpeningHours.objects.filter(mall=mall, weekday=2).delete()
    OpeningHours.objects.filter(mall=mall).update(break_from=None, break_until=None)
    memo.clear_all()

    assert sentences.week(calendar_of(mall.pk)) == [
        ("Senin, Selasa", "08.00–15.00", "tanpa istirahat siang"),
        ("Kamis, Jumat", "08.00–15.00", "tanpa istirahat siang"),
    ]


@pytest.mark.parametrize(
    ("attended", "written"),
    [
        ((), ""),
        ({0}, "Senin"),
        ({4, 0, 2}, "Senin, Rabu, Jumat"),
        (range(5), "Senin–Jumat"),
        ({0, 1, 2, 4}, "Senin–Rabu, Jumat"),
    ],
)
def test_weekdays_in_a_row_are_a_span(attended, written):
    assert sentences.weekdays(attended) == written


def test_only_an_open_day_has_special_hours(mall):
    baker.make(
        DatedHours,
        mall=mall,
        from_date=date(2026, 3, 9),
        until_date=date(2026, 3, 9),
        opens=time(8),
        closes=time(14),
        reason="Jam layanan Ramadan",
    )
    holiday(date(2026, 3, 19), "Nyepi")
    calendar = calendar_of(mall.pk)

    assert sentences.special(opening.status(calendar, at(9))) == "Jam layanan Ramadan"
    assert sentences.special(opening.status(calendar, at(9, on=date(2026, 3, 19)))) == ""


def test_an_english_reader_gets_english_dates(mall):
    with translation.override("en"):
        assert sentences.days(date(2026, 3, 18), date(2026, 3, 24)) == "18–24 March 2026"
