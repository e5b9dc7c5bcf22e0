"""What rests at a mall lets nobody come in vain: reservations are called off, with the reason."""

import pytest
import time_machine
from django.urls import reverse

from accounts.roles import Role
from agencies.opening import Rest
from appointments import disruption
from appointments.models import Slot
from appointments.states import State
from onboarding.setup.arranging import presences, queues, resting
from onboarding.setup.arranging.queues import QueueAs, ServiceAs
from services.models import Service
from tests.appointments.recipes import NINE, book, booked, hold, make_plan
from tests.onboarding.staff.recipes import appoint
from tests.recipes import MONDAY, at, make_hall

pytestmark = pytest.mark.django_db
RESTS = "Layanan ini sedang tidak dibuka di mal ini."


@pytest.fixture
def hall():
    hall = make_hall()
    make_plan(hall.service)
    return hall


@pytest.fixture
def by(hall):
    return appoint(Role.MALL_ADMIN, mall=hall.mall)


def rest(hall, by, *, is_active=False):
    presences.switch(hall.presence, is_active=is_active, by=by, now=at(9))


def close_queue(hall, by):
    wanted = {hall.queue.pk: QueueAs("A", "Antrean", None, False)}
    queues.rearrange(hall.presence, wanted, {}, by=by, now=at(9))


def stop_service(hall, by):
    wanted = {hall.service.pk: ServiceAs("Layanan", 10, hall.queue.pk, False)}
    queues.rearrange(hall.presence, {}, wanted, by=by, now=at(9))


@pytest.mark.parametrize("act", [rest, close_queue, stop_service])
def test_who_reserved_what_rests_is_offered_something_else(hall, by, act):
    pk = book(hall.service)

    act(hall, by)

    assert (booked(pk).state, disruption.reason_of(booked(pk))) == (State.CALLED_OFF, RESTS)
    assert Slot.objects.get().online == 0


def test_the_page_of_a_service_stops_its_reservations_too(hall, by, client):
    pk, address = book(hall.service), reverse("service_edit", args=["mpp-uji", hall.service.pk])
    form = {"name": "Paspor", "minutes": "12", "queue": hall.queue.pk}
    client.force_login(by)

    with time_machine.travel(at(9), tick=False):
        first = client.post(address, form)
        is_asked = Service.objects.get().is_active
        client.post(address, {**form, "do": "save"})

    assert "1 reservasi dibatalkan kantor" in first.content.decode()
    assert (is_asked, Service.objects.get().is_active) == (True, False)
    assert (booked(pk).state, disruption.reason_of(booked(pk))) == (State.CALLED_OFF, RESTS)


def test_the_last_counter_takes_the_reservations_of_its_agency_with_it(hall, by):
    pk = book(hall.service)

    resting.rest(hall.counter, Rest(MONDAY), by=by, now=at(9))

    said = "Jadwal hadir instansi ini di mal berubah."
    assert (booked(pk).state, disruption.reason_of(booked(pk))) == (State.CALLED_OFF, said)


@pytest.mark.parametrize("by_joining", [True, False])
def test_who_comes_back_takes_reservations_again(hall, by, by_joining):
    book(hall.service)
    rest(hall, by)

    if by_joining:
        presences.join(hall.mall, [hall.presence.agency], by=by, now=at(9))
    else:
        rest(hall, by, is_active=True)

    assert Slot.objects.get().online == 10
    assert booked(hold(hall.service, NINE)).state == State.HELD
