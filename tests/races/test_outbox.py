"""Many workers at one outbox: each row goes out once, and only the one that holds it writes it."""

import random
import time
from functools import partial
from threading import Event, get_ident
from uuid import uuid4

import pytest
from django.db import connection, transaction

from notifications import delivery, outbox
from notifications.delivery import Claimed
from notifications.models import Message
from notifications.states import LEASE, Channel, Lane, State
from tests.notifications.posts import (
    FINE,
    NEVER,
    contact_of,
    later,
    plug_in,
    sends_through,
    states,
    tell,
)
from tests.races.crowd import broken_within, errors, processes, together
from tests.recipes import at

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
TEXT = Channel.TEXT
ROWS, WORKERS = 60, 8
ONCE = "told_once_per_channel"
LONG = at(23)  # until then it is worth sending


@pytest.fixture
def mall(hall):
    sends_through(hall.mall, TEXT)
    return hall.mall


@pytest.fixture
def line(monkeypatch):
    """A provider that takes a moment, so that others come between."""
    return plug_in(monkeypatch, answer=lambda _outgoing: time.sleep(0.005) or FINE)


def fill(contact, rows=ROWS):
    """So many messages that are due; they are not poked, as the race is between sweepers."""
    for number in range(rows):
        tell(contact, event=f"ticket-event:{number}:1", not_after=LONG)


def drain(*, now=None):
    """A worker that sends until nothing is due."""
    now = now or later(1)
    while found := delivery.claim(now=now):
        for claimed in found:
            delivery.send(claimed, now=now)


def keys(line):
    return sorted(outgoing.key for outgoing in line.sent)


def waiting_keys():
    return sorted(f"mpp-{pk}" for pk in Message.objects.waiting().values_list("pk", flat=True))


# --- One row, one worker ---------------------------------------------------------------------


def test_eight_workers_send_sixty_messages_once_each(mall, line):
    fill(contact_of(mall, TEXT))
    wanted = waiting_keys()

    assert errors(together(*[drain] * WORKERS)) == []

    assert keys(line) == wanted
    assert states(channel=TEXT) == {State.SENT}
    assert set(Message.objects.filter(channel=TEXT).values_list("attempts", flat=True)) == {1}


def test_four_processes_send_sixty_messages_once_each(mall):
    fill(contact_of(mall, TEXT))
    wanted = waiting_keys()

    sent = processes(*[{"act": "post"}] * 4)

    assert sorted(key for each in sent for key in each) == wanted
    assert states(channel=TEXT) == {State.SENT}


@pytest.mark.parametrize("rows", [7, 60, 300])
def test_a_claim_takes_no_more_than_it_was_told_to(mall, rows):
    """PostgreSQL that has no statistics yet once took sixty for three."""
    fill(contact_of(mall, TEXT), rows=rows)

    for lane in (Lane.CALLS, None):
        assert len(delivery.claim(now=later(1), lane=lane, most=3)) == 3
    taken = together(*[lambda: delivery.claim(now=later(1), lane=Lane.CALLS)] * WORKERS)

    assert errors(taken) == []
    assert {len(found) for found in taken} <= {0, 1}


def test_a_poked_row_is_sent_once_however_often_it_is_poked(mall, line):
    fill(contact_of(mall, TEXT), rows=1)
    (pk,) = Message.objects.waiting().values_list("pk", flat=True)

    def deliver():
        for claimed in delivery.claim(now=later(1), message_id=pk):
            delivery.send(claimed, now=later(1))

    assert errors(together(*[deliver] * 10, *[drain] * 4)) == []

    assert keys(line) == [f"mpp-{pk}"]


def test_twin_rows_looked_up_before_they_are_claimed_are_sent_twice(mall, line, guard_off):
    def looked_up(*, now, lane=None, message_id=None, most=3):
        due = Message.objects.waiting().filter(due_at__lte=now).order_by("due_at", "pk")
        found = list(due.values_list("pk", flat=True)[:most])
        time.sleep(0.01)
        lease = uuid4().hex
        mine = {"state": State.SENDING, "lease": lease, "leased_until": now + LEASE}
        Message.objects.filter(pk__in=found).update(**mine)
        return [Claimed(pk, lease) for pk in found]

    guard_off.setattr(delivery, "claim", looked_up)
    contact = contact_of(mall, TEXT)

    def goes_wrong():
        Message.objects.all().delete()
        line.sent.clear()
        fill(contact, rows=12)
        together(*[drain] * WORKERS)
        return len(keys(line)) > len(set(keys(line)))

    assert broken_within(10, goes_wrong)


# --- One event, told once --------------------------------------------------------------------


def tell_in_its_transaction(contact):
    with transaction.atomic():
        tell(contact)


def test_the_same_event_told_ten_times_at_once_is_one_row_for_each_channel(mall):
    contact = contact_of(mall, TEXT)

    assert errors(together(*[partial(tell_in_its_transaction, contact)] * 10)) == []

    told = Message.objects.filter(contact=contact).values_list("channel", flat=True)
    assert sorted(told) == [Channel.INBOX, TEXT]


def test_channels_that_fail_at_once_are_followed_by_one_row(mall):
    mall.messaging.delete()
    mall.providers.all().delete()
    sends_through(mall, TEXT, Channel.EMAIL)
    contact = contact_of(mall, TEXT, Channel.EMAIL)
    fill(contact, rows=1)
    failed = Message.objects.select_related("contact").get(channel=TEXT)

    assert errors(together(*[lambda: outbox.fall_back(failed, now=later(1))] * 10)) == []

    assert Message.objects.filter(channel=Channel.EMAIL).count() == 1


@pytest.fixture
def without_told_once(guard_off):
    """Take the index away that holds an event to one row a channel, and put it back."""
    (found,) = [each for each in Message._meta.constraints if each.name == ONCE]
    with guard_off.context() as patch, connection.schema_editor() as editor:
        # SQLite makes the table anew from what the model says.
        patch.setattr(Message._meta, "constraints", [])
        editor.remove_constraint(Message, found)
    yield
    Message.objects.all().delete()
    with connection.schema_editor() as editor:
        editor.add_constraint(Message, found)


def test_twin_without_the_constraint_an_event_is_told_twice(mall, without_told_once):
    contact = contact_of(mall, TEXT)

    together(*[partial(tell_in_its_transaction, contact)] * 10)

    assert Message.objects.filter(contact=contact, channel=TEXT).count() > 1


# --- A lease that is over --------------------------------------------------------------------


class Slow:
    """A provider that keeps one worker waiting past its lease and serves the next one at once."""

    def __init__(self):
        self.slow_thread, self.go_on, self.asked = 0, Event(), Event()
        self.quick = 0

    def __call__(self, _outgoing, _settings, _secrets):
        if get_ident() != self.slow_thread:
            self.quick += 1
            return FINE
        self.asked.set()
        assert self.go_on.wait(10)
        time.sleep(random.uniform(0, 0.1))
        return NEVER


def is_what_the_holder_wrote(contact, monkeypatch):
    """One worker is refused after its lease is over while a second is at the same row.

    Whoever is the second, if there is one, has the last word.
    """
    Message.objects.all().delete()
    fill(contact, rows=1)
    provider = Slow()
    monkeypatch.setitem(delivery.SENDERS, TEXT, provider)
    (claimed,) = delivery.claim(now=later(1))

    def first():
        provider.slow_thread = get_ident()
        delivery.send(claimed, now=later(1))

    def second():
        assert provider.asked.wait(10)
        provider.go_on.set()
        time.sleep(random.uniform(0, 0.02))
        delivery.tidy(now=later(2) + LEASE)
        drain(now=later(2) + LEASE)

    assert errors(together(first, second)) == []
    wanted = State.SENT if provider.quick else State.DEAD
    return states(channel=TEXT) == {wanted}


def test_a_worker_whose_lease_is_over_does_not_overwrite_the_next(mall, monkeypatch):
    contact = contact_of(mall, TEXT)

    assert all(is_what_the_holder_wrote(contact, monkeypatch) for _round in range(20))


def test_twin_without_the_lease_the_slow_one_has_the_last_word(mall, guard_off):
    def finish(message, **changes):
        return bool(Message.objects.filter(pk=message.pk).update(**changes))

    guard_off.setattr(delivery, "_finish", finish)
    contact = contact_of(mall, TEXT)

    assert broken_within(30, lambda: not is_what_the_holder_wrote(contact, guard_off))


# --- Taken back ------------------------------------------------------------------------------


def cancel(contact, events):
    with transaction.atomic():
        outbox.withdraw(contact.pk, events, now=later(1), reason="Dibatalkan.")


def test_what_was_not_yet_claimed_when_it_was_taken_back_never_goes_out(mall, line, monkeypatch):
    claim, begun = delivery.claim, {}

    def noted(**asked):
        moment = time.monotonic()
        found = claim(**asked)
        begun.update({f"mpp-{each.id}": moment for each in found})
        return found

    monkeypatch.setattr(delivery, "claim", noted)
    for _round in range(5):
        Message.objects.all().delete()
        line.sent.clear()
        contact = contact_of(mall, TEXT)
        fill(contact, rows=40)
        events = [f"ticket-event:{number}:1" for number in range(40)]

        def take_back(contact=contact, events=events):
            time.sleep(random.uniform(0, 0.05))
            cancel(contact, events)
            return time.monotonic()

        *_workers, over = results = together(*[drain] * 4, take_back)

        assert errors(results) == []
        assert all(begun[key] < over for key in keys(line))
        assert len(keys(line)) == len(set(keys(line)))
        assert states(channel=TEXT) <= {State.SENT, State.WITHDRAWN}
        unsent = Message.objects.filter(channel=TEXT).exclude(
            pk__in=[int(key.removeprefix("mpp-")) for key in keys(line)]
        )
        assert {row.state for row in unsent} <= {State.WITHDRAWN}


def test_what_was_claimed_but_not_begun_is_taken_back_too(mall, line):
    contact = contact_of(mall, TEXT)
    fill(contact, rows=1)
    (claimed,) = delivery.claim(now=later(1))

    cancel(contact, ["ticket-event:0:1"])
    delivery.send(claimed, now=later(1))

    assert line.sent == []
    assert states(channel=TEXT) == {State.WITHDRAWN}


def test_twin_taken_back_by_what_was_read_before_the_row_of_a_sent_message_is_wrong(
    mall, line, guard_off
):
    """Reading first and writing by number later: what went out meanwhile looks withdrawn."""

    def by_number():
        found = list(Message.objects.waiting().values_list("pk", flat=True))
        time.sleep(0.1)
        rows = Message.objects.filter(pk__in=found)
        rows.update(state=State.WITHDRAWN, leased_until=None, ended_at=later(1))

    contact = contact_of(mall, TEXT)

    def goes_wrong():
        Message.objects.all().delete()
        fill(contact)
        together(*[drain] * 4, by_number)
        sent = Message.objects.filter(channel=TEXT, reference="ref-1")
        return sent.filter(state=State.WITHDRAWN).exists()

    assert broken_within(10, goes_wrong)
