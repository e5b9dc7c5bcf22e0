"""Rows that are spoilt and providers that fail: whoever is not to blame is not held up."""

import random
import time
from datetime import timedelta

import pytest
from model_bakery import baker

from core import clock
from notifications.models import Message, Messaging, Provider, Wording
from notifications.states import Channel, Lane, State
from tests.notifications.posts import contact_of, states
from tests.races.fleet import all_sent, many, said, sent_keys, tell, until
from tests.recipes import make_hall

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
TEXT = Channel.TEXT
ROWS, POISONED = 500, 5
SOON = 2.0  # seconds; the sweeps of these tests are half a second apart


@pytest.fixture
def other(ends):
    """Somebody at another mall, whose provider is well."""
    mall = make_hall(slug="mpp-lain").mall
    ends[1].serve(mall)
    return contact_of(mall, TEXT)


# --- Poison ----------------------------------------------------------------------------------


def poison(hall, contact):
    """One row in a hundred, and they come first: each spoilt in another way."""
    baker.make(
        Wording,
        mall=hall.mall,
        kind="reminder_hours",
        language="id",
        body="Halo {siapa}.",
        edited_at=clock.now(),
    )
    broken = make_hall(slug="mpp-rusak").mall
    baker.make(Messaging, mall=broken, order=[int(TEXT)])
    baker.make(Provider, mall=broken, channel=TEXT, is_on=True, settings=["tidak", "sah"])
    first = clock.now() - timedelta(minutes=5)
    told = [
        tell(contact, event="unreadable", now=first),
        tell(contact, event="unknown", now=first),
        tell(contact, event="closed", now=first),
        tell(contact, "reminder_hours", event="unsaid", now=first),
        tell(contact_of(broken, TEXT), event="unforeseen", now=first),
    ]
    Message.objects.filter(event="unreadable").update(sealed_context="0.bukan-sandi")
    Message.objects.filter(event="unknown").update(kind="no_such_kind")
    Message.objects.filter(event="closed").update(sealed_context="")
    return told


def test_one_in_a_hundred_is_poisoned_and_the_others_arrive(fleet, gateway, contact, hall):
    spoilt = poison(hall, contact)
    fine = many(contact, ROWS - POISONED, "booking_confirmed")
    fleet.worker(), fleet.beat()

    until(lambda: len(gateway.keys()) == len(fine), said)
    until(lambda: states(pk__in=[row.pk for row in spoilt]) == {State.DEAD}, said)

    assert len(spoilt) == POISONED
    assert gateway.keys() == {f"mpp-{row.pk}": 1 for row in fine}
    assert dict(Message.objects.filter(state=State.DEAD).values_list("event", "reason")) == {
        "unreadable": "Isi pesan tidak terbaca.",
        "unknown": "Isi pesan ini rusak: KeyError.",
        "closed": "Isi pesan ini rusak: JSONDecodeError.",
        "unsaid": "Isi pesan ini rusak: Unsaid.",
        "unforeseen": "AttributeError",
    }


# --- A provider has a bad day ----------------------------------------------------------------


def lags_of_codes(contact, gateway, *, seconds):
    """How long codes take that are asked for one after the other."""
    begun, lags = time.monotonic(), []
    while time.monotonic() - begun < seconds:
        asked = time.monotonic()
        message = tell(contact, "code", event=f"code:{random.getrandbits(40)}")
        until(lambda message=message: gateway.when(message), said, within=15)
        lags.append(gateway.when(message) - asked)
        time.sleep(0.2)
    return lags


@pytest.mark.parametrize("way", ["busy", "garbage", "slow"])
def test_a_provider_that_is_down_delays_no_code_of_another_mall_and_then_gets_everything(
    fleet, gateway, contact, ends, other, way
):
    fleet.worker("codes"), fleet.worker("calls,reminders,reports,default"), fleet.beat()
    gateway.way = way
    bad = Provider.objects.get(mall=contact.mall)
    for number in range(8):
        tell(contact, event=f"booking-event:{number}")
        tell(contact, "code", event=f"code:{number}")

    lags = lags_of_codes(other, ends[1], seconds=4)
    paused = Provider.objects.filter(pk=bad.pk, paused_until__isnull=False)
    until(paused.exists, "nobody leaves it alone")
    assert max(lags) < (3.5 if way == "slow" else SOON)

    gateway.way = "well"
    gateway.ended.set(), gateway.ended.clear()
    until(all_sent, said, within=15)
    bad.refresh_from_db()
    assert (bad.failures, bad.paused_until) == (0, None)
    assert set(gateway.keys()) | set(ends[1].keys()) == sent_keys()


# --- A code among reminders ------------------------------------------------------------------


def test_a_code_goes_out_at_once_while_two_thousand_reminders_wait(fleet, gateway, contact):
    gateway.delay = (0.02, 0.06)
    fleet.worker("codes"), fleet.worker("reminders,reports"), fleet.beat()
    many(contact, 2_000, "reminder_hours")
    until(lambda: len(gateway.arrived) > 20, said)

    lags = lags_of_codes(contact, gateway, seconds=3)

    waiting = Message.objects.waiting().filter(lane=Lane.REMINDERS)
    assert waiting.count() > 200
    assert max(lags) < SOON
