"""How a mall and the nation say things: what may stand in a wording, and how it will leave."""

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from accounts.roles import Role
from hall.models import HallEvent
from notifications import contacts, parts, phrasing, wording
from notifications.catalogue import KINDS, PLACEHOLDERS
from notifications.channels import Template
from notifications.contacts import Reach
from notifications.models import Provider, Wording
from notifications.states import Channel
from notifications.wording import Words
from tests.hall.conftest import appoint
from tests.notifications.posts import (
    MAIL,
    NEVER,
    PHONE,
    contact_of,
    plug_in,
    sends_through,
    tell,
    work,
)
from tests.recipes import at, make_hall, make_officer
from tests.test_bad_input import QUERIES, TEXTS, encoded

pytestmark = pytest.mark.django_db
TEXT, EMAIL = Channel.TEXT, Channel.EMAIL
KIND = "ticket_called"
SAID = {"subject": "Ayo", "body": "Nomor {nomor}, loket {loket}."}


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
    return hall.mall


@pytest.fixture
def operator(client):
    client.force_login(appoint(Role.OPERATOR))
    return client


def address(mall, kind=KIND, language="id"):
    if mall is None:
        return reverse("wording_nation", args=[kind, language])
    return reverse("wording", args=[mall.slug, kind, language])


def post(client, place, do="simpan", **more):
    return client.post(place, {**SAID, "do": do, **more})


def acts():
    found = HallEvent.objects.filter(act__startswith="wording").order_by("pk")
    return list(found.values_list("act", "detail"))


def test_every_kind_stands_in_the_list_once(staff, mall):
    page = staff.get(reverse("wordings", args=[mall.slug]))

    listed = [entry.kind for _title, entries in page.context["groups"] for entry in entries]
    assert sorted(listed) == sorted(KINDS)
    assert page.text.count("Bawaan") == 2 * len(KINDS)


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_page_and_its_usual_words_are_in_order(staff, mall, kind, language):
    page = staff.get(address(mall, kind, language))

    assert page.status_code == 200
    assert phrasing.complaints(kind, wording.usually(kind, language)) == {}
    assert len(page.context["names"]) == len(KINDS[kind].names)


def test_every_placeholder_has_an_example():
    assert set(phrasing.EXAMPLES) == set(PLACEHOLDERS)


def test_a_mall_says_it_in_its_own_words_from_the_next_message_on(staff, mall, monkeypatch):
    line = plug_in(monkeypatch)
    sends_through(mall, TEXT)

    saved = post(staff, address(mall))
    tell(contact_of(mall, TEXT))
    work(now=at(9))

    assert saved.url == address(mall)
    assert line.sent[0].body.startswith("Nomor A-001, loket 3.")
    assert acts() == [("wording.saved", "ticket_called id")]
    kept = Wording.objects.get()
    assert (kept.mall, kept.edited_at) == (mall, at(9))
    assert "Diubah" in staff.get(reverse("wordings", args=[mall.slug])).text


def test_saving_twice_keeps_one_wording(staff, mall):
    post(staff, address(mall))
    post(staff, address(mall), subject="Mari")

    assert Wording.objects.get().subject == "Mari"


def test_the_usual_words_come_back(staff, mall):
    post(staff, address(mall))
    for _twice in range(2):
        staff.post(address(mall), {"do": "bawaan"})

    assert not Wording.objects.exists()
    assert acts() == [
        ("wording.saved", "ticket_called id"),
        ("wording.reset", "ticket_called id"),
    ]
    assert "Silakan menuju loket" in staff.get(address(mall)).text


def test_the_nation_says_it_for_every_mall_without_words_of_its_own(operator, mall):
    own = make_hall(slug="mpp-lain").mall
    post(operator, address(own), body="Milik sendiri {nomor}")

    saved = post(operator, address(None), body="Nasional {nomor}")

    said = [
        wording.of(KIND, mall_id=each.pk, language="id").body.split()[0] for each in (mall, own)
    ]
    assert said == ["Nasional", "Milik"]
    assert saved.url == address(None)
    entry = LogEntry.objects.get()
    assert entry.change_message == "wording.saved ticket_called id"
    assert "Nasional" in operator.get(reverse("wordings", args=[mall.slug])).text
    assert "Diubah" in operator.get(reverse("wordings_nation")).text


@pytest.mark.parametrize(
    ("wrong", "field", "named"),
    [
        ({"body": "Hai {nama}, {loket}"}, "body", "{nama}"),
        ({"subject": "{nik} {nomor}"}, "subject", "{nik}"),
        ({"body": "{nomor.mall} {0}"}, "body", "{nomor.mall}, {0}"),
        ({"body": "{nomor}} dan {"}, "body", "kurung kurawal"),
        ({"body": ""}, "body", ""),
        ({"subject": ""}, "subject", ""),
        ({"body": "x" * 1001}, "body", ""),
        ({"template": "Bukan Nama"}, "template", "huruf kecil"),
    ],
)
@pytest.mark.parametrize("do", ["simpan", "lihat", "uji-4", ""])
def test_a_wording_that_names_what_it_does_not_know_is_not_kept_and_the_text_is(
    staff, mall, wrong, field, named, do
):
    answer = post(staff, address(mall), do, **wrong)

    form = answer.context["form"]
    assert (answer.status_code, list(form.errors)) == (422, [field])
    assert named in str(form.errors[field][0])
    assert form[field].value() == wrong[field]
    assert not Wording.objects.exists()


def test_a_code_without_the_code_is_refused(staff, mall):
    answer = post(staff, address(mall, "code"), body="Kode untuk {mal}")

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["body"])


def test_the_rule_itself_refuses_too(mall, admin):
    with pytest.raises(phrasing.WordingRefused):
        phrasing.save(KIND, "id", mall, Words("S", "{nik}"), by=admin, now=at(9))

    assert not Wording.objects.exists()


def test_a_look_shows_what_was_typed_and_stores_nothing(staff, mall):
    page = post(staff, address(mall), "lihat", body="Nomor {nomor} ke {loket}!")

    bodies = {channel: each.body for each in page.context["previews"] for channel in each.channels}
    assert page.status_code == 200
    assert bodies[Channel.INBOX] == bodies[Channel.PUSH] == "Nomor A-027 ke 5!"
    assert "kode OTP" in bodies[EMAIL]
    assert "STOP" not in bodies[EMAIL]
    assert bodies[TEXT].endswith("Balas STOP untuk berhenti.")
    assert not Wording.objects.exists()


def test_the_preview_speaks_the_language_of_the_wording(staff, mall):
    page = staff.get(address(mall, "booking_confirmed", "en"))

    bodies = [each.body for each in page.context["previews"]]
    assert all("Senin" not in body and "Petugas" not in body for body in bodies)


def test_markup_in_a_wording_stays_text(staff, mall):
    page = post(staff, address(mall), "lihat", body="<b>{nomor}</b><script>")

    assert "<script>" not in page.text.split("<main")[1]
    assert "&lt;script&gt;" in page.text


def test_whatsapp_is_given_numbers_in_the_order_of_the_text(staff, mall):
    page = post(
        staff, address(mall), "lihat", body="{loket}: {nomor}, {loket}", template="panggilan_1"
    )

    assert page.context["variables"] == [("{{1}}", "{loket}"), ("{{2}}", "{nomor}")]
    assert page.context["as_template"].startswith("{{1}}: {{2}}, {{1}}\nPetugas tidak pernah")


@pytest.mark.parametrize(
    ("text", "count", "signs", "is_plain"),
    [
        ("", 1, 0, True),
        ("a" * 160, 1, 160, True),
        ("a" * 161, 2, 161, True),
        ("a" * 306, 2, 306, True),
        ("a" * 307, 3, 307, True),
        ("€" * 80, 1, 160, True),
        ("a" * 152 + "€" + "a" * 152, 3, 306, True),  # the escape is not torn from its sign
        ("é" * 160, 1, 160, True),
        ("“" + "a" * 69, 1, 70, False),
        ("“" + "a" * 70, 2, 71, False),
        ("“" + "a" * 133, 2, 134, False),
        ("“" + "a" * 134, 3, 135, False),
        ("😀" * 35, 1, 70, False),
        ("a" * 66 + "😀" + "a" * 66, 3, 134, False),
    ],
)
def test_sms_are_counted_as_they_are_paid_for(text, count, signs, is_plain):
    found = parts.of(text)

    assert (found.count, found.signs, found.is_plain) == (count, signs, is_plain)


def test_what_makes_an_sms_dear_is_named(staff, mall):
    page = post(staff, address(mall), "lihat", body="“{nomor}” → {loket}")

    (found,) = [each.parts for each in page.context["previews"] if each.parts]
    assert found.wide == ("→",)  # the quotation marks go out as plain ones
    assert "lebih mahal" in page.text


def test_a_trial_goes_to_the_writer_alone_with_what_is_typed(staff, mall, admin, monkeypatch):
    line = plug_in(monkeypatch)
    sends_through(mall, TEXT)
    contacts.change(contacts.of_user(admin, now=at(8)), Reach(PHONE, MAIL), how=4, now=at(8))
    assert "Kirim contoh ke saya" in staff.get(address(mall)).text

    page = post(staff, address(mall), "uji-4", body="Coba {nomor}")

    assert "Penyedia menerima pesan uji" in page.text
    assert [(each.to, each.body.split("\n")[0]) for each in line.sent] == [(PHONE, "Coba A-027")]
    assert not Wording.objects.exists()
    assert acts() == [("wording.tried", "ticket_called id")]
    assert PHONE[1:] not in page.text


def test_a_trial_says_what_stands_in_its_way(staff, mall, admin, monkeypatch):
    line = plug_in(monkeypatch, answer=NEVER)
    nowhere = post(staff, address(mall), "uji-4")
    sends_through(mall, TEXT)
    unknown = post(staff, address(mall), "uji-4")
    contacts.change(contacts.of_user(admin, now=at(8)), Reach(PHONE), how=4, now=at(8))
    refused = post(staff, address(mall), "uji-4")

    assert [each.status_code for each in (nowhere, unknown, refused)] == [409, 409, 200]
    assert "Penyedia menolak pesan uji: nomor tidak dikenal" in refused.text
    assert len(line.sent) == 1


def test_a_trial_through_whatsapp_fills_its_template(staff, mall, admin, monkeypatch):
    line = plug_in(monkeypatch, Channel.WHATSAPP)
    sends_through(mall, Channel.WHATSAPP)
    contacts.change(contacts.of_user(admin, now=at(8)), Reach(PHONE), how=4, now=at(8))

    post(staff, address(mall), "uji-3", template="panggilan")

    assert line.sent[0].template == Template("panggilan", ("A-027", "5"))


def test_a_trial_needs_the_key_of_the_providers_secrets(staff, mall, admin, monkeypatch):
    line = plug_in(monkeypatch)
    sends_through(mall, TEXT)
    Provider.objects.update(sealed_secrets="9.AAAA")
    contacts.change(contacts.of_user(admin, now=at(8)), Reach(PHONE), how=4, now=at(8))

    assert (post(staff, address(mall), "uji-4").status_code, line.sent) == (409, [])


def test_trials_are_few_a_minute(staff, mall, admin, monkeypatch):
    line = plug_in(monkeypatch)
    sends_through(mall, TEXT)
    contacts.change(contacts.of_user(admin, now=at(8)), Reach(PHONE), how=4, now=at(8))

    answers = [post(staff, address(mall), "uji-4").status_code for _each in range(6)]

    assert (answers, len(line.sent)) == ([200] * 5 + [429], 5)


STRANGERS = {
    "other mall": lambda hall: appoint(Role.MALL_ADMIN, mall=make_hall(slug="mpp-lain").mall),
    "own supervisor": lambda hall: make_officer(hall.presence, Role.SUPERVISOR),
    "own officer": lambda hall: hall.officer,
    "ministry": lambda hall: appoint(Role.MINISTRY_MONITOR),
}


@pytest.mark.parametrize("who", STRANGERS)
def test_a_stranger_reads_and_rewords_nothing(client, hall, staff, mall, who):
    post(staff, address(mall))
    client.force_login(STRANGERS[who](hall))
    before = picture()

    answers = [
        client.get(reverse("wordings", args=[mall.slug])),
        client.get(address(mall)),
        post(client, address(mall), subject="Lain"),
        client.post(address(mall), {"do": "bawaan"}),
        client.get(reverse("wordings_nation")),
        client.get(address(None)),
        post(client, address(None)),
    ]

    assert [each.status_code for each in answers] == [404] * len(answers)
    assert picture() == before


def picture():
    return [list(each.objects.order_by("pk").values()) for each in (Wording, HallEvent, LogEntry)]


def test_the_nations_words_are_not_a_malls_to_change(staff):
    assert staff.get(address(None)).status_code == 404
    assert post(staff, address(None)).status_code == 404


@pytest.mark.parametrize(("kind", "language"), [("x", "id"), (KIND, "fr"), (KIND, "ID")])
def test_nothing_is_said_in_other_kinds_and_languages(staff, mall, kind, language):
    assert staff.get(address(mall, kind, language)).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_pages_take_the_same_queries_with_one_row_and_with_three(
    staff, mall, admin, rows, django_assert_num_queries
):
    for kind in list(KINDS)[:rows]:
        usual = wording.usually(kind, "id")
        for place in (mall, None):
            phrasing.save(kind, "id", place, usual, by=admin, now=at(9))

    with django_assert_num_queries(5):
        staff.get(reverse("wordings", args=[mall.slug]))
    with django_assert_num_queries(7):
        staff.get(address(mall, "code"))


def test_whatever_is_sent_is_answered(staff, mall):
    sends_through(mall, TEXT)
    form = "application/x-www-form-urlencoded"
    for text in map(encoded, TEXTS.values()):
        for do in ("simpan", "lihat", "bawaan", "uji-4", "uji-x", text):
            body = f"subject={text}&body={text}&template={text}&do={do}"
            answer = staff.post(address(mall), body, content_type=form)
            assert answer.status_code < 500
    for query in QUERIES.values():
        assert staff.get(f"{address(mall)}?{query}").status_code < 500
