"""Hints between many calls and many screens while Redis dies, forgets everything or falls silent.

A screen here is what live.js is at its core, without its polling: it reads the truth when, and
only when, the stream tells it to. So whatever it knows in the end came through the stream.
"""

import asyncio
import contextlib
import re
import time

import pytest
import redis
from django.db import connection

from core import live
from hall import record
from tests import servers
from tests.core.test_live import Client, play, until
from tests.proxy import Proxy
from tests.races.crowd import errors, together
from tests.recipes import make_hall

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
QUIET = 3.0  # seconds after the last call in which every screen must be right
QUIET_WITHOUT_REDIS = 5.0
SEATS, CALLS = 4, 6


class Screen(Client):
    """Reads the version of its mall when it is told that there may be another one."""

    def __init__(self, mall_id):
        super().__init__(live.token_for(mall_id))
        self.mall_id, self.versions = mall_id, [0]

    async def send(self, message):
        await super().send(message)
        text = message.get("body", b"").decode()
        newest = max(map(int, re.findall(r"^data: (\d+)", text, re.MULTILINE)), default=0)
        # As a page: when the stream opens, when it says so, and when there is something newer.
        if newest > self.versions[-1] or ": open" in text or "resync" in text:
            self.versions.append(await asyncio.to_thread(read, self.mall_id))


def read(mall_id):
    with contextlib.closing(connection):
        return record.version_of(mall_id)


@pytest.fixture
def hall():
    hall = make_hall(counters=SEATS)
    for _each in range(SEATS * CALLS + 1):
        hall.issue()
    return hall


@pytest.fixture
def broker(settings):
    """A Redis for hints only, at the far end of a line; a test may kill the one or cut the other."""
    own = servers.Redis()
    with Proxy(own.port) as own.line:
        settings.REDIS_URL = own.url.replace(str(own.port), str(own.line.port))
        yield own
        own.kill()


def everybody_works(hall):
    """Every counter calls and serves its share, as fast as the database allows."""

    def work(seat):
        for _each in range(CALLS):
            hall.done(hall.call(seat=seat), seat=seat)
            time.sleep(0.05)

    assert errors(together(*[lambda seat=seat: work(seat) for seat in range(SEATS)])) == []


def seen_by_screens(hall, trouble=lambda: None, afterwards=lambda: None, *, within=QUIET):
    """The truth, and what each screen read: all counters work, meanwhile trouble takes place.

    `within` are the seconds that the screens have after the last call and what comes afterwards.
    """

    async def scene():
        async with contextlib.AsyncExitStack() as stack:
            screens = [await stack.enter_async_context(Screen(hall.mall.pk)) for _each in range(5)]
            await until(lambda: "resync" in screens[0].text)
            acts = [everybody_works, hall], [trouble]
            await asyncio.gather(*[asyncio.to_thread(*act) for act in acts])
            await asyncio.to_thread(afterwards)
            truth = await asyncio.to_thread(read, hall.mall.pk)
            with contextlib.suppress(TimeoutError):
                await until(lambda: all(s.versions[-1] == truth for s in screens), within)
            return truth, [each.versions for each in screens]

    return play(scene())


def assert_right(truth, seen):
    assert [versions[-1] for versions in seen] == [truth] * len(seen)
    assert all(versions == sorted(versions) for versions in seen)


def flush(broker):
    for _each in range(10):
        time.sleep(0.05)
        with contextlib.closing(redis.Redis.from_url(broker.url)) as client:
            client.flushall()


def restart(broker):
    time.sleep(0.2)
    broker.kill()
    time.sleep(0.2)
    broker.start()


def die(broker):
    time.sleep(0.2)
    broker.kill()


@pytest.mark.parametrize("trouble", [flush, restart])
def test_every_screen_is_right_three_seconds_after_the_last_call(hall, broker, trouble):
    assert_right(*seen_by_screens(hall, lambda: trouble(broker)))


def test_without_redis_every_screen_is_right_five_seconds_after_the_last_call(hall, broker):
    assert_right(*seen_by_screens(hall, lambda: die(broker), within=QUIET_WITHOUT_REDIS))


def test_a_redis_that_falls_silent_is_given_up(hall, broker):
    def last_call():
        broker.line.half_open()
        hall.call()

    assert_right(*seen_by_screens(hall, afterwards=last_call, within=QUIET_WITHOUT_REDIS))


def test_what_was_called_while_redis_was_gone_is_seen_when_it_is_back(hall, broker):
    assert_right(*seen_by_screens(hall, lambda: die(broker), broker.start))


def test_twin_read_once_and_never_again_a_screen_stays_behind(hall, broker, guard_off):
    told, resync = [], live.Hub.resync
    guard_off.setattr(live.Hub, "resync", lambda hub: told or told.append(resync(hub)))
    truth, seen = seen_by_screens(hall, lambda: die(broker), broker.start)

    assert all(versions[-1] < truth for versions in seen)


def test_the_hub_of_one_process_needs_no_redis(hall, settings):
    settings.REDIS_URL = ""

    async def alone():
        async with Screen(hall.mall.pk) as screen:
            await asyncio.to_thread(everybody_works, hall)
            truth = await asyncio.to_thread(read, hall.mall.pk)
            await until(lambda: screen.versions[-1] == truth, QUIET)
            return truth, [screen.versions]

    assert_right(*play(alone()))
