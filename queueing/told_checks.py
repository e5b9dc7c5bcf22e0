"""Whether whoever follows a ticket was told of every move that must be told (I8)."""

# ruff: noqa: S608 - the statements are put together from the constants of this file

from core.proof import Breach, Outcome, Scope
from queueing.models import Ticket
from queueing.telling import TOLD

MOVES = ", ".join(str(int(move)) for move in TOLD)
FOLLOWED = f"""
    FROM queueing_ticketevent AS event
    JOIN queueing_ticket AS ticket ON ticket.id = event.ticket_id
    JOIN queueing_queueday AS day ON day.id = ticket.day_id
    JOIN queueing_visit AS visit ON visit.id = ticket.visit_id
    JOIN notifications_contact AS contact ON contact.id = visit.contact_id
    WHERE (%(mall)s IS NULL OR day.mall_id = %(mall)s) AND day.date >= %(since)s
        AND event.move IN ({MOVES}) AND contact.created_at < event.at"""
UNTOLD = f"""
    SELECT ticket.id {FOLLOWED} AND NOT EXISTS (
        SELECT 1 FROM notifications_message AS message
        WHERE message.contact_id = visit.contact_id
            AND message.event = 'ticket-event:' || ticket.id || ':' || event.version)"""


def told(scope: Scope) -> Outcome:
    wrong = [Breach(Ticket, pk, "was called and nobody was told") for (pk,) in scope.rows(UNTOLD)]
    return Outcome(scope.count(f"SELECT COUNT(*) {FOLLOWED}"), wrong)
