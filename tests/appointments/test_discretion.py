"""Who is refused keeps what was typed, and a stranger learns nothing about somebody else."""

from datetime import date
from uuid import uuid4

import pytest
import redis
import time_machine
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse

from appointments import arrivals, people
from appointments.models import Booking
from appointments.refusals import PERSONAL, AlreadyBooked, Paused, TooMany
from appointments.states import State
from appointments.views import citizen
from tests.appointments.pages import TEN, page_of
from tests.appointments.recipes import NIK, NINE, at, book, booked, hold, make_plan, person
from tests.queueing.pages import text
from tests.recipes import make_hall

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sound")]
PHONE = "+6281234567890"
TYPED = {"name": "Siti Aminah", "phone": "0812 3456 7890", "nik": NIK, "is_for_other": "1"}
NEUTRAL = (
    "Tempat ini tidak dapat dipesan daring dengan data ini. Sebabnya salah satu dari ini: untuk NIK"
    " atau nomor ponsel itu sudah ada reservasi atau permohonan terbuka, sudah ada tiga dengan nomor"
    " ponsel itu, atau reservasi daringnya sedang dijeda karena dua kali tidak datang. Pakai,"
    " batalkan, atau tarik yang lama lewat tautannya, atau datanglah ke loket."
)


@pytest.fixture(autouse=True)
def nine_o_clock():
    with time_machine.travel(at(9), tick=False) as clock:
        yield clock


@pytest.fixture
def hall():
    hall = make_hall()
    make_plan(hall.service, staff=2, needs_nik=True)
    return hall


def has_one(hall):
    book(hall.service, TEN, who=person(1, nik=NIK))


def has_three(hall):
    for nik in ("3216015003900003", "3216015103900004", "3216015203900005"):
        book(hall.service, TEN, who=people.Person("Siti Aminah", PHONE, nik))


def is_paused(hall):
    for day in (2, 3):
        on = date(2026, 3, day)
        book(hall.service, at(9, on=on), now=at(8, on=on), who=person(1, nik=NIK))
        arrivals.miss(now=at(16, on=on))


REASONS = [has_one, has_three, is_paused]


def confirm(client, pk, *, key=None, **more):
    """Send the form as a browser does, which says on which page it was."""
    page = page_of(pk)
    form = {**TYPED, "key": key or uuid4(), **more}
    headers = {"referer": f"http://testserver{page}"}
    return client.post(f"{page}data/", form, headers=headers)


def save(client, service, **more):
    form = {**TYPED, "priority": "4", "starts_at": int(NINE.timestamp()), "key": uuid4(), **more}
    return client.post(reverse("staff_booking_save", args=[service.pk]), form)


def values(answer):
    """What stands in the fields of the person."""
    form = answer.context["form"]
    return {name: form[name].value() for name in TYPED}


@pytest.mark.parametrize("reason", REASONS)
def test_a_refusal_keeps_everything_that_was_typed(hall, client, reason):
    reason(hall)
    pk = hold(hall.service)

    answer = confirm(client, pk)

    assert (answer.status_code, answer["X-Refusal"]) == (409, "not_with_these_data")
    assert (values(answer), booked(pk).state) == (TYPED, State.HELD)
    assert 'value="1" id="id_is_for_other_1" checked' in answer.content.decode()
    assert f"Belum dapat dipesan {NEUTRAL}" in text(answer)


def test_the_refused_form_is_sent_again_with_other_data(hall, client):
    has_one(hall)
    pk, same = hold(hall.service), uuid4()
    confirm(client, pk, key=same)

    answer = confirm(client, pk, key=same, nik="3216015003900003")

    assert (answer.status_code, booked(pk).state) == (302, State.CONFIRMED)


def test_whatever_stands_in_the_way_the_answer_is_the_same(hall, client):
    answers = set()
    for reason in REASONS:
        with transaction.atomic():
            reason(hall)
            answer = confirm(client, hold(hall.service))
            transaction.set_rollback(True)
        heads = tuple(sorted((k, v) for k, v in answer.headers.items() if k != "Content-Length"))
        answers.add((answer.status_code, heads, text(answer)))

    assert len(answers) == 1


@pytest.mark.parametrize(
    ("reason", "kind"), [(has_one, AlreadyBooked), (has_three, TooMany), (is_paused, Paused)]
)
def test_other_code_still_knows_which_rule_it_was(hall, reason, kind):
    reason(hall)

    with pytest.raises(kind) as refusal:
        book(hall.service, who=people.Person("Siti", PHONE, NIK))

    assert (str(refusal.value), refusal.value.code) == (NEUTRAL, "not_with_these_data")


@pytest.mark.parametrize(
    ("reason", "code", "sentence"),
    [
        (
            has_one,
            "already_booked",
            "Sudah ada reservasi terbuka untuk NIK atau nomor telepon ini.",
        ),
        (has_three, "too_many", "Sudah ada tiga reservasi terbuka dengan nomor telepon ini."),
    ],
)
def test_an_officer_is_told_the_reason_and_types_nothing_again(
    hall, client, reason, code, sentence
):
    reason(hall)
    client.force_login(hall.officer)

    answer = save(client, hall.service)

    assert (answer.status_code, answer["X-Refusal"]) == (409, code)
    assert (values(answer), answer.context["form"]["priority"].value()) == (TYPED, "4")
    assert sentence in text(answer)
    assert Booking.objects.filter(state=State.HELD).count() == 0


def test_an_officer_may_reserve_for_somebody_who_is_paused(hall, client):
    is_paused(hall)
    client.force_login(hall.officer)

    assert save(client, hall.service).status_code == 302


def test_every_refusal_about_a_person_is_told_discreetly():
    for kind in PERSONAL:
        with pytest.raises(kind, match="salah satu dari ini"), people.discreetly(None):
            raise kind("Rahasia")


def test_a_place_that_was_promised_meanwhile_leads_to_its_page(hall, client):
    pk = book(hall.service)

    answer = confirm(client, pk)

    assert (answer.status_code, answer["X-Refusal"]) == (302, "wrong_state")
    assert "Tempat Anda Sudah Dipesan" in text(client.get(answer["Location"]))


def search(client, pk, times):
    """Try one person's NIK after another."""
    return [confirm(client, pk).status_code for _each in range(times)]


def test_with_one_place_nobody_tries_more_than_ten_people(hall, client, nine_o_clock):
    has_one(hall)
    pk, other = hold(hall.service), hold(hall.service)
    assert search(client, pk, 5) == [409] * 5
    nine_o_clock.move_to(at(9, 5))
    assert search(client, pk, 6) == [409] * 5 + [429]

    answer = confirm(client, pk, nik="3216015003900003")

    assert (answer.status_code, answer["X-Refusal"], booked(pk).state) == (
        *(429, "too_many"),
        State.HELD,
    )
    assert values(answer) == {**TYPED, "nik": "3216015003900003"}
    assert "Terlalu banyak percobaan. Tunggu 5 menit, lalu coba lagi." in text(answer)
    assert confirm(client, other, nik="3216015003900003").status_code == 302


def test_neither_does_anybody_while_the_shared_cache_is_away(hall, client, monkeypatch):
    def dead(*args, **more):
        raise redis.ConnectionError

    has_one(hall)
    pk = hold(hall.service)
    for name in ("get", "add"):
        monkeypatch.setattr(cache, name, dead)

    assert search(client, pk, 11) == [409] * 10 + [429]


def test_from_one_address_so_many_a_minute(hall, client, monkeypatch):
    monkeypatch.setattr(citizen, "CONFIRMS", 2)
    has_one(hall)

    answers = [search(client, hold(hall.service), 1) for _each in range(3)]

    assert answers == [[409], [409], [429]]


def test_what_is_typed_wrong_is_no_try(hall, client):
    pk = hold(hall.service)

    assert [confirm(client, pk, nik="1").status_code for _each in range(12)] == [422] * 12
    assert confirm(client, pk).status_code == 302
