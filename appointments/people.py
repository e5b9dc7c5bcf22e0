"""Who books: what their other bookings allow, and how they are shown."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from agencies.calendars import calendar_of
from appointments.models import Application, Booking
from appointments.refusals import PERSONAL, Paused, TooMany
from appointments.states import MISSES, MOST_PER_PHONE, PAUSE, WITHIN, State
from core import formats, identity, vault
from notifications import contacts
from notifications.contacts import Reach
from notifications.models import Consent

log = logging.getLogger(__name__)
NAME, PHONE, NIK, TOKEN = "booking.name", "booking.phone", "booking.nik", "booking.token"


@dataclass(frozen=True)
class Person:
    """Who a place is for, cleaned: the phone as +628…, the NIK empty where none is asked."""

    name: str
    phone: str
    nik: str = ""
    is_for_other: bool = False
    reach: Reach | None = None
    contact_id: int | None = None  # where the same person is already told of the same matter
    has_applied: bool = False  # and typed the code then, where one was asked


@dataclass(frozen=True)
class Masked:
    """What every screen shows of a person: first letters and last digits."""

    name: str
    phone: str
    nik: str


def masked(booking: Booking | Application) -> Masked:
    """The person of a booking or an application, as far as a screen may say."""
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


def link(booking: Booking | Application) -> str:
    """The token of the private link of a booking or an application."""
    return vault.reveal(booking.sealed_token, column=TOKEN)


def sealed(person: Person) -> dict[str, Any]:
    """A person as the database knows them: sealed, and found again by keyed indexes."""
    return {
        "sealed_name": vault.seal(person.name, column=NAME),
        "sealed_phone": vault.seal(person.phone, column=PHONE),
        "sealed_nik": vault.seal(person.nik, column=NIK),
        "phone_index": vault.blind_index(person.phone, purpose=PHONE),
        "nik_index": vault.blind_index(person.nik, purpose=NIK) if person.nik else "",
        "is_for_other": person.is_for_other,
    }


def name_of(row: Booking | Application) -> str:
    """The name behind a row, or dots."""
    return _known(row.sealed_name, NAME)


def contact_of(
    person: Person, mall_id: int, *, now: datetime, how: Consent.How = Consent.How.FORM
) -> int | None:
    """How the person is reached about this matter; None where nobody asked for it."""
    if person.contact_id is not None or person.reach is None:
        return person.contact_id
    return contacts.add(mall_id, person.reach, how=how, now=now).pk


def revealed(row: Booking | Application) -> Person:
    """The person behind a row. Raises Unreadable without the key."""
    return Person(
        vault.reveal(row.sealed_name, column=NAME),
        vault.reveal(row.sealed_phone, column=PHONE),
        vault.reveal(row.sealed_nik, column=NIK),
        row.is_for_other,
        contact_id=row.contact_id,
        has_applied=isinstance(row, Application),
    )


@contextmanager
def discreetly(by: User | None) -> Iterator[None]:
    """Tell everybody but officers one sentence, whatever about a person's other bookings says no.

    Otherwise a stranger who types the NIK or the phone of another learns what that one has booked.
    """
    try:
        yield
    except PERSONAL as reason:
        if by is not None:
            raise
        raise type(reason)(
            _(
                "Tempat ini tidak dapat dipesan daring dengan data ini. Sebabnya salah satu dari"
                " ini: untuk NIK atau nomor ponsel itu sudah ada reservasi atau permohonan"
                " terbuka, sudah ada tiga dengan nomor ponsel itu, atau reservasi daringnya sedang"
                " dijeda karena dua kali tidak datang. Pakai, batalkan, atau tarik yang lama lewat"
                " tautannya, atau datanglah ke loket."
            ),
            code="not_with_these_data",
        ) from None


def refuse_paused(phone_index: str, nik_index: str, mall_id: int, *, now: datetime) -> None:
    """Two no-shows in 90 days pause online booking for 14 days; what the office cancels is none."""
    same = Q(phone_index=phone_index)
    if nik_index:
        same = Q(nik_index=nik_index)  # families share phones, nobody shares a NIK
    missed = Booking.objects.filter(same, state=State.NO_SHOW, slot__ends_at__gt=now - WITHIN)
    ends = list(missed.order_by("-slot__ends_at").values_list("slot__ends_at", flat=True)[:MISSES])
    if len(ends) < MISSES or now >= ends[0] + PAUSE:
        return
    zone = calendar_of(mall_id).zone
    raise Paused(
        _(
            "Dua reservasi tidak didatangi dalam 90 hari, sehingga reservasi daring dijeda sampai"
            " %(day)s. Anda tetap dapat datang langsung."
        )
        % {"day": formats.long_date(ends[0] + PAUSE, zone)}
    )


def phone_place(phone_index: str, among: QuerySet[Any]) -> int:
    """Which of the three open bookings or applications of a phone is next. Raises TooMany."""
    taken = set(among.filter(phone_index=phone_index).values_list("phone_place", flat=True))
    free = next((place for place in range(1, MOST_PER_PHONE + 1) if place not in taken), None)
    if free is None:
        raise TooMany(
            _("Sudah ada tiga reservasi terbuka dengan nomor telepon ini. Batalkan salah satunya.")
        )
    return free
