"""From an officer's press to the new picture, while a thousand screens of the mall listen."""

import asyncio
import random
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from agencies.models import Mall
from hall import record
from queueing.models import Ticket

PATIENCE = 60.0  # seconds for every screen to have its picture
OPENING = 8  # pages opened at once before anybody presses
CROWD, EACH = 50, 0.004  # as in live.js: phones take turns, so many seconds for each of them


@dataclass(frozen=True)
class Page:
    """What a screen fetches at a hint, "" only listens; a phone knows its ticket and its line."""

    path: str
    version: int = 0  # of the picture it shows when its stream opens
    ticket: int = 0
    line: int = 0

    def asks(self, line: int) -> bool:
        """Whether it fetches at a hint that is about this line."""
        return bool(self.path) and self.line in {0, line}


@dataclass(frozen=True)
class Lag:
    """Milliseconds from the press to the picture: of those it is for, and of all who ask."""

    p50: float
    p95: float
    others: float  # the 95th percentile of all who ask
    everybody: float  # the slowest of them
    pictures: int
    missing: int


def crowds(mall: Mall) -> Iterator[tuple[str, list[Page], int]]:
    """Who fetches, and after how many calls: the boards; the phones of the next in line as well.

    Each crowd is looked up when it is its turn: who was called before waits no longer.
    """
    boards, phones = _screens(mall)
    yield "20 boards", boards + [Page("")] * len(phones), 20
    boards, phones = _screens(mall)
    yield "20 boards and the phone called, 980 phones taking turns", boards + phones, 5


def _screens(mall: Mall) -> tuple[list[Page], list[Page]]:
    version = record.version_of(mall.pk)
    waiting = Ticket.objects.filter(day__mall=mall).waiting().order_by("since", "pk")
    tokens = waiting.values_list("visit__token", "pk", "day_id")[:490]
    phones = [Page(f"/antrean/{token}/", version, pk, day) for token, pk, day in tokens] * 2
    return [Page(f"/papan/{mall.slug}/", version)] * 20, phones


class _Screen(asyncio.Protocol):
    """Listens; and, if it has a page of its own, fetches it anew at each hint, as live.js does."""

    opened = 0
    called: int | None = None  # the line of the last hint
    hinted: list[tuple["_Screen", bool]] = []

    def __init__(self, stream: str, page: Page) -> None:
        self.stream, self.page = stream, page
        self.shows = self.version = page.version  # of its picture, and of the last hint

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        stream = f"{self.stream}&l={self.page.line}"
        transport.write(f"GET {stream} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())

    def data_received(self, data: bytes) -> None:
        if b": open" in data:
            _Screen.opened += 1
        hint = re.search(rb"^id: (\d+)\.(\d+)\.(\d+)\ndata: (\d+)$", data, re.MULTILINE)
        if not hint:
            return
        subject, asking, line, self.version = map(int, hint.groups())
        _Screen.called = line
        if not self.page.asks(line):
            return
        if self.page.ticket in {0, subject} or asking < CROWD:
            _Screen.hinted.append((self, True))
        else:
            turn = random.random() * asking * EACH
            asyncio.get_running_loop().call_later(turn, _Screen.hinted.append, (self, False))

    def address(self) -> str:
        """Where the new picture is fetched, with the version of the one that is there."""
        address = f"{self.page.path}?v={self.shows}"
        self.shows = self.version
        return address


async def lag(
    ports: dict[str, int], stream: str, pages: Sequence[Page], presses: Sequence[Callable[[], None]]
) -> Lag:
    """Open each page and a stream for it; then press, one by one."""
    loop = asyncio.get_running_loop()
    await _open(ports["web"], pages)
    _Screen.opened = 0
    lines: list[asyncio.BaseTransport] = []
    for page in pages:
        transport, _screen = await loop.create_connection(
            lambda page=page: _Screen(stream, page),  # type: ignore[misc]
            "127.0.0.1",
            ports["live"],
        )
        lines.append(transport)
    while _Screen.opened < len(pages):
        await asyncio.sleep(0.05)
    taken: list[tuple[float, bool]] = []
    wanted = 0
    for press in presses:
        taken += await _one_call(ports["web"], pages, press)
        wanted += _readers(pages)
    for line in lines:
        line.close()
    meant = sorted(seconds for seconds, is_meant in taken if is_meant)
    p50, p95 = (meant[int(len(meant) * share)] * 1e3 for share in (0.5, 0.95))
    all_ = sorted(seconds * 1e3 for seconds, _is_meant in taken)
    others = all_[int(len(all_) * 0.95)]
    return Lag(p50, p95, others, all_[-1], len(taken), wanted - len(taken))


async def _open(port: int, pages: Sequence[Page]) -> None:
    """Fetch each page once, a few at a time: whoever listens has had a picture already."""
    paths = iter({page.path for page in pages if page.path})

    async def one_by_one() -> None:
        for path in paths:
            await _fetch(port, path)

    await asyncio.gather(*(one_by_one() for _visitor in range(OPENING)))


def _readers(pages: Sequence[Page]) -> int:
    """How many fetch after the call that was hinted last; nobody knows before the hint."""
    line = _Screen.called
    return len(pages) if line is None else sum(page.asks(line) for page in pages)


async def _one_call(
    port: int, pages: Sequence[Page], press: Callable[[], None]
) -> list[tuple[float, bool]]:
    """Seconds until each screen had its picture, and whether it was for it.

    The act itself and its answer are part of it.
    """
    loop = asyncio.get_running_loop()
    _Screen.hinted.clear()
    _Screen.called = None
    begun = time.perf_counter()

    async def shown(screen: _Screen, is_meant: bool) -> tuple[float, bool]:
        await _fetch(port, screen.address())
        return time.perf_counter() - begun, is_meant

    pressed = loop.run_in_executor(None, press)
    fetches: list[asyncio.Task[tuple[float, bool]]] = []
    while len(fetches) < _readers(pages) and time.perf_counter() - begun < PATIENCE:
        new, _Screen.hinted[:] = list(_Screen.hinted), []
        fetches += [asyncio.create_task(shown(*each)) for each in new]
        await asyncio.sleep(0.001)
    await pressed
    return await asyncio.gather(*fetches)


async def _fetch(port: int, page: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = (
        f"GET {page} HTTP/1.1\r\nHost: 127.0.0.1\r\nHX-Request: true\r\nConnection: close\r\n\r\n"
    )
    writer.write(head.encode())
    answer = await reader.read()
    writer.close()
    if answer[9:12] not in {b"200", b"204"}:
        raise ConnectionError(f"{page.partition('?')[0]}: {answer[:80]!r}; see build/bench-logs")
