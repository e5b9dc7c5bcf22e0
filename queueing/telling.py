"""What holders of a number are told on their phones by the moves of their ticket.

Called in the transaction of the move; who follows nothing costs nothing.
"""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from notifications import outbox
from queueing.models import Ticket, TicketEvent
from queueing.states import Move

TOLD = {
    Move.CALL: "ticket_called",
    Move.RECALL: "ticket_called",
    Move.RESUME: "ticket_called",
    Move.SKIP: "ticket_missed",
}


def of_move(
    move: Move, ticket_id: int, contact_id: int | None, *, version: int, now: datetime
) -> None:
    """Tell whoever follows a ticket of a move, in its transaction."""
    if contact_id is None:
        return
    _drop_earlier(ticket_id, contact_id, version=version, now=now)
    kind = TOLD.get(move)
    if kind is None:
        return
    ticket = Ticket.objects.with_names().get(pk=ticket_id)
    values = {
        "nomor": str(ticket),
        "loket": ticket.counter.number if ticket.counter else "",
        "mal": ticket.day.mall.short_name,
        "tautan": link_of(ticket),
    }
    outbox.send(contact_id, kind, event=event_of(ticket_id, version), values=values, now=now)


def _drop_earlier(ticket_id: int, contact_id: int, *, version: int, now: datetime) -> None:
    """Nobody hears "three more" after the call, nor "your turn" after it was taken back."""
    versions = TicketEvent.objects.filter(ticket=ticket_id, version__lt=version)
    events = [event_of(ticket_id, each) for each in versions.values_list("version", flat=True)]
    events.append(near_of(ticket_id))
    outbox.withdraw(contact_id, events, now=now, reason=_("Sudah tidak berlaku lagi."))


def near_of(ticket_id: int) -> str:
    """The name under which somebody is told that their turn is near: once."""
    return f"ticket:{ticket_id}:near"


def link_of(ticket: Ticket) -> str:
    """Where a tap on a message about a number leads: its own page."""
    return settings.PUBLIC_URL + reverse("ticket", args=[ticket.visit.token])


def event_of(ticket_id: int, version: int) -> str:
    """The name under which an event of a ticket is told, once for each person and channel."""
    return f"ticket-event:{ticket_id}:{version}"
