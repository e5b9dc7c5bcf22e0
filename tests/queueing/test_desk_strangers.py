"""What is no button of this console, or not this person's to press."""

import pytest
import time_machine
from django.urls import reverse
from model_bakery import baker

from accounts.roles import Role
from agencies.models import Counter, CounterDay
from core import memo
from queueing.models import Desk
from queueing.states import State
from queueing.views.desk import ACTS
from tests.queueing.desks import look, press
from tests.recipes import (
    at,
    make_hall,
    make_officer,
    make_presence,
    make_queue,
    make_service,
    ticket,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall():
    return make_hall(counters=2)


@pytest.fixture
def officer(client, hall):
    client.force_login(hall.officer)
    return client


def test_an_unknown_act_does_not_exist(officer, hall):
    assert press(officer, hall.counter, "hapus").status_code == 404


@pytest.mark.parametrize("act", sorted(ACTS))
def test_no_act_is_done_by_a_get(officer, hall, act):
    with time_machine.travel(at(9), tick=False):
        answer = officer.get(reverse("desk_act", args=[hall.counter.pk, act]))
    assert answer.status_code == 405


@pytest.mark.parametrize("form", [{"key": ""}, {"key": "abc"}])
def test_a_broken_key_changes_nothing(officer, hall, form):
    first = hall.issue()
    assert press(officer, hall.counter, "panggil", **form).status_code == 404
    assert ticket(first).state == State.WAITING


@pytest.mark.parametrize("value", ["", "0", "abc", "-1", "9" * 40, "٣", "999999"])
def test_a_broken_ticket_does_not_exist(officer, hall, value):
    assert press(officer, hall.counter, "layani", ticket=value).status_code == 404


@pytest.mark.parametrize("act", sorted(ACTS))
def test_another_agencys_officer_gets_404_and_changes_nothing(client, hall, act):
    first = hall.issue()
    hall.call()
    client.force_login(make_officer(make_presence(hall.mall, "Instansi lain")))

    answer = press(client, hall.counter, act, ticket=first, service=hall.service.pk, reason=1)

    assert answer.status_code == 404
    assert ticket(first).state == State.CALLED
    assert Desk.objects.get(counter=hall.counter).officer == hall.officer


@pytest.mark.parametrize("act", ["layani", "lewati", "selesai-panggil", "alihkan", "teruskan"])
def test_a_ticket_of_another_agency_does_not_exist_here(officer, hall, act):
    presence = make_presence(hall.mall, "Instansi lain")
    service = make_service(make_queue(presence, "B"))
    counter = baker.make(Counter, mall=hall.mall, number="9")
    baker.make(CounterDay, counter=counter, presence=presence, weekday=0)
    memo.clear_all()
    foreign = hall.issue(service=service)

    assert press(officer, hall.counter, act, ticket=foreign).status_code == 404
    assert ticket(foreign).state == State.WAITING


def test_a_ticket_at_the_neighbouring_desk_is_not_moved(officer, hall):
    first = hall.issue()
    hall.call(seat=1)

    assert press(officer, hall.counter, "layani", ticket=first).status_code == 409
    assert ticket(first).state == State.CALLED


@pytest.mark.parametrize("role", [Role.AGENCY_ADMIN])
def test_an_admin_of_the_agency_does_not_work_at_its_counters(client, hall, role):
    client.force_login(make_officer(hall.presence, role))
    assert look(client, hall.counter).status_code == 404


def test_a_supervisor_may_take_over(client, hall):
    supervisor = make_officer(hall.presence, Role.SUPERVISOR)
    client.force_login(supervisor)
    press(client, hall.counter, "ambil-alih")
    assert Desk.objects.get(counter=hall.counter).officer == supervisor
