"""Who does what at once with applications and draws, and what is made of it."""

from datetime import timedelta
from itertools import count
from threading import Barrier

from django.db.models import QuerySet

from appointments import moves
from appointments.models import ApplicationEvent, Draw
from core.proof import Scope
from mpp.invariants import ALL
from queueing.invariants import verify
from tests.races.crowd import PATIENCE, no_transactions
from tests.recipes import MONDAY

DRAWN = MONDAY + timedelta(days=14)


def statements_alone(guard_off):
    """Take transactions, claims and row locks away: every statement stands alone."""
    guard_off.setattr(moves, "once", lambda _scope, _key, _what, act, now: (act(), True))
    guard_off.setattr(QuerySet, "select_for_update", lambda rows, **_how: rows.all())
    no_transactions(guard_off)


def at_once(guard_off, module, name):
    """The first two who ask this get their answers of the same moment."""
    ask, meet, asked = getattr(module, name), Barrier(2), count()

    def together_answered(*args, **more):
        answer = ask(*args, **more)
        if next(asked) < 2:
            meet.wait(PATIENCE)
        return answer

    guard_off.setattr(module, name, together_answered)


def is_broken():
    return any(verdict.breaches for verdict in verify(Scope(), ALL))


def made(move):
    return ApplicationEvent.objects.filter(move=move).count()


def draw_of(service):
    return Draw.objects.get(service=service, date=DRAWN)
