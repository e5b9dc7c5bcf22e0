"""What becomes of a row that waits: sent once, tried again, given up, or too late."""

from datetime import timedelta

import pytest
from model_bakery import baker

from notifications import contacts, delivery, outbox, parts, receipts
from notifications.channels import Answer, Outcome
from notifications.channels.push import GONE
from notifications.channels.reports import Report, Word
from notifications.models import Attempt, Consent, Message, Provider, Wording
from notifications.states import LEASE, QUICK, TRIES, Channel, State
from tests.notifications.posts import (
    DOWN,
    FINE,
    LATER,
    NEVER,
    PHONE,
    contact_of,
    later,
    message,
    plug_in,
    sends_through,
    states,
    tell,
    work,
)
from tests.recipes import at, make_hall

pytestmark = pytest.mark.django_db
TEXT, EMAIL, WHATSAPP = Channel.TEXT, Channel.EMAIL, Channel.WHATSAPP


@pytest.fixture
def mall():
    return make_hall().mall


@pytest.fixture
def line(monkeypatch):
    return plug_in(monkeypatch)


@pytest.fixture
def told(mall):
    """Somebody who is told by text what is urgent, and a mall that can."""
    sends_through(mall, TEXT)
    contact = contact_of(mall, TEXT)
    tell(contact)
    return contact


def test_a_message_reaches_its_provider(line, told):
    work(now=later(1))

    (sent,) = line.sent
    assert sent.to == PHONE
    assert sent.body.startswith("Nomor A-001 dipanggil. Silakan menuju loket 3. MPP Uji\n")
    assert "Petugas tidak pernah meminta kode OTP" in sent.body
    row = message()
    assert (row.state, row.reference, row.attempts) == (State.SENT, "ref-1", 1)


def test_it_is_sent_once_however_often_one_works(line, told):
    for second in range(5):
        work(now=later(second))

    assert len(line.sent) == 1


def test_it_speaks_the_language_of_the_person(line, mall):
    sends_through(mall, TEXT)
    tell(contact_of(mall, TEXT, language="en"))

    work(now=later(1))

    assert line.sent[0].body.startswith("Number A-001 is called.")


def test_a_text_is_sent_in_signs_that_an_sms_carries_cheaply(line, mall):
    sends_through(mall, TEXT)
    tell(contact_of(mall, TEXT), "ticket_missed")

    work(now=later(1))

    assert 'Tekan "Saya kembali" di halaman' in line.sent[0].body
    assert parts.of(line.sent[0].body).is_plain


def test_a_try_that_failed_is_made_again_later_and_later(line, told):
    line.answer, waits = LATER, []
    now = later(1)
    for _each in range(3):
        work(now=now)
        waits.append((message().due_at - now).total_seconds())
        now = message().due_at

    usual = QUICK[:3]
    assert all(0.8 * each <= wait <= 1.2 * each for each, wait in zip(usual, waits, strict=True))
    assert Attempt.objects.count() == 3


def test_eight_tries_then_it_is_dead_with_the_reason(line, mall):
    sends_through(mall, TEXT)
    line.answer = LATER
    tell(contact_of(mall, TEXT), not_after=at(23))
    for _each in range(20):
        work(now=max(message().due_at, at(9)))

    row = message()
    assert (row.state, row.attempts, row.reason) == (State.DEAD, TRIES, LATER.text)
    assert len(line.sent) == TRIES


def test_what_a_provider_refuses_is_not_tried_again(line, told):
    line.answer = NEVER

    work(now=later(1))
    work(now=later(40))

    assert message().state == State.DEAD
    assert len(line.sent) == 1


def test_an_e_mail_says_how_to_hear_no_more_in_its_text_too(mall, monkeypatch):
    mail = plug_in(monkeypatch, EMAIL)
    sends_through(mall, EMAIL)
    tell(contact_of(mall, EMAIL, language="en"), "booking_confirmed")
    tell(contact_of(mall, EMAIL), "booking_confirmed")

    work(now=later(1))

    english, ours = mail.sent
    assert "/kabar/berhenti/" in ours.url
    assert ours.body.splitlines()[-1] == f"Berhenti menerima surel: {ours.url}"
    assert english.body.splitlines()[-1] == f"Stop these e-mails: {english.url}"


def test_a_channel_that_failed_is_followed_by_the_next(line, mall, monkeypatch):
    mail = plug_in(monkeypatch, EMAIL)
    line.answer = NEVER
    sends_through(mall, TEXT, EMAIL)
    tell(contact_of(mall, TEXT, EMAIL))

    work(now=later(1))

    assert message(TEXT).state == State.DEAD
    assert message(EMAIL).state == State.SENT
    assert len(mail.sent) == 1


def test_nothing_is_sent_after_its_time(line, told):
    work(now=later(60))

    row = message()
    assert (row.state, row.reason) == (State.STALE, "Waktunya sudah lewat.")
    assert line.sent == []


def test_nothing_is_sent_whose_time_ends_between_claim_and_sending(line, told):
    (claimed,) = delivery.claim(now=later(59))

    delivery.send(claimed, now=later(60))

    assert message().state == State.STALE
    assert line.sent == []


def test_the_row_of_a_dead_worker_is_free_again_within_a_minute(line, mall):
    sends_through(mall, TEXT)
    tell(contact_of(mall, TEXT), not_after=at(10))
    delivery.claim(now=later(1))

    work(now=later(2))
    assert line.sent == []
    work(now=later(1) + LEASE)

    assert len(line.sent) == 1
    assert timedelta(0) < LEASE < timedelta(minutes=1)


def test_a_slow_worker_changes_nothing_once_its_lease_is_over(line, mall):
    sends_through(mall, TEXT)
    tell(contact_of(mall, TEXT), not_after=at(10))
    (slow,) = delivery.claim(now=later(1))
    line.answer = NEVER

    def answer(_outgoing):
        line.answer = FINE
        work(now=later(1) + LEASE)
        return NEVER

    line.answer = answer
    delivery.send(slow, now=later(2))

    assert message().state == State.SENT


def test_a_row_that_nobody_foresaw_does_not_stop_the_others(line, mall, caplog):
    sends_through(mall, TEXT)
    for number in range(3):
        tell(contact_of(mall, TEXT), event=f"ticket-event:{number}:1")
    first = Message.objects.filter(channel=TEXT).first()

    def answer(outgoing):
        if outgoing.key.endswith(f"-{first.pk}"):
            raise ZeroDivisionError
        return FINE

    line.answer = answer
    work(now=later(1))

    assert states(channel=TEXT) == {State.SENT, State.WAITING}
    assert "ZeroDivisionError" in caplog.text
    assert PHONE not in caplog.text


def test_a_row_whose_key_is_missing_is_not_dead_at_once(line, mall):
    sends_through(mall, TEXT)
    tell(contact_of(mall, TEXT), not_after=at(23))
    Message.objects.filter(channel=TEXT).update(sealed_context="x.y")

    work(now=later(1))

    assert message().state == State.WAITING
    for _each in range(20):
        work(now=max(message().due_at, at(9)))
    assert (message().state, message().reason) == (State.DEAD, "Isi pesan tidak terbaca.")


@pytest.mark.parametrize("spoil", [{"kind": "no_such_kind"}, {"sealed_context": ""}])
def test_a_spoilt_row_is_dead_at_once(line, told, spoil):
    Message.objects.filter(channel=TEXT).update(**spoil)

    work(now=later(1))

    assert message().state == State.DEAD
    assert message().reason.startswith("Isi pesan ini rusak")


def test_credentials_that_do_not_open_are_no_fault_of_the_message(line, told):
    Provider.objects.update(sealed_secrets="9.x")

    work(now=later(1))

    assert (message().state, line.sent) == (State.WAITING, [])
    assert message().reason == "Kunci penyedia tidak terbaca."


def test_all_browsers_of_somebody_are_told(mall, monkeypatch):
    push = plug_in(monkeypatch, Channel.PUSH, answer=FINE)
    contact = contact_of(mall)
    for name in ("ponsel", "laptop"):
        keys = {"p256dh": "a", "auth": "b"}
        how = {"how": Consent.How.PAGE, "now": at(8)}
        contacts.subscribe(contact, f"https://push.example.org/{name}", keys, **how)
    tell(contact)

    work(now=later(1))

    assert len(push.sent) == 2
    assert message(Channel.PUSH).state == State.SENT


def test_a_browser_that_is_gone_is_not_asked_again(mall, monkeypatch):
    push = plug_in(monkeypatch, Channel.PUSH, answer=Answer(Outcome.REFUSED, GONE))
    contact = contact_of(mall)
    how = {"how": Consent.How.PAGE, "now": at(8)}
    contacts.subscribe(contact, "https://push.example.org/1", {"p256dh": "a", "auth": "b"}, **how)
    tell(contact)

    work(now=later(1))
    tell(contact, event="ticket-event:1:2")

    assert len(push.sent) == 1
    assert Message.objects.filter(channel=Channel.PUSH).count() == 1


def test_what_is_in_a_hurry_goes_by_another_channel_at_once(line, mall, monkeypatch):
    mail = plug_in(monkeypatch, EMAIL)
    sends_through(mall, TEXT, EMAIL)
    line.answer = DOWN
    tell(contact_of(mall, TEXT, EMAIL))

    work(now=later(1))

    assert (len(line.sent), len(mail.sent)) == (1, 1)


def test_what_is_no_longer_so_is_not_brought_back_by_a_failure(line, mall, admin_of):
    sends_through(mall, TEXT, EMAIL)
    contact = contact_of(mall, TEXT, EMAIL)
    tell(contact, not_after=at(12))
    work(now=later(1))
    outbox.withdraw(contact.pk, ["ticket-event:1:1"], now=later(2), reason="Dipindah.")

    provider = Provider.objects.get(channel=TEXT)
    word = Word("ref-1", State.DEAD, "tidak sampai")
    receipts.take(provider, Report((word,), ()), now=later(3))

    assert message(TEXT).state == State.DEAD
    assert not Message.objects.filter(channel=EMAIL).exists()
    assert not outbox.retry(message(TEXT), by=admin_of, now=later(4))


def test_who_stopped_after_it_was_written_is_left_in_peace(line, told):
    contacts.stop(TEXT, PHONE, now=at(9))

    work(now=later(1))

    assert message().state == State.WITHDRAWN
    assert line.sent == []


def test_a_channel_switched_off_meanwhile_is_a_reason(line, told):
    Provider.objects.update(is_on=False)

    work(now=later(1))

    assert (message().state, message().reason) == (State.DEAD, "Saluran ini tidak dipakai di mal.")


def test_a_dead_message_can_be_tried_again_by_hand(line, told, admin_of):
    line.answer = NEVER
    work(now=later(1))
    line.answer = FINE

    assert outbox.retry(message(), by=admin_of, now=later(2))
    work(now=later(3))

    assert message().state == State.SENT


def test_what_is_too_late_is_not_tried_again(line, told, admin_of):
    line.answer = NEVER
    work(now=later(1))

    assert not outbox.retry(message(), by=admin_of, now=later(61))
    assert message().state == State.DEAD


@pytest.fixture
def admin_of(mall, django_user_model):
    return django_user_model.objects.create_user("admin")


def test_whatsapp_is_given_its_template_with_numbered_values(mall, monkeypatch):
    whatsapp = plug_in(monkeypatch, WHATSAPP)
    sends_through(mall, WHATSAPP)
    baker.make(
        Wording,
        mall=None,
        kind="ticket_called",
        language="id",
        body="Loket {loket} memanggil {nomor}.",
        template_name="giliran_anda",
        edited_at=at(7),
    )
    tell(contact_of(mall, WHATSAPP))

    work(now=later(1))

    template = whatsapp.sent[0].template
    assert (template.name, template.values) == ("giliran_anda", ("3", "A-001"))
