"""Anybody writes to the house, with a name or without, and reads the answer on a page of theirs."""

import re
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.urls import reverse

from core.models import Answer
from feedback import complaints, sealing
from feedback.models import Complaint
from feedback.states import Kind
from feedback.views.complaining import BY_ADDRESS
from notifications.models import Consent, Contact
from notifications.states import Channel
from tests.feedback.recipes import ANSWER, REACH, TEXT, answered, complain, do
from tests.notifications.posts import sends_through
from tests.recipes import at, make_hall

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sound")]


@pytest.fixture
def send(client, hall):
    def post(now=None, **form):
        form = {"kind": Kind.COMPLAINT, "text": TEXT, "key": uuid4(), **form}
        with time_machine.travel(now or at(9), tick=False):
            return client.post(reverse("complain", args=[hall.mall.slug]), form)

    return post


@pytest.fixture
def read(client):
    def get(complaint):
        with time_machine.travel(at(11), tick=False):
            return client.get(reverse("complaint", args=[sealing.link(complaint)]))

    return get


def stored_text():
    with connection.cursor() as cursor:
        rows = []
        tables = ("feedback_complaint", "feedback_complaintevent", "notifications_contact")
        for table in (*tables, "notifications_message", "core_answer", "core_tries"):
            cursor.execute(f"SELECT * FROM {table}")
            rows += cursor.fetchall()
    return str(rows)


def test_without_a_name_it_leads_to_a_page_of_its_own(send, client):
    answer = send()

    row = Complaint.objects.get()
    assert answer.url == reverse("complaint", args=[sealing.link(row)])
    assert (row.contact, row.sealed_name, row.presence, row.service) == (None, "", None, None)
    html = client.get(answer.url).content.decode()
    assert re.search(r"ADU-[2-9A-Z]{4}-[2-9A-Z]{4}", html)
    assert "Tanggapan paling lambat Jumat, 27 Maret 2026" in html
    assert "PermenPANRB 62/2018" in html
    assert TEXT in html
    assert "satu-satunya jalan" in html


def test_nothing_that_somebody_wrote_can_be_read_in_the_database(hall, send, admin):
    sends_through(hall.mall, Channel.TEXT, Channel.EMAIL)
    send(name="Siti Aminah", phone="0812 3456 7890", email="Siti@contoh.id")
    row = answered(Complaint.objects.get(), by=admin)

    stored = stored_text()
    words = ("Siti", "siti@", "81234567890", "loket 3", "Petugas pengganti", sealing.link(row))
    assert [word for word in words if word in stored] == []


def test_who_leaves_an_address_is_told_there_and_shown_masked(hall, send, read):
    sends_through(hall.mall, Channel.TEXT)

    send(name="Siti  Aminah", phone="081234567890")

    row = Complaint.objects.get()
    assert Consent.objects.get().channel == Channel.TEXT
    html = read(row).content.decode()
    assert "S••• A•••••" in html
    assert "••••••••••7890" in html
    assert "Siti" not in html
    assert "81234567890" not in html


def test_a_name_alone_is_no_way_to_be_reached(send):
    send(name="Siti")

    assert Complaint.objects.get().contact is None
    assert not Contact.objects.exists()


def test_a_service_stands_for_its_agency(hall, send):
    send(about=f"l{hall.service.pk}")

    row = Complaint.objects.get()
    assert (row.service, row.presence) == (hall.service, hall.presence)


def test_an_agency_may_be_named_alone(hall, send):
    send(about=f"i{hall.presence.pk}")

    row = Complaint.objects.get()
    assert (row.service, row.presence) == (None, hall.presence)


def test_what_belongs_to_another_mall_cannot_be_named(send):
    other = make_hall(slug="mpp-lain")

    assert send(about=f"l{other.service.pk}").status_code == 422
    assert not Complaint.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": "terlalu singkat"},
        {"text": "a" * 2001},
        {"text": " " * 50},
        {"kind": 9},
        {"name": "a" * 81},
        {"about": "l999"},
        {"key": "x"},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_what_is_wrong_is_said_and_nothing_is_lost(send, wrong):
    answer = send(**{"name": "Nama Saya", **wrong})

    assert answer.status_code == 422
    assert not Complaint.objects.exists()


def test_what_was_typed_stays_in_the_form(send):
    html = send(text="Terlalu singkat").content.decode()

    assert "Terlalu singkat</textarea>" in html
    assert "paling sedikit 20 huruf" in html


def test_a_double_tap_complains_once(send):
    same = uuid4()

    first, second = send(key=same), send(key=same)

    assert first.url == second.url
    assert Complaint.objects.count() == 1


def test_other_words_under_the_same_key_are_not_swallowed(send):
    same = uuid4()
    send(key=same)

    answer = send(key=same, text="Sesudah kembali, cerita ini sudah lain.")

    assert answer.status_code == 422
    assert "cerita ini sudah lain" in answer.content.decode()
    assert Complaint.objects.count() == 1


def test_what_a_key_remembers_says_nothing_of_the_words(send):
    send()

    assert re.fullmatch(r"[0-9a-f]{64}", Answer.objects.get().fingerprint)


def test_one_address_cannot_flood_a_mall(send):
    for _each in range(BY_ADDRESS):
        assert send().status_code == 302

    answer = send()

    assert (answer.status_code, answer["X-Refusal"]) == (429, "too_many")
    assert TEXT in answer.content.decode()
    assert Complaint.objects.count() == BY_ADDRESS


def test_the_answer_stands_on_the_private_page(hall, admin, read):
    complaint = answered(complain(hall, presence=hall.presence), by=admin)

    html = read(complaint).content.decode()

    assert ANSWER in html
    assert hall.presence.agency.name in html
    assert "Dijawab" in html
    assert str(admin) not in html


def test_the_private_page_is_private(hall, read):
    page = read(complain(hall))

    assert page["Cache-Control"] == "no-store"
    assert page["Referrer-Policy"] == "no-referrer"
    assert page["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize("token", ["a", "x" * 43, "A" * 500])
def test_a_guessed_link_opens_nothing(client, hall, token):
    complain(hall)

    assert client.get(f"/pengaduan/{token}/").status_code == 404


def test_each_link_and_number_is_its_own(hall):
    found = [complain(hall) for _each in range(5)]

    assert len({sealing.link(each) for each in found}) == 5
    assert len({each.code for each in found}) == 5


def test_without_its_key_the_page_goes_on(hall, read, settings):
    complaint = complain(hall, name="Siti", reach=REACH)
    address = sealing.link(complaint)
    settings.VAULT_KEYS = ["9:another key that opens nothing of it"]

    assert sealing.opened(complaint.sealed_text, column=sealing.TEXT) == "•••"
    assert "Siti" not in str(sealing.masked(complaint))
    assert address


def test_the_form_asks_for_what_the_mall_can_send(hall, client):
    address = reverse("complain", args=[hall.mall.slug])
    few = client.get(address).context["form"].fields
    sends_through(hall.mall, Channel.WHATSAPP, Channel.EMAIL)
    many = client.get(address).context["form"].fields

    assert set(many) - set(few) == {"channels", "phone", "email"}


def test_the_foot_of_a_mall_leads_to_the_form(hall, client):
    with time_machine.travel(at(9), tick=False):
        html = client.get(reverse("mall", args=[hall.mall.slug])).content.decode()

    assert reverse("complain", args=[hall.mall.slug]) in html


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_the_same_queries_however_much_happened(
    hall, client, admin, count, django_assert_num_queries
):
    complaint = complain(hall)
    for _each in range(count):
        do(complaints.forward, complaint, hall.presence, by=admin)
    address = reverse("complaint", args=[sealing.link(complaint)])

    with django_assert_num_queries(2):
        client.get(address)
