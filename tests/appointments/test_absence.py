import pytest
import time_machine
from django.urls import reverse
from model_bakery import baker

from accounts.roles import Role
from agencies.models import Assignment
from appointments.models import Absence
from appointments.states import State
from tests.appointments.recipes import TUESDAY, at, book, booked, key, make_plan
from tests.recipes import make_officer, make_presence

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sound")]
PAGE = "staff_absence"


@pytest.fixture(autouse=True)
def nine():
    with time_machine.travel(at(9), tick=False):
        yield


@pytest.fixture
def plan(hall):
    return make_plan(hall.service)


@pytest.fixture
def boss(client, hall, plan):
    client.force_login(make_officer(hall.presence, Role.SUPERVISOR))
    return client


def given(hall, **more):
    return {
        "presences": [hall.presence.pk],
        "from_date": "2026-03-10",
        "until_date": "2026-03-10",
        "reason": "Pelatihan petugas.",
        "key": str(key()),
        **more,
    }


def send(client, hall, **more):
    return client.post(reverse(PAGE), given(hall, **more))


def test_first_it_shows_whom_it_touches_and_changes_nothing(boss, hall):
    pk = book(hall.service)
    page = send(boss, hall)

    assert page.status_code == 200
    assert "1 reservasi terkena" in page.content.decode()
    assert str(booked(pk)) in page.content.decode()
    assert (booked(pk).state, Absence.objects.count()) == (State.CONFIRMED, 0)


def test_then_everybody_is_offered_another_time(boss, hall):
    pk = book(hall.service)
    page = boss.post(reverse(PAGE), given(hall, jalankan="1"), follow=True)

    assert "1 orang ditawari waktu lain" in page.content.decode()
    assert "Pelatihan petugas." in page.content.decode()
    assert booked(pk).state == State.CALLED_OFF


def test_hours_of_a_day_close_only_those(boss, hall):
    early, late = book(hall.service), book(hall.service, at(11, on=TUESDAY))
    send(boss, hall, from_time="10.30", until_time="12.00", jalankan="1")

    assert (booked(early).state, booked(late).state) == (State.CONFIRMED, State.CALLED_OFF)


def test_an_empty_list_says_so(boss, hall):
    assert "Semua instansi melayani" in boss.get(reverse(PAGE)).content.decode()
    assert "Tidak ada reservasi yang terkena" in send(boss, hall).content.decode()


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"reason": ""}, "Tulis alasannya."),
        ({"presences": []}, "Pilih sedikitnya satu instansi."),
        ({"from_date": ""}, "Isi tanggal mulainya."),
        ({"until_date": "2026-03-09"}, "harus setelah waktu mulainya"),
        ({"until_date": "besok"}, "tanggal"),
        ({"until_date": "2036-03-10"}, "paling jauh satu tahun"),
        ({"from_date": "0001-01-01"}, "paling jauh satu tahun"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_lost(boss, hall, more, sentence):
    book(hall.service)
    page = send(boss, hall, **more, jalankan="1")

    assert (page.status_code, Absence.objects.count()) == (422, 0)
    assert sentence in page.content.decode()
    if "reason" not in more:
        assert "Pelatihan petugas." in page.content.decode()


def test_an_agency_of_somebody_else_cannot_be_closed(boss, hall):
    other = make_presence(hall.mall, "Dinas Lain")

    assert send(boss, hall, presences=[other.pk], jalankan="1").status_code == 422
    assert Absence.objects.count() == 0


def test_a_counter_officer_finds_no_such_page(client, hall, plan):
    client.force_login(hall.officer)

    assert client.get(reverse(PAGE)).status_code == 404
    assert send(client, hall, jalankan="1").status_code == 404
    assert Absence.objects.count() == 0


def test_the_mall_admin_closes_all_of_them(client, hall, plan):
    other = make_presence(hall.mall, "Dinas Lain")
    admin = make_officer(hall.presence)
    Assignment.objects.filter(user=admin).delete()
    baker.make(Assignment, user=admin, role=Role.MALL_ADMIN, mall=hall.mall, agency=None)
    client.force_login(admin)

    send(client, hall, presences=[hall.presence.pk, other.pk], jalankan="1")

    assert Absence.objects.count() == 2


@pytest.mark.parametrize("count", [1, 3])
def test_it_takes_the_same_queries_for_one_and_for_three(
    boss, hall, count, django_assert_num_queries
):
    for _each in range(count):
        book(hall.service)
    send(boss, hall)

    with django_assert_num_queries(8):
        send(boss, hall)


def test_what_was_closed_is_opened_again(boss, hall):
    send(boss, hall, jalankan="1")
    page = boss.post(reverse("staff_absence_end", args=[Absence.objects.get().pk]), follow=True)

    assert "dibuka lagi" in page.content.decode()
    assert Absence.objects.count() == 0


def test_a_stranger_opens_nothing_again(boss, client, hall):
    send(boss, hall, jalankan="1")
    client.force_login(hall.officer)

    assert (
        client.post(reverse("staff_absence_end", args=[Absence.objects.get().pk])).status_code
        == 404
    )
    assert Absence.objects.count() == 1
