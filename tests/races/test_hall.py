"""Closures and alarms at once: one of each counter, one decision, and the log complete."""

import time
from contextlib import suppress

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.db.models import QuerySet

from hall import alarms, closures, record, recordings
from hall.models import Alarm, Closure, HallEvent, Recording
from hall.refusals import ClosedAlready, DecidedAlready
from tests.races.crowd import broken_within, errors, no_transactions, together
from tests.recipes import at

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
State = Closure.State
CLOSURE = "one_open_closure_per_counter"
ALARM = "one_open_alarm_per_counter"


def ask(hall, seat=0):
    return lambda: closures.request(
        hall.counter,
        reason=Closure.Reason.MEETING,
        until=at(10),
        by=hall.officers[seat],
        now=at(9),
    )


def decide(closure, hall, seat, *, approve):
    return lambda: closures.decide(closure, approve=approve, by=hall.officers[seat], now=at(9))


def call_for_help(hall, seat=0):
    return lambda: alarms.raise_(hall.counter, by=hall.officers[seat], now=at(9))


def acts(name):
    return HallEvent.objects.filter(act=name).count()


def forget(model):
    model.objects.all().delete()
    HallEvent.objects.filter(act__regex="^(closure|alarm)").update(act="past")


def names(results):
    return [type(error) for error in errors(results)]


@pytest.fixture
def without_constraint(guard_off):
    """Take the index behind a rule away, and put it back when nothing breaks it any more."""
    taken = []

    def drop(model, name):
        (found,) = [each for each in model._meta.constraints if each.name == name]
        with connection.schema_editor() as editor:
            editor.remove_constraint(model, found)
        taken.append((model, found))

    yield drop
    for model, found in taken:
        model.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(model, found)


def test_of_two_requests_at_once_one_stands(hall):
    for _ in range(10):
        results = together(ask(hall), ask(hall, seat=1))

        assert names(results) == [ClosedAlready]
        assert Closure.objects.filter(state=State.REQUESTED).count() == 1
        assert acts("closure.requested") == 1
        forget(Closure)


def test_twin_without_the_constraint_a_counter_is_asked_for_twice(hall, without_constraint):
    without_constraint(Closure, CLOSURE)

    def goes_wrong():
        results = together(ask(hall), ask(hall, seat=1))
        return names(results) == [] and Closure.objects.filter(state=State.REQUESTED).count() == 2

    assert broken_within(3, goes_wrong)


def test_of_two_decisions_at_once_one_counts(hall):
    for _ in range(10):
        asked = ask(hall)()
        results = together(
            decide(asked, hall, 0, approve=True), decide(asked, hall, 1, approve=False)
        )

        assert names(results) == [DecidedAlready]
        asked.refresh_from_db()
        approved = results[0] is None
        assert asked.state == (State.APPROVED if approved else State.REFUSED)
        assert asked.decided_by == hall.officers[0 if approved else 1]
        assert acts("closure.approved") + acts("closure.refused") == 1
        forget(Closure)


def test_twin_decisions_that_look_before_they_write_both_count(hall, guard_off):
    update = QuerySet.update

    def look_then_write(rows, **changes):
        if rows.model is not Closure:
            return update(rows, **changes)
        found = [row.pk for row in rows]
        time.sleep(0.05)
        return update(Closure.objects.filter(pk__in=found), **changes)

    no_transactions(guard_off)
    guard_off.setattr(QuerySet, "update", look_then_write)

    def goes_wrong():
        asked = ask(hall)()
        results = together(
            decide(asked, hall, 0, approve=True), decide(asked, hall, 1, approve=False)
        )
        Closure.objects.all().delete()
        return names(results) == []

    assert broken_within(5, goes_wrong)


def test_a_request_taken_back_while_it_is_decided_is_one_or_the_other(hall):
    for _ in range(10):
        asked = ask(hall)()
        results = together(
            lambda asked=asked: closures.end(asked, by=hall.officers[0], now=at(9)),
            decide(asked, hall, 1, approve=True),
        )

        asked.refresh_from_db()
        # Approved first and ended then is two acts; taken back first, the decision is refused.
        assert asked.state == State.ENDED
        assert acts("closure.ended") == 1
        assert acts("closure.approved") == (1 if names(results) == [] else 0)
        forget(Closure)


def test_everybody_at_a_counter_who_calls_for_help_makes_one_call(hall):
    for _ in range(10):
        results = together(*[call_for_help(hall, seat=seat % 2) for seat in range(4)])

        assert errors(results) == []
        assert Alarm.objects.filter(answered_at=None).count() == 1
        assert acts("alarm.raised") == 1
        forget(Alarm)


def test_twin_without_the_constraint_help_is_called_for_several_times(hall, without_constraint):
    without_constraint(Alarm, ALARM)

    def goes_wrong():
        together(*[call_for_help(hall) for _each in range(4)])
        return Alarm.objects.filter(answered_at=None).count() > 1

    assert broken_within(3, goes_wrong)


def test_of_two_answers_at_once_one_person_goes(hall):
    for _ in range(10):
        call_for_help(hall)()
        alarm = Alarm.objects.get()
        together(
            *[
                lambda officer=officer, alarm=alarm: alarms.answer(alarm, by=officer, now=at(9, 1))
                for officer in hall.officers
            ]
        )

        assert acts("alarm.answered") == 1
        event = HallEvent.objects.get(act="alarm.answered")
        assert Alarm.objects.get().answered_by == event.by
        forget(Alarm)


def test_acts_of_every_kind_at_once_leave_no_version_out(hall):
    before = record.version_of(hall.mall.pk)

    def act(place):
        with suppress(ClosedAlready):
            (call_for_help(hall) if place % 2 else ask(hall))()

    together(*[lambda place=place: act(place) for place in range(8)])

    versions = HallEvent.objects.filter(version__gt=before).values_list("version", flat=True)
    assert sorted(versions) == list(range(before + 1, record.version_of(hall.mall.pk) + 1))


def test_of_two_recordings_of_one_clip_at_once_one_stays_and_nobody_sees_an_error(hall):
    def save(seat):
        sound = ContentFile(b"OggS" + bytes([seat]))
        return lambda: recordings.save(
            hall.mall, "chime", sound, by=hall.officers[seat % 2], now=at(9)
        )

    for _round in range(5):
        assert errors(together(*(save(seat) for seat in range(4)))) == []

    assert Recording.objects.count() == 1
    assert acts("recording.saved") == 20
