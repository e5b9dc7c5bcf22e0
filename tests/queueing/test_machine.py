"""A queue-day against a simple model of plain lists: every move by anybody, at any moment."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from core.errors import Refused
from core.proof import Scope
from queueing import invariants, sweeps, tickets
from queueing.models import TicketEvent
from queueing.states import Move, Priority, Reason, State
from services.models import CounterQueue
from tests.recipes import MONDAY, add_counter, at, key, make_hall, make_queue, make_service, ticket

pytestmark = pytest.mark.django_db
RATIO = 2
# Counter: the queues it serves and their rank there.
LINES = [{"A": None}, {"A": 2, "B": 1}, {"A": None, "B": None}, {"B": None}]


@dataclass
class Person:
    """What the model knows of a ticket."""

    id: int
    queue: str
    number: int
    is_priority: bool
    since: object
    state: State = State.WAITING
    counter: int | None = None
    recalls: int = 0
    returns: int = 0
    called_at: object = None  # the last call, None after a resume: nothing to undo
    waited: int = 0

    @property
    def place(self):
        return (self.since, self.id)


class Model:
    """The rules of the queue once more, the slow and simple way."""

    def __init__(self):
        self.people, self.streak = [], {"A": 0, "B": 0}
        self.calls = {"A": [], "B": []}  # the persons called and the streak before

    def line(self, queue):
        waiting = [p for p in self.people if p.queue == queue and p.state == State.WAITING]
        return sorted(waiting, key=lambda person: person.place)

    def at(self, counter):
        busy = {State.CALLED, State.SERVING}
        return next((p for p in self.people if p.counter == counter and p.state in busy), None)

    def head(self, queue):
        line = self.line(queue)
        turn = [p for p in line if p.is_priority == (self.streak[queue] < RATIO)]
        return (turn or line or [None])[0]

    def next_for(self, counter):
        heads = [(rank, self.head(queue)) for queue, rank in LINES[counter].items()]
        waiting = [(rank or 99, head.place, head) for rank, head in heads if head]
        return min(waiting)[2] if waiting else None

    def issue(self, id_, queue, is_priority, since):
        number = 1 + sum(p.queue == queue for p in self.people)
        self.people.append(Person(id_, queue, number, is_priority, since))

    def call(self, person, counter, now, *, in_turn=True):
        self.calls[person.queue].append((person, self.streak[person.queue]))
        if in_turn:
            streak = self.streak[person.queue] + 1 if person.is_priority else 0
            self.streak[person.queue] = min(streak, RATIO)
        person.state, person.counter, person.recalls = State.CALLED, counter, 0
        person.called_at, person.waited = now, int((now - person.since).total_seconds())

    def undo(self, person):
        last, streak = self.calls[person.queue][-1]
        if last is person:
            self.streak[person.queue] = streak
        person.state, person.counter, person.recalls = State.WAITING, None, 0

    def return_(self, person, now):
        same = [p.since for p in self.line(person.queue) if p.is_priority == person.is_priority]
        tick = timedelta(microseconds=1)
        behind_all = max([now, *(since + tick for since in same)])
        person.since = behind_all if len(same) < 3 else same[2] + tick
        person.state, person.counter = State.WAITING, None
        person.returns += 1

    def move(self, name, person, seat, now, answer):
        """What the move does to the lists, once it is allowed."""
        if name in ENDS:
            person.state = ENDS[name]
        elif name == "recall":
            person.recalls += 1
        elif name == "resume":
            person.state, person.counter, person.recalls = State.CALLED, seat, 0
            person.called_at = None
        elif name == "call_out_of_order":
            self.call(person, seat, now, in_turn=False)
        elif name == "undo":
            self.undo(person)
        elif name == "return_to_line":
            self.return_(person, now)
        if name == "transfer":
            endured = timedelta(seconds=person.waited)
            self.issue(answer, "AB"[person.queue == "A"], person.is_priority, now - endured)


def there(state, person, seat):
    return person.counter == seat and person.state == state


def free(model, person, seat):
    return person.queue in LINES[seat] and model.at(seat) is None


# When a move at a counter is allowed: by whom, at which counter, when.
RULES = {
    "call_out_of_order": lambda m, p, seat, _now: p.state == State.WAITING and free(m, p, seat),
    "recall": lambda _m, p, seat, _now: there(State.CALLED, p, seat) and p.recalls < 3,
    "serve": lambda _m, p, seat, _now: there(State.CALLED, p, seat),
    "skip": lambda _m, p, seat, _now: there(State.CALLED, p, seat),
    "undo": lambda _m, p, seat, now: (
        there(State.CALLED, p, seat)
        and p.called_at is not None
        and now - p.called_at <= timedelta(seconds=30)
    ),
    "finish": lambda _m, p, seat, _now: there(State.SERVING, p, seat),
    "hold": lambda _m, p, seat, _now: there(State.SERVING, p, seat),
    "transfer": lambda _m, p, seat, _now: there(State.SERVING, p, seat),
    "resume": lambda m, p, seat, _now: p.state == State.HOLD and free(m, p, seat),
}
ENDS = {
    "serve": State.SERVING,
    "skip": State.NO_SHOW,
    "finish": State.DONE,
    "hold": State.HOLD,
    "transfer": State.TRANSFERRED,
    "cancel": State.CANCELLED,
}
SENSIBLE = {
    State.CALLED: ["serve", "serve", "recall", "skip", "undo"],
    State.SERVING: ["finish", "hold", "transfer"],
    State.HOLD: ["resume"],
}
seats = st.integers(0, len(LINES) - 1)
groups = st.sampled_from([0, 0, 1, 3])


def having(*states):
    """Only while somebody is in one of these states."""
    return precondition(lambda self: any(p.state in states for p in self.model.people))


class QueueDayMachine(RuleBasedStateMachine):
    hall = services = None  # made once; what an example writes is rolled back

    def __init__(self):
        super().__init__()
        self.model, self.now = Model(), at(9)
        self.transaction = transaction.atomic()
        self.transaction.__enter__()

    def teardown(self):
        try:
            self.prove()
            sweeps.close_days(now=at(0, 1, on=MONDAY + timedelta(days=1)))
            self.prove()
        finally:
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)

    def prove(self):
        broken = [verdict for verdict in invariants.verify(Scope()) if verdict.breaches]
        assert broken == []
        for person in self.model.people:
            if person.state in {State.WAITING, State.CALLED, State.SERVING}:
                continue
            found = ticket(person.id)
            assert (str(found), found.returns) == (
                f"{person.queue}-{person.number:03d}",
                person.returns,
            )

    def those(self, state):
        return [person for person in self.model.people if person.state == state]

    def attempt(self, act, *, allowed):
        """Do it; the portal must refuse exactly when the model does, and then change nothing."""
        before = TicketEvent.objects.count()
        try:
            answer, was_allowed = act(), True
        except Refused:
            answer, was_allowed = None, False
        assert was_allowed == allowed
        assert allowed or TicketEvent.objects.count() == before
        return answer

    def at_desk(self, move, person, seat, *, allowed, **more):
        counter, by = self.hall.counters[seat], self.hall.officers[seat]
        return self.attempt(
            lambda: move(person.id, counter=counter, by=by, now=self.now, key=key(), **more),
            allowed=allowed,
        )

    @initialize(arrivals=st.lists(st.tuples(st.sampled_from("AB"), groups), max_size=12))
    def the_hall_opens(self, arrivals):
        for queue, priority in arrivals:
            self.issue(queue, priority)

    @rule(seconds=st.integers(0, 45))
    def time_passes(self, seconds):
        self.now += timedelta(seconds=seconds)

    @rule(queue=st.sampled_from("AB"), priority=groups)
    def issue(self, queue, priority):
        pk = tickets.issue(
            self.services[queue].pk, priority=Priority(priority), now=self.now, key=key()
        )
        self.model.issue(pk, queue, bool(priority), self.now)
        assert str(ticket(pk)) == f"{queue}-{self.model.people[-1].number:03d}"

    @rule(seat=seats)
    def call_next(self, seat):
        self.call(seat, finishing=None)

    @having(State.SERVING)
    @rule(data=st.data())
    def finish_and_call_next(self, data):
        person = data.draw(st.sampled_from(self.those(State.SERVING)))
        self.call(person.counter, finishing=person)

    @having(*State)
    @rule(seat=seats, data=st.data())
    def finish_anybody_and_call_next(self, seat, data):
        self.call(seat, finishing=data.draw(st.sampled_from(self.model.people)))

    def call(self, seat, *, finishing):
        counter, by = self.hall.counters[seat], self.hall.officers[seat]
        there, chosen = self.model.at(seat), self.model.next_for(seat)
        allowed = there is finishing and (there is None or there.state == State.SERVING)
        rank = chosen and 1 + self.model.line(chosen.queue).index(chosen)
        called = self.attempt(
            lambda: tickets.call_next(
                counter, by=by, now=self.now, key=key(), finishing=finishing and finishing.id
            ),
            allowed=allowed,
        )
        if not allowed:
            return
        if finishing is not None:
            finishing.state = State.DONE
        assert called == (chosen and chosen.id)
        if chosen is not None:
            event = TicketEvent.objects.latest("version")
            assert (event.move, event.rank, event.passed) == (Move.CALL, rank, rank - 1)
            self.model.call(chosen, seat, self.now)
            assert ticket(called).wait_seconds == chosen.waited

    @having(State.CALLED, State.SERVING, State.HOLD)
    @rule(data=st.data())
    def work_at_a_counter(self, data):
        """Moves that make sense now, at the counter where the person is."""
        for _ in range(data.draw(st.integers(1, 4))):
            at_work = [person for person in self.model.people if person.state in SENSIBLE]
            if at_work:
                person = data.draw(st.sampled_from(at_work))
                name = data.draw(st.sampled_from(SENSIBLE[person.state]))
                self.move(name, person, person.counter)

    @having(State.WAITING, State.NO_SHOW)
    @rule(data=st.data())
    def give_up_or_come_back(self, data):
        absent = self.those(State.NO_SHOW) or self.those(State.WAITING)
        person = data.draw(st.sampled_from(absent))
        self.visitor("return_to_line" if person.state == State.NO_SHOW else "cancel", person)

    @having(*State)
    @rule(seat=seats, data=st.data())
    def press_anything(self, seat, data):
        """What an old screen or a stranger's hand may send."""
        person = data.draw(st.sampled_from(self.model.people))
        name = data.draw(st.sampled_from([*RULES, "return_to_line", "cancel"]))
        if name in RULES:
            self.move(name, person, seat)
        else:
            self.visitor(name, person)

    def move(self, name, person, seat):
        """A move at a counter, allowed or not, in the portal and then in the model."""
        allowed, more = RULES[name](self.model, person, seat, self.now), {}
        if name == "call_out_of_order":
            more = {"reason": Reason.URGENT_HEALTH}
        if name == "transfer":
            more = {"service_id": self.services["AB"[person.queue == "A"]].pk}
        counter, by = self.hall.counters[seat], self.hall.officers[seat]
        answer = self.attempt(
            lambda: getattr(tickets, name)(
                person.id, counter=counter, by=by, now=self.now, key=key(), **more
            ),
            allowed=allowed,
        )
        if allowed:
            self.model.move(name, person, seat, self.now, answer)
            assert ticket(person.id).state == person.state

    def visitor(self, name, person):
        allowed = person.state == State.WAITING
        if name == "return_to_line":
            allowed = person.state == State.NO_SHOW and not person.returns
        self.attempt(
            lambda: getattr(tickets, name)(person.id, now=self.now, key=key()), allowed=allowed
        )
        if allowed:
            self.model.move(name, person, None, self.now, None)
            assert (ticket(person.id).state, ticket(person.id).since) == (
                person.state,
                person.since,
            )


@pytest.mark.no_cover  # thousands of moves, each the same lines
def test_a_queue_day_behaves_like_the_simple_model():
    hall = make_hall()
    other = make_service(make_queue(hall.presence, "B"))
    queues = {"A": hall.queue, "B": other.queue}
    for line in LINES[1:]:
        counter = add_counter(hall, queues=[queues[letter] for letter in line])
        for letter, rank in line.items():
            CounterQueue.objects.filter(counter=counter, queue=queues[letter]).update(rank=rank)
    QueueDayMachine.hall, QueueDayMachine.services = hall, {"A": hall.service, "B": other}

    run_state_machine_as_test(
        QueueDayMachine,
        settings=settings(
            max_examples=40,
            stateful_step_count=40,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
