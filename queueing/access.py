"""The gates to tickets: by the token in the link, or from the counter that serves the queue."""

from datetime import datetime
from uuid import UUID

from django.http import Http404

from agencies import opening
from agencies.models import Counter, Mall
from core import clock
from queueing.models import Ticket, Visit
from services import offers


def visit(token: str) -> Visit:
    """A visit for whoever holds its link."""
    found = Visit.objects.select_related("mall__region").filter(token=token).first()
    if found is None:
        raise Http404
    return found


def own_ticket(token: str) -> Ticket:
    """The newest ticket of a visit for whoever holds its link."""
    tickets = Ticket.objects.with_names().filter(visit__token=token)
    found = tickets.order_by("-pk").first()
    if found is None:
        raise Http404
    return found


def ticket_at(counter: Counter, pk: int, *, now: datetime | None = None) -> Ticket:
    """A ticket of today in one of the counter's queues."""
    on = opening.local_date(now or clock.now(), counter.mall.zone)
    queues = [line.queue_id for line in offers.lines_at(counter.pk, on.weekday())]
    tickets = Ticket.objects.with_names().filter(day__queue__in=queues, day__date=on)
    found = tickets.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def offer_at(mall: Mall, service_id: int) -> offers.Offer:
    """A service offered at this mall."""
    found = offers.offer_of(service_id)
    if found is None or found.mall_id != mall.pk:
        raise Http404
    return found


def key_of(value: str) -> UUID:
    """The key of a form; a broken one is no key of ours."""
    try:
        return UUID(value)
    except ValueError:
        raise Http404 from None
