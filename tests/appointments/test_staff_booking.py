"""An officer reserves a place for somebody who stands at the counter or calls."""

from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from appointments.models import Booking, BookingEvent, Slot
from appointments.states import Share, State
from core import memo
from queueing.states import Priority
from tests.appointments.pages import epoch, reserve_for
from tests.appointments.recipes import NIK, NINE, TUESDAY, at, book, booked, make_plan
from tests.appointments.recipes import person as somebody

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sound")]
BEGIN = "staff_booking_services"


@pytest.fixture(autouse=True)
def five_to_nine():
    with time_machine.travel(at(8, 55, on=TUESDAY), tick=False):
        yield


@pytest.fixture
def plan(hall):
    return make_plan(hall.service, staff=2)


@pytest.fixture
def officer(client, hall, plan):
    client.force_login(hall.officer)
    return client


def test_a_place_is_reserved_in_three_pages(officer, hall, plan):
    services = officer.get(reverse(BEGIN))
    times = reverse("staff_booking_times", args=[hall.service.pk])
    assert f'href="{times}"' in services.text
    assert "hari=2026-03-11" in officer.get(times).text
    day = officer.get(times, {"hari": "2026-03-11"})
    assert "09.00–10.00 WIB (2)" in day.text
    start = at(9, on=TUESDAY.replace(day=11))
    assert 'name="phone"' in officer.get(times, {"jam": epoch(start)}).text

    answer = reserve_for(officer, hall.service, start)

    made = booked(Booking.objects.get().pk)
    assert answer["Location"] == reverse("staff_booking", args=[made.pk])
    assert (made.share, made.state) == (Share.STAFF, State.CONFIRMED)
    assert {event.by for event in BookingEvent.objects.all()} == {hall.officer}
    page = officer.get(answer["Location"])
    assert str(made) in page.text
    assert "Siti Aminah" not in page.text
    assert page.context["code"].startswith("<svg")


def test_the_line_that_is_chosen_is_kept(officer, hall):
    reserve_for(officer, hall.service, priority="4")

    assert Booking.objects.get().priority == Priority.TODDLER


def test_pressing_twice_reserves_once(officer, hall):
    once = uuid4()

    answers = [reserve_for(officer, hall.service, key=once)["Location"] for _each in range(2)]

    assert len(set(answers)) == 1
    assert Booking.objects.count() == 1


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"name": ""}, "Isi nama orang yang akan datang."),
        ({"phone": "123"}, "Nomor ponsel diawali 08 dan berisi 10 sampai 13 angka. Periksa lagi."),
        ({"priority": "9"}, "Pilih reguler atau salah satu jalur prioritas."),
    ],
)
def test_what_is_filled_in_wrong_is_said_and_nothing_is_lost(officer, hall, form, said):
    answer = reserve_for(officer, hall.service, **form)

    assert (answer.status_code, said in answer.text) == (422, True)
    kept = "0812 0000 0001" if "name" in form else "Siti Aminah"
    assert f'value="{kept}"' in answer.text
    assert f'value="{epoch(NINE)}"' in answer.text
    assert Booking.objects.count() == 0


def test_a_person_who_has_one_already_leaves_no_place_held(officer, hall):
    hall.service.plan.needs_nik = True
    hall.service.plan.save()
    memo.clear_all()
    book(hall.service, now=at(9), who=somebody(9, nik=NIK))

    answer = reserve_for(officer, hall.service, nik=NIK)

    assert answer["X-Refusal"] == "already_booked"
    assert (Booking.objects.count(), Slot.objects.get().booked_staff) == (1, 0)


def test_the_places_of_the_officers_run_out(officer, hall):
    for number in range(2):
        assert (
            reserve_for(officer, hall.service, phone=f"0812000000{number:02d}").status_code == 302
        )

    third = reserve_for(officer, hall.service, phone="081200000009")
    page = officer.get(
        reverse("staff_booking_times", args=[hall.service.pk]), {"hari": "2026-03-10"}
    )

    assert third["X-Refusal"] == "slot_full"
    assert "09.00–10.00 WIB" not in page.text
    assert "10.00–11.00 WIB (2)" in page.text


def test_without_places_for_officers_the_page_says_so(client, hall):
    make_plan(hall.service, staff=0)
    client.force_login(hall.officer)

    page = client.get(reverse("staff_booking_times", args=[hall.service.pk]))

    assert "Tidak ada tempat untuk petugas" in page.text


def test_an_agency_without_reservations_says_so(client, hall):
    client.force_login(hall.officer)

    assert "Belum ada layanan yang menerima reservasi" in client.get(reverse(BEGIN)).text
