"""Workers that are killed while they send: nothing is lost, and hardly anything comes twice."""

import os
import random
import signal
import time

import pytest

from tests.races.fleet import said, sent_keys, swept, tell, until

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
KILLS = 50 if os.environ["MPP_TEST_DB"] == "postgres" else 20


def test_kills_lose_nothing_and_each_sends_at_most_one_message_twice(fleet, gateway, contact):
    """Between the provider's yes and our writing it down nobody knows whether it went out."""
    gateway.delay = (0.02, 0.2)
    master, told, kills = fleet.worker(processes=4), 0, 0
    while kills < KILLS:
        for _each in range(3):
            tell(contact, event=f"booking-event:{told}")
            told += 1
        fleet.sweep()
        if kills % 2:
            wait_for_one_more(gateway)
        time.sleep(random.uniform(0, 0.1))
        sending = fleet.children(master)
        if kills % 10 == 9:
            kills += 1 + len(sending)
            fleet.kill(master)
            master = fleet.worker(processes=4)
        elif sending:
            os.kill(random.choice(sending).pid, signal.SIGKILL)
            kills += 1

    until(swept(fleet), said)
    times = gateway.keys()
    assert set(times) == sent_keys()
    assert len(times) == told
    assert sum(times.values()) - told <= kills


def test_a_message_whose_sender_is_killed_right_after_the_yes_comes_once_more(
    fleet, gateway, contact
):
    master = fleet.worker(processes=1)
    gateway.delay = (1.0, 1.0)
    message = tell(contact, event="booking-event:1")
    until(lambda: gateway.when(message), "the gateway was not asked")
    os.kill(fleet.children(master)[0].pid, signal.SIGKILL)
    gateway.delay = (0.0, 0.0)

    until(swept(fleet), said)
    assert gateway.keys() == {f"mpp-{message.pk}": 2}


def wait_for_one_more(gateway):
    """Until the gateway has taken another message, or a moment if there is none."""
    before, begun = len(gateway.arrived), time.monotonic()
    while len(gateway.arrived) == before and time.monotonic() - begun < 0.3:
        time.sleep(0.002)
