"""A reservation as a file for the calendar of a phone. It names nobody: calendars are shared."""

from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from appointments import sentences
from appointments.models import Booking
from appointments.states import Move

REMIND = timedelta(hours=1)
KIND = "text/calendar; charset=utf-8"


def written(booking: Booking, *, now: datetime) -> bytes:
    """The file; the same reservation keeps its UID, so that a later file replaces the first."""
    service, mall = booking.service, booking.service.presence.mall
    event = Event()
    event.add("uid", f"{booking.token_hash[:32]}@mpp")
    event.add("sequence", booking.events.filter(move=Move.MOVE).count())
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", booking.slot.starts_at.astimezone(UTC))
    event.add("dtend", booking.slot.ends_at.astimezone(UTC))
    event.add("summary", f"{service.title}, {mall.short_name}")
    place = (mall.place_name or mall.name, mall.address, mall.region.name)
    event.add("location", ", ".join(part for part in place if part))
    code = _("Kode reservasi %(code)s.") % {"code": str(booking)}
    event.add("description", f"{code} {sentences.arrival(booking)}")
    event.add_component(_reminder(service.title))
    calendar = Calendar()
    calendar.add("prodid", "-//Mal Pelayanan Publik//Reservasi//ID")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    file: bytes = calendar.to_ical()
    return file


def _reminder(title: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", -REMIND)
    alarm.add("description", title)
    return alarm
