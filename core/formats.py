"""How figures, times and dates are written for people; pure, so that every page says them alike."""

from datetime import date, datetime
from decimal import Decimal
from math import ceil
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils.dateformat import format as format_date
from django.utils.translation import gettext, ngettext

# The zones Indonesia keeps; tzname() would answer "+08" or a word of another country.
ZONE_SUFFIXES = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Jayapura": "WIT",
}


def thousands(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def rupiah(amount: Decimal | int | None) -> str:
    """Write an amount of money, "Rp350.000"; sen are shown only where there are any."""
    if amount is None:
        return ""
    whole, sen = divmod(int(abs(Decimal(amount)) * 100), 100)
    sign = "-" if amount < 0 else ""
    return f"{sign}Rp{thousands(whole)}" + (f",{sen:02d}" if sen else "")


def clock_short(moment: datetime | None, zone: ZoneInfo) -> str:
    """Write the time of day at a place, "09.41"."""
    if moment is None:
        return ""
    return _at(moment, zone).strftime("%H.%M")


def clock(moment: datetime | None, zone: ZoneInfo) -> str:
    """Write the time of day at a place with its zone, "09.41 WIB"."""
    if moment is None:
        return ""
    return f"{clock_short(moment, zone)} {zone_suffix(moment, zone)}"


def clock_range(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    """Write a span of one day, "09.53–10.01 WIB"; a span without length is one time."""
    first, last = clock_short(start, zone), clock(end, zone)
    return last if last.startswith(first) else f"{first}–{last}"


def zone_suffix(moment: datetime, zone: ZoneInfo) -> str:
    return ZONE_SUFFIXES.get(zone.key) or _at(moment, zone).strftime("%Z")


def long_date(day: date | None, zone: ZoneInfo | None = None) -> str:
    """Write a day in the language of the reader; a moment needs the zone its day belongs to."""
    if day is None:
        return ""
    if isinstance(day, datetime):
        if zone is None:
            raise ValueError("A moment has no date of its own: name the zone.")
        day = _at(day, zone).date()
    return format_date(day, "l, j F Y")


def minutes(count: int | None) -> str:
    if count is None:
        return ""
    return ngettext("%(count)d menit", "%(count)d menit", count) % {"count": count}


def wait_range(low: int, high: int) -> str:
    """Say how long somebody waits: never one figure where there is a range."""
    if high <= 0:
        return gettext("Langsung")
    if low >= high:
        return minutes(high)
    return f"{low}–{minutes(high)}"


class RangeBar(NamedTuple):
    """Where the band of a waiting range stands, in percent of a track of `end` minutes."""

    start: float
    stop: float
    end: int
    show_low: bool


def range_bar(low: int, high: int) -> RangeBar:
    """Lay out a waiting range; the lower tick is left out where it would hit a neighbour."""
    high = max(high, 1)
    low = min(max(low, 0), high)
    # The band ends before two thirds, so that the last tick keeps its room on a phone.
    end = ceil(high * 1.5) if high <= 6 else ceil(high * 1.5 / 5) * 5
    start, stop = 100 * low / end, 100 * high / end
    # "Sekarang" covers the first 28 %, a number of three digits 11 % of a bar 260 px wide.
    return RangeBar(start, stop, end, show_low=start >= 30 and stop - start >= 11)


def _at(moment: datetime, zone: ZoneInfo) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("A moment without zone would be read in the zone of the server.")
    return moment.astimezone(zone)
