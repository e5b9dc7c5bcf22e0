"""The questions of verify_invariants to the database, each answered by one function.

Single statements do what they can; the fairness of the calls is proven by playing the log of every
queue-day again (replay.py). What is not kept cannot be checked: the people passed over in other
queues (passed_elsewhere) need that day's counters, and a quota may have been changed since.
"""

# ruff: noqa: S608 - the statements are put together from the constants of this file

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from agencies import opening
from agencies.models import Mall
from core import sql
from core.proof import Breach, Outcome, Scope
from queueing.models import QueueDay, Ticket
from queueing.replay import Event, Replay
from queueing.states import MOVES, State

DAYS_AT_ONCE = 200  # queue-days in memory at a time
CLOSED_WITHIN = timedelta(days=7)  # so late may an earlier day still raise the board

LEGAL = ", ".join(
    str((int(move), int(origin), int(step.target)))
    for move, step in MOVES.items()
    for origin in sorted(step.origins)
)
IN_SCOPE = "(%(mall)s IS NULL OR day.mall_id = %(mall)s) AND day.date >= %(since)s"
TICKETS = "FROM queueing_queueday AS day JOIN queueing_ticket AS ticket ON ticket.day_id = day.id"
EVENTS = f"{TICKETS} JOIN queueing_ticketevent AS event ON event.ticket_id = ticket.id"
COUNT_TICKETS = f"SELECT COUNT(*) {TICKETS} WHERE {IN_SCOPE}"
COUNT_CALLS = f"SELECT COUNT(*) {EVENTS} WHERE {IN_SCOPE} AND event.move IN (2, 7)"

DAYS = f"""
    SELECT day.id, day.date, day.last_number, day.admitted, COUNT(ticket.id) AS tickets,
        COUNT(DISTINCT ticket.number) AS numbers, MIN(ticket.number) AS lowest,
        MAX(ticket.number) AS highest,
        SUM(CASE WHEN ticket.came_from_id IS NOT NULL OR ticket.booked_for IS NOT NULL
            OR ticket.state = 11 THEN 1 ELSE 0 END) AS outside,
        MIN(ticket.issued_at) AS earliest, MAX(ticket.issued_at) AS latest, region.zone
    FROM queueing_queueday AS day
    JOIN agencies_mall AS mall ON mall.id = day.mall_id
    JOIN agencies_region AS region ON region.id = mall.region_id
    LEFT JOIN queueing_ticket AS ticket ON ticket.day_id = day.id
    WHERE {IN_SCOPE} GROUP BY day.id, region.zone"""
# PostgreSQL and SQLite both number the rows of a life by the board's version.
LIVES = f"""
    SELECT id, wrong FROM (
        SELECT ticket.id, CASE
            WHEN event.id IS NULL THEN 'has no event'
            WHEN LAG(event.id) OVER life IS NULL AND event.move <> 1 THEN 'was never issued'
            WHEN LAG(event.id) OVER life IS NULL AND event.target NOT IN (1, 10)
                THEN 'did not begin waiting'
            WHEN LAG(event.id) OVER life IS NOT NULL AND event.origin IS NULL
                THEN 'began twice'
            WHEN event.origin IS NOT NULL AND (event.move, event.origin, event.target)
                NOT IN (VALUES {LEGAL}) THEN 'made a move that is not in the table'
            WHEN event.origin <> LAG(event.target) OVER life
                THEN 'moved from a state it was not in'
            WHEN event.at < LAG(event.at) OVER life THEN 'has times that run backwards'
            WHEN LEAD(event.id) OVER life IS NOT NULL THEN NULL
            WHEN event.target <> ticket.state THEN 'is not in the state of its last event'
            WHEN ticket.since <> (
                SELECT place.since FROM queueing_ticketevent AS place
                WHERE place.ticket_id = ticket.id AND place.since IS NOT NULL
                ORDER BY place.version DESC LIMIT 1
            ) THEN 'does not stand at the place of its last event'
        END AS wrong
        {TICKETS} LEFT JOIN queueing_ticketevent AS event ON event.ticket_id = ticket.id
        WHERE {IN_SCOPE} WINDOW life AS (PARTITION BY ticket.id ORDER BY event.version)
    ) AS step WHERE wrong IS NOT NULL"""
# A stay at a counter begins with a call or a resume and lasts until the ticket leaves it.
STAYS = f"""
    SELECT ticket_id, CASE
            WHEN counter_id IS NULL OR by_id IS NULL THEN 'was called by nobody'
            WHEN move NOT IN (2, 7) THEN 'was moved at another counter than it was called to'
            ELSE 'came to a counter that was not free'
        END AS wrong
    FROM (
        SELECT ticket_id, move, counter_id, by_id, seated, version,
            LAG(version) OVER seat AS earlier, LAG(until) OVER seat AS earlier_until
        FROM (
            SELECT event.ticket_id, event.move, event.counter_id, event.by_id, event.version,
                LAG(event.counter_id) OVER life AS seated,
                MIN(CASE WHEN event.move IN (4, 6, 8, 10, 11) THEN event.version END) OVER (
                    PARTITION BY event.ticket_id ORDER BY event.version
                    ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS until
            {EVENTS} WHERE {IN_SCOPE} AND event.move IN (2, 3, 4, 5, 6, 7, 8, 10, 11)
            WINDOW life AS (PARTITION BY event.ticket_id ORDER BY event.version)
        ) AS turn WHERE move IN (2, 7) OR counter_id <> seated
        WINDOW seat AS (
            PARTITION BY counter_id, CASE WHEN move IN (2, 7) THEN 1 ELSE 0 END ORDER BY version)
    ) AS stay
    WHERE counter_id IS NULL OR by_id IS NULL OR move NOT IN (2, 7)
        OR (earlier IS NOT NULL AND (earlier_until IS NULL OR earlier_until > version))"""
# The moves of tickets and the acts in the hall are one row of versions.
VERSIONS = f"""
    SELECT log.mall_id, COUNT(*), COUNT(DISTINCT log.version), MIN(log.version), MAX(log.version)
    FROM (
        SELECT day.mall_id, event.version {EVENTS} WHERE day.date >= %(before)s
        UNION ALL SELECT mall_id, version FROM hall_hallevent
    ) AS log
    LEFT JOIN (SELECT day.mall_id, MIN(event.version) AS lowest {EVENTS} WHERE {IN_SCOPE}
        GROUP BY day.mall_id) AS reach ON reach.mall_id = log.mall_id
    WHERE (%(mall)s IS NULL OR log.mall_id = %(mall)s)
        AND (%(whole)s OR log.version >= reach.lowest) GROUP BY log.mall_id"""
BOARDS = """
    SELECT mall_id, version FROM queueing_board
    WHERE %(mall)s IS NULL OR mall_id = %(mall)s"""
STREAKS = f"""
    SELECT day.id, day.streak FROM queueing_queueday AS day WHERE {IN_SCOPE} ORDER BY day.id"""
LOG = f"""
    SELECT day.id, ticket.id, ticket.priority, event.version, event.move, event.since, event.rule,
        event.rank, event.passed, event.streak, event.ratio
    {EVENTS} WHERE {IN_SCOPE} AND day.id BETWEEN %(first)s AND %(last)s
        AND event.move IN (1, 2, 4, 9, 12, 13, 14) AND event.target <> 10
    ORDER BY day.id, event.version"""
TRANSFERS = f"""
    SELECT ticket.id, (SELECT COUNT(*) FROM queueing_ticket AS onward
            WHERE onward.came_from_id = ticket.id AND onward.visit_id = ticket.visit_id)
    {TICKETS} WHERE {IN_SCOPE} AND (ticket.state = 8 OR ticket.id IN (
        SELECT came_from_id FROM queueing_ticket WHERE came_from_id IS NOT NULL))"""
TIMES = f"""
    SELECT ticket.id, ticket.state, ticket.since, ticket.issued_at, ticket.called_at,
        ticket.serving_at, ticket.ended_at, ticket.booked_for, ticket.wait_seconds,
        ticket.service_seconds, ticket.returns, former.wait_seconds
    {TICKETS} LEFT JOIN queueing_ticket AS former ON former.id = ticket.came_from_id
    WHERE {IN_SCOPE} AND day.id BETWEEN %(first)s AND %(last)s"""
# How long somebody was served before a hold, and whether the log's clock may have been put right.
HELD = f"""
    SELECT ticket_id, begun, at, CASE WHEN begun > earlier THEN 1 ELSE 0 END FROM (
        SELECT event.ticket_id, event.move, event.at, LAG(event.at) OVER life AS begun,
            LAG(event.at, 2) OVER life AS earlier
        {EVENTS} WHERE {IN_SCOPE} AND event.move IN (2, 3, 5, 6, 7)
        WINDOW life AS (PARTITION BY event.ticket_id ORDER BY event.version)
    ) AS stretch WHERE move = 6"""


class Numbers(NamedTuple):
    """A queue-day as its tickets tell it."""

    id: int
    date: date
    last_number: int
    admitted: int
    tickets: int
    numbers: int
    lowest: int | None
    highest: int | None
    outside: int  # of the quota: transferred here, or never printed
    earliest: datetime
    latest: datetime
    zone: str

    @property
    def is_gapless(self) -> bool:
        found = (self.numbers, self.lowest, self.highest, self.last_number)
        return found == (self.tickets, 1, self.tickets, self.tickets)

    @property
    def has_its_date(self) -> bool:
        """Whether all its tickets, first to last, were issued on its date in the mall's zone."""
        zone, ends = ZoneInfo(self.zone), (self.earliest, self.latest)
        return all(opening.local_date(sql.moment(end), zone) == self.date for end in ends)


def numbers(scope: Scope) -> Outcome:
    days = _days(scope)
    wrong = [
        Breach(
            QueueDay,
            day.id,
            f"{day.tickets} tickets, {day.numbers} numbers up to {day.highest}"
            f", counter row at {day.last_number}",
        )
        for day in days
        if not day.is_gapless
    ]
    return Outcome(sum(day.tickets for day in days), wrong)


def admissions(scope: Scope) -> Outcome:
    days = _days(scope)
    wrong = [
        Breach(QueueDay, day.id, f"{day.admitted} admitted, {day.tickets - day.outside} by row")
        for day in days
        if day.admitted != day.tickets - day.outside
    ]
    return Outcome(len(days), wrong)


def dates(scope: Scope) -> Outcome:
    days = [day for day in _days(scope) if day.tickets]
    wrong = [day for day in days if not day.has_its_date]
    return Outcome(
        len(days), [Breach(QueueDay, day.id, "has tickets of another date") for day in wrong]
    )


def _days(scope: Scope) -> list[Numbers]:
    return [Numbers(id_, _date(on), *rest) for id_, on, *rest in scope.rows(DAYS)]


def _date(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def lives(scope: Scope) -> Outcome:
    wrong = [Breach(Ticket, pk, what) for pk, what in scope.rows(LIVES)]
    return Outcome(scope.count(COUNT_TICKETS), wrong)


def stays(scope: Scope) -> Outcome:
    wrong = [Breach(Ticket, pk, what) for pk, what in scope.rows(STAYS)]
    return Outcome(scope.count(COUNT_CALLS), wrong)


def transfers(scope: Scope) -> Outcome:
    found = scope.rows(TRANSFERS)
    wrong = [Breach(Ticket, pk, f"led to {onward} tickets") for pk, onward in found if onward != 1]
    return Outcome(len(found), wrong)


def versions(scope: Scope) -> Outcome:
    """Every move and every act in the hall raised its mall's board by one, and nothing else did."""
    before = max(scope.since, date.min + CLOSED_WITHIN) - CLOSED_WITHIN
    is_whole = scope.since == date.min
    found = scope.rows(VERSIONS, before=before, whole=is_whole)
    logs = {mall_id: log for mall_id, *log in found}
    boards = dict(scope.rows(BOARDS))
    if not is_whole:
        boards = {mall_id: boards.get(mall_id) for mall_id in logs}
    wrong = []
    for mall_id in boards.keys() | logs.keys():
        count, distinct, lowest, highest = logs.get(mall_id, (0, 0, 1, 0))
        board = boards.get(mall_id) or 0
        begins = not is_whole or lowest == 1
        if not (begins and count == distinct == highest - lowest + 1 and highest == board):
            what = f"{count} events, versions {lowest} to {highest}, board at {board}"
            wrong.append(Breach(Mall, mall_id, what))
    return Outcome(sum(log[0] for log in logs.values()), wrong)


def fairness(scope: Scope) -> Outcome:
    calls, wrong = 0, []
    for days in _portions(scope, STREAKS):
        log = scope.rows(LOG, first=days[0][0], last=days[-1][0])
        events = {day: list(rows) for day, rows in groupby(log, key=itemgetter(0))}
        for day_id, streak in days:
            replay = Replay()
            replay.play(_event(*row[1:]) for row in events.get(day_id, ()))
            calls += replay.called
            wrong += [Breach(Ticket, pk, what) for pk, what in replay.wrong]
            if replay.streak != streak:
                what = f"streak {streak} stored, {replay.streak} by the log"
                wrong.append(Breach(QueueDay, day_id, what))
    return Outcome(calls, wrong)


def _event(ticket_id: int, priority: int, version: int, move: int, since: Any, *rest: Any) -> Event:
    place = None if since is None else sql.moment(since)
    return Event(ticket_id, bool(priority), version, move, place, *rest)


def _portions(scope: Scope, statement: str) -> Iterator[list[tuple[Any, ...]]]:
    found = scope.rows(statement)
    for start in range(0, len(found), DAYS_AT_ONCE):
        yield found[start : start + DAYS_AT_ONCE]


class Times(NamedTuple):
    """The moments and seconds of a ticket as its row tells them."""

    id: int
    state: int
    since: datetime
    issued_at: datetime
    called_at: datetime | None
    serving_at: datetime | None
    ended_at: datetime | None
    booked_for: datetime | None
    wait_seconds: int
    service_seconds: int
    returns: int
    endured: int | None


def seconds(scope: Scope) -> Outcome:
    """Stored seconds follow from stored moments; no place is earlier than arrival allows."""
    held: dict[int, list[tuple[int, bool]]] = {}
    for ticket_id, begun, at, exact in scope.rows(HELD):
        stretch = (_between(sql.moment(begun), sql.moment(at)), bool(exact))
        held.setdefault(ticket_id, []).append(stretch)
    checked, wrong = 0, []
    for days in _portions(scope, STREAKS):
        for row in scope.rows(TIMES, first=days[0][0], last=days[-1][0]):
            checked += 1
            times = Times(*row[:2], *(_moment(value) for value in row[2:8]), *row[8:])
            wrong += [
                Breach(Ticket, times.id, what)
                for what in _wrong_times(times, held.get(times.id, []))
            ]
    return Outcome(checked, wrong)


def _wrong_times(times: Times, held: list[tuple[int, bool]]) -> Iterator[str]:
    waited = _between(times.since, times.called_at) if times.called_at else 0
    if times.wait_seconds != waited:
        yield f"waited {times.wait_seconds} s stored, {waited} s by its moments"
    served = sum(seconds for seconds, _exact in held)
    if times.state in {State.DONE, State.TRANSFERRED} and times.serving_at and times.ended_at:
        served += _between(times.serving_at, times.ended_at)
    is_exact = all(exact for _seconds, exact in held)
    if times.service_seconds < served or (is_exact and times.service_seconds > served):
        yield f"was served {times.service_seconds} s stored, {served} s by its moments"
    arrival = times.issued_at - timedelta(seconds=times.endured or 0)
    if not times.returns and times.since < arrival and times.since != times.booked_for:
        yield "stands earlier than it arrived"


def _between(begun: datetime, ended: datetime) -> int:
    return max(0, int((ended - begun).total_seconds()))


def _moment(value: datetime | str | None) -> datetime | None:
    return None if value is None else sql.moment(value)
