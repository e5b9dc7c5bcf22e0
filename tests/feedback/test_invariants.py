"""Each invariant finds what somebody planted past the rules, and is quiet otherwise."""

from datetime import timedelta

import pytest
from django.db import connection

from core.proof import Scope
from feedback import complaints
from feedback.invariants import INVARIANTS
from feedback.models import Complaint, ComplaintEvent, Opinion
from feedback.states import Move, State
from notifications.models import Message
from queueing.invariants import verify
from tests.feedback.recipes import REACH, answered, complain, do, think
from tests.recipes import make_hall, make_presence

pytestmark = pytest.mark.django_db


@pytest.fixture
def unguarded(hall):
    """Take away what would refuse the corruption, as a careless hand at the database might."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(
                "ALTER TABLE feedback_complaintevent DROP CONSTRAINT complaint_event_is_a_legal_move"
            )
        yield
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = OFF")


@pytest.fixture
def lived(hall, admin):
    """One complaint through its whole life, and one opinion."""
    think(hall)
    complaint = answered(complain(hall, presence=hall.presence, reach=REACH), by=admin)
    return do(complaints.close, complaint, by=admin)


def broken(scope=None):
    return {verdict.id for verdict in verify(scope or Scope(), INVARIANTS) if verdict.breaches}


def test_an_ordinary_day_breaks_nothing(lived):
    assert broken() == set()
    assert {verdict.id: verdict.checked for verdict in verify(Scope(), INVARIANTS)} == {
        "I2u": 1,
        "I8u": 2,
        "I24": 1,
    }


def another_state():
    Complaint.objects.update(state=State.RECEIVED)


def another_deadline():
    for row in Complaint.objects.all():
        row.due_on += timedelta(days=30)
        row.save()


def another_agency():
    row = Complaint.objects.get()
    row.presence = make_presence(row.mall, "Dinas lain")
    row.save()


def a_lost_receipt():
    ComplaintEvent.objects.filter(move=Move.RECEIVE).delete()


def no_events():
    ComplaintEvent.objects.all().delete()


def a_second_receipt():
    row = ComplaintEvent.objects.get(move=Move.RECEIVE)
    row.pk = None
    row.save()


def a_move_that_is_not_there():
    ComplaintEvent.objects.filter(move=Move.CLOSE).update(origin=State.RECEIVED)


def a_jump():
    ComplaintEvent.objects.filter(move=Move.TAKE).delete()


def an_answer_nobody_heard_of():
    Message.objects.filter(kind="complaint_answered").delete()


def a_receipt_nobody_heard_of():
    Message.objects.filter(kind="complaint_received", contact__user=None).delete()


def a_second_opinion_of_the_same_visit():
    row = Opinion.objects.get()
    row.pk, row.mark = None, row.mark.upper()
    row.save()


def a_mark_that_is_none():
    Opinion.objects.update(mark="a")


def an_opinion_of_a_service_elsewhere():
    Opinion.objects.update(mall=make_hall(slug="mpp-lain").mall)


@pytest.mark.parametrize(
    ("plant", "found"),
    [
        (another_state, {"I2u"}),
        (another_deadline, {"I2u"}),
        (another_agency, {"I2u"}),
        (a_lost_receipt, {"I2u"}),
        (no_events, {"I2u"}),
        (a_second_receipt, {"I2u", "I8u"}),
        (a_move_that_is_not_there, {"I2u"}),
        (a_jump, {"I2u"}),
        (an_answer_nobody_heard_of, {"I8u"}),
        (a_receipt_nobody_heard_of, {"I8u"}),
        (a_second_opinion_of_the_same_visit, {"I24"}),
        (a_mark_that_is_none, {"I24"}),
        (an_opinion_of_a_service_elsewhere, {"I24"}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_is_planted_is_found(lived, unguarded, plant, found):
    plant()

    assert broken() == found


def test_what_is_of_another_mall_is_its_own(lived, hall):
    other = make_hall(slug="mpp-lain")
    another_state()

    assert broken(Scope(mall_id=other.mall.pk)) == set()
    assert broken(Scope(mall_id=hall.mall.pk)) == {"I2u"}
    assert broken(Scope(since=lived.date + timedelta(days=1))) == set()
