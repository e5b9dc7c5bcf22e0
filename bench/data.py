"""Ten malls to measure: 50 queues, 2,000 staffed counters, people waiting, old years."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, time

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.cached_db import SessionStore

from accounts.models import User
from accounts.roles import Role
from agencies.models import (
    Agency,
    Assignment,
    Category,
    Counter,
    CounterDay,
    Mall,
    OpeningHours,
    Presence,
    Region,
)
from bench.rig import Rig
from queueing.models import Desk
from services.models import CounterQueue, Queue, Service

MALLS = 10
QUEUES = 5  # in each mall
COUNTERS = 200  # in each mall

HISTORY_DAYS = """
    INSERT INTO queueing_queueday
        (mall_id, queue_id, date, last_number, admitted, last_since, streak, closed_at)
    SELECT q.mall_id, q.id, DATE '2026-03-09' - d, {per}, {per}, now(), 0, now()
    FROM services_queue q, generate_series(1, {days}) d"""
HISTORY_VISITS = """
    INSERT INTO queueing_visit (mall_id, token, created_at)
    SELECT {mall}, substr(md5(g::text), 1, 22), now() FROM generate_series(1, {total}) g"""
HISTORY_TICKETS = """
    WITH days AS (
        SELECT id, queue_id, date, row_number() OVER (ORDER BY date, id) - 1 AS n
        FROM queueing_queueday WHERE closed_at IS NOT NULL),
    first AS (SELECT max(id) - {total} AS visit FROM queueing_visit)
    INSERT INTO queueing_ticket (visit_id, day_id, service_id, number, priority, state, counter_id,
        since, issued_at, called_at, announced_at, serving_at, ended_at, wait_seconds,
        service_seconds, recalls, returns, is_slow)
    SELECT first.visit + n * {per} + g, days.id, s.id, g, 0, 6, {counter}, t, t,
        t + interval '9 min', t + interval '9 min', t + interval '10 min', t + interval '19 min',
        540, 540, 0, 0, false
    FROM first, days JOIN services_service s ON s.queue_id = days.queue_id,
        generate_series(1, {per}) g, LATERAL (SELECT days.date + interval '1 hour'
        + g * interval '50 sec' AS t) moment"""
LIVES = """
    INSERT INTO queueing_ticketevent (ticket_id, version, move, origin, target, at, counter_id,
        by_id, since, rule, rank, passed, passed_elsewhere, streak, ratio)
    SELECT t.id, row_number() OVER () + 1000000, m.move, m.origin, m.target, t.issued_at,
        m.counter, m.counter, CASE m.move WHEN 1 THEN t.since END, m.rule, m.rank, m.zero, m.zero,
        m.zero, m.rank
    FROM queueing_ticket t,
        (VALUES (1, NULL::int, 1, NULL::int, NULL::int, NULL::int, NULL::int),
            (2, 1, 2, {counter}, 1, 1, 0), (5, 2, 3, {counter}, NULL, NULL, NULL),
            (10, 3, 6, {counter}, NULL, NULL, NULL))
            AS m(move, origin, target, counter, rule, rank, zero)
    WHERE t.state = 6 AND t.id <= (SELECT min(id) + {lives} - 1 FROM queueing_ticket
        WHERE state = 6)"""

# A ticket is never without its first event, nor an event without a version of its own.
PEOPLE = """
    WITH day AS (SELECT d.id, d.mall_id, s.id AS service, d.last_number
        FROM queueing_queueday d JOIN services_service s ON s.queue_id = d.queue_id
        WHERE d.date = %(on)s),
    people AS (SELECT day.*, g, %(prefix)s || '-' || day.id || '-' || g AS token
        FROM day, generate_series(1, %(each)s) g),
    visits AS (INSERT INTO queueing_visit (mall_id, token, created_at)
        SELECT mall_id, token, %(now)s FROM people RETURNING id, token),
    tickets AS (INSERT INTO queueing_ticket (visit_id, day_id, service_id, number, priority, state,
            since, issued_at, wait_seconds, service_seconds, recalls, returns, is_slow)
        SELECT v.id, p.id, p.service, p.last_number + p.g, 0, 1, %(now)s, %(now)s, 0, 0, 0, 0, false
        FROM people p JOIN visits v ON v.token = p.token RETURNING id, day_id),
    boards AS (INSERT INTO queueing_board AS board (mall_id, version)
        SELECT mall_id, count(*) FROM people GROUP BY mall_id
        ON CONFLICT (mall_id) DO UPDATE SET version = board.version + excluded.version
        RETURNING mall_id, version)
    INSERT INTO queueing_ticketevent (ticket_id, version, move, target, at, since)
    SELECT t.id, b.version + 1 - row_number() OVER (PARTITION BY b.mall_id ORDER BY t.id DESC),
        1, 1, %(now)s, %(now)s
    FROM tickets t JOIN day ON day.id = t.day_id JOIN boards b ON b.mall_id = day.mall_id"""


@dataclass(frozen=True)
class Seat:
    """An officer's counter and the session that is signed in for it."""

    counter_id: int
    session: str


def build() -> tuple[Mall, list[Seat]]:
    """The malls, open day and night, with an officer signed in at each counter.

    Returns the first mall, and the seats in an order that goes from mall to mall.
    """
    region = Region.objects.create(code="99.99", name="Kota Ukur", province="Ukur")
    agency = Agency.objects.create(
        slug="ukur", name="Dinas Ukur", short_name="Ukur", category=Category.OPD
    )
    built = [_mall(region, agency, number) for number in range(MALLS)]
    seats = [seat for row in zip(*(seats for _mall, seats in built), strict=True) for seat in row]
    return built[0][0], seats


def _mall(region: Region, agency: Agency, number: int) -> tuple[Mall, list[Seat]]:
    mall = Mall.objects.create(
        region=region,
        slug=f"ukur{number}",
        name="Mal Ukur",
        short_name="Mal Ukur",
        stage=Mall.Stage.INAUGURATED,
        organiser="DPMPTSP",
    )
    OpeningHours.objects.bulk_create(
        OpeningHours(mall=mall, weekday=day, opens=time(0), closes=time(23, 59, 59))
        for day in range(7)
    )
    presence = Presence.objects.create(
        mall=mall, agency=agency, board_name="Dinas Ukur", basis=Presence.Basis.DECREE
    )
    queues = _queues(presence)
    return mall, _seats(presence, queues)


def _queues(presence: Presence) -> list[Queue]:
    names = "ABCDE"[:QUEUES]
    queues = Queue.objects.bulk_create(
        Queue(mall=presence.mall, presence=presence, letter=name, name=name) for name in names
    )
    Service.objects.bulk_create(
        Service(presence=presence, queue=queue, code=queue.letter, name=queue.letter, minutes=9)
        for queue in queues
    )
    return queues


def _seats(presence: Presence, queues: list[Queue]) -> list[Seat]:
    counters = Counter.objects.bulk_create(
        Counter(mall=presence.mall, number=str(number + 1)) for number in range(COUNTERS)
    )
    CounterDay.objects.bulk_create(
        CounterDay(counter=counter, presence=presence, weekday=day)
        for counter in counters
        for day in range(7)
    )
    CounterQueue.objects.bulk_create(
        CounterQueue(counter=counter, queue=queues[number % QUEUES])
        for number, counter in enumerate(counters)
    )
    officers = User.objects.bulk_create(
        User(username=f"{presence.mall.slug}-{number}") for number in range(COUNTERS)
    )
    Assignment.objects.bulk_create(
        Assignment(
            user=officer,
            role=Role.COUNTER_OFFICER,
            mall=presence.mall,
            agency=presence.agency,
        )
        for officer in officers
    )
    Desk.objects.bulk_create(
        Desk(counter=counter, officer=officer)
        for counter, officer in zip(counters, officers, strict=True)
    )
    return [
        Seat(counter.pk, _signed_in(officer))
        for counter, officer in zip(counters, officers, strict=True)
    ]


def _signed_in(officer: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(officer.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = officer.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def people_waiting(rig: Rig, *, each: int, on: date, now: datetime) -> None:
    """So many people in every queue of today, as if they had just taken their numbers."""
    rig.sql(
        """
        INSERT INTO queueing_queueday
            (mall_id, queue_id, date, last_number, admitted, last_since, streak)
        SELECT mall_id, id, %s, 0, 0, %s, 0 FROM services_queue ON CONFLICT DO NOTHING""",
        (on, now),
    )
    prefix = secrets.token_hex(4)
    rig.sql(PEOPLE, {"on": on, "prefix": prefix, "each": each, "now": now})
    rig.sql(
        "UPDATE queueing_queueday SET last_number = last_number + %s, admitted = admitted + %s"
        " WHERE date = %s",
        (each, each, on),
    )


def add_history(rig: Rig, mall: Mall, total: int) -> int:
    """Old years: `total` finished tickets, rounded to whole days of 500 numbers a queue."""
    per = 500
    queues = MALLS * QUEUES
    days = max(1, total // (queues * per))
    values = {
        "mall": mall.pk,
        "per": per,
        "days": days,
        "total": days * per * queues,
        "counter": Counter.objects.order_by("pk").values_list("pk", flat=True)[0],
    }
    for statement in (HISTORY_DAYS, HISTORY_VISITS, HISTORY_TICKETS):
        rig.sql(statement.format(**values))
    rig.analyse()
    return values["total"]


def add_lives(rig: Rig, lives: int) -> None:
    """The four events of an ordinary life for so many of the old tickets."""
    counter = Counter.objects.order_by("pk").values_list("pk", flat=True)[0]
    rig.sql(LIVES.format(counter=counter, lives=lives))
    rig.analyse()
