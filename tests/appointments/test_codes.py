"""A code by phone before a reservation counts, where the mall asks for one."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from model_bakery import baker

from accounts.roles import Role
from appointments import booking, draws, people, plans, waitlist
from appointments.applications import Wish
from appointments.models import Application, ArrivalRule, Booking, Plan
from appointments.planning import NoWayToPhones, set_grace
from appointments.refusals import CodeNeeded
from appointments.states import Mode, State
from core import memo, throttle
from notifications import codes, outbox
from notifications.contacts import Reach
from notifications.models import Code, Consent, Contact, Message, Provider, Stop
from notifications.states import Channel
from notifications.states import State as Sending
from tests.appointments.pages import make_small_hall, page_of, path_of, ready, reserve_for, say_who
from tests.appointments.recipes import (
    NINE,
    TUESDAY,
    booked,
    come_back,
    hold,
    offer_of,
    person,
    wait,
)
from tests.hall.conftest import appoint
from tests.queueing.test_citizen import text
from tests.races.crowd import errors, together
from tests.recipes import at, key, make_hall

pytestmark = pytest.mark.django_db
PHONE, NOW = "+6281234567890", at(9)


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


def sent_codes():
    """The codes that went out, the last one first."""
    rows = Message.objects.filter(kind="code").order_by("-pk")
    return [outbox.values_of(row)["angka"] for row in rows]


def wrong(code):
    return f"{(int(code) + 1) % 1_000_000:06}"


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


# --- the rule -------------------------------------------------------------------------------------


def book_with_code(hall, who, starts_at=NINE):
    pk = hold(hall.service, starts_at)
    prove(hall, f"booking:{pk}", who.phone)
    return booking.confirm(pk, who, now=at(9), key=key())


def prove(hall, purpose, phone, *, proven_at=NOW, created_at=NOW):
    more = {"created_at": created_at, "until": created_at + codes.LIVES, "proven_at": proven_at}
    more |= {"mall": hall.mall, "phone_index": codes._index(phone), "code_hash": "x"}
    Code.objects.create(purpose=purpose, **more)


def test_the_rule_refuses_whoever_has_typed_no_code(hall):
    pk = hold(hall.service)
    with pytest.raises(CodeNeeded):
        booking.confirm(pk, person(), now=at(9), key=key())

    assert booked(pk).state == State.HELD


def test_a_code_proves_one_number_for_one_place(hall):
    first, second = hold(hall.service), hold(hall.service)
    prove(hall, f"booking:{first}", person(1).phone)

    for pk, who in ((second, person(1)), (first, person(2))):
        with pytest.raises(CodeNeeded):
            booking.confirm(pk, who, now=at(9), key=key())
    assert booking.confirm(first, person(1), now=at(9), key=key()) == first


def test_a_proof_is_over_after_half_an_hour(hall):
    pk = hold(hall.service, now=at(9, 25))
    prove(hall, f"booking:{pk}", person().phone)

    with pytest.raises(CodeNeeded):
        booking.confirm(pk, person(), now=at(9, 30), key=key())


def test_an_officer_is_never_asked(hall, client):
    Plan.objects.update()
    hall.service.plan.windows.update(staff=1)
    memo.clear_all()
    client.force_login(hall.officer)

    assert reserve_for(client, hall.service).status_code == 302
    assert (Booking.objects.get().state, sent_codes()) == (State.CONFIRMED, [])


@pytest.mark.parametrize("asks", [True, False])
def test_without_a_way_to_phones_or_the_wish_nobody_is_asked(hall, client, asks):
    ArrivalRule.objects.update(asks_code=asks)
    Provider.objects.update(is_on=not asks)
    memo.clear_all()
    pk = hold(hall.service)

    assert plans.asks_code(hall.mall.pk) is False
    assert say_who(client, pk).status_code == 302


# --- applications ---------------------------------------------------------------------------------


def apply(client, service, on, **more):
    form = {"siap": ready(service), "hari": on.isoformat(), "name": "Siti Aminah", "key": uuid4()}
    form |= {"phone": "0812 3456 7890", "is_for_other": ""}
    form["wishes"] = [int(at(hour, on=on).timestamp()) for hour in (9, 10, 11)]
    memo.clear_all()
    return client.post(path_of("application_begin", service), {**form, **more})


@pytest.fixture
def full(hall):
    for hour in (9, 10, 11):
        for place in range(2):
            who = person(900 + 10 * hour + place)
            book_with_code(hall, who, at(hour, on=TUESDAY))
    return hall


@pytest.fixture
def drawn(hall):
    Plan.objects.update(mode=Mode.DRAW)
    return hall


@pytest.mark.parametrize(("place", "days"), [("full", 1), ("drawn", 14)])
def test_an_application_needs_the_code_too(request, client, place, days):
    hall, on = request.getfixturevalue(place), at(9).date() + timedelta(days=days)
    same = uuid4()
    first = apply(client, hall.service, on, key=same)
    assert (first.status_code, Application.objects.count()) == (200, 0)
    assert "Kode 6 angka" in text(first)
    assert 'value="Siti Aminah"' in first.text

    code = sent_codes()[0]
    assert apply(client, hall.service, on, key=same, code=wrong(code)).status_code == 422
    assert apply(client, hall.service, on, key=same, code=code).status_code == 302
    assert Application.objects.count() == 1


@pytest.mark.parametrize("how", [waitlist.join, draws.enter])
def test_the_rules_of_applying_refuse_without_a_code(request, how):
    place, days = ("full", 1) if how is waitlist.join else ("drawn", 14)
    hall, on = request.getfixturevalue(place), at(9).date() + timedelta(days=days)
    memo.clear_all()

    with pytest.raises(CodeNeeded):
        how(hall.service.pk, Wish(on, (at(9, on=on),)), person(1), now=at(9), key=key())
    assert Application.objects.count() == 0


def test_whoever_applied_is_not_asked_again_when_a_place_comes(full, client):
    ArrivalRule.objects.update(asks_code=False)
    memo.clear_all()
    row = wait(full.service)
    ArrivalRule.objects.update(asks_code=True)
    memo.clear_all()
    booking.cancel(Booking.objects.earliest("pk").pk, now=at(9), key=key())
    come_back()

    taken = waitlist.accept(row.pk, offer_of(row.pk), now=at(9), key=key())

    assert booked(taken).state == State.CONFIRMED
    assert people.masked(booked(taken)).name == "S••• A•••••"


# --- the setting ----------------------------------------------------------------------------------


def save(client, hall, **more):
    address = reverse("capacity_grace", args=[hall.mall.slug])
    return client.post(address, {"early": "30", "late": "10", **more})


@pytest.fixture
def admin(hall, client):
    client.force_login(appoint(Role.MALL_ADMIN, mall=hall.mall))
    return client


def test_an_admin_switches_it_off_and_on(hall, admin):
    save(admin, hall)
    assert plans.asks_code(hall.mall.pk) is False

    answer = save(admin, hall, asks_code="on")
    memo.clear_all()
    assert (answer.status_code, plans.asks_code(hall.mall.pk)) == (302, True)


def test_without_a_way_to_phones_it_is_refused_in_words(hall, admin):
    Provider.objects.all().delete()
    ArrivalRule.objects.update(asks_code=False)
    answer = save(admin, hall, asks_code="on", early="45")

    assert answer.status_code == 422
    assert "Nyalakan dahulu WhatsApp atau SMS" in text(answer)
    assert ArrivalRule.objects.values_list("asks_code", "early_minutes").get() == (False, 30)


def test_the_rule_of_the_setting_says_no_too(hall, admin):
    Provider.objects.update(channel=Channel.EMAIL)
    with pytest.raises(NoWayToPhones):
        set_grace(hall.mall, early=30, late=10, asks_code=True, by=hall.officer, now=at(9))


def test_booking_without_a_code_makes_no_contact_twice(hall, client):
    pk = hold(hall.service)
    say_who(client, pk, channels=[str(Channel.TEXT.value)])
    say_who(client, pk, channels=[str(Channel.TEXT.value)], code=sent_codes()[0])

    mine = booked(pk).contact
    assert Consent.objects.filter(contact=mine).count() == 1
    assert Contact.objects.exclude(pk=mine.pk).count() == 1  # whom the code went to


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
