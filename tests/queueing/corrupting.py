"""Writing behind the back of the rules, and what is found of it."""

from core.proof import Scope
from queueing import invariants
from queueing.models import QueueDay, Ticket, TicketEvent


def breached(scope=None):
    return {verdict.id for verdict in invariants.verify(scope or Scope()) if verdict.breaches}


def event(move, **more):
    return TicketEvent.objects.filter(move=move, **more).order_by("version")


def change(found, **values):
    assert type(found).objects.filter(pk=found.pk).update(**values) == 1


def served():
    """A ticket whose life is issue, call, serve, finish and nothing else."""
    return Ticket.objects.get(number=2, day__queue__letter="A")


def day():
    return QueueDay.objects.get(queue__letter="A")
