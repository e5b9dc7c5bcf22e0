"""Many workers and one day's money: exactly as much is sent as may be paid for."""

import time
from datetime import timedelta
from decimal import Decimal

import pytest

from notifications import budget, delivery
from notifications.models import Message, Spending
from notifications.states import Channel, Lane, State
from tests.notifications.posts import (
    DOWN,
    FINE,
    contact_of,
    later,
    plug_in,
    sends_through,
    tell,
)
from tests.races.crowd import broken_within, errors, processes, together
from tests.recipes import MONDAY, at

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
TEXT = Channel.TEXT
PRICE, MESSAGES, WORKERS = 100, 10, 20
# A fifth of a day is kept for codes: of this ten calls can be paid for.
BUDGET = Decimal(1250)
TOMORROW = at(23) + timedelta(days=1)


@pytest.fixture
def mall(hall):
    sends_through(hall.mall, TEXT, price=PRICE, budget=BUDGET)
    return hall.mall


@pytest.fixture
def line(monkeypatch):
    return plug_in(monkeypatch)


def fill(mall, rows=3 * MESSAGES):
    contact = contact_of(mall, TEXT)
    for number in range(rows):
        tell(contact, event=f"ticket-event:{number}:1", not_after=TOMORROW)


def drain():
    while found := delivery.claim(now=later(1)):
        for claimed in found:
            delivery.send(claimed, now=later(1))


def sent():
    return Message.objects.filter(channel=TEXT, state=State.SENT).count()


def test_twenty_workers_send_ten_messages_for_the_money_of_ten(mall, line):
    fill(mall)

    assert errors(together(*[drain] * WORKERS)) == []

    assert (len(line.sent), sent()) == (MESSAGES, MESSAGES)
    assert Spending.objects.get().spent == PRICE * MESSAGES
    assert set(Message.objects.waiting().values_list("reason", flat=True)) == {
        "Anggaran hari ini habis."
    }


def test_four_processes_send_ten_messages_for_the_money_of_ten(mall):
    fill(mall)

    keys = processes(*[{"act": "post"}] * 4)

    assert sum(map(len, keys)) == MESSAGES
    assert Spending.objects.get().spent == PRICE * MESSAGES


def test_the_first_message_of_a_day_is_reserved_once_by_each_of_many(mall):
    """There is no row yet whose limit could hold anybody back."""
    take = {"lane": Lane.CODES, "on": MONDAY}

    taken = together(*[lambda: budget.reserve(mall.pk, Decimal(500), **take)] * WORKERS)

    assert sorted(taken) == [False] * (WORKERS - 2) + [True] * 2
    assert Spending.objects.get().spent == 1000


def test_what_was_not_sent_is_given_back_while_others_spend(mall, line):
    """The provider is down for every third; the day ends with what was really sent."""
    asked = iter(range(10_000))
    line.answer = lambda _outgoing: DOWN if next(asked) % 3 == 0 else FINE
    fill(mall)

    assert errors(together(*[drain] * WORKERS)) == []

    assert Spending.objects.get().spent == PRICE * sent()
    assert sent() <= MESSAGES


def test_twin_looked_up_before_it_is_spent_a_budget_is_overspent(mall, line, guard_off):
    def looked_up(mall_id, cost, *, lane, on):
        spent = budget.spent_on(mall_id, on)
        time.sleep(0.01)
        if spent + cost > PRICE * MESSAGES:
            return False
        Spending.objects.update_or_create(
            mall_id=mall_id, date=on, defaults={"spent": spent + cost}
        )
        return True

    guard_off.setattr(budget, "reserve", looked_up)

    def goes_wrong():
        Message.objects.all().delete()
        Spending.objects.all().delete()
        fill(mall)
        together(*[drain] * WORKERS)
        return sent() > MESSAGES

    assert broken_within(5, goes_wrong)
