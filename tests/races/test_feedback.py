"""Two tabs that answer the survey of one visit at once are one answer."""

from uuid import uuid4

import pytest

from feedback import complaints, surveys
from feedback.complaints import WrongState
from feedback.models import ComplaintEvent, Opinion
from feedback.surveys import Said
from tests.feedback.recipes import complain, scores, serve
from tests.races.crowd import broken_within, errors, together
from tests.recipes import at

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
TABS = 8


def answer_everywhere(ticket):
    """Every tab has been opened before anybody answered."""
    acts = [
        lambda value=value: surveys.answer(ticket, Said(scores(value % 4 + 1)), now=at(10))
        for value in range(TABS)
    ]
    return together(*acts)


def test_eight_tabs_give_one_opinion(hall):
    ticket = serve(hall)

    results = answer_everywhere(ticket)

    assert sorted(results) == [False] * (TABS - 1) + [True]
    assert Opinion.objects.count() == 1


def test_twin_tabs_without_a_mark_of_the_visit_give_more(hall, guard_off):
    """Without one mark for the visit nothing in the database holds the second answer up."""
    guard_off.setattr(surveys, "mark_of", lambda _token: uuid4().hex * 2)
    ticket = serve(hall)

    def goes_wrong():
        Opinion.objects.all().delete()
        answer_everywhere(ticket)
        return Opinion.objects.count() > 1

    assert broken_within(20, goes_wrong)


def test_two_who_take_the_same_complaint_are_one(hall):
    complaint = complain(hall)
    by = hall.officer

    results = together(
        *[lambda: complaints.take(complaint.pk, by=by, now=at(10), key=uuid4())] * TABS
    )

    assert {type(error) for error in errors(results)} == {WrongState}
    assert len(errors(results)) == TABS - 1
    assert ComplaintEvent.objects.count() == 2
