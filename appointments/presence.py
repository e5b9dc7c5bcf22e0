"""How somebody proves to be here: at a kiosk, on the phone inside the hall, or at a counter.

On the phone it takes the code that the kiosks of the hall show. It follows from the mall and the
time alone and is stored nowhere.
"""

import hmac
import re
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from accounts.models import User
from agencies.models import Mall
from appointments import access, arrivals, sentences
from appointments.models import Booking, Plan
from appointments.refusals import CodeUnknown, HallCodeWrong, WrongState
from appointments.states import State
from core import throttle
from core.memo import briefly
from hall.models import Device
from queueing import prints, states

CHANGES = timedelta(minutes=5)  # after so long the hall shows another code
DIGITS = 4
WRONG_CODES = 10  # of reservations, a minute at one kiosk
# Of the hall, a minute with one link: whoever guesses from home through the whole time in which
# they may come still has a chance of some percent, and wins only what they had reserved. Four
# digits are soon guessed where nobody counts: these are counted in the database.
HALL_CODES, EVERY = 3, timedelta(minutes=1)


def hall_code(mall_id: int, now: datetime) -> str:
    """The four digits that prove to be inside the hall now."""
    interval = int(now.timestamp() // CHANGES.total_seconds())
    digest = salted_hmac("hall code", f"{mall_id} {interval}", algorithm="sha256").digest()
    return f"{int.from_bytes(digest) % 10**DIGITS:0{DIGITS}d}"


def is_hall_code(mall_id: int, typed: str, now: datetime) -> bool:
    """Whether the hall shows this code, or did a moment ago, when somebody read it."""
    said = re.sub(r"\s", "", typed).encode()
    valid = (hall_code(mall_id, moment).encode() for moment in (now, now - CHANGES))
    return any(hmac.compare_digest(said, code) for code in valid)


@briefly(60)
def is_expected_at(mall_id: int) -> bool:
    """Whether anybody can have a reservation at this mall."""
    return Plan.objects.filter(is_active=True, service__presence__mall=mall_id).exists()


def hours(booking: Booking) -> tuple[datetime, datetime]:
    """From when and until when somebody with this booking may come."""
    return arrivals.earliest(booking), arrivals.latest(booking)


def number_of(booking: Booking) -> int | None:
    """The ticket already given for a booking; none where it never came out of the printer."""
    if booking.ticket is None or booking.ticket.state == states.State.WITHDRAWN:
        return None
    return booking.ticket.pk


def at_kiosk(
    mall: Mall, text: str, *, kiosk: Device | None, address: str, now: datetime, key: UUID
) -> int:
    """Whoever types or scans a reservation at a kiosk gets its number on paper; the ticket's id.

    Typed again it is the same number. Raises TooMany, CodeUnknown, and what `arrive` raises.
    """
    # Behind one address there are all kiosks of a hall: each counts its own.
    asker = f"kiosk-{kiosk.pk}" if kiosk else address
    throttle.check("reservation", asker, most=WRONG_CODES)
    booking = access.by_code(mall, text)
    if booking is None or access.is_closed(booking, now=now):
        throttle.count("reservation", asker)
        raise CodeUnknown(
            _("Kode ini tidak ditemukan di mal ini. Periksa lagi, atau tanyakan di meja informasi.")
        )
    found = booking
    return prints.put(lambda: arrive(found, now=now, key=key, on_paper=True), kiosk=kiosk, now=now)


def on_phone(booking: Booking, typed: str, *, now: datetime, key: UUID) -> int:
    """Whoever types the code of the hall is inside it; return the ticket's id.

    Raises TooMany, HallCodeWrong, and what `arrive` raises.
    """
    given = number_of(booking)
    if given is not None:
        return given
    throttle.spend_surely("hall-code", str(booking.pk), most=HALL_CODES, within=EVERY, now=now)
    if not is_hall_code(booking.service.presence.mall_id, typed, now):
        raise HallCodeWrong(
            _("Kode hadir itu salah atau sudah berganti. Lihat lagi layar awal mesin antrean.")
        )
    return arrive(booking, now=now, key=key)


def arrive(
    booking: Booking,
    *,
    now: datetime,
    key: UUID,
    by: User | None = None,
    on_paper: bool = False,
) -> int:
    """The number of somebody who is here: given now, or the one they already have.

    Raises WrongState, TooEarly, TooLate, and what tickets.issue raises.
    """
    given = number_of(booking)
    if given is not None:
        return given
    _refuse_if_over(sentences.state_now(booking, now=now))
    return arrivals.arrive(booking.pk, now=now, key=key, by=by, on_paper=on_paper)


def _refuse_if_over(state: State) -> None:
    if state == State.NO_SHOW:
        raise arrivals.too_late()
    why = {
        State.HELD: _("Reservasi ini belum diisi. Lengkapi dahulu di ponsel Anda."),
        State.RELEASED: _(
            "Tempat ini sudah dilepas karena datanya tidak diisi. Silakan ambil nomor biasa."
        ),
        State.CANCELLED: _("Reservasi ini sudah dibatalkan. Silakan ambil nomor biasa."),
        State.CALLED_OFF: _(
            "Kantor berhalangan pada waktu ini. Pilih waktu lain di ponsel Anda, atau ambil nomor"
            " biasa."
        ),
    }
    if state in why:
        raise WrongState(why[state])
