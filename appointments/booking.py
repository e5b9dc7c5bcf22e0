"""The life of a booking until somebody comes. Beside arrivals.py no other module writes one.

Every function is one transaction under one key: a copy of the same request changes nothing and
gets the same answer. A place is held first, for ten minutes, without a name; who it is for is said
when it is confirmed.
"""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from agencies.calendars import calendar_of
from appointments import arrivals, ledger, moves, people, plans, proving, returns
from appointments.application_states import OFFERED_BEFORE
from appointments.models import Application, Booking, Draw, Slot
from appointments.people import TOKEN, Person
from appointments.plans import Bookable
from appointments.refusals import (
    AlreadyBooked,
    HoldOver,
    NotBookable,
    NotReleased,
    SlotFull,
    SlotGone,
    WrongState,
)
from appointments.slots import WHOLE
from appointments.states import HELD_FOR, Move, Share, State
from core import vault
from notifications.models import Consent
from queueing.states import Priority

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that is misread for something else
CODE = 8  # signs, about 40 bits: enough against guessing at a counter


def hold(
    service_id: int,
    starts_at: datetime,
    *,
    now: datetime,
    key: UUID,
    priority: Priority = Priority.NONE,
    by: User | None = None,
) -> int:
    """Keep a place of a window for ten minutes; return the booking's id.

    Priority people take a place of their share first, then one of the others; officers take their
    own. Raises NotBookable, SlotGone, NotReleased or SlotFull.
    """

    def act() -> int:
        plan = plan_of(service_id)
        slot_id, share = _take(plan, starts_at, priority=priority, by=by, now=now)
        return _held(plan, slot_id, share, priority=priority, until=now + HELD_FOR, now=now, by=by)

    return int(moves.answered("book", key, f"{service_id} {starts_at.timestamp()}", act, now))


def keep(
    service_id: int,
    starts_at: datetime,
    shares: Iterable[Share],
    *,
    priority: Priority,
    until: datetime,
    now: datetime,
) -> int | None:
    """Keep a place for somebody who has applied for one; None when there is none in these shares.

    For waitlist.py and draws.py, whose transaction it is. Raises NotBookable.
    """
    plan = plan_of(service_id)
    wanted = plan.wanted(starts_at, now)
    if wanted is None or starts_at <= now:
        return None
    # They applied when all places were out, or were to be drawn: that holds whatever the rules now.
    wanted = replace(wanted, percent=WHOLE)
    for share in shares:
        slot_id = ledger.take(wanted, share)
        if slot_id is not None:
            return _held(plan, slot_id, share, priority=priority, until=until, now=now)
    return None


def _held(
    plan: Bookable,
    slot_id: int,
    share: Share,
    *,
    priority: Priority,
    until: datetime,
    now: datetime,
    by: User | None = None,
) -> int:
    token = secrets.token_urlsafe(32)
    booking = Booking.objects.create(
        service_id=plan.offer.service_id,
        slot_id=slot_id,
        share=share,
        priority=priority,
        code="".join(secrets.choice(ALPHABET) for _sign in range(CODE)),
        token_hash=hashed(token),
        sealed_token=vault.seal(token, column=TOKEN),
        held_until=until,
        created_at=now,
        family=plan.family,
    )
    moves.write(booking, Move.HOLD, None, now=now, by=by)
    return booking.pk


def confirm(
    booking_id: int, person: Person, *, now: datetime, key: UUID, by: User | None = None
) -> int:
    """Say who the place is for: from now on it is promised.

    Raises HoldOver, WrongState, CodeNeeded, Paused, TooMany or AlreadyBooked; then the place stays
    held.
    """

    def act() -> int:
        booking = moves.locked(booking_id)
        if booking.state == State.CONFIRMED:
            raise WrongState(_("Tempat ini sudah dipesan. Muat ulang halaman ini."))
        if booking.state != State.HELD:
            raise HoldOver(_("Tempat ini sudah dilepas karena 10 menit telah lewat. Pilih lagi."))
        changes = people.sealed(person)
        phone_index, nik_index = changes["phone_index"], changes["nik_index"]
        mall_id = booking.service.presence.mall_id
        if by is None:
            proving.refuse_unproven(proving.of_booking(booking_id), mall_id, person, now=now)
            people.refuse_paused(phone_index, nik_index, mall_id, now=now)
        changes["phone_place"] = people.phone_place(phone_index, Booking.objects.open())
        how = Consent.How.OFFICER if by else Consent.How.FORM
        changes["contact_id"] = people.contact_of(person, mall_id, now=now, how=how)
        try:
            # Two at once may both have passed the questions: the constraint decides.
            with transaction.atomic():
                moves.apply(Move.CONFIRM, booking, changes, now=now, by=by)
        except IntegrityError as error:
            raise AlreadyBooked(
                _("Sudah ada reservasi terbuka untuk NIK atau nomor telepon ini.")
            ) from error
        return booking_id

    with people.discreetly(by):
        return int(moves.answered(f"booking:{booking_id}", key, "confirm", act, now))


def move(
    booking_id: int, starts_at: datetime, *, now: datetime, key: UUID, by: User | None = None
) -> int:
    """Change to another window of the same service: the old place goes once the new one is got.

    Raises what hold raises, and WrongState when the booking is no longer open.
    """

    def act() -> int:
        booking = moves.locked(booking_id)
        moves.refuse_unless(Move.MOVE, booking)
        had_place = _has_place(booking, now=now)
        if had_place and booking.slot.starts_at == starts_at:
            return booking_id
        plan = plan_of(booking.service_id)
        old, old_share = booking.slot, Share(booking.share)
        _lock_both(booking, starts_at)
        slot_id, share = _take(plan, starts_at, priority=Priority(booking.priority), by=by, now=now)
        if had_place:
            returns.put(old, old_share, zone=plan.zone, now=now)
        moves.apply(Move.MOVE, booking, {"slot_id": slot_id, "share": share}, now=now, by=by)
        return booking_id

    return int(
        moves.answered(f"booking:{booking_id}", key, f"move {starts_at.timestamp()}", act, now)
    )


def cancel(booking_id: int, *, now: datetime, key: UUID) -> int:
    """The person gives the place up; it goes to whoever waits, or comes back later."""

    def act() -> int:
        booking = moves.locked(booking_id)
        had_place = _has_place(booking, now=now)
        moves.apply(Move.CANCEL, booking, {}, now=now)
        if had_place:
            zone = calendar_of(booking.service.presence.mall_id).zone
            returns.put(booking.slot, Share(booking.share), zone=zone, now=now)
        return booking_id

    return int(moves.answered(f"booking:{booking_id}", key, "cancel", act, now))


def release(booking_id: int, *, now: datetime, key: UUID) -> int:
    """Give up a place that is only held, because another one is wanted."""

    def act() -> int:
        booking = moves.locked(booking_id)
        if booking.state == State.HELD:
            moves.apply(Move.RELEASE, booking, {}, now=now)
            returns.free(booking.slot, Share(booking.share), now=now)
        return booking_id

    return int(moves.answered(f"booking:{booking_id}", key, "release", act, now))


def let_go(booking_id: int, *, now: datetime) -> int:
    """End what was kept for somebody who has applied; return the place's id among those given up.

    For waitlist.py, whose transaction it is.
    """
    booking = moves.locked(booking_id)
    moves.apply(Move.RELEASE, booking, {}, now=now)
    zone = calendar_of(booking.service.presence.mall_id).zone
    return returns.put(booking.slot, Share(booking.share), zone=zone, now=now)


@transaction.atomic
def release_held(*, now: datetime, slot_id: int | None = None, most: int = 500) -> int:
    """Give back the places whose ten minutes are over; return how many."""
    # What is held for somebody on the waiting list is given back there.
    over = Booking.objects.filter(state=State.HELD, held_until__lte=now, application=None)
    if slot_id is not None:
        over = over.filter(slot=slot_id)
    free = over.select_for_update(skip_locked=True, of=("self",)).select_related("slot")
    held = list(free.order_by("pk")[:most])
    ledger.lock_if_any(booking.slot_id for booking in held)
    for booking in held:
        moves.apply(Move.RELEASE, booking, {}, now=now)
        returns.free(booking.slot, Share(booking.share), now=now)
    return len(held)


def hashed(token: str) -> str:
    """What the database knows of a link: nobody who reads it there can open it."""
    return hashlib.sha256(token.encode()).hexdigest()


def plan_of(service_id: int) -> Bookable:
    """What may be booked of a service. Raises NotBookable."""
    plan = plans.bookable(service_id)
    if plan is None:
        raise NotBookable(_("Layanan ini tidak menerima reservasi. Silakan datang langsung."))
    return plan


def _take(
    plan: Bookable,
    starts_at: datetime,
    *,
    priority: Priority,
    by: User | None,
    now: datetime,
) -> tuple[int, Share]:
    wanted = plan.wanted(starts_at, now)
    if wanted is None or starts_at <= now:
        raise SlotGone(_("Waktu itu tidak dapat dipesan lagi. Pilih waktu lain."))
    if by is None:
        wanted = _let_out(wanted)
    shares = _shares(priority, by)
    if by is None and starts_at >= now + OFFERED_BEFORE:
        shares = [share for share in shares if not _is_awaited(wanted, share)]
    for _attempt in range(2):
        for share in shares:
            slot_id = ledger.take(wanted, share)
            if slot_id is not None:
                return slot_id, share
        # Before somebody is sent away: a place whose ten minutes are over belongs to nobody.
        if not _release_in(plan.offer.service_id, starts_at, now=now):
            break
    raise SlotFull(_("Semua tempat pada waktu itu sudah dipesan. Pilih waktu lain."))


def _let_out(wanted: ledger.Wanted) -> ledger.Wanted:
    """What is out for everybody: nothing until a draw is done, then all. Raises NotReleased."""
    due = Draw.objects.filter(service=wanted.service_id, date=wanted.on)
    draw = due.values_list("done_at", "applied").first()
    if draw is not None and draw[0] is not None:
        return replace(wanted, percent=WHOLE)
    if not wanted.percent or (draw is not None and draw[1]):
        raise NotReleased(_("Tempat untuk hari itu belum dibuka."))
    return wanted


def _is_awaited(wanted: ledger.Wanted, share: Share) -> bool:
    """Whether somebody waits for a place of this share in this window: then it is theirs."""
    window = (wanted.service_id, wanted.on, wanted.slot.starts_at)
    return next(Application.objects.who_want(*window, share), None) is not None


def _has_place(booking: Booking, *, now: datetime) -> bool:
    """Whether a place is kept. Raises TooLate once nobody may come any more."""
    if booking.state != State.CONFIRMED:
        return False
    if now > arrivals.latest(booking):
        raise arrivals.too_late()
    return True


def _shares(priority: Priority, by: User | None) -> list[Share]:
    if by is not None:
        return [Share.STAFF]
    return [Share.PRIORITY, Share.ONLINE] if priority != Priority.NONE else [Share.ONLINE]


def _release_in(service_id: int, starts_at: datetime, *, now: datetime) -> int:
    slot = Slot.objects.filter(service=service_id, starts_at=starts_at).first()
    return release_held(now=now, slot_id=slot.pk) if slot else 0


def _lock_both(booking: Booking, starts_at: datetime) -> None:
    """The old slot and the new one, if it exists, in the order of their ids."""
    here = Q(pk=booking.slot_id) | Q(service=booking.service_id, starts_at=starts_at)
    ledger.lock_if_any(Slot.objects.filter(here).values_list("pk", flat=True))
