"""A healthy day is green, and every planted corruption is found by the invariant that forbids it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F

from agencies.models import Mall
from core.models import Answer
from core.proof import Scope
from hall.models import Board
from notifications.models import Message
from queueing import invariants, sweeps, tickets
from queueing.models import Ticket, TicketEvent, Visit
from queueing.states import Move, Priority, Reason, Rule, State
from tests.notifications.posts import contact_of
from tests.queueing.corrupting import breached, change, day, event, served
from tests.recipes import MONDAY, add_counter, at, key, make_hall, make_queue, make_service

pytestmark = pytest.mark.django_db
CHECKS = [
    "event_is_a_legal_move",
    "call_carries_its_proof",
    "out_of_order_has_a_reason",
]


@pytest.fixture
def hall():
    """A morning with every move in it, in two queues at three counters."""
    hall = make_hall(counters=2)
    other = make_service(make_queue(hall.presence, "B"), "Lain")
    add_counter(hall, queues=[other.queue])
    for minute in range(8):
        hall.issue(now=at(9, minute), priority=Priority(minute % 2))
    Visit.objects.filter(tickets__number=4).update(contact=contact_of(hall.mall))
    # Called in turn: 2, 4 (priority), 1; then 6 out of order.
    hall.done(hall.call(now=at(9, 10)), now=at(9, 12))
    interrupted = hall.call(now=at(9, 13))
    hall.act(tickets.serve, interrupted, now=at(9, 14))
    hall.act(tickets.hold, interrupted, now=at(9, 20))
    absent = hall.call(now=at(9, 21), seat=1)
    hall.act(tickets.recall, absent, now=at(9, 22), seat=1)
    hall.act(tickets.skip, absent, now=at(9, 23), seat=1)
    hall.act(tickets.resume, interrupted, now=at(9, 24), seat=1)
    hall.act(tickets.serve, interrupted, now=at(9, 25), seat=1)
    picked = Ticket.objects.get(number=6).pk
    hall.act(tickets.call_out_of_order, picked, now=at(9, 26), reason=Reason.URGENT_HEALTH)
    hall.act(tickets.serve, picked, now=at(9, 27))
    hall.act(tickets.transfer, picked, now=at(9, 30), service_id=other.pk)
    tickets.return_to_line(absent, now=at(9, 31), key=key())
    mistaken = hall.call(now=at(9, 32))
    hall.act(tickets.undo, mistaken, now=at(9, 32, 20))
    hall.act(tickets.serve, hall.call(now=at(9, 33)), now=at(9, 33))
    hall.act(tickets.finish, interrupted, now=at(9, 34), seat=1)
    tickets.cancel(Ticket.objects.waiting().latest("number").pk, now=at(9, 35), key=key())
    hall.act(tickets.serve, hall.call(now=at(9, 40), seat=2), now=at(9, 41), seat=2)
    return hall


@pytest.fixture
def unguarded():
    """Take away what would refuse the corruption; a rollback or the end brings it back."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for name in CHECKS:
                cursor.execute(f"ALTER TABLE queueing_ticketevent DROP CONSTRAINT {name}")
        yield
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = OFF")


CORRUPTIONS = {
    "a number is missing": (
        {"I1"},
        lambda: change(served(), number=77),
    ),
    "the counter row counts a number nobody has": (
        {"I1"},
        lambda: change(day(), last_number=F("last_number") + 1),
    ),
    "a number of the quota is given out twice": (
        {"I1a"},
        lambda: change(day(), admitted=F("admitted") - 1),
    ),
    "a ticket is in another state than its log": (
        {"I2"},
        lambda: change(served(), state=State.CANCELLED, service_seconds=0),
    ),
    "an event was deleted": (
        {"I2", "I12", "I6"},
        lambda: event(Move.SERVE, ticket=served()).delete(),
    ),
    "a ticket has no events": (
        {"I2", "I12", "I6", "I14"},
        lambda: TicketEvent.objects.filter(ticket=served()).delete(),
    ),
    "an event is no move of the table": (
        {"I2"},
        lambda: change(event(Move.SERVE, ticket=served()).get(), origin=State.WAITING),
    ),
    "a ticket was issued twice": (
        {"I2", "I6", "I14"},
        lambda: change(
            event(Move.SERVE, ticket=served()).get(),
            move=Move.ISSUE,
            origin=None,
            target=State.WAITING,
        ),
    ),
    "a life does not begin by issue": (
        {"I2", "I6"},
        lambda: change(
            event(Move.ISSUE, ticket=served()).get(), move=Move.RETURN, origin=State.NO_SHOW
        ),
    ),
    "times run backwards": (
        {"I2"},
        lambda: change(event(Move.CALL, ticket=served()).get(), at=at(8, 59)),
    ),
    "a place was moved forward": (
        {"I2", "I2b"},
        lambda: change(Ticket.objects.get(number=7, day=day()), since=at(8, 30)),
    ),
    "a place was moved forward, and the log with it": (
        {"I2b", "I14"},
        lambda: [
            change(Ticket.objects.get(number=7, day=day()), since=at(8, 30)),
            change(event(Move.ISSUE, ticket__number=7).get(), since=at(8, 30)),
        ],
    ),
    "a transferred ticket leads nowhere": (
        {"I1a", "I2a", "I2b"},
        lambda: change(Ticket.objects.get(came_from__isnull=False), came_from=None),
    ),
    "a transfer lost the visit": (
        {"I2a"},
        lambda: change(
            Ticket.objects.get(came_from__isnull=False),
            visit=Visit.objects.exclude(tickets__went_to__isnull=False).first(),
        ),
    ),
    "the wait is made shorter": (
        {"I2b"},
        lambda: change(served(), wait_seconds=F("wait_seconds") - 60),
    ),
    "the service is made longer": (
        {"I2b"},
        lambda: change(served(), service_seconds=F("service_seconds") + 60),
    ),
    "the service before a hold is forgotten": (
        {"I2b"},
        lambda: change(Ticket.objects.get(number=4), service_seconds=540),
    ),
    "two numbers were at one counter": (
        {"I4"},
        lambda: TicketEvent.objects.filter(ticket__number=6, counter__number="1").update(
            counter=event(Move.RESUME).get().counter
        ),
    ),
    "a call has no officer": (
        {"I4"},
        lambda: change(event(Move.CALL, ticket=served()).get(), by=None),
    ),
    "a number was served at another counter": (
        {"I4"},
        lambda: change(
            event(Move.SERVE, ticket=served()).get(),
            counter=event(Move.CALL, counter__number="2").first().counter,
        ),
    ),
    "a key has no answer": (
        {"I6"},
        lambda: Answer.objects.filter(fingerprint__startswith="FINISH").update(body=None),
    ),
    "an effect has no key": (
        {"I6"},
        lambda: Answer.objects.filter(fingerprint=f"SERVE {served().pk}").delete(),
    ),
    "an answered effect did not happen": (
        {"I6"},
        lambda: Answer.objects.filter(fingerprint=f"SERVE {served().pk}").update(
            fingerprint=f"SKIP {served().pk}"
        ),
    ),
    "a board is ahead of its log": (
        {"I12"},
        lambda: Board.objects.update(version=F("version") + 1),
    ),
    "a board is behind its log": (
        {"I12"},
        lambda: Board.objects.update(version=F("version") - 1),
    ),
    "a version is missing": (
        {"I12"},
        lambda: [
            change(TicketEvent.objects.latest("version"), version=F("version") + 1),
            Board.objects.update(version=F("version") + 1),
        ],
    ),
    "a call was not told to whoever follows it": (
        {"I8"},
        lambda: Message.objects.all().delete(),
    ),
    "a version is there twice": (
        {"I12"},
        lambda: change(
            event(Move.CANCEL).get(), version=event(Move.FINISH).latest("version").version
        ),
    ),
    "a rank is stored wrong": (
        {"I14"},
        lambda: change(event(Move.CALL, ticket=served()).get(), rank=1),
    ),
    "people passed over are not counted": (
        {"I14"},
        lambda: change(event(Move.CALL, ticket=served()).get(), passed=0),
    ),
    "a streak is stored wrong": (
        {"I14"},
        lambda: change(event(Move.CALL, ticket=served()).get(), streak=1),
    ),
    "the day's streak is not that of its calls": (
        {"I14"},
        lambda: change(day(), streak=F("streak") + 1),
    ),
    "a rule is stored wrong": (
        {"I14"},
        lambda: change(event(Move.CALL, ticket=served()).get(), rule=Rule.FIRST),
    ),
    "a call out of order passes for one in order": (
        {"I14"},
        lambda: change(event(Move.CALL, rule=Rule.OUT_OF_ORDER).get(), rule=Rule.FIRST),
    ),
    "the calls do not follow the ratio": (
        {"I14"},
        lambda: TicketEvent.objects.filter(move=Move.CALL).update(ratio=1),
    ),
    "a queue-day has the date of the day before": (
        {"I16"},
        lambda: change(day(), date=F("date") - timedelta(days=1)),
    ),
    "a number was issued on another date": (
        {"I16"},
        lambda: change(
            Ticket.objects.get(number=7, day=day()), issued_at=at(23, on=MONDAY - timedelta(days=1))
        ),
    ),
}


def test_a_new_ratio_does_not_make_calls_already_made_unfair(hall):
    Mall.objects.update(priority_ratio=7)

    assert [verdict.id for verdict in invariants.verify(Scope()) if verdict.breaches] == []


def test_a_healthy_day_is_green(hall):
    verdicts = list(invariants.verify(Scope()))

    assert [(verdict.id, verdict.breaches) for verdict in verdicts] == [
        (invariant.id, 0) for invariant in invariants.INVARIANTS
    ]
    assert all(verdict.checked for verdict in verdicts)


def test_a_closed_day_is_green(hall):
    sweeps.close_days(now=at(0, 5) + timedelta(days=1))

    assert breached() == set()
    assert not Ticket.objects.filter(state=State.WAITING).exists()


def test_an_empty_portal_is_green():
    assert breached() == set()


@pytest.mark.parametrize("name", CORRUPTIONS)
@pytest.mark.usefixtures("unguarded")
def test_a_planted_corruption_is_found(hall, name):
    expected, corrupt = CORRUPTIONS[name]
    corrupt()

    assert breached() == expected


def test_every_invariant_has_a_corruption_of_its_own():
    planted = set().union(*(ids for ids, _corrupt in CORRUPTIONS.values()))
    assert planted == {invariant.id for invariant in invariants.INVARIANTS}
