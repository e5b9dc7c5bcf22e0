"""Many officers call at once."""

import time
from threading import Event

import pytest
from django.db import transaction

from queueing import calling, ledger, tickets
from queueing.models import Ticket, TicketEvent
from queueing.refusals import CounterBusy
from queueing.states import Move, Priority, State
from tests.races.crowd import (
    broken_within,
    commit_each_statement,
    errors,
    no_transactions,
    processes,
    together,
)
from tests.recipes import at, key, make_hall

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def call_until_empty(hall, seat):
    """The officer calls and skips until nobody waits; everybody they called."""
    counter, by = hall.counters[seat], hall.officers[seat]
    called = []
    while (pk := tickets.call_next(counter, by=by, now=at(9, 30), key=key())) is not None:
        called.append(pk)
        tickets.skip(pk, counter=counter, by=by, now=at(9, 31), key=key())
    return called


def calls():
    """Everybody called, in the order of their calls."""
    return TicketEvent.objects.filter(move=Move.CALL).order_by("version")


def test_twenty_counters_call_twelve_hundred_people_once_each_and_in_order():
    hall = make_hall(counters=20)
    for number in range(1200):
        hall.issue(priority=Priority.ELDERLY if number % 3 == 0 else Priority.NONE)
    called = together(*[lambda seat=seat: call_until_empty(hall, seat) for seat in range(20)])

    assert errors(called) == []
    everybody = list(Ticket.objects.order_by("since", "pk").values_list("pk", "priority"))
    assert sorted(pk for pks in called for pk in pks) == [pk for pk, _priority in everybody]
    for group in (Priority.NONE, Priority.ELDERLY):
        in_order = calls().filter(ticket__priority=group).values_list("ticket", flat=True)
        assert list(in_order) == [pk for pk, priority in everybody if priority == group]


def test_four_processes_call_eighty_people_once_each():
    hall = make_hall(counters=4)
    waiting = [hall.issue() for _ in range(80)]
    called = processes(
        *[
            {"act": "call", "counter": counter.pk, "officer": officer.pk}
            for counter, officer in zip(hall.counters, hall.officers, strict=True)
        ]
    )

    assert sorted(pk for pks in called for pk in pks) == waiting
    assert list(calls().values_list("ticket", flat=True)) == waiting


def test_twin_calls_without_the_lock_collide(guard_off):
    hall = make_hall(counters=6)
    commit_each_statement(guard_off)
    slow_choice(guard_off)

    def goes_wrong():
        for _ in range(12):
            hall.issue()
        return bool(
            errors(together(*[lambda s=seat: call_until_empty(hall, s) for seat in range(6)]))
        )

    assert broken_within(10, goes_wrong)


def test_twin_calls_without_lock_and_condition_give_one_person_to_several(guard_off):
    hall = make_hall(counters=6)
    commit_each_statement(guard_off)
    slow_choice(guard_off)
    guard_off.setattr(ledger, "CALL", ledger.CALL.replace(" AND state = 1", ""))

    def goes_wrong():
        for _ in range(6):
            hall.issue()
        together(*[lambda seat=seat: hall.call(seat=seat) for seat in range(6)])
        people = list(calls().values_list("ticket", flat=True))
        Ticket.objects.at_counter().update(state=State.NO_SHOW)
        return len(people) != len(set(people))

    assert broken_within(10, goes_wrong)


def slow_choice(monkeypatch):
    """Widen the moment between reading the line and taking somebody from it."""
    choose = calling.choose

    def slowly(*args, **kwargs):
        choice = choose(*args, **kwargs)
        time.sleep(0.005)
        return choice

    monkeypatch.setattr(calling, "choose", slowly)


def test_two_officers_pressing_at_once_get_two_people(hall):
    for _ in range(60):
        hall.issue()
    for _pair in range(30):
        called = together(hall.call, lambda: hall.call(seat=1))
        assert errors(called) == []
        assert len(set(called) - {None}) == 2
        for seat, pk in enumerate(called):
            hall.act(tickets.skip, pk, seat=seat)


def test_two_clicks_at_one_counter_call_one_person(hall):
    waiting = [hall.issue() for _ in range(3)]
    called = together(hall.call, hall.call, hall.call)

    assert [type(error) for error in errors(called)] == [CounterBusy] * 2
    assert list(Ticket.objects.at_counter().values_list("pk", flat=True)) == waiting[:1]


def test_twin_two_clicks_at_an_unlocked_counter_collide(hall, guard_off):
    commit_each_statement(guard_off)
    slow_choice(guard_off)

    def goes_wrong():
        Ticket.objects.at_counter().update(state=State.NO_SHOW)
        hall.issue()
        hall.issue()
        refused = errors(together(hall.call, hall.call))
        return [type(error) for error in refused] != [CounterBusy]

    assert broken_within(10, goes_wrong)


def call_that_fails(hall, called, other_is_waiting):
    """A call whose transaction does not end well, while somebody else presses."""
    with transaction.atomic():
        hall.call()
        called.set()
        other_is_waiting.wait(5)
        time.sleep(0.2)
        raise ZeroDivisionError


def call_meanwhile(hall, called, pressed):
    called.wait(5)
    pressed.set()
    return hall.call(seat=1)


def test_a_failed_call_hides_nobody(hall):
    waiting = hall.issue()
    called, pressed = Event(), Event()
    results = together(
        lambda: call_that_fails(hall, called, pressed),
        lambda: call_meanwhile(hall, called, pressed),
    )

    assert results[1] == waiting


def test_twin_a_failed_call_without_transaction_hides_somebody(hall, guard_off):
    commit_each_statement(guard_off)
    no_transactions(guard_off)
    hall.issue()
    called, pressed = Event(), Event()
    results = together(
        lambda: call_that_fails(hall, called, pressed),
        lambda: call_meanwhile(hall, called, pressed),
    )

    assert results[1] is None


def test_nobody_is_told_empty_while_people_wait():
    hall = make_hall(counters=8)
    waiting = [hall.issue() for _ in range(40)]

    def call_five(seat):
        called = []
        for _ in range(5):
            pk = hall.call(seat=seat)
            called.append(pk)
            hall.act(tickets.skip, pk, seat=seat)
        return called

    called = together(*[lambda seat=seat: call_five(seat) for seat in range(8)])
    assert errors(called) == []
    assert sorted(pk for pks in called for pk in pks) == waiting


def test_finishing_and_calling_in_one_act_at_eight_counters():
    hall = make_hall(counters=8)
    for _ in range(40):
        hall.issue()

    def work(seat):
        counter, by, served = hall.counters[seat], hall.officers[seat], None
        done = []
        while True:
            served = tickets.call_next(counter, by=by, now=at(10), key=key(), finishing=served)
            if served is None:
                return done
            hall.act(tickets.serve, served, now=at(10), seat=seat)
            done.append(served)

    done = together(*[lambda seat=seat: work(seat) for seat in range(8)])
    assert errors(done) == []
    assert sum(map(len, done)) == 40
    assert not Ticket.objects.exclude(state=State.DONE).exists()


def test_a_person_is_called_or_cancels_but_not_both(hall):
    for _ in range(20):
        pk = hall.issue()
        called, cancelled = together(
            hall.call, lambda pk=pk: tickets.cancel(pk, now=at(9), key=key())
        )
        state = Ticket.objects.get(pk=pk).state
        if called == pk:
            assert (state, isinstance(cancelled, Exception)) == (State.CALLED, True)
            hall.act(tickets.skip, pk)
        else:
            assert (called, cancelled, state) == (None, pk, State.CANCELLED)
