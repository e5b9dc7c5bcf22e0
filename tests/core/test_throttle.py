"""Guesses are counted by the address they come from, and a dead Redis closes no door."""

from datetime import timedelta

import pytest
import redis
import time_machine
from django.core.cache import cache
from django.test import RequestFactory

from core import throttle
from core.models import Tries
from core.tasks import forget_answers
from tests.recipes import at


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


def spend(times, *, now, who="1", most=3):
    """How often somebody is let in who tries so many times."""
    let_in = 0
    for _each in range(times):
        try:
            throttle.spend_surely("kode", who, most=most, within=timedelta(minutes=5), now=now)
        except throttle.TooMany:
            continue
        let_in += 1
    return let_in


@pytest.mark.django_db
def test_what_can_be_guessed_is_counted_in_the_database():
    assert spend(5, now=at(9)) == 3
    assert spend(1, now=at(9, 4, 59)) == 0
    assert spend(1, now=at(9, 4, 59), who="2") == 1
    assert spend(5, now=at(9, 5)) == 3


@pytest.mark.django_db
def test_it_is_said_how_long_to_wait():
    spend(3, now=at(9))

    with pytest.raises(throttle.TooMany, match=r"Tunggu 2 menit, lalu coba lagi\."):
        throttle.spend_surely("kode", "1", most=3, within=timedelta(minutes=5), now=at(9, 3, 30))


@pytest.mark.django_db
def test_what_was_counted_yesterday_is_forgotten():
    spend(1, now=at(9))
    spend(1, now=at(10), who="2")

    with time_machine.travel(at(9, 30) + timedelta(days=1), tick=False):
        forget_answers()

    assert [tries.what for tries in Tries.objects.all()] == ["wrong:kode:2"]
