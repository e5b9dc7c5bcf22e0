"""Who applied for a place of a day that is lost is told, as those are who had booked."""

from datetime import time

import pytest

from agencies.models import DatedHours, OpeningHours
from appointments import application_sentences, disruption, draws, stranded, waitlist
from appointments.application_states import Move, State
from appointments.models import Application, Booking, ReturningPlace
from appointments.states import Mode
from core import memo
from core.proof import Scope
from mpp.invariants import ALL
from notifications import outbox, wording
from notifications.contacts import Reach
from notifications.models import Message
from notifications.states import Channel
from queueing.invariants import verify
from services.models import Queue, Service
from tests.appointments.recipes import (
    TUESDAY,
    at,
    come_back,
    enter,
    fill,
    make_plan,
    offer_of,
    person,
    wait,
)
from tests.notifications.posts import sends_through
from tests.recipes import MONDAY, make_hall

pytestmark = pytest.mark.django_db
GONE = {"rests_from": TUESDAY, "rests_until": TUESDAY}
THEN = "Layanan ini tidak dibuka di mal ini pada hari itu."


@pytest.fixture
def hall():
    hall = make_hall()
    sends_through(hall.mall, Channel.TEXT)
    yield hall
    assert [verdict for verdict in verify(Scope(), ALL) if verdict.breaches] == []


@pytest.fixture
def waiting(hall):
    """Somebody who waits for a place of a full day."""
    make_plan(hall.service, online=1)
    for hour in (9, 10, 11):
        fill(hall.service, at(hour, on=TUESDAY), places=1)
    return wait(hall.service, who=reached())


def reached(number=1):
    phone = f"+62812{number:08d}"
    return person(number, reach=Reach(phone, "", frozenset({Channel.TEXT}), "id"))


def lose(model=Service, **columns):
    """A day is lost, and the sweep comes round."""
    model.objects.update(**(columns or GONE))
    memo.clear_all()
    disruption.catch_up(now=at(9))
    return stranded.sweep(now=at(9))


def outcome(row):
    row.refresh_from_db()
    last = row.events.latest("pk")
    return State(row.state), Move(last.move), last.reason


def text_of(kind):
    row = Message.objects.select_related("contact").get(kind=kind, channel=Channel.INBOX)
    words = wording.of(kind, mall_id=row.mall_id, language=row.contact.language)
    return wording.filled(words.body, outbox.values_of(row))


@pytest.mark.parametrize("model", [Service, Queue])
def test_who_waits_for_a_day_that_is_lost_is_told_why(waiting, model):
    assert lose(model) == 1

    assert outcome(waiting) == (State.ENDED, Move.CALL_OFF, THEN)
    assert f"Alasan: {THEN.rstrip('.')}. Permohonan Anda berakhir" in text_of(
        "application_called_off"
    )
    assert THEN in application_sentences.said(waiting).text
    assert lose(model) == 0


def test_who_waits_for_a_service_that_stops_is_told(waiting):
    lose(is_active=False)

    said = "Layanan ini sedang tidak dibuka di mal ini."
    assert outcome(waiting) == (State.ENDED, Move.CALL_OFF, said)


def test_who_takes_part_in_a_draw_of_that_day_is_told_and_the_draw_goes_on_without(hall):
    make_plan(hall.service, ahead=1, mode=Mode.DRAW)
    entered = enter(hall.service, who=reached())

    lose()

    assert outcome(entered)[:2] == (State.ENDED, Move.CALL_OFF)
    draws.work(now=at(8, on=TUESDAY))
    assert Application.objects.get().rank is None


def test_who_was_offered_a_place_is_told_and_the_place_is_nobodys(hall, waiting):
    waitlist.work(now=at(9))
    booked = Booking.objects.order_by("pk").first()
    disruption._call_off(booked.pk, reason="Sakit", by=None, now=at(9))
    come_back()
    assert offer_of(waiting.pk)

    lose()

    assert outcome(waiting)[:2] == (State.ENDED, Move.CALL_OFF)
    assert offer_of(waiting.pk) == 0
    assert ReturningPlace.objects.count() == 1


def test_who_waits_for_a_day_on_which_the_mall_is_closed_is_told(hall, waiting):
    DatedHours.objects.create(
        mall=hall.mall, from_date=TUESDAY, until_date=TUESDAY, reason="Banjir"
    )
    memo.clear_all()

    assert stranded.sweep(now=at(9)) == 1
    assert outcome(waiting) == (State.ENDED, Move.CALL_OFF, "Banjir")


@pytest.mark.parametrize(("closes", "ended"), [(time(11), 0), (time(9, 30), 1)])
def test_shorter_hours_end_what_fits_into_them_no_more(hall, waiting, closes, ended):
    OpeningHours.objects.update(closes=closes, break_from=None, break_until=None)
    memo.clear_all()

    assert stranded.sweep(now=at(9)) == ended


def test_who_waits_for_another_day_waits_on(waiting):
    lose(rests_from=MONDAY, rests_until=MONDAY)

    waiting.refresh_from_db()
    assert waiting.state == State.WAITING


def test_a_whole_list_costs_as_many_questions_as_one(hall, django_assert_num_queries):
    make_plan(hall.service, online=1)
    for hour in (9, 10, 11):
        fill(hall.service, at(hour, on=TUESDAY), places=1)
    for numbers in ([1], [2, 3]):
        for number in numbers:
            wait(hall.service, number=number)
        memo.clear_all()
        with django_assert_num_queries(9):
            assert stranded.found(now=at(9)) == {}
