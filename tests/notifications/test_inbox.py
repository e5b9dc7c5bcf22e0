"""What the portal told somebody, on their own pages."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override
from model_bakery import baker

from appointments import people
from appointments.models import Application, Booking
from core import memo, vault
from notifications import contacts, inbox, outbox
from notifications.contacts import Reach
from notifications.models import Consent, Message, Provider, Wording
from notifications.states import Channel, State
from queueing import reaching
from tests.appointments.recipes import apply_for_a_place, book, make_plan, person
from tests.queueing.pages import text
from tests.recipes import at, make_hall, ticket

pytestmark = pytest.mark.django_db
VALUES = {"nomor": "A-027", "loket": "5", "mal": "MPP Uji"}


@pytest.fixture(autouse=True)
def _nine_on_the_test_monday():
    with time_machine.travel(at(9), tick=False):
        yield


@pytest.fixture
def hall():
    return make_hall()


@pytest.fixture
def contact(hall):
    """Somebody with a phone, at a mall that has WhatsApp and SMS."""
    for channel in (Channel.WHATSAPP, Channel.TEXT):
        baker.make(Provider, mall=hall.mall, channel=channel, is_on=True)
    wants = frozenset({Channel.WHATSAPP, Channel.TEXT})
    reach = Reach(phone="+6281234567890", channels=wants)
    return contacts.add(hall.mall.pk, reach, how=Consent.How.PAGE, now=at(8))


def tell(contact, event="e:1", kind="ticket_called", *, values=VALUES, now=None, **more):
    return outbox.send(contact.pk, kind, event=event, values=values, now=now or at(9), **more)


def told(contact, *, now=None):
    return inbox.told(contact.pk, now=now or at(9))


def sent_by(contact, channel, **changes):
    Message.objects.filter(contact=contact, channel=channel).update(**changes)


def test_nobody_was_told_nothing():
    assert inbox.told(None, now=at(9)) == []


def test_it_says_what_was_told_when_and_through_what_else(contact):
    tell(contact)
    sent_by(contact, Channel.WHATSAPP, state=State.DELIVERED)

    (one,) = told(contact)
    assert (one.title, one.at) == ("Giliran Anda", at(9))
    assert one.text == "Nomor A-027 dipanggil. Silakan menuju loket 5. MPP Uji"
    assert [(str(each.name), str(each.became)) for each in one.carried] == [("WhatsApp", "sampai")]


def test_the_newest_is_first_and_what_is_to_come_is_not_said_yet(contact):
    tell(contact, "e:1", now=at(8))
    tell(contact, "e:2", "ticket_missed", now=at(8, 30))
    tell(contact, "e:3", "ticket_near", values={**VALUES, "jumlah": "2"}, due_at=at(9, 30))

    assert [each.title for each in told(contact)] == ["Nomor Anda sudah dipanggil", "Giliran Anda"]
    assert told(contact, now=at(9, 30))[0].title == "Sebentar lagi giliran Anda"


def test_it_is_said_in_the_language_of_the_page(contact):
    tell(contact)

    with override("en"):
        (one,) = told(contact)
    assert one.title != "Giliran Anda"
    assert "A-027" in one.text


def test_the_mall_says_it_in_its_own_words(contact):
    Wording.objects.create(
        mall=contact.mall,
        kind="ticket_called",
        language="id",
        subject="Ayo!",
        body="{nomor} ke {loket}",
        edited_at=at(8),
    )
    tell(contact)

    (one,) = told(contact)
    assert (one.title, one.text) == ("Ayo!", "A-027 ke 5")


def test_a_channel_that_failed_and_the_next_one_are_both_named(contact):
    tell(contact)
    sent_by(contact, Channel.WHATSAPP, state=State.DEAD, reason="x", ended_at=at(9))
    outbox.fall_back(Message.objects.get(channel=Channel.WHATSAPP), now=at(9))

    (one,) = told(contact)
    assert [(str(each.name), str(each.became), each.tone) for each in one.carried] == [
        ("WhatsApp", "tidak sampai", "warn"),
        ("SMS", "menunggu dikirim", ""),
    ]


@pytest.mark.parametrize("state", set(State) - {State.WITHDRAWN})
def test_every_state_has_words(contact, state):
    tell(contact)
    leased = at(9) if state == State.SENDING else None
    sent_by(contact, Channel.WHATSAPP, state=state, reason="x", leased_until=leased)

    assert len(told(contact)[0].carried) == 1


def test_what_was_withdrawn_is_not_shown(contact):
    tell(contact, due_at=at(10))
    outbox.withdraw(contact.pk, ["e:1"], now=at(9), reason="x")

    assert told(contact, now=at(11)) == []


@pytest.mark.parametrize(
    "spoilt",
    [
        {"sealed_context": "0.kaputt"},
        {"sealed_context": "9.x"},
        {"sealed_context": ""},
        {"kind": "gone"},
    ],
)
def test_what_cannot_be_read_is_said_plainly(contact, spoilt):
    tell(contact)
    sent_by(contact, Channel.INBOX, **spoilt)

    (one,) = told(contact)
    assert one.title in {"Giliran Anda", "Kabar dari portal"}
    assert one.text == "Isi kabar ini tidak dapat ditampilkan. Keadaan terakhir ada di halaman ini."


@pytest.mark.parametrize("values", ["[]", "{}", '"x"', "null", "{"])
def test_values_that_are_none_are_said_plainly(contact, values):
    tell(contact)
    sealed = vault.seal(values, column=outbox.CONTEXT)
    sent_by(contact, Channel.INBOX, sealed_context=sealed)

    assert "tidak dapat ditampilkan" in told(contact)[0].text


def test_nothing_of_it_is_markup(hall, contact, client):
    visit = ticket(hall.issue()).visit
    visit.contact = contact
    visit.save()
    tell(contact, values={**VALUES, "nomor": "<b>A</b>"})

    page = client.get(reverse("ticket_news", args=[visit.token]))

    assert "&lt;b&gt;A&lt;/b&gt;" in page.text


def test_a_page_holds_thirty_of_them(contact):
    for number in range(31):
        tell(contact, f"e:{number}")

    assert len(told(contact)) == 30


def test_what_came_after_the_last_look_is_unread(contact):
    tell(contact, "e:1", now=at(8))
    tell(contact, "e:2", now=at(9))

    counts = [inbox.unread(contact.pk, since=at(hour), now=at(9)) for hour in (7, 8, 9)]
    assert counts == [2, 1, 0]
    assert inbox.unread(None, since=at(7), now=at(9)) == 0


# --- on the pages ---------------------------------------------------------------------------------


@pytest.fixture
def pages(hall, contact):
    """The addresses of a ticket's, a booking's and an application's page for this contact."""
    make_plan(hall.service)
    visit_id = ticket(hall.issue()).visit_id
    booked = book(hall.service, who=person(1, contact_id=contact.pk))
    apply_for_a_place(hall)
    Application.objects.update(contact=contact)
    Message.objects.all().delete()
    visit = ticket(hall.issue()).visit
    visit.contact = contact
    visit.save()
    assert reaching.contact_of(visit_id, now=at(9)) != contact
    return {
        "ticket_news": visit.token,
        "booking": people.link(Booking.objects.get(pk=booked)),
        "booking_news": people.link(Booking.objects.get(pk=booked)),
        "application": people.link(Application.objects.get()),
        "application_news": people.link(Application.objects.get()),
    }


NAMES = ("ticket_news", "booking", "booking_news", "application", "application_news")


@pytest.mark.parametrize("name", NAMES)
def test_each_page_shows_it(client, pages, contact, name):
    address = reverse(name, args=[pages[name]])
    assert "Belum ada kabar." in text(client.get(address))

    tell(contact)

    said = text(client.get(address))
    assert "Giliran Anda" in said
    assert "Senin, 9 Maret 2026, 09.00 WIB" in said
    assert "WhatsApp: menunggu dikirim" in said


@pytest.mark.parametrize("name", NAMES)
def test_one_and_three_cost_the_same(client, pages, contact, name):
    address = reverse(name, args=[pages[name]])
    counts = []
    for numbers in ((1,), (2, 3)):
        for number in numbers:
            kind = ("ticket_called", "ticket_missed", "ticket_near")[number - 1]
            tell(contact, f"e:{number}", kind, values={**VALUES, "jumlah": "2"})
        memo.clear_all()
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_a_booking_shows_what_its_holder_is_told_of_it(hall, client):
    make_plan(hall.service)
    baker.make(Provider, mall=hall.mall, channel=Channel.EMAIL, is_on=True)
    reach = Reach("+6281200000001", "siti@contoh.id", frozenset({Channel.EMAIL}))
    pk = book(hall.service, who=person(1, reach=reach))

    page = client.get(reverse("booking", args=[people.link(Booking.objects.get(pk=pk))]))

    assert "Reservasi Anda tercatat" in text(page)
    assert "Surel: menunggu dikirim" in text(page)


def test_a_week_old_message_is_still_there(contact):
    tell(contact, now=at(9) - timedelta(days=7))

    assert len(told(contact)) == 1
