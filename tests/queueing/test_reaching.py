"""Whoever holds a number may be told of its call: one contact for each visit, made when wanted."""

import base64

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from model_bakery import baker

from core import memo
from notifications import contacts
from notifications.models import Consent, Contact, Provider, Subscription
from notifications.states import Channel
from queueing import reaching, tickets
from queueing.models import Visit
from tests.queueing.pages import page_of, text
from tests.races.crowd import deferred, errors, no_transactions, together
from tests.recipes import at, key, make_hall, ticket

pytestmark = pytest.mark.django_db
ENDPOINT = "https://fcm.googleapis.com/abc"


def encoded(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


KEYS = {"p256dh": encoded(b"\x04" + b"p" * 64), "auth": encoded(b"a" * 16)}
BROWSER = {"endpoint": ENDPOINT, **KEYS}


@pytest.fixture(autouse=True)
def _nine_on_the_test_monday():
    with time_machine.travel(at(9), tick=False):
        yield


@pytest.fixture
def hall():
    return make_hall()


@pytest.fixture
def token(hall):
    return ticket(hall.issue()).visit.token


@pytest.fixture
def channels(hall):
    for channel in (Channel.WHATSAPP, Channel.EMAIL):
        baker.make(Provider, mall=hall.mall, channel=channel, is_on=True)


def news(token):
    return reverse("ticket_news", args=[token])


def tell_browser(client, token, **more):
    return client.post(reverse("ticket_news_device", args=[token]), BROWSER | more)


def test_a_number_has_no_contact_until_somebody_wants_to_be_told(hall, client, token):
    client.get(news(token))
    client.post(news(token), {})
    tell_browser(client, token, stop="on")

    assert Contact.objects.count() == 0


def test_one_touch_and_a_browser_is_told(client, token):
    answer = tell_browser(client, token)

    contact = Visit.objects.get().contact
    assert (answer.status_code, contacts.wanted(contact)) == (204, {Channel.PUSH})
    assert Subscription.objects.get(contact=contact, gone_at=None)
    assert "1 peranti" in text(client.get(news(token)))


def test_a_browser_that_stops_is_told_no_more(client, token):
    tell_browser(client, token)
    tell_browser(client, token, stop="on")

    assert Subscription.objects.get().gone_at == at(9)
    assert "Belum ada yang dikirim kepada Anda." in text(client.get(news(token)))


def test_the_same_browser_twice_is_one(client, token):
    for _tap in range(2):
        tell_browser(client, token)

    assert (Contact.objects.count(), Subscription.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": ""},
        {"endpoint": "https://gateway.example.com/abc"},
        {"endpoint": "http://fcm.googleapis.com/abc"},
        {"endpoint": "https://fcm.googleapis.com:8443/abc"},
        {"endpoint": "https://fcm.googleapis.com:99999/abc"},
        {"endpoint": "https://me@fcm.googleapis.com/abc"},
        {"endpoint": "https://[::1/abc"},
        {"endpoint": "https://fcm.googleapis.com/" + "a" * 1000},
        {"p256dh": encoded(b"p" * 65)},
        {"p256dh": encoded(b"\x04" + b"p" * 63)},
        {"p256dh": "é"},
        {"auth": "a"},
        {"auth": ""},
    ],
)
def test_what_is_no_browser_is_told_nothing(client, token, wrong):
    assert tell_browser(client, token, **wrong).status_code == 422
    assert Contact.objects.count() == 0


def test_a_phone_and_an_address_are_kept_sealed_and_shown_masked(channels, client, token):
    typed = {"channels": ["3", "5"], "phone": "0812 3456 7890", "email": "Siti@Contoh.id"}
    answer = client.post(news(token), typed, follow=True)

    contact = Visit.objects.get().contact
    assert contacts.wanted(contact) == {Channel.WHATSAPP, Channel.EMAIL}
    assert (contacts.phone_of(contact), contacts.email_of(contact)) == (
        "+6281234567890",
        "siti@contoh.id",
    )
    assert "WhatsApp ke ••••••••••7890" in text(answer)
    assert "Surel ke s•••@c•••.id" in text(answer)
    assert "7890" not in answer.text.replace("••••••••••7890", "")
    assert "+6281234567890" not in contact.sealed_phone


def test_a_number_that_is_typed_wants_to_be_used(channels, client, token):
    client.post(news(token), {"phone": "081234567890"})

    assert contacts.wanted(Visit.objects.get().contact) == {Channel.WHATSAPP}


def test_the_page_speaks_the_language_in_which_it_was_asked(channels, client, token, settings):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    client.post(news(token), {"phone": "081234567890"})

    assert Contact.objects.get().language == "en"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"channels": "3"}, "Isi nomor ponselnya, atau hapus centangnya."),
        ({"channels": "5"}, "Isi alamat surelnya, atau hapus centangnya."),
        ({"phone": "021 555"}, "Nomor ponsel diawali 08 dan berisi 10 sampai 13 angka."),
        ({"email": "siti"}, "Alamat surel berbentuk nama@contoh.id. Periksa lagi."),
        ({"channels": "4"}, "Pilih dari yang tersedia."),
        ({"channels": "x"}, "Pilih dari yang tersedia."),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_kept(channels, client, token, typed, sentence):
    answer = client.post(news(token), typed)

    assert (answer.status_code, sentence in text(answer)) == (422, True)
    assert Contact.objects.count() == 0


def test_a_mind_is_changed_without_typing_the_address_again(channels, client, token):
    client.post(news(token), {"phone": "081234567890", "email": "siti@contoh.id"})
    contact = Contact.objects.get()

    client.post(news(token), {"channels": ["5"]})
    assert contacts.wanted(contact) == {Channel.EMAIL}
    client.post(news(token), {"channels": ["3", "5"]})
    assert contacts.wanted(contact) == {Channel.WHATSAPP, Channel.EMAIL}
    assert contacts.phone_of(Contact.objects.get()) == "+6281234567890"


def test_one_touch_ends_everything(channels, client, token):
    client.post(news(token), {"phone": "081234567890"})
    tell_browser(client, token)
    answer = client.post(news(token), {"do": "stop"}, follow=True)

    assert "Kami tidak mengirim apa-apa lagi." in text(answer)
    assert Consent.objects.filter(withdrawn_at=None).count() == 0
    assert Subscription.objects.filter(gone_at=None).count() == 0


def test_nobody_goes_through_a_list_of_numbers(channels, client, token):
    for last in range(20):
        client.post(news(token), {"phone": f"0812345678{last:02}"})

    answer = client.post(news(token), {"phone": "081234567899"})

    assert (answer.status_code, answer["X-Refusal"]) == (429, "too_many")


def test_a_mall_without_channels_offers_the_browser_alone(client, token):
    page = client.get(news(token))

    assert "data-push=" in page.text
    assert 'name="phone"' not in page.text
    assert 'name="email"' not in page.text


def test_without_a_key_there_is_no_switch_and_the_page_says_so(client, token, settings):
    settings.VAPID_KEY = ""
    page = client.get(news(token))

    assert "data-push" not in page.text
    assert "Mal ini belum mengirim pesan ke luar." in text(page)
    assert "data-push" not in client.get(reverse("ticket", args=[token])).text


def test_the_page_keeps_to_itself(client, token):
    page = client.get(news(token))

    assert (page["Referrer-Policy"], page["X-Robots-Tag"]) == ("no-referrer", "noindex")
    assert "no-store" in page["Cache-Control"]


# --- the ticket -----------------------------------------------------------------------------------


def test_a_ticket_offers_to_tell_and_then_leads_to_what_was_told(hall, client):
    pk = hall.issue()
    assert "Kabari lewat cara lain" in text(client.get(page_of(pk)))

    reaching.contact_of(ticket(pk).visit_id, now=at(9))

    assert "Yang dikirim, dan lewat apa" in text(client.get(page_of(pk)))


def test_a_ticket_that_is_over_offers_nothing_but_what_was_told(hall, client):
    pk = hall.issue()
    tickets.cancel(pk, now=at(9), key=key())
    assert "Kabar" not in text(client.get(page_of(pk)))

    reaching.contact_of(ticket(pk).visit_id, now=at(9))

    assert "Kabar untuk Anda" in text(client.get(page_of(pk)))


@pytest.mark.parametrize("is_told", [False, True])
def test_the_part_of_a_ticket_costs_no_query_for_it(hall, client, is_told):
    pk = hall.issue()
    if is_told:
        reaching.contact_of(ticket(pk).visit_id, now=at(9))
    headers = {"HX-Request": "true"}
    client.get(page_of(pk), headers=headers)

    with CaptureQueriesContext(connection) as asked:
        client.get(page_of(pk), headers=headers)

    assert [each["sql"] for each in asked if "notifications_" in each["sql"]] == []


# --- several tabs at once -------------------------------------------------------------------------


def at_once(visit_id):
    answers = together(*[lambda: reaching.contact_of(visit_id, now=at(9)).pk] * 8)
    return errors(answers), {*answers, *Contact.objects.values_list("pk", flat=True)}


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_several_tabs_at_once_make_one_contact(hall):
    visit_id = ticket(hall.issue()).visit_id

    wrong, made = at_once(visit_id)

    assert wrong == []
    assert made == {Visit.objects.get(pk=visit_id).contact_id}


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_of_the_visit_there_would_be_several(hall, monkeypatch):
    deferred(monkeypatch)
    no_transactions(monkeypatch)
    free = reaching.contact_of.__wrapped__
    monkeypatch.setattr(Visit.objects, "select_for_update", lambda **more: Visit.objects.all())
    monkeypatch.setattr(reaching, "contact_of", free)

    def attempt():
        memo.clear_all()
        before = Contact.objects.count()
        at_once(ticket(hall.issue()).visit_id)
        return Contact.objects.count() > before + 1

    assert any(attempt() for _round in range(20))
