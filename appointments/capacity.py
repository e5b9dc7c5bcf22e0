"""Slots follow their plan: more places, fewer places, or none, and no promise is broken."""

from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from appointments import ledger, plans
from appointments.models import BookingEvent, Slot
from appointments.plans import Bookable
from appointments.slots import NONE, Shares
from appointments.states import Move
from services import register
from services.models import Service

LATELY = timedelta(minutes=10)  # longer than anybody remembers a plan, and than between two looks


def wanted_of(slot: Slot, plan: Bookable | None, *, now: datetime) -> Shares:
    """The places that a plan gives this slot; none when it has no such window any more."""
    wanted = plan.wanted(slot.starts_at, now) if plan else None
    return wanted.slot.shares if wanted else NONE


@transaction.atomic
def follow_plan(service_id: int, *, now: datetime) -> int:
    """Give the slots to come the places of the plan; return how many have promised more by now.

    Those keep what they have promised and sell nothing more.
    """
    coming = Slot.objects.filter(service=service_id, starts_at__gt=now).order_by("pk")
    # As in ledger.lock_if_any: whoever only refers to a slot does not wait for it.
    rows = list(coming.select_for_update(no_key=True))
    # Read with the rows locked: whoever changes the plan meanwhile follows it after us.
    plan = plans.stored(service_id)
    promised = 0
    for slot in rows:
        wanted = wanted_of(slot, plan, now=now)
        if _shares(slot) != wanted:
            ledger.resize(slot.pk, wanted)
        promised += (
            slot.booked_online > wanted.online
            or slot.booked_priority > wanted.priority
            or slot.booked_staff > wanted.staff
        )
    return promised


@transaction.atomic
def link_out(service: Service, *, name: str, address: str, by: User, now: datetime) -> None:
    """Let a service be booked elsewhere only, or here again; what is promised here is kept."""
    register.link_out(service, name=name, address=address, by=by, now=now)
    follow_plan(service.pk, now=now)


def follow_lately(*, now: datetime) -> int:
    """Mend the slots that somebody made by a plan remembered for some seconds too long."""
    lately = BookingEvent.objects.filter(move=Move.HOLD, at__gt=now - LATELY)
    services = sorted(set(lately.values_list("booking__service", flat=True)))
    return sum(follow_plan(service_id, now=now) for service_id in services)


def _shares(slot: Slot) -> Shares:
    return Shares(slot.online, slot.priority, slot.staff, slot.walk_in)
