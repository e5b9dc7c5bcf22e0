from datetime import timedelta
from uuid import uuid4

import pytest
import redis
import time_machine
from django.core.cache import cache
from django.urls import reverse

from appointments import presence
from appointments.models import Booking
from appointments.states import State
from queueing import states
from queueing.models import Ticket
from tests.appointments.arriving import code_now, on_phone, sentence, tuesday
from tests.appointments.recipes import NINE, at, book, booked

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sound", "plan")]


@pytest.fixture(autouse=True)
def five_to_nine():
    with time_machine.travel(tuesday(8, 55), tick=False) as clock:
        yield clock


@pytest.fixture
def mine(hall):
    return booked(book(hall.service, now=at(9)))


def test_the_code_of_a_hall_has_four_digits_and_changes_every_five_minutes():
    codes = [presence.hall_code(7, tuesday(9, minute)) for minute in range(15)]

    assert all(len(code) == 4 and code.isdecimal() for code in codes)
    assert [len(set(codes[start : start + 5])) for start in (0, 5, 10)] == [1, 1, 1]
    assert len(set(codes)) == 3


def test_every_hall_has_a_code_of_its_own():
    codes = {presence.hall_code(mall, tuesday(9)) for mall in range(50)}

    assert len(codes) > 45


@pytest.mark.parametrize(
    ("ago", "is_valid"), [(0, True), (5, True), (10, False), (-5, False), (60, False)]
)
def test_the_code_before_is_accepted_too(ago, is_valid):
    code = presence.hall_code(7, tuesday(9) - timedelta(minutes=ago))

    assert presence.is_hall_code(7, code, tuesday(9)) is is_valid


def test_the_code_of_the_hall_follows_from_the_secret_of_the_portal(settings):
    before = presence.hall_code(7, tuesday(9))
    settings.SECRET_KEY = "x" * 50

    assert presence.hall_code(7, tuesday(9)) != before


# The phone inside the hall


@pytest.mark.parametrize("ago", [0, 5])
def test_the_code_of_the_hall_gives_a_number_that_counts_at_once(client, hall, mine, ago):
    answer = on_phone(client, mine, code_now(hall, ago=ago))

    number = Ticket.objects.get()
    assert answer["Location"] == reverse("ticket", args=[number.visit.token])
    assert (number.state, number.since) == (states.State.WAITING, NINE)
    assert answer["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("typed", ["", "12345", "abcd", "\x00", "0" * 50])
def test_a_wrong_code_of_the_hall_is_one_sentence(client, hall, mine, typed):
    answer = on_phone(client, mine, typed)

    assert (answer.status_code, sentence(answer)) == (
        409,
        "Kode hadir itu salah atau sudah berganti. Lihat lagi layar awal mesin antrean.",
    )
    assert booked(mine.pk).state == State.CONFIRMED


def test_the_code_of_another_hall_is_wrong(client, hall, mine):
    other = presence.hall_code(hall.mall.pk + 1, tuesday(8, 55))

    assert on_phone(client, mine, other).status_code == 409


def test_guessing_the_code_of_the_hall_is_stopped_for_a_minute(client, hall, mine):
    for _wrong in range(presence.HALL_CODES):
        assert on_phone(client, mine, "x").status_code == 409

    assert on_phone(client, mine, code_now(hall)).status_code == 429
    assert Ticket.objects.count() == 0


def test_it_is_stopped_as_well_while_the_shared_cache_is_away(client, hall, mine, monkeypatch):
    def dead(*args, **more):
        raise redis.ConnectionError

    for name in ("get", "add"):
        monkeypatch.setattr(cache, name, dead)

    answers = [on_phone(client, mine, "x").status_code for _wrong in range(4)]

    assert answers == [409, 409, 409, 429]


def test_one_persons_guesses_do_not_stop_another_behind_the_same_address(client, hall, mine):
    other = booked(book(hall.service, now=at(9)))
    for _wrong in range(presence.HALL_CODES):
        on_phone(client, mine, "x")

    assert on_phone(client, other, code_now(hall)).status_code == 302


def test_arriving_twice_on_the_phone_is_one_number_whatever_is_typed(client, hall, mine):
    first, second = on_phone(client, mine, code_now(hall)), on_phone(client, mine, "")

    assert first["Location"] == second["Location"]
    assert Ticket.objects.count() == 1


def test_on_the_phone_too_it_may_be_too_early(client, hall, mine, five_to_nine):
    five_to_nine.move_to(tuesday(8, 20))

    answer = on_phone(client, mine, presence.hall_code(hall.mall.pk, tuesday(8, 20)))

    assert answer["X-Refusal"] == "too_early"
    assert booked(mine.pk).state == State.CONFIRMED


def test_a_guessed_link_arrives_nowhere(client, hall, mine):
    for token in ("abc", "x" * 43):
        address = reverse("booking_arrive", args=[token])
        assert client.post(address, {"code": code_now(hall), "key": uuid4()}).status_code == 404
    assert Booking.objects.get().state == State.CONFIRMED


def test_the_hours_of_arriving_follow_the_rule_of_the_mall(hall, mine):
    assert presence.hours(mine) == (tuesday(8, 30), tuesday(10))
