"""The stream without a browser: an ASGI client of a few lines that plays the server's part."""

import asyncio
import contextlib
from concurrent.futures import ThreadPoolExecutor

import pytest
import redis as redis_client
import time_machine
from django.core import signing
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from core import live
from tests import servers


class Client:
    """Somebody who listens: what the stream sent, and the way to hang up."""

    def __init__(self, token, **scope):
        self.scope = {
            "type": "http",
            "path": "/live/",
            "query_string": f"t={token}".encode(),
            **scope,
        }
        self.sent: list[dict] = []
        self.hung_up = asyncio.Event()
        self.is_reading = asyncio.Event()
        self.is_reading.set()

    async def receive(self):
        await self.hung_up.wait()
        return {"type": "http.disconnect"}

    async def send(self, message):
        await self.is_reading.wait()
        self.sent.append(message)

    @property
    def status(self):
        return self.sent[0]["status"]

    @property
    def text(self):
        return b"".join(each.get("body", b"") for each in self.sent).decode()

    @property
    def hints(self):
        return [line for line in self.text.splitlines() if line.startswith(("data: 1", "event: r"))]

    async def __aenter__(self):
        self.task = asyncio.create_task(live.stream(self.scope, self.receive, self.send))
        await until(lambda: self.sent)
        return self

    async def __aexit__(self, *problem):
        self.is_reading.set()
        self.hung_up.set()
        await asyncio.wait_for(self.task, 2)


def play(scene):
    """In a thread of its own: a browser of other tests may keep a loop running in this one."""
    with ThreadPoolExecutor(1) as stage:
        return stage.submit(asyncio.run, scene).result()


async def until(is_true, within=5.0):
    async with asyncio.timeout(within):
        while not is_true():
            await asyncio.sleep(0.01)


@pytest.fixture
def in_process(settings):
    settings.REDIS_URL = ""


@pytest.fixture
def own_redis(settings):
    """A Redis that a test may kill, with a way to start it again on the same port."""
    settings.REDIS_URL = servers.start_redis()
    return settings.REDIS_URL


def test_hints_come_in_the_order_of_the_versions(in_process):
    async def scene():
        async with Client(live.token_for(7)) as client:
            for version in range(100, 120):
                live._publish(7, version)
            await until(lambda: "data: 119" in client.text)
            return client.hints

    assert play(scene()) == [f"data: {version}" for version in range(100, 120)]


def test_everybody_of_the_mall_hears_it_and_nobody_else(in_process):
    async def scene():
        async with (
            Client(live.token_for(7)) as here,
            Client(live.token_for(7)) as too,
            Client(live.token_for(8)) as elsewhere,
        ):
            live._publish(7, 100)
            await until(lambda: here.hints and too.hints)
            return here.hints, too.hints, elsewhere.hints

    assert play(scene()) == (["data: 100"], ["data: 100"], [])


def test_whoever_reads_too_slowly_gets_one_resync(in_process):
    async def scene():
        async with Client(live.token_for(7)) as client:
            client.is_reading.clear()
            for version in range(100, 100 + live.WAITING_HINTS + 5):
                live.hub.spread(7, version)
            client.is_reading.set()
            await until(lambda: "136" in client.text)
            return client.hints

    # Five more than fit: the first that did not fit became the resync, four came behind it.
    assert play(scene()) == ["event: resync", *(f"data: {v}" for v in range(133, 137))]


def test_a_quiet_stream_beats(in_process, monkeypatch):
    monkeypatch.setattr(live, "HEARTBEAT", 0.05)

    async def scene():
        async with Client(live.token_for(7)) as client:
            await until(lambda: client.text.count("event: beat") >= 3)

    play(scene())


def test_whoever_leaves_leaves_nothing_behind(in_process):
    async def scene():
        for _each in range(20):
            async with Client(live.token_for(7)):
                assert len(live.hub.listeners[7]) == 1
        return live.hub.listeners, len(asyncio.all_tasks())

    # The scene itself and the one beat, which ends at its next turn.
    assert play(scene()) == ({}, 2)


def test_a_server_going_down_ends_its_streams_in_order(in_process):
    async def scene():
        client = Client(live.token_for(7))
        async with client:
            client.task.cancel()
            await client.task
        return client.sent[-1], live.hub.listeners

    assert play(scene()) == ({"type": "http.response.body", "body": b""}, {})


def test_a_stream_survives_into_a_second_loop(in_process):
    async def scene():
        async with Client(live.token_for(7)) as client:
            live._publish(7, 100)
            await until(lambda: client.hints)
            return len(live.hub.listeners[7])

    assert [play(scene()), play(scene())] == [1, 1]


@pytest.mark.parametrize(
    "token",
    ["", "x", "7", live.token_for(7) + "x", signing.dumps(7, salt="other"), "%00", "a" * 5000],
    # Names that do not change with the second: the workers of a run must agree on them.
    ids=["empty", "word", "number", "forged", "other salt", "nul", "endless"],
)
def test_a_token_that_is_none_of_ours_is_refused(in_process, token):
    async def scene():
        async with Client(token) as client:
            return client.status, client.text

    assert play(scene()) == (403, "")
    assert live.hub.listeners == {}


def test_a_token_for_something_else_than_a_mall_is_refused(in_process):
    async def scene():
        async with Client(signing.dumps("7", salt=live.CHANNEL)) as client:
            return client.status

    assert play(scene()) == 403


def test_a_token_of_the_day_before_yesterday_is_refused(in_process):
    token = live.token_for(7)

    async def scene():
        async with Client(token) as client:
            return client.status

    assert play(scene()) == 200
    with time_machine.travel("2099-01-01"):
        assert play(scene()) == 403


def test_the_answer_is_a_stream_that_nothing_stores(in_process):
    async def scene():
        async with Client(live.token_for(7)) as client:
            return client.status, dict(client.sent[0]["headers"])

    status, headers = play(scene())

    assert status == 200
    assert headers[b"content-type"] == b"text/event-stream; charset=utf-8"
    assert headers[b"cache-control"] == b"no-store"


def test_a_stream_touches_no_database(in_process, monkeypatch):
    def refuse(*args):
        raise AssertionError("a stream connects to the database")

    monkeypatch.setattr(BaseDatabaseWrapper, "ensure_connection", refuse)

    async def scene():
        async with Client(live.token_for(7)) as client:
            live._publish(7, 100)
            await until(lambda: client.hints)

    play(scene())


@pytest.mark.django_db(transaction=True)
def test_only_what_was_committed_is_announced(in_process, monkeypatch):
    said = []
    monkeypatch.setattr(live, "_publish", lambda *hint: said.append(hint))

    with transaction.atomic():
        live.announce(7, 100)
        assert said == []
    with transaction.atomic():
        live.announce(7, 101)
        transaction.set_rollback(True)

    assert said == [(7, 100, 0, 0)]
    assert connection.in_atomic_block is False


def test_hints_go_through_redis_in_order(own_redis):
    async def scene():
        async with Client(live.token_for(7)) as client:
            await until(lambda: "resync" in client.text)
            for version in range(100, 120):
                await asyncio.to_thread(live._publish, 7, version)
            await until(lambda: "data: 119" in client.text)
            return client.hints

    assert play(scene()) == ["event: resync", *(f"data: {v}" for v in range(100, 120))]


def test_a_broken_hint_from_redis_makes_everybody_read_again(own_redis):
    async def scene():
        async with Client(live.token_for(7)) as client:
            await until(lambda: client.text.count("resync") == 1)
            with redis_client.Redis.from_url(own_redis) as redis:
                redis.publish(live.CHANNEL, "no hint of ours")
            # One because it broke, one because it is back.
            await until(lambda: client.text.count("resync") == 3)
            await asyncio.to_thread(live._publish, 7, 100)
            await until(lambda: "data: 100" in client.text)

    play(scene())


def test_after_a_redis_restart_everybody_reads_again(own_redis):
    async def scene():
        async with Client(live.token_for(7)) as client:
            await until(lambda: client.text.count("resync") == 1)
            with redis_client.Redis.from_url(own_redis) as redis:
                # All connections die at once, as when the server is started anew.
                redis.client_kill_filter(_type="pubsub")
            # One because it broke, one because it is back.
            await until(lambda: client.text.count("resync") == 3)
            await asyncio.to_thread(live._publish, 7, 100)
            await until(lambda: "data: 100" in client.text)

    play(scene())


def test_without_redis_a_call_goes_through_and_only_the_hint_is_lost(settings, caplog):
    settings.REDIS_URL = f"redis://127.0.0.1:{servers.free_port()}/0"

    live._publish(7, 100)

    assert caplog.messages == ["no hint for mall 7: ConnectionError"]


def test_a_hint_names_whom_it_is_about_and_how_many_listen(in_process):
    async def scene():
        async with Client(live.token_for(7)) as here, Client(live.token_for(7)):
            live._publish(7, 100, 41)
            await until(lambda: here.hints)
            return here.text

    assert "id: 41.2.0\ndata: 100\n\n" in play(scene())


@pytest.mark.parametrize(("line", "asking"), [(0, 4), (5, 3), (6, 2), (9, 1)])
def test_a_hint_names_its_line_and_how_many_will_ask(in_process, line, asking):
    async def scene():
        async with contextlib.AsyncExitStack() as hall:
            for their in ("", "&l=5", "&l=5", "&l=6"):
                client = Client(live.token_for(7) + their)
                await hall.enter_async_context(client)
            live._publish(7, 100, 41, line)
            await until(lambda: client.hints)
            return client.text

    # Everybody hears it: whose turn it is decides the screen itself.
    assert f"id: 41.{asking}.{line}\ndata: 100\n\n" in play(scene())


@pytest.mark.parametrize("odd", ["x", "-1", "9" * 40, "%C2%B2"])
def test_an_odd_line_is_none(in_process, odd):
    async def scene():
        async with Client(f"{live.token_for(7)}&l={odd}") as client:
            return client.status, list(live.hub.listeners[7].values())

    assert play(scene()) == (200, [0])
