"""The waiting list of a full day: a place that comes back is offered, one person after the other.

An offer is a place held for somebody, for three hours by day; one made in the evening stands until
the morning. After three offers that were not taken others are asked.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from appointments import applications, booking, ledger, people, plans, returns, slots
from appointments.application_states import OFFER_STANDS, OFFERS, Move, State
from appointments.applications import Wish
from appointments.models import Application, Draw, ReturningPlace, Slot
from appointments.people import Person
from appointments.plans import Bookable
from appointments.refusals import NotReleased, OfferOver, StillFree
from appointments.slots import WHOLE
from appointments.states import Share
from queueing.states import Priority

LEAST = timedelta(hours=1)  # nobody is offered a window that begins sooner
LEAVES = timedelta(minutes=30)  # an offer is over so long before its window at the latest
EVENING, MORNING = time(20), time(9)
FOR_PEOPLE = (Share.PRIORITY, Share.ONLINE)


def join(service_id: int, wish: Wish, person: Person, *, now: datetime, key: UUID) -> int:
    """Wait for a place of a full day; return the application's id.

    Raises StillFree where there is a place to book, NotReleased where some will come out or are
    to be drawn, and what applications.begin raises.
    """

    def act() -> int:
        plan = booking.plan_of(service_id)
        if plan.percent_on(wish.on, now) < WHOLE or _is_to_be_drawn(service_id, wish.on):
            raise NotReleased(_("Tempat untuk hari itu belum dibuka semuanya."))
        if _has_place(plan, wish):
            raise StillFree(_("Masih ada tempat pada jam yang Anda pilih. Pesan langsung saja."))
        return applications.begin(Move.JOIN, plan, wish, person, now=now)

    return applications.begun(f"join {service_id} {wish.on}", key, act, now)


def accept(application_id: int, *, now: datetime, key: UUID) -> int:
    """Take the place that is offered; return the booking's id.

    Raises OfferOver, and what booking.confirm raises: then the offer stands.
    """

    def act() -> int:
        row = applications.locked(application_id)
        if row.state != State.OFFERED or row.booking is None or now >= row.booking.held_until:
            raise OfferOver(_("Tawaran ini sudah tidak berlaku."))
        placed = row.booking.pk
        booking.confirm(placed, people.revealed(row), now=now, key=key)
        applications.apply(Move.ACCEPT, row, {}, now=now)
        return placed

    return applications.answered(application_id, key, "accept", act, now)


def decline(application_id: int, *, now: datetime, key: UUID) -> int:
    """Leave the offered place to the next, and wait on while offers are left."""

    def act() -> int:
        row = applications.locked(application_id)
        _give_back(row, Move.DECLINE, now=now)
        return application_id

    return applications.answered(application_id, key, "decline", act, now)


def work(*, now: datetime) -> int:
    """All that is due: offers that lapsed, places that come back, days that are over.

    Returns how many offers were made.
    """
    lapse(now=now)
    made = offer_returning(now=now)
    made += offer_free(now=now)
    end_over(now=now)
    return made


def lapse(*, now: datetime, most: int = 500) -> int:
    """End the offers whose time is over; return how many."""
    due = Application.objects.filter(state=State.OFFERED, booking__held_until__lte=now)
    ended = 0
    for pk in list(due.order_by("pk").values_list("pk", flat=True)[:most]):
        with transaction.atomic():
            row = applications.locked(pk)
            if row.state == State.OFFERED and row.booking and row.booking.held_until <= now:
                _give_back(row, Move.LAPSE, now=now)
                ended += 1
    return ended


def offer_returning(*, now: datetime, most: int = 500) -> int:
    """Offer places that were given up, or let them out when their moment has come."""
    made = 0
    for pk in list(ReturningPlace.objects.order_by("pk").values_list("pk", flat=True)[:most]):
        with transaction.atomic():
            rows = ReturningPlace.objects.select_for_update(skip_locked=True, of=("self",))
            place = rows.select_related("slot").filter(pk=pk).first()
            if place is None:
                continue
            if place.returns_at > now and not _is_awaited(place, now=now):
                continue
            place.delete()
            returns.free(place.slot, Share(place.share), now=now)
            made += _offer(place.slot, now=now)
    return made


def offer_free(*, now: datetime, most: int = 100) -> int:
    """Offer what else has become free on days for which people wait; return how many offers."""
    waiting = Application.objects.filter(state=State.WAITING).order_by()
    made = 0
    for service_id, on in list(waiting.values_list("service", "date").distinct()[:most]):
        for slot in Slot.objects.filter(service=service_id, date=on).order_by("starts_at"):
            while any(_left(slot, share) for share in FOR_PEOPLE):
                with transaction.atomic():
                    is_made = _offer(slot, now=now)
                if not is_made:
                    break
                made += 1
                slot.refresh_from_db()
    return made


def end_over(*, now: datetime, most: int = 500) -> int:
    """End the applications whose last window is too near to be offered; return how many."""
    near = (now + timedelta(days=1)).date()
    rows = Application.objects.filter(state=State.WAITING, date__lte=near).order_by("pk")
    ended = 0
    for pk in list(rows.values_list("pk", flat=True)[:most]):
        with transaction.atomic():
            row = applications.locked(pk)
            if row.state == State.WAITING and max(row.wishes) <= (now + LEAST).timestamp():
                applications.apply(Move.END, row, {}, now=now)
                ended += 1
    return ended


def stands_until(now: datetime, starts_at: datetime, zone: ZoneInfo) -> datetime:
    """How long an offer stands: three hours; by night until the morning; never into the window."""
    until = now + OFFER_STANDS
    local = until.astimezone(zone)
    if local.time() >= EVENING or local.time() < MORNING:
        day = local.date() + timedelta(days=1 if local.time() >= EVENING else 0)
        until = datetime.combine(day, MORNING, tzinfo=zone).astimezone(UTC)
    return min(until, starts_at - LEAVES)


def place_of(row: Application) -> int:
    """Where somebody stands among those who wait for the same date, the first being 1."""
    waiting = Application.objects.in_turn().filter(service=row.service_id, date=row.date)
    return list(waiting.values_list("pk", flat=True)).index(row.pk) + 1


def _offer(slot: Slot, *, now: datetime) -> bool:
    """Offer a free place of a slot to the first who can use it; say whether there was one."""
    plan = plans.bookable(slot.service_id)
    if plan is None or slot.starts_at < now + LEAST:
        return False
    until = stands_until(now, slot.starts_at, plan.zone)
    for share in FOR_PEOPLE:
        row = _first(slot, share)
        if row is None:
            continue
        who: dict[str, Any] = {"priority": Priority(row.priority), "until": until, "now": now}
        held = booking.keep(slot.service_id, slot.starts_at, [share], **who)
        if held is not None:
            changes = {"booking_id": held, "offers": row.offers + 1}
            applications.apply(Move.OFFER, row, changes, now=now)
            return True
    return False


def _first(slot: Slot, share: Share) -> Application | None:
    """Who is next for a place of this share in this window; locked."""
    waiting = Application.objects.in_turn().filter(service=slot.service_id, date=slot.date)
    if share == Share.PRIORITY:
        waiting = waiting.exclude(priority=Priority.NONE)
    begins = int(slot.starts_at.timestamp())
    asked = waiting.values_list("pk", "wishes", "declined")
    for pk, wishes, declined in asked.iterator(chunk_size=200):
        if begins in wishes and begins not in declined:
            found = Application.objects.select_for_update(skip_locked=True, of=("self",))
            row = found.filter(pk=pk, state=State.WAITING).first()
            if row is not None:
                return row
    return None


def _give_back(row: Application, step: Move, *, now: datetime) -> None:
    """End an offer; its place goes on to the next, and the third was the last."""
    offered = row.booking
    if offered is None:
        raise OfferOver(_("Tawaran ini sudah tidak berlaku."))
    declined = [*row.declined, int(offered.slot.starts_at.timestamp())]
    applications.apply(step, row, {"booking_id": None, "declined": declined}, now=now)
    if row.offers >= OFFERS or not row.still_wanted:
        applications.apply(Move.END, row, {}, now=now)
    booking.release(offered.pk, now=now, key=uuid4())
    _offer(offered.slot, now=now)


def _left(slot: Slot, share: Share) -> int:
    name = ledger.COLUMN[share]
    return max(0, int(getattr(slot, name)) - int(getattr(slot, f"booked_{name}")))


def _has_place(plan: Bookable, wish: Wish) -> bool:
    """Whether one of these windows has a place that this person could simply book."""
    found = Slot.objects.filter(service=plan.offer.service_id, date=wish.on)
    rows = {row.starts_at: row for row in found}
    planned: dict[datetime, slots.Slot] = {slot.starts_at: slot for slot in plan.slots_on(wish.on)}
    shares = FOR_PEOPLE if wish.priority != Priority.NONE else (Share.ONLINE,)
    for begins in wish.windows:
        row, there = rows.get(begins), planned.get(begins)
        if row is not None:
            left = sum(_left(row, share) for share in shares)
        else:
            left = sum(getattr(there.shares, ledger.COLUMN[s]) for s in shares) if there else 0
        if left:
            return True
    return False


def _is_awaited(place: ReturningPlace, *, now: datetime) -> bool:
    is_early = place.slot.starts_at >= now + LEAST
    return (
        is_early
        and place.share in FOR_PEOPLE
        and _first(place.slot, Share(place.share)) is not None
    )


def _is_to_be_drawn(service_id: int, on: date) -> bool:
    return Draw.objects.filter(service=service_id, date=on, done_at=None).exists()
