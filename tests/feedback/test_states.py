"""Every move of a complaint is tried from every state; deadlines count working days."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from model_bakery import baker

from agencies.calendars import calendar_of
from agencies.models import DatedHours, Holiday
from agencies.opening import Calendar
from core import memo
from feedback import complaints, deadlines
from feedback.complaints import NotOfThisMall, WrongState
from feedback.models import Complaint, ComplaintEvent
from feedback.states import DAYS, MOVES, OPEN, SAYS, Kind, Move, State
from tests.feedback.recipes import ANSWER, complain, do, stored
from tests.recipes import MONDAY, WIB, at, key, make_hall, make_presence

pytestmark = pytest.mark.django_db
ACTS = {
    Move.TAKE: complaints.take,
    Move.INQUIRE: complaints.inquire,
    Move.FORWARD: complaints.forward,
    Move.ANSWER: complaints.answer,
    Move.DISMISS: complaints.dismiss,
    Move.CLOSE: complaints.close,
}


@pytest.fixture
def put(hall):
    """A complaint in some state, with the events that lead there."""
    ways = {
        State.RECEIVED: (),
        State.FORWARDED: (Move.FORWARD,),
        State.IN_WORK: (Move.TAKE,),
        State.ANSWERED: (Move.TAKE, Move.ANSWER),
        State.CLOSED: (Move.TAKE, Move.ANSWER, Move.CLOSE),
    }

    def make(state, by):
        complaint = complain(hall)
        for move in ways[state]:
            complaint = do(ACTS[move], complaint, *extra(move, hall), by=by)
        return complaint

    return make


def extra(move, hall):
    if move in SAYS:
        return (ANSWER,)
    return (hall.presence,) if move == Move.FORWARD else ()


@pytest.mark.usefixtures("sound")
@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("move", ACTS)
def test_each_move_from_each_state(hall, put, admin, move, state):
    complaint = put(state, admin)
    before = complaint.events.count()

    if state in MOVES[move].origins:
        assert do(ACTS[move], complaint, *extra(move, hall), by=admin).state == MOVES[move].target
        assert complaint.events.count() == before + 1
    else:
        with pytest.raises(WrongState):
            do(ACTS[move], complaint, *extra(move, hall), by=admin)
        assert (stored(complaint.pk).state, complaint.events.count()) == (state, before)


def test_a_copy_of_an_act_changes_nothing(hall, admin):
    complaint, same = complain(hall), key()

    for _copy in range(2):
        complaints.take(complaint.pk, by=admin, now=at(10), key=same)

    assert complaint.events.count() == 2


def test_a_copy_of_a_complaint_is_the_same(hall):
    filed = complaints.Filed(Kind.COMPLAINT, "Dua kali dikirim, satu kali diterima.")
    same = key()

    first, second = (
        complaints.receive(hall.mall, filed, now=at(9), key=same) for _copy in range(2)
    )

    assert first == second
    assert Complaint.objects.count() == ComplaintEvent.objects.count() == 1


def test_another_mall_has_none_of_its_agencies(hall, admin):
    complaint, other = complain(hall), make_hall(slug="mpp-lain")

    with pytest.raises(NotOfThisMall):
        do(complaints.forward, complaint, other.presence, by=admin)


def test_no_move_past_the_table_can_be_stored(hall):
    event = complain(hall).events.get()
    event.pk, event.move, event.origin, event.target = None, Move.CLOSE, State.RECEIVED, 5

    with pytest.raises(IntegrityError), transaction.atomic():
        event.save(force_insert=True)


def test_no_answer_without_words_can_be_stored(hall):
    event = complain(hall).events.get()
    event.pk, event.move, event.origin, event.target = None, Move.ANSWER, State.IN_WORK, 4

    with pytest.raises(IntegrityError), transaction.atomic():
        event.save(force_insert=True)


def test_a_look_on_the_spot_puts_the_deadline_off(hall, admin):
    complaint = do(complaints.take, complain(hall), by=admin)
    before = complaint.due_on

    after = do(complaints.inquire, complaint, by=admin).due_on

    assert (before, after) == (MONDAY + timedelta(days=18), MONDAY + timedelta(days=84))


@pytest.mark.parametrize(
    ("kind", "due"),
    [(Kind.INFORMATION, date(2026, 3, 16)), (Kind.COMPLAINT, date(2026, 3, 27))],
)
def test_the_deadline_counts_working_days_after_the_day_it_came(hall, kind, due):
    assert complain(hall, kind=kind).due_on == due


def test_holidays_and_closed_days_do_not_count(hall):
    Holiday.objects.create(day=date(2026, 3, 11), name="Libur uji")
    closed = {"from_date": date(2026, 3, 12), "until_date": date(2026, 3, 12), "reason": "Listrik"}
    baker.make(DatedHours, mall=hall.mall, opens=None, closes=None, weekday=None, **closed)
    memo.clear_all()

    assert complain(hall, kind=Kind.INFORMATION).due_on == date(2026, 3, 18)


def test_what_comes_at_night_came_on_the_day_of_the_mall():
    east = make_hall(zone="Asia/Jayapura")

    complaint = complain(east, now=at(23))  # of Monday, in Jakarta

    assert (complaint.date, complaint.due_on) == (date(2026, 3, 10), date(2026, 3, 30))


def test_a_mall_without_hours_keeps_office_days():
    assert deadlines.due_on(Calendar(WIB, {}), MONDAY, DAYS[Kind.INFORMATION]) == date(2026, 3, 16)


def test_a_mall_that_never_opens_owes_its_answers_all_the_same(hall):
    dates = {"from_date": MONDAY, "until_date": date(2028, 1, 1), "reason": "Renovasi"}
    baker.make(DatedHours, mall=hall.mall, opens=None, closes=None, weekday=None, **dates)
    memo.clear_all()

    due = deadlines.due_on(calendar_of(hall.mall.pk), MONDAY, 5)
    assert due == MONDAY + timedelta(days=deadlines.SEARCHED)


def test_who_waits_for_an_answer_is_open():
    assert {State.RECEIVED, State.FORWARDED, State.IN_WORK} == OPEN
    assert {move for move in MOVES if MOVES[move].target not in OPEN} == {*SAYS, Move.CLOSE}


def test_forwarding_is_seen_by_the_other_agency_only(hall, admin):
    other = make_presence(hall.mall, "Dinas lain")

    complaint = do(complaints.forward, complain(hall, presence=hall.presence), other, by=admin)

    assert (complaint.presence, complaint.events.latest("pk").presence) == (other, other)
