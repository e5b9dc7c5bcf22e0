"""Asking for a counter to be closed, the answer, and the console then."""

from core.proof import Scope
from hall import closures
from hall.models import Closure
from queueing import invariants
from tests.queueing.desks import look, press
from tests.recipes import at

MEETING = Closure.Reason.MEETING


def ask(client, hall, *, until="60", reason=MEETING, now=None, counter=None):
    form = {"reason": reason, "until": until}
    return press(client, counter or hall.counter, "tutup", now=now or at(12), **form)


def decide(supervisor, *, approve, now=None):
    waiting = Closure.objects.get(state=Closure.State.REQUESTED)
    closures.decide(waiting, approve=approve, by=supervisor, now=now or at(12, 1))


def page(client, hall, *, now=None, counter=None):
    answer = look(client, counter or hall.counter, now=now or at(12, 2))
    return " ".join(answer.content.decode().split())


def green():
    return [verdict.id for verdict in invariants.verify(Scope()) if verdict.breaches] == []
