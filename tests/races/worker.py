"""One process of a race: says that it is ready, reads its job, does it, prints the answers."""

import json
import sys

import django

django.setup()

from accounts.models import User  # noqa: E402 - Django must be set up first
from agencies.models import Counter  # noqa: E402
from queueing import tickets  # noqa: E402
from queueing.states import Priority  # noqa: E402
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


if __name__ == "__main__":
    print("ready", flush=True)  # noqa: T201 - this is how it speaks
    job = json.loads(sys.stdin.readline())
    print(json.dumps({"issue": issue, "call": call}[job.pop("act")](**job)))  # noqa: T201
