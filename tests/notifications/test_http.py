"""Requests to providers: to the right one, over TLS, soon over, whatever the other end does."""

import json
import ssl
import time

import pytest

from notifications.channels import Outcome, http
from tests.notifications.fakes import Certificate, Web

HEADERS = {"Content-Type": "application/json"}


def post(url, headers=HEADERS, **more):
    return http.post(url, b"{}", headers, **more)


def failure(url, headers=HEADERS, **more):
    with pytest.raises(http.Unreached) as found:
        post(url, headers, **more)
    return found.value.answer


def test_a_request_arrives_as_it_was_made(web):
    reply = http.post(f"{web.url}/kirim?a=b%20c", b'{"a": 1}', HEADERS)

    assert (reply.status, reply.data["status"]) == (200, True)
    (seen,) = web.seen
    assert (seen.method, seen.path, seen.json) == ("POST", "/kirim?a=b%20c", {"a": 1})
    assert seen.headers["Host"] == web.host


@pytest.mark.parametrize(
    "url",
    [
        *("http://penyedia.example/", "https://penyedia.example:8443/", "ftp://penyedia.example/"),
        *("gopher://penyedia.example/", "file:///etc/passwd", "//penyedia.example/", "penyedia"),
        *("https://user:pass@penyedia.example/", "https://", "", "https://[::1", "https://a b/"),
        *("https://127.0.0.1/", "https://2130706433/", "https://[::ffff:10.0.0.1]/"),
        *("https://169.254.169.254/latest/", "https://100.64.0.1/", "https://[::1]/"),
    ],
)
def test_no_other_address_is_asked(web, url):
    answer = failure(url)

    assert (answer.outcome, answer.is_down) == (Outcome.REFUSED, False)
    assert web.seen == []


def test_what_is_not_listed_for_this_purpose_is_not_asked(web):
    assert failure(web.url, listed=[]).outcome == Outcome.REFUSED
    assert web.seen == []


def test_a_redirect_is_an_answer_that_nobody_follows(web):
    web.way = "redirect"

    assert post(web.url).status == 307
    assert len(web.seen) == 1


@pytest.mark.parametrize("way", ["slow", "drip", "drop", "half"])
def test_an_end_that_does_not_answer_is_down(web, hurried, way):
    web.way, began = way, time.monotonic()

    answer = failure(web.url)

    assert (answer.outcome, answer.is_down) == (Outcome.FAILED, True)
    assert time.monotonic() - began < 2


def test_nobody_there_is_down(web):
    web.close()

    assert failure(web.url).is_down


def test_of_a_long_answer_only_the_beginning_is_read(web):
    web.way = "huge"

    reply = post(web.url)

    assert len(reply.body) == http.MOST
    assert reply.data is None


@pytest.mark.parametrize("value", ["a\r\nX-Other: 1", "a\nb", "é\ud800"])
def test_a_second_line_in_a_header_is_never_sent(web, value):
    assert failure(web.url, {"Authorization": value}).outcome == Outcome.REFUSED
    assert [each for each in web.seen if "X-Other" in each.headers] == []


@pytest.fixture
def secure(tmp_path, settings, monkeypatch):
    """A provider with TLS, with a certificate for a name."""
    ends = []

    def start(name):
        certificate = Certificate(tmp_path, name)
        ends.append(Web(certificate=certificate))
        settings.NOTIFY_PRIVATE_HOSTS = [f"localhost:{ends[-1].port}"]
        monkeypatch.setattr(http, "trusted", lambda: certificate.trust)
        return f"https://localhost:{ends[-1].port}/kirim"

    yield start
    for each in ends:
        each.close()


def test_tls_proves_the_name_that_was_asked_for(secure):
    assert post(secure("localhost")).status == 200


def test_a_certificate_for_another_name_is_none(secure):
    answer = failure(secure("lain.example"))

    assert (answer.outcome, answer.is_down) == (Outcome.FAILED, True)
    assert "CERTIFICATE_VERIFY_FAILED" in answer.text


def test_an_authority_that_nobody_knows_is_none(secure, monkeypatch):
    url, usual = secure("localhost"), ssl.create_default_context()
    monkeypatch.setattr(http, "trusted", lambda: usual)

    assert failure(url).is_down


def test_outside_the_tests_names_and_authorities_are_proven():
    context = http.trusted()

    assert (context.check_hostname, context.verify_mode) == (True, ssl.CERT_REQUIRED)


def test_json_that_is_none_is_nothing():
    assert http.Reply(200, b"<html>").data is None
    assert http.Reply(200, b"[" * 100_000).data is None
    assert http.Reply(200, json.dumps({"a": 1}).encode()).data == {"a": 1}
