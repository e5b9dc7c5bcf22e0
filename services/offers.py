"""What is offered where and on which weekdays, as plain values a few seconds old at most."""

from dataclasses import dataclass
from itertools import groupby

from django.db.models import F

from agencies.models import CounterDay
from core import sql
from core.memo import briefly
from services.models import LONG, CounterQueue, Service

LINES = """
    SELECT served.queue_id, served.rank FROM services_counterqueue AS served
    JOIN services_queue AS queue ON queue.id = served.queue_id AND queue.is_active
    JOIN agencies_counterday AS day ON day.counter_id = served.counter_id
        AND day.presence_id = queue.presence_id AND day.weekday = %(weekday)s
    WHERE served.counter_id = %(counter)s ORDER BY served.id"""


@dataclass(frozen=True)
class Offer:
    """All that issuing a number needs to know of a service."""

    service_id: int
    queue_id: int
    mall_id: int
    mall_slug: str
    agency: str
    daily_quota: int | None
    weekdays: frozenset[int]


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
        weekdays=attended(service.presence_id),
    )


@briefly(5)
def attended(presence_id: int) -> frozenset[int]:
    """The weekdays on which the agency has a counter at the mall."""
    days = CounterDay.objects.filter(presence=presence_id, counter__is_active=True)
    return frozenset(days.values_list("weekday", flat=True))


@briefly(5)
def attended_at(mall_id: int) -> dict[int, frozenset[int]]:
    """The weekdays of every agency present at a mall, by presence."""
    found: dict[int, set[int]] = {}
    days = CounterDay.objects.filter(presence__mall=mall_id, counter__is_active=True)
    for presence_id, weekday in days.values_list("presence_id", "weekday"):
        found.setdefault(presence_id, set()).add(weekday)
    return {presence_id: frozenset(weekdays) for presence_id, weekdays in found.items()}


@briefly(5)
def lines_at(counter_id: int, weekday: int) -> tuple[LineAt, ...]:
    """The queues a counter serves on that weekday: those of the agency that has it then."""
    return tuple(LineAt(*found) for found in sql.rows(LINES, counter=counter_id, weekday=weekday))


@briefly(5)
def counters_of(queue_id: int, weekday: int) -> frozenset[int]:
    """The counters that serve a queue on that weekday."""
    served = CounterQueue.objects.filter(
        queue=queue_id,
        counter__is_active=True,
        counter__days__weekday=weekday,
        counter__days__presence=F("queue__presence"),
    )
    return frozenset(served.values_list("counter_id", flat=True))


@briefly(5)
def elsewhere(mall_id: int, weekday: int, queue_id: int) -> list[Group]:
    """What the mall offers on that weekday outside one queue, grouped by agency."""
    found = (
        Service.objects.offered()
        .filter(
            presence__mall=mall_id,
            presence__counter_days__weekday=weekday,
            presence__counter_days__counter__is_active=True,
        )
        .exclude(queue=queue_id)
        .select_related("presence__agency")
        .order_by("presence__agency__name", "presence", "name")
        .distinct()
    )
    return [
        Group(presence.agency.name, tuple(services))
        for presence, services in groupby(found, key=lambda service: service.presence)
    ]
