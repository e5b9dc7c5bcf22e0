"""What the holder of a link sees and does: the reservation, its file, moving, and its end."""

import re
from datetime import UTC, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from icalendar import Calendar
from model_bakery import baker

from agencies.models import Mall
from appointments import arrivals, booking, disruption, people
from appointments.models import ArrivalRule
from appointments.states import State
from core import memo
from queueing import sweeps
from services.models import Service
from tests.appointments.pages import TEN, make_small_hall, page_of
from tests.appointments.recipes import NIK, NINE, TUESDAY, book, booked, hold, make_plan, person
from tests.queueing.pages import text
from tests.recipes import at, key, later, make_hall

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nine_on_the_test_monday():
    with time_machine.travel(at(9), tick=False):
        yield


@pytest.fixture
def hall():
    return make_small_hall()


# The reservation


def test_the_reservation_shows_what_is_needed_to_come(hall, client):
    Mall.objects.update(address="Jalan Uji 1")
    pk = book(hall.service)
    mine = booked(pk)
    said = text(client.get(page_of(pk)))

    assert f"Kode reservasi {mine.code[:4]} {mine.code[4:]}" in said
    assert "Selasa, 10 Maret 2026 09.00–10.00 WIB" in said
    assert (
        "Datanglah mulai pukul 08.30. Sampai pukul 09.10 Anda menempati urutan pukul 09.00;"
        " sesudah itu urutan Anda menurut saat Anda datang, dan setelah pukul 10.00 WIB reservasi"
        " ini lewat."
    ) in said
    assert "Jalan Uji 1, Kabupaten Uji Dinas Uji, Lantai 1" in said
    assert "Nama S••• A•••••" in said
    assert "KTP-el (Asli)" in said


def test_the_rule_of_coming_is_that_of_the_mall(hall, client):
    baker.make(ArrivalRule, mall=hall.mall, early_minutes=60, late_minutes=20)
    memo.clear_all()

    said = text(client.get(page_of(book(hall.service))))
    assert "Datanglah mulai pukul 08.00. Sampai pukul 09.20" in said


def test_on_the_day_itself_the_number_is_taken_here(hall, client):
    pk = book(hall.service)
    form = f"{page_of(pk)}datang/"

    assert "Sudah di mal?" not in text(client.get(page_of(pk)))
    with time_machine.travel(at(8, on=TUESDAY), tick=False):
        said = text(client.get(page_of(pk)))
    assert "Sudah di mal? Ambil nomor pukul 08.30–10.00 WIB." in said
    assert client.get(form).status_code == 405


def test_a_mall_in_the_east_shows_its_own_time(client):
    hall = make_hall(zone="Asia/Jayapura")
    make_plan(hall.service)
    pk = book(hall.service, at(11, on=TUESDAY).replace(tzinfo=hall.mall.zone))

    assert "11.00–12.00 WIT" in text(client.get(page_of(pk)))


@pytest.mark.parametrize("name", ["booking", "booking_move", "booking_calendar"])
def test_a_private_page_stays_out_of_caches_indexes_and_referrers(hall, client, name):
    answer = client.get(page_of(book(hall.service), name))

    heads = [answer[head] for head in ("Cache-Control", "Referrer-Policy", "X-Robots-Tag")]
    assert heads == ["no-store", "no-referrer", "noindex"]


def test_nothing_of_the_person_stands_in_titles_or_in_full(hall, client):
    pk = book(hall.service, who=person(77, nik=NIK))
    page = client.get(page_of(pk)).content.decode()
    title = re.search(r"<title>(.*?)</title>", page)[1]

    assert title.startswith("Reservasi Anda")
    hidden = ("Siti", "Aminah", "81200000077", NIK, booked(pk).token_hash)
    assert [each for each in hidden if each in page] == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_reservation_costs_the_same_whatever_is_to_be_brought(
    hall, client, django_assert_num_queries, count
):
    Service.objects.update(requirements=[{"text": f"Syarat {n}"} for n in range(count)])
    path = page_of(book(hall.service))
    memo.clear_all()

    with django_assert_num_queries(12):
        client.get(path)


@pytest.mark.parametrize("token", ["x", "x" * 43, "A" * 500])
def test_a_guessed_link_opens_nothing(hall, client, token):
    pk = book(hall.service)
    form = {"key": uuid4(), "starts_at": int(TEN.timestamp())}
    for part in ("", "kalender.ics", "pindah/"):
        assert client.get(f"/reservasi/{token}/{part}").status_code == 404
    for part in ("data/", "pindah/simpan/", "batal/"):
        assert client.post(f"/reservasi/{token}/{part}", form).status_code == 404

    assert (booked(pk).state, booked(pk).slot.starts_at) == (State.CONFIRMED, NINE)


# The file for the calendar


def event_of(client, pk):
    file = Calendar.from_ical(client.get(page_of(pk, "booking_calendar")).content)
    return file.walk("VEVENT")[0]


def test_the_calendar_file_says_when_and_where(hall, client):
    pk = book(hall.service)
    event = event_of(client, pk)

    assert event.decoded("dtstart") == NINE.astimezone(UTC)
    assert event.decoded("dtend") == TEN.astimezone(UTC)
    assert event["summary"] == "Layanan Uji, MPP Uji"
    assert event.walk("VALARM")[0].decoded("trigger") == timedelta(hours=-1)
    body = client.get(page_of(pk, "booking_calendar")).content
    assert b"DTSTART:20260310T020000Z" in body


def test_the_calendar_file_names_nobody_and_keeps_its_uid(hall, client):
    pk = book(hall.service, who=person(77))
    before = client.get(page_of(pk, "booking_calendar"))
    booking.move(pk, TEN, now=at(9), key=key())
    after = event_of(client, pk)

    hidden = ("Siti", "Aminah", "812", people.link(booked(pk)))
    assert [each for each in hidden if each in before.content.decode()] == []
    first = Calendar.from_ical(before.content).walk("VEVENT")[0]
    assert (first["uid"], first["sequence"], after["sequence"]) == (after["uid"], 0, 1)
    assert before["Content-Type"] == "text/calendar; charset=utf-8"


def test_a_place_that_is_not_promised_has_no_calendar_file(hall, client):
    assert client.get(page_of(hold(hall.service), "booking_calendar")).status_code == 404


# Moving and cancelling


def move(client, pk, starts_at):
    at = starts_at if isinstance(starts_at, str) else int(starts_at.timestamp())
    form = {"starts_at": at, "key": uuid4()}
    headers = {"referer": f"http://testserver{page_of(pk, 'booking_move')}?jam=10.00"}
    return client.post(page_of(pk, "booking_move_to"), form, headers=headers)


def test_the_windows_to_move_to_show_the_present_one(hall, client):
    pk = book(hall.service)
    query = {"hari": "2026-03-10", "jam": "10.00"}
    answer = client.get(page_of(pk, "booking_move"), query)

    assert "09.00–10.00 waktu Anda sekarang" in text(answer)
    assert "10.00–11.00 sisa 2, dipilih" in text(answer)
    assert page_of(pk, "booking_move_to") in answer.content.decode()


def test_moving_changes_the_window_and_says_so(hall, client):
    pk = book(hall.service)
    answer = move(client, pk, TEN)

    assert (answer.url, booked(pk).slot.starts_at) == (page_of(pk), TEN)
    assert "Waktu reservasi sudah dipindah." in text(client.get(answer.url))


def test_a_full_window_keeps_the_old_one(hall, client):
    book(hall.service, TEN), book(hall.service, TEN)
    pk = book(hall.service)
    answer = move(client, pk, TEN)

    assert answer["X-Refusal"] == "slot_full"
    assert answer.url.endswith("/pindah/?jam=10.00")
    assert booked(pk).slot.starts_at == NINE


def test_a_move_to_no_time_is_asked_again(hall, client):
    answer = move(client, book(hall.service), "x")

    assert answer.status_code == 422
    assert "Pilih dahulu jam datangnya." in text(answer)


def test_what_is_not_promised_cannot_be_moved(hall, client):
    pk = hold(hall.service)

    assert client.get(page_of(pk, "booking_move")).url == page_of(pk)
    assert move(client, pk, TEN)["X-Refusal"] == "wrong_state"


def test_cancelling_gives_the_place_back_and_says_what_to_do_next(hall, client):
    pk = book(hall.service)
    answer = client.post(page_of(pk, "booking_cancel"), {"key": uuid4()})

    assert (answer.url, booked(pk).state) == (page_of(pk), State.CANCELLED)
    said = text(client.get(answer.url))
    assert "Anda membatalkannya Senin, 9 Maret 2026 pukul 09.00 WIB." in said
    assert "Pilih waktu lagi" in said


def test_a_broken_key_is_none_of_ours(hall, client):
    pk = book(hall.service)

    assert client.post(page_of(pk, "booking_cancel"), {"key": "x"}).status_code == 404
    assert booked(pk).state == State.CONFIRMED


# When it is over


def call_off(hall):
    disruption.call_off(
        [hall.presence],
        from_at=NINE,
        until_at=TEN,
        reason="Sistem pusat padam.",
        by=hall.officer,
        now=at(9),
        key=key(),
    )


def test_the_office_that_cannot_keep_its_promise_says_why_and_offers_another_time(hall, client):
    pk = book(hall.service)
    call_off(hall)

    answer = client.get(page_of(pk))
    assert "Kantor Berhalangan" in text(answer)
    assert "Alasan: Sistem pusat padam. Kami mohon maaf. Pilih waktu pengganti" in text(answer)
    assert f'href="{page_of(pk, "booking_move")}"' in answer.content.decode()
    assert "tetap milik Anda" not in text(client.get(page_of(pk, "booking_move")))
    move(client, pk, TEN)
    assert (booked(pk).state, booked(pk).slot.starts_at) == (State.CONFIRMED, TEN)


def test_what_was_called_off_may_be_let_be(hall, client):
    pk = book(hall.service)
    call_off(hall)
    client.post(page_of(pk, "booking_cancel"), {"key": uuid4()})

    assert booked(pk).state == State.CANCELLED


def test_the_office_says_why_it_cancelled(hall, client):
    pk = book(hall.service)
    call_off(hall)
    disruption.cancel_unanswered(now=NINE)

    said = text(client.get(page_of(pk)))
    assert "Kantor Membatalkan Reservasi Ini" in said
    assert "Alasan: Sistem pusat padam. Kami mohon maaf. Ini tidak dihitung" in said


@pytest.mark.parametrize("is_swept", [False, True])
def test_who_did_not_come_is_told_what_is_left(hall, client, is_swept):
    pk, after = book(hall.service), later(TEN, minutes=1)
    with time_machine.travel(after, tick=False):
        if is_swept:
            arrivals.miss(now=after)
        said = text(client.get(page_of(pk)))

    assert "Waktu Reservasi Ini Sudah Lewat" in said
    assert "Anda tidak tercatat datang sampai Selasa, 10 Maret 2026 pukul 10.00 WIB." in said
    assert "2 kali tidak datang dalam 90 hari menjeda reservasi daring selama 14 hari." in said


def test_who_came_is_led_to_the_number(hall, client):
    pk = book(hall.service)
    arrivals.arrive(pk, now=at(9, on=TUESDAY), key=key())
    answer = client.get(page_of(pk))

    assert "Anda Sudah Datang" in text(answer)
    link = reverse("ticket", args=[booked(pk).ticket.visit.token])
    assert f'href="{link}"' in answer.content.decode()


def test_a_number_that_was_never_printed_can_be_had_again(hall, client):
    pk = book(hall.service)
    arrivals.arrive(pk, now=at(9, on=TUESDAY), key=key(), on_paper=True)
    with time_machine.travel(at(9, 3, on=TUESDAY), tick=False):
        sweeps.withdraw_unprinted(now=at(9, 3, on=TUESDAY))
        said = text(client.get(page_of(pk)))

    assert "Nomor Anda Tidak Tercetak" in said
