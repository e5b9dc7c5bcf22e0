"""The live stream: one hint per change, "mall 7 is now at version 8123", and a heartbeat.

Hints may be lost; the truth is always read again from the database. A stream is opened by a
short signed token, touches no session and no database, and is raw ASGI: 1,000 of them must
fit into one small process.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
from typing import Any, TypeAlias
from urllib.parse import parse_qs

import redis
import redis.asyncio
from django.conf import settings
from django.core import signing
from django.db import transaction

from core.pools import Shared

log = logging.getLogger(__name__)
Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]

CHANNEL = "mpp:live"
HEARTBEAT = 5.0  # seconds; a screen that hears nothing for 10 s says so
PATIENCE = 2.0  # seconds for Redis to answer, and from one attempt to reach it to the next
TOKEN_AGE = 26 * 3600  # a board runs all day; the page renews the token when it reloads
WAITING_HINTS = 32  # more unread hints than this and the reader gets one `resync` instead
OPEN = b"retry: 2000\n: open\n\n"
BEAT = b"event: beat\ndata: {}\n\n"
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


def url_for(mall_id: int, *, line: int = 0) -> str:
    """The address of the mall's stream, for `data-live` on a page; of a line, if it shows one."""
    return f"/live/?t={token_for(mall_id)}" + (f"&l={line}" if line else "")


def announce(mall_id: int, version: int, *, subject: int = 0, line: int = 0) -> None:
    """Tell every screen of the mall, after commit, that this version now exists.

    `subject` is the row it is about, if it is about one: its own screen asks at once, while a crowd
    of others takes turns. `line` is the line in which alone anything changed: screens of another
    line need not ask.
    """
    transaction.on_commit(lambda: _publish(mall_id, version, subject, line), robust=True)


def _publish(mall_id: int, version: int, subject: int = 0, line: int = 0) -> None:
    if not settings.REDIS_URL:
        hub.spread_soon(mall_id, version, subject, line)
        return
    try:
        _redis().publish(CHANNEL, f"{mall_id} {version} {subject} {line}")
    except redis.RedisError as error:
        # Screens find out by polling; a dead Redis must not fail a call.
        log.warning("no hint for mall %s: %s", mall_id, type(error).__name__)


def _redis() -> redis.Redis:
    pool = Shared.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)
    return redis.Redis(connection_pool=pool)


class Hub:
    """The listeners of this process, by mall; fed by Redis or directly, and kept awake."""

    def __init__(self) -> None:
        self.listeners: dict[int, dict[asyncio.Queue[bytes], int]] = {}  # with their lines
        self.loop: asyncio.AbstractEventLoop | None = None
        self.tasks: dict[str, asyncio.Task[None]] = {}

    def join(self, mall_id: int, line: int = 0) -> asyncio.Queue[bytes]:
        """Must be called in the event loop that will read the queue."""
        loop = asyncio.get_running_loop()
        if self.loop is not loop:
            self.loop, self.listeners, self.tasks = loop, {}, {}
        queue: asyncio.Queue[bytes] = asyncio.Queue(WAITING_HINTS)
        self.listeners.setdefault(mall_id, {})[queue] = line
        self._keep_going("beat", self.beat)
        if settings.REDIS_URL:
            self._keep_going("feed", self.feed)
        return queue

    def leave(self, mall_id: int, queue: asyncio.Queue[bytes]) -> None:
        audience = self.listeners.get(mall_id, {})
        audience.pop(queue, None)
        if not audience:
            self.listeners.pop(mall_id, None)

    def _keep_going(self, name: str, work: Callable[[], Coroutine[None, None, None]]) -> None:
        if name not in self.tasks or self.tasks[name].done():
            self.tasks[name] = asyncio.get_running_loop().create_task(work())

    def spread(self, mall_id: int, version: int, subject: int = 0, line: int = 0) -> None:
        """Everybody hears it; with it goes how many will ask, for the turns they take."""
        audience = self.listeners.get(mall_id, {})
        asking = sum(not line or its in {0, line} for its in audience.values())
        hint = b"id: %d.%d.%d\ndata: %d\n\n" % (subject, asking, line, version)
        for queue in audience:
            _put(queue, hint)

    def spread_soon(self, mall_id: int, version: int, subject: int = 0, line: int = 0) -> None:
        """From any thread of the process that also serves the streams (no Redis)."""
        if self.loop is not None and not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self.spread, mall_id, version, subject, line)

    def resync(self) -> None:
        for audience in self.listeners.values():
            for queue in audience:
                _put(queue, RESYNC)

    async def beat(self) -> None:
        """One timer for all streams: a thousand of their own would cost more than the hints."""
        while self.listeners:
            await asyncio.sleep(HEARTBEAT)
            for audience in self.listeners.values():
                for queue in audience:
                    if queue.empty():
                        queue.put_nowait(BEAT)

    async def feed(self) -> None:
        """Listen to Redis for ever; as long as it is gone everybody reads the truth by itself."""
        task = asyncio.current_task()
        # Closing a broken connection can raise in place of the cancellation that asked for it.
        while task is None or not task.cancelling():
            try:
                client = redis.asyncio.Redis.from_url(
                    settings.REDIS_URL, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE
                )
                async with client, client.pubsub() as pubsub:
                    await pubsub.subscribe(CHANNEL)
                    await self._listen(pubsub)
            except (redis.RedisError, OSError, ValueError) as error:
                log.warning("live hints interrupted: %s", type(error).__name__)
            self.resync()
            await asyncio.sleep(PATIENCE)

    async def _listen(self, pubsub: "redis.asyncio.client.PubSub") -> None:
        is_asked = False
        while True:
            message = await pubsub.get_message(timeout=PATIENCE)
            if message is None and is_asked:
                raise redis.TimeoutError  # a line that is down on the other side says nothing
            if message is None:
                await pubsub.ping("still there?")
            elif message["type"] == "subscribe":
                # Only from here on nothing is missed: what came before is read from the database.
                self.resync()
            elif message["type"] == "message":
                self.spread(*map(int, message["data"].split()))
            is_asked = message is None


hub = Hub()


def _put(queue: asyncio.Queue[bytes], hint: bytes) -> None:
    if queue.full():
        while not queue.empty():
            queue.get_nowait()
        hint = RESYNC
    queue.put_nowait(hint)


async def stream(scope: Scope, receive: Receive, send: Send) -> None:
    """Raw ASGI handler of /live/?t=token."""
    mall_id = _allowed(scope)
    if mall_id is None:
        await send({"type": "http.response.start", "status": 403, "headers": HEADERS[1:]})
        await send({"type": "http.response.body", "body": b""})
        return
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    queue = hub.join(mall_id, _line(scope))
    writer = asyncio.create_task(_write(queue, send))
    try:
        while (await receive())["type"] != "http.disconnect":
            pass
    except asyncio.CancelledError:
        # The server is going down: end in order, so that it has nothing to complain about.
        with contextlib.suppress(OSError):
            await send({"type": "http.response.body", "body": b""})
    finally:
        hub.leave(mall_id, queue)
        writer.cancel()
        with contextlib.suppress(asyncio.CancelledError, OSError):
            await writer


async def _write(queue: asyncio.Queue[bytes], send: Send) -> None:
    chunk = OPEN
    while True:
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
        chunk = await queue.get()
        while not queue.empty():
            chunk += queue.get_nowait()


def _asked(scope: Scope, name: str) -> str:
    query: bytes = scope.get("query_string", b"")
    return parse_qs(query.decode("latin-1")).get(name, [""])[0]


def _line(scope: Scope) -> int:
    """Only counted, never trusted: every hint of the mall is sent to everybody."""
    asked = _asked(scope, "l")
    return int(asked) if asked.isdecimal() and len(asked) < 19 else 0


def _allowed(scope: Scope) -> int | None:
    try:
        mall_id = signing.loads(_asked(scope, "t"), salt=CHANNEL, max_age=TOKEN_AGE)
    except signing.BadSignature:
        return None
    return mall_id if isinstance(mall_id, int) else None
