"""How a mall's opening is said to people."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from agencies.opening import Phase, Status
from core import formats


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
