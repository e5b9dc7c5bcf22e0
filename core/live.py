"""The live stream: one hint per change, "mall 7 is now at version 8123", and a heartbeat.

Hints may be lost; the truth is always read again from the database. A stream is opened by a
short signed token, touches no session and no database, and is raw ASGI: 1,000 of them must
fit into one small process.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeAlias
from urllib.parse import parse_qs

import redis
import redis.asyncio
from django.conf import settings
from django.core import signing
from django.db import transaction

log = logging.getLogger(__name__)
Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]

CHANNEL = "mpp:live"
HEARTBEAT = 5.0  # seconds; a screen that hears nothing for 10 s says so
TOKEN_AGE = 26 * 3600  # a board runs all day; the page renews the token when it reloads
WAITING_HINTS = 32  # more unread hints than this and the reader gets one `resync` instead
RESYNC = b"event: resync\ndata: {}\n\n"
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


def token_for(mall_id: int) -> str:
    """A signed permission to listen to one mall, given out with its pages."""
    return signing.dumps(mall_id, salt=CHANNEL, compress=False)


def url_for(mall_id: int) -> str:
    """The address of the mall's stream, for `data-live` on a page."""
    return f"/live/?t={token_for(mall_id)}"


def announce(mall_id: int, version: int) -> None:
    """Tell every screen of the mall, after commit, that this version now exists."""
    transaction.on_commit(lambda: _publish(mall_id, version), robust=True)


def _publish(mall_id: int, version: int) -> None:
    if not settings.REDIS_URL:
        hub.spread_soon(mall_id, version)
        return
    try:
        _redis().publish(CHANNEL, f"{mall_id} {version}")
    except redis.RedisError as error:
        # Screens find out by polling; a dead Redis must not fail a call.
        log.warning("no hint for mall %s: %s", mall_id, type(error).__name__)


_client: redis.Redis | None = None


def _redis() -> redis.Redis:
    global _client  # one connection pool per process
    if _client is None:
        _client = redis.Redis.from_url(
            settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1
        )
    return _client


class Hub:
    """The listeners of this process, by mall; fed by Redis or directly."""

    def __init__(self) -> None:
        self.listeners: dict[int, set[asyncio.Queue[bytes]]] = {}
        self.loop: asyncio.AbstractEventLoop | None = None
        self.feeder: asyncio.Task[None] | None = None

    def join(self, mall_id: int) -> asyncio.Queue[bytes]:
        """Must be called in the event loop that will read the queue."""
        loop = asyncio.get_running_loop()
        if self.loop is not loop:
            self.loop, self.feeder = loop, None
        if settings.REDIS_URL and (self.feeder is None or self.feeder.done()):
            self.feeder = loop.create_task(self.feed())
        queue: asyncio.Queue[bytes] = asyncio.Queue(WAITING_HINTS)
        self.listeners.setdefault(mall_id, set()).add(queue)
        return queue

    def leave(self, mall_id: int, queue: asyncio.Queue[bytes]) -> None:
        audience = self.listeners.get(mall_id, set())
        audience.discard(queue)
        if not audience:
            self.listeners.pop(mall_id, None)

    def spread(self, mall_id: int, version: int) -> None:
        hint = b"data: %d\n\n" % version
        for queue in self.listeners.get(mall_id, ()):
            _put(queue, hint)

    def spread_soon(self, mall_id: int, version: int) -> None:
        """From any thread of the process that also serves the streams (no Redis)."""
        if self.loop is not None and not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self.spread, mall_id, version)

    def resync(self) -> None:
        for audience in self.listeners.values():
            for queue in audience:
                _put(queue, RESYNC)

    async def feed(self) -> None:
        """Listen to Redis for ever; after each break everybody reads the truth again."""
        while True:
            try:
                async with redis.asyncio.Redis.from_url(settings.REDIS_URL) as client:
                    await self._listen(client)
            except (redis.RedisError, OSError) as error:
                log.warning("live hints interrupted: %s", type(error).__name__)
            await asyncio.sleep(1)

    async def _listen(self, client: "redis.asyncio.Redis") -> None:
        async with client.pubsub() as pubsub:
            await pubsub.subscribe(CHANNEL)
            self.resync()
            async for message in pubsub.listen():
                if message["type"] == "message":
                    mall_id, version = map(int, message["data"].split())
                    self.spread(mall_id, version)


hub = Hub()


def _put(queue: asyncio.Queue[bytes], hint: bytes) -> None:
    if queue.full():
        while not queue.empty():
            queue.get_nowait()
        hint = RESYNC
    queue.put_nowait(hint)


async def stream(scope: Scope, receive: Receive, send: Send) -> None:
    """Raw ASGI handler of /live/?t=token."""
    if scope["type"] != "http":
        return
    mall_id = _allowed(scope)
    if mall_id is None:
        await send({"type": "http.response.start", "status": 403, "headers": HEADERS[1:]})
        await send({"type": "http.response.body", "body": b""})
        return
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    queue = hub.join(mall_id)
    writer = asyncio.create_task(_write(queue, send))
    try:
        while (await receive())["type"] != "http.disconnect":
            pass
    finally:
        writer.cancel()
        with contextlib.suppress(asyncio.CancelledError, OSError):
            await writer
        hub.leave(mall_id, queue)


async def _write(queue: asyncio.Queue[bytes], send: Send) -> None:
    chunk = b"retry: 2000\n: open\n\n"
    while True:
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
        try:
            chunk = await asyncio.wait_for(queue.get(), HEARTBEAT)
        except TimeoutError:
            chunk = b"event: beat\ndata: {}\n\n"


def _allowed(scope: Scope) -> int | None:
    query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    try:
        mall_id = signing.loads(query.get("t", [""])[0], salt=CHANNEL, max_age=TOKEN_AGE)
    except signing.BadSignature:
        return None
    return mall_id if isinstance(mall_id, int) else None
