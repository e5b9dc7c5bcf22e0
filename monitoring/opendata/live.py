"""What goes on now in the malls, for other programs: who waits where, and for how long about.

The same that boards and pages show everybody; no number of a ticket, nobody's place. One mall is
five seconds old at most; all of them are read anew three times a minute, however many ask. Waits
are foretold as on the home page: for a mall by itself, or while few are open.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from agencies import opening
from agencies.access import public_malls
from agencies.calendars import calendars_of
from agencies.models import Mall
from agencies.opening import Status
from core.memo import briefly
from monitoring.opendata import asking
from monitoring.opendata.datasets import mark_of
from queueing import figures
from queueing.directory import LONGEST, MOST_FORETOLD
from queueing.figures import QueueNow
from services.models import Queue

EVERY, EVERY_ALL = 5, 20  # seconds for which an answer stands: of one mall, of all


@dataclass(frozen=True)
class Answer:
    """What the malls do at a moment, and the mark of it: the same until something changes."""

    at: datetime
    malls: list[dict[str, Any]]
    mark: str


def answer(slug: str, *, now: datetime) -> Answer:
    """One mall by its address, or all of them; 404 for one that is not public."""
    every = EVERY if slug else EVERY_ALL
    return _answer(slug, int(now.timestamp()) // every * every)


@briefly(EVERY_ALL, most=100)
def _answer(slug: str, second: int) -> Answer:
    now = datetime.fromtimestamp(second, UTC)
    mall = asking.mall_called(slug)
    malls = [mall] if mall else list(public_malls().order_by("slug"))
    found = _of_malls(malls, now=now)
    return Answer(now, found, mark_of("sekarang", found))


def _of_malls(malls: Collection[Mall], *, now: datetime) -> list[dict[str, Any]]:
    calendars = calendars_of(tuple(mall.pk for mall in malls))
    states = {pk: opening.status(each, now) for pk, each in calendars.items()}
    is_open = [pk for pk, state in states.items() if state.issues_numbers]
    by_mall: dict[int, list[QueueNow]] = {}
    for row in figures.queues_of(Queue.objects.filter(mall__in=is_open), calendars, now=now):
        by_mall.setdefault(row.queue.mall_id, []).append(row)
    foretells = len(is_open) <= MOST_FORETOLD
    return [
        _mall(mall, states[mall.pk], by_mall.get(mall.pk, []), foretells=foretells)
        for mall in malls
    ]


def _mall(
    mall: Mall, status: Status, queues: Collection[QueueNow], *, foretells: bool
) -> dict[str, Any]:
    return {
        "mall": mall.slug,
        "is_open": status.issues_numbers,
        "phase": status.phase.value,
        "waiting": sum(row.waiting for row in queues),
        "queues": [_queue(row, foretells=foretells) for row in queues if row.attends],
    }


def _queue(row: QueueNow, *, foretells: bool) -> dict[str, Any]:
    """A queue; a wait past all measure is no wait but a queue nobody works at."""
    wait = row.wait if foretells and not row.used_up else None
    is_known = wait is not None and wait.high <= LONGEST
    return {
        "letter": row.queue.letter,
        "name": row.queue.name,
        "agency": row.queue.presence.agency.slug,
        "waiting": row.waiting,
        "counters_open": row.desks_open,
        "wait_low": wait.low if wait is not None and is_known else None,
        "wait_high": wait.high if wait is not None and is_known else None,
    }
