"""WhatsApp takes a template and nothing else; its errors are known by their numbers."""

import pytest

from notifications.channels import Outcome, Template, whatsapp
from notifications.channels.registry import FIELDS
from tests.notifications.conftest import outgoing

NEAR = Template("panggilan_v1", ("A-7", "  3\n ", ""))


@pytest.fixture
def settings_of(web):
    return {"base": web.url, "phone_number_id": "1234567890"}


def send(settings, **more):
    return whatsapp.send(outgoing(**{"template": NEAR} | more), settings, {"token": "kunci"})


def test_a_template_arrives_with_its_numbered_values(web, settings_of):
    answer = send(settings_of)

    (seen,) = web.seen
    assert (answer.outcome, answer.reference) == (Outcome.ACCEPTED, "id-1")
    assert seen.path == "/v23.0/1234567890/messages"
    assert seen.headers["Authorization"] == "Bearer kunci"
    assert seen.json["to"] == "6281234567890"
    assert seen.json["biz_opaque_callback_data"] == "mpp-7"
    values = [{"type": "text", "text": text} for text in ("A-7", "3", "-")]
    assert seen.json["template"] == {
        "name": "panggilan_v1",
        "language": {"code": "id"},
        "components": [{"type": "body", "parameters": values}],
    }


@pytest.mark.parametrize(
    ("language", "english", "code"),
    [("id", "en_US", "id"), ("en", "", "en"), ("en", "en_US", "en_US"), ("en_US", "", "en_US")],
)
def test_a_language_is_named_as_the_template_was_approved(
    web, settings_of, language, english, code
):
    send({**settings_of, "english": english}, language=language)

    assert web.seen[0].json["template"]["language"] == {"code": code}


@pytest.mark.parametrize("template", [None, Template("", ("A-7",))])
def test_without_a_template_nothing_is_asked(web, settings_of, template):
    answer = send(settings_of, template=template)

    assert (answer.outcome, web.seen) == (Outcome.REFUSED, [])
    assert answer.text == "Pesan ini belum punya templat WhatsApp yang disetujui."


@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize(
    ("code", "outcome", "is_down"),
    [
        (131026, Outcome.REFUSED, False),
        (131047, Outcome.REFUSED, False),
        (132001, Outcome.REFUSED, False),
        (130429, Outcome.FAILED, True),
        (80007, Outcome.FAILED, True),
        (131056, Outcome.FAILED, False),
        (190, Outcome.FAILED, True),
        (10, Outcome.FAILED, True),
        (131000, Outcome.FAILED, True),
    ],
)
def test_an_error_is_what_its_number_says(web, settings_of, status, code, outcome, is_down):
    web.answer = status, {"error": {"code": code, "message": "about +6281234567890"}}

    answer = send(settings_of)

    assert (answer.outcome, answer.is_down) == (outcome, is_down)
    assert str(code) in answer.text
    assert "81234567890" not in answer.text


@pytest.mark.parametrize(
    ("said", "outcome", "is_down"),
    [
        ((400, {"error": {"code": 100}}), Outcome.REFUSED, False),
        ((400, {"error": {"code": ["100"]}}), Outcome.REFUSED, False),
        ((401, {"error": {"code": 999}}), Outcome.FAILED, True),
        ((200, {"error": {"code": 999}}), Outcome.FAILED, False),
        ((200, {"error": {}}), Outcome.FAILED, False),
        ((200, {"messages": []}), Outcome.FAILED, False),
        ((200, b"<html>"), Outcome.FAILED, False),
        ((404, b"<html>"), Outcome.REFUSED, False),
        ((429, b""), Outcome.FAILED, True),
        ((503, b""), Outcome.FAILED, True),
        ((500, b""), Outcome.FAILED, True),
        ((302, b""), Outcome.REFUSED, False),
    ],
)
def test_what_has_no_known_number_is_what_the_status_says(web, settings_of, said, outcome, is_down):
    web.answer = said

    answer = send(settings_of)

    assert (answer.outcome, answer.is_down) == (outcome, is_down)


def test_a_token_that_ended_is_said_in_words(web, settings_of):
    web.answer = 401, {"error": {"code": 190, "message": "Session has expired"}}

    assert send(settings_of).text == (
        "WhatsApp menolak akses: periksa token, nomor pengirim, dan tagihan akun. (kode 190)"
    )


def test_an_end_that_does_not_answer_is_down(web, settings_of, hurried):
    web.way = "slow"

    assert send(settings_of).is_down


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ({"hub.verify_token": "kata"}, "1158201444"),
        ({"hub.verify_token": "lain"}, None),
        ({"hub.verify_token": ""}, None),
        ({"hub.verify_token": "kata", "hub.mode": "unsubscribe"}, None),
        ({"hub.verify_token": "kata", "hub.challenge": "<script>"}, None),
    ],
)
def test_only_whatsapp_itself_is_greeted(asked, answered):
    known = {"hub.mode": "subscribe", "hub.challenge": "1158201444"}

    assert whatsapp.greeting(known | asked, {"verify_token": "kata"}) == answered


def test_without_a_word_of_our_own_nobody_is_greeted():
    asked = {"hub.mode": "subscribe", "hub.challenge": "1", "hub.verify_token": ""}

    assert whatsapp.greeting(asked, {}) is None


@pytest.mark.parametrize(
    ("changed", "secrets", "wrong"),
    [
        ({}, {}, {"token"}),
        ({"phone_number_id": ""}, {"token": "x"}, {"phone_number_id"}),
        ({"phone_number_id": "../me"}, {"token": "x"}, {"phone_number_id"}),
        ({"version": "terbaru"}, {"token": "x"}, {"version"}),
        ({"base": "http://graph.example"}, {"token": "x"}, {"base"}),
        ({"base": "https://127.0.0.1"}, {"token": "x"}, set()),
        ({}, {"token": "x\ny"}, {"token"}),
        ({}, {"token": "x"}, set()),
    ],
)
def test_what_makes_no_sense_is_said_beside_its_field(changed, secrets, wrong):
    settings = {"phone_number_id": "1234567890", **changed}

    assert set(whatsapp.complain(settings, secrets)) == wrong


def test_each_channel_s_fields_have_names_of_their_own():
    for fields in FIELDS.values():
        names = [field.name for field in fields]
        assert len(names) == len(set(names))
