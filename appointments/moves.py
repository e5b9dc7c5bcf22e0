"""Making one move of the table on a locked booking. Only booking.py and arrivals.py call these."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.models import User
from appointments import telling
from appointments.models import Booking, BookingEvent
from appointments.refusals import WrongState
from appointments.states import MOVES, Move, State
from core.idempotency import once


def locked(booking_id: int) -> Booking:
    """The booking, locked until the transaction ends."""
    found = Booking.objects.select_related("slot", "service__presence")
    return found.select_for_update(of=("self",)).get(pk=booking_id)


def refuse_unless(step: Move, booking: Booking) -> None:
    """Whether the table has this move. Raises WrongState."""
    if booking.state not in MOVES[step].origins:
        raise WrongState(
            _("Reservasi ini sekarang berstatus “%(state)s”.")
            % {"state": State(booking.state).label}
        )


def apply(
    step: Move,
    booking: Booking,
    changes: dict[str, Any],
    *,
    now: datetime,
    by: User | None = None,
    reason: str = "",
) -> None:
    """Make one move of the table, with its event."""
    refuse_unless(step, booking)
    origin = State(booking.state)
    for name, value in {**changes, "state": MOVES[step].target}.items():
        setattr(booking, name, value)
    booking.save(update_fields=[*(n.removesuffix("_id") for n in changes), "state"])
    write(booking, step, origin, now=now, by=by, reason=reason)


def write(
    booking: Booking,
    step: Move,
    origin: State | None,
    *,
    now: datetime,
    by: User | None = None,
    reason: str = "",
) -> None:
    """The event of a move, and what its person is told of it."""
    event = BookingEvent.objects.create(
        booking=booking,
        move=step,
        origin=origin,
        target=booking.state,
        slot_id=booking.slot_id,
        at=now,
        by=by,
        reason=reason,
    )
    telling.of_booking(event, booking, now=now)


def answered(scope: str, key: UUID, fingerprint: str, act: Callable[[], Any], now: datetime) -> Any:
    """Run an act once for its key; a copy gets the same answer."""
    return once(scope, key, fingerprint, act, now=now)[0]
