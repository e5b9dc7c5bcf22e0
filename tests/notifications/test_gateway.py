"""A gateway is described by data; whatever it calls things, we read it."""

import json
from datetime import timedelta

import pytest

from notifications.channels import Outcome, gateway, gateway_fields
from notifications.channels.fields import complaints
from notifications.channels.presets import PRESETS
from notifications.channels.reports import Letter, Report, Wish, Word
from notifications.states import State
from tests.notifications.conftest import GATEWAY, outgoing
from tests.notifications.fakes import sign
from tests.recipes import at

REPORTS = {
    "signature_header": "X-Signature",
    "receipt_id_path": "message.id",
    "receipt_status_path": "message.state",
    "receipt_reason_path": "message.why",
    "words": {"DELIVRD": "delivered", "UNDELIV": "failed", "2": "read"},
    "inbound_from_path": "from",
    "inbound_text_path": "text",
    "inbound_id_path": "id",
}


@pytest.fixture
def settings_of(web):
    return {**GATEWAY, "url": f"{web.url}/kirim"}


def send(settings, **more):
    return gateway.send(outgoing(**more), settings, {"token": "kunci-sms"})


def test_a_form_arrives_with_the_names_of_the_gateway(web, settings_of):
    more = {"sender_field": "from", "key_field": "ref", "extra": {"countryCode": "62", "n": 1}}

    answer = send({**settings_of, **more})

    (seen,) = web.seen
    assert (answer.outcome, answer.reference) == (Outcome.ACCEPTED, "id-1")
    assert seen.headers["Authorization"] == "kunci-sms"
    assert seen.form == {
        "target": "6281234567890",
        "message": outgoing().body,
        "from": "MPP Uji",
        "ref": "mpp-7",
        "countryCode": "62",
        "n": "1",
    }


def test_json_with_the_token_inside(web, settings_of):
    shape = {"body": "json", "token_header": "", "token_field": "key", "sender": "MPP"}

    send({**settings_of, **shape, "sender_field": "from", "extra": {"opts": {"a": [1]}}})

    (seen,) = web.seen
    assert "Authorization" not in seen.headers
    assert seen.json == {
        "opts": {"a": [1]},
        "target": "6281234567890",
        "message": outgoing().body,
        "from": "MPP",
        "key": "kunci-sms",
    }


def test_a_prefix_stands_before_the_token(web, settings_of):
    send({**settings_of, "token_prefix": "Bearer"})

    assert web.seen[0].headers["Authorization"] == "Bearer kunci-sms"


@pytest.mark.parametrize(
    ("form", "number"),
    [("+628", "+6281234567890"), ("628", "6281234567890"), ("08", "081234567890")],
)
def test_a_number_is_written_as_the_gateway_wants_it(form, number):
    assert gateway.number("+6281234567890", form) == number


@pytest.mark.parametrize(
    ("said", "outcome", "is_down"),
    [
        ((200, {"status": True}), Outcome.ACCEPTED, False),
        ((200, {"status": "TRUE"}), Outcome.ACCEPTED, False),
        ((200, {"status": False, "reason": "insufficient quota"}), Outcome.FAILED, False),
        ((200, {"status": False, "reason": "Target invalid"}), Outcome.REFUSED, False),
        ((200, {"status": False}), Outcome.FAILED, False),
        ((200, b"<html>"), Outcome.FAILED, True),
        ((200, {"ok": 1}), Outcome.FAILED, True),
        ((400, {"reason": "bad"}), Outcome.REFUSED, False),
        ((401, b""), Outcome.FAILED, True),
        ((429, b""), Outcome.FAILED, True),
        ((500, b""), Outcome.FAILED, True),
        ((503, b""), Outcome.FAILED, True),
    ],
)
def test_what_it_answers_decides_whether_to_try_again(web, settings_of, said, outcome, is_down):
    web.answer = said

    answer = send({**settings_of, "hopeless": "target invalid, no whatsapp"})

    assert (answer.outcome, answer.is_down) == (outcome, is_down)


def test_its_words_are_told_without_what_is_nobody_else_s(web, settings_of):
    reason = (
        "token kunci-sms (123456) may not send 'Nomor A-7 dipanggil' to 0812-3456-7890 or"
        " +62 812 3456 7890, siti@example.org, https://mpp.example/antrean/x/ (code 17)"
    )
    web.answer = 200, {"status": False, "reason": reason}

    text = send(settings_of).text

    assert text == (
        "Gerbang menolak: token … (…) may not send 'Nomor A-7 dipanggil' to … or …, … … (code 17)"
    )


def test_where_no_sign_is_named_the_status_is_enough(web, settings_of):
    web.answer = 202, b"queued"

    answer = send({**settings_of, "accepted_path": ""})

    assert (answer.outcome, answer.reference) == (Outcome.ACCEPTED, "")


@pytest.mark.parametrize("way", ["slow", "drip", "drop", "half"])
def test_an_end_that_does_not_answer_is_down(web, settings_of, hurried, way):
    web.way = way

    assert send(settings_of).is_down


def letter(body, *, key="rahasia", signed=None, **headers):
    signature = sign(key, body if signed is None else signed)
    return Letter({"X-Signature": signature, **headers}, body, at(9))


@pytest.mark.parametrize(
    ("made", "is_theirs"),
    [
        (letter(b"{}"), True),
        (letter(b"{}", key="lain"), False),
        (letter(b"{}", signed=b"{ }"), False),
        (Letter({"X-Signature": "é"}, b"{}", at(9)), False),
        (Letter({}, b"{}", at(9)), False),
    ],
)
def test_only_the_gateway_itself_is_believed(made, is_theirs):
    assert gateway.is_theirs(made, REPORTS, {"signing_key": "rahasia"}) is is_theirs


def test_without_a_key_or_a_header_nobody_is_believed():
    assert not gateway.is_theirs(letter(b"{}", key=""), REPORTS, {})
    assert not gateway.is_theirs(letter(b"{}"), {}, {"signing_key": "rahasia"})


@pytest.mark.parametrize(
    ("minutes", "is_theirs"), [(0, True), (4.9, True), (-4.9, True), (5.1, False), (-5.1, False)]
)
def test_where_it_says_when_it_is_believed_for_five_minutes(minutes, is_theirs):
    sent = str(int((at(9) + timedelta(minutes=minutes)).timestamp()))
    made = letter(b"{}", signed=f"{sent}.{{}}".encode(), **{"X-Time": sent})
    settings = {**REPORTS, "timestamp_header": "X-Time"}

    assert gateway.is_theirs(made, settings, {"signing_key": "rahasia"}) is is_theirs


@pytest.mark.parametrize("sent", ["", "kemarin", "-1", "9" * 400, "١٢٣", "1e9"])
def test_a_time_that_is_none_is_not_now(sent):
    made = letter(b"{}", signed=f"{sent}.{{}}".encode(), **{"X-Time": sent})
    settings = {**REPORTS, "timestamp_header": "X-Time"}

    assert not gateway.is_theirs(made, settings, {"signing_key": "rahasia"})


def test_its_words_become_ours():
    said = [
        {"message": {"id": "a", "state": "DELIVRD"}},
        {"message": {"id": 7, "state": "undeliv", "why": "absent 081234567890"}},
        {"message": {"id": "c", "state": 2}},
        {"message": {"id": "d", "state": "ACCEPTD"}},
        {"message": {"state": "DELIVRD"}},
        {"from": "08123", "text": " Stop \n", "id": 5},
        {"from": "08123", "text": "halo"},
        "text",
    ]

    assert gateway.read(said, REPORTS) == Report(
        words=(
            Word("a", State.DELIVERED),
            Word("7", State.DEAD, "absent …"),
            Word("c", State.READ),
        ),
        wishes=(Wish("08123", True, "5"),),
    )


@pytest.mark.parametrize(
    ("text", "is_stop"),
    [
        *((word, True) for word in ("STOP", "stop", " Stop\n", "BERHENTI", "berhenti ")),
        *((word, False) for word in ("START", "start", "Mulai", "MULAI\t")),
    ],
)
def test_who_wants_no_more_says_so_in_any_case(text, is_stop):
    (wish,) = gateway.read({"from": "08123", "text": text}, REPORTS).wishes

    assert wish.is_stop is is_stop


@pytest.mark.parametrize(
    "text", ["stop sekarang", "jangan berhenti", "", None, 7, {"a": 1}, "ST0P"]
)
def test_other_words_want_nothing(text):
    assert gateway.read({"from": "08123", "text": text}, REPORTS).wishes == ()


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({}, set()),
        ({"url": "http://gerbang.example/"}, {"url"}),
        ({"url": "https://gerbang.example:8080/"}, {"url"}),
        ({"url": ""}, {"url"}),
        ({"token_header": "", "token_field": ""}, {"token_header"}),
        ({"token_header": "X\r\nY"}, {"token_header"}),
        ({"accepted_values": " , "}, {"accepted_values"}),
        ({"extra": "a=b"}, {"extra"}),
        ({"words": {"DELIVRD": "sampai"}}, {"words"}),
        ({"words": {"DELIVRD": ["read"]}}, {"words"}),
        ({"number_format": "0062"}, {"number_format"}),
        ({"to_field": ""}, {"to_field"}),
    ],
)
def test_what_makes_no_sense_is_said_beside_its_field(changed, wrong):
    settings = {**GATEWAY, "url": "https://gerbang.example/kirim", **changed}

    assert set(gateway.complain(settings, {"token": "x"})) == wrong


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_a_preset_is_complete_but_for_the_token(preset):
    known = {field.name for field in gateway_fields.FIELDS}

    assert set(preset.settings) <= known
    assert set(gateway.complain(preset.settings, {})) == {"token"}
    json.dumps(preset.settings)


def test_each_kind_of_field_knows_what_it_takes():
    fields = [
        gateway_fields.Field("n", "n", kind="number"),
        gateway_fields.Field("s", "s", kind="switch"),
    ]

    assert complaints(fields, {"n": 1, "s": True}, {}) == {}
    assert set(complaints(fields, {"n": "1", "s": "ya"}, {})) == {"n", "s"}
    assert set(complaints(fields, {"n": -1}, {})) == {"n"}
