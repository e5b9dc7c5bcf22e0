"""Days are closed while counters still work, and everything happens at once."""

import random
import time
from datetime import timedelta
from itertools import count

import pytest
from django.db.models import QuerySet

from core.errors import Refused
from queueing import moves, sweeps, tickets
from queueing.models import QueueDay, Ticket, TicketEvent
from queueing.refusals import WrongState
from queueing.states import Move, Priority, Reason, State
from tests.races.crowd import broken_within, errors, together
from tests.recipes import MONDAY, add_counter, at, key, make_hall, make_queue, make_service

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
MIDNIGHT = at(0, 1, on=MONDAY + timedelta(days=1))


def close():
    return sweeps.close_days(now=MIDNIGHT)


def test_four_workers_close_every_day_once(hall):
    for letter in "BCDEF":
        service = make_service(make_queue(hall.presence, letter))
        for _ in range(5):
            hall.issue(service=service)
    closed = together(*[close] * 4)

    assert errors(closed) == []
    assert sum(closed) == 5
    assert TicketEvent.objects.filter(move=Move.EXPIRE).count() == 25


def test_twin_closing_after_looking_expires_twice(hall, guard_off):
    def look_first(day_id, now):
        if QueueDay.objects.get(pk=day_id).closed_at:
            return 0
        time.sleep(0.01)
        for ticket in Ticket.objects.filter(day=day_id, state=State.WAITING).select_related("day"):
            moves.apply(Move.EXPIRE, ticket, {"ended_at": now}, now=now)
        return QueueDay.objects.filter(pk=day_id).update(closed_at=now)

    guard_off.setattr(sweeps, "_close_day", look_first)

    def goes_wrong():
        QueueDay.objects.all().update(closed_at=None)
        Ticket.objects.update(state=State.WAITING)
        hall.issue()
        closed = together(*[close] * 4)
        return bool(errors(closed)) or sum(closed) != 1

    assert broken_within(10, goes_wrong)


def at_work(counters, **more):
    """A hall at closing time: somebody is served at every counter, others wait."""
    hall = make_hall(counters=counters, **more)
    for _ in range(counters + 5):
        hall.issue()
    served = [hall.call(seat=seat) for seat in range(counters)]
    for seat, pk in enumerate(served):
        hall.act(tickets.serve, pk, seat=seat)
    return hall, served


def finish(hall, pk, seat):
    return lambda: hall.act(tickets.finish, pk, now=MIDNIGHT, seat=seat)


def test_a_day_closes_while_every_counter_finishes():
    hall, served = at_work(8)
    finishing = [finish(hall, pk, seat) for seat, pk in enumerate(served)]
    results = together(close, *finishing, close)

    assert [type(error) for error in errors(results)] in [[WrongState] * n for n in range(9)]
    assert (results[0], results[-1]) in [(0, 1), (1, 0)]
    assert set(Ticket.objects.values_list("state", flat=True)) == {State.DONE, State.EXPIRED}


def test_twin_a_day_that_closes_without_the_tickets_lock_fails(guard_off):
    guard_off.setattr(QuerySet, "select_for_update", lambda found, **more: found.all())
    guard_off.setattr(sweeps, "_close_day", sweeps._close_day.__wrapped__)
    apply, numbers = moves.apply, count()

    def slowly(move, ticket, *args, **more):
        # The closing has read by the time the counters finish, and moves after they have.
        time.sleep(0.1 if more.get("by") else 0.5)
        return apply(move, ticket, *args, **more)

    guard_off.setattr(moves, "apply", slowly)

    def goes_wrong():
        QueueDay.objects.all().update(closed_at=MIDNIGHT)
        hall, served = at_work(4, slug=f"mpp-{next(numbers)}")
        finishing = [finish(hall, pk, seat) for seat, pk in enumerate(served)]
        results = together(close, *finishing)
        return isinstance(results[0], Exception)

    assert broken_within(8, goes_wrong)


def test_everything_at_once_has_no_error():
    hall = make_hall(counters=3)
    other = make_service(make_queue(hall.presence, "B"))
    for _ in range(3):
        add_counter(hall, queues=[hall.queue, other.queue])

    def work(seat):
        chance = random.Random(seat)
        for minute in range(30):
            try:  # every officer has a clock of their own, none goes right
                one_act(hall, other, seat, chance, at(9, minute))
            except Refused:
                continue  # somebody was faster, as it must be

    crowd = [lambda seat=seat: work(seat) for seat in range(6)]
    visitors = [lambda seed=seed: visit(hall, other, seed) for seed in range(4)]
    results = together(*crowd, *visitors, lambda: [close_often() for _ in range(5)])

    assert errors(results) == []


def close_often():
    time.sleep(0.05)
    return sweeps.close_days(now=at(23, 59))


def visit(hall, other, seed):
    """Visitors take numbers, give up, come back."""
    chance = random.Random(100 + seed)
    for minute in range(30):
        service = chance.choice([hall.service, other])
        now = at(9, minute)
        pk = hall.issue(now=now, service=service, priority=chance.choice(list(Priority)))
        try:
            if chance.random() < 0.2:
                tickets.cancel(pk, now=now, key=key())
            absent = Ticket.objects.filter(state=State.NO_SHOW).first()
            if absent is not None:
                tickets.return_to_line(absent.pk, now=now, key=key())
        except Refused:
            continue


def one_act(hall, other, seat, chance, now):
    """What an officer might press, also when the screen is old."""
    counter, by = hall.counters[seat], hall.officers[seat]
    mine = Ticket.objects.at_counter().filter(counter=counter).first()
    if mine is None:
        held = Ticket.objects.filter(state=State.HOLD).first()
        if held is not None and chance.random() < 0.3:
            hall.act(tickets.resume, held.pk, now=now, seat=seat)
        elif chance.random() < 0.1:
            picked = Ticket.objects.waiting().last()
            if picked is not None:
                reason = Reason.OFFICE_MISTAKE
                hall.act(tickets.call_out_of_order, picked.pk, now=now, seat=seat, reason=reason)
        else:
            tickets.call_next(counter, by=by, now=now, key=key())
    elif mine.state == State.CALLED:
        move = chance.choice([tickets.serve, tickets.serve, tickets.skip, tickets.undo])
        hall.act(move, mine.pk, now=now, seat=seat)
    elif chance.random() < 0.3:
        service = chance.choice([hall.service, other])
        hall.act(tickets.transfer, mine.pk, now=now, seat=seat, service_id=service.pk)
    elif chance.random() < 0.3:
        hall.act(tickets.hold, mine.pk, now=now, seat=seat)
    else:
        tickets.call_next(counter, by=by, now=now, key=key(), finishing=mine.pk)
