"""When a draw proposes itself, and what each way of sharing gives to a person and a machine."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.management import call_command

from accounts.roles import Role
from appointments import demand, release_simulation
from appointments.models import Plan
from appointments.release_simulation import Crowd
from appointments.states import Mode
from core import memo
from tests.appointments.layouts import rules_form
from tests.appointments.recipes import TUESDAY, book, make_plan, person, wait
from tests.hall.conftest import appoint
from tests.queueing.pages import text
from tests.recipes import at, make_hall

DAYS = (TUESDAY, TUESDAY + timedelta(days=1))


@pytest.fixture
def hall(db):
    hall = make_hall()
    make_plan(hall.service, online=1)
    with time_machine.travel(at(9), tick=False):
        yield hall


def crowd(service, on, *, waiting):
    for hour in (9, 10, 11):
        book(service, at(hour, on=on), who=person(on.day * 100 + hour))
    for number in range(waiting):
        wait(service, on=on, number=on.day * 1000 + number)


def test_twice_more_than_one_and_a_half_times_proposes_a_draw(hall):
    crowd(hall.service, DAYS[0], waiting=2)
    assert demand.crowded(hall.service.pk, now=at(9)) == [demand.Crowded(DAYS[0], 5, 3)]
    assert not demand.draw_is_fairer(demand.crowded(hall.service.pk, now=at(9)))

    crowd(hall.service, DAYS[1], waiting=2)

    found = demand.crowded(hall.service.pk, now=at(9))
    assert [each.on for each in found] == list(DAYS)
    assert found[0].per_place == Decimal("1.7")
    assert demand.draw_is_fairer(found)


def test_not_more_than_one_and_a_half_times_is_no_crowd(hall):
    plan = Plan.objects.get()
    plan.windows.filter(begins__hour=11).delete()
    memo.clear_all()
    for hour in (9, 10):
        book(hall.service, at(hour, on=TUESDAY), who=person(hour))
    wait(hall.service, hours=(9,), number=77)

    assert demand.crowded(hall.service.pk, now=at(9)) == []


def test_requests_of_one_phone_are_one_person(hall):
    for hour in (9, 10, 11):
        book(hall.service, at(hour, on=TUESDAY), who=person(1))
    for _each in range(3):
        wait(hall.service, number=2)

    assert demand.crowded(hall.service.pk, now=at(9)) == []


def test_long_ago_and_not_all_out_does_not_count(hall):
    crowd(hall.service, TUESDAY, waiting=3)

    assert demand.crowded(hall.service.pk, now=at(9, on=date(2026, 8, 1))) == []
    Plan.objects.update(mode=Mode.DRAW)
    memo.clear_all()
    assert demand.crowded(hall.service.pk, now=at(7) - timedelta(days=14)) == []


def test_the_week_proposes_the_draw_and_the_rules_store_it(hall, client):
    client.force_login(appoint(Role.MALL_ADMIN, mall=hall.mall))
    assert "Undian lebih adil" not in text(client.get(f"/petugas/kapasitas/{hall.service.pk}/"))
    for on in DAYS:
        crowd(hall.service, on, waiting=2)

    shown = client.get(f"/petugas/kapasitas/{hall.service.pk}/")
    assert "Undian lebih adil untuk layanan ini" in text(shown)
    assert "Selasa, 10 Maret 2026: 5 orang untuk 3 tempat" in text(shown)
    rules = client.get(f"/petugas/kapasitas/{hall.service.pk}/rencana/?cara=undian")
    assert rules.context["form"].initial["mode"] == Mode.DRAW
    form = rules_form(family="uji", mode=Mode.DRAW, needs_nik="on", days_0=14)
    looked = client.post(f"/petugas/kapasitas/{hall.service.pk}/rencana/", form)
    assert "Mulai sekarang tempat diundi" in text(looked)
    known = looked.context["known"]
    form |= {"do": "save", "known": known}
    assert client.post(f"/petugas/kapasitas/{hall.service.pk}/rencana/", form).status_code == 302
    assert Plan.objects.get().mode == Mode.DRAW


def test_a_draw_that_leaves_no_day_to_get_ready_is_refused(hall, client):
    client.force_login(appoint(Role.MALL_ADMIN, mall=hall.mall))
    short = {
        "days_0": 1,
        "percent_0": 100,
        "days_1": "",
        "percent_1": "",
        "days_2": "",
        "percent_2": "",
    }
    form = rules_form(family="uji", mode=Mode.DRAW, needs_nik="on", days_0=14) | short

    answer = client.post(f"/petugas/kapasitas/{hall.service.pk}/rencana/", form, follow=True)

    assert "Undian dibuka 2 sampai 28 hari sebelumnya" in text(answer)
    assert Plan.objects.get().mode == Mode.FIRST_COME


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"needs_nik": ""}, "Undian perlu meminta NIK"),
        ({"days_0": 29}, "Undian dibuka 2 sampai 28 hari sebelumnya"),
    ],
)
def test_a_draw_that_would_not_be_fair_is_refused(hall, client, change, says):
    client.force_login(appoint(Role.MALL_ADMIN, mall=hall.mall))
    form = rules_form(family="uji", mode=Mode.DRAW, needs_nik="on", days_0=14) | change

    answer = client.post(f"/petugas/kapasitas/{hall.service.pk}/rencana/", form, follow=True)

    assert says in text(answer)
    assert Plan.objects.get().mode == Mode.FIRST_COME


# --- the simulation -----------------------------------------------------------------------------------


def test_first_come_is_the_machine_s_and_the_draw_is_everybody_s():
    first = release_simulation.play("first come", Crowd(), seeds=3)
    drawn = release_simulation.play("draw", Crowd(), seeds=20)

    assert first.advantage > 5
    assert Decimal("0.95") <= drawn.advantage <= Decimal("1.05")


def test_a_place_that_comes_back_at_random_cannot_be_handed_on():
    at_once = release_simulation.handed_on(at_random=False, rivals=50, seeds=500)
    later = release_simulation.handed_on(at_random=True, rivals=50, seeds=500)

    assert at_once == 1
    assert later < Decimal("0.05")


def test_the_command_shows_each_way(capsys):
    call_command("simulate_release", applicants=200, places=20, machines=20, seeds=2)

    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["cara", "siapa", "undian", "Tempat", "Tempat"]
