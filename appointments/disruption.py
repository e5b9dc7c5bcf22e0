"""When the office fails: whom it touches, and another time for each of them, in one act.

A booking called off keeps its code and link; its place is given back, and the person chooses
another window, another mall or to let it be. Who has not answered by the beginning of the window
is cancelled by the office, which never counts against anybody.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from agencies.models import Presence
from appointments import booking, capacity, moves
from appointments.models import Absence, Booking, BookingEvent, Slot
from appointments.models.bookings import BookingQuerySet
from appointments.refusals import ReasonMissing, WrongSpan
from appointments.states import Move, Share, State
from core import memo


def touched(
    presences: Iterable[Presence], *, from_at: datetime, until_at: datetime
) -> BookingQuerySet:
    """The promises that fall into a span, earliest first."""
    return Booking.objects.filter(
        state=State.CONFIRMED,
        service__presence__in=list(presences),
        slot__starts_at__lt=until_at,
        slot__ends_at__gt=from_at,
    ).order_by("slot__starts_at", "pk")


def call_off(
    presences: Iterable[Presence],
    *,
    from_at: datetime,
    until_at: datetime,
    reason: str,
    by: User,
    now: datetime,
    key: UUID,
) -> int:
    """Close the windows of these agencies in a span; return how many people are offered others.

    Raises ReasonMissing, and WrongSpan when it is over or ends before it begins.
    """
    if not reason.strip():
        raise ReasonMissing(_("Tulis alasannya; orang yang sudah memesan akan membacanya."))
    if until_at <= max(from_at, now):
        raise WrongSpan(_("Waktu berakhirnya harus setelah waktu mulainya dan belum lewat."))
    agencies = sorted(presences, key=lambda presence: presence.pk)

    def act() -> int:
        Absence.objects.bulk_create(
            Absence(
                presence=presence, from_at=from_at, until_at=until_at, reason=reason, by=by, at=now
            )
            for presence in agencies
        )
        memo.clear_all()
        found = touched(agencies, from_at=from_at, until_at=until_at)
        concerned = list(found.values_list("pk", flat=True))
        for pk in concerned:
            _call_off(pk, reason=reason, by=by, now=now)
        for service_id in _services_of(agencies, from_at, until_at):
            capacity.follow_plan(service_id, now=now)
        return len(concerned)

    names = " ".join(str(presence.pk) for presence in agencies)
    span = f"{from_at.timestamp()} {until_at.timestamp()}"
    return int(moves.answered("booking-absence", key, f"{names} {span}"[:200], act, now))


def _call_off(pk: int, *, reason: str, by: User, now: datetime) -> None:
    found = moves.locked(pk)
    if found.state != State.CONFIRMED:
        return  # arrived, or cancelled by the person, a moment ago
    moves.apply(Move.CALL_OFF, found, {}, now=now, by=by, reason=reason)
    booking.give_back(found.slot, Share(found.share), now=now)


def _services_of(presences: Iterable[Presence], from_at: datetime, until_at: datetime) -> list[int]:
    rows = Slot.objects.filter(
        service__presence__in=list(presences), starts_at__lt=until_at, ends_at__gt=from_at
    )
    return sorted(set(rows.values_list("service_id", flat=True)))


def reason_of(found: Booking) -> str:
    """Why the office called it off or cancelled it; empty when it did neither."""
    last = BookingEvent.objects.filter(booking=found).order_by("-pk").first()
    return last.reason if last else ""


@transaction.atomic
def catch_up(*, now: datetime) -> int:
    """Call off what was booked while others still remembered the windows as open."""
    late = 0
    for absence in Absence.objects.filter(until_at__gt=now).select_related("presence", "by"):
        span = {"from_at": absence.from_at, "until_at": absence.until_at}
        for pk in touched([absence.presence], **span).values_list("pk", flat=True):
            _call_off(pk, reason=absence.reason, by=absence.by, now=now)
            late += 1
    return late


@transaction.atomic
def cancel_unanswered(*, now: datetime, most: int = 500) -> int:
    """End what was called off and not moved before its window began; return how many."""
    due = Booking.objects.filter(state=State.CALLED_OFF, slot__starts_at__lte=now)
    ended = 0
    for pk in list(due.order_by("pk").values_list("pk", flat=True)[:most]):
        found = moves.locked(pk)
        if found.state == State.CALLED_OFF:
            moves.apply(Move.CANCEL_BY_OFFICE, found, {}, now=now, reason=reason_of(found))
            ended += 1
    return ended
