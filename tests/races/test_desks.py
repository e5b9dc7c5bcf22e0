"""Officers sit down, take over and change places at once."""

import time

import pytest
from django.db import IntegrityError, OperationalError, models
from django.db.models import QuerySet

from queueing import desks, tickets
from queueing.models import Desk, Ticket
from queueing.refusals import CounterBusy, DeskTaken, NotAtDesk
from queueing.states import State
from tests.races.crowd import broken_within, deferred, errors, no_transactions, together
from tests.recipes import at, key, make_officer

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def sit(counter, officer, **more):
    return lambda: desks.open_(counter, by=officer, now=at(8), **more)


def no_locks(monkeypatch):
    """Rows are read without a lock, and every statement stands alone."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda found, **more: found.all())
    no_transactions(monkeypatch)


def slow_save(monkeypatch):
    """Widen the moment between looking at a desk and sitting down."""
    save = models.Model.save

    def slowly(desk, *args, **kwargs):
        time.sleep(0.01)
        return save(desk, *args, **kwargs)

    monkeypatch.setattr(Desk, "save", slowly)


def test_of_two_officers_at_a_free_desk_one_sits_down(hall):
    for _ in range(10):
        Desk.objects.all().delete()
        results = together(*[sit(hall.counter, officer) for officer in hall.officers])
        assert [type(error) for error in errors(results)] == [DeskTaken]
        seated = hall.officers[results.index(None)]
        assert Desk.objects.get().officer_id == seated.pk


def test_twin_two_officers_at_an_unlocked_desk_both_believe_it(hall, guard_off):
    no_locks(guard_off)
    slow_save(guard_off)

    def goes_wrong():
        Desk.objects.filter(counter=hall.counters[1]).delete()
        Desk.objects.update(officer=None)
        results = together(*[sit(hall.counter, officer) for officer in hall.officers])
        return [type(error) for error in errors(results)] != [DeskTaken]

    assert broken_within(10, goes_wrong)


def test_an_officer_at_two_desks_at_once_sits_at_one(hall):
    officer = make_officer(hall.presence)
    for _ in range(10):
        Desk.objects.all().delete()
        results = together(*[sit(counter, officer) for counter in hall.counters])
        assert {type(error) for error in errors(results)} <= {DeskTaken}
        assert Desk.objects.filter(officer=officer).count() == 1


def test_officers_change_places_without_waiting_for_each_other(hall):
    for _ in range(10):
        seats = {desk.counter_id: desk.officer for desk in Desk.objects.select_related("officer")}
        one, other = hall.counters
        results = together(
            sit(one, seats[other.pk] or hall.officers[1], take_over=True),
            sit(other, seats[one.pk] or hall.officers[0], take_over=True),
        )
        assert errors(results) == []
        assert set(Desk.objects.values_list("officer", flat=True)) <= {
            None,
            *(officer.pk for officer in hall.officers),
        }
        for counter, officer in zip(hall.counters, hall.officers, strict=True):
            desks.open_(counter, by=officer, now=at(8), take_over=True)


def test_twin_desks_locked_in_the_order_of_wishes_deadlock(hall, guard_off):
    deferred(guard_off)
    guard_off.setattr(desks, "_leave_others", leave_slowly)

    def goes_wrong():
        Desk.objects.update(officer=None)
        for counter, officer in zip(hall.counters, hall.officers, strict=True):
            Desk.objects.filter(counter=counter).update(officer=officer)
        one, other = hall.counters
        results = together(
            sit(one, hall.officers[1], take_over=True),
            sit(other, hall.officers[0], take_over=True),
        )
        return any(isinstance(e, OperationalError | IntegrityError | DeskTaken) for e in results)

    assert broken_within(3, goes_wrong)


def leave_slowly(counter, by):
    """The own desk first, then the new one: the order in which two officers wait for ever."""
    for desk in Desk.objects.select_for_update().filter(officer=by).exclude(counter=counter):
        time.sleep(0.1)
        Desk.objects.filter(pk=desk.pk).update(officer=None)
        time.sleep(0.1)


def test_a_desk_taken_over_during_a_call_has_one_person(hall):
    successor = make_officer(hall.presence)

    def take_over_and_call():
        desks.open_(hall.counter, by=successor, now=at(9), take_over=True)
        return tickets.call_next(hall.counter, by=successor, now=at(9), key=key())

    for _ in range(10):
        hall.issue()
        hall.issue()
        called = together(hall.call, take_over_and_call)
        refused = [type(error) for error in errors(called)]
        assert refused in ([NotAtDesk], [CounterBusy])
        assert Ticket.objects.at_counter().count() == 1
        desks.open_(hall.counter, by=hall.officer, now=at(9), take_over=True)
        hall.act(tickets.skip, Ticket.objects.get(state=State.CALLED).pk)


def test_a_break_begins_before_or_after_a_call_never_during(hall):
    for _ in range(10):
        hall.issue()
        results = together(
            hall.call,
            lambda: desks.set_break(hall.counter, by=hall.officer, on_break=True, now=at(9)),
        )
        desk = Desk.objects.get(counter=hall.counter)
        busy = Ticket.objects.at_counter().exists()
        assert (len(errors(results)), desk.on_break) == (1, not busy)
        desks.set_break(
            hall.counter, by=hall.officer, on_break=False, now=at(9)
        ) if desk.on_break else None
        Ticket.objects.at_counter().exists() or hall.call()
        hall.act(tickets.skip, Ticket.objects.get(state=State.CALLED).pk)
