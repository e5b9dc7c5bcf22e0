from datetime import timedelta

import pytest
from model_bakery import baker

from agencies.models import Counter, CounterDay
from queueing import sweeps, tickets
from queueing.models import TicketEvent
from queueing.refusals import NotOpen, QuotaUsedUp, ReturnedAlready, TooLate, WrongState
from queueing.states import Move, Priority, Reason, Rule, State
from tests.recipes import at, key, make_hall, make_presence, make_queue, make_service, ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall():
    return make_hall(counters=2)


def test_numbers_of_a_day_are_gapless_and_start_at_one(hall):
    issued = [hall.issue() for _ in range(3)]

    assert [str(ticket(pk)) for pk in issued] == ["A-001", "A-002", "A-003"]


def test_the_same_key_gives_the_same_number(hall):
    one = key()
    first = tickets.issue(hall.service.pk, priority=Priority.NONE, now=at(9), key=one)
    second = tickets.issue(hall.service.pk, priority=Priority.NONE, now=at(9), key=one)

    assert first == second
    assert TicketEvent.objects.count() == 1


def test_a_day_goes_from_issue_to_done(hall):
    issued = hall.issue(now=at(9))
    called = hall.call(now=at(9, 20))
    hall.act(tickets.serve, called, now=at(9, 21))
    hall.act(tickets.finish, called, now=at(9, 31))

    done = ticket(issued)
    assert (called, done.state) == (issued, State.DONE)
    assert (done.wait_seconds, done.service_seconds) == (1200, 600)
    assert list(TicketEvent.objects.order_by("version").values_list("move", flat=True)) == [
        Move.ISSUE,
        Move.CALL,
        Move.SERVE,
        Move.FINISH,
    ]


def test_before_opening_the_refusal_names_the_next_opening(hall):
    with pytest.raises(NotOpen, match=r"Buka lagi Senin, 9 Maret 2026 pukul 08\.00 WIB"):
        hall.issue(now=at(7, 59, 59))


def test_when_the_quota_is_used_up_the_refusal_names_the_next_day(hall):
    queue = make_queue(hall.presence, "B", quota=1)
    service = make_service(queue)
    hall.issue(service=service)

    with pytest.raises(QuotaUsedUp, match="Selasa, 10 Maret 2026"):
        hall.issue(service=service)


def test_two_priority_people_are_called_for_each_regular_one(hall):
    regular = [hall.issue() for _ in range(2)]
    priority = [hall.issue(priority=Priority.ELDERLY) for _ in range(3)]

    called = []
    for _ in range(5):
        pk = hall.call()
        called.append(pk)
        hall.done(pk)
    assert called == [priority[0], priority[1], regular[0], priority[2], regular[1]]


def test_each_call_stores_its_proof(hall):
    hall.issue()
    elderly = hall.issue(priority=Priority.ELDERLY)
    hall.call()

    event = TicketEvent.objects.get(move=Move.CALL)
    assert (event.ticket_id, event.rule, event.rank) == (elderly, Rule.PRIORITY_TURN, 2)
    assert (event.passed, event.passed_elsewhere) == (1, 0)


def test_an_undone_call_restores_place_and_ratio(hall):
    hall.issue()
    elderly = hall.issue(priority=Priority.ELDERLY)
    hall.call(now=at(9, 5))
    hall.act(tickets.undo, elderly, now=at(9, 5, 30))

    assert ticket(elderly).state == State.WAITING
    assert ticket(elderly).day.streak == 0
    assert hall.call(now=at(9, 6)) == elderly


def test_a_call_cannot_be_undone_after_thirty_seconds(hall):
    hall.issue()
    called = hall.call(now=at(9))
    with pytest.raises(TooLate):
        hall.act(tickets.undo, called, now=at(9, 0, 31))


def test_somebody_skipped_comes_back_once_behind_three(hall):
    late, *others = [hall.issue(now=at(9, minute)) for minute in range(6)]
    hall.act(tickets.skip, hall.call(now=at(9, 10)))
    tickets.return_to_line(late, now=at(9, 12), key=key())

    order = []
    for _ in range(6):
        pk = hall.call(now=at(9, 20))
        order.append(pk)
        hall.act(tickets.skip, pk, now=at(9, 21))
    assert order == [*others[:3], late, *others[3:]]
    with pytest.raises(ReturnedAlready):
        tickets.return_to_line(late, now=at(9, 30), key=key())


def test_a_transfer_keeps_the_visit_and_counts_the_wait(hall):
    presence = make_presence(hall.mall, "Imigrasi Uji")
    queue = make_queue(presence, "B")
    service = make_service(queue)

    other = baker.make(Counter, mall=hall.mall, number="9")
    baker.make(CounterDay, counter=other, presence=presence, weekday=0)
    first = hall.issue(now=at(9))
    hall.call(now=at(9, 30))
    hall.act(tickets.serve, first, now=at(9, 31))
    moved = hall.act(tickets.transfer, first, now=at(9, 40), service_id=service.pk)

    new = ticket(moved)
    assert ticket(first).state == State.TRANSFERRED
    assert (str(new), new.visit_id) == ("B-001", ticket(first).visit_id)
    assert new.since == at(9, 40) - timedelta(minutes=30)


def test_calling_out_of_order_is_recorded_with_its_reason(hall):
    hall.issue()
    second = hall.issue()
    hall.act(tickets.call_out_of_order, second, reason=Reason.URGENT_HEALTH)

    event = TicketEvent.objects.get(move=Move.CALL)
    assert (event.rule, event.reason, event.passed) == (
        Rule.OUT_OF_ORDER,
        Reason.URGENT_HEALTH,
        1,
    )


def test_nobody_waiting_is_none(hall):
    assert hall.call() is None


def test_an_old_screen_does_not_move_somebody_elses_ticket(hall):
    hall.issue()
    called = hall.call()
    with pytest.raises(WrongState):
        hall.act(tickets.skip, called, seat=1)


def test_days_that_have_passed_are_closed_once(hall):
    waiting, serving = hall.issue(), hall.issue()
    first = hall.call()
    assert first == waiting
    hall.act(tickets.serve, first)
    held = hall.call(seat=1)
    assert held == serving

    assert sweeps.close_days(now=at(23, 59)) == 0
    tomorrow = at(0, 1) + timedelta(days=1)
    assert sweeps.close_days(now=tomorrow) == 1
    assert sweeps.close_days(now=tomorrow) == 0
    assert [ticket(waiting).state, ticket(serving).state] == [State.DONE, State.EXPIRED]
