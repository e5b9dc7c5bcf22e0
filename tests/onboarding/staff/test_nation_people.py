"""The pages on which people of the nation and of provinces are invited, arranged and let go."""

import re

import pytest
import time_machine
from django.urls import reverse

from accounts.roles import Role
from agencies.models import Assignment
from tests.onboarding.staff.recipes import MAIL, NAME, appoint, only, role_of
from tests.recipes import at, make_hall

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nine_o_clock():
    with time_machine.travel(at(9), tick=False):
        yield


@pytest.fixture
def hall():
    return make_hall(counters=2)


@pytest.fixture
def operator(client):
    operator = appoint(Role.OPERATOR, name="operator")
    client.force_login(operator)
    return operator


def test_an_operator_sees_the_nation_and_finds_everybody(client, hall, operator):
    national = client.get(reverse("people_nation"))
    found = client.get(reverse("people_nation"), {"q": hall.officer.username})

    assert [held.user for held, _url in national.context["rows"]] == [operator]
    ((held, address),) = found.context["rows"]
    assert (held.user, address) == (hall.officer, reverse("person", args=[hall.mall.slug, held.pk]))


def test_an_operator_invites_for_the_nation_by_link(client, hall, operator):
    page = client.get(reverse("people_invite_nation"))
    form = {"name": NAME, "email": MAIL, "role": "ministry_monitor"}

    answer = client.post(reverse("people_invite_nation"), form)

    assert [role for role, _label in page.context["form"].fields["role"].choices] == [
        *(Role.PROVINCE_MONITOR, Role.MINISTRY_MONITOR, Role.OPERATOR),
    ]
    assert answer.context["sent"].link in answer.text
    assert client.post(reverse("people_withdraw_nation", args=[only().pk])).status_code == 302


def test_an_operator_invites_for_a_province(client, hall, operator):
    province = hall.mall.region.province
    form = {"name": NAME, "email": MAIL, "role": "province_monitor"}
    page = client.get(reverse("people_invite_nation"))

    unsaid = client.post(reverse("people_invite_nation"), form)
    forged = client.post(reverse("people_invite_nation"), {**form, "province": "Atlantis"})
    answer = client.post(reverse("people_invite_nation"), {**form, "province": province})

    assert [name for name, _label in page.context["form"].fields["province"].choices] == [
        *("", province)
    ]
    assert [list(wrong.context["form"].errors) for wrong in (unsaid, forged)] == [["province"]] * 2
    assert answer.context["sent"].invitation.province == province
    assert province in client.get(reverse("people_nation")).text


def test_a_province_is_of_no_other_role(client, hall, operator):
    form = {"name": NAME, "email": MAIL, "role": "operator", "province": hall.mall.region.province}

    client.post(reverse("people_invite_nation"), form)

    assert (only().role, only().province) == ("operator", "")


def test_whoever_watches_a_province_is_arranged_and_let_go(client, hall, operator):
    province = hall.mall.region.province
    monitor = appoint(Role.PROVINCE_MONITOR, province=province)
    page = reverse("person_nation", args=[role_of(monitor).pk])

    listed = client.get(reverse("people_nation"))
    changed = client.post(page, {"role": "province_monitor", "until": "2026-12-31"})
    wider = client.post(page, {"role": "operator"})

    assert f"Provinsi {province}" in listed.text
    assert (changed.url, wider.status_code) == (page, 422)
    held = role_of(monitor)
    assert (str(held.until), held.province) == ("2026-12-31", province)
    client.post(reverse("person_let_go_nation", args=[held.pk]))
    assert Assignment.objects.filter(user=monitor).count() == 0


def test_an_operator_lets_the_nation_go(client, operator):
    monitor = appoint(Role.MINISTRY_MONITOR)
    pk = role_of(monitor).pk
    page = reverse("person_nation", args=[pk])

    changed = client.post(page, {"role": "ministry_monitor", "until": "2026-12-31"})
    gone = client.post(reverse("person_let_go_nation", args=[pk]))

    assert (changed.url, gone.url) == (page, reverse("people_nation"))
    assert Assignment.objects.filter(user=monitor).count() == 0


@pytest.mark.parametrize("has_malls", [True, False])
def test_every_door_of_a_province_monitor_opens(client, hall, has_malls):
    province = hall.mall.region.province if has_malls else "Banten"
    client.force_login(appoint(Role.PROVINCE_MONITOR, province=province))

    home = client.get(reverse("staff"))

    doors = set(re.findall(r'href="(/petugas/[^"]+)"', home.text))
    assert province in home.text
    assert reverse("figures") in doors
    doors.add(reverse("nation_figures"))
    assert {door: client.get(door).status_code for door in doors} == dict.fromkeys(doors, 200)


def test_a_province_is_chosen_in_the_admin(client, hall, operator):
    operator.is_staff = True
    operator.save()
    monitor, province = appoint(Role.OPERATOR), hall.mall.region.province
    monitor.assignments.all().delete()
    form = {"user": monitor.pk, "role": "province_monitor"}
    page = reverse("admin:agencies_assignment_add")

    wrong = client.post(page, {**form, "province": "Atlantis"})
    right = client.post(page, {**form, "province": province})

    assert list(wrong.context["adminform"].form.errors) == ["province"]
    assert (right.status_code, role_of(monitor).province) == (302, province)
