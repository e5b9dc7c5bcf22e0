"""What is offered where and on which days, as plain values a few seconds old at most."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import F, Q, Value

from agencies.models import CounterDay, held_on
from agencies.opening import Attendance, Stay
from core import sql
from core.memo import briefly
from services.models import LONG, CounterQueue, Service

LINES = """
    SELECT served.queue_id, served.rank FROM services_counterqueue AS served
    JOIN services_queue AS queue ON queue.id = served.queue_id AND queue.is_active
    JOIN agencies_counterday AS day ON day.counter_id = served.counter_id
        AND day.presence_id = queue.presence_id AND day.weekday = %(weekday)s
        AND day.from_date <= %(on)s AND (day.until_date IS NULL OR day.until_date >= %(on)s)
    WHERE served.counter_id = %(counter)s ORDER BY served.id"""

STAY = ("weekday", "from_date", "until_date")
DAYS = "presence__counter_days"


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
    days = CounterDay.objects.filter(
        _covers(Value(service_id)), presence__services=service_id, counter__is_active=True
    )
    return _attendance(days.values_list(*STAY))


def _covers(service: Value | F, days: str = "") -> Q:
    """The counter days whose term has the service; those without a term have all of them."""
    is_covered = Q(**{f"{days}term": None}) | Q(**{f"{days}term__covers_all": True})
    return is_covered | Q(**{f"{days}term__scopes__service": service})


def _attendance(stays: Iterable[tuple[int, date, date | None]]) -> Attendance:
    found = {Stay(*stay) for stay in stays}
    return Attendance(tuple(sorted(found, key=lambda stay: (stay.from_date, stay.weekday))))


@briefly(5)
def attended_at(mall_id: int) -> dict[int, Attendance]:
    """The days of every agency present at a mall, by presence."""
    found: dict[int, list[tuple[int, date, date | None]]] = {}
    days = CounterDay.objects.filter(presence__mall=mall_id, counter__is_active=True)
    for presence_id, *stay in days.values_list("presence_id", *STAY):
        found.setdefault(presence_id, []).append((stay[0], stay[1], stay[2]))
    return {presence_id: _attendance(stays) for presence_id, stays in found.items()}


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
        queue=queue_id,
        counter__is_active=True,
        counter__days__presence=F("queue__presence"),
    )
    return frozenset(served.values_list("counter_id", flat=True))


@briefly(5)
def elsewhere(mall_id: int, on: date, queue_id: int) -> list[Group]:
    """What the mall offers on that day outside one queue, grouped by agency."""
    is_there = held_on(on, DAYS) & _covers(F("pk"), f"{DAYS}__")
    found = (
        Service.objects.offered()
        .filter(
            is_there,
            presence__mall=mall_id,
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
