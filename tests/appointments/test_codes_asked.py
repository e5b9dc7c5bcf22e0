"""Who is asked for a code: by the rule, when applying, and as the mall wants it."""

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
from core import memo
from notifications.models import Consent, Contact, Provider
from notifications.states import Channel
from tests.appointments.pages import make_small_hall, path_of, ready, reserve_for, say_who
from tests.appointments.proofs import book_with_code, prove, sent_codes, wrong
from tests.appointments.recipes import TUESDAY, booked, come_back, hold, offer_of, person, wait
from tests.hall.conftest import appoint
from tests.queueing.pages import text
from tests.recipes import at, key

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
