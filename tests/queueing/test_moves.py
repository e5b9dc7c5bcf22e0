"""Every move tried from every state: done when the table says so, else refused and nothing moved."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from core.errors import Refused
from core.proof import Scope
from queueing import invariants, moves, sweeps, tickets
from queueing.models import Ticket, TicketEvent
from queueing.refusals import (
    CounterBusy,
    NotAtDesk,
    NotOffered,
    NotOpen,
    OnBreak,
    ReasonMissing,
    RecalledEnough,
    SameQueue,
    TooLate,
    WrongState,
)
from queueing.states import MOVES, Move, Priority, Reason, State
from tests.recipes import (
    MONDAY,
    add_counter,
    at,
    key,
    make_hall,
    make_presence,
    make_queue,
    make_service,
    ticket,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall():
    """A hall with a second queue, at a counter of its own."""
    hall = make_hall()
    hall.extra["other"] = make_service(make_queue(hall.presence, "B"))
    add_counter(hall, queues=[hall.extra["other"].queue])
    return hall


def called(hall):
    hall.issue()
    return hall.call()


def serving(hall):
    return hall.act(tickets.serve, called(hall))


def cancelled(hall):
    return tickets.cancel(hall.issue(), now=at(9), key=key())


def transferred(hall):
    moved = serving(hall)
    hall.act(tickets.transfer, moved, service_id=hall.extra["other"].pk)
    return moved


def expired(hall):
    pk = hall.issue()
    moves.apply(Move.EXPIRE, moves.locked(pk), {"ended_at": at(9)}, now=at(9))
    return pk


def printing(hall):
    return tickets.issue(
        hall.service.pk, priority=Priority.NONE, now=at(9), key=key(), on_paper=True
    )


def withdrawn(hall):
    pk = printing(hall)
    sweeps.withdraw_unprinted(now=at(9, 3))
    return pk


BROUGHT = {
    State.PRINTING: printing,
    State.WITHDRAWN: withdrawn,
    State.WAITING: lambda hall: hall.issue(),
    State.CALLED: called,
    State.SERVING: serving,
    State.HOLD: lambda hall: hall.act(tickets.hold, serving(hall)),
    State.NO_SHOW: lambda hall: hall.act(tickets.skip, called(hall)),
    State.DONE: lambda hall: hall.act(tickets.finish, serving(hall)),
    State.CANCELLED: cancelled,
    State.TRANSFERRED: transferred,
    State.EXPIRED: expired,
}
MADE = {
    Move.CALL: lambda hall, pk: hall.act(
        tickets.call_out_of_order, pk, reason=Reason.URGENT_HEALTH
    ),
    Move.RECALL: lambda hall, pk: hall.act(tickets.recall, pk),
    Move.UNDO: lambda hall, pk: hall.act(tickets.undo, pk),
    Move.SERVE: lambda hall, pk: hall.act(tickets.serve, pk),
    Move.HOLD: lambda hall, pk: hall.act(tickets.hold, pk),
    Move.RESUME: lambda hall, pk: hall.act(tickets.resume, pk),
    Move.SKIP: lambda hall, pk: hall.act(tickets.skip, pk),
    Move.RETURN: lambda hall, pk: tickets.return_to_line(pk, now=at(9, 1), key=key()),
    Move.FINISH: lambda hall, pk: hall.act(tickets.finish, pk),
    Move.TRANSFER: lambda hall, pk: hall.act(
        tickets.transfer, pk, service_id=hall.extra["other"].pk
    ),
    Move.CONFIRM: lambda hall, pk: tickets.confirm(pk, now=at(9, 1), key=key()),
    Move.WITHDRAW: lambda hall, pk: sweeps._withdraw(moves.locked(pk), at(9, 1)),
    Move.CANCEL: lambda hall, pk: tickets.cancel(pk, now=at(9, 1), key=key()),
    Move.EXPIRE: lambda hall, pk: moves.apply(
        Move.EXPIRE, moves.locked(pk), {"ended_at": at(9, 1)}, now=at(9, 1)
    ),
}


def test_every_state_and_every_move_is_tried():
    assert (set(BROUGHT), set(MADE)) == (set(State), set(MOVES))


@pytest.mark.parametrize("origin", State)
@pytest.mark.parametrize("move", MOVES)
def test_a_move_is_made_only_from_where_the_table_says(hall, move, origin):
    pk = BROUGHT[origin](hall)
    before, step = TicketEvent.objects.count(), MOVES[move]
    if origin in step.origins:
        MADE[move](hall, pk)
        assert ticket(pk).state == step.target
        made = TicketEvent.objects.filter(ticket=pk).latest("version")
        assert (made.move, made.origin, made.target) == (move, origin, step.target)
    else:
        with pytest.raises(Refused):
            MADE[move](hall, pk)
        assert (ticket(pk).state, TicketEvent.objects.count()) == (origin, before)
    if State.EXPIRED not in {origin, step.target}:
        assert [verdict.id for verdict in invariants.verify(Scope()) if verdict.breaches] == []


@pytest.mark.parametrize("state", State)
def test_the_database_itself_knows_only_moves_of_the_table(hall, state):
    event = TicketEvent.objects.get(ticket=hall.issue())
    event.pk, event.move, event.origin, event.target = None, Move.FINISH, state, State.DONE
    event.version += 1
    if state == State.SERVING:
        event.save(force_insert=True)
        return
    with pytest.raises(IntegrityError, match="event_is_a_legal_move"), transaction.atomic():
        event.save(force_insert=True)


def test_a_number_is_recalled_three_times(hall):
    pk = called(hall)
    for _ in range(3):
        hall.act(tickets.recall, pk)
    with pytest.raises(RecalledEnough):
        hall.act(tickets.recall, pk)


def test_a_call_is_undone_until_the_thirtieth_second(hall):
    pk = called(hall)
    hall.act(tickets.undo, pk, now=at(9, 0, 30))
    hall.call(now=at(9, 1))
    with pytest.raises(TooLate):
        hall.act(tickets.undo, pk, now=at(9, 1, 31))


def test_a_resumed_number_has_no_call_to_undo(hall):
    pk = hall.act(tickets.hold, serving(hall))
    hall.act(tickets.resume, pk)
    with pytest.raises(TooLate):
        hall.act(tickets.undo, pk)


def test_undoing_an_older_call_leaves_the_ratio_of_the_newer_one(hall):
    add_counter(hall)
    for _ in range(3):
        hall.issue(priority=1)
    first = hall.call()
    hall.call(seat=2)
    hall.act(tickets.undo, first)

    assert ticket(first).day.streak == 2


def test_undoing_a_call_out_of_order_leaves_the_ratio(hall):
    hall.issue(priority=1)
    hall.act(tickets.skip, hall.call())
    picked = hall.issue()
    hall.act(tickets.call_out_of_order, picked, reason=Reason.OFFICE_MISTAKE)
    assert ticket(picked).day.streak == 1
    hall.act(tickets.undo, picked)

    assert ticket(picked).day.streak == 1


def test_a_busy_counter_calls_and_resumes_nobody(hall):
    held = hall.act(tickets.hold, serving(hall))
    called(hall)
    for refused in (
        lambda: hall.call(),
        lambda: hall.act(tickets.resume, held),
        lambda: hall.act(tickets.call_out_of_order, hall.issue(), reason=Reason.OFFICE_MISTAKE),
    ):
        with pytest.raises(CounterBusy):
            refused()


def test_a_held_number_is_resumed_only_where_its_queue_is_served(hall):
    held = hall.act(tickets.hold, serving(hall))
    with pytest.raises(WrongState, match="bukan dari antrean"):
        hall.act(tickets.resume, held, seat=1)


def test_nobody_moves_a_number_from_somebody_elses_desk(hall):
    pk = called(hall)
    stranger = hall.officers[1]
    with pytest.raises(NotAtDesk):
        tickets.skip(pk, counter=hall.counter, by=stranger, now=at(9), key=key())
    with pytest.raises(WrongState, match="tidak lagi di loket ini"):
        hall.act(tickets.skip, pk, seat=1)
    assert ticket(pk).state == State.CALLED


def test_on_a_break_nobody_is_called(hall):
    tickets.desks.set_break(hall.counter, by=hall.officer, on_break=True, now=at(9))
    hall.issue()
    with pytest.raises(OnBreak):
        hall.call()


def test_calling_out_of_order_needs_a_reason_and_a_line(hall):
    elsewhere = hall.issue(service=hall.extra["other"])
    with pytest.raises(ReasonMissing):
        hall.act(tickets.call_out_of_order, elsewhere, reason=None)
    with pytest.raises(WrongState, match="tidak sedang menunggu"):
        hall.act(tickets.call_out_of_order, elsewhere, reason=Reason.OFFICE_MISTAKE)


def test_a_transfer_stays_in_the_mall_and_leaves_the_queue(hall):
    pk = serving(hall)
    stranger = make_service(make_queue(make_presence(make_hall(slug="mpp-lain").mall), "B"))
    with pytest.raises(SameQueue):
        hall.act(tickets.transfer, pk, service_id=hall.service.pk)
    with pytest.raises(NotOffered):
        hall.act(tickets.transfer, pk, service_id=stranger.pk)
    with pytest.raises(NotOffered):
        hall.act(tickets.transfer, pk, service_id=0)
    assert (ticket(pk).state, Ticket.objects.count()) == (State.SERVING, 1)


def test_a_transfer_ignores_a_used_up_quota_and_does_not_use_it(hall):
    service = make_service(make_queue(hall.presence, "C", quota=1))
    hall.issue(service=service)
    moved = hall.act(tickets.transfer, serving(hall), service_id=service.pk)

    day = ticket(moved).day
    assert (str(ticket(moved)), day.last_number, day.admitted) == ("C-002", 2, 1)


def test_a_closed_queue_takes_nobody_in(hall):
    pk = serving(hall)
    waits = ticket(hall.issue(service=hall.extra["other"]))
    waits.day.__class__.objects.filter(pk=waits.day_id).update(closed_at=at(14))
    with pytest.raises(NotOpen):
        hall.act(tickets.transfer, pk, service_id=hall.extra["other"].pk)


def test_a_second_person_at_a_counter_is_refused_by_the_database(hall):
    pk, other = called(hall), hall.issue()
    with pytest.raises(IntegrityError), transaction.atomic():
        Ticket.objects.filter(pk=other).update(state=State.CALLED, counter=hall.counter)
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX one_ticket_at_a_counter")
    Ticket.objects.filter(pk=other).update(state=State.CALLED, counter=hall.counter)
    assert ticket(pk).state == ticket(other).state == State.CALLED


def test_closing_ends_whatever_is_open(hall):
    for state in (State.WAITING, State.NO_SHOW, State.HOLD, State.CALLED):
        BROUGHT[state](hall)
    assert sweeps.close_days(now=at(0, 0, on=MONDAY + timedelta(days=1))) == 1

    assert {ticket(pk).state for pk in Ticket.objects.values_list("pk", flat=True)} == {
        State.EXPIRED
    }
    assert [verdict.id for verdict in invariants.verify(Scope()) if verdict.breaches] == []
