"""What providers report: signed, once, in any order, and only about their own mall's messages."""

import json
import logging

import pytest
import time_machine
from model_bakery import baker

from notifications import contacts, outbox, receipts
from notifications.models import Message, Receipt, Stop
from notifications.states import MOVES, Channel, Move, State
from tests.notifications.fakes import Reporter, sign
from tests.notifications.posts import contact_of, tell, work
from tests.recipes import at, make_hall

pytestmark = pytest.mark.django_db
TEXT, EMAIL, WHATSAPP = Channel.TEXT, Channel.EMAIL, Channel.WHATSAPP
GATEWAY = {
    "signature_header": "X-Signature",
    "timestamp_header": "X-Time",
    "receipt_id_path": "id",
    "receipt_status_path": "status",
    "receipt_reason_path": "why",
    "inbound_from_path": "from",
    "inbound_text_path": "text",
}


@pytest.fixture
def provider(arrange):
    return arrange(WHATSAPP)


@pytest.fixture
def says(reporter, provider):
    return reporter(provider)


@pytest.fixture
def nine_o_clock():
    with time_machine.travel(at(9), tick=False):
        yield


@pytest.fixture
def sent(hall):
    """A message that the provider has taken as id-1."""
    return taken(hall.mall)


def taken(mall, reference="id-1", **more):
    about = {"channel": WHATSAPP, "state": State.SENT, "lane": 2, "kind": "ticket_called"}
    return baker.make(
        Message,
        mall=mall,
        contact=contact_of(mall, WHATSAPP),
        reference=reference,
        not_after=at(23),
        ended_at=at(8),
        **about | more,
    )


def state(message):
    return State(Message.objects.get(pk=message.pk).state)


def picture():
    return [*Message.objects.values(), *Receipt.objects.values(), *Stop.objects.values()]


def test_a_message_follows_what_is_reported(says, sent):
    found = []
    for word in ("sent", "delivered", "read"):
        assert says.status("id-1", word).status_code == 200
        found.append(state(sent))

    assert found == [State.SENT, State.DELIVERED, State.READ]


@pytest.mark.parametrize(
    ("words", "ended"),
    [
        (["read", "delivered", "sent"], State.READ),
        (["delivered", "failed"], State.DELIVERED),
        (["read", "failed"], State.READ),
        (["failed", "delivered", "read"], State.DEAD),
        (["delivered", "sent", "delivered"], State.DELIVERED),
    ],
)
def test_an_older_word_never_overwrites_a_newer(says, sent, words, ended):
    for word in words:
        says.status("id-1", word)

    assert state(sent) == ended


def test_a_replayed_report_changes_nothing(says, sent):
    for word in ("delivered", "failed", "read"):
        says.status("id-1", word)
    says.text("6281234567890", "STOP")
    before = picture()

    for word in ("delivered", "failed", "read"):
        assert says.status("id-1", word).status_code == 200
    says.text("6281234567890", "STOP")

    assert picture() == before


def test_a_replayed_stop_does_not_undo_a_later_start(says):
    says.text("6281234567890", "STOP", "in-1")
    says.text("6281234567890", "START", "in-2")

    says.text("6281234567890", "STOP", "in-1")

    assert not Stop.objects.exists()


def test_a_failure_has_a_reason_and_the_next_channel_is_asked(says, sent, monkeypatch):
    asked = []
    monkeypatch.setattr(outbox, "fall_back", lambda message, *, now: asked.append(message))

    for _each in range(2):
        says.status("id-1", "failed", errors=[{"code": 131026, "title": "Undeliverable"}])

    failed = Message.objects.get(pk=sent.pk)
    assert failed.state == State.DEAD
    assert failed.reason == "Nomor ini tidak dapat menerima pesan WhatsApp kita. (kode 131026)"
    assert failed.ended_at > sent.ended_at
    assert asked == [failed]


@pytest.mark.parametrize("errors", [None, [], [{}], [{"code": 999}], "x"])
def test_a_failure_without_a_reason_gets_one(says, sent, errors):
    says.status("id-1", "failed", errors=errors)

    assert Message.objects.get(pk=sent.pk).reason.startswith("Gagal menurut")


def test_the_next_channel_of_the_mall_carries_it(arrange, says, hall, web):
    contact = contact_of(hall.mall, WHATSAPP, EMAIL)
    arrange(EMAIL)
    tell(contact)
    message = Message.objects.get(channel=WHATSAPP)
    Message.objects.filter(pk=message.pk).update(
        state=State.SENT, reference="id-1", not_after=at(23, on=at(9).date().replace(year=2099))
    )

    says.status("id-1", "failed")

    assert Message.objects.get(channel=EMAIL).state == State.WAITING


def test_a_word_that_comes_before_our_own_is_applied_afterwards(says, hall, provider):
    early = taken(hall.mall, reference="", state=State.SENDING, leased_until=at(9))
    for word in ("delivered", "read"):
        says.status("id-1", word)
    assert state(early) == State.SENDING

    ours = {"state": State.SENT, "reference": "id-1", "leased_until": None}
    Message.objects.filter(pk=early.pk).update(**ours)
    receipts.catch_up(early, provider)

    assert state(early) == State.READ


def test_without_a_reference_there_is_nothing_to_catch_up(hall, provider):
    quiet = taken(hall.mall, reference="")

    receipts.catch_up(quiet, provider)

    assert state(quiet) == State.SENT


@pytest.mark.parametrize(("way", "ended"), [("well", State.DELIVERED), ("lose", State.SENT)])
def test_what_a_gateway_took_is_as_it_reports(
    arrange, hall, web, reporter, nine_o_clock, way, ended
):
    says, web.way = reporter(arrange(TEXT, **GATEWAY)), way
    tell(contact_of(hall.mall, TEXT))

    work(now=at(9))
    for reference in web.told:
        by_gateway(says, {"id": reference, "status": "delivered"}, at(9))

    assert Message.objects.get(channel=TEXT).state == ended


def test_a_report_that_overtakes_the_answer_is_not_lost(arrange, hall, reporter, nine_o_clock):
    says = reporter(arrange(TEXT, **GATEWAY))
    tell(contact_of(hall.mall, TEXT))

    by_gateway(says, {"id": "id-1", "status": "delivered"}, at(9))
    work(now=at(9))

    assert Message.objects.get(channel=TEXT).state == State.DELIVERED


@pytest.mark.parametrize("foreign", ["mall", "channel", "reference"])
def test_a_provider_speaks_of_its_own_mall_s_messages_only(says, hall, foreign):
    mall = make_hall(slug="mpp-lain").mall if foreign == "mall" else hall.mall
    channel = TEXT if foreign == "channel" else WHATSAPP
    other = taken(mall, channel=channel, reference="id-2" if foreign == "reference" else "id-1")

    assert says.status("id-1", "read").status_code == 200

    assert state(other) == State.SENT


def test_a_forged_report_is_not_believed(reporter, provider, sent):
    forger = reporter(provider, key="lain")
    before = picture()

    answers = [
        forger.status("id-1", "failed"),
        forger.text("6281234567890", "STOP"),
        forger.status("id-1", "read", prefix=""),
        forger.send(b"{}", key="rahasia", prefix="sha1="),
        forger.send(b"{}", key="rahasia", header="X-Other"),
    ]

    assert {answer.status_code for answer in answers} == {401}
    assert picture() == before


def test_a_signature_is_about_the_very_bytes(client, provider, sent):
    body = json.dumps({"entry": []}).encode()
    headers = {"X-Hub-Signature-256": f"sha256={sign('rahasia', body)}"}

    answer = client.post(
        f"/kabar/terima/{provider.address}/", body + b" ", "application/json", headers=headers
    )

    assert answer.status_code == 401


def test_without_a_secret_nobody_is_believed(arrange, client):
    provider = arrange(WHATSAPP, secrets={"token": "kunci"})

    assert Reporter(client, provider.address, "x").send(b"{}", key=" ").status_code == 401
    assert Reporter(client, arrange(EMAIL).address, "x").send(b"{}").status_code == 401


def test_an_address_that_nobody_was_told_is_not_there(client, says):
    assert Reporter(client, "x" * 22, "rahasia").send(b"{}").status_code == 404
    assert client.get("/kabar/terima/x/").status_code == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"\xff", 400),
        (b"[" * 100_000, 400),
        (b'{"a": NaN}', 400),
        (b'{"a": "\\ud800"}', 400),
        (b" " * 300_000, 413),
        (b"null", 200),
        (b"[1]", 200),
        (b'{"entry": 1}', 200),
        (b'{"entry": [{"changes": [{"value": {"statuses": [{"id": 7, "status": []}]}}]}]}', 200),
        (b'{"entry": [{"changes": [{"value": {"messages": [{"text": 7}]}}]}]}', 200),
        (b'{"entry": [{"changes": [{"value": {"statuses": [{"status": "read"}]}}]}]}', 200),
    ],
)
def test_whatever_is_signed_is_answered(says, body, status):
    assert says.send(body).status_code == status
    assert not Receipt.objects.exists()


def test_a_reference_is_kept_as_the_database_takes_it(says):
    says.status("a\x00b" + "9" * 500, "read")

    (receipt,) = Receipt.objects.all()
    assert receipt.reference == ("a b" + "9" * 500)[:200]


def test_an_error_of_a_page_is_no_way_around_the_size(says, client):
    answer = says.send(b"x" * (256 * 1024 + 1))

    assert answer.status_code == 413


def test_nothing_personal_is_logged(says, sent, caplog):
    caplog.set_level(logging.DEBUG)

    says.status("id-1", "failed", recipient_id="6281234567890")
    says.text("6281234567890", "STOP")
    says.send(b'{"from": "6281234567890"')

    assert "81234567890" not in caplog.text


@pytest.mark.parametrize("word", ["STOP", "stop", " Berhenti ", "BERHENTI"])
def test_stop_ends_the_channel_for_that_number(says, word):
    says.text("6281234567890", word)

    known = Stop.objects.get(channel=WHATSAPP)
    assert known.address_index == contacts.index_of(WHATSAPP, "+6281234567890")


@pytest.mark.parametrize("word", ["START", "start", " Mulai "])
def test_start_lifts_it(says, word):
    says.text("6281234567890", "STOP", "in-1")

    says.text("6281234567890", word, "in-2")

    assert not Stop.objects.exists()


@pytest.mark.parametrize("sender", ["", "123", "+1 555 0100", "siti", "٠٨١٢٣٤٥٦٧٨٩٠"])
def test_who_is_no_number_of_ours_stops_nothing(says, sender):
    assert says.text(sender, "STOP").status_code == 200
    assert not Stop.objects.exists()


def test_a_button_below_a_template_stops_too(says):
    said = {"from": "6281234567890", "id": "in-1", "type": "button", "button": {"text": "Stop"}}

    says.whatsapp(messages=[said])

    assert Stop.objects.count() == 1


def by_gateway(says, body, now, **forged):
    """A report of a gateway, signed with the moment it was sent."""
    sent = str(int(now.timestamp()))
    raw = json.dumps(body).encode()
    headers = {"X-Time": sent, "X-Signature": sign("rahasia", f"{sent}.".encode() + raw)}
    place = f"/kabar/terima/{says.address}/"
    return says.client.post(place, raw, "application/json", headers=headers | forged)


def test_a_gateway_reports_with_its_own_words(arrange, reporter, hall, nine_o_clock):
    says, sent = reporter(arrange(TEXT, **GATEWAY)), taken(hall.mall, channel=TEXT)

    answer = by_gateway(says, {"id": "id-1", "status": "delivered"}, at(9))
    by_gateway(says, {"from": "081234567890", "text": "Berhenti"}, at(9))

    assert (answer.status_code, state(sent)) == (200, State.DELIVERED)
    assert Stop.objects.get(channel=TEXT)


def test_an_old_report_of_a_gateway_is_not_believed(arrange, reporter, hall, nine_o_clock):
    says, sent = reporter(arrange(TEXT, **GATEWAY)), taken(hall.mall, channel=TEXT)

    answers = [
        by_gateway(says, {"id": "id-1", "status": "failed"}, at(8, 54)),
        by_gateway(says, {"id": "id-1", "status": "failed"}, at(8), **{"X-Time": "0"}),
    ]

    assert [answer.status_code for answer in answers] == [401, 401]
    assert state(sent) == State.SENT


def test_only_whatsapp_is_greeted(client, arrange, provider):
    asked = {"hub.mode": "subscribe", "hub.challenge": "42", "hub.verify_token": "kata"}

    answer = client.get(f"/kabar/terima/{provider.address}/", asked)
    others = [
        client.get(f"/kabar/terima/{provider.address}/", asked | {"hub.verify_token": "x"}),
        client.get(f"/kabar/terima/{provider.address}/"),
        client.get(f"/kabar/terima/{provider.address}/?hub.verify_token=%00%ed%a0%80"),
        client.get(f"/kabar/terima/{provider.address}/", asked | {"hub.challenge": "<b>"}),
        client.get(f"/kabar/terima/{arrange(TEXT).address}/", asked),
    ]

    assert (answer.status_code, answer.content) == (200, b"42")
    assert {other.status_code for other in others} == {401}


@pytest.mark.parametrize("start", list(State))
@pytest.mark.parametrize("word", ["delivered", "read", "failed"])
def test_every_word_in_every_state_follows_the_table(says, hall, start, word):
    move = {"delivered": Move.DELIVER, "read": Move.READ, "failed": Move.FAIL}[word]
    lease = {"leased_until": at(9)} if start == State.SENDING else {}
    reason = {"reason": "x"} if start in {State.DEAD, State.STALE} else {}
    message = taken(hall.mall, state=start, **lease, **reason)

    says.status("id-1", word)

    step = MOVES[move]
    assert state(message) == (step.target if start in step.origins else start)
