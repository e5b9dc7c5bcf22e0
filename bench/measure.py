"""The measurements themselves; imported once the servers of the rig are known."""

import asyncio
import concurrent.futures
import sys
import urllib.error
import urllib.request
import uuid
from datetime import timedelta
from functools import partial
from pathlib import Path

import redis
from django.core.management import call_command

from agencies import opening
from bench import data, load, screens
from bench.bookings import Bookings
from bench.load import KEY, TOKEN
from bench.messages import Messages
from bench.rig import BARE_TABLES, BARE_WAITING, Rig, memory, settle
from bench.rows import Row
from core import clock, live
from queueing.models import Ticket
from services.models import Service
from tests import servers

ROUNDS = 3
ISSUE_TX = """\\set q random(1, 50)
BEGIN;
UPDATE bare_day SET last_no = last_no + 1 WHERE queue_id = :q AND day = '2026-03-09'
    RETURNING last_no \\gset
INSERT INTO bare_ticket (queue_id, day, no) VALUES (:q, '2026-03-09', :last_no);
COMMIT;
"""
ISSUE = (
    KEY
    + """
local services = {{{services}}}
request = function()
  local service = services[math.random(#services)]
  local body = "csrfmiddlewaretoken={token}&priority=0&key=" .. key()
  return wrk.format("POST", "/mesin/" .. service[1] .. "/layanan/" .. service[2] .. "/",
    {{["Content-Type"] = "application/x-www-form-urlencoded",
      ["Cookie"] = "__Host-csrf={token}"}}, body)
end
"""
)
CALL = (
    KEY
    + """
local seats = {{{seats}}}
local turn = {start}
request = function()
  turn = turn % #seats + 1
  local seat = seats[turn]
  local body = "key=" .. key()
  return wrk.format("POST", "/loket/" .. seat[1] .. "/{act}/",
    {{["Content-Type"] = "application/x-www-form-urlencoded", ["X-CSRFToken"] = "{token}",
      ["Cookie"] = "__Host-csrf={token}; __Host-session=" .. seat[2]}}, body)
end
"""
)


class Bench:
    """One run: servers up, data in, figures out."""

    def __init__(self, rig: Rig, history: int) -> None:
        self.rig, self.history = rig, history
        self.rows: list[Row] = []
        self.ports = {name: servers.free_port() for name in ("bare", "web", "live")}

    def prepare(self) -> None:
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        self.rig.sql(BARE_TABLES)
        self.mall, self.seats = data.build()
        self.wait_for_people(each=100)
        # What the portal never stores, such as a ticket without its event, it cannot show either.
        call_command("verify_invariants", stdout=sys.stderr)
        self.rig.sql(BARE_WAITING, (100,))
        self.bookings = Bookings(self.rig, self.ports, self.mall)
        self.messages = Messages(self.rig, self.mall)
        self.rig.analyse()

    def wait_for_people(self, *, each: int) -> None:
        now = clock.now() - timedelta(minutes=5)
        on = opening.local_date(clock.now(), self.mall.zone)
        data.people_waiting(self.rig, each=each, on=on, now=now)

    def serve(self) -> None:
        web = ["gunicorn", "-k", "gthread", "--threads", "4", "-w", "2", "--log-level", "error"]
        port = self.ports["bare"]
        self.bare = self.rig.serve(
            [*web, "-b", f"127.0.0.1:{port}", "bench.bare:application"], port, "/empty"
        )
        port = self.ports["web"]
        self.web = self.rig.serve(
            [*web, "--preload", "-b", f"127.0.0.1:{port}", "mpp.wsgi:application"], port, "/sehat/"
        )
        port = self.ports["live"]
        streams = ["uvicorn", "mpp.asgi:live", "--port", str(port), "--log-level", "error"]
        self.streamer = self.rig.serve(
            [*streams, "--timeout-graceful-shutdown", "3", "--backlog", "4096"], port, "/live/"
        )

    def url(self, server: str, path: str) -> str:
        return f"http://127.0.0.1:{self.ports[server]}{path}"

    def run(self) -> list[Row]:
        """All rows, in the order in which they disturb each other least."""
        self.prepare()
        self.serve()
        for step in (self.acts, self.contention, self.streams, self.seen, self.footprint):
            step()
        self.rows += self.bookings.rows()
        self.rows += self.messages.rows()
        self.years()
        self.storage()
        return self.rows

    def run_part(self, part: str) -> list[Row]:
        """The rows of the bookings or the messages alone."""
        self.prepare()
        if part == "messages":
            return self.messages.rows()
        self.serve()
        return self.bookings.rows()

    # --- Loads -------------------------------------------------------------------------------

    def issue_load(self, seed: int) -> load.Load:
        offered = Service.objects.values_list("presence__mall__slug", "pk")
        services = ", ".join(f'{{"{slug}", {pk}}}' for slug, pk in offered)
        script = ISSUE.format(services=services, token=TOKEN, seed=seed)
        return load.wrk(self.url("web", "/"), script=script)

    def call_load(self, seed: int) -> load.Load:
        seats = ", ".join(f'{{{seat.counter_id}, "{seat.session}"}}' for seat in self.seats)
        script = CALL.format(seats=seats, token=TOKEN, seed=seed, start=0, act="panggil")
        result = load.wrk(self.url("web", "/"), script=script)
        settle()
        self.send_home()
        return result

    def send_home(self) -> None:
        """End everybody who was called, so that each counter is free for the next round."""
        self.rig.sql("UPDATE queueing_ticket SET state = 7, ended_at = now() WHERE state IN (2, 3)")

    def board_load(self, seed: int) -> load.Load:
        script = f'wrk.headers["HX-Request"] = "true"\nlocal seed = {seed}\n'
        return load.wrk(self.url("web", f"/papan/{self.mall.slug}/"), script=script)

    def paired(self, ours: str, bare: str) -> tuple[load.Load, load.Load]:
        """Ours and the limit in turn, so that a slow minute of the machine hits both."""
        loads = {"issue": self.issue_load, "call": self.call_load, "board": self.board_load}
        ours_runs, bare_runs = [], []
        for round_ in range(ROUNDS):
            if ours == "call":
                self.wait_for_people(each=40)
            bare_runs.append(load.wrk(self.url("bare", bare)))
            settle()
            if ours in loads:
                ours_runs.append(loads[ours](round_))
            else:
                ours_runs.append(load.wrk(self.url("web", ours)))
            settle()
        return load.median_of(ours_runs), load.median_of(bare_runs)

    def share(self, id_: str, what: str, ours: str, bare: str, goal: float) -> load.Load:
        mine, limit = self.paired(ours, bare)
        ratio = mine.rate / limit.rate
        self.rows.append(
            Row(
                id_,
                what,
                f"{mine.rate:.0f}/s, p95 {mine.p95:.0f} ms, {mine.errors} errors",
                f"{limit.rate:.0f}/s",
                round(ratio, 2),
                f"≥ {goal}",
                ratio >= goal and mine.errors == 0,
            )
        )
        return mine

    # --- Rows --------------------------------------------------------------------------------

    def acts(self) -> None:
        self.call_figure = self.share("T2", "call next / bare cursor view", "call", "/call", 0.30)
        self.issue_figure = self.share("T1", "issue / bare cursor view", "issue", "/issue", 0.30)
        act = load.pgbench(self.binaries(), self.rig.database, ISSUE_TX)
        self.rows.append(
            Row(
                "T1",
                "issue / pgbench transaction",
                f"{self.issue_figure.rate:.0f}/s",
                f"{act:.0f}/s",
                round(self.issue_figure.rate / act, 3),
                "≥ 0.034",
                self.issue_figure.rate / act >= 0.034,
            )
        )
        self.share("T3", "board, drawn once per version / bare board query", "board", "/board", 0.5)
        self.share("—", "kiosk health page / empty view", "/sehat/", "/empty", 0.1)

    def binaries(self) -> Path:
        return servers.postgres_binaries()

    def contention(self) -> None:
        """T6: six bursts of 50 issues in one queue, then twenty of its counters at once."""
        service = Service.objects.order_by("pk")[0]
        before = set(Ticket.objects.filter(service=service).values_list("number", flat=True))
        with concurrent.futures.ThreadPoolExecutor(50) as pool:
            for _burst in range(6):
                list(pool.map(lambda _n: self._issue_once(service.pk), range(50)))
        after = list(Ticket.objects.filter(service=service).values_list("number", flat=True))
        new = sorted(set(after) - before)
        gaps = 0 if not new else new[-1] - new[0] + 1 - len(new)
        duplicates = len(after) - len(set(after))
        # Seats go from mall to mall, and in each from queue to queue: these share one line.
        pairs = self.seats[:: data.MALLS * data.QUEUES][:20]
        self.send_home()
        self.wait_for_people(each=40)
        with concurrent.futures.ThreadPoolExecutor(20) as pool:
            list(pool.map(self._call_once, pairs))
        called = Ticket.objects.filter(state=2).count()
        ok = len(new) == 300 and not gaps and not duplicates and called == len(pairs)
        self.send_home()
        self.rows.append(
            Row(
                "T6",
                "6 × 50 issues at once; 20 counters of one queue at once",
                f"{len(new)} numbers, {gaps} gaps, {duplicates} duplicates;"
                f" {called} people for {len(pairs)} counters",
                "300 numbers; 20 people",
                None,
                "exact",
                ok,
            )
        )

    def _issue_once(self, service: int) -> None:
        body = f"csrfmiddlewaretoken={TOKEN}&priority=0&key={uuid.uuid4()}".encode()
        self._post(f"/mesin/{self.mall.slug}/layanan/{service}/", body, f"__Host-csrf={TOKEN}")

    def _call_once(self, seat: data.Seat) -> None:
        counter, session = seat.counter_id, seat.session
        cookie = f"__Host-csrf={TOKEN}; __Host-session={session}"
        self._post(f"/loket/{counter}/panggil/", f"key={uuid.uuid4()}".encode(), cookie)

    def _post(self, path: str, body: bytes, cookie: str) -> None:
        request = urllib.request.Request(  # noqa: S310 - loopback
            self.url("web", path),
            data=body,
            headers={"Cookie": cookie, "X-CSRFToken": TOKEN},
        )
        opener = urllib.request.build_opener(_Stay())
        try:
            opener.open(request, timeout=30).close()
        except urllib.error.HTTPError as answer:
            if answer.code >= 400:
                raise

    def streams(self) -> None:
        client = redis.Redis.from_url(self.rig.redis_url)
        version = iter(range(10**9, 2 * 10**9))
        result = asyncio.run(
            load.fanout(
                self.ports["live"],
                live.url_for(self.mall.pk),
                1_000,
                memory=lambda: memory(self.streamer),
                publish=lambda: publish(client, self.mall.pk, next(version)),
            )
        )
        ok = result.everybody <= 60 and result.kilobytes <= 50
        self.rows.append(
            Row(
                "T8",
                "one event to 1,000 streams; a stream's memory",
                f"half {result.p50:.0f} ms, all {result.everybody:.0f} ms;"
                f" {result.kilobytes:.0f} kB",
                "60 ms; 50 kB",
                round(result.everybody / 60, 2),
                "≤ 1",
                ok,
            )
        )

    def seen(self) -> None:
        """T8: a call on 20 boards while 980 phones listen, then with the phones reading too."""
        for who, pages, calls in screens.crowds(self.mall):
            seats = self.seats[:: data.MALLS * data.QUEUES][:calls]
            presses = [partial(self._call_once, seat) for seat in seats]
            lag = asyncio.run(screens.lag(self.ports, live.url_for(self.mall.pk), pages, presses))
            self.send_home()
            what = f"press to the picture on {who}, 1,000 streams open"
            ours = (
                f"p50 {lag.p50:.0f} ms, p95 {lag.p95:.0f} ms; all who ask: p95"
                f" {lag.others:.0f} ms, last {lag.everybody:.0f} ms; {lag.missing} missed"
            )
            ratio = round(lag.p95 / 1_000, 2)
            met = ratio <= 1 and not lag.missing
            self.rows.append(Row("T8", what, ours, "1,000 ms", ratio, "p95 ≤ 1", met))

    def footprint(self) -> None:
        mine, bare = memory(self.web) / 1e6, memory(self.bare) / 1e6
        self.rows.append(
            Row(
                "T9",
                "memory of 2 web workers after the load",
                f"{mine:.0f} MB",
                f"{bare:.0f} MB bare",
                round(mine / bare, 2),
                "≤ 130 MB",
                mine <= 130,
            )
        )

    def years(self) -> None:
        """T7: the same loads once more with old tickets, against the bare view in the same run."""
        total = data.add_history(self.rig, self.mall, self.history)
        bare_before = load.median_of([load.wrk(self.url("bare", "/empty")) for _ in range(ROUNDS)])
        for name, before in (("issue", self.issue_figure), ("call", self.call_figure)):
            after, _limit = self.paired(name, "/empty")
            ratio = after.rate / before.rate
            self.rows.append(
                Row(
                    "T7",
                    f"{name} with {total:,} old tickets / without",
                    f"{after.rate:.0f}/s, p95 {after.p95:.0f} ms",
                    f"{before.rate:.0f}/s (empty view now {bare_before.rate:.0f}/s)",
                    round(ratio, 2),
                    "≥ 0.9",
                    ratio >= 0.9,
                )
            )

    def storage(self) -> None:
        """T11: bytes of a ticket with its visit, and of its events, indexes included."""
        lives = 200_000
        data.add_lives(self.rig, lives)
        parts = [
            self._bytes("queueing_ticket", "(SELECT count(*) FROM queueing_ticket)"),
            self._bytes("queueing_visit", "(SELECT count(*) FROM queueing_visit)"),
            self._bytes("queueing_ticketevent", str(lives)),
        ]
        total = sum(parts)
        self.rows.append(
            Row(
                "T11",
                "bytes a ticket: itself, its visit, its four events; indexes included",
                f"{total:.0f} B ({parts[0]:.0f} + {parts[1]:.0f} + {parts[2]:.0f})",
                "350 B",
                round(total / 350, 2),
                "≤ 1",
                total <= 350,
            )
        )

    def _bytes(self, table: str, among: str) -> float:
        statement = f"SELECT pg_total_relation_size('{table}')::float / {among}"
        ((size,),) = self.rig.sql(statement)
        return float(str(size))


def publish(client: redis.Redis, mall_id: int, version: int) -> None:
    """A hint as the portal gives it after a commit."""
    client.publish(live.CHANNEL, f"{mall_id} {version}")


class _Stay(urllib.request.HTTPRedirectHandler):
    """A redirect is the answer to a taken number; following it would measure another page."""

    def redirect_request(self, *arguments: object) -> None:
        return None
