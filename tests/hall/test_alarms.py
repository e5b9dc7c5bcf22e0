"""The emergency call of a counter: one at a time, until somebody goes there."""

import pytest

from hall import alarms
from hall.models import Alarm, HallEvent
from tests.hall.conftest import assert_sound
from tests.recipes import at

pytestmark = pytest.mark.django_db


def call_for_help(hall, *, seat=0, now=None):
    alarms.raise_(hall.counters[seat], by=hall.officers[seat], now=now or at(9))


def waiting(hall):
    return list(alarms.unanswered([counter.pk for counter in hall.counters]))


def acts():
    return list(HallEvent.objects.filter(act__startswith="alarm.").values_list("act", flat=True))


def test_pressing_again_is_the_same_call(hall):
    for _time in range(3):
        call_for_help(hall)

    assert [each.counter for each in waiting(hall)] == [hall.counter]
    assert acts() == ["alarm.raised"]
    assert_sound()


def test_it_is_named_without_an_hour_that_would_be_of_no_zone(hall):
    call_for_help(hall)

    assert str(Alarm.objects.get()) == f"{hall.counter} {Alarm.objects.get().pk}"


def test_the_oldest_call_stands_first_and_only_those_of_the_asked_counters(hall):
    call_for_help(hall, seat=1, now=at(9))
    call_for_help(hall, now=at(9, 1))

    assert [each.counter.number for each in waiting(hall)] == ["2", "1"]
    assert [each.counter.number for each in alarms.unanswered([hall.counter.pk])] == ["1"]


def test_an_answer_ends_it_once_and_a_new_call_may_follow(hall, admin):
    call_for_help(hall)
    (alarm,) = waiting(hall)

    for _time in range(2):
        alarms.answer(alarm, by=admin, now=at(9, 2))

    assert (waiting(hall), Alarm.objects.get().answered_by) == ([], admin)
    call_for_help(hall, now=at(9, 5))
    assert len(waiting(hall)) == 1
    assert sorted(acts()) == ["alarm.answered", "alarm.raised", "alarm.raised"]
    assert_sound()
