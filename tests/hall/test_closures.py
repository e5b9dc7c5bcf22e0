"""Closing a counter: asked, decided, and open again by itself."""

import pytest

from core import memo
from hall import closures
from hall.models import Closure, HallEvent
from hall.refusals import ClosedAlready, DecidedAlready, UntilTooLate
from tests.hall.conftest import assert_sound
from tests.recipes import at

pytestmark = pytest.mark.django_db
State, MEETING = Closure.State, Closure.Reason.MEETING


def ask(hall, *, until=None, now=None, seat=0):
    return closures.request(
        hall.counters[seat],
        reason=MEETING,
        until=until or at(10),
        by=hall.officers[seat],
        now=now or at(9),
    )


def state(closure):
    return State(Closure.objects.get(pk=closure.pk).state)


def closed(hall, now):
    memo.clear_all()
    return set(closures.closed_counters(hall.mall.pk, now=now))


def acts():
    found = HallEvent.objects.filter(act__startswith="closure.").order_by("version")
    return list(found.values_list("act", flat=True))


def test_a_request_closes_nothing_until_it_is_approved(hall, admin):
    asked = ask(hall)
    assert (closed(hall, at(9, 1)), closures.of(hall.counter, now=at(9, 1))) == (set(), asked)

    closures.decide(asked, approve=True, by=admin, now=at(9, 5))

    assert closed(hall, at(9, 6)) == {hall.counter.pk}
    assert acts() == ["closure.requested", "closure.approved"]
    assert_sound()


def test_what_was_over_by_its_time_ended_then_and_not_at_the_next_request(hall):
    first = ask(hall, until=at(10))
    ask(hall, until=at(12), now=at(11))

    first.refresh_from_db()
    assert (first.state, first.ended_at) == (State.ENDED, at(10))


def test_a_refused_request_leaves_the_counter_open_for_another_one(hall, admin):
    closures.decide(ask(hall), approve=False, by=admin, now=at(9, 1))

    assert closed(hall, at(9, 2)) == set()
    assert state(ask(hall, now=at(9, 3))) == State.REQUESTED


def test_an_approved_closure_ends_by_itself(hall, admin):
    closures.decide(ask(hall), approve=True, by=admin, now=at(9))

    assert closed(hall, at(9, 59)) == {hall.counter.pk}
    assert (closed(hall, at(10)), closures.of(hall.counter, now=at(10))) == (set(), None)
    assert state(ask(hall, until=at(11), now=at(10))) == State.REQUESTED
    assert_sound()


def test_a_supervisor_closes_at_once_and_opens_early(hall, admin):
    made = closures.close(hall.counter, reason=MEETING, until=at(10), by=admin, now=at(9))
    assert closed(hall, at(9)) == {hall.counter.pk}

    for _time in range(2):
        closures.end(made, by=admin, now=at(9, 10))

    assert closed(hall, at(9, 10)) == set()
    assert acts() == ["closure.requested", "closure.approved", "closure.ended"]
    assert_sound()


def test_a_moment_that_has_passed_is_no_end(hall):
    with pytest.raises(UntilTooLate):
        ask(hall, until=at(9))


def test_one_counter_has_one_closure_at_a_time_and_others_their_own(hall):
    ask(hall)
    with pytest.raises(ClosedAlready):
        ask(hall)

    assert ask(hall, seat=1).counter == hall.counters[1]
    assert acts() == ["closure.requested"] * 2
    assert_sound()


@pytest.mark.parametrize("approve", [True, False])
def test_what_is_decided_or_taken_back_is_not_decided_again(hall, admin, approve):
    decided, taken_back = ask(hall), ask(hall, seat=1)
    closures.decide(decided, approve=approve, by=admin, now=at(9, 1))
    closures.end(taken_back, by=hall.officers[1], now=at(9, 1))
    before = acts()

    for closure in (decided, taken_back):
        with pytest.raises(DecidedAlready):
            closures.decide(closure, approve=True, by=admin, now=at(9, 2))

    assert acts() == before
