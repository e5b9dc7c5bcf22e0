"""What is written when somebody must be told, and through which channels it will go."""

import json

import pytest
from celery import current_app
from kombu.exceptions import OperationalError

from notifications import contacts, outbox
from notifications.models import Consent, Message
from notifications.states import Channel, State
from tests.notifications.posts import (
    CALLED,
    MAIL,
    PHONE,
    contact_of,
    message,
    sends_through,
    tell,
)
from tests.recipes import at, make_hall

pytestmark = pytest.mark.django_db
TEXT, WHATSAPP, EMAIL, INBOX, PUSH = (
    Channel.TEXT,
    Channel.WHATSAPP,
    Channel.EMAIL,
    Channel.INBOX,
    Channel.PUSH,
)


@pytest.fixture
def mall():
    return make_hall().mall


def told(contact):
    return set(Message.objects.filter(contact=contact).values_list("channel", flat=True))


def test_the_page_is_told_even_where_the_mall_has_no_channel(mall):
    contact = contact_of(mall)

    tell(contact)

    assert told(contact) == {INBOX}
    assert message(INBOX).state == State.SENT


def test_the_first_channel_of_the_malls_order_carries_it(mall):
    sends_through(mall, WHATSAPP, TEXT, EMAIL)
    contact = contact_of(mall, TEXT, EMAIL)

    tell(contact)

    assert told(contact) == {INBOX, TEXT}


def test_a_channel_nobody_agreed_to_is_not_used(mall):
    sends_through(mall, WHATSAPP)

    tell(contact := contact_of(mall))

    assert told(contact) == {INBOX}


def test_a_channel_without_an_address_is_not_used(mall):
    sends_through(mall, TEXT, EMAIL)

    tell(contact := contact_of(mall, TEXT, EMAIL, phone=""))

    assert told(contact) == {INBOX, EMAIL}


def test_stop_from_an_address_holds_for_every_matter_of_it(mall):
    sends_through(mall, TEXT, EMAIL)
    contacts.stop(TEXT, PHONE, now=at(8))

    tell(contact := contact_of(mall, TEXT, EMAIL))

    assert told(contact) == {INBOX, EMAIL}
    contacts.start(TEXT, PHONE)
    tell(contact, event="ticket-event:1:2")
    assert told(contact) == {INBOX, EMAIL, TEXT}


def test_a_browser_hears_beside_the_channel(mall):
    sends_through(mall, EMAIL)
    contact = contact_of(mall, EMAIL)
    how = {"how": Consent.How.PAGE, "now": at(8)}
    contacts.subscribe(contact, "https://push.example.org/1", {"p256dh": "a", "auth": "b"}, **how)

    tell(contact)

    assert told(contact) == {INBOX, PUSH, EMAIL}


def test_the_same_event_is_told_once(mall):
    sends_through(mall, TEXT)
    contact = contact_of(mall, TEXT)

    tell(contact)
    tell(contact)

    assert Message.objects.count() == 2


def test_it_is_told_only_if_the_event_stands(mall, django_capture_on_commit_callbacks):
    sends_through(mall, TEXT)
    contact = contact_of(mall, TEXT)

    with django_capture_on_commit_callbacks() as callbacks:
        tell(contact)

    assert len(callbacks) == 1  # only the commit pokes a worker


def test_a_poke_carries_nothing_but_an_id(mall, monkeypatch, django_capture_on_commit_callbacks):
    sends_through(mall, TEXT)
    poked = []
    monkeypatch.setattr(current_app, "send_task", lambda *args, **kwargs: poked.append(args))

    with django_capture_on_commit_callbacks(execute=True):
        tell(contact_of(mall, TEXT))

    assert poked == [("notifications.tasks.deliver", [message().pk])]


def test_a_dead_broker_fails_nobody(mall, monkeypatch, caplog, django_capture_on_commit_callbacks):
    def fail(*_args, **_kwargs):
        raise OperationalError("nobody there")

    sends_through(mall, TEXT)
    monkeypatch.setattr(current_app, "send_task", fail)

    with django_capture_on_commit_callbacks(execute=True):
        tell(contact_of(mall, TEXT))

    assert message().state == State.WAITING
    assert "sweeper" in caplog.text


def test_what_is_due_later_is_not_poked(mall, django_capture_on_commit_callbacks):
    sends_through(mall, TEXT)

    with django_capture_on_commit_callbacks() as callbacks:
        tell(contact_of(mall, TEXT), due_at=at(10))

    assert callbacks == []
    assert message().due_at == at(10)


def test_the_page_shows_a_reminder_only_when_it_is_due(mall):
    contact = contact_of(mall)
    tell(contact, due_at=at(10))

    shown = Message.objects.shown_to

    assert shown(contact.pk, now=at(9)).count() == 0
    assert shown(contact.pk, now=at(10)).count() == 1


def test_what_was_taken_back_is_neither_sent_nor_shown(mall):
    sends_through(mall, TEXT)
    contact = contact_of(mall, TEXT)
    tell(contact, due_at=at(10))

    outbox.withdraw(contact.pk, ["ticket-event:1:1"], now=at(9), reason="Dipindah.")

    assert set(Message.objects.values_list("state", flat=True)) == {State.WITHDRAWN}
    assert not Message.objects.shown_to(contact.pk, now=at(10)).exists()


def test_what_the_page_has_shown_stays_there(mall):
    contact = contact_of(mall)
    tell(contact)

    outbox.withdraw(contact.pk, ["ticket-event:1:1"], now=at(10), reason="Dipindah.")

    assert Message.objects.shown_to(contact.pk, now=at(10)).exists()


def test_what_is_said_is_sealed(mall):
    tell(contact_of(mall))

    row = message(INBOX)

    assert "A-001" not in row.sealed_context
    assert outbox.values_of(row) == CALLED
    assert PHONE not in json.dumps(list(Message.objects.values()), default=str)


def test_an_address_is_sealed_and_found_again(mall):
    contact = contact_of(mall)

    assert PHONE[3:] not in contact.sealed_phone
    assert contacts.phone_of(contact) == PHONE
    assert contacts.email_of(contact) == MAIL
    assert contact.phone_index == contacts.index_of(TEXT, PHONE)


def test_a_consent_taken_back_is_kept_as_history(mall):
    sends_through(mall, TEXT)
    contact = contact_of(mall, TEXT)

    contacts.withdraw(contact, TEXT, now=at(10))

    assert contacts.wanted(contact) == set()
    assert Consent.objects.get(contact=contact).withdrawn_at == at(10)
