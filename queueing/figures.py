"""What screens show: reads that join or aggregate, never a write.

Each takes the same few queries whatever the number of rows.
"""

from collections import Counter as Tally
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from statistics import median

from django.db.models import Count, Q, QuerySet

from agencies import opening
from agencies.calendars import calendar_of
from agencies.models import Counter, Mall
from hall import closures, record
from queueing import calling, forecasts, ledger, lines
from queueing.forecasting.ranges import Range
from queueing.models import QueueDay, Ticket, TicketEvent
from queueing.states import BEGINS, Move, Reason, Rule, State
from services import offers
from services.models import Queue

RECENT = 6  # last calls on a board
ANNOUNCED = 30  # when all counters of a hall call at once, its board misses none
SHOWN = 30  # next people on a console


@dataclass(eq=False)
class Waits:
    """The forecasts of some malls, worked out when the first of them is asked for.

    Boards show how many wait but not how long, and are drawn with every call.
    """

    mall_ids: frozenset[int]
    now: datetime

    @cached_property
    def foretold(self) -> dict[int, forecasts.Foretold]:
        return forecasts.of_malls(self.mall_ids, now=self.now)

    def of(self, queue: Queue) -> Range:
        return self.foretold[queue.mall_id].of_queue(queue.pk)


@dataclass(frozen=True)
class QueueNow:
    """One queue at this moment, as a citizen asks about it."""

    queue: Queue
    counters: tuple[str, ...]  # numbers of the counters that serve it today
    desks_open: int
    is_shut: bool  # all its counters are closed for a while
    waiting: int
    waits: "Waits"
    remaining: int | None  # numbers left today, None when not limited

    @property
    def wait(self) -> Range:
        """For somebody who would come now."""
        return self.waits.of(self.queue)

    @property
    def attends(self) -> bool:
        return bool(self.counters)

    @property
    def used_up(self) -> bool:
        return self.remaining == 0


@dataclass(frozen=True)
class Place:
    """Where somebody stands: people who will be called before them, and the range of the wait."""

    ahead: int
    wait: Range
    begins: datetime
    ends: datetime
    counters: tuple[str, ...]
    desks_open: int
    overtaken: int  # people who came later and were called before them


@dataclass(frozen=True)
class BoardNow:
    """A board's picture: everything at counters, the last calls, the counts of those waiting."""

    version: int
    calling: Ticket | None
    recent: list[Ticket]
    queues: list[QueueNow]
    announced: list[Ticket]  # both of the above and some before them, the newest first


@dataclass(frozen=True)
class WaitingAt:
    """Whom a counter may call: all of them counted, the next ones in order."""

    count: int
    longest_since: datetime | None
    first: list[Ticket]


@dataclass(frozen=True)
class CounterToday:
    """An officer's own figures of the day at this counter."""

    served: int
    no_shows: int
    median_minutes: int | None
    within_standard: int


@dataclass(frozen=True)
class PublicCalls:
    """Calls of a day, and those out of order by their reason: counted in public."""

    calls: int
    out_of_order: dict[str, int]


def queues_now(mall: Mall, *, now: datetime) -> list[QueueNow]:
    """All active queues of a mall, by letter."""
    calendars = {mall.pk: calendar_of(mall.pk)}
    return queues_of(Queue.objects.filter(mall=mall), calendars, now=now)


def queues_of(
    queues: QuerySet[Queue], calendars: Mapping[int, opening.Calendar], *, now: datetime
) -> list[QueueNow]:
    """The active ones of these queues, of any malls, by letter; calendars by mall."""
    # One reading for each local date: the zones have two of them at most.
    todays = {pk: opening.local_date(now, calendar.zone) for pk, calendar in calendars.items()}
    found = queues.filter(is_active=True, presence__is_active=True)
    named = found.select_related("presence__agency").order_by("letter", "pk")
    active = [queue for queue in named if not queue.rests_on(todays[queue.mall_id])]
    by_mall = closures.closed_in({queue.mall_id for queue in active}, now=now)
    closed = {counter for counters in by_mall.values() for counter in counters}
    readings = {
        on: lines.read([queue.pk for queue in active if todays[queue.mall_id] == on], on, closed)
        for on in {todays[queue.mall_id] for queue in active}
    }
    waits = Waits(frozenset(queue.mall_id for queue in active), now)
    return [_queue_now(queue, readings[todays[queue.mall_id]], waits) for queue in active]


def _queue_now(queue: Queue, reading: lines.Reading, waits: Waits) -> QueueNow:
    day = reading.days.get(queue.pk)
    admitted = day.admitted if day else 0
    return QueueNow(
        queue=queue,
        counters=reading.counters.get(queue.pk, ()),
        desks_open=reading.desks.get(queue.pk, 0),
        is_shut=queue.pk in reading.shut,
        waiting=len(reading.people.get(day.pk, [])) if day else 0,
        waits=waits,
        remaining=None if queue.daily_quota is None else max(0, queue.daily_quota - admitted),
    )


def waiting_in(todays: Mapping[int, date]) -> dict[int, int]:
    """How many wait in each of these malls on its own day, by mall."""
    people = Ticket.objects.filter(
        day__mall__in=todays, day__date__in=set(todays.values()), state__in=BEGINS
    )
    rows = people.order_by().values_list("day__mall", "day__date").annotate(count=Count("pk"))
    counts = {(mall_id, on): count for mall_id, on, count in rows}
    return {mall_id: counts.get((mall_id, on), 0) for mall_id, on in todays.items()}


def place_of(ticket: Ticket, *, now: datetime, version: int | None = None) -> Place:
    """Where a waiting ticket stands in its line; of a version of the mall, if that is known."""
    mall_id = ticket.day.mall_id
    version = record.version_of(mall_id) if version is None else version
    line = lines.line_of(ticket.day_id, version=version, now=now)
    wait = forecasts.of_mall(mall_id, now=now, version=version).of_ticket(ticket.pk)
    return Place(
        ahead=line.ahead.get(ticket.pk, 0),
        wait=wait,
        begins=now + timedelta(minutes=wait.low),
        ends=now + timedelta(minutes=wait.high),
        counters=line.counters,
        desks_open=line.desks_open,
        overtaken=line.overtook(ticket),
    )


def has_break(mall_id: int, now: datetime, until: datetime) -> bool:
    """Whether the mall rests between now and then; the forecast counts that in."""
    calendar = calendar_of(mall_id)
    rest = opening.rest(calendar, opening.local_date(now, calendar.zone))
    return rest is not None and now < rest[1] and rest[0] < until


def board(mall: Mall, *, now: datetime, only: Q | None = None) -> BoardNow:
    """The picture of a mall's board; `only` picks the tickets of some counters or agencies."""
    version = record.version_of(mall.pk)
    on = opening.local_date(now, mall.zone)
    announced = list(
        Ticket.objects.with_names()
        .filter(only or Q(), day__mall=mall, day__date=on, announced_at__isnull=False)
        .order_by("-announced_at", "-pk")[:ANNOUNCED]
    )
    latest, recent = next(iter(announced), None), announced[1 : RECENT + 1]
    return BoardNow(version, latest, recent, queues_now(mall, now=now), announced)


def waiting_at(counter: Counter, *, now: datetime) -> WaitingAt:
    """Whom this counter may call, the first of them in the order in which it would call them."""
    on = opening.local_date(now, counter.mall.zone)
    ranks = {line.queue_id: line.rank for line in offers.lines_at(counter.pk, on)}
    days = {
        day_id: calling.Line(streak, ranks[queue_id])
        for day_id, queue_id, streak in QueueDay.objects.filter(
            queue__in=ranks, date=on
        ).values_list("pk", "queue_id", "streak")
    }
    people = ledger.waiting(days)
    ids = calling.sequence(people, days, ratio=counter.mall.priority_ratio, most=SHOWN)
    tickets = Ticket.objects.in_list().in_bulk(ids)
    return WaitingAt(
        count=len(people),
        longest_since=min((person.since for person in people), default=None),
        first=[tickets[pk] for pk in ids],
    )


def newcomer_at(counter: Counter, *, now: datetime) -> Range:
    """How long somebody waits who takes a number for one of this counter's queues now."""
    on = opening.local_date(now, counter.mall.zone)
    foretold = forecasts.of_mall(counter.mall_id, now=now)
    found = [foretold.of_queue(line.queue_id) for line in offers.lines_at(counter.pk, on)]
    lows, highs = [each.low for each in found], [each.high for each in found]
    return Range(min(lows, default=0), max(highs, default=0))


def absent_at(counter: Counter, *, now: datetime) -> list[Ticket]:
    """People on hold and no-shows of today who can still be brought back at this counter."""
    on = opening.local_date(now, counter.mall.zone)
    queues = [line.queue_id for line in offers.lines_at(counter.pk, on)]
    return list(
        Ticket.objects.in_list()
        .filter(day__queue__in=queues, day__date=on, state__in=[State.HOLD, State.NO_SHOW])
        .order_by("-announced_at")[:SHOWN]
    )


def counter_today(counter: Counter, *, now: datetime) -> CounterToday:
    """What was done at a counter today; the median is of whole minutes of service."""
    on = opening.local_date(now, counter.mall.zone)
    done = Ticket.objects.filter(counter=counter, day__date=on, day__mall=counter.mall_id)
    ended = list(
        done.filter(state__in=[State.DONE, State.TRANSFERRED]).values_list(
            "service_seconds", "service__minutes"
        )
    )
    no_shows = TicketEvent.objects.filter(
        counter=counter, move=Move.SKIP, ticket__day__date=on, ticket__day__mall=counter.mall_id
    ).count()
    return CounterToday(
        served=len(ended),
        no_shows=no_shows,
        median_minutes=round(median(seconds for seconds, _m in ended) / 60) if ended else None,
        within_standard=sum(seconds <= minutes * 60 for seconds, minutes in ended),
    )


def public_calls(mall: Mall, *, now: datetime) -> PublicCalls:
    """How many calls the mall has made today and how many out of order, with their reasons."""
    on = opening.local_date(now, mall.zone)
    calls = TicketEvent.objects.filter(ticket__day__mall=mall, ticket__day__date=on, move=Move.CALL)
    reasons = Tally(
        calls.filter(rule=Rule.OUT_OF_ORDER).values_list("reason", flat=True).order_by()
    )
    named = {str(Reason(reason).label): n for reason, n in reasons.items() if reason}
    return PublicCalls(calls.count(), named)


def proof_of(ticket: Ticket) -> TicketEvent | None:
    """The event of a ticket's last call, with its rule, rank and who was passed over."""
    return ticket.events.filter(move=Move.CALL).order_by("-version").first()
