"""Whether a number may be given out now: reads and refuses, writes nothing."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from agencies import opening, sentences
from agencies.calendars import calendar_of
from agencies.models import Mall
from core import formats
from hall import closures, devices
from hall.models import Device
from queueing.refusals import (
    AgencyAbsent,
    CountersClosed,
    NotEnrolled,
    NotOffered,
    NotOpen,
    QuotaUsedUp,
)
from services import offers
from services.offers import Offer, offer_of


def screen(kiosk: Device | None, mall: Mall) -> None:
    """Whether this screen may give out numbers of the mall. Raises NotEnrolled."""
    if not devices.may_give_numbers(kiosk, mall):
        raise NotEnrolled(
            _("Layar ini tidak terdaftar sebagai mesin antrean. Ambil nomor di mesin antrean mal.")
        )


def offer(service_id: int) -> Offer:
    """The offer of a service. Raises NotOffered."""
    found = offer_of(service_id)
    if found is None:
        raise NotOffered(_("Layanan ini sedang tidak tersedia di mal ini."))
    return found


def open_day(wanted: Offer, now: datetime) -> date:
    """The local day on which a number may be taken now. Raises NotOpen, AgencyAbsent
    or CountersClosed: a queue stops only when its last counter closes."""
    calendar = calendar_of(wanted.mall_id)
    status = opening.status(calendar, now)
    if not status.issues_numbers:
        raise NotOpen(sentences.closed(status, calendar.zone))
    today = attended_day(wanted, now)
    reopens = all_closed_until(wanted.mall_id, wanted.queue_id, today, now=now)
    if reopens is not None:
        raise CountersClosed(
            _("Semua loket layanan ini sedang ditutup. Dibuka kembali pukul %(time)s.")
            % {"time": formats.clock(reopens, calendar.zone)}
        )
    return today


def all_closed_until(mall_id: int, queue_id: int, on: date, *, now: datetime) -> datetime | None:
    """When the first counter of a queue opens again; None while one of them is open."""
    closed = closures.closed_counters(mall_id, now=now)
    counters = offers.counters_of(queue_id, on) if closed else frozenset()
    if not counters or not counters <= closed.keys():
        return None
    return min(closed[counter] for counter in counters)


def attended_day(wanted: Offer, now: datetime) -> date:
    """Today, if the agency has a counter at the mall today. Raises AgencyAbsent."""
    today = opening.local_date(now, calendar_of(wanted.mall_id).zone)
    if today not in wanted.attended:
        raise AgencyAbsent(
            _("%(agency)s tidak hadir hari ini.") % {"agency": wanted.agency}
            + " "
            + sentences.attendance(wanted.attended, today)
        )
    return today


def used_up(wanted: Offer, now: datetime) -> QuotaUsedUp:
    """The refusal when no number is left today, with the next day on which there are some."""
    sentence = _("Nomor untuk hari ini sudah habis.")
    calendar = calendar_of(wanted.mall_id)
    upcoming = opening.next_opening(calendar, now, attended=wanted.attended)
    if upcoming is not None:
        zone = calendar.zone
        sentence += " " + _("Nomor berikutnya dibuka %(day)s pukul %(time)s.") % {
            "day": formats.long_date(upcoming.astimezone(zone).date()),
            "time": formats.clock(upcoming, zone),
        }
    return QuotaUsedUp(sentence)
