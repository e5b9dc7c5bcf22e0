"""Whom staff may write to by hand from the log, and whom they must not."""

import logging

import pytest
import time_machine

from hall.models import HallEvent
from notifications import by_hand, contacts, outbox
from notifications.models import Message
from notifications.states import Channel, State
from tests.notifications.log_pages import address
from tests.notifications.posts import (
    DOWN,
    PHONE,
    contact_of,
    message,
    plug_in,
    sends_through,
    tell,
    work,
)
from tests.recipes import at

pytestmark = pytest.mark.django_db
TEXT, WHATSAPP, EMAIL, INBOX = Channel.TEXT, Channel.WHATSAPP, Channel.EMAIL, Channel.INBOX
SECRET = "rahasia"  # in the private link of every message about a reservation


@pytest.fixture(autouse=True)
def _nine_o_clock():
    with time_machine.travel(at(9), tick=False):
        yield


@pytest.fixture
def staff(client, admin):
    client.force_login(admin)
    return client


@pytest.fixture
def mall(hall):
    sends_through(hall.mall, TEXT, EMAIL, price=350)
    return hall.mall


def by_hand_of(client, mall, row):
    return client.post(address(mall, "message_by_hand", row.pk))


def test_a_mall_without_a_provider_sends_by_hand_and_only_that_page_has_the_number(
    staff, hall, caplog
):
    caplog.set_level(logging.DEBUG)
    tell(contact_of(hall.mall, WHATSAPP), "booking_confirmed", event="booking-event:1")
    page = staff.get(address(hall.mall, "message", message(INBOX).pk))
    assert "Kirim sendiri lewat WhatsApp" in page.text

    letter = by_hand_of(staff, hall.mall, message(INBOX))

    assert 'href="https://wa.me/6281234567890?text=Yth.%20Bapak%2FIbu%20Siti' in letter.text
    assert 'rel="noopener noreferrer"' in letter.text
    assert SECRET in letter.text
    assert "Balas STOP" not in letter.text
    assert "no-store" in letter["Cache-Control"]
    event = HallEvent.objects.get(act="message.by_hand")
    assert (event.subject_id, event.detail) == (message(INBOX).pk, "")
    assert all(PHONE[1:] not in each.getMessage() for each in caplog.records)


def test_one_that_waits_or_has_failed_is_sent_by_hand_too(staff, mall, monkeypatch):
    plug_in(monkeypatch, answer=DOWN)
    tell(contact_of(mall, TEXT), "booking_confirmed", event="booking-event:1")
    work(now=at(9))

    waiting = by_hand_of(staff, mall, message())
    assert "begitu tersambung" in waiting.text

    Message.objects.filter(channel=TEXT).update(state=State.DEAD, reason="mati")
    assert by_hand_of(staff, mall, message()).status_code == 200


def no_code(row):
    Message.objects.filter(pk=row.pk).update(lane=1)


def no_hurry(row):
    Message.objects.filter(pk=row.pk).update(not_after=at(9))


def no_longer_so(row):
    outbox.withdraw(row.contact_id, [row.event], now=at(9), reason="Dipindah.")
    Message.objects.filter(pk=row.pk).update(state=State.DEAD, reason="mati")


def early(row):
    Message.objects.filter(pk=row.pk).update(due_at=at(10))


def sent(row):
    Message.objects.filter(pk=row.pk).update(state=State.SENT)


def stopped(row):
    contacts.stop(WHATSAPP, PHONE, now=at(9))


def unwilling(row):
    contacts.withdraw(row.contact, WHATSAPP, now=at(9))


def did_not_tick(row):
    row.contact.consents.all().delete()


def arrived_by(channel, state):
    def arrived(row):
        row.pk, row.channel, row.state, row.ended_at = None, channel, state, at(9)
        row.save()

    return arrived


def without_phone(row):
    row.contact.phone_index = row.contact.sealed_phone = ""
    row.contact.save()


def test_where_the_mall_sends_to_no_phone_nobody_was_asked_and_staff_may_write(hall):
    tell(contact_of(hall.mall), "booking_confirmed", event="booking-event:1")

    assert by_hand.complaint(message(INBOX), now=at(9)) == ""


@pytest.mark.parametrize(
    "obstacle",
    [
        *(
            no_code,
            no_hurry,
            no_longer_so,
            early,
            sent,
            stopped,
            unwilling,
            without_phone,
            did_not_tick,
        ),
        *(arrived_by(WHATSAPP, state) for state in (State.SENT, State.DELIVERED, State.READ)),
    ],
)
def test_nobody_is_written_to_by_hand_who_must_not_be(staff, mall, obstacle):
    tell(contact_of(mall, TEXT, WHATSAPP), "booking_confirmed", event="booking-event:1")
    obstacle(message())

    answer = by_hand_of(staff, mall, message())

    assert (answer.status_code, answer["X-Refusal"]) == (409, "not_by_hand")
    assert (
        "Kirim sendiri lewat WhatsApp" not in staff.get(address(mall, "message", message().pk)).text
    )
    assert not HallEvent.objects.filter(act="message.by_hand").exists()


def test_a_broken_text_is_no_letter(mall, admin):
    tell(contact_of(mall, TEXT), "booking_confirmed", event="booking-event:1")
    Message.objects.update(sealed_context="")

    with pytest.raises(by_hand.NotByHand):
        by_hand.hand_out(message(), mall, by=admin, now=at(9))
