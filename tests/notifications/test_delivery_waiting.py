"""What waits: for the morning, for the budget, for a provider that is down."""

from datetime import timedelta

import pytest

from notifications.channels import Answer, Outcome
from notifications.models import Message, Provider, Spending
from notifications.states import TRIES, Channel, State
from tests.notifications.posts import (
    DOWN,
    FINE,
    NEVER,
    contact_of,
    later,
    message,
    plug_in,
    sends_through,
    states,
    tell,
    work,
)
from tests.recipes import at, make_hall

pytestmark = pytest.mark.django_db
TEXT, EMAIL, WHATSAPP = Channel.TEXT, Channel.EMAIL, Channel.WHATSAPP
NIGHT = at(21)
DAY = timedelta(days=1)


@pytest.fixture
def mall():
    return make_hall().mall


@pytest.fixture
def line(monkeypatch):
    return plug_in(monkeypatch)


def test_reminders_wait_for_the_morning(line, mall):
    sends_through(mall, TEXT)
    tell(contact_of(mall, TEXT), "reminder_day", now=NIGHT, not_after=at(12) + DAY)

    work(now=NIGHT)

    assert line.sent == []
    row = message()
    assert (row.due_at, row.attempts) == (at(7) + DAY, 0)
    work(now=row.due_at)
    assert len(line.sent) == 1


def test_a_call_does_not_wait_for_the_morning(line, mall):
    sends_through(mall, TEXT)
    tell(contact_of(mall, TEXT), now=NIGHT)

    work(now=NIGHT)

    assert len(line.sent) == 1


def test_a_budget_that_is_used_up_stops_until_the_next_day(line, mall):
    sends_through(mall, TEXT, price=400, budget=1000)
    for number in range(3):
        event = f"booking-event:{number}"
        tell(contact_of(mall, TEXT), "booking_confirmed", event=event, not_after=at(9) + 2 * DAY)

    work(now=later(1))

    assert len(line.sent) == 2  # the last fifth is kept for codes
    waiting = Message.objects.waiting().get()
    assert (waiting.due_at, waiting.reason) == (at(7) + DAY, "Anggaran hari ini habis.")
    assert Spending.objects.get().spent == 800


def test_what_is_too_late_tomorrow_goes_by_a_channel_that_costs_nothing(line, mall, monkeypatch):
    mail = plug_in(monkeypatch, EMAIL)
    sends_through(mall, TEXT, EMAIL, price=400, budget=100)
    Provider.objects.filter(channel=EMAIL).update(price=0)
    tell(contact_of(mall, TEXT, EMAIL))

    work(now=later(1))

    assert (len(line.sent), len(mail.sent)) == (0, 1)
    assert message(TEXT).reason == "Anggaran hari ini habis."


def test_what_is_refused_costs_nothing(line, mall):
    sends_through(mall, TEXT, price=400, budget=1000)
    line.answer = NEVER
    tell(contact_of(mall, TEXT))

    work(now=later(1))

    assert Spending.objects.get().spent == 0


def test_a_provider_that_is_down_is_left_alone_for_a_while(line, mall):
    sends_through(mall, TEXT)
    line.answer = DOWN
    for number in range(8):
        tell(contact_of(mall, TEXT), event=f"ticket-event:{number}:1", not_after=at(12))

    work(now=later(1))

    assert len(line.sent) < 8
    assert Provider.objects.get().paused_until > later(1)
    line.answer = FINE
    work(now=later(30))
    assert states(channel=TEXT) == {State.SENT}
    assert Provider.objects.get().failures == 0


def test_what_was_handed_over_without_an_answer_is_never_repeated_for_ever(line, mall):
    sends_through(mall, TEXT, price=100, budget=10_000)
    line.answer = Answer(Outcome.FAILED, "tidak menjawab", is_down=True, is_unsure=True)
    tell(contact_of(mall, TEXT), not_after=at(23))
    for _each in range(30):
        work(now=max(message().due_at, at(9)) + timedelta(minutes=1))

    assert (message().state, len(line.sent)) == (State.DEAD, TRIES)
    assert Spending.objects.get().spent == 100 * TRIES  # it may have been paid for each time


def test_another_mall_is_not_held_up_by_a_provider_that_is_down(line, mall):
    sends_through(mall, TEXT)
    other = make_hall(slug="mpp-lain").mall
    sends_through(other, TEXT)
    Provider.objects.filter(mall=mall).update(paused_until=at(10))
    tell(contact_of(mall, TEXT))
    tell(contact_of(other, TEXT))

    work(now=later(1))

    assert message(mall=other).state == State.SENT
    assert message(mall=mall).state == State.WAITING
