"""Many enter a draw, draw it, and hand its places out at the same instant."""

from dataclasses import replace
from datetime import timedelta
from itertools import count
from threading import Event

import pytest

from appointments import applications, booking, draws, people, returns, waitlist
from appointments.application_states import Move, State
from appointments.models import Application, Booking, Slot
from appointments.refusals import NotCollecting, NotReleased, SlotFull
from appointments.states import Mode
from tests.appointments.recipes import enter, hold, key, make_plan
from tests.races.applying import DRAWN, at_once, draw_of, is_broken, made, statements_alone
from tests.races.crowd import PATIENCE, errors, processes, together
from tests.recipes import MONDAY, at

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
HOURS = (9, 10, 11)
CLOSED = at(8, on=MONDAY + timedelta(days=1))
numbers = count(1)


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    """The random moment of each place has come as soon as it is given up."""
    monkeypatch.setattr(returns, "moment", lambda now, *_where, **_how: now)


@pytest.fixture
def drawing(hall):
    """Two places in each window, given away by a draw."""
    make_plan(hall.service, online=2, mode=Mode.DRAW)
    return hall.service


def apply_for(service):
    number = next(numbers)
    return enter(service, on=DRAWN, number=number, now=CLOSED - timedelta(seconds=1)).pk


def proven(draw):
    """Whoever has a number is in the result, the numbers have no gap, and it can be recomputed."""
    rows = list(Application.objects.filter(draw=draw))
    every = list(range(1, len(rows) + 1))
    assert sorted(row.number for row in rows) == every
    assert sorted(row.rank for row in rows) == every
    assert (draw.applied, draws.faults(draws.protocol(draw))) == (len(rows), [])
    return rows


def test_who_has_a_number_when_it_is_drawn_is_in_the_result_and_nobody_else(drawing):
    early = [apply_for(drawing) for _each in range(3)]
    pk = draw_of(drawing).pk

    crowd = [lambda: apply_for(drawing)] * 6
    results = together(*crowd, lambda: draws.draw(pk, now=CLOSED), *crowd)

    drawn = results.pop(6)
    entered = [result for result in results if not isinstance(result, Exception)]
    assert drawn is True
    assert {type(error) for error in errors(results)} <= {NotCollecting}
    assert {row.pk for row in proven(draw_of(drawing))} == {*early, *entered}


def test_twin_who_enters_without_holding_the_draw_is_left_out_of_it(drawing, guard_off):
    apply_for(drawing)
    pk, place = draw_of(drawing).pk, people.phone_place
    has_number, is_drawn = Event(), Event()

    def slowly(*args):
        has_number.set()
        assert is_drawn.wait(PATIENCE)
        return place(*args)

    def draw_between():
        assert has_number.wait(PATIENCE)
        draws.draw(pk, now=CLOSED)
        is_drawn.set()

    statements_alone(guard_off)
    guard_off.setattr(people, "phone_place", slowly)
    assert errors(together(lambda: apply_for(drawing), draw_between)) == []

    assert Application.objects.filter(rank=None).exists()


def work():
    """As the task that runs every minute."""
    return draws.work(now=CLOSED), waitlist.work(now=CLOSED)


def as_drawn(rows):
    """Everybody has what the draw gave them, and who got nothing waits."""
    for row in rows:
        row.refresh_from_db()
        if row.won is None:
            assert (row.state, row.booking) == (State.WAITING, None)
        else:
            assert row.state == State.PLACED
            assert row.booking.slot.starts_at == row.won_at
            assert row.booking.share == row.won_share


def test_ten_workers_draw_once_and_hand_out_each_place_once(drawing):
    for _each in range(9):
        apply_for(drawing)

    results = together(*[work] * 10)

    assert errors(results) == []
    assert (sum(drawn for drawn, _made in results), sum(made for _drawn, made in results)) == (1, 0)
    rows = proven(draw_of(drawing))
    as_drawn(rows)
    assert draw_of(drawing).done_at == CLOSED
    assert (made(Move.WIN), made(Move.LOSE), Booking.objects.count()) == (6, 3, 6)
    assert set(Slot.objects.values_list("booked_online", "online")) == {(2, 2)}


def test_three_processes_draw_once_and_offer_each_place_once(drawing):
    for _each in range(9):
        apply_for(drawing)

    done = processes(*[{"act": "share_out", "day": CLOSED.isoformat()}] * 3)

    assert sum(drawn for drawn, _offers in done) == 1
    as_drawn(proven(draw_of(drawing)))
    for pk in Booking.objects.values_list("pk", flat=True)[:3]:
        booking.cancel(pk, now=CLOSED, key=key())
    done = processes(*[{"act": "share_out", "day": CLOSED.isoformat()}] * 3)
    assert sum(offers for _drawn, offers in done) == made(Move.OFFER) == 3


def test_twin_workers_that_lock_nothing_hand_out_twice(drawing, guard_off):
    for _each in range(9):
        apply_for(drawing)
    draws.draw(draw_of(drawing).pk, now=CLOSED)
    statements_alone(guard_off)
    at_once(guard_off, applications, "locked")

    results = together(*[lambda: draws.work(now=CLOSED)] * 2)

    assert is_broken() or errors(results)  # two places, or the error of a constraint


def test_one_seed_is_sealed_whoever_opens_the_draw(drawing):
    results = together(*[lambda: apply_for(drawing)] * 6, *[lambda: draws.work(now=at(9))] * 4)

    assert errors(results) == []
    draws.work(now=CLOSED)
    assert len(proven(draw_of(drawing))) == 6


def stranger(service, hour):
    return hold(service, at(hour, on=DRAWN), now=CLOSED)


def test_nobody_takes_a_drawn_place_while_they_are_handed_out(drawing):
    for _each in range(5):
        apply_for(drawing)
    pk = draw_of(drawing).pk
    draws.draw(pk, now=CLOSED)

    strangers = [lambda hour=hour: stranger(drawing, hour) for hour in HOURS] * 4
    results = together(*strangers[:6], lambda: draws.hand_out(pk, now=CLOSED), *strangers[6:])

    assert results.pop(6) == 5
    assert {type(error) for error in errors(results)} <= {NotReleased, SlotFull}
    assert len(errors(results)) >= len(strangers) - 1  # six places, five drawn
    as_drawn(proven(draw_of(drawing)))


def test_twin_a_date_that_is_open_while_it_is_handed_out_breaks_the_draw(drawing, guard_off):
    for _each in range(6):
        apply_for(drawing)
    pk = draw_of(drawing).pk
    draws.draw(pk, now=CLOSED)
    guard_off.setattr(booking, "_let_out", lambda wanted: replace(wanted, percent=100))

    together(*[lambda hour=hour: stranger(drawing, hour) for hour in HOURS])
    draws.hand_out(pk, now=CLOSED)

    assert Application.objects.filter(won__isnull=False, state=State.WAITING).exists()
