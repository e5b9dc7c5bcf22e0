"""Forging applications and draws, and what is found broken."""

from appointments.models import ApplicationEvent
from core.proof import Scope
from mpp.invariants import ALL
from queueing.invariants import verify
from tests.appointments.recipes import at


def broken(scope=None):
    """Of everything that must hold, in every app."""
    return {verdict.id for verdict in verify(scope or Scope(), ALL) if verdict.breaches}


def wrote(row, move, origin, target):
    ApplicationEvent.objects.create(
        application=row, move=move, origin=origin, target=target, at=at(9)
    )


def another_digest(draw):
    draw.digest = "0" * 64
    draw.save()
