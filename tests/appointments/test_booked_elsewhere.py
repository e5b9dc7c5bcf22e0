"""A service that is booked elsewhere takes no reservations here; what is promised is kept."""

import pytest
import time_machine
from django.urls import reverse

from accounts.roles import Role
from appointments import behalf, capacity, plans
from appointments.models import Booking, Plan, Slot
from appointments.planning import BookedElsewhere, layout_of, refuse_booked_elsewhere, seen, store
from appointments.refusals import NotBookable
from core import memo
from services.models import Service
from tests.appointments.recipes import book, make_plan
from tests.recipes import at, key, make_hall
from tests.services.recipes import writer

pytestmark = pytest.mark.django_db
THERE = {"name": "M-Paspor", "address": "https://contoh.id/"}
HERE = {"name": "", "address": ""}


@pytest.fixture(autouse=True)
def _nine_o_clock():
    with time_machine.travel(at(9), tick=False):
        yield


@pytest.fixture
def hall():
    hall = make_hall()
    make_plan(hall.service)
    return hall


@pytest.fixture
def admin(hall):
    return writer(hall.presence, Role.MALL_ADMIN)


def move(hall, admin, place):
    capacity.link_out(hall.service, **place, by=admin, now=at(9))
    memo.clear_all()


def test_nothing_more_is_booked_here_and_what_is_booked_stays(hall, admin):
    token = book(hall.service)
    slot = Slot.objects.get()
    assert slot.online > 1

    move(hall, admin, THERE)

    slot.refresh_from_db()
    assert (slot.online, slot.booked_online) == (1, 1)
    assert Booking.objects.count() == 1
    assert token
    with pytest.raises(NotBookable):
        book(hall.service)


def test_neither_the_page_nor_the_officers_offer_it(hall, admin, client):
    begin = reverse("booking_begin", args=[hall.mall.slug, hall.service.pk])
    assert client.get(begin).status_code == 200
    assert behalf.services(hall.presence) == [hall.service]

    move(hall, admin, THERE)

    assert plans.bookable(hall.service.pk) is None
    assert client.get(begin).status_code == 404
    assert behalf.services(hall.presence) == []


def test_a_number_at_the_hall_is_still_given(hall, admin):
    move(hall, admin, THERE)

    assert hall.issue()


def test_its_plan_is_not_changed_meanwhile_and_waits(hall, admin):
    move(hall, admin, THERE)
    service, layout = Service.objects.get(), layout_of(Plan.objects.get())

    with pytest.raises(BookedElsewhere, match="M-Paspor"):
        store(service, layout, known=seen(layout), by=admin, now=at(9), key=key())

    move(hall, admin, HERE)
    assert plans.bookable(hall.service.pk)
    refuse_booked_elsewhere(Service.objects.get())


def test_the_pages_of_capacity_say_so(hall, admin, client):
    client.force_login(admin)
    move(hall, admin, THERE)

    assert "Dipesan lewat M-Paspor" in client.get(reverse("capacity")).content.decode()
    week = client.get(reverse("capacity_week", args=[hall.service.pk])).content.decode()
    assert "Dipesan lewat M-Paspor" in week


def test_without_a_plan_the_list_leads_to_none(hall, admin, client):
    client.force_login(admin)
    Plan.objects.all().delete()
    move(hall, admin, THERE)

    said = client.get(reverse("capacity")).content.decode()

    assert "Dipesan lewat M-Paspor" in said
    assert reverse("capacity_rules", args=[hall.service.pk]) not in said


def test_a_change_of_its_plan_is_refused_before_it_is_shown(hall, admin, client):
    client.force_login(admin)
    move(hall, admin, THERE)
    address = reverse("capacity_hours", args=[hall.service.pk])
    days = {"weekdays": ["0"], "minutes": "60", "from_date": "2026-03-10", "key": str(key())}
    shares = {"online": "6", "priority": "1", "staff": "1", "walk_in": "4"}

    answer = client.post(address, days | shares, headers={"Referer": address})

    assert answer["X-Refusal"] == "booked_elsewhere"
