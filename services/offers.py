"""What is offered where and on which days, as plain values a few seconds old at most."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import F

from agencies.models import CounterDay, held_on, in_use, in_use_sql
from agencies.opening import Attendance
from core import sql
from core.memo import briefly
from services import attending
from services.attending import DAYS, covers
from services.models import LONG, CounterQueue, Service

LINES = f"""
    SELECT served.queue_id, served.rank FROM services_counterqueue AS served
    JOIN services_queue AS queue ON queue.id = served.queue_id AND {in_use_sql("queue")}
    JOIN agencies_counter AS counter ON counter.id = served.counter_id AND {in_use_sql("counter")}
    JOIN agencies_counterday AS day ON day.counter_id = served.counter_id
        AND day.presence_id = queue.presence_id AND day.weekday = %(weekday)s
        AND day.from_date <= %(on)s AND (day.until_date IS NULL OR day.until_date >= %(on)s)
    WHERE served.counter_id = %(counter)s ORDER BY served.id"""  # noqa: S608 - put together from constants


@dataclass(frozen=True)
class Offer:
    """All that issuing a number needs to know of a service."""

    service_id: int
    queue_id: int
    mall_id: int
    mall_slug: str
    agency: str
    daily_quota: int | None
    attended: Attendance


@dataclass(frozen=True)
class LineAt:
    """A queue that a counter serves; the rank is its own order, if it has one."""

    queue_id: int
    rank: int | None


@dataclass(frozen=True)
class Group:
    """The services of one agency, for a list to choose from."""

    agency: str
    services: tuple[Service, ...]


@briefly(5)
def service_called(pk: int) -> Service:
    """A service as a ticket names it, with its agency; offered or not."""
    return Service.objects.select_related("presence__agency").defer(*LONG).get(pk=pk)


@briefly(5)
def offer_of(service_id: int) -> Offer | None:
    """The offer, or None when the service is not offered (any more)."""
    service = (
        Service.objects.offered()
        .select_related("queue", "presence__mall", "presence__agency")
        .filter(pk=service_id)
        .first()
    )
    if service is None:
        return None
    return Offer(
        service_id=service.pk,
        queue_id=service.queue_id,
        mall_id=service.presence.mall_id,
        mall_slug=service.presence.mall.slug,
        agency=service.presence.agency.name,
        daily_quota=service.queue.daily_quota,
        attended=attended_for(service.pk),
    )


@briefly(5)
def attended_for(service_id: int) -> Attendance:
    """The days on which a service is to be had: its agency has a counter, by a term with it."""
    return attending.attended([service_id])[service_id]


@briefly(5)
def attended_at(mall_id: int) -> dict[int, Attendance]:
    """The days of every agency present at a mall, by presence."""
    found: dict[int, list[CounterDay]] = {}
    days = CounterDay.objects.filter(presence__mall=mall_id, counter__is_active=True)
    for row in days.select_related("counter"):
        found.setdefault(row.presence_id, []).append(row)
    return {presence_id: attending.attended_by(rows) for presence_id, rows in found.items()}


@briefly(5)
def lines_at(counter_id: int, on: date) -> tuple[LineAt, ...]:
    """The queues a counter serves on that day: those of the agency that has it then."""
    found = sql.rows(LINES, counter=counter_id, weekday=on.weekday(), on=on)
    return tuple(LineAt(*each) for each in found)


@briefly(5)
def counters_of(queue_id: int, on: date) -> frozenset[int]:
    """The counters that serve a queue on that day."""
    served = CounterQueue.objects.filter(
        held_on(on, "counter__days"),
        in_use(on, "counter"),
        queue=queue_id,
        counter__days__presence=F("queue__presence"),
    )
    return frozenset(served.values_list("counter_id", flat=True))


@briefly(5)
def elsewhere(mall_id: int, on: date, queue_id: int) -> list[Group]:
    """What the mall offers on that day outside one queue, grouped by agency."""
    is_there = held_on(on, DAYS) & covers(F("pk"), f"{DAYS}__") & in_use(on, f"{DAYS}__counter")
    found = (
        Service.objects.offered()
        .filter(is_there, in_use(on), in_use(on, "queue"), presence__mall=mall_id)
        .exclude(queue=queue_id)
        .select_related("presence__agency")
        .order_by("presence__agency__name", "presence", "name")
        .distinct()
    )
    return [
        Group(presence.agency.name, tuple(services))
        for presence, services in groupby(found, key=lambda service: service.presence)
    ]
