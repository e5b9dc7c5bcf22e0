from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from model_bakery import baker

from accounts.roles import Role
from agencies.models import Assignment, CounterDay
from appointments import arrivals, booking, people
from appointments.models import Booking, BookingEvent
from appointments.states import Move, State
from queueing.models import Ticket
from queueing.states import Priority
from queueing.states import State as TicketState
from tests.appointments.pages import reserve_for
from tests.appointments.recipes import NINE, TUESDAY, at, book, booked, hold, key, make_plan
from tests.recipes import (
    add_counter,
    make_hall,
    make_officer,
    make_presence,
    make_queue,
    make_service,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sound")]
LIST, BEGIN = "staff_bookings", "staff_booking_services"


def tuesday(hour, minute=0):
    return at(hour, minute, on=TUESDAY)


@pytest.fixture(autouse=True)
def five_to_nine():
    with time_machine.travel(tuesday(8, 55), tick=False) as clock:
        yield clock


@pytest.fixture
def plan(hall):
    return make_plan(hall.service, staff=2)


@pytest.fixture
def officer(client, hall, plan):
    client.force_login(hall.officer)
    return client


@pytest.fixture
def mine(hall, plan):
    return booked(book(hall.service, now=at(9)))


def read(client, **query):
    return client.get(reverse(LIST), query)


def arrive(client, pk, **headers):
    address = reverse("staff_booking_arrive", args=[pk])
    return client.post(address, {"key": uuid4()}, headers=headers)


def find(client, text, **more):
    return client.post(reverse("staff_booking_find"), {"q": text, **more})


def counts(page):
    day = page.context["day"]
    return day.booked, day.arrived, day.awaited, day.missed


# The list of a day


def test_the_day_is_listed_by_window_with_masked_names(officer, hall, mine):
    late = book(hall.service, at(10, on=TUESDAY), now=at(9), priority=Priority.ELDERLY)

    page = read(officer)

    windows = page.context["windows"]
    assert [[row.booking.pk for row in each.rows] for each in windows] == [[mine.pk], [late]]
    assert "09.00–10.00 WIB" in page.text
    assert "S••• A•••••" in page.text
    assert "Lansia" in page.text
    assert "Siti Aminah" not in page.text


def test_the_day_is_counted(officer, hall, plan, five_to_nine):
    pks = [book(hall.service, now=at(9)) for _each in range(5)]
    arrivals.arrive(pks[0], now=tuesday(9), key=key())
    booking.cancel(pks[1], now=at(10), key=key())
    hold(hall.service, now=tuesday(8, 50))
    assert counts(read(officer)) == (4, 1, 3, 0)

    arrivals.miss(now=tuesday(10, 5))

    assert counts(read(officer)) == (4, 1, 0, 3)


def test_a_time_that_is_over_counts_as_missed_before_it_is_written_down(
    officer, mine, five_to_nine
):
    five_to_nine.move_to(tuesday(10, 1))

    assert counts(read(officer)) == (1, 0, 0, 1)


def test_a_day_without_reservations_says_so(officer):
    assert "Belum ada reservasi" in read(officer).text


def test_the_days_before_and_after_are_one_link_away(officer, hall, mine):
    page = read(officer)
    assert "hari=2026-03-09" in page.text
    assert "hari=2026-03-11" in page.text

    tomorrow = read(officer, hari="2026-03-11")

    assert tomorrow.context["windows"] == ()
    assert "Rabu, 11 Maret 2026" in tomorrow.text


@pytest.mark.parametrize("day", ["", "x", "2026-02-30", "0001-01-01", "9999-12-31", "\ud800"])
def test_a_day_that_does_not_exist_is_today(officer, mine, day):
    assert read(officer, hari=day.encode("utf-8", "replace")).context["day"].on == TUESDAY


def test_only_today_has_a_button(officer, hall, plan):
    book(hall.service, at(9, on=TUESDAY.replace(day=11)), now=at(9))

    page = read(officer, hari="2026-03-11")

    assert counts(page) == (1, 0, 1, 0)
    assert "/datang/" not in page.text


def test_an_officer_of_several_agencies_chooses_one(officer, hall, mine):
    other = make_presence(hall.mall, "Ajaran Uji")
    baker.make(
        Assignment,
        user=hall.officer,
        role=Role.COUNTER_OFFICER,
        mall=hall.mall,
        agency=other.agency,
    )

    first, second = read(officer), read(officer, instansi=hall.presence.pk)

    assert first.context["presence"] == other
    assert f"?instansi={hall.presence.pk}" in first.text
    assert second.context["presence"] == hall.presence
    assert counts(second) == (1, 0, 1, 0)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_the_same_few_queries(officer, hall, plan, django_assert_num_queries, rows):
    for _each in range(rows):
        arrivals.arrive(book(hall.service, now=at(9)), now=tuesday(8, 50), key=key())
        book(hall.service, now=at(9))
    read(officer)

    with django_assert_num_queries(5):
        read(officer)


# Arriving


def test_the_button_gives_a_number_that_counts(officer, hall, mine):
    answer = arrive(officer, mine.pk)

    number = Ticket.objects.get()
    assert (number.state, number.since) == (TicketState.WAITING, NINE)
    assert answer["Location"].endswith(f"&hari=2026-03-10#r{mine.pk}")
    assert BookingEvent.objects.get(move=Move.ARRIVE).by == hall.officer
    page = read(officer)
    assert f"{mine} tercatat datang." in page.text
    assert str(number) == "A-001"
    assert counts(page) == (1, 1, 0, 0)


def test_pressing_twice_gives_one_number(officer, mine):
    arrive(officer, mine.pk)
    arrive(officer, mine.pk)

    assert Ticket.objects.count() == 1


def test_too_early_is_said_above_the_list(officer, mine, five_to_nine):
    five_to_nine.move_to(tuesday(8))

    answer = arrive(officer, mine.pk, Referer=f"http://testserver{reverse(LIST)}")

    assert answer["X-Refusal"] == "too_early"
    assert "Anda datang terlalu awal." in officer.get(answer["Location"]).text
    assert booked(mine.pk).state == State.CONFIRMED


# Searching


@pytest.mark.parametrize("typed", ["{code}", " {code} ", "https://mpp.example/reservasi/{link}/"])
def test_a_reservation_is_found_by_its_code_or_its_link(officer, hall, mine, typed):
    book(hall.service, now=at(9))

    answer = find(officer, typed.format(code=mine.code.lower(), link=people.link(mine)))
    page = officer.get(answer["Location"])

    assert [row.booking.pk for each in page.context["windows"] for row in each.rows] == [mine.pk]
    assert mine.code not in answer["Location"]
    assert people.link(mine) not in answer["Location"]


@pytest.mark.parametrize("typed", ["", "AAAA2222", "\x00", "x" * 300])
def test_a_code_nobody_has_is_one_sentence(officer, mine, typed):
    answer = find(officer, typed)

    assert (answer.status_code, answer.context["refusal"].sentence) == (
        409,
        "Tidak ada reservasi dengan kode itu di Dinas Uji.",
    )


def test_a_reservation_of_another_agency_is_not_found(officer, hall, mine):
    presence = make_presence(hall.mall, "Instansi lain")
    other = make_service(make_queue(presence, "B"))
    counter = add_counter(hall, queues=[other.queue])
    CounterDay.objects.filter(counter=counter).update(presence=presence)
    make_plan(other, family="lain")
    theirs = booked(book(other, now=at(9)))

    assert find(officer, theirs.code)["X-Refusal"] == "code_unknown"


# Strangers


def test_a_link_that_somebody_got_for_themselves_is_shown_to_no_officer(officer, mine):
    page = officer.get(reverse("staff_booking", args=[mine.pk]))

    assert "code" not in page.context
    assert people.link(mine) not in page.text


def test_whoever_works_at_no_counter_has_no_list(client, hall, mine):
    client.force_login(make_officer(hall.presence, Role.AGENCY_ADMIN))

    assert [client.get(reverse(name)).status_code for name in (LIST, BEGIN)] == [404, 404]


def test_an_officer_of_another_agency_reaches_nothing(client, hall, mine):
    client.force_login(make_officer(make_presence(hall.mall, "Instansi lain")))
    pages = [("staff_booking", mine.pk), ("staff_booking_times", hall.service.pk)]

    answers = [client.get(reverse(name, args=[pk])) for name, pk in pages]
    answers += [arrive(client, mine.pk), reserve_for(client, hall.service)]

    assert [answer.status_code for answer in answers] == [404] * 4
    assert read(client, instansi=hall.presence.pk).context["windows"] == ()
    assert booked(mine.pk).state == State.CONFIRMED
    assert (Booking.objects.count(), Ticket.objects.count()) == (1, 0)


def test_another_malls_officer_of_the_same_agency_reaches_nothing(client, hall, mine):
    other = make_hall(slug="mpp-lain")
    client.force_login(other.officer)

    assert arrive(client, mine.pk).status_code == 404
    assert booked(mine.pk).state == State.CONFIRMED


def test_the_home_of_an_officer_leads_to_the_list(officer):
    assert f'href="{reverse(LIST)}"' in officer.get(reverse("staff")).text


# At the counter


def test_the_console_says_that_a_number_was_reserved_and_nobody_waits_less_than_nothing(
    officer, hall, mine
):
    arrive(officer, mine.pk)
    desk = reverse("desk", args=[hall.counter.pk])

    page = officer.get(desk)
    assert "Reservasi 09.00" in page.text
    assert [person.minutes for person in page.context["console"].people] == [0]
    assert page.context["console"].longest_minutes == 0
    officer.post(reverse("desk_act", args=[hall.counter.pk, "panggil"]), {"key": uuid4()})

    page = officer.get(desk)
    assert page.context["console"].waited_minutes == 0
    assert "Reservasi 09.00" in page.text


def test_the_floor_counts_nobody_who_came_early_as_waiting(client, hall, mine):
    arrivals.arrive(mine.pk, now=tuesday(8, 50), key=key())
    client.force_login(make_officer(hall.presence, Role.SUPERVISOR))

    page = client.get(reverse("floor", args=[hall.mall.slug]))

    assert page.context["shown"].longest.longest == 0
    assert "-5 menit" not in page.text
