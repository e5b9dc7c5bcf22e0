"""What a simulated day came to, counted from the tables."""

from dataclasses import dataclass
from datetime import date
from statistics import quantiles

from agencies.models import Mall
from queueing.models import Ticket, TicketEvent
from queueing.states import Move, State


@dataclass(frozen=True)
class Report:
    """One day of one mall; waits are minutes of those who were called."""

    issued: int
    served: int
    no_shows: int
    transferred: int
    cancelled: int
    median_wait: float
    p90_wait: float


def of(mall: Mall, *, on: date) -> Report:
    """Count a day."""
    tickets = Ticket.objects.filter(day__mall=mall, day__date=on)
    skips = TicketEvent.objects.filter(ticket__day__mall=mall, ticket__day__date=on, move=Move.SKIP)
    called = tickets.filter(called_at__isnull=False)
    waits = [seconds / 60 for seconds in called.values_list("wait_seconds", flat=True)]
    deciles = quantiles(waits, n=10) if len(waits) > 1 else [0.0] * 9
    return Report(
        issued=tickets.count(),
        served=tickets.filter(state=State.DONE).count(),
        no_shows=skips.count(),
        transferred=tickets.filter(state=State.TRANSFERRED).count(),
        cancelled=tickets.filter(state=State.CANCELLED).count(),
        median_wait=deciles[4],
        p90_wait=deciles[8],
    )
