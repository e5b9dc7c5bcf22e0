"""The figures of a nation: what closing a day costs, and every page, each against its limit."""

import math
import os
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import partial
from statistics import median
from typing import Any

from django.core.management import call_command
from django.db import connection, connections
from django.test import Client

from accounts.models import User
from agencies.models import Mall
from bench import year
from bench.rig import Rig
from bench.rows import Row
from core import clock, memo
from core.proof import Scope
from monitoring import figures, invariants, periods, rollups
from monitoring.models import Day, Month
from monitoring.periods import Period, end_of_month
from queueing.models import Ticket

CLOSING, PAGE = 1.0, 0.5  # seconds: what a day's end and a page may take
NATION = (100, 300)  # malls
ROUNDS, DAYS_TRIED = 10, 40
# What the rollup of a day must do at the least: read its tickets once, by service and hour.
BARE_DAY = """
    SELECT t.service_id, extract(hour FROM t.issued_at AT TIME ZONE %(zone)s), count(*),
        count(t.called_at), count(*) FILTER (WHERE t.state IN (6, 8)), sum(t.wait_seconds),
        percentile_disc(0.5) WITHIN GROUP (ORDER BY t.wait_seconds)
    FROM queueing_ticket t JOIN queueing_queueday d ON d.id = t.day_id
    WHERE d.mall_id = %(mall)s AND d.date = %(on)s GROUP BY 1, 2"""
RAW = """
    SELECT count(*), count(t.called_at), count(*) FILTER (WHERE t.state IN (6, 8)),
        percentile_disc(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY t.wait_seconds)
            FILTER (WHERE t.called_at IS NOT NULL),
        percentile_disc(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY t.service_seconds)
            FILTER (WHERE t.state IN (6, 8))
    FROM queueing_ticket t JOIN queueing_queueday d ON d.id = t.day_id
    WHERE d.mall_id = ANY(%(malls)s) AND d.date BETWEEN %(first)s AND %(last)s"""


@dataclass(frozen=True)
class Size:
    """How much is lived through for real."""

    malls: int
    months: int
    each: int  # people at a mall on a day


WHOLE = Size(malls=300, months=12, each=400)  # about 31 million tickets


@dataclass(frozen=True)
class Taken:
    """The seconds of several runs by the clock, and those of this process alone."""

    seconds: list[float]
    busy: list[float]

    @property
    def p50(self) -> float:
        return median(self.seconds)

    @property
    def p95(self) -> float:
        return sorted(self.seconds)[math.ceil(0.95 * len(self.seconds)) - 1]

    def __str__(self) -> str:
        own = median(self.busy) * 1000
        return f"p50 {self.p50 * 1000:.0f} ms, p95 {self.p95 * 1000:.0f} ms; processor {own:.0f} ms"


class Nation:
    """One run: a part of the year lived and counted, the rest of it copied, the pages measured."""

    def __init__(self, rig: Rig, size: Size) -> None:
        self.rig, self.size = rig, size
        self.first = date(clock.now().year - 1, 1, 1)
        self.last = end_of_month(self.first.replace(month=size.months))
        self.rows: list[Row] = []
        self.client = Client(SERVER_NAME="127.0.0.1")

    def run(self) -> list[Row]:
        """All rows; says on standard error how far it is."""
        self.prepare()
        self.closing()
        self.raw()
        self.pages("as it was lived")
        self.say("copying what was counted to a year and to more malls")
        if self.size.months < 12:
            for ahead in range(self.size.months, 12, self.size.months):
                year.copy_months(self.rig, self.first, self.size.months, ahead=ahead)
        for wanted in [each for each in NATION if each > self.size.malls]:
            year.copy_malls(self.rig, self.malls, wanted)
            self.pages(f"{wanted} malls, a year")
        year.copy_months(self.rig, self.first, 12, ahead=-12)
        self.rig.analyse()
        self.pages(f"{Mall.objects.count()} malls, two years")
        return self.rows

    def say(self, what: str) -> None:
        sys.stderr.write(f"{time.strftime('%H:%M:%S')} {what}\n")

    # --- Data --------------------------------------------------------------------------------

    def prepare(self) -> None:
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        self.say("malls")
        self.malls = year.establish(self.size.malls)
        self.say("their days")
        begun = time.monotonic()
        year.live(self.rig, self.malls, self.first, self.last, each=self.size.each)
        lived = time.monotonic() - begun
        self.tickets = Ticket.objects.count()
        self.say(f"{self.tickets:,} tickets in {lived:.0f} s; counting them")
        begun = time.monotonic()
        days = self.count()
        spent = time.monotonic() - begun
        self.say(f"{days:,} days in {spent:.0f} s; proving them")
        for each in invariants.INVARIANTS[:3]:
            outcome = each.check(Scope())
            if outcome.breaches or not outcome.checked:
                raise RuntimeError(f"{each.id}: {outcome.breaches[:3]}")
        self.rig.analyse()
        rate, processes = days / spent, year.PROCESSES
        what = f"days counted from {self.tickets:,} tickets, {processes} processes"
        self.rows.append(Row("T12", what, f"{days:,} days, {rate:.0f}/s", "", None, "", None))
        monitor = User.objects.get(username="ukur")
        self.client.force_login(monitor)

    def count(self) -> int:
        """Everything by the portal's own rollups, in several processes."""
        slugs = [mall.slug for mall in self.malls]
        # A process that goes on with the connections of another would mix their answers.
        connections.close_all()
        with ProcessPoolExecutor(year.PROCESSES) as pool:
            return sum(pool.map(_rebuild, slugs, chunksize=1))

    # --- Rows --------------------------------------------------------------------------------

    def closing(self) -> None:
        """The end of a day at one mall, counted anew as if nobody had looked at it before."""
        self.say("closing days")
        step = max(1, Day.objects.count() // DAYS_TRIED)
        days = list(Day.objects.filter(is_closed=True).order_by("pk").values_list("pk")[::step])
        Day.objects.update(seen=None)
        ours = timed([partial(rollups.count_day, pk, now=clock.now()) for (pk,) in days])
        bare = timed([partial(self.bare_day, pk) for (pk,) in days])
        what = f"close a day of {self.size.each} tickets / one GROUP BY of them"
        self.add("T12", what, ours, bare, "p95 ≤ 1,000 ms", ours.p95 <= CLOSING)
        Month.objects.update(is_stale=True)
        months = Month.objects.order_by("pk").values_list("pk", flat=True)[:DAYS_TRIED]
        counted = timed([partial(rollups.count_month, pk, now=clock.now()) for pk in months])
        self.add("T12", "a month from its days", counted, None, "", None)

    def bare_day(self, pk: int) -> None:
        day = Day.objects.select_related("mall__region").get(pk=pk)
        values: dict[str, Any] = {"mall": day.mall_id, "on": day.date, "zone": str(day.mall.zone)}
        with connection.cursor() as cursor:
            cursor.execute(BARE_DAY, values)
            cursor.fetchall()

    def raw(self) -> None:
        """The same figures of a period from what was counted and from the raw tickets."""
        self.say("raw rows")
        mall, everybody = self.malls[0], self.malls
        month = periods.of(periods.Kind.MONTH, self.first)
        whole = periods.of(periods.Kind.YEAR, self.first)
        for what, malls, period in (
            ("mall, month", [mall], month),
            ("mall, all months lived", [mall], whole),
            (f"{len(everybody)} malls, month", everybody, month),
            (f"{len(everybody)} malls, all months lived", everybody, whole),
        ):
            ours = timed([partial(read, malls, period)] * 5)
            bare = timed([partial(scan, malls, period)] * 3)
            self.add("T12", f"figures of {what}: counted / raw tickets", ours, bare, "", None)

    def pages(self, how: str) -> None:
        """Every dashboard, read by the ministry with nothing remembered from before."""
        self.say(f"pages, {how}")
        month, whole = f"{self.first:%Y-%m}", f"{self.first:%Y}"
        slug = self.malls[0].slug
        for what, path in (
            ("mall, month", f"/petugas/pantauan/{slug}/?masa={month}"),
            ("mall, year", f"/petugas/pantauan/{slug}/?masa={whole}"),
            ("nation, month", f"/petugas/pantauan/nasional/?masa={month}"),
            ("nation, year", f"/petugas/pantauan/nasional/?masa={whole}"),
        ):
            self.open(path)
            asked = self.statements(path)
            touched = [each for each in asked if '"queueing_ticket' in each]
            taken = timed([partial(self.open, path)] * ROUNDS)
            title = f"{what}; {how}: {len(asked)} statements, {len(touched)} of tickets"
            is_met = taken.p95 <= PAGE and not touched
            self.add("T12", title, taken, PAGE, "p95 ≤ 500 ms", is_met)

    def statements(self, path: str) -> list[str]:
        """What a page asks the database."""
        asked: list[str] = []

        def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
            asked.append(sql)
            return execute(sql, *rest)

        with connection.execute_wrapper(note):
            self.open(path)
        return asked

    def open(self, path: str) -> None:
        memo.clear_all()
        answer = self.client.get(path)
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answered {answer.status_code}")

    def add(
        self,
        id_: str,
        what: str,
        ours: Taken,
        limit: Taken | float | None,
        goal: str,
        met: bool | None,
    ) -> None:
        if isinstance(limit, Taken):
            ratio, said = ours.p50 / limit.p50, f"p50 {limit.p50 * 1000:.0f} ms"
            row = Row(id_, what, str(ours), said, round(ratio, 3), goal, met)
        elif limit is not None:
            ratio, said = ours.p95 / limit, f"{limit * 1000:.0f} ms"
            row = Row(id_, what, str(ours), said, round(ratio, 2), goal, met)
        else:
            row = Row(id_, what, str(ours), "", None, goal, met)
        self.rows.append(row)
        self.say(f"  {what}: {ours}")


def timed(acts: Iterable[Callable[[], Any]]) -> Taken:
    """Each act once; how long it took."""
    found, busy = [], []
    for act in acts:
        begun, worked = time.perf_counter(), time.process_time()
        act()
        found.append(time.perf_counter() - begun)
        busy.append(time.process_time() - worked)
    return Taken(found, busy)


def scan(malls: Sequence[Mall], period: Period) -> None:
    """The figures of a period as a portal without rollups asks for them."""
    values: dict[str, Any] = {"malls": [mall.pk for mall in malls]}
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(RAW, values | {"first": period.first, "last": period.last})
        cursor.fetchall()


def read(malls: Sequence[Mall], period: Period) -> None:
    account = figures.together(figures.of_malls(malls, period))
    assert account.tally.counts.issued


def _rebuild(slug: str) -> int:
    connections.close_all()
    mall = Mall.objects.select_related("region").get(slug=slug)
    counted = rollups.rebuild(mall, since=date.min, now=clock.now())
    connections.close_all()
    os.sched_yield()
    return counted
