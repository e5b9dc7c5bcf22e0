"""A provider that is down for two hours: who else waits, and what goes out once it is back."""

from datetime import timedelta

import pytest

from notifications import outbox, providers
from notifications.models import Attempt, Message, Provider
from notifications.states import TRIES, Channel, State
from tests.notifications.posts import (
    DOWN,
    FINE,
    contact_of,
    message,
    plug_in,
    sends_through,
    states,
    tell,
    work,
)
from tests.recipes import at, make_hall

pytestmark = pytest.mark.django_db
TEXT, EMAIL = Channel.TEXT, Channel.EMAIL
DOWN_FROM, BACK = at(9), at(11)
TICK = timedelta(seconds=5)  # as often as beat sweeps
TOMORROW = at(9) + timedelta(days=1)


@pytest.fixture
def mall():
    return make_hall().mall


@pytest.fixture
def line(monkeypatch):
    return plug_in(monkeypatch, answer=DOWN)


def sweep_until(now, until, is_over=lambda: False, *, tick=TICK):
    while now < until and not is_over():
        work(now=now, most=10_000)
        now += tick
    return now


def is_done():
    return not Message.objects.waiting().exists()


def test_what_is_still_worth_it_after_two_hours_goes_out_when_the_provider_is_back(mall, line):
    sends_through(mall, TEXT)
    contact = contact_of(mall, TEXT)
    for number in range(3):
        for kind in ("booking_confirmed", "reminder_hours"):
            tell(contact, kind, event=f"{kind}:{number}", now=at(9), not_after=TOMORROW)
    tell(contact, "ticket_called", event="called", now=at(9))

    sweep_until(DOWN_FROM, BACK, tick=timedelta(minutes=1))
    assert states(channel=TEXT) == {State.WAITING, State.STALE}
    assert message(event="called", channel=TEXT).state == State.STALE
    line.answer = FINE
    sweep_until(BACK, BACK + timedelta(minutes=80), is_done, tick=timedelta(minutes=1))

    assert states(channel=TEXT, not_after=TOMORROW) == {State.SENT}
    assert max(Message.objects.values_list("attempts", flat=True)) <= TRIES


def test_it_is_asked_every_few_seconds_only(mall, line):
    sends_through(mall, TEXT)
    contact = contact_of(mall, TEXT)
    for number in range(60):
        tell(contact, "booking_confirmed", event=f"e:{number}", now=at(9), not_after=TOMORROW)

    sweep_until(DOWN_FROM, DOWN_FROM + timedelta(minutes=10))

    asked = Attempt.objects.count()
    assert asked <= providers.IN_A_ROW + 600 / providers.PAUSE.total_seconds() + 1


def test_a_code_asked_for_when_it_is_back_is_there_within_fifteen_seconds(mall, line):
    sends_through(mall, TEXT)
    contact = contact_of(mall, TEXT)
    for number in range(40):
        tell(contact, "booking_confirmed", event=f"e:{number}", now=at(9), not_after=TOMORROW)
    sweep_until(DOWN_FROM, at(9, 29), tick=timedelta(minutes=1))
    sweep_until(at(9, 29), at(9, 30))
    assert Provider.objects.get().paused_until > at(9, 30) - TICK

    line.answer = FINE
    said = {"mal": "MPP Uji", "angka": "123456", "menit": "5"}
    outbox.send(contact.pk, "code", event="code", values=said, now=at(9, 30))
    is_there = lambda: message(event="code", channel=TEXT).state == State.SENT  # noqa: E731
    there = sweep_until(at(9, 30), at(9, 31), is_there)

    assert there <= at(9, 30) + timedelta(seconds=15)


def test_what_is_in_a_hurry_goes_by_another_channel_and_the_rest_waits(mall, line, monkeypatch):
    mail = plug_in(monkeypatch, EMAIL)
    sends_through(mall, TEXT, EMAIL)
    contact = contact_of(mall, TEXT, EMAIL)
    tell(contact, "ticket_called", event="called", now=at(9))
    tell(contact, "booking_confirmed", event="booked", now=at(9), not_after=TOMORROW)

    sweep_until(DOWN_FROM, at(9, 1))

    assert len(mail.sent) == 1
    assert message(TEXT, event="called").state == State.DEAD
    assert message(TEXT, event="booked").state == State.WAITING


def test_a_row_that_is_to_blame_itself_is_dead_after_eight_tries(mall, line):
    sends_through(mall, TEXT)
    line.answer = lambda _outgoing: 1 / 0
    tell(contact_of(mall, TEXT), now=at(9), not_after=at(9, 10))

    sweep_until(DOWN_FROM, at(9, 10))

    row = message()
    assert (row.state, row.reason, row.attempts) == (State.DEAD, "ZeroDivisionError", TRIES)
