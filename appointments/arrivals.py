"""The day itself: who comes gets a number of the same queue, who does not come is counted."""

from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from agencies import opening
from agencies.calendars import calendar_of
from appointments import moves, plans
from appointments.models import Booking
from appointments.refusals import TooEarly, TooLate
from appointments.states import Move, State
from core import formats
from queueing import states, tickets
from queueing.moves import Booked
from queueing.states import Priority


def arrive(
    booking_id: int,
    *,
    now: datetime,
    key: UUID,
    by: User | None = None,
    on_paper: bool = False,
) -> int:
    """The person is here: give a number of the same queue as walk-ins; return the ticket's id.

    The place in line is that of somebody who came when the window began. Who comes later than
    the grace keeps the number, but stands where they came. Raises TooEarly, TooLate, WrongState,
    and what tickets.issue raises.
    """

    def act() -> int:
        booking = moves.locked(booking_id)
        step = Move.ARRIVE_AGAIN if _is_unprinted(booking) else Move.ARRIVE
        moves.refuse_unless(step, booking)
        # A printer's failure costs nobody the place they had.
        given = booking.ticket if step == Move.ARRIVE_AGAIN else None
        place = given.since if given else place_in_line(booking, now=now)
        ticket_id = tickets.issue(
            booking.service_id,
            priority=Priority(booking.priority),
            now=now,
            # The key of a page is for all of its bookings; a number is for one of them.
            key=uuid5(key, str(booking_id)),
            by=by,
            on_paper=on_paper,
            booked=Booked(booking.slot.starts_at, place, booking.contact_id),
        )
        moves.apply(step, booking, {"ticket_id": ticket_id}, now=now, by=by)
        return ticket_id

    return int(moves.answered(f"booking:{booking_id}", key, "arrive", act, now))


def place_in_line(booking: Booking, *, now: datetime) -> datetime:
    """The one stated rule: a booking is an arrival at its window. Raises TooEarly or TooLate."""
    mall_id, slot = booking.service.presence.mall_id, booking.slot
    begin = earliest(booking)
    if now < begin:
        zone = calendar_of(mall_id).zone
        raise TooEarly(
            _("Anda datang terlalu awal. Nomor dapat diambil mulai %(day)s pukul %(time)s.")
            % {"day": formats.long_date(begin, zone), "time": formats.clock(begin, zone)}
        )
    if now > latest(booking):
        raise too_late()
    _early, late = plans.grace(mall_id)
    return slot.starts_at if now <= slot.starts_at + late else now


def too_late() -> TooLate:
    """The refusal of whoever comes, or changes something, once the window is over."""
    return TooLate(_("Waktu reservasi ini sudah lewat. Silakan ambil nomor biasa."))


def earliest(booking: Booking) -> datetime:
    """From when somebody may come: so long before the window as the mall says, the doors open."""
    mall_id, slot = booking.service.presence.mall_id, booking.slot
    calendar, (early, _late) = calendar_of(mall_id), plans.grace(mall_id)
    hours = opening.day(calendar, slot.date).hours
    begin = slot.starts_at - early
    return max(begin, opening.moment(calendar, slot.date, hours.opens)) if hours else begin


def latest(booking: Booking) -> datetime:
    """Until when somebody may still come: the window's end, or that of the grace if it is later."""
    _early, late = plans.grace(booking.service.presence.mall_id)
    return max(booking.slot.ends_at, booking.slot.starts_at + late)


@transaction.atomic
def miss(*, now: datetime, most: int = 500) -> int:
    """Count those who did not come by the end of their window; return how many."""
    due = (
        Booking.objects.filter(state=State.CONFIRMED, slot__ends_at__lt=now)
        .select_related("slot", "service__presence")
        .select_for_update(skip_locked=True, of=("self",))
        .order_by("pk")
    )
    missed = 0
    for booking in due[:most]:
        if now > latest(booking):
            moves.apply(Move.MISS, booking, {}, now=now)
            missed += 1
    return missed


def _is_unprinted(booking: Booking) -> bool:
    """Whether the number given on arrival never came out of the printer and was withdrawn."""
    return booking.ticket is not None and booking.ticket.state == states.State.WITHDRAWN
