"""Promised places that somebody gave up: they come back to whoever waits, or at a random moment.

Otherwise a place can be sold: the seller cancels it while the buyer is ready to book.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from secrets import SystemRandom
from zoneinfo import ZoneInfo

from appointments import capacity, ledger, plans
from appointments.models import ReturningPlace, Slot
from appointments.states import Share

WITHIN = timedelta(hours=12)
AWAKE = range(7, 21)  # hours of the day: at night only machines would find a place
TRIES = 64


def put(slot: Slot, share: Share, *, zone: ZoneInfo, now: datetime) -> int:
    """Keep a given-up place back until its moment, it stays taken so long; return its id."""
    chance = SystemRandom().random
    returns_at = moment(now, slot.starts_at, zone=zone, chance=chance)
    place = ReturningPlace.objects.create(slot=slot, share=share, since=now, returns_at=returns_at)
    return place.pk


def moment(
    now: datetime, starts_at: datetime, *, zone: ZoneInfo, chance: Callable[[], float]
) -> datetime:
    """A random moment in the next 12 hours, by day if it can be.

    It lies in the first half of the time that is left, so that somebody can still come.
    """
    span = max(timedelta(0), min(WITHIN, (starts_at - now) / 2))
    for _try in range(TRIES):
        drawn = now + span * chance()
        if drawn.astimezone(zone).hour in AWAKE:
            break
    return drawn


def free(slot: Slot, share: Share, *, now: datetime) -> None:
    """Free a place; one too many by now, because fewer are wanted, is not sold again."""
    ledger.free(slot.pk, share)
    # Not from memory: an older plan would sell again what has just been taken back.
    plan = plans.stored(slot.service_id)
    ledger.resize(slot.pk, capacity.wanted_of(slot, plan, now=now))
