"""What an officer's screen shows: one picture of a counter, in a fixed number of queries.

It names what an officer needs for the next press and nothing more: numbers, services, groups and
minutes. Who somebody is stands nowhere, and what other agencies wrote about a visit is shown only
to whoever has that visit at the counter.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple, TypeVar

from django.db.models import Max, Model, QuerySet

from accounts.models import User
from agencies import opening
from agencies.models import Counter, CounterDay
from core import sql
from hall import record
from hall.models import Alarm, Announcement, Closure, HallEvent
from queueing import closing, figures, notes
from queueing.forecasting.ranges import Range
from queueing.models import Desk, Note, Ticket, TicketEvent
from queueing.states import MAX_RECALLS, MAX_RETURNS, UNDO_WITHIN, State
from services import offers

M = TypeVar("M", bound=Model)
ANSWERED_FOR = timedelta(minutes=15)  # so long the answer of a supervisor stays on the screen

# What stands around a counter now, in one statement: every console asks for it at every call.
AROUND = """
    SELECT desk.officer_id, desk.on_break, closure.id, closure.state, alarm.id,
        alarm.answered_at IS NOT NULL,
        (SELECT MAX(id) FROM hall_announcement WHERE mall_id = counter.mall_id
            AND withdrawn_at IS NULL AND begins_at <= %(now)s AND ends_at > %(now)s)
    FROM agencies_counter AS counter
    LEFT JOIN queueing_desk AS desk ON desk.counter_id = counter.id
    LEFT JOIN hall_closure AS closure ON closure.id = (
        SELECT MAX(id) FROM hall_closure WHERE counter_id = counter.id
            AND ((state IN (%(requested)s, %(approved)s) AND until > %(now)s)
                OR (state = %(refused)s AND decided_at > %(lately)s)))
    LEFT JOIN hall_alarm AS alarm ON alarm.id = (
        SELECT MAX(id) FROM hall_alarm WHERE counter_id = counter.id
            AND (answered_at IS NULL OR answered_at > %(lately)s))
    WHERE counter.id = %(counter)s"""


class Around(NamedTuple):
    """The desk, and the closure, the alarm and the notice that matter to a counter now."""

    officer_id: int | None = None
    on_break: bool | None = None
    closure_id: int | None = None
    closure_state: int | None = None
    alarm_id: int | None = None
    is_answered: bool = False
    notice_id: int | None = None


@dataclass(frozen=True)
class Paper:
    """Something the service asks for, and whether the person at the counter lacks it."""

    text: str
    note: str
    is_missing: bool


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
    reader: User
    day: CounterDay | None  # whose counter it is today, and when it rests
    desk: Desk | None
    rests_since: datetime | None
    closure: Closure | None  # asked for, in force, or just refused
    alarm: Alarm | None  # not answered, or answered just now
    notice: Announcement | None
    closes_at_once: bool  # whether the reader need not ask a supervisor
    ticket: Ticket | None
    papers: list[Paper]
    notes: list[Note]
    line: figures.WaitingAt
    newcomer: Range
    absent: list[Ticket]
    today: figures.CounterToday
    without_papers: int  # people today
    elsewhere: list[offers.Group]

    @property
    def officer(self) -> User | None:
        return self.desk.officer if self.desk else None

    @property
    def is_mine(self) -> bool:
        """Whether the reader sits here."""
        return self.officer == self.reader

    @property
    def is_closed(self) -> bool:
        return self.closure is not None and self.closure.is_closed(self.now)

    @property
    def asks_to_close(self) -> bool:
        return self.closure is not None and self.closure.state == Closure.State.REQUESTED

    @property
    def changes_at(self) -> datetime | None:
        """When this picture is over though nobody does anything."""
        stands = self.is_closed or self.asks_to_close
        return self.closure.until if self.closure and stands else None

    @property
    def may_close(self) -> bool:
        """Whether closing is offered: to whoever sits here, and to all where nobody does."""
        return self.changes_at is None and (self.is_mine or self.officer is None)

    @property
    def until_choices(self) -> dict[str, datetime]:
        """When the counter may open again, by the word of the form."""
        return closing.ends(self.counter, now=self.now)

    @property
    def is_serving(self) -> bool:
        return self.ticket is not None and self.ticket.state == State.SERVING

    @property
    def may_pick(self) -> bool:
        """Whether the counter is free for somebody."""
        is_staffed = self.desk is not None and not self.desk.on_break
        return self.ticket is None and is_staffed and not self.is_closed

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
    def lacking(self) -> int:
        """How many papers the person at the counter did not bring."""
        return sum(paper.is_missing for paper in self.papers)

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


def stamp(counter: Counter, *, now: datetime) -> str:
    """What the picture depends on: its queues, what is around it, and the minute for the waits.

    The version of the whole mall would have every console drawn anew by each call of another.
    """
    return _stamp(counter, _around(counter, now), now)


def console(counter: Counter, *, reader: User, now: datetime) -> Console:
    """The picture of a counter; version and stamp are read first, so never too new."""
    version = record.version_of(counter.mall_id)
    around = _around(counter, now)
    seen = _stamp(counter, around, now)
    on = opening.local_date(now, counter.mall.zone)
    days = CounterDay.objects.on(on).filter(counter=counter)
    there = Ticket.objects.with_names().at_counter().filter(counter=counter)
    ticket = there.defer(None).first()  # with what it asks to bring
    serving = ticket if ticket is not None and ticket.state == State.SERVING else None
    missing = notes.missing_at(counter, on=on)
    return Console(
        stamp=seen,
        version=version,
        now=now,
        counter=counter,
        reader=reader,
        day=days.select_related("presence__agency").first(),
        desk=Desk.objects.select_related("officer").filter(counter=counter).first(),
        rests_since=_rests_since(counter) if around.on_break else None,
        closure=_one(Closure.objects.all(), around.closure_id),
        alarm=_one(Alarm.objects.all(), around.alarm_id),
        notice=_one(Announcement.objects.all(), around.notice_id),
        closes_at_once=closing.decides(reader, counter, now=now),
        ticket=ticket,
        papers=_papers(ticket, missing) if ticket else [],
        # Other agencies wrote them for whoever serves this visit, not for whoever looks on.
        notes=[*notes.of(ticket)] if ticket and around.officer_id == reader.pk else [],
        line=figures.waiting_at(counter, now=now),
        newcomer=figures.newcomer_at(counter, now=now),
        absent=figures.absent_at(counter, now=now),
        today=figures.counter_today(counter, now=now),
        without_papers=len(missing),
        elsewhere=(offers.elsewhere(counter.mall_id, on, serving.day.queue_id) if serving else []),
    )


def _around(counter: Counter, now: datetime) -> Around:
    found = sql.row(
        AROUND,
        counter=counter.pk,
        now=now,
        lately=now - ANSWERED_FOR,
        requested=int(Closure.State.REQUESTED),
        approved=int(Closure.State.APPROVED),
        refused=int(Closure.State.REFUSED),
    )
    return Around(*(found or ()))


def _one(rows: QuerySet[M], pk: int | None) -> M | None:
    return rows.filter(pk=pk).first() if pk else None


def _stamp(counter: Counter, around: Around, now: datetime) -> str:
    on = opening.local_date(now, counter.mall.zone)
    queues = [line.queue_id for line in offers.lines_at(counter.pk, on)]
    events = TicketEvent.objects.filter(ticket__day__queue__in=queues, ticket__day__date=on)
    latest = events.aggregate(latest=Max("version"))["latest"] or 0
    return "-".join(str(part) for part in (latest, int(now.timestamp() // 60), *around))


def _rests_since(counter: Counter) -> datetime | None:
    breaks = HallEvent.objects.filter(mall=counter.mall_id, act="desk.break", subject_id=counter.pk)
    return breaks.order_by("-version").values_list("at", flat=True).first()


def _papers(ticket: Ticket, missing: dict[int, set[str]]) -> list[Paper]:
    lacks = missing.get(ticket.pk, set())
    asked = notes.required(ticket.service)
    return [
        Paper(text, entry.get("note", ""), text in lacks)
        for text, entry in zip(asked, ticket.service.requirements, strict=True)
    ]
