"""How a mall's opening is said to people."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from agencies.models import Weekday
from agencies.opening import (
    Attendance,
    Calendar,
    Closure,
    Hours,
    Phase,
    Status,
    moment,
    next_opening,
)
from core import formats

SOON = timedelta(days=90)


def closed(status: Status, zone: ZoneInfo) -> str:
    """Why no numbers are given out now, and when the mall opens next."""
    parts = [_why(status)]
    if status.next_opening is not None:
        parts.append(
            _("Buka lagi %(day)s pukul %(time)s.")
            % {
                "day": formats.long_date(status.next_opening.astimezone(zone).date()),
                "time": formats.clock(status.next_opening, zone),
            }
        )
    return " ".join(parts)


def _why(status: Status) -> str:
    if status.day.is_suspended:
        sentence = _("Mal ditutup sementara: %(reason)s. Pembukaannya kembali belum ditentukan.")
        return sentence % {"reason": status.day.reason}
    if status.phase == Phase.BEFORE:
        return _("Mal belum buka.")
    if status.phase == Phase.AFTER:
        return _("Mal sudah tutup untuk hari ini.")
    if status.day.reason:
        return _("Mal tutup hari ini: %(reason)s.") % {"reason": status.day.reason}
    return _("Mal tutup hari ini.")


def headline(status: Status, zone: ZoneInfo) -> str:
    """One line for the head of a page: open until when, or when it opens."""
    hours = status.day.hours
    if status.phase == Phase.OPEN and hours is not None:
        until = formats.clock(_today(status, hours.closes, zone), zone)
        return _("Buka sampai %(time)s") % {"time": until}
    if status.phase == Phase.BREAK and hours is not None and hours.break_until is not None:
        until = formats.clock(_today(status, hours.break_until, zone), zone)
        return _("Istirahat sampai %(time)s, nomor tetap dapat diambil") % {"time": until}
    return closed(status, zone)


def _today(status: Status, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(status.today, at, tzinfo=zone)


def special(status: Status) -> str:
    """What is not ordinary about the hours of an open day: "Jam layanan Ramadan"."""
    return status.day.reason if status.day.hours is not None else ""


def break_time(hours: Hours) -> str:
    """The midday break, or that there is none."""
    if hours.break_from is None or hours.break_until is None:
        return _("tanpa istirahat siang")
    return _("istirahat %(from)s–%(until)s") % {
        "from": hours.break_from.strftime("%H.%M"),
        "until": hours.break_until.strftime("%H.%M"),
    }


def week(calendar: Calendar) -> list[tuple[str, str, str]]:
    """The ordinary hours: days that have the same in a row, their hours, and the break."""
    open_days = sorted(calendar.weekly)
    # Days belong together as long as both they and their place in the week go on by one.
    runs = groupby(enumerate(open_days), lambda pair: (pair[1] - pair[0], calendar.weekly[pair[1]]))
    return [
        (_span([day for _place, day in run]), _hours(hours), break_time(hours))
        for (_offset, hours), run in runs
    ]


def weekdays(attended: Collection[int]) -> str:
    """Write weekdays, those in a row as a span: "Senin–Rabu, Jumat"."""
    runs = groupby(enumerate(sorted(attended)), lambda pair: pair[1] - pair[0])
    return ", ".join(_span([day for _place, day in run]) for _offset, run in runs)


def attended_days(attended: Attendance, on: date) -> str:
    """The weekdays an agency is there, and what becomes of them soon: "Selasa; mulai …"."""
    week = attended.week(on)
    said = weekdays(week)
    starts = (stay.from_date for stay in attended.stays)
    ends = (stay.until_date + timedelta(days=1) for stay in attended.stays if stay.until_date)
    # What happens in a year helps nobody who plans a visit.
    for turn in sorted(day for day in {*starts, *ends} if on < day <= on + SOON):
        if attended.week(turn) != week:
            later = _("mulai %(date)s: %(days)s") % {
                "date": format_date(turn, "j F Y"),
                "days": weekdays(attended.week(turn)) or _("tidak hadir lagi"),
            }
            return f"{said}; {later}" if said else later
    return said


def attendance(attended: Attendance, on: date) -> str:
    """One sentence for somebody who came in vain."""
    days = attended_days(attended, on)
    if not days:
        return _("Instansi ini tidak lagi melayani di mal ini.")
    return _("Hari hadir: %(days)s.") % {"days": days}


def _span(run: list[int]) -> str:
    names = [str(Weekday(day).label) for day in run]
    return f"{names[0]}–{names[-1]}" if len(names) > 2 else ", ".join(names)


def _hours(hours: Hours) -> str:
    return f"{hours.opens:%H.%M}–{hours.closes:%H.%M}"


def closing(closure: Closure, calendar: Calendar) -> tuple[str, str]:
    """Which days a mall will be closed, then why and when it opens again."""
    rest = calendar.suspended
    if rest is not None and closure.last >= rest.from_date:
        since = formats.long_date(min(closure.first, rest.from_date))
        reasons = ", ".join(closure.reasons)
        return (
            _("Ditutup sementara mulai %(day)s") % {"day": since},
            _("%(reasons)s. Pembukaannya kembali belum ditentukan.") % {"reasons": reasons},
        )
    title = _("Tutup %(days)s") % {"days": days(closure.first, closure.last)}
    parts = [", ".join(closure.reasons) + "."]
    upcoming = next_opening(calendar, moment(calendar, closure.last, time.max))
    if upcoming is not None:
        parts.append(
            _("Buka kembali %(day)s pukul %(time)s.")
            % {
                "day": formats.long_date(upcoming, calendar.zone),
                "time": formats.clock(upcoming, calendar.zone),
            }
        )
    return title, " ".join(parts)


def days(first: date, last: date) -> str:
    """Write a span of days without saying a month or a year twice: "18–24 Maret 2026"."""
    if first == last:
        return formats.long_date(first)
    if first.year != last.year:
        start = "j F Y"
    elif first.month != last.month:
        start = "j F"
    else:
        start = "j"
    return f"{format_date(first, start)}–{format_date(last, 'j F Y')}"
