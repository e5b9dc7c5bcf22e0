"""E-mail as a server receives it: one letter, from the mall, whoever carries it."""

import time
from dataclasses import replace

import pytest

from notifications.channels import Outcome, email
from tests.notifications.conftest import outgoing
from tests.notifications.fakes import Certificate, PostOffice

TO = "siti@example.org"


@pytest.fixture
def by_smtp(post_office):
    return {
        "from_address": "mpp@uji.example",
        "host": "127.0.0.1",
        "port": post_office.port,
        "security": "none",
    }


def send(settings, secrets=None, **more):
    return email.send(outgoing(**{"to": TO} | more), settings, secrets or {})


def test_a_letter_arrives_with_all_that_belongs_to_it(post_office, by_smtp):
    answer = send(by_smtp, url="https://mpp.example/berhenti/x/")

    (letter,) = post_office.letters
    assert (answer.outcome, answer.reference) == (Outcome.ACCEPTED, letter["Message-ID"])
    assert (letter["To"], letter["From"]) == (TO, "MPP Uji <mpp@uji.example>")
    assert letter["Subject"] == "Giliran Anda"
    assert letter.get_content().splitlines() == outgoing().body.splitlines()
    assert letter["List-Unsubscribe"] == "<https://mpp.example/berhenti/x/>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["Auto-Submitted"] == "auto-generated"


def test_every_try_of_a_message_has_the_same_name(post_office, by_smtp):
    for key in ("mpp-7", "mpp-7", "mpp-8"):
        send(by_smtp, key=key)

    first, second, other = [letter["Message-ID"] for letter in post_office.letters]
    assert first == second != other
    assert first.endswith("@uji.example>")


def test_no_value_becomes_a_header(post_office, by_smtp):
    send(
        by_smtp,
        subject="Giliran\r\nBcc: semua@example.org",
        sender_name="MPP\nReply-To: x@example.org",
        url="https://mpp.example/\r\nX-Other: 1",
    )

    (letter,) = post_office.letters
    assert letter["Subject"] == "Giliran Bcc: semua@example.org"
    assert {"Bcc", "Reply-To", "X-Other", "List-Unsubscribe", "List-Unsubscribe-Post"} & set(
        letter.keys()
    ) == set()
    assert len(letter["To"].addresses) == 1


@pytest.mark.parametrize("to", [f"{TO}\r\nBcc: a@b.example", f"{TO}, a@b.example", "siti", ""])
def test_what_is_not_one_address_is_refused(post_office, by_smtp, to):
    assert send(by_smtp, to=to).outcome == Outcome.REFUSED
    assert post_office.letters == []


@pytest.mark.parametrize(
    ("said", "outcome", "is_down"),
    [
        ("550 no such siti@example.org", Outcome.REFUSED, False),
        ("451 greylisted", Outcome.FAILED, False),
        ("421 going down", Outcome.FAILED, True),
    ],
)
def test_what_the_server_says_decides_whether_to_try_again(
    post_office, by_smtp, said, outcome, is_down
):
    post_office.refuses[TO] = said

    answer = send(by_smtp)

    assert (answer.outcome, answer.is_down) == (outcome, is_down)
    assert TO not in answer.text


@pytest.mark.parametrize("way", ["slow", "drop"])
def test_a_server_that_goes_away_is_down(post_office, by_smtp, hurried, way):
    post_office.way, began = way, time.monotonic()

    answer = send(by_smtp)

    assert (answer.outcome, answer.is_down) == (Outcome.FAILED, True)
    assert time.monotonic() - began < 3


def test_nobody_there_is_down(by_smtp, settings):
    settings.NOTIFY_PRIVATE_HOSTS = ["127.0.0.1:1"]

    assert send({**by_smtp, "port": 1}).is_down


@pytest.mark.parametrize(
    "where",
    [{"host": "127.0.0.1", "port": 587}, {"host": "10.0.0.1", "port": 25}, {"port": 6379}],
)
def test_a_server_inside_is_asked_only_where_the_operator_says_so(post_office, by_smtp, where):
    assert send({**by_smtp, **where}).outcome == Outcome.REFUSED
    assert post_office.letters == []


@pytest.fixture
def secure(tmp_path, settings, monkeypatch):
    """A mail server with a certificate for localhost."""
    ends, certificate = [], Certificate(tmp_path, "localhost")

    def start(**options):
        end = PostOffice(certificate=certificate, **options)
        ends.append(end)
        settings.NOTIFY_PRIVATE_HOSTS = [f"localhost:{end.port}", end.host]
        return end, {"from_address": "mpp@uji.example", "host": "localhost", "port": end.port}

    monkeypatch.setattr(email.smtp.Backend, "ssl_context", certificate.trust)
    yield start
    for end in ends:
        end.close()


def test_a_password_goes_over_tls(secure):
    end, where = secure(user="mpp")

    answer = send({**where, "security": "starttls", "user": "mpp"}, {"password": "benar"})

    assert (answer.outcome, len(end.letters)) == (Outcome.ACCEPTED, 1)


def test_a_wrong_password_is_the_mall_s_fault_and_not_the_message_s(secure):
    end, where = secure(user="mpp")

    answer = send({**where, "security": "starttls", "user": "mpp"}, {"password": "salah"})

    assert (answer.outcome, answer.is_down, end.letters) == (Outcome.FAILED, True, [])
    assert "salah" not in answer.text


def test_a_password_that_no_server_can_read_is_not_sent(secure):
    end, where = secure(user="mpp")

    answer = send({**where, "security": "starttls", "user": "mpp"}, {"password": "sandi–ku"})

    assert (answer.outcome, end.letters) == (Outcome.REFUSED, [])


def test_tls_from_the_first_byte(secure):
    end, where = secure(is_tls=True)

    assert send({**where, "security": "tls"}).outcome == Outcome.ACCEPTED
    assert len(end.letters) == 1


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_server_with_another_name_is_not_told_anything(secure, security):
    end, where = secure(is_tls=security == "tls")

    answer = send({**where, "host": "127.0.0.1", "security": security})

    assert (answer.outcome, answer.is_down, end.letters) == (Outcome.FAILED, True, [])


def test_without_tls_where_it_was_asked_for_nothing_is_sent(post_office, by_smtp):
    assert send({**by_smtp, "security": "starttls"}).is_down
    assert post_office.letters == []


@pytest.fixture
def service(web, monkeypatch):
    """A well-known service, moved to loopback; the answers are of its kind."""

    def move(name, answer):
        web.answer = answer
        moved = replace(email.SERVICES[name], options={"api_url": f"{web.url}/"})
        monkeypatch.setitem(email.SERVICES, name, moved)
        return {"provider": name, "from_address": "mpp@uji.example"}

    return move


@pytest.mark.parametrize(
    ("name", "said", "header"),
    [
        ("brevo", {"messageId": "<1@brevo>"}, "api-key"),
        ("mailgun", {"id": "<1@brevo>", "message": "Queued."}, "Authorization"),
        ("postmark", {"ErrorCode": 0, "Message": "OK", "MessageID": "1", "To": TO}, "X-Postmark-Server-Token"),
        ("resend", {"id": "1"}, "Authorization"),
        ("mailtrap", {"success": True, "message_ids": ["1"]}, "Api-Token"),
        ("sparkpost", {"results": {"id": "1", "total_accepted_recipients": 1, "total_rejected_recipients": 0}}, "Authorization"),
    ],
)  # fmt: skip
def test_a_known_service_takes_a_letter(service, web, name, said, header):
    answer = send(service(name, (200, said)), {"api_key": "kunci"})

    assert answer.outcome == Outcome.ACCEPTED
    (seen,) = web.seen
    assert TO in seen.body.decode().replace("%40", "@")
    assert header in seen.headers


def test_an_answer_without_what_was_promised_is_tried_again(service, web):
    answer = send(service("mailersend", (202, b"")), {"api_key": "kunci"})

    # It says its reference in a header.
    assert (answer.outcome, len(web.seen)) == (Outcome.FAILED, 1)


@pytest.mark.parametrize(
    ("said", "outcome", "is_down"),
    [
        ((400, {"message": f"{TO} is not valid"}), Outcome.REFUSED, False),
        ((401, {"message": "Key not found"}), Outcome.FAILED, True),
        ((429, {"message": "slow down"}), Outcome.FAILED, True),
        ((500, b"oops"), Outcome.FAILED, True),
        ((200, b"<html>"), Outcome.FAILED, False),
        ((200, {"something": "else"}), Outcome.FAILED, False),
    ],
)
def test_what_a_service_answers_decides_whether_to_try_again(service, said, outcome, is_down):
    answer = send(service("brevo", said), {"api_key": "kunci"})

    assert (answer.outcome, answer.is_down) == (outcome, is_down)
    assert TO not in answer.text


@pytest.mark.parametrize("way", ["slow", "drop"])
def test_a_service_that_goes_away_is_down(service, web, hurried, way):
    settings = service("brevo", None)
    web.way = way

    assert send(settings, {"api_key": "kunci"}).is_down


def test_a_key_that_no_header_can_hold_is_refused(service, web):
    answer = send(service("brevo", None), {"api_key": "kun\nci"})

    assert (answer.outcome, web.seen) == (Outcome.REFUSED, [])


@pytest.mark.parametrize(
    ("settings", "secrets", "wrong"),
    [
        ({}, {}, {"from_address", "host"}),
        ({"from_address": "mpp", "host": "mail.example"}, {}, {"from_address"}),
        ({"from_address": "a@b.example", "host": "mail.example", "port": 22}, {}, {"port"}),
        ({"from_address": "a@b.example", "host": "a\nb"}, {}, {"host"}),
        (
            {"from_address": "a@b.example", "host": "mail.example", "security": "none"},
            {"password": "x"},
            {"security"},
        ),
        ({"provider": "brevo", "from_address": "a@b.example"}, {}, {"api_key"}),
        ({"provider": "brevo", "from_address": "a@b.example"}, {"api_key": "x"}, set()),
        ({"provider": "merpati", "from_address": "a@b.example", "host": "x.id"}, {}, {"provider"}),
        ({"from_address": "a@b.example", "host": "mail.example"}, {"password": "x"}, set()),
    ],
)
def test_what_makes_no_sense_is_said_beside_its_field(settings, secrets, wrong):
    assert set(email.complain(settings, secrets)) == wrong
