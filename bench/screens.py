"""From an officer's press to the new picture, while a thousand screens of the mall listen."""

import asyncio
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from agencies.models import Mall
from queueing.models import Visit
from queueing.states import State

PATIENCE = 30.0  # seconds for every screen to have its picture


def crowds(mall: Mall) -> list[tuple[str, list[str], int]]:
    """Who fetches ("" only listens), and after how many calls: the boards; the phones as well."""
    waiting = Visit.objects.filter(mall=mall, tickets__state=State.WAITING).order_by("-pk")
    phones = [f"/antrean/{token}/" for token in waiting.values_list("token", flat=True)[:490]] * 2
    boards = [f"/papan/{mall.slug}/?v=0"] * 20
    return [
        ("20 boards", boards + [""] * len(phones), 20),
        ("20 boards and 980 phones", boards + phones, 5),
    ]


@dataclass(frozen=True)
class Lag:
    """Milliseconds from the press to the picture, over all calls and all screens that fetch."""

    p50: float
    p95: float
    pictures: int
    missing: int


class _Screen(asyncio.Protocol):
    """Listens; and, if it has a page of its own, fetches it anew at each hint."""

    opened = 0
    hinted: list["_Screen"] = []

    def __init__(self, stream: str, page: str) -> None:
        self.stream, self.page = stream, page

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.write(f"GET {self.stream} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())

    def data_received(self, data: bytes) -> None:
        if b": open" in data:
            _Screen.opened += 1
        if self.page and re.search(rb"^data: \d", data, re.MULTILINE):
            _Screen.hinted.append(self)


async def lag(
    ports: dict[str, int], stream: str, pages: Sequence[str], presses: Sequence[Callable[[], None]]
) -> Lag:
    """Open a stream for each page, "" for a screen that only listens; then press, one by one."""
    loop = asyncio.get_running_loop()
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
    readers = sum(map(bool, pages))
    taken = [each for press in presses for each in await _one_call(ports["web"], readers, press)]
    for line in lines:
        line.close()
    taken.sort()
    p50, p95 = (taken[int(len(taken) * share)] * 1e3 for share in (0.5, 0.95))
    return Lag(p50, p95, len(taken), readers * len(presses) - len(taken))


async def _one_call(port: int, readers: int, press: Callable[[], None]) -> list[float]:
    """Seconds until each screen had its picture; the act itself and its answer are part of it."""
    loop = asyncio.get_running_loop()
    _Screen.hinted.clear()
    begun = time.perf_counter()

    async def shown(screen: _Screen) -> float:
        await _fetch(port, screen.page)
        return time.perf_counter() - begun

    pressed = loop.run_in_executor(None, press)
    fetches: list[asyncio.Task[float]] = []
    while len(fetches) < readers and time.perf_counter() - begun < PATIENCE:
        new, _Screen.hinted[:] = list(_Screen.hinted), []
        fetches += [asyncio.create_task(shown(screen)) for screen in new]
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
        raise ConnectionError(answer[:80])
