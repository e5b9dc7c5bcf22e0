"""Making one move of the table on a locked ticket. Only tickets.py calls these."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from agencies.models import Counter
from queueing import ledger, telling
from queueing.models import QueueDay, Ticket
from queueing.refusals import WrongState
from queueing.states import MOVES, Move, Priority, State
from services.offers import Offer


@dataclass(frozen=True)
class Booked:
    """What a number owes to a reservation: the moment it was booked for, its place, its contact."""

    at: datetime
    place: datetime
    contact_id: int | None = None  # whom to tell of it


def locked(ticket_id: int) -> Ticket:
    """The ticket, locked until the transaction ends."""
    tickets = Ticket.objects.select_for_update(of=("self",)).select_related("day", "visit")
    return tickets.get(pk=ticket_id)


def at_counter(ticket_id: int, counter: Counter) -> Ticket:
    """The ticket, locked, if it is at this counter; an old screen must not move another one."""
    ticket = locked(ticket_id)
    if ticket.counter_id != counter.pk:
        raise WrongState(_("Nomor itu tidak lagi di loket ini. Layar sudah diperbarui."))
    return ticket


def day_of(ticket_id: int) -> int:
    """Lock the queue-day before the ticket, as its line will change; return its id."""
    day = QueueDay.objects.select_for_update(of=("self",)).get(tickets=ticket_id)
    return day.pk


def ended(ticket: Ticket, now: datetime) -> dict[str, Any]:
    """What changes when a service comes to its end."""
    return {"ended_at": now, **served(ticket, now)}


def served(ticket: Ticket, now: datetime) -> dict[str, Any]:
    """The seconds of service so far; a held ticket has several stretches."""
    begun = ticket.serving_at or now
    stretch = max(0, int((now - begun).total_seconds()))
    return {"service_seconds": ticket.service_seconds + stretch}


def apply(
    move: Move,
    ticket: Ticket,
    changes: dict[str, Any],
    *,
    now: datetime,
    by: User | None = None,
    counter: Counter | None = None,
    since: datetime | None = None,
) -> None:
    """Make a move of the table and write its event, or refuse."""
    origin, step = State(ticket.state), MOVES[move]
    if origin not in step.origins:
        raise WrongState(
            _("Nomor ini sudah berstatus %(state)s.") % {"state": State(ticket.state).label}
        )
    moved = Ticket.objects.filter(pk=ticket.pk, state=origin).update(state=step.target, **changes)
    if not moved:
        raise WrongState(_("Nomor ini baru saja berubah. Layar sudah diperbarui."))
    ticket.state = step.target
    entry = ledger.Entry(
        now,
        origin,
        step.target,
        counter_id=counter.pk if counter else None,
        by_id=by.pk if by else None,
        since=since,
    )
    mall_id, day_id = ticket.day.mall_id, ticket.day_id
    version = ledger.write_event(ticket.pk, move, entry, mall_id=mall_id, day_id=day_id)
    telling.of_move(move, ticket.pk, ticket.visit.contact_id, version=version, now=now)


def begin(
    number: ledger.Number,
    offer: Offer,
    *,
    visit_id: int,
    priority: Priority,
    state: State,
    now: datetime,
    by: User | None,
    came_from: Ticket | None = None,
    booked: Booked | None = None,
) -> int:
    """A ticket with its first event; the wait endured in an earlier queue counts."""
    endured = timedelta(seconds=came_from.wait_seconds) if came_from else timedelta(0)
    since = booked.place if booked else number.since - endured
    ticket_id = ledger.add_ticket(
        number,
        visit_id=visit_id,
        service_id=offer.service_id,
        priority=priority,
        state=state,
        since=since,
        now=now,
        came_from_id=came_from.pk if came_from else None,
        booked_for=booked.at if booked else None,
    )
    place = since if state == State.WAITING else None  # taken when the paper is confirmed
    entry = ledger.Entry(now, None, state, by_id=by.pk if by else None, since=place)
    ledger.write_event(ticket_id, Move.ISSUE, entry, mall_id=offer.mall_id, day_id=number.day_id)
    return ticket_id
