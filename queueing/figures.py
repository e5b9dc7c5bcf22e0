"""What screens show: reads that join or aggregate, never a write.

Each takes the same few queries whatever the number of rows.
"""

from collections import Counter as Tally
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median

from django.db.models import Avg, F, Q, QuerySet

from agencies import opening
from agencies.calendars import calendar_of
from agencies.models import Counter, Mall
from hall import record
from queueing import calling, ledger, waits
from queueing.models import Desk, QueueDay, Ticket, TicketEvent
from queueing.states import Move, Priority, Reason, Rule, State
from services import offers
from services.models import CounterQueue, Queue

RECENT = 6  # last calls on a board
SHOWN = 30  # next people on a console


@dataclass(frozen=True)
class QueueNow:
    """One queue at this moment, as a citizen asks about it."""

    queue: Queue
    counters: tuple[str, ...]  # numbers of the counters that serve it today
    desks_open: int
    waiting: int
    wait: waits.Range
    remaining: int | None  # numbers left today, None when not limited

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
    wait: waits.Range
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


@dataclass(frozen=True)
class _Reading:
    """Everything today's queues of a mall are worked out from."""

    counters: dict[int, tuple[str, ...]]
    desks: dict[int, tuple[int, bool]]  # queue: (open desks, whether one of them is free)
    days: dict[int, QueueDay]
    people: dict[int, list[calling.Waiting]]
    calls: dict[int, list[waits.Called]]


def queues_now(mall: Mall, *, now: datetime) -> list[QueueNow]:
    """All active queues of a mall, by letter."""
    calendars = {mall.pk: calendar_of(mall.pk)}
    return queues_of(Queue.objects.filter(mall=mall), calendars, now=now)


def queues_of(
    queues: QuerySet[Queue], calendars: Mapping[int, opening.Calendar], *, now: datetime
) -> list[QueueNow]:
    """The active ones of these queues, of any malls, by letter; calendars by mall."""
    active = list(
        queues.filter(is_active=True, presence__is_active=True)
        .select_related("presence__agency")
        .annotate(expected=_expected_minutes())
        .order_by("letter", "pk")
    )
    # One reading for each local date: the zones have two of them at most.
    todays = {pk: opening.local_date(now, calendar.zone) for pk, calendar in calendars.items()}
    readings = {
        on: _read([queue.pk for queue in active if todays[queue.mall_id] == on], on)
        for on in {todays[queue.mall_id] for queue in active}
    }
    return [
        _queue_now(queue, readings[todays[queue.mall_id]], calendars[queue.mall_id], now)
        for queue in active
    ]


def _queue_now(
    queue: Queue, reading: _Reading, calendar: opening.Calendar, now: datetime
) -> QueueNow:
    day = reading.days.get(queue.pk)
    people = reading.people.get(day.pk, []) if day else []
    desks_open, one_is_free = reading.desks.get(queue.pk, (0, False))
    direct = not people and one_is_free
    speed = _pace(queue, reading, calendar, now)
    admitted = day.admitted if day else 0
    return QueueNow(
        queue=queue,
        counters=reading.counters.get(queue.pk, ()),
        desks_open=desks_open,
        waiting=len(people),
        wait=waits.DIRECT if direct else waits.estimate(len(people) + 1, speed),
        remaining=None if queue.daily_quota is None else max(0, queue.daily_quota - admitted),
    )


def place_of(ticket: Ticket, *, now: datetime) -> Place:
    """Where a waiting ticket stands in its line; the ticket comes `with_names()`."""
    mall = ticket.day.mall
    queue = Queue.objects.annotate(expected=_expected_minutes()).get(pk=ticket.day.queue_id)
    reading = _read([queue.pk], opening.local_date(now, mall.zone))
    order = calling.order(
        reading.people.get(ticket.day_id, []),
        streak=ticket.day.streak,
        ratio=mall.priority_ratio,
    )
    ahead = order.index(ticket.pk) if ticket.pk in order else 0
    desks_open, one_is_free = reading.desks.get(queue.pk, (0, False))
    calendar = calendar_of(mall.pk)
    speed = _pace(queue, reading, calendar, now)
    wait = waits.DIRECT if not ahead and one_is_free else waits.estimate(ahead + 1, speed)
    return Place(
        ahead=ahead,
        wait=wait,
        begins=opening.after_work(calendar, now, wait.low),
        ends=opening.after_work(calendar, now, wait.high),
        counters=reading.counters.get(queue.pk, ()),
        desks_open=desks_open,
        overtaken=_overtaken(ticket),
    )


def board(mall: Mall, *, now: datetime) -> BoardNow:
    """The picture of a mall's board."""
    version = record.version_of(mall.pk)
    on = opening.local_date(now, mall.zone)
    announced = (
        Ticket.objects.with_names()
        .filter(day__mall=mall, day__date=on, announced_at__isnull=False)
        .order_by("-announced_at", "-pk")[: RECENT + 1]
    )
    latest, *recent = [*announced] or [None]
    return BoardNow(version, latest, recent, queues_now(mall, now=now))


def waiting_at(counter: Counter, *, now: datetime) -> WaitingAt:
    """Whom this counter may call, the first of them in the order in which it would call them."""
    on = opening.local_date(now, counter.mall.zone)
    ranks = {line.queue_id: line.rank for line in offers.lines_at(counter.pk, on.weekday())}
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


def absent_at(counter: Counter, *, now: datetime) -> list[Ticket]:
    """People on hold and no-shows of today who can still be brought back at this counter."""
    on = opening.local_date(now, counter.mall.zone)
    queues = [line.queue_id for line in offers.lines_at(counter.pk, on.weekday())]
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


def _overtaken(ticket: Ticket) -> int:
    later = Ticket.objects.filter(day=ticket.day_id, called_at__isnull=False).filter(
        Q(since__gt=ticket.since) | Q(since=ticket.since, pk__gt=ticket.pk)
    )
    return later.filter(called_at__gte=ticket.issued_at).count()


def _expected_minutes() -> Avg:
    return Avg("services__minutes", filter=Q(services__is_active=True))


def _read(queue_ids: list[int], on: date) -> _Reading:
    counters, desks = _counters_of(queue_ids, on.weekday())
    days = {day.queue_id: day for day in QueueDay.objects.filter(queue__in=queue_ids, date=on)}
    day_ids = [day.pk for day in days.values()]
    people: dict[int, list[calling.Waiting]] = {}
    calls: dict[int, list[waits.Called]] = {}
    rows = Ticket.objects.filter(day__in=day_ids).filter(
        Q(state=State.WAITING) | Q(called_at__isnull=False)
    )
    for pk, day_id, state, priority, since, called_at in rows.values_list(
        "pk", "day_id", "state", "priority", "since", "called_at"
    ):
        if state == State.WAITING:
            person = calling.Waiting(pk, day_id, priority != Priority.NONE, since)
            people.setdefault(day_id, []).append(person)
        elif called_at is not None:
            calls.setdefault(day_id, []).append(waits.Called(called_at, since))
    return _Reading(counters, desks, days, people, calls)


def _counters_of(
    queue_ids: Iterable[int], weekday: int
) -> tuple[dict[int, tuple[str, ...]], dict[int, tuple[int, bool]]]:
    """The counters of each queue on that weekday, and their open and free desks."""
    rows = (
        CounterQueue.objects.filter(
            queue__in=list(queue_ids),
            counter__is_active=True,
            counter__days__weekday=weekday,
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
    free = _free_desks({counter for counters in served_by.values() for counter in counters})
    desks = {
        queue_id: (
            sum(counter in free for counter in counters),
            any(free.get(counter, False) for counter in counters),
        )
        for queue_id, counters in served_by.items()
    }
    return {queue: tuple(sorted(n, key=_by_number)) for queue, n in numbers.items()}, desks


def _free_desks(counter_ids: set[int]) -> dict[int, bool]:
    """Counters with an officer who is not on a break: whether nobody is at them."""
    staffed = Desk.objects.filter(counter__in=counter_ids, officer__isnull=False, on_break=False)
    busy = set(
        Ticket.objects.at_counter()
        .filter(counter__in=counter_ids)
        .values_list("counter_id", flat=True)
    )
    return {pk: pk not in busy for pk in staffed.values_list("counter_id", flat=True)}


def _by_number(number: str) -> tuple[int, str]:
    return (int("".join(filter(str.isdigit, number)) or 0), number)


def _pace(queue: Queue, reading: _Reading, calendar: opening.Calendar, now: datetime) -> waits.Pace:
    day = reading.days.get(queue.pk)
    desks_open = reading.desks.get(queue.pk, (0, False))[0]
    return waits.pace(
        reading.calls.get(day.pk, []) if day else [],
        expected_minutes=float(getattr(queue, "expected", None) or 10),
        counters=desks_open or len(reading.counters.get(queue.pk, ())),
        rest=opening.rest(calendar, opening.local_date(now, calendar.zone)),
    )
