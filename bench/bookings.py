"""The rows of the reservations: looking for a time, booking it, and a hundred people for ten."""

import asyncio
import json
import os
import statistics
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from agencies.models import Mall
from appointments.models import Booking, Slot
from appointments.states import State
from bench import load, places, replay
from bench.load import KEY, TOKEN
from bench.rig import Rig, settle
from bench.rows import Row
from tests import servers

ROUNDS = 3
CROWD, WINDOWS = 100, 10  # people at once for one window, and how many windows in turn
# Everybody comes from an address of their own, which the proxy in front would have written.
BOOK = (
    KEY
    + """
local held, known, turn = {{}}, {{}}, {first}
local starts = {{{starts}}}
local function post(path, body)
  local address = string.format("10.%d.%d.%d",
    math.floor(turn / 65536) % 256, math.floor(turn / 256) % 256, turn % 256)
  return wrk.format("POST", path,
    {{["Content-Type"] = "application/x-www-form-urlencoded", ["X-CSRFToken"] = "{token}",
      ["Cookie"] = "__Host-csrf={token}", ["X-Forwarded-For"] = address}},
    body .. "&key=" .. key())
end
request = function()
  turn = turn + 1
  local page = table.remove(held, 1)
  if page then
    local phone = string.format("0812%08d", turn)
    return post(page .. "data/", "name=Siti+Aminah&is_for_other=&phone=" .. phone)
  end
  return post("{path}tahan/", "{sealed}&starts_at=" .. starts[math.random(#starts)])
end
response = function(status, headers, body)
  local page = headers["Location"]
  if page and not known[page] then
    known[page] = true
    table.insert(held, page)
  end
end
"""
)
HOLD = """POST {path}tahan/ HTTP/1.1\r
Host: 127.0.0.1\r
Connection: close\r
Content-Type: application/x-www-form-urlencoded\r
Content-Length: {length}\r
Cookie: __Host-csrf={token}\r
X-CSRFToken: {token}\r
X-Forwarded-For: 10.200.{round}.{person}\r
\r
{body}"""


class Wrong(RuntimeError):
    """A place was sold twice or not at all: no figure is worth printing then."""


@dataclass(frozen=True)
class Rush:
    """Milliseconds until the answer for a window's winners and losers, and until the last one."""

    won: list[float]
    lost: list[float]

    @property
    def last(self) -> float:
        return max(self.won + self.lost)


class Bookings:
    """Made before the servers start: the bare view is told what the page asks."""

    def __init__(self, rig: Rig, ports: dict[str, int], mall: Mall) -> None:
        self.rig, self.ports = rig, ports
        self.month, self.roomy, self.fought = places.build(rig, mall)
        self.asked = replay.page(self.times)
        os.environ["BENCH_PAGE"] = json.dumps(self.asked)

    @property
    def times(self) -> str:
        """The page of days and windows, as somebody sees it who comes from the papers."""
        return f"{self.month.path}waktu/?{self.month.sealed}"

    def rows(self) -> list[Row]:
        return [self.free_windows(), self.booking(), self.hundred()]

    def free_windows(self) -> Row:
        """T4: a month of six windows a day, a third of them full."""
        ours, limit = [], []
        for _round in range(ROUNDS):
            limit.append(load.wrk(self._url("bare", "/windows")))
            settle()
            ours.append(load.wrk(self._url("web", self.times)))
            settle()
        mine, bare = load.median_of(ours), load.median_of(limit)
        ratio = mine.rate / bare.rate
        return Row(
            "T4",
            "free windows of a month / bare view of the same statements",
            f"{mine.rate:.0f}/s, p95 {mine.p95:.0f} ms, {len(self.asked)} queries,"
            f" {mine.errors} errors",
            f"{bare.rate:.0f}/s",
            round(ratio, 2),
            "≥ 0.4",
            ratio >= 0.4 and not mine.errors,
        )

    def booking(self) -> Row:
        """T5: a place held and then confirmed, by 8 clients in windows with room for everybody."""
        script = replay.acts(self.roomy)
        ours, runs, limit = [], [], []
        for round_ in range(ROUNDS):
            first = round_ * 100_000
            limit.append(
                load.pgbench(servers.postgres_binaries(), self.rig.database, script, first=first)
            )
            settle()
            rate, run = self._book(first)
            ours.append(rate)
            runs.append(run)
            settle()
        mine, bare, http = statistics.median(ours), statistics.median(limit), load.median_of(runs)
        return Row(
            "T5",
            "book (hold and confirm, two requests) / the same statements in pgbench",
            f"{mine:.0f}/s, p95 of a request {http.p95:.0f} ms, {http.errors} errors",
            f"{bare:.0f}/s",
            round(mine / bare, 3),
            "≥ 0.06",
            mine / bare >= 0.06 and not http.errors,
        )

    def hundred(self) -> Row:
        """T5: a hundred for ten places, through the portal and as the bare guarded statement."""
        binaries, database = servers.postgres_binaries(), self.rig.database
        windows = self.fought.starts
        bare_windows = windows[WINDOWS : 2 * WINDOWS]
        places.open_windows(self.fought, bare_windows)
        ours, bare = [], []
        for number in range(WINDOWS):
            script = replay.take(self.fought, bare_windows[number])
            bare.append(load.pgbench_rush(binaries, database, script, clients=CROWD))
            self._prove(bare_windows[number], bookings=0)
            settle(0.5)
            ours.append(self._rush(number, windows[number]))
            self._prove(windows[number], bookings=places.FEW)
            settle(0.5)
        won = _p95([each for rush in ours for each in rush.won])
        lost = _p95([each for rush in ours for each in rush.lost])
        last, slowest = statistics.median(r.last for r in ours), max(r.last for r in ours)
        bare_last = statistics.median(max(each) for each in bare)
        bare_p95 = _p95([each for rush in bare for each in rush])
        return Row(
            "T5",
            f"{CROWD} people at once for {places.FEW} places, {WINDOWS} windows"
            " / the guarded statement in pgbench",
            f"{places.FEW} got one each time; p95 {won:.0f} ms with a place, {lost:.0f} ms without;"
            f" all answered in {last / 1e3:.2f} s, at worst {slowest / 1e3:.2f} s",
            f"{places.FEW} each time; p95 {bare_p95:.0f} ms; all in {bare_last / 1e3:.2f} s",
            round(last / bare_last, 1),
            "exact; all ≤ 1 s",
            slowest <= 1_000,
        )

    # --- Loads -------------------------------------------------------------------------------

    def _url(self, server: str, path: str) -> str:
        return f"http://127.0.0.1:{self.ports[server]}{path}"

    def _book(self, first: int) -> tuple[float, load.Load]:
        """Bookings a second, counted by what the database then has, and the run itself."""
        bookings = Booking.objects.filter(service=self.roomy.service_id)
        before = Counter(bookings.values_list("state", flat=True))
        script = BOOK.format(
            seed=first,
            first=first,
            token=TOKEN,
            path=self.roomy.path,
            sealed=self.roomy.sealed,
            starts=", ".join(str(int(start.timestamp())) for start in self.roomy.starts),
        )
        run = load.wrk(self._url("web", "/"), script=script)
        made = Counter(bookings.values_list("state", flat=True)) - before
        confirmed = made[State.CONFIRMED]
        # A confirmed one took two requests, one that is still held the first of them.
        return run.rate * confirmed / (2 * confirmed + made[State.HELD]), run

    def _rush(self, number: int, start: datetime) -> Rush:
        requests = [self._hold(number, person, start) for person in range(CROWD)]
        answers = asyncio.run(load.rush(self.ports["web"], requests))
        won = [took for took, answer in answers if answer[9:12] == b"302"]
        lost = [took for took, answer in answers if b"\r\nX-Refusal: slot_full" in answer]
        if (len(won), len(lost)) != (places.FEW, CROWD - places.FEW):
            heads = Counter(answer[:40] for _took, answer in answers)
            raise Wrong(f"{len(won)} got one of {places.FEW} places: {heads}")
        return Rush(won, lost)

    def _hold(self, number: int, person: int, start: datetime) -> bytes:
        body = f"{self.fought.sealed}&starts_at={int(start.timestamp())}&key={uuid4()}"
        return HOLD.format(
            path=self.fought.path,
            length=len(body),
            token=TOKEN,
            round=number,
            person=person,
            body=body,
        ).encode()

    def _prove(self, start: datetime, *, bookings: int) -> None:
        """The database must say the same as the answers. Raises Wrong."""
        slot = Slot.objects.get(service=self.fought.service_id, starts_at=start)
        held = slot.bookings.count()
        if (slot.booked_online, held) != (places.FEW, bookings):
            raise Wrong(f"{slot.booked_online} of {places.FEW} places taken, {held} bookings")


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]
