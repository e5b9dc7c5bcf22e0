"""The pages of a citizen who reserves: a mall with few places, and how its forms are sent."""

from uuid import uuid4

from django.urls import reverse

from appointments import people, preparation
from core import memo
from queueing.states import Priority
from tests.appointments.recipes import NINE, TUESDAY, booked, make_plan
from tests.recipes import at, make_hall

TEN = at(10, on=TUESDAY)


def make_small_hall():
    hall = make_hall()
    make_plan(hall.service, online=2)
    return hall


def path_of(name, service):
    slug = service.presence.mall.slug
    return reverse(name, args=[slug, service.pk])


def ready(service, priority=Priority.NONE):
    return preparation.seal(service.pk, priority)


def see_times(client, service, day="", time="", priority=Priority.NONE):
    memo.clear_all()
    query = {"siap": ready(service, priority), "hari": day, "jam": time}
    return client.get(path_of("booking_times", service), query)


def take(client, service, starts_at=NINE, **more):
    """Send the form of the chosen window, as the page with the windows holds it."""
    form = {"siap": ready(service), "starts_at": int(starts_at.timestamp()), "key": uuid4()}
    came_from = f"http://testserver{path_of('booking_times', service)}?hari=2026-03-10&jam=09.00"
    memo.clear_all()
    headers = {"referer": came_from}
    return client.post(path_of("booking_hold", service), {**form, **more}, headers=headers)


def page_of(pk, name="booking"):
    return reverse(name, args=[people.link(booked(pk))])


def say_who(client, pk, **more):
    form = {"name": "Siti Aminah", "phone": "0812 3456 7890", "is_for_other": "", "key": uuid4()}
    return client.post(page_of(pk, "booking_confirm"), {**form, **more})


def epoch(moment):
    return int(moment.timestamp())


def reserve_for(client, service, starts_at=NINE, **form):
    """Send what an officer fills in for somebody."""
    typed = {"name": "Siti Aminah", "phone": "0812 0000 0001", "priority": "0", "key": uuid4()}
    address = reverse("staff_booking_save", args=[service.pk])
    return client.post(address, typed | {"starts_at": epoch(starts_at)} | form)
