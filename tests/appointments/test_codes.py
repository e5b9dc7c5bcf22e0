"""A code by phone before a reservation counts, where the mall asks for one."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from model_bakery import baker

from appointments.models import ArrivalRule, Plan
from appointments.states import State
from core import memo, throttle
from notifications import codes
from notifications.contacts import Reach
from notifications.models import Code, Consent, Contact, Message, Provider, Stop
from notifications.states import Channel
from notifications.states import State as Sending
from tests.appointments.pages import make_small_hall, page_of, say_who
from tests.appointments.proofs import PHONE, book_with_code, prove, sent_codes, wrong
from tests.appointments.recipes import TUESDAY, booked, hold, person
from tests.queueing.pages import text
from tests.races.crowd import errors, together
from tests.recipes import at, make_hall

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nine_on_the_test_monday():
    with time_machine.travel(at(9), tick=False):
        yield


@pytest.fixture
def hall():
    hall = make_small_hall()
    baker.make(Provider, mall=hall.mall, channel=Channel.TEXT, is_on=True)
    baker.make(ArrivalRule, mall=hall.mall, asks_code=True, early_minutes=30, late_minutes=10)
    memo.clear_all()
    return hall


def later(**more):
    return time_machine.travel(at(9) + timedelta(**more), tick=False)


# --- a held place ---------------------------------------------------------------------------------


def test_the_form_comes_back_with_everything_and_a_field_for_the_code(hall, client):
    pk = hold(hall.service)
    answer = say_who(client, pk)

    assert (answer.status_code, booked(pk).state) == (200, State.HELD)
    assert "Kode 6 angka" in text(answer)
    assert "••••••••••7890" in text(answer)
    assert 'value="Siti Aminah"' in answer.text
    assert 'value="0812 3456 7890"' in answer.text
    assert 'autocomplete="one-time-code"' in answer.text
    assert len(sent_codes()) == 1


def test_a_code_needs_no_consent(hall, client):
    say_who(client, hold(hall.service), channels=[])

    message = Message.objects.get()
    assert (message.channel, Consent.objects.count()) == (Channel.TEXT, 0)


def test_with_the_code_the_place_is_promised(hall, client):
    pk = hold(hall.service)
    say_who(client, pk)
    answer = say_who(client, pk, code=sent_codes()[0])

    assert (answer.status_code, answer.url) == (302, page_of(pk))
    assert booked(pk).state == State.CONFIRMED


def test_a_code_may_be_typed_with_spaces(hall, client):
    pk = hold(hall.service)
    say_who(client, pk)
    code = sent_codes()[0]

    assert say_who(client, pk, code=f" {code[:3]} {code[3:]} ").status_code == 302


def test_a_double_tap_with_the_code_books_once(hall, client):
    pk, same = hold(hall.service), uuid4()
    say_who(client, pk, key=same)
    code = sent_codes()[0]
    answers = [say_who(client, pk, key=same, code=code).status_code for _tap in range(2)]

    assert (answers, len(sent_codes())) == ([302, 302], 1)


def test_a_wrong_code_keeps_the_form(hall, client):
    pk = hold(hall.service)
    say_who(client, pk)
    answer = say_who(client, pk, code=wrong(sent_codes()[0]))

    assert (answer.status_code, answer["X-Refusal"]) == (422, "code_wrong")
    assert "Kode itu tidak cocok." in text(answer)
    assert 'value="Siti Aminah"' in answer.text
    assert booked(pk).state == State.HELD


@pytest.mark.parametrize("typed", ["x", "1" * 21, "\x00", "١٢٣٤٥٦"])
def test_what_is_no_code_is_a_wrong_one(hall, client, typed):
    pk = hold(hall.service)
    say_who(client, pk)

    assert say_who(client, pk, code=typed).status_code == 422
    assert booked(pk).state == State.HELD


def test_five_wrong_ones_and_the_right_one_is_none_any_more(hall, client):
    pk = hold(hall.service)
    say_who(client, pk)
    code = sent_codes()[0]
    for _try in range(5):
        say_who(client, pk, code=wrong(code))

    answer = say_who(client, pk, code=code)

    assert (answer.status_code, booked(pk).state) == (422, State.HELD)
    assert "Kode itu sudah tidak berlaku. Minta kode baru." in text(answer)


def test_another_number_gets_a_code_of_its_own(hall, client):
    pk = hold(hall.service)
    say_who(client, pk)
    first = sent_codes()[0]
    answer = say_who(client, pk, phone="0812 3456 7999", code=first)

    assert answer.status_code == 200
    assert "••••••••••7999" in text(answer)
    assert len(sent_codes()) == 2
    assert say_who(client, pk, phone="0812 3456 7999", code=first).status_code == 422
    assert say_who(client, pk, phone="0812 3456 7999", code=sent_codes()[0]).status_code == 302


def test_sent_again_at_once_it_asks_for_patience(hall, client):
    pk = hold(hall.service)
    say_who(client, pk)
    answer = say_who(client, pk, again="1")

    assert (answer.status_code, answer["X-Refusal"]) == (429, "code_too_soon")
    assert "Tunggu satu menit sebelum meminta lagi." in text(answer)
    assert "Kode 6 angka" in text(answer)
    assert len(sent_codes()) == 1


def test_after_a_minute_it_is_sent_again_and_the_old_one_is_over(hall, client):
    pk = hold(hall.service)
    say_who(client, pk)
    with later(minutes=1):
        assert say_who(client, pk, again="1").status_code == 200
        new, old = sent_codes()
        answers = [say_who(client, pk, code=code).status_code for code in (old, new)]

    assert answers == ([302, 302] if old == new else [422, 302])


def test_the_form_without_a_code_sends_none_while_one_is_good(hall, client):
    pk = hold(hall.service)
    say_who(client, pk)
    with later(minutes=2):
        assert say_who(client, pk).status_code == 200
    assert len(sent_codes()) == 1


def test_after_five_minutes_a_code_is_over_and_the_form_sends_another(hall, client):
    pk = hold(hall.service)
    say_who(client, pk)
    old = sent_codes()[0]
    with later(minutes=5):
        assert say_who(client, pk, code=old).status_code == 422
        assert say_who(client, pk).status_code == 200

    assert len(sent_codes()) == 2


def test_a_fourth_code_to_one_number_within_an_hour_is_refused(hall, client):
    pk = hold(hall.service)
    for minute in range(3):
        with later(minutes=minute):
            say_who(client, pk, again="1")
    with later(minutes=4):
        answer = say_who(client, pk, again="1")

    assert (answer.status_code, answer["X-Refusal"]) == (429, "too_many")
    assert "Kode 6 angka" in text(answer)
    assert len(sent_codes()) == 3


def test_where_the_first_is_one_too_many_nothing_says_that_it_was_sent(hall, client):
    for minute in range(3):
        with later(minutes=minute):
            say_who(client, hold(hall.service, at(9 + minute, on=TUESDAY)))
    with later(minutes=3):
        answer = say_who(client, hold(hall.service))

    assert (answer.status_code, answer["X-Refusal"]) == (429, "too_many")
    assert "sudah dikirim" not in text(answer)
    assert "Kode 6 angka" not in text(answer)
    assert "Kode belum dikirim ke nomor ini." in text(answer)
    assert (len(sent_codes()), Contact.objects.count()) == (3, 3)


def test_a_new_code_withdraws_the_message_of_the_old_one(hall, client):
    pk = hold(hall.service)
    say_who(client, pk)
    with later(minutes=1):
        say_who(client, pk, again="1")

    found = Message.objects.filter(kind="code").order_by("pk").values_list("state", flat=True)
    assert list(found) == [Sending.WITHDRAWN, Sending.WAITING]


def asked_and_typed(hall, typed, *, others=0):
    """21 codes since eight that are over, of which so many were typed, and others that are not."""
    for number in range(21 - others):
        proven = at(8, 50) if number < typed else None
        prove(hall, f"apply:{number}", PHONE, proven_at=proven, created_at=at(8, 49))
    for number in range(others):
        prove(hall, f"apply:new-{number}", PHONE, proven_at=None)


@pytest.mark.parametrize(
    ("typed", "others", "is_paused"),
    [(8, 0, True), (9, 0, False), (4, 10, True), (5, 10, False), (0, 21, False)],
)
def test_where_hardly_any_code_is_typed_no_more_are_sent(
    hall, client, caplog, typed, others, is_paused
):
    asked_and_typed(hall, typed, others=others)
    pk = hold(hall.service)

    answer = say_who(client, pk)

    assert answer.status_code == (503 if is_paused else 200)
    assert ("datang ke loket atau coba lagi nanti" in text(answer)) == is_paused
    assert ("Kode 6 angka" in text(answer)) != is_paused
    assert len(sent_codes()) == (0 if is_paused else 1)
    assert ("codes are paused" in caplog.text) == is_paused
    assert PHONE[1:] not in caplog.text


@pytest.mark.parametrize("when", [at(7), at(8)])
def test_what_was_asked_for_an_hour_ago_or_elsewhere_pauses_nothing(hall, client, when):
    other = hall if when == at(8) else make_hall(slug="mpp-lain")
    for number in range(30):
        prove(
            other,
            f"apply:{number}",
            PHONE,
            proven_at=None,
            created_at=when if other is hall else at(8, 50),
        )

    assert say_who(client, hold(hall.service)).status_code == 200


def test_codes_are_kept_for_two_hours(hall):
    prove(hall, "apply:1", PHONE, created_at=at(6, 54))
    prove(hall, "apply:2", PHONE, created_at=at(6, 56))

    assert codes.forget(now=at(9)) == 1
    assert Code.objects.get().purpose == "apply:2"


def test_a_number_that_said_stop_is_told_what_to_do(hall, client):
    index = codes._index(PHONE)
    Stop.objects.create(channel=Channel.TEXT, address_index=index, at=at(8))
    pk = hold(hall.service)
    # The second time no more was sent than the first: nothing may say so.
    for answer in (say_who(client, pk), say_who(client, pk)):
        assert (answer.status_code, answer["X-Refusal"]) == (503, "no_phone_channel")
        assert "balas START dahulu" in text(answer)
        assert "Kode 6 angka" not in text(answer)
    assert (Code.objects.count(), Contact.objects.count()) == (0, 0)


def test_a_proven_number_is_not_asked_again_when_something_else_is_wrong(hall, client):
    Plan.objects.update(needs_nik=True)
    nik = "3216014903900002"
    book_with_code(hall, person(1, nik=nik))
    pk = hold(hall.service, at(10, on=TUESDAY))
    say_who(client, pk, nik=nik)
    answer = say_who(client, pk, nik=nik, code=sent_codes()[0])
    assert answer.status_code == 409

    assert say_who(client, pk, nik="3216014903900003").status_code == 302


def test_a_form_with_a_mistake_costs_no_code(hall, client):
    answer = say_who(client, hold(hall.service), name="")

    assert (answer.status_code, sent_codes()) == (422, [])


def test_a_place_that_is_promised_or_over_sends_no_code(hall, client):
    promised, over = book_with_code(hall, person(1)), hold(hall.service, now=at(8))
    say_who(client, promised)
    say_who(client, over)

    assert sent_codes() == []


# --- many at once ---------------------------------------------------------------------------------


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_double_tap_sends_one_code_and_it_is_the_right_one(hall):
    purpose, mall, reach = "booking:1", hall.mall, Reach(phone=PHONE)

    answers = together(*[lambda: codes.send(purpose, mall, reach, now=at(9))] * 4)

    refused = (codes.CodeTooSoon, throttle.TooMany)
    assert sum(isinstance(each, refused) for each in errors(answers)) == 3
    (code,) = sent_codes()
    codes.prove(purpose, PHONE, code, now=at(9, 1))
    assert codes.is_proven(purpose, PHONE, now=at(9, 1))


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_ten_guesses_at_once_are_five(hall):
    codes.send("booking:1", hall.mall, Reach(phone=PHONE), now=at(9))
    guess = wrong(sent_codes()[0])

    answers = together(*[lambda: codes.prove("booking:1", PHONE, guess, now=at(9))] * 10)

    assert {type(each) for each in answers} == {codes.CodeWrong}
    assert Code.objects.get().tries == codes.TRIES
