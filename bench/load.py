"""Load from outside: wrk for requests, an asyncio client for open streams. Loopback only."""

import asyncio
import re
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

TOKEN = "a" * 32  # against CSRF: the cookie and the form have the same
KEY = """
local n = 0
math.randomseed(os.time() + {seed})
local function key()
  n = n + 1
  return string.format("%08x-0000-4000-8000-%012x", math.random(0, 0x7fffffff), n)
end
"""
REPORT = """
done = function(summary, latency)
  io.write(string.format("@@ %d %d %d %d %d %d\\n", latency:percentile(50), latency:percentile(95),
    summary.requests, summary.duration, summary.errors.status, summary.errors.timeout
    + summary.errors.read + summary.errors.write + summary.errors.connect))
end"""


class Missing(RuntimeError):
    """A measuring tool is not on this machine; the text says how to get it."""


@dataclass(frozen=True)
class Load:
    """Requests a second, milliseconds at the median and at 95 %, and answers that were errors."""

    rate: float
    p50: float
    p95: float
    errors: int


def wrk(url: str, *, clients: int = 8, seconds: int = 4, script: str = "") -> Load:
    """One run of wrk; the script may define request() in Lua."""
    if shutil.which("wrk") is None:
        raise Missing("wrk is missing; on Debian: apt-get install wrk")
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as lua:
        lua.write(script + REPORT)
        lua.flush()
        command = ["wrk", "-t1", f"-c{clients}", f"-d{seconds}s", "--timeout", "30s"]
        run = subprocess.run(
            [*command, "-s", lua.name, url], capture_output=True, text=True, check=True
        )
    found = re.search(r"@@ (\d+) (\d+) (\d+) (\d+) (\d+) (\d+)", run.stdout)
    if found is None:
        raise Missing(f"wrk said nothing usable: {run.stdout[-300:]} {run.stderr[-300:]}")
    p50, p95, requests, micros, bad, broken = map(int, found.groups())
    return Load(requests / (micros / 1e6), p50 / 1e3, p95 / 1e3, bad + broken)


def median_of(runs: list[Load]) -> Load:
    """The median of each figure; errors add up."""
    return Load(
        statistics.median(run.rate for run in runs),
        statistics.median(run.p50 for run in runs),
        statistics.median(run.p95 for run in runs),
        sum(run.errors for run in runs),
    )


def pgbench(
    binaries: Path, database: dict[str, str], script: str, *, clients: int = 8, first: int = 0
) -> float:
    """Transactions a second of one script, prepared; it may count its own in :n, from `first`."""
    options = ["-c", str(clients), "-T", "4", "-D", f"n={first}"]
    found = re.search(r"tps = ([\d.]+)", said := _pgbench(binaries, database, script, options))
    if found is None:
        raise Missing(f"pgbench said nothing usable: {said[-300:]}")
    return float(found.group(1))


def pgbench_rush(
    binaries: Path, database: dict[str, str], script: str, *, clients: int
) -> list[float]:
    """Milliseconds of one transaction each of so many clients that all begin at once."""
    with tempfile.TemporaryDirectory() as logs:
        options = ["-c", str(clients), "-t", "1", "-l", "--log-prefix", f"{logs}/each"]
        _pgbench(binaries, database, script, options)
        lines = [line for log in Path(logs).iterdir() for line in log.read_text().splitlines()]
    return [int(line.split()[2]) / 1e3 for line in lines]


def _pgbench(binaries: Path, database: dict[str, str], script: str, options: list[str]) -> str:
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as sql:
        sql.write(script)
        sql.flush()
        command = [str(binaries / "pgbench"), "-n", "-M", "prepared", "-j", "1", *options]
        where = ["-h", "127.0.0.1", "-p", database["port"], "-U", database["user"]]
        run = subprocess.run(
            [*command, "-f", sql.name, *where, database["name"]],
            capture_output=True,
            text=True,
            check=False,
        )
    if run.returncode:
        raise Missing(f"pgbench failed: {run.stderr[-1000:]}")
    return run.stdout


async def rush(port: int, requests: Sequence[bytes]) -> list[tuple[float, bytes]]:
    """Send all of them at once, each over a line of its own; the milliseconds and the answers."""
    lines = [await asyncio.open_connection("127.0.0.1", port) for _each in requests]
    begun = time.perf_counter()

    async def asked(
        line: tuple[asyncio.StreamReader, asyncio.StreamWriter], request: bytes
    ) -> tuple[float, bytes]:
        reader, writer = line
        writer.write(request)
        answer = await reader.read()
        took = (time.perf_counter() - begun) * 1e3
        writer.close()
        return took, answer

    return await asyncio.gather(*map(asked, lines, requests))


@dataclass(frozen=True)
class Fanout:
    """Kilobytes a stream costs the server; milliseconds from an event to half and all of them."""

    streams: int
    kilobytes: float
    p50: float
    everybody: float


class _Listener(asyncio.Protocol):
    opened = 0
    heard: list[float] = []

    def __init__(self, path: str) -> None:
        self.path = path

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.write(f"GET {self.path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())

    def data_received(self, data: bytes) -> None:
        if b": open" in data:
            _Listener.opened += 1
        if re.search(rb"^data: \d", data, re.MULTILINE):
            _Listener.heard.append(time.perf_counter())


async def fanout(
    port: int, path: str, streams: int, *, memory: Callable[[], float], publish: Callable[[], None]
) -> Fanout:
    """Open so many streams, publish five events, and time until each stream has heard them."""
    loop = asyncio.get_running_loop()
    before = memory()
    open_ones: list[asyncio.BaseTransport] = []
    for start in range(0, streams, 100):
        opening = [
            loop.create_connection(lambda: _Listener(path), "127.0.0.1", port)
            for _ in range(min(100, streams - start))
        ]
        open_ones += [transport for transport, _protocol in await asyncio.gather(*opening)]
    while _Listener.opened < streams:
        await asyncio.sleep(0.05)
    await asyncio.sleep(1)
    kilobytes = (memory() - before) / streams / 1e3
    times = [await _one_event(loop, streams, publish) for _ in range(5)]
    for transport in open_ones:
        transport.close()
    halves, alls = zip(*times, strict=True)
    return Fanout(streams, kilobytes, statistics.median(halves), statistics.median(alls))


async def _one_event(
    loop: asyncio.AbstractEventLoop, streams: int, publish: Callable[[], None]
) -> tuple[float, float]:
    _Listener.heard.clear()
    started = time.perf_counter()
    await loop.run_in_executor(None, publish)
    while len(_Listener.heard) < streams and time.perf_counter() - started < 20:
        await asyncio.sleep(0.002)
    heard = sorted(_Listener.heard)
    await asyncio.sleep(0.3)
    return (heard[len(heard) // 2] - started) * 1e3, (heard[-1] - started) * 1e3
