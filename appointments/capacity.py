"""Slots follow their plan: more places, fewer places, or none, and no promise is broken."""

from datetime import datetime

from django.db import transaction

from appointments import ledger, plans
from appointments.models import Slot
from appointments.slots import Shares

NONE = Shares(online=0, priority=0, staff=0, walk_in=0)


def wanted_of(slot: Slot, *, now: datetime) -> Shares:
    """The places that the plan gives this slot now; none when it has no such window any more."""
    plan = plans.bookable(slot.service_id)
    wanted = plan.wanted(slot.starts_at, now) if plan else None
    return wanted.slot.shares if wanted else NONE


@transaction.atomic
def follow_plan(service_id: int, *, now: datetime) -> int:
    """Give the slots to come the places of the plan; return how many have promised more by now.

    Those keep what they have promised and sell nothing more.
    """
    coming = Slot.objects.filter(service=service_id, starts_at__gt=now).order_by("pk")
    promised = 0
    for slot in coming.select_for_update():
        wanted = wanted_of(slot, now=now)
        ledger.resize(slot.pk, wanted)
        promised += (
            slot.booked_online > wanted.online
            or slot.booked_priority > wanted.priority
            or slot.booked_staff > wanted.staff
        )
    return promised
