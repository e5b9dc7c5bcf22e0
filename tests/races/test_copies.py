"""Ten parallel copies of one act: one effect, the same answer."""

from dataclasses import dataclass
from functools import partial

import pytest
from django.db import transaction

from core.models import Answer
from queueing import tickets
from queueing.models import TicketEvent
from queueing.states import Priority, Reason
from tests.races.crowd import errors, together
from tests.recipes import add_counter, at, key, make_hall, make_queue, make_service

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@dataclass
class Act:
    """One act as a press on a screen would send it, and how many events it makes."""

    press: partial
    events: int = 1


def called(hall):
    hall.issue(now=at(8, 30))
    return hall.call()


def serving(hall):
    pk = called(hall)
    hall.act(tickets.serve, pk)
    return pk


def held(hall):
    pk = serving(hall)
    hall.act(tickets.hold, pk)
    return pk


def skipped(hall):
    pk = called(hall)
    hall.act(tickets.skip, pk)
    return pk


def at_desk(hall, move, pk, **more):
    return partial(move, pk, counter=hall.counter, by=hall.officer, now=at(9), **more)


def other_service(hall):
    service = make_service(make_queue(hall.presence, "B"))
    add_counter(hall, queues=[service.queue])
    return service


ACTS = {
    "issue": lambda hall: Act(
        partial(tickets.issue, hall.service.pk, priority=Priority.NONE, now=at(9))
    ),
    "call_next": lambda hall: Act(
        partial(tickets.call_next, hall.counter, by=hall.officer, now=at(9)), len([hall.issue()])
    ),
    "finish and call_next": lambda hall: Act(
        partial(
            tickets.call_next, hall.counter, by=hall.officer, now=at(9), finishing=serving(hall)
        ),
        1 + len([hall.issue()]),
    ),
    "call_next of nobody": lambda hall: Act(
        partial(tickets.call_next, hall.counter, by=hall.officer, now=at(9)), 0
    ),
    "call_out_of_order": lambda hall: Act(
        at_desk(hall, tickets.call_out_of_order, hall.issue(), reason=Reason.CANNOT_WAIT)
    ),
    "recall": lambda hall: Act(at_desk(hall, tickets.recall, called(hall))),
    "serve": lambda hall: Act(at_desk(hall, tickets.serve, called(hall))),
    "finish": lambda hall: Act(at_desk(hall, tickets.finish, serving(hall))),
    "hold": lambda hall: Act(at_desk(hall, tickets.hold, serving(hall))),
    "resume": lambda hall: Act(at_desk(hall, tickets.resume, held(hall))),
    "skip": lambda hall: Act(at_desk(hall, tickets.skip, called(hall))),
    "undo": lambda hall: Act(at_desk(hall, tickets.undo, called(hall))),
    "return_to_line": lambda hall: Act(
        partial(tickets.return_to_line, skipped(hall), now=at(9, 5))
    ),
    "cancel": lambda hall: Act(partial(tickets.cancel, hall.issue(), now=at(9, 5))),
    "transfer": lambda hall: Act(
        at_desk(hall, tickets.transfer, serving(hall), service_id=other_service(hall).pk), 2
    ),
}


def ten_times(act):
    """Ten copies at once: their answers, and how many events they made."""
    press, before = partial(act.press, key=key()), TicketEvent.objects.count()
    answers = together(*[press] * 10)
    return answers, TicketEvent.objects.count() - before


@pytest.mark.parametrize("name", ACTS)
def test_ten_copies_have_one_effect_and_one_answer(hall, name):
    act = ACTS[name](hall)
    before = Answer.objects.count()
    answers, events = ten_times(act)

    assert errors(answers) == []
    assert len(set(answers)) == 1
    assert (events, Answer.objects.count() - before) == (act.events, 1)


def test_twin_without_the_claim_copies_differ(guard_off):
    def unclaimed(scope, key, what, act, now):
        with transaction.atomic():
            return act(), True

    for number, name in enumerate(ACTS):
        if name == "call_next of nobody":  # has no effect to be made twice
            continue
        act = ACTS[name](make_hall(slug=f"mpp-{number}"))
        with guard_off.context() as patch:
            patch.setattr(tickets, "once", unclaimed)
            answers, events = ten_times(act)
        assert errors(answers) or events > act.events, name


def test_a_key_is_free_again_after_a_failure(hall):
    pressed = key()

    def fail():
        with transaction.atomic():
            press()
            raise ZeroDivisionError

    def press():
        return tickets.issue(hall.service.pk, priority=Priority.NONE, now=at(9), key=pressed)

    answers = together(fail, press, fail, press)

    numbers = {answer for answer in answers if isinstance(answer, int)}
    assert (len(numbers), len(errors(answers))) == (1, 2)
    assert TicketEvent.objects.count() == 1
