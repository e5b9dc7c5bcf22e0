"""The waiting list of a full day: a place that comes back is offered, one person after the other.

An offer is a place held for somebody, for three hours by day; one made in the evening stands until
the morning. After three offers that were not taken others are asked.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from appointments import applications, booking, ledger, people, plans, proving, returns
from appointments.application_states import OFFER_STANDS, OFFERED_BEFORE, OFFERS, Move, State
from appointments.applications import Wish
from appointments.models import Application, Draw, ReturningPlace, Slot
from appointments.people import Person
from appointments.plans import Bookable
from appointments.refusals import NotReleased, OfferOver, StillFree
from appointments.slots import WHOLE, Shares
from appointments.states import Share
from queueing.states import Priority

LEAVES = timedelta(minutes=30)  # an offer is over so long before its window at the latest
EVENING, MORNING = time(20), time(9)
FOR_PEOPLE = (Share.PRIORITY, Share.ONLINE)
WITHOUT_PLACE = (State.APPLIED, State.WAITING)


def join(service_id: int, wish: Wish, person: Person, *, now: datetime, key: UUID) -> int:
    """Wait for a place of a full day; return the application's id.

    Raises StillFree where there is a place to book, NotReleased where some will come out or are
    to be drawn, CodeNeeded, and what applications.begin raises.
    """

    def act() -> int:
        plan = booking.plan_of(service_id)
        if plan.percent_on(wish.on, now) < WHOLE or _is_to_be_drawn(service_id, wish.on):
            raise NotReleased(_("Tempat untuk hari itu belum dibuka semuanya, atau sedang diundi."))
        if _has_place(plan, wish):
            raise StillFree(_("Masih ada tempat pada jam yang Anda pilih. Pesan langsung saja."))
        proving.refuse_unproven(proving.of_application(key), plan.offer.mall_id, person, now=now)
        return applications.begin(Move.JOIN, plan, wish, person, now=now)

    return applications.begun(f"join {service_id} {wish.on}", key, act, now)


def accept(application_id: int, offered: int, *, now: datetime, key: UUID) -> int:
    """Take the place that is offered; return the booking's id, which is the offer's.

    Raises OfferOver, and what booking.confirm raises: then the offer stands.
    """

    def act() -> int:
        row = _offered(application_id, offered, now)
        booking.confirm(offered, people.revealed(row), now=now, key=key)
        applications.apply(Move.ACCEPT, row, {}, now=now)
        return offered

    return applications.answered(application_id, key, "accept", act, now)


def decline(application_id: int, offered: int, *, now: datetime, key: UUID) -> int:
    """Leave the offered place to the next, and wait on while offers are left. Raises OfferOver."""

    def act() -> int:
        _give_back(_offered(application_id, offered, now), Move.DECLINE, now=now)
        return application_id

    return applications.answered(application_id, key, "decline", act, now)


def withdraw(application_id: int, *, now: datetime, key: UUID) -> int:
    """The person wants none any more; a place that was offered goes to the next."""

    def act() -> int:
        row = applications.locked(application_id)
        offered = row.booking_id
        applications.apply(Move.WITHDRAW, row, {"booking_id": None}, now=now)
        if offered is not None:
            _return(booking.let_go(offered, now=now), now=now)
        return application_id

    return applications.answered(application_id, key, "withdraw", act, now)


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
    """Let out the places whose random moment has come; return how many were offered.

    On a day that was drawn they go to the next at once, as nobody chose the order. Elsewhere one
    that came back at once could be sold to whoever has just begun to wait.
    """
    drawn = Application.objects.filter(
        service=OuterRef("slot__service"),
        date=OuterRef("slot__date"),
        state=State.WAITING,
        rank__isnull=False,
    )
    due = ReturningPlace.objects.filter(Q(returns_at__lte=now) | Exists(drawn))
    made = 0
    for pk in list(due.order_by("returns_at", "pk").values_list("pk", flat=True)[:most]):
        with transaction.atomic():
            made += _return(pk, now=now)
    return made


def offer_free(*, now: datetime) -> int:
    """Offer what else has become free on days for which people wait; return how many offers."""
    waiting = Application.objects.filter(state=State.WAITING).order_by("date", "service")
    made = 0
    for service_id, on in list(waiting.values_list("service", "date").distinct()):
        plan = plans.bookable(service_id)
        for starts_at in _free_on(plan, on, FOR_PEOPLE) if plan else ():
            is_made = True
            while is_made:
                with transaction.atomic():
                    is_made = _offer(service_id, on, starts_at, now=now)
                made += is_made
    return made


def end_over(*, now: datetime, most: int = 500) -> int:
    """End the applications whose last window is too near to be offered; return how many."""
    near, last = (now + timedelta(days=1)).date(), (now + OFFERED_BEFORE).timestamp()
    rows = Application.objects.filter(state__in=WITHOUT_PLACE, date__lte=near).order_by("pk")
    over = [pk for pk, wishes in rows.values_list("pk", "wishes") if max(wishes) <= last]
    ended = 0
    for pk in over[:most]:
        with transaction.atomic():
            row = applications.locked(pk)
            if row.state in WITHOUT_PLACE:
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
    before = Q(rank__isnull=False) | Q(pk__lt=row.pk)
    if row.rank is not None:
        before = Q(rank__lt=row.rank)
    return waiting.filter(before).count() + 1


def _offered(application_id: int, offered: int, now: datetime) -> Application:
    """The application, locked, while this very offer stands. Raises OfferOver."""
    row = applications.locked(application_id)
    held = row.booking
    if row.state != State.OFFERED or held is None or held.pk != offered or now >= held.held_until:
        raise OfferOver(_("Tawaran ini sudah tidak berlaku."))
    return row


def _offer(service_id: int, on: date, starts_at: datetime, *, now: datetime) -> bool:
    """Offer a free place of a window to the first who can use it; say whether there was one."""
    plan = plans.bookable(service_id)
    if plan is None or starts_at < now + OFFERED_BEFORE:
        return False
    until = stands_until(now, starts_at, plan.zone)
    for share in FOR_PEOPLE:
        row = _first(service_id, on, starts_at, share, now=now)
        if row is None:
            continue
        priority = Priority(row.priority)
        held = booking.keep(service_id, starts_at, [share], priority=priority, until=until, now=now)
        if held is not None:
            changes = {"booking_id": held, "offers": row.offers + 1}
            applications.apply(Move.OFFER, row, changes, now=now)
            return True
    return False


def _first(
    service_id: int, on: date, starts_at: datetime, share: Share, *, now: datetime
) -> Application | None:
    """Who is next for a place of this share in this window; locked."""
    for pk in Application.objects.who_want(service_id, on, starts_at, share):
        found = Application.objects.select_for_update(skip_locked=True, of=("self",))
        row = found.filter(pk=pk, state=State.WAITING).first()
        if row is None or int(starts_at.timestamp()) not in row.still_wanted:
            continue
        if not applications.has_booked(row.family, row.nik_index):
            return row
        # Whoever has a place elsewhere by now could not take this one.
        applications.apply(Move.END, row, {}, now=now)
    return None


def _give_back(row: Application, step: Move, *, now: datetime) -> None:
    """End an offer; its place goes on to the next, and the third was the last."""
    if row.booking is None:
        raise OfferOver(_("Tawaran ini sudah tidak berlaku."))
    held = row.booking
    declined = [*row.declined, int(held.slot.starts_at.timestamp())]
    applications.apply(step, row, {"booking_id": None, "declined": declined}, now=now)
    if row.offers >= OFFERS or not row.still_wanted:
        applications.apply(Move.END, row, {}, now=now)
    _return(booking.let_go(held.pk, now=now), now=now)


def _return(place_id: int, *, now: datetime) -> bool:
    """Offer what was given up to who waits, or free it at its moment; say if it was offered."""
    rows = ReturningPlace.objects.select_for_update(skip_locked=True, of=("self",))
    place = rows.select_related("slot").filter(pk=place_id).first()
    if place is None or (place.returns_at > now and not _is_awaited(place, now=now)):
        return False
    slot = place.slot
    place.delete()
    returns.free(slot, Share(place.share), now=now)
    return _offer(slot.service_id, slot.date, slot.starts_at, now=now)


def _has_place(plan: Bookable, wish: Wish) -> bool:
    """Whether one of these windows has a place that this person could simply book."""
    shares = FOR_PEOPLE if wish.priority != Priority.NONE else (Share.ONLINE,)
    return not set(wish.windows).isdisjoint(_free_on(plan, wish.on, shares))


def _free_on(plan: Bookable, on: date, shares: Iterable[Share]) -> list[datetime]:
    """When the windows of a date begin that have a place of these shares, all of them being out."""
    found = Slot.objects.filter(service=plan.offer.service_id, date=on)
    rows = {row.starts_at: row for row in found}
    names = [ledger.COLUMN[share] for share in shares]
    return [
        slot.starts_at
        for slot in plan.slots_on(on)
        if any(_left(rows.get(slot.starts_at), slot.shares, name) > 0 for name in names)
    ]


def _left(row: Slot | None, planned: Shares, name: str) -> int:
    """The free places of a share as the row has them, or as the plan, where nobody has booked."""
    if row is None:
        return int(getattr(planned, name))
    return int(getattr(row, name) - getattr(row, f"booked_{name}"))


def _is_awaited(place: ReturningPlace, *, now: datetime) -> bool:
    slot, share = place.slot, Share(place.share)
    if share not in FOR_PEOPLE or slot.starts_at < now + OFFERED_BEFORE:
        return False
    return _first(slot.service_id, slot.date, slot.starts_at, share, now=now) is not None


def _is_to_be_drawn(service_id: int, on: date) -> bool:
    return Draw.objects.filter(service=service_id, date=on, done_at=None).exists()
