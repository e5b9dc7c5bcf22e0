"""How long a private link opens, and what is left behind it."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from agencies.models import Presence
from appointments import access, arrivals, booking, disruption
from appointments.models import Booking, BookingEvent
from appointments.states import Share, State
from core import memo
from queueing.models import Ticket
from tests.appointments.pages import page_of
from tests.appointments.recipes import NINE, TUESDAY, at, book, booked, hold, key, make_plan
from tests.queueing.pages import text
from tests.recipes import make_hall, make_officer, make_presence

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sound")]
WEDNESDAY, THURSDAY = date(2026, 3, 11), date(2026, 3, 12)
LAST, OVER = at(23, 59, 59, on=WEDNESDAY), at(0, on=THURSDAY)
READ = ["booking", "booking_calendar", "booking_move"]
SENT = ["booking_confirm", "booking_move_to", "booking_cancel", "booking_arrive"]


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(at(9), tick=False) as clock:
        yield clock


@pytest.fixture
def hall():
    hall = make_hall()
    make_plan(hall.service, staff=2)
    return hall


def call_off(hall):
    disruption.call_off(
        [hall.presence],
        from_at=NINE,
        until_at=at(10, on=TUESDAY),
        reason="Listrik padam.",
        by=hall.officer,
        now=at(9),
        key=key(),
    )


@pytest.mark.parametrize(("moment", "is_closed"), [(LAST, False), (OVER, True)])
def test_a_link_opens_until_a_day_and_a_night_after_its_day(hall, moment, is_closed):
    assert access.is_closed(booked(book(hall.service)), now=moment) is is_closed


def test_the_day_is_that_of_the_mall():
    hall = make_hall(zone="Asia/Jayapura")
    make_plan(hall.service)
    mine = booked(book(hall.service, at(9, on=TUESDAY, zone=hall.mall.zone)))
    over = at(0, on=THURSDAY, zone=hall.mall.zone)

    found = [access.is_closed(mine, now=now) for now in (over - timedelta(seconds=1), over)]

    assert found == [False, True]


def test_until_then_the_reservation_can_be_looked_up(hall, client, clock):
    pk = book(hall.service)
    clock.move_to(LAST)

    assert "Waktu Reservasi Ini Sudah Lewat" in text(client.get(page_of(pk)))


@pytest.mark.parametrize("name", READ)
def test_a_closed_link_says_so_and_nothing_of_the_reservation(hall, client, clock, name):
    mine = booked(book(hall.service))
    clock.move_to(OVER)

    answer = client.get(page_of(mine.pk, name))

    assert (answer.status_code, answer["X-Refusal"]) == (410, "link_over")
    assert answer["Cache-Control"] == "no-store"
    said = text(answer)
    assert (
        "Reservasi Ini Sudah Berakhir Tautannya sudah ditutup, karena hari reservasinya sudah"
        " lewat. Anda dapat memesan waktu lain kapan saja."
    ) in said
    hidden = (mine.code, "S•••", hall.service.title, hall.mall.short_name, "10 Maret")
    assert [each for each in hidden if each in answer.content.decode()] == []


@pytest.mark.parametrize("name", SENT)
def test_nothing_is_done_with_a_closed_link(hall, client, clock, name):
    pk = book(hall.service)
    before = BookingEvent.objects.count()
    clock.move_to(OVER)
    form = {"key": uuid4(), "starts_at": int(at(9, on=THURSDAY).timestamp()), "code": "1234"}

    # Also where a refusal usually leads back to the page that the form was on.
    headers = {"referer": f"http://testserver{page_of(pk)}"}
    answer = client.post(page_of(pk, name), form, headers=headers)

    assert (answer.status_code, answer["X-Refusal"]) == (410, "link_over")
    assert (BookingEvent.objects.count(), booked(pk).state) == (before, State.CONFIRMED)


def test_whoever_has_moved_has_the_link_for_longer(hall, client, clock):
    pk = book(hall.service)
    booking.move(pk, at(9, on=WEDNESDAY), now=at(9), key=key())

    clock.move_to(OVER)

    assert client.get(page_of(pk)).status_code == 200


def test_what_was_called_off_waits_for_an_answer(hall, client, clock):
    pk = book(hall.service)
    call_off(hall)
    clock.move_to(OVER)

    assert "Kantor Berhalangan" in text(client.get(page_of(pk)))
    form = {"starts_at": int(at(9, on=THURSDAY).timestamp()), "key": uuid4()}
    assert client.post(page_of(pk, "booking_move_to"), form).status_code == 302
    assert booked(pk).state == State.CONFIRMED


def test_an_answer_that_never_came_closes_the_link(hall, client, clock):
    pk = book(hall.service)
    call_off(hall)
    disruption.cancel_unanswered(now=OVER)
    clock.move_to(OVER)

    assert client.get(page_of(pk)).status_code == 410


@pytest.mark.parametrize("is_link", [False, True])
def test_a_kiosk_knows_it_no_more(hall, client, clock, is_link):
    mine = booked(book(hall.service))
    arrivals.arrive(mine.pk, now=at(9, on=TUESDAY), key=key())
    clock.move_to(at(9, on=THURSDAY))

    form = {"q": page_of(mine.pk) if is_link else mine.code, "key": uuid4()}
    answer = client.post(reverse("kiosk_booking", args=[hall.mall.slug]), form)

    assert (answer.status_code, answer["X-Refusal"]) == (409, "code_unknown")
    assert Ticket.objects.count() == 1


# What officers see of it


def shown(client, pk):
    return client.get(reverse("staff_booking", args=[pk]))


@pytest.fixture
def theirs(hall):
    """A reservation that an officer made."""
    return book(hall.service, by=hall.officer)


def test_the_code_of_the_link_is_shown_as_long_as_it_opens(hall, client, clock, theirs):
    colleague = make_officer(hall.presence)
    assert booked(theirs).share == Share.STAFF

    for moment, is_open in ((LAST, True), (OVER, False)):
        clock.move_to(moment)
        client.force_login(colleague)
        answer = shown(client, theirs)
        assert (answer.status_code, "code" in answer.context) == (200, is_open)


def test_whoever_is_not_shown_the_list_is_not_shown_the_link(hall, client, theirs):
    other = make_officer(make_presence(hall.mall, "Lain"))
    elsewhere = make_hall(slug="mpp-lain").officer
    for user in (other, elsewhere):
        client.force_login(user)
        assert shown(client, theirs).status_code == 404

    client.force_login(hall.officer)
    assert shown(client, theirs).status_code == 200
    Presence.objects.filter(pk=hall.presence.pk).update(is_active=False)
    memo.clear_all()
    assert client.get(reverse("staff_bookings")).status_code == 404
    assert shown(client, theirs).status_code == 404


def test_what_is_in_no_list_has_no_page(hall, client):
    pk = hold(hall.service)
    client.force_login(hall.officer)

    assert shown(client, pk).status_code == 404
    assert Booking.objects.get().state == State.HELD
