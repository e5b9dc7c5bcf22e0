"""The pages on which a citizen reserves a place, and those of the link that comes of it."""

import re
from datetime import UTC, date, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from icalendar import Calendar
from model_bakery import baker

from agencies.models import DatedHours, Mall, Region
from appointments import arrivals, booking, disruption, people, preparation
from appointments.models import ArrivalRule, Booking, BookingEvent, Plan, Tranche, Window
from appointments.states import Move, State
from core import memo
from queueing import sweeps
from queueing.states import Priority
from services.models import Service
from tests.appointments.recipes import NIK, NINE, TUESDAY, book, booked, hold, make_plan, person
from tests.queueing.test_citizen import text
from tests.recipes import at, key, later, make_hall

pytestmark = pytest.mark.django_db
TEN = at(10, on=TUESDAY)


@pytest.fixture(autouse=True)
def _nine_on_the_test_monday():
    with time_machine.travel(at(9), tick=False):
        yield


@pytest.fixture
def hall():
    hall = make_hall()
    make_plan(hall.service, online=2)
    return hall


def path_of(name, service, **query):
    slug = service.presence.mall.slug
    return reverse(name, args=[slug, service.pk])


def ready(service, priority=Priority.NONE):
    return preparation.seal(service.pk, priority)


def see_times(client, service, day="", time="", priority=Priority.NONE):
    memo.clear_all()
    query = {"siap": ready(service, priority), "hari": day, "jam": time}
    return client.get(path_of("booking_times", service), query)


def take(client, service, starts_at=NINE, **more):
    """Send the form of the chosen window, as the page with the windows holds it."""
    form = {"siap": ready(service), "starts_at": int(starts_at.timestamp()), "key": uuid4()}
    came_from = f"http://testserver{path_of('booking_times', service)}?hari=2026-03-10&jam=09.00"
    memo.clear_all()
    headers = {"referer": came_from}
    return client.post(path_of("booking_hold", service), {**form, **more}, headers=headers)


def page_of(pk, name="booking"):
    return reverse(name, args=[people.link(booked(pk))])


def say_who(client, pk, **more):
    form = {"name": "Siti Aminah", "phone": "0812 3456 7890", "is_for_other": "", "key": uuid4()}
    return client.post(page_of(pk, "booking_confirm"), {**form, **more})


# --- The papers and the priority -------------------------------------------------------------


def test_the_service_leads_to_a_reservation_only_where_there_is_one(hall, client):
    path = f"/mal/mpp-uji/layanan/{hall.service.pk}/"
    link = path_of("booking_begin", hall.service)

    assert f'href="{link}"' in client.get(path).content.decode()
    Plan.objects.update(is_active=False)
    memo.clear_all()
    assert f'href="{link}"' not in client.get(path).content.decode()
    assert "belum ada pemesanan" in text(client.get(path))


def test_the_papers_are_read_and_ticked(hall, client):
    said = text(client.get(path_of("booking_begin", hall.service)))

    assert "Baca dan centang yang sudah Anda siapkan. KTP-el Asli" in said
    assert "Lansia 60 tahun ke atas" in said


def test_without_requirements_one_tick_says_all(hall, client):
    Service.objects.update(requirements=[])
    memo.clear_all()
    path = path_of("booking_begin", hall.service)

    assert "Dokumen saya lengkap" in text(client.get(path))
    answer = client.post(path, {"papers": "Dokumen saya lengkap", "priority": 0})
    assert answer.status_code == 302


def test_without_every_tick_it_does_not_go_on_and_nothing_is_lost(hall, client):
    Service.objects.update(requirements=[{"text": "KTP-el"}, {"text": "Akta"}])
    memo.clear_all()

    form = {"papers": "Akta", "priority": Priority.PREGNANT.value}
    answer = client.post(path_of("booking_begin", hall.service), form)

    assert answer.status_code == 422
    assert "Centang setiap dokumen yang sudah Anda siapkan." in text(answer)
    page = answer.content.decode()
    assert re.findall(r'value="([^"]+)"[^>]* checked', page) == ["Akta", "3"]


@pytest.mark.parametrize("priority", ["", "9", "x"])
def test_a_priority_that_is_none_is_asked_again(hall, client, priority):
    form = {"papers": "KTP-el", "priority": priority}
    answer = client.post(path_of("booking_begin", hall.service), form)

    assert answer.status_code == 422
    assert "Pilih reguler atau salah satu jalur prioritas." in text(answer)


def test_the_address_of_the_times_does_not_say_who_has_priority(hall, client):
    path = path_of("booking_begin", hall.service)
    urls = {client.post(path, {"papers": "KTP-el", "priority": 2}).url for _copy in range(2)}

    assert len(urls) == 2  # sealed: not even the same twice
    sealed = [re.search(r"siap=([^&]+)", url)[1].replace("%3D", "=") for url in urls]
    assert [preparation.read(each, hall.service.pk) for each in sealed] == [2, 2]


@pytest.mark.parametrize("sealed", ["", "x", "0.abc", "0.ÿ", "0." + "A" * 60])
def test_a_made_up_seal_leads_back_to_the_papers(hall, client, sealed):
    begin = path_of("booking_begin", hall.service)

    answer = client.get(path_of("booking_times", hall.service), {"siap": sealed})
    assert (answer.status_code, answer.url) == (302, begin)
    answer = take(client, hall.service, siap=sealed)
    assert (answer.status_code, answer.url, Booking.objects.count()) == (302, begin, 0)


def test_a_seal_holds_for_its_service_only(hall):
    assert preparation.read(ready(hall.service), hall.service.pk) == Priority.NONE
    assert preparation.read(ready(hall.service), hall.service.pk + 1) is None


def test_a_service_without_a_plan_has_no_such_pages(client):
    service = make_hall().service
    sealed = ready(service)
    names = ("booking_begin", "booking_times")

    assert [client.get(path_of(name, service), {"siap": sealed}).status_code for name in names] == [
        404,
        404,
    ]
    assert take(client, service).status_code == 404


# --- Days and windows ------------------------------------------------------------------------


def test_the_days_say_what_is_left(hall, client):
    said = text(see_times(client, hall.service))

    assert "Senin, 9 Maret 2026: 9 sisa 4" in said
    assert "Selasa, 10 Maret 2026: 10 sisa 6" in said
    assert "Jam datang, Senin, 9 Maret 2026 10.00–11.00 sisa 2" in said


def test_a_closed_day_and_one_that_is_not_yet_open_say_so(hall, client):
    baker.make(
        DatedHours,
        mall=hall.mall,
        from_date=TUESDAY,
        until_date=TUESDAY,
        opens=None,
        closes=None,
        reason="Nyepi",
        weekday=None,
    )
    Tranche.objects.update(days_before=2)
    said = text(see_times(client, hall.service, "2026-03-12"))

    assert "Selasa, 10 Maret 2026: 10 tutup" in said
    assert "Tutup Selasa, 10 Maret 2026" in said
    assert "Kamis, 12 Maret 2026: 12 belum dibuka" in said
    assert "Dibuka Selasa, 10 Maret 2026 pukul 08.00 WIB" in said


def test_a_chosen_window_is_promised_in_a_sentence(hall, client):
    said = text(see_times(client, hall.service, "2026-03-10", "09.00"))

    assert "09.00–10.00 sisa 2, dipilih" in said
    assert "Datang Selasa, 10 Maret 2026 pukul 09.00 WIB ." in said


def test_the_public_ledger_stands_below(client):
    hall = make_hall()
    make_plan(hall.service, online=7, priority=3, walk_in=6, staff=4)
    Tranche.objects.update(percent=50)
    book(hall.service)
    said = text(see_times(client, hall.service, "2026-03-10"))

    assert (
        "09.00–10.00 Dibuka 20 = daring 4 + datang langsung 6 + petugas 4 + belum dibuka 6."
        " Sudah dipesan 1."
    ) in said


def test_a_full_window_shows_the_nearest_and_other_malls(hall, client):
    other = make_hall(slug="mpp-lain")
    make_plan(other.service)
    book(hall.service), book(hall.service)

    answer = see_times(client, hall.service, "2026-03-10", "09.00")
    said, page = text(answer), answer.content.decode()

    assert "Jam ini sudah habis" in said
    assert "Waktu terdekat di mal ini Senin, 9 Maret 2026, 11.00–12.00 WIB sisa 2" in said
    assert "hari=2026-03-10&amp;jam=10.00#jam" in page
    assert f'href="{path_of("booking_begin", other.service)}"' in page
    assert reverse("booking_hold", args=["mpp-uji", hall.service.pk]) not in page


def test_when_nothing_is_left_anywhere_it_says_so(client):
    hall = make_hall()
    make_plan(hall.service, online=1, ahead=1)
    for day in (at(10), at(11), *(at(hour, on=TUESDAY) for hour in (9, 10, 11))):
        book(hall.service, day)

    said = text(see_times(client, hall.service))

    assert "Senin, 9 Maret 2026: 9 habis" in said
    assert "Hari ini sudah habis Tidak ada waktu lain yang masih kosong di mal ini." in said


def test_a_mall_that_never_opens_says_that_nothing_can_be_reserved(hall, client):
    Window.objects.update(until_date=date(2026, 1, 2))

    assert "Belum ada waktu yang dapat dipesan" in text(see_times(client, hall.service))


def test_priority_people_see_their_places_too(client):
    hall = make_hall()
    make_plan(hall.service, online=2, priority=3)

    assert "10 sisa 6" in text(see_times(client, hall.service))
    assert "10 sisa 15" in text(see_times(client, hall.service, priority=Priority.ELDERLY))


@pytest.mark.parametrize(("day", "time"), [("x", "y"), ("2026-03-14", ""), ("2026-03-10", "25.99")])
def test_a_day_or_an_hour_that_is_none_offers_what_there_is(hall, client, day, time):
    answer = see_times(client, hall.service, day, time)

    assert answer.status_code == 200
    assert "Jam datang," in text(answer)


def test_a_saturday_with_windows_gets_a_column(hall, client):
    assert "days of5" in see_times(client, hall.service).content.decode()
    Window.objects.filter(weekday=4).update(weekday=5)
    hours = hall.mall.weekly.get(weekday=4)
    hours.pk, hours.weekday = None, 5
    hours.save()
    baker.make("agencies.CounterDay", counter=hall.counter, presence=hall.presence, weekday=5)

    assert "days of6" in see_times(client, hall.service).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_times_cost_the_same_whatever_is_booked(hall, client, django_assert_num_queries, count):
    for n in range(count):
        book(hall.service, at(9 + n, on=TUESDAY))
    memo.clear_all()
    query = {"siap": ready(hall.service)}

    with django_assert_num_queries(13):
        client.get(path_of("booking_times", hall.service), query)


# --- A place is held -------------------------------------------------------------------------


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


# --- Who it is for ---------------------------------------------------------------------------


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
    assert "untuk NIK atau nomor ponsel itu sudah ada reservasi terbuka" in text(answer)


@pytest.mark.parametrize("is_swept", [False, True])
def test_a_hold_that_is_over_says_so_and_offers_another(hall, client, is_swept):
    pk = hold(hall.service)
    with time_machine.travel(at(9, 10), tick=False):
        if is_swept:
            booking.release_held(now=at(9, 10))
        answer = client.get(page_of(pk))

    assert "Tempat Ini Sudah Dilepas" in text(answer)
    assert path_of("booking_times", hall.service) + "?siap=" in answer.content.decode()


# --- The reservation -------------------------------------------------------------------------


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


# --- The file for the calendar ---------------------------------------------------------------


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


# --- Moving and cancelling -------------------------------------------------------------------


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


# --- When it is over -------------------------------------------------------------------------


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


def test_other_provinces_come_last_among_other_malls(hall, client):
    book(hall.service), book(hall.service)
    for slug, province in (("mpp-jauh", "Papua"), ("mpp-dekat", "Sini")):
        there = make_hall(slug=slug)
        Region.objects.filter(pk=there.mall.region_id).update(province=province)
        make_plan(there.service)
    Region.objects.filter(pk=hall.mall.region_id).update(province="Sini")

    page = see_times(client, hall.service, "2026-03-10", "09.00").content.decode()
    assert page.index("/mal/mpp-dekat/") < page.index("/mal/mpp-jauh/")
