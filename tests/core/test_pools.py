"""However many threads come and go, they leave no line to Redis behind."""

import contextlib
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Thread

import pytest
import redis
from django.core.cache.backends.redis import RedisCache

from core import live
from core.pools import Shared
from mpp.settings import _redis as ours
from tests import servers


@pytest.fixture
def own():
    """A Redis of its own, so that its lines can be counted."""
    own = servers.Redis()
    yield own
    own.kill()


def lines(own):
    """How many lines it holds, without the one that asks."""
    with contextlib.closing(redis.Redis.from_url(own.url)) as client:
        return client.info("clients")["connected_clients"] - 1


def each_in_a_thread(act, times=5):
    for _each in range(times):
        thread = Thread(target=act)
        thread.start()
        thread.join()


def test_threads_that_ask_the_cache_one_after_the_other_share_a_line(own):
    each_in_a_thread(lambda: RedisCache(own.url, ours).get("x"))

    assert lines(own) == 1


def test_threads_that_give_hints_one_after_the_other_share_a_line(own, settings):
    settings.REDIS_URL = own.url

    each_in_a_thread(lambda: live._publish(7, 100))

    assert lines(own) == 1


def test_two_that_begin_at_once_make_one_pool(monkeypatch):
    make = redis.ConnectionPool.__init__

    def make_slowly(pool, **options):
        time.sleep(0.1)
        make(pool, **options)

    monkeypatch.setattr(redis.ConnectionPool, "__init__", make_slowly)
    url = f"redis://127.0.0.1:{servers.free_port()}/0"
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(Shared.from_url, [url, url])

    assert first is second


def test_other_options_are_another_pool():
    url = f"redis://127.0.0.1:{servers.free_port()}/0"

    patient, hasty = (Shared.from_url(url, socket_timeout=seconds) for seconds in (9, 1))

    assert patient.connection_kwargs["socket_timeout"] == 9
    assert hasty.connection_kwargs["socket_timeout"] == 1
