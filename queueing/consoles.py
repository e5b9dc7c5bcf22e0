"""What an officer's screen shows: one picture of a counter, in a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max

from accounts.models import User
from agencies import opening
from agencies.models import Counter, CounterDay, Presence
from hall import record
from queueing import figures
from queueing.models import Desk, Ticket, TicketEvent
from queueing.states import MAX_RECALLS, MAX_RETURNS, UNDO_WITHIN, State
from services import offers


@dataclass(frozen=True)
class Person:
    """Somebody in line and how many minutes they have waited."""

    ticket: Ticket
    minutes: int


@dataclass(frozen=True)
class Console:
    """A counter at one moment: who sits there, who is served, who waits, what was done."""

    stamp: str
    version: int
    now: datetime
    counter: Counter
    presence: Presence | None  # whose counter it is today
    desk: Desk | None
    ticket: Ticket | None
    line: figures.WaitingAt
    absent: list[Ticket]
    today: figures.CounterToday
    elsewhere: list[offers.Group]

    @property
    def officer(self) -> User | None:
        return self.desk.officer if self.desk else None

    @property
    def is_serving(self) -> bool:
        return self.ticket is not None and self.ticket.state == State.SERVING

    @property
    def may_pick(self) -> bool:
        """Whether the counter is free for somebody."""
        return self.ticket is None and self.desk is not None and not self.desk.on_break

    @property
    def people(self) -> list[Person]:
        """The next people in the order in which this counter calls them."""
        return [Person(ticket, self._minutes(ticket.since)) for ticket in self.line.first]

    @property
    def more(self) -> int:
        """How many wait beyond those listed."""
        return self.line.count - len(self.line.first)

    @property
    def longest_minutes(self) -> int:
        return self._minutes(self.line.longest_since or self.now)

    def _minutes(self, since: datetime) -> int:
        return max(0, int((self.now - since).total_seconds() // 60))

    @property
    def waited_minutes(self) -> int:
        return self.ticket.wait_seconds // 60 if self.ticket else 0

    @property
    def begun(self) -> datetime:
        """When the service began, its earlier stretches counted, or when the person was called."""
        ticket = self.ticket
        if ticket is None:
            return self.now
        if ticket.serving_at is not None and self.is_serving:
            return ticket.serving_at - timedelta(seconds=ticket.service_seconds)
        return ticket.announced_at or self.now

    @property
    def seconds(self) -> int:
        return max(0, int((self.now - self.begun).total_seconds()))

    @property
    def stopwatch(self) -> str:
        minutes, seconds = divmod(self.seconds, 60)
        return f"{minutes:02d}.{seconds:02d}"

    @property
    def is_over_standard(self) -> bool:
        ticket = self.ticket
        return ticket is not None and self.is_serving and self.seconds > ticket.service.minutes * 60

    @property
    def undo_until(self) -> datetime | None:
        """Until when a mistaken call may be taken back; None when it no longer may."""
        ticket = self.ticket
        if ticket is None or ticket.called_at is None or self.is_serving:
            return None
        # Somebody brought back from a hold is announced again, but not called from the line.
        is_back = ticket.recalls == 0 and ticket.announced_at != ticket.called_at
        until = ticket.called_at + UNDO_WITHIN
        return until if until > self.now and not is_back else None

    @property
    def undo_seconds(self) -> int:
        return int(((self.undo_until or self.now) - self.now).total_seconds())

    @property
    def may_recall(self) -> bool:
        return self.ticket is not None and self.ticket.recalls < MAX_RECALLS

    @property
    def held(self) -> list[Ticket]:
        return [ticket for ticket in self.absent if ticket.state == State.HOLD]

    @property
    def missing(self) -> list[Ticket]:
        """No-shows who may still come back."""
        return [
            ticket
            for ticket in self.absent
            if ticket.state == State.NO_SHOW and ticket.returns < MAX_RETURNS
        ]


@dataclass(frozen=True)
class Place:
    """A counter to choose, and who sits there."""

    counter: Counter
    officer: User | None
    on_break: bool


def places(counters: Iterable[Counter]) -> list[Place]:
    """Who sits at these counters now."""
    counters = list(counters)
    taken = Desk.objects.select_related("officer").filter(counter__in=counters)
    desks = {desk.counter_id: desk for desk in taken}
    return [
        Place(counter, desk.officer if desk else None, bool(desk and desk.on_break))
        for counter in counters
        for desk in [desks.get(counter.pk)]
    ]


def stamp(counter: Counter, desk: Desk | None, *, now: datetime) -> str:
    """What the picture depends on: its own queues, the desk, and the minute for the waits.

    The version of the whole mall would have every console drawn anew by each call of another.
    """
    on = opening.local_date(now, counter.mall.zone)
    queues = [line.queue_id for line in offers.lines_at(counter.pk, on.weekday())]
    events = TicketEvent.objects.filter(ticket__day__queue__in=queues, ticket__day__date=on)
    latest = events.aggregate(latest=Max("version"))["latest"] or 0
    minute = int(now.timestamp() // 60)
    return f"{latest}-{minute}-{desk and desk.officer_id}-{desk and desk.on_break}"


def stamp_now(counter: Counter, *, now: datetime) -> str:
    """The stamp that a picture made now would have."""
    return stamp(counter, Desk.objects.filter(counter=counter).first(), now=now)


def console(counter: Counter, *, now: datetime) -> Console:
    """The picture of a counter; version and stamp are read first, so never too new."""
    version = record.version_of(counter.mall_id)
    desk = Desk.objects.select_related("officer").filter(counter=counter).first()
    seen = stamp(counter, desk, now=now)
    weekday = opening.local_date(now, counter.mall.zone).weekday()
    days = CounterDay.objects.filter(counter=counter, weekday=weekday)
    day = days.select_related("presence__agency").first()
    ticket = Ticket.objects.with_names().at_counter().filter(counter=counter).first()
    serving = ticket if ticket is not None and ticket.state == State.SERVING else None
    return Console(
        stamp=seen,
        version=version,
        now=now,
        counter=counter,
        presence=day.presence if day else None,
        desk=desk,
        ticket=ticket,
        line=figures.waiting_at(counter, now=now),
        absent=figures.absent_at(counter, now=now),
        today=figures.counter_today(counter, now=now),
        elsewhere=(
            offers.elsewhere(counter.mall_id, weekday, serving.day.queue_id) if serving else []
        ),
    )
