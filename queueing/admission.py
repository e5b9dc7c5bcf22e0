"""Whether a number may be given out now: reads and refuses, writes nothing."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from agencies import opening, sentences
from agencies.calendars import calendar_of
from agencies.models import Weekday
from core import formats
from queueing.refusals import AgencyAbsent, NotOffered, NotOpen, QuotaUsedUp
from services.offers import Offer, offer_of


def offer(service_id: int) -> Offer:
    """The offer of a service. Raises NotOffered."""
    found = offer_of(service_id)
    if found is None:
        raise NotOffered(_("Layanan ini sedang tidak tersedia di mal ini."))
    return found


def open_day(wanted: Offer, now: datetime) -> date:
    """The local day on which a number may be taken now. Raises NotOpen or AgencyAbsent."""
    calendar = calendar_of(wanted.mall_id)
    status = opening.status(calendar, now)
    if not status.issues_numbers:
        raise NotOpen(sentences.closed(status, calendar.zone))
    return attended_day(wanted, now)


def attended_day(wanted: Offer, now: datetime) -> date:
    """Today, if the agency has a counter at the mall today. Raises AgencyAbsent."""
    today = opening.local_date(now, calendar_of(wanted.mall_id).zone)
    if today.weekday() not in wanted.weekdays:
        days = ", ".join(str(Weekday(day).label) for day in sorted(wanted.weekdays))
        raise AgencyAbsent(
            _("%(agency)s tidak hadir hari ini. Hari hadir: %(days)s.")
            % {"agency": wanted.agency, "days": days or "-"}
        )
    return today


def used_up(wanted: Offer, now: datetime) -> QuotaUsedUp:
    """The refusal when no number is left today, with the next day on which there are some."""
    sentence = _("Nomor untuk hari ini sudah habis.")
    calendar = calendar_of(wanted.mall_id)
    upcoming = opening.next_opening(calendar, now, weekdays=wanted.weekdays)
    if upcoming is not None:
        zone = calendar.zone
        sentence += " " + _("Nomor berikutnya dibuka %(day)s pukul %(time)s.") % {
            "day": formats.long_date(upcoming.astimezone(zone).date()),
            "time": formats.clock(upcoming, zone),
        }
    return QuotaUsedUp(sentence)
