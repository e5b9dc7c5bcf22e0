"""The room of the staff: what each role may open, and the figures of today in its scope."""

from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from model_bakery import baker

from accounts.models import User
from accounts.roles import Role
from agencies.models import Assignment
from core import memo
from queueing import desks, simulation, tickets
from queueing.states import Priority, Reason
from tests.recipes import (
    add_counter,
    at,
    make_hall,
    make_officer,
    make_presence,
    make_queue,
    make_service,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall():
    return make_hall(counters=2)


def someone(role, *, mall=None, agency=None):
    user = User.objects.create_user(f"orang-{uuid4().hex[:8]}", password=None)
    baker.make(Assignment, user=user, role=role, mall=mall, agency=agency)
    return user


def read(client, user, name, query="", *, now=None):
    client.force_login(user)
    with time_machine.travel(now or at(10), tick=False):
        return client.get(reverse(name) + query)


def test_an_officer_sees_the_counters_of_today_and_who_sits_there(client, hall):
    hall.officers[1].first_name = "Siti Aminah"
    hall.officers[1].save()
    desks.leave(hall.counter, by=hall.officer, now=at(9))

    page = read(client, hall.officer, "staff").content.decode()

    assert [f"Loket {n}" in page for n in (1, 2)] == [True, True]
    assert ("Belum dijaga" in page, "Siti Aminah" in page) == (True, True)
    assert "Data rujukan" not in page


def test_on_a_day_without_the_agency_there_is_no_counter(client, hall):
    saturday = at(10).replace(day=14)

    page = read(client, hall.officer, "counters", now=saturday).content.decode()

    assert "Tidak ada loket untuk Anda hari ini" in page


def test_a_desk_on_a_break_says_so(client, hall):
    desks.set_break(hall.counters[1], by=hall.officers[1], on_break=True, now=at(9))

    page = read(client, hall.officer, "counters").content.decode()

    assert ", istirahat" in page
    assert "Anda bertugas di sini" in page


@pytest.mark.parametrize(
    ("role", "counters", "figures"),
    [
        (Role.COUNTER_OFFICER, True, True),
        (Role.SUPERVISOR, True, True),
        (Role.AGENCY_ADMIN, False, True),
        (Role.MALL_ADMIN, False, True),
        (Role.MINISTRY_MONITOR, False, True),
        (Role.OPERATOR, False, True),
    ],
)
def test_the_home_offers_what_the_role_may(client, hall, role, counters, figures):
    nation = {Role.MINISTRY_MONITOR, Role.OPERATOR}
    agency = {Role.COUNTER_OFFICER, Role.SUPERVISOR, Role.AGENCY_ADMIN}
    user = someone(
        role,
        mall=None if role in nation else hall.mall,
        agency=hall.presence.agency if role in agency else None,
    )

    page = read(client, user, "staff").content.decode()

    assert ("Loket hari ini" in page, "Angka hari ini" in page) == (counters, figures)


def test_only_those_who_may_enter_the_admin_are_led_there(client, hall):
    hall.officer.is_staff = True
    hall.officer.save()

    assert reverse("admin:index") in read(client, hall.officer, "staff").content.decode()


def test_an_account_without_an_assignment_is_told_whom_to_ask(client, hall):
    nobody = User.objects.create_user("baru")

    assert "Akun ini belum punya penugasan" in read(client, nobody, "staff").content.decode()


def test_an_assignment_that_has_ended_opens_nothing(client, hall):
    Assignment.objects.filter(user=hall.officer).update(until=at(9).date().replace(day=8))

    assert "Akun ini belum punya penugasan" in read(client, hall.officer, "staff").content.decode()
    assert read(client, hall.officer, "staff_figures").status_code == 404


def a_morning(hall):
    """Four numbers: one served, one out of order and served, one missing, one still waiting."""
    first, second, third, _fourth = [hall.issue(now=at(8, minute)) for minute in (0, 1, 2, 3)]
    hall.call(now=at(8, 10))
    hall.act(tickets.serve, first, now=at(8, 11))
    hall.act(tickets.finish, first, now=at(8, 15))
    reason = {"reason": Reason.URGENT_HEALTH}
    hall.act(tickets.call_out_of_order, third, now=at(8, 22), **reason)
    hall.act(tickets.serve, third, now=at(8, 22))
    hall.act(tickets.finish, third, now=at(8, 30))
    hall.call(now=at(8, 31))
    hall.act(tickets.skip, second, now=at(8, 33))


def test_the_figures_of_a_queue_are_those_of_today(client, hall):
    a_morning(hall)
    row = read(client, hall.officer, "staff_figures").context["rows"][0]

    assert (row.issued, row.waiting, row.served, row.no_shows, row.out_of_order) == (4, 1, 2, 1, 1)
    assert (row.wait_minutes, row.service_minutes) == (20, 6)  # of 10, 20, 30 and of 4, 8

    tomorrow = at(10).replace(day=10)
    page = read(client, hall.officer, "staff_figures", now=tomorrow)
    assert "Belum ada nomor hari ini" in page.content.decode()


def test_a_queue_without_numbers_stands_there_with_nothing(client, hall):
    a_morning(hall)
    make_queue(hall.presence, "B")

    rows = read(client, hall.officer, "staff_figures").context["rows"]

    assert [(row.subject.letter, row.issued, row.wait_minutes) for row in rows] == [
        ("A", 4, 20),
        ("B", 0, None),
    ]


def test_agency_people_see_their_agency_and_the_mall_admin_the_mall(client, hall):
    other = make_presence(hall.mall, "Instansi lain")
    make_queue(other, "B")
    hall.issue(now=at(9))
    admin = someone(Role.MALL_ADMIN, mall=hall.mall)

    def letters(user):
        rows = read(client, user, "staff_figures").context["rows"]
        return [row.subject.letter for row in rows]

    assert letters(hall.officer) == ["A"]
    assert letters(admin) == ["A", "B"]


def test_the_ministry_sees_a_row_for_each_mall_and_each_mall_by_itself(client, hall):
    east = make_hall(zone="Asia/Jayapura", slug="mpp-timur")
    east.issue(now=at(8))
    a_morning(hall)
    monitor = someone(Role.MINISTRY_MONITOR)

    rows = read(client, monitor, "staff_figures").context["rows"]
    assert {row.subject.slug: (row.issued, row.wait_minutes) for row in rows} == {
        "mpp-timur": (1, None),
        "mpp-uji": (4, 20),
    }
    alone = read(client, monitor, "staff_figures", "?mal=mpp-timur")
    assert [row.subject.letter for row in alone.context["rows"]] == ["A"]


def test_the_day_of_each_mall_is_its_own(client):
    east = make_hall(zone="Asia/Jayapura", slug="mpp-timur")
    east.issue(now=at(10))
    monitor = someone(Role.MINISTRY_MONITOR)

    # 22:30 WIB on Monday is Tuesday in Jayapura.
    late = read(client, monitor, "staff_figures", now=at(22, 30))

    assert late.context["issued"] == 0


def test_another_malls_figures_do_not_exist_for_a_mall_admin(client, hall):
    make_hall(slug="mpp-lain")
    admin = someone(Role.MALL_ADMIN, mall=hall.mall)

    for query in ("?mal=mpp-lain", "?mal=x%00"):
        assert read(client, admin, "staff_figures", query).status_code == 404
    assert read(client, admin, "staff_figures", "?mal=mpp-uji").status_code == 200


@pytest.mark.parametrize("rows", [1, 30])
def test_the_pages_take_the_same_queries_with_one_row_and_with_thirty(
    client, hall, rows, django_assert_num_queries
):
    for index in range(rows):
        letters = "ABCDEFGHJKLNPRSTUVXYZ"
        letter = letters[index % 20 + 1] + ("A" if index >= 20 else "")
        service = make_service(make_queue(hall.presence, letter))
        add_counter(hall)
        hall.issue(service=service, priority=Priority.ELDERLY)
    memo.clear_all()
    monitor = someone(Role.MALL_ADMIN, mall=hall.mall)
    read(client, hall.officer, "staff")
    with django_assert_num_queries(6):
        read_again(client, "staff")
    with django_assert_num_queries(4):
        read_again(client, "counters")
    read(client, monitor, "staff_figures")
    with django_assert_num_queries(8):
        read_again(client, "staff_figures")


def read_again(client, name):
    with time_machine.travel(at(10), tick=False):
        assert client.get(reverse(name)).status_code == 200


@pytest.fixture
def switched(monkeypatch):
    pressed = []
    monkeypatch.setattr(simulation, "pause", lambda: pressed.append("pause"))
    monkeypatch.setattr(simulation, "resume", lambda: pressed.append("resume"))
    return pressed


def test_the_demonstration_has_a_switch_for_the_simulated_day(client, hall, settings, switched):
    settings.DEMO = True
    client.force_login(hall.officer)

    for do in ("stop", "start"):
        answer = client.post(reverse("simulation"), {"do": do})
        assert (answer.status_code, answer.url) == (302, reverse("staff"))

    assert switched == ["pause", "resume"]
    assert "Simulasi berjalan lagi." in client.get(reverse("staff")).content.decode()


def test_outside_the_demonstration_there_is_no_switch(client, hall, switched):
    page = read(client, hall.officer, "staff").content.decode()
    assert "simulasi" not in page.lower()

    assert client.post(reverse("simulation"), {"do": "stop"}).status_code == 404
    assert switched == []


def test_somebody_else_of_the_same_agency_sees_the_same_counters(client, hall):
    supervisor = make_officer(hall.presence, Role.SUPERVISOR)

    assert "Loket 1" in read(client, supervisor, "counters").content.decode()


@pytest.mark.parametrize("name", ["staff", "counters", "staff_figures", "desk"])
def test_no_cache_keeps_what_staff_see(client, hall, name):
    client.force_login(hall.officer)
    args = [hall.counter.pk] if name == "desk" else []

    with time_machine.travel(at(9), tick=False):
        page = client.get(reverse(name, args=args))

    assert page.status_code == 200
    assert {"private", "no-store"} <= set(page["Cache-Control"].split(", "))
