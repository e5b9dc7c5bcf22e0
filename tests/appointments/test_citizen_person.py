"""A window is held, and then it is said who comes."""

from uuid import uuid4

import pytest
import time_machine

from appointments import booking, people
from appointments.models import Booking, BookingEvent, Plan
from appointments.states import Move, State
from queueing.states import Priority
from tests.appointments.pages import (
    TEN,
    make_small_hall,
    page_of,
    path_of,
    ready,
    say_who,
    see_times,
    take,
)
from tests.appointments.recipes import NIK, NINE, TUESDAY, book, booked, hold, person
from tests.queueing.pages import text
from tests.recipes import at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nine_on_the_test_monday():
    with time_machine.travel(at(9), tick=False):
        yield


@pytest.fixture
def hall():
    return make_small_hall()


# A place is held


def test_a_chosen_window_is_held_and_leads_to_the_private_page(hall, client):
    answer = take(client, hall.service)

    held = Booking.objects.get()
    assert (held.state, held.slot.starts_at) == (State.HELD, NINE)
    assert answer.url == f"/reservasi/{people.link(held)}/"
    assert "sampai pukul 09.10 WIB, 10 menit lagi." in text(client.get(answer.url))


def test_the_priority_reaches_the_booking(hall, client):
    take(client, hall.service, siap=ready(hall.service, Priority.DISABILITY))

    assert Booking.objects.get().priority == Priority.DISABILITY


def test_a_double_tap_holds_one_place(hall, client):
    same = uuid4()
    first, second = (take(client, hall.service, key=same) for _tap in range(2))

    assert (first.url, Booking.objects.count()) == (second.url, 1)


def test_a_full_window_says_so_on_the_page_it_came_from(hall, client):
    book(hall.service), book(hall.service)
    answer = take(client, hall.service)

    assert (answer.status_code, answer["X-Refusal"]) == (302, "slot_full")
    assert answer.url.endswith("?hari=2026-03-10&jam=09.00")
    shown = see_times(client, hall.service, "2026-03-10", "09.00")
    assert "Semua tempat pada waktu itu sudah dipesan. Pilih waktu lain." in text(shown)
    assert "Waktu terdekat di mal ini" in text(shown)


@pytest.mark.parametrize("starts_at", ["", "x", "-1", str(10**20)])
def test_a_time_that_is_none_is_asked_again(hall, client, starts_at):
    answer = client.post(
        path_of("booking_hold", hall.service),
        {"siap": ready(hall.service), "starts_at": starts_at, "key": uuid4()},
    )

    assert answer.status_code == 422
    assert "Pilih dahulu jam datangnya." in text(answer)
    assert Booking.objects.count() == 0


def test_a_browser_holds_one_place_at_a_time(hall, client):
    take(client, hall.service)
    take(client, hall.service, at(10, on=TUESDAY))

    states = dict(Booking.objects.values_list("slot__starts_at", "state"))
    assert states == {NINE: State.RELEASED, at(10, on=TUESDAY): State.HELD}


def test_a_copy_of_a_hold_lets_nothing_go(hall, client):
    same = uuid4()
    for _copy in range(2):
        take(client, hall.service, key=same)

    assert list(Booking.objects.values_list("state", flat=True)) == [State.HELD]


def test_a_script_that_holds_place_after_place_is_stopped(hall, client):
    for _each in range(30):
        take(client, hall.service)

    take(client, hall.service)

    assert "Terlalu banyak percobaan" in text(see_times(client, hall.service))
    assert Booking.objects.count() == 30


# Who it is for


def test_with_name_and_phone_the_place_is_promised(hall, client):
    pk = hold(hall.service)
    answer = say_who(client, pk)

    assert (answer.status_code, answer.url) == (302, page_of(pk))
    mine = booked(pk)
    assert (mine.state, mine.is_for_other) == (State.CONFIRMED, False)
    assert people.masked(mine).name == "S••• A•••••"


def test_it_may_be_for_a_child_or_a_parent(hall, client):
    pk = hold(hall.service)
    say_who(client, pk, is_for_other="1")

    assert booked(pk).is_for_other


def test_a_double_tap_books_once(hall, client):
    pk, same = hold(hall.service), uuid4()
    answers = [say_who(client, pk, key=same).status_code for _tap in range(2)]

    assert answers == [302, 302]
    assert BookingEvent.objects.filter(move=Move.CONFIRM).count() == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": " "}, "Isi nama orang yang akan datang."),
        ({"name": "12345"}, "Nama berisi huruf. Periksa lagi."),
        ({"name": "a" * 81}, "Nama paling panjang 80 huruf."),
        ({"phone": ""}, "Isi nomor ponsel Anda."),
        ({"phone": "021 555"}, "Nomor ponsel diawali 08 dan berisi 10 sampai 13 angka."),
        ({"is_for_other": "7"}, "Pilih salah satu."),
    ],
)
def test_what_is_typed_wrong_is_said_and_nothing_is_lost(hall, client, typed, sentence):
    pk = hold(hall.service)
    answer = say_who(client, pk, **typed)

    assert (answer.status_code, booked(pk).state) == (422, State.HELD)
    assert sentence in text(answer)
    kept = {"name": "Siti Aminah", "phone": "0812 3456 7890"}.items() - typed.items()
    fields = [pair for pair in kept if pair[0] not in typed]
    page = answer.content.decode()
    assert [value for _name, value in fields if f'value="{value}"' not in page] == []


def test_a_nik_is_asked_only_where_the_plan_needs_it(hall, client):
    pk = hold(hall.service)

    assert 'name="nik"' not in client.get(page_of(pk)).content.decode()
    Plan.objects.update(needs_nik=True)
    assert 'name="nik"' in client.get(page_of(pk)).content.decode()
    assert say_who(client, pk, nik=NIK).status_code == 302
    assert people.masked(booked(pk)).nik == "••••••••••••0002"


@pytest.mark.parametrize(
    ("nik", "sentence"),
    [
        ("", "Isi NIK orang yang akan datang."),
        ("3216 0812 3456", "Yang diisi 12 angka, NIK berisi 16 angka. Periksa lagi."),
        ("3216013203900002", "Angka ini bukan NIK"),
        ("0016014903900002", "Angka ini bukan NIK"),
    ],
)
def test_a_nik_that_is_none_is_said(hall, client, nik, sentence):
    Plan.objects.update(needs_nik=True)
    pk = hold(hall.service)
    answer = say_who(client, pk, nik=nik)

    assert (answer.status_code, sentence in text(answer)) == (422, True)


def test_a_second_reservation_of_the_same_nik_is_refused_on_the_page(hall, client):
    Plan.objects.update(needs_nik=True)
    book(hall.service, who=person(1, nik=NIK))
    pk = hold(hall.service, TEN)
    answer = say_who(client, pk, nik=NIK)

    assert (answer.status_code, booked(pk).state) == (409, State.HELD)
    assert "untuk NIK atau nomor ponsel itu sudah ada reservasi atau permohonan terbuka" in text(
        answer
    )


@pytest.mark.parametrize("is_swept", [False, True])
def test_a_hold_that_is_over_says_so_and_offers_another(hall, client, is_swept):
    pk = hold(hall.service)
    with time_machine.travel(at(9, 10), tick=False):
        if is_swept:
            booking.release_held(now=at(9, 10))
        answer = client.get(page_of(pk))

    assert "Tempat Ini Sudah Dilepas" in text(answer)
    assert path_of("booking_times", hall.service) + "?siap=" in answer.content.decode()
