"""The gates to tickets: by the token in the link, or from the counter that serves the queue."""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404

from accounts.models import User
from agencies import access as counters
from agencies import opening
from agencies.models import Counter, Mall, Zone
from core import sql
from queueing.models import Ticket, Visit
from services import offers

LINK = """
    SELECT token FROM queueing_visit
    WHERE id = (SELECT visit_id FROM queueing_ticket WHERE id = %(ticket)s)"""


def visit(token: str) -> Visit:
    """A visit for whoever holds its link."""
    found = Visit.objects.select_related("mall__region").filter(token=token).first()
    if found is None:
        raise Http404
    return found


def token_of(ticket_id: int) -> str:
    """The link's token of a ticket just issued."""
    return str(sql.rows(LINK, ticket=ticket_id)[0][0])


def own_ticket(token: str) -> Ticket:
    """The newest ticket of a visit for whoever holds its link."""
    tickets = Ticket.objects.with_names().select_related("came_from__day__queue")
    found = tickets.filter(visit__token=token).order_by("-pk").first()
    if found is None:
        raise Http404
    return found


def workday(now: datetime) -> date:
    """The day on which an assignment counts where no mall is meant: that of the capital."""
    return opening.local_date(now, ZoneInfo(Zone.WIB))


def counter_for(user: User, pk: int, *, now: datetime) -> Counter:
    """A counter to work at, on what is today at its mall."""
    counter = counters.counter_called(pk)
    if counter is None:
        raise Http404
    if not counters.may_work_at(user, counter, on=opening.local_date(now, counter.mall.zone)):
        raise Http404
    return counter


def counters_for(user: User, *, now: datetime) -> list[Counter]:
    """All counters to work at, each on what is today at its mall."""
    zones: dict[date, list[str]] = {}
    for zone in Zone.values:
        zones.setdefault(opening.local_date(now, ZoneInfo(zone)), []).append(zone)
    return [
        counter
        for on, there in zones.items()
        for counter in counters.counters_for(user, on=on).filter(mall__region__zone__in=there)
    ]


def ticket_at(counter: Counter, pk: int, *, now: datetime) -> Ticket:
    """A ticket of today in one of the counter's queues."""
    on = opening.local_date(now, counter.mall.zone)
    queues = [line.queue_id for line in offers.lines_at(counter.pk, on.weekday())]
    found = Ticket.objects.filter(pk=pk, day__queue__in=queues, day__date=on).first()
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
