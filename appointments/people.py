"""Who books: what their other bookings allow, and how they are shown."""

import logging
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from agencies.calendars import calendar_of
from appointments.models import Booking
from appointments.refusals import Paused, TooMany
from appointments.states import MISSES, MOST_PER_PHONE, PAUSE, WITHIN, State
from core import formats, identity, vault

log = logging.getLogger(__name__)
NAME, PHONE, NIK, TOKEN = "booking.name", "booking.phone", "booking.nik", "booking.token"


@dataclass(frozen=True)
class Person:
    """Who a place is for, cleaned: the phone as +628…, the NIK empty where none is asked."""

    name: str
    phone: str
    nik: str = ""
    is_for_other: bool = False


@dataclass(frozen=True)
class Masked:
    """What every screen shows of a person: first letters and last digits."""

    name: str
    phone: str
    nik: str


def masked(booking: Booking) -> Masked:
    """The person of a booking, as far as a screen may say."""
    return Masked(
        identity.masked_name(_known(booking.sealed_name, NAME)),
        identity.masked(_known(booking.sealed_phone, PHONE)),
        identity.masked(_known(booking.sealed_nik, NIK)),
    )


def _known(sealed: str, column: str) -> str:
    """A sealed value; without its key it is dots, and the day goes on."""
    try:
        return vault.reveal(sealed, column=column)
    except vault.Unreadable as error:
        log.error("a sealed value does not open: %s", error)
        return "•••"


def link(booking: Booking) -> str:
    """The token of the private link of a booking."""
    return vault.reveal(booking.sealed_token, column=TOKEN)


def refuse_paused(phone_index: str, nik_index: str, booking: Booking, *, now: datetime) -> None:
    """Two no-shows in 90 days pause online booking for 14 days; what the office cancels is none."""
    same = Q(phone_index=phone_index)
    if nik_index:
        same = Q(nik_index=nik_index)  # families share phones, nobody shares a NIK
    missed = Booking.objects.filter(same, state=State.NO_SHOW, slot__ends_at__gt=now - WITHIN)
    ends = list(missed.order_by("-slot__ends_at").values_list("slot__ends_at", flat=True)[:MISSES])
    if len(ends) < MISSES or now >= ends[0] + PAUSE:
        return
    zone = calendar_of(booking.service.presence.mall_id).zone
    raise Paused(
        _(
            "Dua reservasi tidak didatangi dalam 90 hari, sehingga reservasi daring dijeda sampai"
            " %(day)s. Anda tetap dapat datang langsung."
        )
        % {"day": formats.long_date(ends[0] + PAUSE, zone)}
    )


def phone_place(phone_index: str) -> int:
    """Which of the three open bookings of a phone the next one is. Raises TooMany."""
    taken = set(
        Booking.objects.open().filter(phone_index=phone_index).values_list("phone_place", flat=True)
    )
    free = next((place for place in range(1, MOST_PER_PHONE + 1) if place not in taken), None)
    if free is None:
        raise TooMany(
            _("Sudah ada tiga reservasi terbuka dengan nomor telepon ini. Batalkan salah satunya.")
        )
    return free
