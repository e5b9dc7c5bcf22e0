"""The pages on which a citizen reads the papers and chooses a day and a window."""

import re
from datetime import date

import pytest
import time_machine
from django.urls import reverse
from model_bakery import baker

from agencies.models import DatedHours, Region
from appointments import preparation
from appointments.models import Booking, Plan, Tranche, Window
from core import memo
from queueing.states import Priority
from services.models import Service
from tests.appointments.pages import make_small_hall, path_of, ready, see_times, take
from tests.appointments.recipes import TUESDAY, book, make_plan
from tests.queueing.pages import text
from tests.recipes import at, make_hall

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nine_on_the_test_monday():
    with time_machine.travel(at(9), tick=False):
        yield


@pytest.fixture
def hall():
    return make_small_hall()


# The papers and the priority


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


# Days and windows


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

    with django_assert_num_queries(15):
        client.get(path_of("booking_times", hall.service), query)


def test_other_provinces_come_last_among_other_malls(hall, client):
    book(hall.service), book(hall.service)
    for slug, province in (("mpp-jauh", "Papua"), ("mpp-dekat", "Sini")):
        there = make_hall(slug=slug)
        Region.objects.filter(pk=there.mall.region_id).update(province=province)
        make_plan(there.service)
    Region.objects.filter(pk=hall.mall.region_id).update(province="Sini")

    page = see_times(client, hall.service, "2026-03-10", "09.00").content.decode()
    assert page.index("/mal/mpp-dekat/") < page.index("/mal/mpp-jauh/")
