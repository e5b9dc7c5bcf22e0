"""Everything the queue stores."""

from queueing.models.desks import Desk, Note, PrintJob, Shortfall
from queueing.models.forecasts import Forecast, Learned
from queueing.models.tickets import (
    QueueDay,
    Ticket,
    TicketEvent,
    TicketQuerySet,
    Visit,
    new_token,
)

__all__ = [
    "Desk",
    "Forecast",
    "Learned",
    "Note",
    "PrintJob",
    "QueueDay",
    "Shortfall",
    "Ticket",
    "TicketEvent",
    "TicketQuerySet",
    "Visit",
    "new_token",
]
