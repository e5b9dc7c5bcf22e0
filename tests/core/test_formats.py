from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from core import formats

JAKARTA, PONTIANAK = ZoneInfo("Asia/Jakarta"), ZoneInfo("Asia/Pontianak")
MAKASSAR, JAYAPURA = ZoneInfo("Asia/Makassar"), ZoneInfo("Asia/Jayapura")
MORNING = datetime(2026, 3, 9, 2, 41, tzinfo=UTC)


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (0, "Rp0"),
        (999, "Rp999"),
        (350000, "Rp350.000"),
        (1_250_000_000, "Rp1.250.000.000"),
        (Decimal("650000.00"), "Rp650.000"),
        (Decimal("1500.50"), "Rp1.500,50"),
        (-2000, "-Rp2.000"),
        (None, ""),
    ],
)
def test_money_has_dots_between_thousands(amount, written):
    assert formats.rupiah(amount) == written


@pytest.mark.parametrize(
    ("zone", "written"),
    [
        (JAKARTA, "09.41 WIB"),
        (PONTIANAK, "09.41 WIB"),
        (MAKASSAR, "10.41 WITA"),
        (JAYAPURA, "11.41 WIT"),
        (ZoneInfo("UTC"), "02.41 UTC"),
    ],
)
def test_the_clock_is_that_of_the_place(zone, written):
    assert formats.clock(MORNING, zone) == written


def test_midnight_is_written_with_zeros():
    assert formats.clock(datetime(2026, 3, 8, 17, 0, tzinfo=UTC), JAKARTA) == "00.00 WIB"


def test_no_moment_is_no_text():
    written = formats.clock(None, JAKARTA), formats.clock_short(None, JAKARTA)

    assert written == ("", "")
    assert (formats.long_date(None), formats.minutes(None)) == ("", "")


def test_a_moment_without_zone_is_a_bug():
    with pytest.raises(ValueError, match="without zone"):
        formats.clock(datetime(2026, 3, 9, 9, 41), JAKARTA)  # noqa: DTZ001 - the point of it


def test_a_span_of_time_names_its_zone_once():
    later = datetime(2026, 3, 9, 2, 49, tzinfo=UTC)

    assert formats.clock_range(MORNING, later, JAKARTA) == "09.41–09.49 WIB"
    assert formats.clock_range(MORNING, MORNING, JAKARTA) == "09.41 WIB"


@pytest.mark.parametrize(
    ("language", "written"), [("id", "Senin, 9 Maret 2026"), ("en", "Monday, 9 March 2026")]
)
def test_a_date_speaks_the_language_of_the_reader(language, written):
    with translation.override(language):
        assert formats.long_date(date(2026, 3, 9)) == written


def test_just_after_midnight_the_day_is_that_of_the_place():
    moment = datetime(2026, 3, 8, 15, 30, tzinfo=UTC)

    with translation.override("id"):
        assert formats.long_date(moment, JAKARTA) == "Minggu, 8 Maret 2026"
        assert formats.long_date(moment, JAYAPURA) == "Senin, 9 Maret 2026"


def test_a_moment_has_no_date_without_a_zone():
    with pytest.raises(ValueError, match="name the zone"):
        formats.long_date(MORNING)


@pytest.mark.parametrize(
    ("low", "high", "written"),
    [(12, 20, "12–20 menit"), (5, 5, "5 menit"), (0, 0, "Langsung"), (0, 4, "0–4 menit")],
)
def test_a_wait_is_a_range_in_words(low, high, written):
    with translation.override("id"):
        assert formats.wait_range(low, high) == written


def test_the_bar_of_a_wait_ends_beyond_its_band():
    assert formats.range_bar(12, 20) == (40.0, pytest.approx(66.67, abs=0.01), 30, True)


@pytest.mark.parametrize("high", range(1, 200))
def test_the_last_tick_of_a_bar_always_has_room(high):
    bar = formats.range_bar(0, high)

    assert 45 <= bar.stop <= 67


@pytest.mark.parametrize(("low", "high"), [(0, 20), (5, 20), (19, 20), (-3, 20), (30, 20)])
def test_a_tick_that_would_hit_its_neighbour_is_left_out(low, high):
    assert formats.range_bar(low, high).show_low is False
