"""The rows behind a ticket's life, one statement each. What writes is for tickets.py and moves.py.

Locks are taken in one order: the desk, then queue-days by id, then the ticket, and last the
mall's board, which every event raises. Behind each stands a constraint.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from core import sql
from hall import record
from queueing.calling import Choice, Line, Waiting
from queueing.models import new_token
from queueing.states import Move, Priority, Reason, State

TAKE_NUMBER = """
    INSERT INTO queueing_queueday
        (mall_id, queue_id, date, last_number, admitted, last_since, streak)
    VALUES (%(mall)s, %(queue)s, %(date)s, 1, %(uses)s, %(now)s, 0)
    ON CONFLICT (queue_id, date) DO UPDATE SET
        last_number = queueing_queueday.last_number + 1,
        admitted = queueing_queueday.admitted + %(uses)s,
        last_since = CASE WHEN queueing_queueday.last_since < %(now)s
            THEN %(now)s ELSE queueing_queueday.last_since END
    WHERE queueing_queueday.closed_at IS NULL
        AND queueing_queueday.admitted + %(uses)s <= %(quota)s
    RETURNING id, last_number, last_since"""
ADD_VISIT = """
    INSERT INTO queueing_visit (mall_id, token, created_at, contact_id)
    VALUES (%(mall)s, %(token)s, %(now)s, %(contact)s) RETURNING id"""
ADD_TICKET = """
    INSERT INTO queueing_ticket (visit_id, day_id, service_id, number, priority, state, since,
        issued_at, wait_seconds, service_seconds, recalls, returns, came_from_id, booked_for,
        is_slow)
    VALUES (%(visit)s, %(day)s, %(service)s, %(number)s, %(priority)s, %(state)s, %(since)s,
        %(now)s, 0, 0, 0, 0, %(came_from)s, %(booked_for)s, FALSE) RETURNING id"""
# Clocks differ and requests wait for locks: a ticket's times never run backwards all the same.
ADD_EVENT = """
    INSERT INTO queueing_ticketevent (ticket_id, version, move, origin, target, at, counter_id,
        by_id, since, rule, reason, rank, passed, passed_elsewhere, streak, ratio)
    VALUES (%(ticket)s, %(version)s, %(move)s, %(origin)s, %(target)s,
        (SELECT MAX(at) FROM (SELECT %(at)s AS at UNION ALL
            SELECT at FROM queueing_ticketevent WHERE ticket_id = %(ticket)s) AS moments),
        %(counter)s, %(by)s, %(since)s, %(rule)s, %(reason)s, %(rank)s, %(passed)s,
        %(elsewhere)s, %(streak)s, %(ratio)s)"""
CALL = """
    UPDATE queueing_ticket SET state = 2, counter_id = %(counter)s, called_at = %(now)s,
        announced_at = %(now)s, recalls = 0, is_slow = FALSE, wait_seconds = %(waited)s
    WHERE id = %(ticket)s AND state = 1
    RETURNING id, (SELECT contact_id FROM queueing_visit WHERE id = queueing_ticket.visit_id)"""
SET_STREAK = "UPDATE queueing_queueday SET streak = %(streak)s WHERE id = %(day)s"
BUSY = "SELECT id FROM queueing_ticket WHERE counter_id = %(counter)s AND state IN (2, 3)"
UNLIMITED = 32_000  # more numbers than a queue-day can hold


@dataclass(frozen=True)
class Number:
    """A number taken from a queue-day, and the moment that decides its place."""

    day_id: int
    number: int
    since: datetime


@dataclass(frozen=True)
class Taken:
    """A ticket taken from its line, and whom to tell of it."""

    id: int
    contact_id: int | None


@dataclass(frozen=True)
class Day:
    """A locked queue-day."""

    id: int
    queue_id: int
    streak: int


@dataclass(frozen=True)
class Entry:
    """What an event says beyond its ticket and move."""

    at: datetime
    origin: State | None
    target: State
    counter_id: int | None = None
    by_id: int | None = None
    since: datetime | None = None
    proof: Choice | None = None
    reason: Reason | None = None
    streak: int | None = None
    ratio: int | None = None


def take_number(
    queue_id: int, *, mall_id: int, on: date, now: datetime, quota: int | None, uses: int = 1
) -> Number | None:
    """The next number of a queue-day, or None when its quota is used up or the day is closed.

    The row is locked until the transaction ends, so numbers have no gaps whatever crashes.
    """
    limit = UNLIMITED if quota is None or not uses else quota
    if uses > limit:
        return None
    found = sql.row(
        TAKE_NUMBER, mall=mall_id, queue=queue_id, date=on, now=now, uses=uses, quota=limit
    )
    return None if found is None else Number(found[0], found[1], sql.moment(found[2]))


def add_visit(mall_id: int, *, now: datetime, contact_id: int | None = None) -> int:
    """A new person's day at the mall."""
    found = sql.row(ADD_VISIT, mall=mall_id, token=new_token(), now=now, contact=contact_id)
    assert found is not None  # noqa: S101 - RETURNING of an unconditional insert
    return int(found[0])


def add_ticket(
    number: Number,
    *,
    visit_id: int,
    service_id: int,
    priority: Priority,
    state: State,
    since: datetime,
    now: datetime,
    came_from_id: int | None = None,
    booked_for: datetime | None = None,
) -> int:
    """A ticket at the beginning of its life; the caller writes its first event."""
    found = sql.row(
        ADD_TICKET,
        visit=visit_id,
        day=number.day_id,
        service=service_id,
        number=number.number,
        priority=int(priority),
        state=int(state),
        since=since,
        now=now,
        came_from=came_from_id,
        booked_for=booked_for,
    )
    assert found is not None  # noqa: S101 - RETURNING of an unconditional insert
    return int(found[0])


def write_event(ticket_id: int, move: Move, entry: Entry, *, mall_id: int, day_id: int) -> int:
    """The event of a move with the board's new version; screens hear of it after commit."""
    version = record.raise_version(mall_id, subject=ticket_id, line=day_id)
    proof = entry.proof
    sql.rows(
        ADD_EVENT,
        ticket=ticket_id,
        version=version,
        move=int(move),
        origin=entry.origin,
        target=int(entry.target),
        at=entry.at,
        counter=entry.counter_id,
        by=entry.by_id,
        since=entry.since,
        rule=proof and int(proof.rule),
        reason=entry.reason,
        rank=proof and proof.rank,
        passed=proof and proof.passed,
        elsewhere=proof and proof.passed_elsewhere,
        streak=entry.streak,
        ratio=entry.ratio,
    )
    return version


def lock_days(queue_ids: Iterable[int], on: date) -> list[Day]:
    """The queue-days of these queues, locked in the order of their ids."""
    wanted = ", ".join(str(int(queue_id)) for queue_id in queue_ids)
    statement = (
        f"SELECT id, queue_id, streak FROM queueing_queueday WHERE queue_id IN ({wanted})"  # noqa: S608 - integers
        f" AND date = %(on)s ORDER BY id {sql.for_update()}"
    )
    return [Day(*found) for found in sql.rows(statement, on=on)] if wanted else []


def waiting(day_ids: Iterable[int]) -> list[Waiting]:
    """Everybody who waits in these queue-days."""
    wanted = ", ".join(str(int(day_id)) for day_id in day_ids)
    statement = (
        f"SELECT id, day_id, priority, since FROM queueing_ticket WHERE day_id IN ({wanted})"  # noqa: S608 - integers
        " AND state = 1 ORDER BY day_id, since, id"
    )
    found = sql.rows(statement) if wanted else []
    return [Waiting(id_, day, bool(group), sql.moment(since)) for id_, day, group, since in found]


def is_busy(counter_id: int) -> bool:
    """Whether the counter has somebody called or being served."""
    return sql.row(BUSY, counter=counter_id) is not None


def call(choice: Choice, *, counter_id: int, waited: int, now: datetime) -> Taken | None:
    """Take the ticket from the line; None when it is no longer waiting."""
    found = sql.row(CALL, ticket=choice.ticket_id, counter=counter_id, now=now, waited=waited)
    return None if found is None else Taken(*found)


def set_streak(day_id: int, streak: int) -> None:
    sql.rows(SET_STREAK, streak=streak, day=day_id)


def lines_of(days: Iterable[Day], ranks: Mapping[int, int | None]) -> dict[int, Line]:
    """The lines of a counter as the calling rule wants them."""
    return {day.id: Line(day.streak, ranks[day.queue_id]) for day in days}
