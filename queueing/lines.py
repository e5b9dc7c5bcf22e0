"""Reads the lines of queues: who waits, where they are served, and who went before whom.

What all phones of a line share is read once for a version of the mall, as every act that changes
it raises the version; what an admin edits is seen five seconds later.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NamedTuple

from django.db.models import F

from agencies.models import held_on, in_use
from core.memo import briefly
from hall import closures
from queueing import calling, ledger
from queueing.models import Desk, QueueDay, Ticket
from queueing.states import BEGINS, Priority
from services.models import CounterQueue

KEPT = 5  # seconds, as calendars are
TICK = 15  # seconds after which a counter that opens again by itself is counted, as in forecasts


@dataclass(frozen=True)
class Reading:
    """Everything today's queues of a mall are worked out from."""

    counters: dict[int, tuple[str, ...]]
    desks: dict[int, int]  # open desks by queue
    shut: frozenset[int]  # queues all of whose counters are closed for a while
    days: dict[int, QueueDay]
    people: dict[int, list[calling.Waiting]]


class Called(NamedTuple):
    """Somebody who went to a counter: their place in line, and when they were called."""

    place: tuple[datetime, int]
    at: datetime


@dataclass(frozen=True, eq=False)
class Line:
    """A queue's day as it stands at a version of its mall: what everybody in it shares."""

    counters: tuple[str, ...]
    desks_open: int
    streak: int
    ratio: int
    waiting: tuple[calling.Waiting, ...]  # with the paper in hand
    ahead: dict[int, int]  # how many will be called before somebody, if nobody else comes
    called: tuple[Called, ...]

    def overtook(self, ticket: Ticket) -> int:
        """How many came later than somebody who waits and were called before them."""
        mine = (ticket.since, ticket.pk)
        return sum(each.place > mine and each.at >= ticket.issued_at for each in self.called)


@briefly(KEPT, most=500)
def day_of(day_id: int, version: int) -> QueueDay:
    """A queue's day for everybody who has a number of it, with its queue and mall."""
    days = QueueDay.objects.select_related("queue", "mall__region")
    return days.defer("mall__facilities", "mall__example_fields").get(pk=day_id)


def line_of(day_id: int, *, version: int, now: datetime) -> Line:
    """The line of a queue's day; whoever read the version before has nothing older than that.

    Not inside a transaction that wrote: what it takes back would be remembered all the same.
    """
    return _line_of(day_id, version, int(now.timestamp()) // TICK)


@briefly(KEPT, most=100)
def _line_of(day_id: int, version: int, tick: int) -> Line:
    day, now = day_of(day_id, version), datetime.fromtimestamp(tick * TICK, UTC)
    reading = read([day.queue_id], day.date, closures.ids_in_force(day.mall_id, now=now))
    people, ratio = reading.people.get(day_id, []), day.mall.priority_ratio
    order = calling.order(people, streak=day.streak, ratio=ratio)
    return Line(
        counters=reading.counters.get(day.queue_id, ()),
        desks_open=reading.desks.get(day.queue_id, 0),
        streak=day.streak,
        ratio=ratio,
        waiting=tuple(ledger.waiting([day_id])),
        ahead={pk: place for place, pk in enumerate(order)},
        called=_called(day_id, min((person.since for person in people), default=None)),
    )


def _called(day_id: int, first: datetime | None) -> tuple[Called, ...]:
    """Those called whose place is behind the first who waits: nobody else overtook anybody."""
    if first is None:
        return ()
    called = Ticket.objects.filter(day=day_id, called_at__isnull=False, since__gte=first)
    rows = called.values_list("since", "pk", "called_at")
    return tuple(Called((since, pk), at) for since, pk, at in rows if at is not None)


def read(queue_ids: list[int], on: date, closed: Collection[int]) -> Reading:
    """The lines of these queues on a day, and the counters that serve them."""
    counters, desks, shut = _counters_of(queue_ids, on, closed)
    days = {day.queue_id: day for day in QueueDay.objects.filter(queue__in=queue_ids, date=on)}
    day_ids = [day.pk for day in days.values()]
    people: dict[int, list[calling.Waiting]] = {}
    # A number whose print is not yet confirmed has its place all the same.
    rows = Ticket.objects.filter(day__in=day_ids, state__in=BEGINS)
    for pk, day_id, priority, since in rows.values_list("pk", "day_id", "priority", "since"):
        person = calling.Waiting(pk, day_id, priority != Priority.NONE, since)
        people.setdefault(day_id, []).append(person)
    return Reading(counters, desks, shut, days, people)


def _counters_of(
    queue_ids: Iterable[int], on: date, closed: Collection[int]
) -> tuple[dict[int, tuple[str, ...]], dict[int, int], frozenset[int]]:
    """The counters of each queue on that day, its open desks, and queues all of whose
    counters are closed.
    """
    rows = (
        CounterQueue.objects.filter(
            held_on(on, "counter__days"),
            in_use(on, "counter"),
            queue__in=list(queue_ids),
            counter__days__presence=F("queue__presence"),
        )
        .order_by("queue", "counter__number")
        .values_list("queue_id", "counter_id", "counter__number")
    )
    numbers: dict[int, list[str]] = {}
    served_by: dict[int, list[int]] = {}
    for queue_id, counter_id, number in rows:
        numbers.setdefault(queue_id, []).append(number)
        served_by.setdefault(queue_id, []).append(counter_id)
    staffed = set(
        Desk.objects.filter(
            counter__in={counter for counters in served_by.values() for counter in counters},
            officer__isnull=False,
            on_break=False,
        ).values_list("counter_id", flat=True)
    )
    desks = {
        queue_id: sum(counter in staffed and counter not in closed for counter in counters)
        for queue_id, counters in served_by.items()
    }
    shut = frozenset(queue for queue, its in served_by.items() if set(its) <= set(closed))
    return {queue: tuple(sorted(n, key=by_number)) for queue, n in numbers.items()}, desks, shut


def by_number(number: str) -> tuple[int, str]:
    return (int("".join(filter(str.isdigit, number)) or 0), number)
