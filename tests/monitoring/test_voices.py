"""What people said and what went wrong, as sums of a period that can be added up."""

import itertools
from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.roles import Role
from feedback.models import Complaint, Opinion
from feedback.questions import Element, HalfDay
from hall.models import Alarm, Closure
from monitoring import voices
from monitoring.account import Complaints, Incidents
from monitoring.voices import HOUSE, NOTHING
from tests.feedback import recipes
from tests.recipes import MONDAY, at, later, make_hall, make_officer, make_presence

pytestmark = pytest.mark.django_db
SUNDAY = MONDAY + timedelta(6)
NOW = at(8, on=SUNDAY)
marks = itertools.count()


@pytest.fixture
def hall():
    return make_hall()


def week(hall, now=NOW):
    return voices.of(hall.mall, MONDAY, SUNDAY, now=now)


def opine(hall, *values, on=MONDAY, presence=None):
    """One answer to the survey for each value, which is that of all nine questions."""
    for value in values:
        row = Opinion(mall=hall.mall, presence=presence or hall.presence, service=hall.service)
        row.date, row.half_day, row.mark = on, HalfDay.MORNING, f"{next(marks):064d}"
        for each in Element:
            setattr(row, each.field, value)
        row.save()


def close(hall, *, asked, state=Closure.State.ENDED, hours=2, ended=None):
    more = {"decided_by": hall.officer, "decided_at": asked, "ended_at": ended}
    return Closure.objects.create(
        counter=hall.counter,
        reason=Closure.Reason.MEETING,
        state=state,
        until=later(asked, hours=hours),
        requested_by=hall.officer,
        requested_at=asked,
        **more,
    )


# --- Survey --------------------------------------------------------------------------------------


def test_the_index_of_a_period_is_that_of_its_answers(hall):
    opine(hall, 4, 4, 4, 3, 3)
    opine(hall, 1, on=MONDAY - timedelta(1))
    opine(hall, 1, on=SUNDAY + timedelta(1))

    index = week(hall).satisfaction()

    assert (index.respondents, index.value) == (5, Decimal("90.00"))


def test_the_index_of_all_is_that_of_all_answers_and_not_the_mean_of_indices(hall):
    other = make_presence(hall.mall)
    opine(hall, *[4] * 15)
    opine(hall, *[2] * 5, presence=other)

    found = week(hall)

    assert found.satisfaction(hall.presence.pk).value == Decimal("100.00")
    assert found.satisfaction(other.pk).value == Decimal("50.00")
    assert found.satisfaction().value == Decimal("87.50")


def test_too_few_answers_have_no_index(hall):
    opine(hall, 4, 4, 4, 4)

    assert week(hall).satisfaction() is None
    assert NOTHING.satisfaction() is None


# --- Complaints ----------------------------------------------------------------------------------


def test_a_complaint_belongs_to_the_week_in_which_it_came(hall):
    recipes.complain(hall, now=at(9))
    recipes.complain(hall, now=at(9, on=SUNDAY + timedelta(1)))

    assert week(hall).complained() == Complaints(received=1, answered=0, late=0)


def test_a_complaint_answered_in_time_is_not_late(hall):
    complaint = recipes.complain(hall, now=at(9))
    recipes.answered(complaint, by=make_officer(hall.presence, Role.SUPERVISOR), now=at(10))

    assert week(hall).complained() == Complaints(received=1, answered=1, late=0)


def test_a_complaint_is_late_from_the_day_after_its_deadline_answered_or_not(hall):
    complaint = recipes.complain(hall, now=at(9))
    due = complaint.due_on

    assert week(hall, now=at(23, 59, on=due)).complained().late == 0
    assert week(hall, now=at(0, 1, on=due + timedelta(1))).complained().late == 1


def test_an_answer_after_its_deadline_stays_late(hall):
    complaint = recipes.complain(hall, now=at(9))
    Complaint.objects.update(due_on=MONDAY - timedelta(1))
    recipes.answered(complaint, by=make_officer(hall.presence, Role.SUPERVISOR), now=at(10))

    assert week(hall).complained() == Complaints(received=1, answered=1, late=1)


def test_what_is_a_matter_of_the_house_is_of_no_agency(hall):
    recipes.complain(hall, now=at(9))

    found = week(hall)

    assert [*found.complaints] == [HOUSE]
    assert found.complained(hall.presence.pk) == Complaints()


# --- Incidents -----------------------------------------------------------------------------------


def test_closures_last_until_they_were_ended_or_were_to_end(hall):
    close(hall, asked=at(9), ended=at(9, 30))
    close(hall, asked=at(11), state=Closure.State.APPROVED, hours=1)

    assert week(hall).incidents == Incidents(closures=2, seconds=90 * 60)


def test_a_closure_that_was_refused_or_asked_for_only_closed_nothing(hall):
    close(hall, asked=at(9), state=Closure.State.REFUSED)
    asked = close(hall, asked=at(11), state=Closure.State.REQUESTED)
    Closure.objects.filter(pk=asked.pk).update(decided_at=None, decided_by=None)

    assert week(hall).incidents == Incidents()


def test_alarms_belong_to_the_day_of_the_malls_own_clock(hall):
    for moment in (at(0, 0), at(23, 59, on=SUNDAY)):
        alarm = Alarm.objects.create(counter=hall.counter, by=hall.officer, at=moment)
        Alarm.objects.filter(pk=alarm.pk).update(answered_at=moment)
    Alarm.objects.create(counter=hall.counter, by=hall.officer, at=at(0, on=SUNDAY + timedelta(1)))

    assert week(hall).incidents.alarms == 2


# --- Added up ------------------------------------------------------------------------------------


def test_another_malls_voices_are_not_heard(hall):
    other = make_hall(slug="mpp-lain")
    opine(other, *[4] * 5)
    recipes.complain(other, now=at(9))
    close(other, asked=at(9))

    assert week(hall) == NOTHING


def test_days_added_up_are_the_week(hall):
    opine(hall, 4, 4, 3)
    opine(hall, 2, 2, 1, on=SUNDAY)
    recipes.complain(hall, now=at(9))
    recipes.complain(hall, now=at(9, on=SUNDAY))
    close(hall, asked=at(9), ended=at(9, 30))
    days = [MONDAY + timedelta(ahead) for ahead in range(7)]

    found = voices.together([voices.of(hall.mall, on, on, now=NOW) for on in days])

    assert found == week(hall)
    assert voices.unpacked(voices.packed(found)) == found


def test_a_month_that_was_never_counted_has_heard_nothing():
    assert voices.unpacked({}) == NOTHING == voices.together([])


def test_a_period_is_read_with_four_statements_whatever_was_said(hall, django_assert_num_queries):
    other = make_presence(hall.mall)
    opine(hall, 1, 2, 3)
    opine(hall, 1, 2, 3, presence=other)
    for _more in range(3):
        recipes.complain(hall, now=at(9))

    with django_assert_num_queries(4):
        week(hall)
