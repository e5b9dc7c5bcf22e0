"""Workers that are killed, a Redis that goes away, a clock that stands still: what is written arrives."""

import signal
import time
from datetime import timedelta

import pytest
import redis

from core import clock
from notifications.models import Message
from notifications.states import Channel, State
from tests.notifications.posts import states
from tests.races.fleet import all_sent, said, sent_keys, tell, until

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
TEXT = Channel.TEXT
RESUMED_WITHIN = 30  # seconds after Redis is back


# --- Redis goes away -------------------------------------------------------------------------


def test_redis_may_restart_forget_everything_and_be_away(fleet, gateway, contact):
    """The rows are the truth: nobody who writes one notices, and no worker is started again."""
    fleet.worker(), fleet.beat()
    slowest = 0.0

    def write(event, times=5):
        nonlocal slowest
        for number in range(times):
            begun = time.monotonic()
            tell(contact, event=f"{event}:{number}")
            slowest = max(slowest, time.monotonic() - begun)

    write("before")
    until(all_sent, said)
    gateway.delay = (0.3, 0.5)
    write("under way")
    until(lambda: len(gateway.arrived) > 5, said)
    fleet.redis.kill()
    write("while it restarts")
    fleet.redis.start()
    gateway.delay = (0.0, 0.0)
    resumed = [until(all_sent, said)]
    write("before it forgets")
    with redis.Redis.from_url(fleet.redis.url) as client:
        client.flushall()
    write("after it forgot")
    resumed.append(until(all_sent, said))
    fleet.redis.kill()
    for second in range(4):
        write(f"away for {second} s", times=2)
        time.sleep(1)
    fleet.redis.start()
    resumed.append(until(all_sent, said))
    write("afterwards")
    until(all_sent, said)

    assert max(resumed) < RESUMED_WITHIN
    assert slowest < 1
    assert set(gateway.keys()) == sent_keys()
    assert set(gateway.keys().values()) == {1}


def test_a_redis_that_hangs_costs_a_press_three_seconds_at_most(fleet, gateway, contact):
    fleet.portal.connection_for_write().ensure_connection(max_retries=1)
    fleet.redis.process.send_signal(signal.SIGSTOP)
    try:
        begun = time.monotonic()
        tell(contact, event="booking-event:1")
        took = time.monotonic() - begun
    finally:
        fleet.redis.process.send_signal(signal.SIGCONT)

    assert took < 4
    fleet.worker(), fleet.beat()
    until(all_sent, said)


# --- Beat is silent, and then double ---------------------------------------------------------


def test_after_a_day_and_a_night_without_beat_what_is_still_true_is_sent_once(
    fleet, gateway, contact
):
    now, day = clock.now(), timedelta(hours=26)
    kept = [
        tell(
            contact,
            event=f"kept:{n}",
            now=now,
            due_at=now + n * timedelta(hours=2),
            not_after=now + 2 * day,
        )
        for n in range(12)
    ]
    late = [
        tell(contact, event=f"late:{n}", now=now, not_after=now + timedelta(hours=1 + n))
        for n in range(12)
    ]
    ahead = tell(
        contact,
        event="ahead",
        now=now,
        due_at=now + day + timedelta(hours=1),
        not_after=now + 2 * day,
    )

    shift = day.total_seconds()
    fleet.worker(shift=shift), fleet.beat(shift=shift), fleet.beat(shift=shift)
    until(lambda: states(event__startswith="kept", channel=TEXT) == {State.SENT}, said)
    until(lambda: states(event__startswith="late", channel=TEXT) == {State.STALE}, said)
    time.sleep(1.5)  # three more sweeps of each

    assert gateway.keys() == {f"mpp-{message.pk}": 1 for message in kept}
    assert not set(gateway.keys()) & {f"mpp-{message.pk}" for message in (*late, ahead)}
    assert set(
        Message.objects.filter(pk__in=[each.pk for each in late]).values_list("reason", flat=True)
    ) == {"Waktunya sudah lewat."}
