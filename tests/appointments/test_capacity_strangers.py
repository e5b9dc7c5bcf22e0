"""Who reaches the pages of a plan, and who does not."""

import pytest
import time_machine
from django.urls import reverse

from accounts.roles import Role
from appointments.models import ArrivalRule
from hall.models import HallEvent
from tests.appointments.layouts import appoint, current, pages, rules_form, saved, url, window_form
from tests.appointments.recipes import at
from tests.recipes import make_hall, make_officer, make_presence, make_queue, make_service

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sound")]


@pytest.fixture(autouse=True)
def nine_o_clock():
    with time_machine.travel(at(9), tick=False) as clock:
        yield clock


@pytest.mark.parametrize("role", [Role.COUNTER_OFFICER, Role.SUPERVISOR, Role.MINISTRY_MONITOR])
def test_whoever_edits_no_reference_data_plans_nothing(client, hall, plan, role):
    national = role == Role.MINISTRY_MONITOR
    client.force_login(appoint(role) if national else make_officer(hall.presence, role))
    before = current(hall.service)

    answers = [client.get(page) for page in (*pages(hall.service), reverse("capacity"))]
    answers += [client.post(url("window", hall.service), window_form() | {"do": "save"})]

    assert {answer.status_code for answer in answers} == {404}
    assert current(hall.service) == before


def test_the_admin_of_another_agency_or_mall_reaches_nothing(client, hall, plan):
    before = current(hall.service)
    elsewhere = appoint(Role.MALL_ADMIN, mall=make_hall(slug="mpp-lain").mall)
    for user in (make_officer(make_presence(hall.mall, "Lain"), Role.AGENCY_ADMIN), elsewhere):
        client.force_login(user)
        answers = [client.get(page) for page in pages(hall.service)]
        answers += [client.post(url("rules", hall.service), rules_form() | {"do": "save"})]
        answers += [client.post(reverse("capacity_grace", args=[hall.mall.slug]), {"early": 1})]
        assert {answer.status_code for answer in answers} == {404}

    assert current(hall.service) == before
    assert (ArrivalRule.objects.count(), HallEvent.objects.filter(act="plan.changed").count()) == (
        0,
        0,
    )


def test_an_agency_admin_plans_the_services_of_the_agency_alone(client, hall, plan):
    make_service(make_queue(make_presence(hall.mall, "Lain"), "B"))
    client.force_login(make_officer(hall.presence, Role.AGENCY_ADMIN))

    (part,) = client.get(reverse("capacity")).context["parts"]

    assert ([row.service for row in part.rows], part.is_whole) == ([hall.service], False)
    assert client.get(reverse("capacity_grace", args=[hall.mall.slug])).status_code == 404
    assert saved(client, url("window", hall.service), window_form()).status_code == 302
