"""Guesses are counted by the address they come from, and a dead Redis closes no door."""

import pytest
import redis
from django.core.cache import cache
from django.test import RequestFactory

from core import throttle


def wrong(who="10.0.0.1", times=1):
    for _each in range(times):
        throttle.count("kode", who)


def test_as_many_as_allowed_then_no_more():
    wrong(times=2)
    throttle.check("kode", "10.0.0.1", most=3)
    wrong()

    with pytest.raises(throttle.TooMany):
        throttle.check("kode", "10.0.0.1", most=3)
    throttle.check("kode", "10.0.0.2", most=3)
    throttle.check("lain", "10.0.0.1", most=3)


def test_a_minute_that_ends_between_two_counts_hurts_nobody(monkeypatch):
    wrong()
    monkeypatch.setattr(cache, "incr", lambda key: (_ for _ in ()).throw(ValueError))

    wrong()

    throttle.check("kode", "10.0.0.1", most=2)


def test_without_the_shared_cache_nothing_is_counted_and_nobody_is_refused(monkeypatch, caplog):
    def dead(*args, **more):
        raise redis.ConnectionError

    for name in ("get", "add"):
        monkeypatch.setattr(cache, name, dead)

    wrong(times=20)
    throttle.check("kode", "10.0.0.1", most=1)

    assert "ConnectionError" in caplog.text


@pytest.mark.parametrize(
    ("behind_proxy", "claimed", "address"),
    [
        (False, "1.2.3.4", "127.0.0.1"),
        (True, "1.2.3.4", "1.2.3.4"),
        (True, "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (True, None, "127.0.0.1"),
    ],
)
def test_only_our_own_proxy_is_believed(settings, behind_proxy, claimed, address):
    settings.SECURE_PROXY_SSL_HEADER = ("X", "https") if behind_proxy else None
    headers = {"X-Forwarded-For": claimed} if claimed else {}

    assert throttle.address_of(RequestFactory().get("/", headers=headers)) == address
