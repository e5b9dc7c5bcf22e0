"""A made-up national year: malls in every zone, their tickets with all their events, by SQL.

People come in the morning rather than late, wait and are served for lognormal times, come by every
channel, give up, stay away or find the day closed. What is stored is what the figures read, so
that their recount (I15) holds; boards, places in line and proofs of calls are not replayed.
"""

import random
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date, time

import psycopg2

from accounts.models import User
from accounts.roles import Role
from agencies import territory
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
from services.models import Queue, Service

AGENCIES = 4  # at each mall, a queue and two services each
COUNTERS = 3  # of each agency
PROCESSES = 2
ROLLED = "monitoring_day", "monitoring_month"

# One mall at a time: everybody drawn once, then written as visit, ticket, events and opinion.
DAYS = """
    INSERT INTO queueing_queueday
        (mall_id, queue_id, date, last_number, admitted, last_since, streak, closed_at)
    SELECT %(mall)s, q.id, d, %(per)s, %(per)s, d, 0, (d + 1) AT TIME ZONE %(zone)s
    FROM services_queue q, generate_series(%(first)s::date, %(last)s::date, '1 day') s(at),
        LATERAL (SELECT at::date AS d) dates
    WHERE q.mall_id = %(mall)s AND extract(isodow FROM d) < 6"""
PEOPLE = """
    CREATE TEMP TABLE people ON COMMIT DROP AS
    WITH lines AS MATERIALIZED (
        SELECT q.id, q.presence_id,
            (SELECT array_agg(s.id ORDER BY s.id) FROM services_service s
                WHERE s.queue_id = q.id) AS services,
            (SELECT array_agg(DISTINCT c.counter_id) FROM agencies_counterday c
                WHERE c.presence_id = q.presence_id) AS counters
        FROM services_queue q WHERE q.mall_id = %(mall)s),
    drawn AS (
        SELECT d.id AS day, d.date, lines.presence_id, services, counters, g,
            (d.date + time '08:00') AT TIME ZONE %(zone)s
                + power((g - random()) / %(per)s, 1.6) * interval '6 hours 30 min' AS at,
            exp(6.4 + 0.7 * sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random()))::int AS waited,
            exp(6.1 + 0.45 * sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random()))::int AS lasted,
            random() AS fate, random() AS way, random() AS need, random() AS pick
        FROM queueing_queueday d JOIN lines ON lines.id = d.queue_id, generate_series(1, %(per)s) g
        WHERE d.date BETWEEN %(first)s AND %(last)s),
    fated AS (
        SELECT drawn.*, fate < 0.02 AS left_early, fate BETWEEN 0.02 AND 0.1 AS stayed_away,
            fate > 0.985 AS too_late, way < 0.55 AS by_kiosk, way > 0.95 AS by_officer,
            CASE WHEN way BETWEEN 0.8 AND 0.95 THEN date_trunc('hour', at) END AS booked,
            CASE WHEN need < 0.9 THEN 0 ELSE 1 + floor((need - 0.9) * 40)::int END AS priority
        FROM drawn)
    SELECT nextval('queueing_visit_id_seq') AS visit, nextval('queueing_ticket_id_seq') AS id,
        day, date, presence_id, g, at, priority, booked, lasted, left_early, stayed_away,
        by_kiosk, by_officer, services[1 + floor(pick * 2)::int] AS service,
        counters[1 + floor(pick * %(counters)s)::int] AS counter,
        NOT (left_early OR too_late) AS called, NOT (left_early OR too_late OR stayed_away) AS done,
        at + waited * interval '1 second' AS called_at, waited
    FROM fated ORDER BY at"""
VISITS = """
    INSERT INTO queueing_visit (id, mall_id, token, created_at)
    SELECT visit, %(mall)s, substr(md5(visit::text), 1, 22), at FROM people"""
TICKETS = """
    INSERT INTO queueing_ticket (id, visit_id, day_id, service_id, number, priority, state,
        counter_id, since, booked_for, issued_at, called_at, announced_at, serving_at, ended_at,
        wait_seconds, service_seconds, recalls, returns, is_slow)
    SELECT id, visit, day, service, g, priority,
        CASE WHEN done THEN 6 WHEN left_early THEN 7 ELSE 9 END, CASE WHEN called THEN counter END,
        at, booked, at, CASE WHEN called THEN called_at END, CASE WHEN called THEN called_at END,
        CASE WHEN done THEN called_at END,
        CASE WHEN done THEN called_at + lasted * interval '1 second' ELSE called_at END,
        CASE WHEN called THEN waited ELSE 0 END, CASE WHEN done THEN lasted ELSE 0 END, 0, 0, false
    FROM people"""
EVENTS = """
    INSERT INTO queueing_ticketevent (ticket_id, version, move, origin, target, at, counter_id,
        by_id, since, rule, rank, passed, passed_elsewhere, streak, ratio)
    SELECT p.id, row_number() OVER (ORDER BY m.at, m.move), m.move, m.origin, m.target, m.at,
        CASE WHEN m.at_counter THEN p.counter END,
        CASE WHEN m.at_counter OR m.move = 1 AND p.by_officer THEN %(officer)s END,
        CASE WHEN m.target = 1 THEN p.at END, m.proof, m.proof, m.zero, m.zero, m.zero, m.proof
    FROM people p, LATERAL (VALUES
        (true, 1, NULL, CASE WHEN p.by_kiosk THEN 10 ELSE 1 END, p.at, false, NULL, NULL),
        (p.by_kiosk, 14, 10, 1, p.at + interval '3 s', false, NULL, NULL),
        (p.called, 2, 1, 2, p.called_at, true, 1, 0),
        (p.done, 5, 2, 3, p.called_at, true, NULL, NULL),
        (p.done, 10, 3, 6, p.called_at + p.lasted * interval '1 second', true, NULL, NULL),
        (p.stayed_away, 8, 2, 5, p.called_at + interval '2 min', true, NULL, NULL),
        (p.stayed_away, 13, 5, 9, (p.date + 1) AT TIME ZONE %(zone)s, false, NULL, NULL),
        (p.left_early, 12, 1, 7, p.called_at, false, NULL, NULL),
        (NOT p.called AND NOT p.left_early, 13, 1, 9, (p.date + 1) AT TIME ZONE %(zone)s, false,
            NULL, NULL)
        ) AS m(happened, move, origin, target, at, at_counter, proof, zero)
    WHERE m.happened"""
OPINIONS = """
    INSERT INTO feedback_opinion (mall_id, presence_id, service_id, date, half_day, mark,
        u1, u2, u3, u4, u5, u6, u7, u8, u9, sealed_text)
    SELECT %(mall)s, presence_id, service, date, 1, md5(id::text) || md5(visit::text),
        3, 3, 2 + id %% 3, 4, 3, 3 + id %% 2, 4, 3, 3, ''
    FROM people WHERE done AND id %% 30 = 0"""


def establish(malls: int) -> list[Mall]:
    """So many malls over the whole country, open on weekdays, with agencies and counters."""
    territory.load()
    regions = list(Region.objects.order_by("code"))
    chosen = regions[:: max(1, len(regions) // malls)][:malls]
    agencies = Agency.objects.bulk_create(
        Agency(slug=f"ukur-{n}", name=f"Dinas {n}", short_name=f"D{n}", category=Category.OPD)
        for n in range(AGENCIES)
    )
    officer = User.objects.create_user("ukur", password=None)
    Assignment.objects.create(user=officer, role=Role.MINISTRY_MONITOR)
    return [_mall(region, number, agencies) for number, region in enumerate(chosen)]


def _mall(region: Region, number: int, agencies: Sequence[Agency]) -> Mall:
    mall = Mall.objects.create(
        region=region,
        slug=f"nasional-{number}",
        name=f"Mal Pelayanan Publik {region.name}",
        short_name=f"MPP {region.name}"[:40],
        stage=Mall.Stage.INAUGURATED,
        organiser="DPMPTSP",
    )
    OpeningHours.objects.bulk_create(
        OpeningHours(mall=mall, weekday=day, opens=time(8), closes=time(15)) for day in range(5)
    )
    for place, agency in enumerate(agencies):
        presence = Presence.objects.create(
            mall=mall, agency=agency, board_name=agency.name, basis=Presence.Basis.DECREE
        )
        _counters(presence, place)
        letter = "ABCDEFGH"[place]
        queue = Queue.objects.create(mall=mall, presence=presence, letter=letter, name=letter)
        Service.objects.bulk_create(
            Service(presence=presence, queue=queue, code=f"{letter}{n}", name=letter, minutes=9)
            for n in range(2)
        )
    return mall


def _counters(presence: Presence, place: int) -> None:
    counters = Counter.objects.bulk_create(
        Counter(mall=presence.mall, number=str(place * COUNTERS + n + 1)) for n in range(COUNTERS)
    )
    CounterDay.objects.bulk_create(
        CounterDay(counter=counter, presence=presence, weekday=day)
        for counter in counters
        for day in range(5)
    )


def live(rig: Rig, malls: Sequence[Mall], first: date, last: date, *, each: int) -> None:
    """Every weekday from one date to another: so many people at each of these malls."""
    officer = User.objects.get(username="ukur").pk
    wanted = [
        {
            "mall": mall.pk,
            "zone": str(mall.zone),
            "first": first,
            "last": last,
            "per": each // AGENCIES,
            "counters": COUNTERS,
            "officer": officer,
        }
        for mall in malls
    ]
    with ProcessPoolExecutor(PROCESSES) as pool:
        list(pool.map(_live, [rig.database] * len(wanted), wanted))
    rig.analyse()


def _live(database: dict[str, str], values: dict[str, object]) -> None:
    connection = psycopg2.connect(
        host="127.0.0.1",
        port=database["port"],
        user=database["user"],
        dbname=database["name"],
    )
    with connection, connection.cursor() as cursor:
        # Thirty million rows refer to others that were made a line before: nothing to be asked.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SELECT setseed(%s)", (random.Random(str(values["mall"])).random(),))
        for statement in (DAYS, PEOPLE, VISITS, TICKETS, EVENTS, OPINIONS):
            cursor.execute(statement, values)
    connection.close()


# --- More than this machine can live through: counted rows, copied --------------------------------


def copy_months(rig: Rig, first: date, months: int, *, ahead: int) -> None:
    """What was counted in the first months once more, so many months later (or earlier)."""
    values = {"ahead": f"{ahead} months", "first": first, "last": f"{months} months"}
    for table, moment in zip(ROLLED, ("date", "month"), strict=True):
        columns = _columns(rig, table)
        found = [f"({moment} + %(ahead)s::interval)::date" if c == moment else c for c in columns]
        rig.sql(
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(found)} FROM {table}"  # noqa: S608 - names of our own columns
            f" WHERE {moment} >= %(first)s AND {moment} < %(first)s::date + %(last)s::interval"
            " ON CONFLICT DO NOTHING",
            values,
        )


def copy_malls(rig: Rig, malls: Sequence[Mall], wanted: int) -> None:
    """More malls, each with what was counted at one of these; of its days the totals only."""
    free = Region.objects.exclude(malls__isnull=False).order_by("code")
    made = Mall.objects.bulk_create(
        Mall(
            region=region,
            slug=f"salinan-{region.code.replace('.', '-')}",
            name=f"Mal Pelayanan Publik {region.name}",
            short_name=f"MPP {region.name}"[:40],
            stage=Mall.Stage.INAUGURATED,
            organiser="DPMPTSP",
        )
        for region in free[: wanted - Mall.objects.count()]
    )
    pairs = {
        "old": [malls[number % len(malls)].pk for number in range(len(made))],
        "new": [mall.pk for mall in made],
    }
    instead = {"mall_id": "pair.new", "cells": "'[]'::jsonb"}
    for table in ROLLED:
        columns = _columns(rig, table)
        found = ", ".join(instead.get(column, column) for column in columns)
        rig.sql(
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {found} FROM {table}"  # noqa: S608 - names of our own columns
            " JOIN unnest(%(old)s, %(new)s) AS pair(old, new) ON mall_id = pair.old",
            pairs,
        )
    rig.analyse()


def _columns(rig: Rig, table: str) -> list[str]:
    found = rig.sql(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s"
        " AND column_name <> 'id' ORDER BY ordinal_position",
        (table,),
    )
    return [str(name) for (name,) in found]
