"""Notifications to browsers: readable to one of them only, signed by the portal."""

import json
import time

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from notifications.channels import Outcome, push
from tests.notifications.conftest import outgoing
from tests.notifications.fakes import Browser, bytes64, text64


@pytest.fixture
def send(web, browser):
    def send(**more):
        to = browser.subscription(f"{web.url}/push/abc")
        return push.send(outgoing(**{"to": to} | more), {}, {})

    return send


def test_the_browser_reads_what_was_said(send, web, browser):
    answer = send(url="https://mpp.example/antrean/x/")

    (seen,) = web.seen
    assert answer.outcome == Outcome.ACCEPTED
    assert browser.read(seen.body) == {
        "title": "Giliran Anda",
        "body": outgoing().body,
        "url": "https://mpp.example/antrean/x/",
        "tag": "mpp-7",
    }
    assert b"Giliran" not in seen.body
    assert seen.headers["Content-Encoding"] == "aes128gcm"


def test_each_notification_is_sealed_anew(send, web):
    send()
    send()

    first, second = (seen.body for seen in web.seen)
    assert first[:16] != second[:16]
    assert first[21:86] != second[21:86]


def test_the_portal_signs_for_this_push_service(send, web):
    send()

    kind, _space, parts = web.seen[0].headers["Authorization"].partition(" ")
    values = dict(part.strip().split("=", 1) for part in parts.split(","))
    assert (kind, values["k"]) == ("vapid", push.public_key())
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), bytes64(values["k"]))
    claims = jwt.decode(values["t"], point, ["ES256"], audience="http://127.0.0.1")
    assert claims["sub"] == "mailto:mpp@uji.example"
    assert time.time() < claims["exp"] <= time.time() + 24 * 3600


@pytest.mark.parametrize(
    ("left", "ttl", "urgency"),
    [(60, "60", "high"), (600, "600", "high"), (86_400, "86400", "normal"), (-5, "0", "high")],
)
def test_it_lasts_as_long_as_it_is_worth_reading(send, web, left, ttl, urgency):
    send(seconds_left=left)

    headers = web.seen[0].headers
    assert (headers["TTL"], headers["Urgency"]) == (ttl, urgency)


def test_a_second_try_replaces_the_first(send, web):
    for key in ("mpp-7", "mpp-7", "mpp-8"):
        send(key=key)

    first, second, other = [seen.headers["Topic"] for seen in web.seen]
    assert first == second != other
    assert len(first) == 32


def test_a_long_text_still_fits(send, web, browser):
    send(body="📣" * 1000)

    assert len(web.seen[0].body) <= 4096
    assert browser.read(web.seen[0].body)["body"] == "📣" * push.LONGEST


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_left_is_gone(send, web, status):
    web.answer = status, b""

    answer = send()

    assert (answer.outcome, answer.text) == (Outcome.REFUSED, push.GONE)


@pytest.mark.parametrize(
    ("status", "outcome", "is_down"),
    [
        (400, Outcome.REFUSED, False),
        (403, Outcome.REFUSED, False),
        (413, Outcome.REFUSED, False),
        (429, Outcome.FAILED, True),
        (503, Outcome.FAILED, True),
    ],
)
def test_what_it_answers_decides_whether_to_try_again(send, web, status, outcome, is_down):
    web.answer = status, b"push subscription"

    answer = send()

    assert (answer.outcome, answer.is_down) == (outcome, is_down)
    assert answer.text != push.GONE


def keys(**changed):
    browser = Browser()
    known = {"p256dh": text64(browser.point), "auth": text64(browser.auth)}
    return {**known, **changed}


@pytest.mark.parametrize(
    "to",
    [
        "",
        "{",
        "[]",
        json.dumps({"endpoint": "https://push.example/"}),
        json.dumps({"endpoint": "https://push.example/", "keys": keys(p256dh="AAAA")}),
        json.dumps({"endpoint": "https://push.example/", "keys": keys(p256dh="!")}),
        json.dumps({"endpoint": "https://push.example/", "keys": keys(auth=7)}),
        json.dumps({"endpoint": "javascript:alert(1)", "keys": keys()}),
    ],
)
def test_a_subscription_that_is_none_is_refused(web, to):
    assert push.send(outgoing(to=to), {}, {}).outcome == Outcome.REFUSED


@pytest.mark.parametrize(
    "endpoint",
    [
        *("http://push.example/x", "https://127.0.0.1/x", "https://[::ffff:10.0.0.1]/x"),
        *("https://169.254.169.254/latest/", "https://2130706433/x", "https://push.example:22/x"),
    ],
)
def test_a_browser_cannot_make_the_portal_look_around_inside(web, browser, endpoint):
    answer = push.send(outgoing(to=browser.subscription(endpoint)), {}, {})

    assert (answer.outcome, web.seen) == (Outcome.REFUSED, [])


def test_the_gateways_of_the_region_are_no_push_services(send, web, settings):
    settings.PUSH_PRIVATE_HOSTS = []

    assert [web.host] == settings.NOTIFY_PRIVATE_HOSTS
    assert (send().outcome, web.seen) == (Outcome.REFUSED, [])


def test_without_a_key_there_are_no_notifications(send, web, settings):
    settings.VAPID_KEY = ""

    assert (send().outcome, web.seen, push.public_key()) == (Outcome.REFUSED, [], "")


def test_any_text_is_a_key_and_always_the_same(settings):
    settings.VAPID_KEY = "satu"
    first = push.public_key()
    settings.VAPID_KEY = "dua"

    assert push.public_key() != first
    settings.VAPID_KEY = "satu"
    assert push.public_key() == first
    assert (len(bytes64(first)), bytes64(first)[0]) == (65, 4)
