"""The processes of a race: reads their jobs, does each in a process of its own, prints the answers.

What they need is read once, by the one that forks them.
"""

import json
import os
import random
import sys
import traceback
from datetime import datetime

import django

django.setup()

from django.db import connection  # noqa: E402 - Django must be set up first

from accounts.models import User  # noqa: E402
from agencies.models import Agreement, Counter  # noqa: E402
from appointments import booking, draws, waitlist  # noqa: E402
from appointments.refusals import SlotFull  # noqa: E402
from core.errors import Refused  # noqa: E402
from notifications import delivery  # noqa: E402
from notifications.channels import registry  # noqa: E402
from notifications.states import Channel  # noqa: E402
from onboarding.agreements import register  # noqa: E402
from queueing import tickets  # noqa: E402
from queueing.states import Priority  # noqa: E402
from tests.appointments.recipes import NINE, person  # noqa: E402
from tests.notifications.posts import Line, later  # noqa: E402
from tests.onboarding.agreements.recipes import SIGNING  # noqa: E402
from tests.recipes import at, key  # noqa: E402


def issue(service: int, times: int) -> list[int]:
    """Take so many numbers, one after the other."""
    return [
        tickets.issue(service, priority=Priority.NONE, now=at(9), key=key()) for _ in range(times)
    ]


def call(counter: int, officer: int) -> list[int]:
    """Call and skip until nobody waits."""
    desk = Counter.objects.select_related("mall__region").get(pk=counter)
    by = User.objects.get(pk=officer)
    called = []
    while (pk := tickets.call_next(desk, by=by, now=at(9, 30), key=key())) is not None:
        called.append(pk)
        tickets.skip(pk, counter=desk, by=by, now=at(9, 31), key=key())
    return called


def book(service: int, first: int, times: int) -> list[int]:
    """Hold and confirm a place for so many people, each with a phone of their own."""
    booked = []
    for number in range(first, first + times):
        try:
            pk = booking.hold(service, NINE, now=at(9), key=key())
        except SlotFull:
            continue
        booked.append(booking.confirm(pk, person(number), now=at(9), key=key()))
    return booked


def share_out(day: str) -> list[int]:
    """Draw and hand out what is due, then offer what has come back."""
    now = datetime.fromisoformat(day)
    return [draws.work(now=now), waitlist.work(now=now)]


def post() -> list[str]:
    """Send until nothing is due; the keys of what went out."""
    line = registry.SENDERS[Channel.TEXT] = Line()
    while found := delivery.claim(now=later(1)):
        for claimed in found:
            delivery.send(claimed, now=later(1))
    return [outgoing.key for outgoing in line.sent]


def sign(draft: int, officer: int) -> list[str]:
    """Sign one document; what came of it."""
    drafted, by = Agreement.objects.get(pk=draft), User.objects.get(pk=officer)
    try:
        register.sign([drafted], SIGNING, by=by, now=at(9))
    except Refused as refusal:
        return [refusal.code]
    return ["signed"]


ACTS = {
    "issue": issue,
    "call": call,
    "book": book,
    "share_out": share_out,
    "post": post,
    "sign": sign,
}


def hatch(job: dict, gate: tuple[int, int]) -> int:
    """A process of its own that does the job when the gate opens; where to read its answer."""
    hears, says = os.pipe()
    if os.fork():
        os.close(says)
        return hears
    waits, holds = gate
    os.close(holds)
    random.seed()  # else all of them would wait equally long for each other
    try:
        connection.ensure_connection()
        os.read(waits, 1)
        with open(says, "w") as answer:  # noqa: PTH123 - a number, not a path
            json.dump(ACTS[job.pop("act")](**job), answer)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)


if __name__ == "__main__":
    gate = os.pipe()
    answers = [hatch(job, gate) for job in json.loads(sys.stdin.readline())]
    os.close(gate[1])  # when nobody holds it any more it is open, for all at the same moment
    told = [json.load(open(answer)) for answer in answers]  # noqa: PTH123, SIM115 - numbers, and it ends here
    print(json.dumps(told))  # noqa: T201 - this is how it speaks
