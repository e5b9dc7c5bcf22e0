"""What is due and not done: days to close, prints that never came.

Each is a scan, safe to run never, late, twice or by two workers.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from agencies import opening
from agencies.calendars import calendar_of
from queueing import moves
from queueing.models import QueueDay, Ticket
from queueing.states import OPEN, PRINT_WITHIN, Move, State


def close_days(*, now: datetime) -> int:
    """Close every queue-day whose date has passed in its mall's zone; return how many."""
    due = QueueDay.objects.filter(closed_at=None).values_list("pk", "mall_id", "date")
    closed = 0
    for day_id, mall_id, on in due.order_by("pk"):
        if on < opening.local_date(now, calendar_of(mall_id).zone):
            closed += _close_day(day_id, now)
    return closed


@transaction.atomic
def _close_day(day_id: int, now: datetime) -> int:
    if not QueueDay.objects.filter(pk=day_id, closed_at=None).update(closed_at=now):
        return 0
    # All of them before the first event: a counter may be moving one and waits for the board next.
    tickets = Ticket.objects.select_for_update(of=("self",)).select_related("day").order_by("pk")
    for ticket in tickets.filter(day=day_id, state__in=OPEN):
        if ticket.state == State.SERVING:
            moves.apply(Move.FINISH, ticket, moves.ended(ticket, now), now=now)
            continue
        if ticket.state == State.PRINTING:
            _withdraw(ticket, now)
            continue
        if ticket.state == State.CALLED:
            moves.apply(Move.SKIP, ticket, {}, now=now)
        moves.apply(Move.EXPIRE, ticket, {"ended_at": now}, now=now)
    return 1


def withdraw_unprinted(*, now: datetime) -> int:
    """Withdraw every number whose print was not confirmed in two minutes; return how many.

    The number stays used and says so, its place in the quota is free again.
    """
    late = Ticket.objects.filter(state=State.PRINTING, issued_at__lt=now - PRINT_WITHIN)
    return sum(_withdraw_late(pk, now) for pk in late.values_list("pk", flat=True).order_by("pk"))


@transaction.atomic
def _withdraw_late(ticket_id: int, now: datetime) -> int:
    moves.day_of(ticket_id)
    ticket = moves.locked(ticket_id)
    if ticket.state != State.PRINTING:
        return 0  # confirmed, or withdrawn by another worker, while we waited for the lock
    _withdraw(ticket, now)
    return 1


def _withdraw(ticket: Ticket, now: datetime) -> None:
    moves.apply(Move.WITHDRAW, ticket, {"ended_at": now}, now=now)
    if ticket.booked_for is None:  # a reservation used up no quota
        QueueDay.objects.filter(pk=ticket.day_id).update(admitted=F("admitted") - 1)
