"""What those who look after a mall's messages see of them, and what nobody sees."""

import logging
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from model_bakery import baker

from accounts.roles import Role
from agencies.models import Assignment
from hall.models import HallEvent
from notifications import contacts, logs, outbox
from notifications.models import Attempt, Message, Provider, Receipt, Wording
from notifications.states import Channel, State
from tests.hall.conftest import appoint
from tests.notifications.log_pages import address
from tests.notifications.posts import (
    MAIL,
    NEVER,
    PHONE,
    contact_of,
    message,
    plug_in,
    sends_through,
    tell,
    work,
)
from tests.recipes import at, make_hall, make_officer
from tests.test_bad_input import QUERIES, TEXTS, encoded

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


def rows(page):
    return [line.message for line in page.context["lines"]]


def test_the_log_says_what_went_where_and_what_was_answered(staff, mall, monkeypatch):
    plug_in(monkeypatch, answer=NEVER)
    tell(contact_of(mall, TEXT))
    work(now=at(9))

    page = staff.get(address(mall))

    assert [(each.channel, each.state) for each in rows(page)] == [(TEXT, State.DEAD)]
    for words in ("Giliran Anda", "SMS atau gerbang pesan", "Gagal", "nomor tidak dikenal"):
        assert words in page.text
    assert "••••7890" in page.text
    steps = staff.get(address(mall, "message", message().pk)).context["steps"]
    assert [(step.tone, step.answer) for step in steps] == [("neg", "nomor tidak dikenal")]


def test_nothing_personal_stands_in_the_log_or_is_written_to_ours(staff, mall, caplog):
    caplog.set_level(logging.DEBUG)
    tell(contact_of(mall, TEXT, EMAIL), "booking_confirmed", event="booking-event:1")
    Message.objects.filter(channel=TEXT).update(state=State.DEAD, reason="mati", ended_at=at(9))

    pages = [staff.get(address(mall)), staff.get(f"{address(mall)}?saluran=semua")]
    pages.append(staff.post(address(mall), {"phone": PHONE}, follow=True))
    pages.append(staff.get(address(mall, "messages_dead")))
    pages.append(staff.get(address(mall, "message", message(TEXT).pk)))

    for page in pages:
        for private in (PHONE, PHONE[3:], PHONE[1:], MAIL, SECRET):
            assert private not in page.text
    assert all(PHONE[3:] not in each.getMessage() for each in caplog.records)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {TEXT, EMAIL}),
        ("saluran=semua", {TEXT, EMAIL, INBOX}),
        ("saluran=4", {TEXT}),
        ("saluran=1", {INBOX}),
        ("keadaan=6", {EMAIL}),
        ("jenis=ticket_called", {TEXT}),
        ("jenis=reminder_day", set()),
        ("hari=2026-03-09", {TEXT, EMAIL}),
        ("hari=2026-03-08", set()),
        ("keadaan=99&saluran=x&jenis=%00&hari=9999-99-99&kontak=-1&sebelum=x", {TEXT, EMAIL}),
    ],
)
def test_the_log_is_narrowed_as_it_is_asked(staff, mall, query, found):
    tell(contact_of(mall, TEXT))
    tell(contact_of(mall, EMAIL), "booking_confirmed", event="booking-event:1")
    Message.objects.filter(channel=EMAIL).update(state=State.DEAD, reason="mati", ended_at=at(9))

    page = staff.get(f"{address(mall)}?{query}")

    assert {each.channel for each in rows(page)} == found


def test_the_day_of_the_log_is_that_of_the_mall(client):
    east = make_hall(slug="mpp-timur", zone="Asia/Jayapura").mall
    sends_through(east, TEXT)
    tell(contact_of(east, TEXT), now=at(23))  # 01.00 of the next day there
    client.force_login(appoint(Role.MALL_ADMIN, mall=east))

    found = [rows(client.get(f"{address(east)}?hari=2026-03-{day:02}")) for day in (9, 10)]

    assert [len(each) for each in found] == [0, 1]


def test_a_phone_finds_every_matter_of_its_holder_at_this_mall(staff, mall):
    other = make_hall(slug="mpp-lain").mall
    sends_through(other, TEXT)
    for place in (mall, mall, other):
        tell(contact_of(place, TEXT))
    tell(contact_of(mall, TEXT, phone="+6281200000000"))

    found = staff.post(address(mall), {"phone": "0812 3456 7890"})
    page = staff.get(found.url)

    assert PHONE[3:] not in found.url
    assert {each.contact.phone_index for each in rows(page)} == {contacts.index_of(TEXT, PHONE)}
    assert {each.mall for each in rows(page)} == {mall}
    assert len(rows(page)) == 4  # two matters, each by SMS and on the page


def test_a_phone_that_nobody_has_finds_nothing_and_a_wrong_one_is_said_so(staff, mall):
    nobody = staff.post(address(mall), {"phone": "0812 9999 9999"}, follow=True)
    wrong = staff.post(address(mall), {"phone": "12"})

    assert "Tidak ada pesan ke nomor itu" in nobody.text
    assert (wrong.status_code, list(wrong.context["search"].errors)) == (422, ["phone"])


def test_the_contact_of_another_mall_narrows_to_nothing(staff, mall):
    other = make_hall(slug="mpp-lain").mall
    far = contact_of(other, TEXT)
    tell(contact_of(mall, TEXT))

    assert rows(staff.get(f"{address(mall)}?kontak={far.pk}")) == []


def test_older_messages_follow_page_by_page_and_each_stands_once(staff, mall, monkeypatch):
    monkeypatch.setattr(logs, "PAGE", 3)
    contact = contact_of(mall, TEXT)
    for number in range(7):
        tell(contact, event=f"ticket-event:{number}:1", now=at(8, number // 3))

    seen, place = [], f"{address(mall)}?saluran=4"
    while place:
        page = staff.get(place)
        seen += [each.pk for each in rows(page)]
        older = page.context["older"]
        place = f"{address(mall)}?{older}" if older else ""

    assert seen == list(
        Message.objects.filter(channel=TEXT).order_by("-pk").values_list("pk", flat=True)
    )


@pytest.mark.parametrize("count", [1, 3])
def test_the_log_takes_the_same_queries_with_one_row_and_with_three(
    staff, mall, count, django_assert_num_queries
):
    provider = Provider.objects.get(channel=TEXT)
    for number in range(count):
        tell(contact_of(mall, TEXT), event=f"ticket-event:{number}:1")
    for each in Message.objects.filter(channel=TEXT):
        Message.objects.filter(pk=each.pk).update(reference=f"ref-{each.pk}")
        baker.make(Attempt, message=each, at=at(9), outcome=1, answer="ya")
        told = {"provider": provider, "reference": f"ref-{each.pk}", "state": State.READ}
        baker.make(Receipt, **told, at=at(9))
    first = Message.objects.filter(channel=TEXT).latest("pk")

    with django_assert_num_queries(6):
        staff.get(address(mall))
    with django_assert_num_queries(15):
        staff.get(address(mall, "message", first.pk))


def test_an_empty_log_says_why_and_where_else_to_look(staff, mall):
    assert "Belum ada pesan yang dikirim keluar" in staff.get(address(mall)).text
    assert "Tidak ada pesan seperti itu" in staff.get(f"{address(mall)}?keadaan=6").text


def test_the_log_of_a_contact_is_a_part_that_other_pages_show(mall, monkeypatch):
    plug_in(monkeypatch)
    contact = contact_of(mall, TEXT)
    tell(contact)
    tell(contact_of(mall, TEXT))
    work(now=at(9))

    found = logs.of_contact(contact.pk)

    assert [(each.message.channel, str(each.state)) for each in found] == [
        (TEXT, "Diterima penyedia"),
        (INBOX, "Di halaman pemohon"),
    ]
    assert found[0].answer == "diterima"


def test_what_the_provider_reports_later_is_the_last_answer(staff, mall, monkeypatch):
    plug_in(monkeypatch)
    tell(contact_of(mall, TEXT))
    work(now=at(9))
    known = {"provider": Provider.objects.get(channel=TEXT), "reference": "ref-1"}
    baker.make(Receipt, **known, state=State.DEAD, at=at(9, 5), answer="ponsel mati")

    assert "ponsel mati" in staff.get(address(mall)).text
    page = staff.get(address(mall, "message", message().pk))
    assert [step.answer for step in page.context["steps"]] == ["diterima", "ponsel mati"]


def test_a_message_is_shown_as_it_was_said_without_code_and_private_link(staff, mall):
    contact = contact_of(mall, TEXT)
    tell(contact, "booking_confirmed", event="booking-event:1")
    with_code = {"mal": "MPP Uji", "angka": "482913", "menit": "5"}
    outbox.send(contact.pk, "code", event="code:1", values=with_code, now=at(9))

    for kind, hidden in (("booking_confirmed", SECRET), ("code", "482913")):
        page = staff.get(address(mall, "message", message(TEXT, kind=kind).pk))
        assert (hidden in page.text, "••••••" in page.text) == (False, True)
    assert (
        "Yth. Bapak/Ibu Siti A."
        in staff.get(
            address(mall, "message", Message.objects.get(channel=TEXT, kind="booking_confirmed").pk)
        ).text
    )


def test_words_that_changed_afterwards_are_said_to_have_changed(staff, mall):
    tell(contact_of(mall, TEXT))
    place = address(mall, "message", message().pk)
    assert "Kalimatnya diubah" not in staff.get(place).text

    baker.make(
        *(Wording,),
        mall=mall,
        kind="ticket_called",
        language="id",
        body="Ke {loket}",
        subject="S",
        edited_at=at(9, 1),
    )

    assert "Kalimatnya diubah" in staff.get(place).text


@pytest.mark.parametrize(
    "spoilt", [{"sealed_context": ""}, {"sealed_context": "x.y"}, {"kind": "was_once"}]
)
def test_a_message_that_nobody_can_read_any_more_has_a_page_too(staff, mall, spoilt):
    tell(contact_of(mall, TEXT))
    Message.objects.update(**spoilt)

    page = staff.get(address(mall, "message", message().pk))

    assert "Isinya tidak dapat ditampilkan lagi" in page.text
    assert staff.post(address(mall, "message_by_hand", message().pk)).status_code == 409


def test_a_phone_that_does_not_open_is_dots(staff, mall):
    contact = contact_of(mall, TEXT)
    tell(contact)
    contact.sealed_phone = "9.AAAA"
    contact.save()

    assert "•••" in staff.get(address(mall)).text


STRANGERS = {
    "other mall": lambda hall: appoint(Role.MALL_ADMIN, mall=make_hall(slug="mpp-lain").mall),
    "own supervisor": lambda hall: make_officer(hall.presence, Role.SUPERVISOR),
    "own officer": lambda hall: hall.officer,
    "agency admin": lambda hall: make_officer(hall.presence, Role.AGENCY_ADMIN),
    "ministry": lambda hall: appoint(Role.MINISTRY_MONITOR),
}


@pytest.mark.parametrize("who", STRANGERS)
def test_a_stranger_sees_no_message_and_moves_none(client, hall, mall, who):
    tell(contact_of(mall, TEXT))
    Message.objects.filter(channel=TEXT).update(state=State.DEAD, reason="mati", ended_at=at(9))
    row = message()
    client.force_login(STRANGERS[who](hall))
    before = picture()

    answers = [
        client.get(address(mall)),
        client.post(address(mall), {"phone": PHONE}),
        client.get(address(mall, "message", row.pk)),
        client.post(address(mall, "message_retry", row.pk)),
        client.post(address(mall, "message_by_hand", row.pk)),
        client.get(address(mall, "messages_dead")),
        client.post(address(mall, "messages_retry"), {"seperti": row.pk}),
    ]

    assert [each.status_code for each in answers] == [404] * len(answers)
    assert picture() == before


def picture():
    return [list(model.objects.order_by("pk").values()) for model in (Message, HallEvent)]


def test_a_message_of_another_mall_is_not_reached_through_ones_own(staff, mall):
    other = make_hall(slug="mpp-lain").mall
    sends_through(other, TEXT)
    tell(contact_of(other, TEXT))
    far = Message.objects.get(channel=TEXT)

    assert rows(staff.get(address(mall))) == []
    for answer in (
        staff.get(address(mall, "message", far.pk)),
        staff.post(address(mall, "message_retry", far.pk)),
        staff.post(address(mall, "message_by_hand", far.pk)),
        staff.post(address(mall, "messages_retry"), {"seperti": far.pk}),
    ):
        assert answer.status_code == 404


def test_who_has_one_mall_is_led_to_it_and_an_operator_chooses(client, hall, admin):
    client.force_login(admin)
    assert client.get(reverse("messages_malls")).url == address(hall.mall)
    second = make_hall(slug="mpp-kedua").mall
    client.force_login(appoint(Role.OPERATOR))
    assert address(second) in client.get(reverse("messages_malls")).text
    client.force_login(hall.officer)
    assert client.get(reverse("messages_malls")).status_code == 404


def test_nobody_keeps_a_copy(staff, mall):
    tell(contact_of(mall, TEXT))

    for name, rest in (("messages", []), ("message", [message().pk]), ("messages_dead", [])):
        assert "no-store" in staff.get(address(mall, name, *rest))["Cache-Control"]


def test_whatever_is_asked_of_the_log_is_answered(staff, mall):
    tell(contact_of(mall, TEXT))
    row = message()
    places = [address(mall), address(mall, "message", row.pk), address(mall, "messages_dead")]
    sent_to = [
        address(mall),
        address(mall, "message_retry", row.pk),
        address(mall, "message_by_hand", row.pk),
        address(mall, "messages_retry"),
    ]
    more = "keadaan=%00&saluran=%00&jenis=%ff&hari=0001-01-01&kontak=%00&sebelum=%00"
    asked = [f"{place}?{query}" for place in places for query in [*QUERIES.values(), more]]
    answers = [staff.get(each) for each in asked]
    form = "application/x-www-form-urlencoded"
    for text in map(encoded, TEXTS.values()):
        body = f"phone={text}&seperti={text}&dari={text}"
        answers += [staff.post(place, body, content_type=form) for place in sent_to]

    assert max(each.status_code for each in answers) < 500


def test_an_admin_whose_assignment_ended_is_a_stranger(staff, mall, admin):
    Assignment.objects.filter(user=admin).update(until=at(9).date() - timedelta(days=1))

    assert staff.get(address(mall)).status_code == 404
