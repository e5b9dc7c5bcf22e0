"""Who is next: one pure rule on plain values, so that every call can be proven afterwards.

Within a queue people are called first in, first out inside their class; priority people and
regular people alternate by the mall's ratio, so that nobody starves: between two regular
people at most `ratio` priority people are called. Between the queues of one counter the
longest waiting goes first, unless the counter has an order of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from queueing.states import Rule

TICK = timedelta(microseconds=1)


@dataclass(frozen=True)
class Waiting:
    """Somebody in line; `since` is the moment that decides their place."""

    id: int
    day_id: int
    is_priority: bool
    since: datetime

    @property
    def place(self) -> tuple[datetime, int]:
        return (self.since, self.id)


@dataclass(frozen=True)
class Line:
    """A queue-day at a counter: priority people called since the last regular one, own rank."""

    streak: int
    rank: int | None = None


@dataclass(frozen=True)
class Choice:
    """Who is called, by which rule, and the proof: the rank by arrival and who was passed over.

    `rank` counts from 1 in the person's own queue; `passed` are people of the same queue who
    came earlier, `passed_elsewhere` people of the counter's other queues who waited longer.
    """

    ticket_id: int
    day_id: int
    is_priority: bool
    rule: Rule
    rank: int
    passed: int
    passed_elsewhere: int


def choose(people: Sequence[Waiting], lines: Mapping[int, Line], *, ratio: int) -> Choice | None:
    """The next person for a counter with these lines, or None when nobody waits.

    `people` may be in any order and must belong to `lines`, keyed by queue-day.
    """
    heads = [
        (head, rule, lines[day_id])
        for day_id in {person.day_id for person in people}
        for head, rule in [_head(people, day_id, lines[day_id].streak, ratio)]
    ]
    if not heads:
        return None
    chosen, rule, line = min(heads, key=_preference)
    longest = min(heads, key=lambda candidate: candidate[0].place)[0]
    if rule == Rule.FIRST and line.rank is not None and longest is not chosen:
        rule = Rule.COUNTER_ORDER
    return _proof(chosen, rule, people)


def _preference(candidate: tuple[Waiting, Rule, Line]) -> tuple[float, tuple[datetime, int]]:
    head, _rule, line = candidate
    return (line.rank if line.rank is not None else float("inf"), head.place)


def _head(people: Sequence[Waiting], day_id: int, streak: int, ratio: int) -> tuple[Waiting, Rule]:
    """The one this queue would send, and whether arrival or the turn of a class decided."""
    line = [person for person in people if person.day_id == day_id]
    first = min(line, key=lambda person: person.place)
    wants_priority = streak < ratio
    turn = [person for person in line if person.is_priority == wants_priority]
    if not turn:
        return first, Rule.FIRST
    head = min(turn, key=lambda person: person.place)
    if head is first:
        return head, Rule.FIRST
    return head, Rule.PRIORITY_TURN if wants_priority else Rule.REGULAR_TURN


def prove(ticket_id: int, rule: Rule, people: Sequence[Waiting]) -> Choice:
    """The proof for somebody called by hand: the same figures, whatever the rule."""
    chosen = next(person for person in people if person.id == ticket_id)
    return _proof(chosen, rule, people)


def _proof(chosen: Waiting, rule: Rule, people: Sequence[Waiting]) -> Choice:
    earlier = [person for person in people if person.place < chosen.place]
    passed = sum(person.day_id == chosen.day_id for person in earlier)
    return Choice(
        ticket_id=chosen.id,
        day_id=chosen.day_id,
        is_priority=chosen.is_priority,
        rule=rule,
        rank=passed + 1,
        passed=passed,
        passed_elsewhere=len(earlier) - passed,
    )


def next_streak(streak: int, *, is_priority: bool, ratio: int) -> int:
    """The streak after a call: a regular call starts it anew, more than the ratio never counts."""
    return min(streak + 1, ratio) if is_priority else 0


def order(people: Sequence[Waiting], *, streak: int, ratio: int) -> list[int]:
    """The ids of one queue in the order they will be called if nobody else comes."""
    classes = {
        kind: sorted((p for p in people if p.is_priority is kind), key=lambda p: p.place)
        for kind in (True, False)
    }
    called: list[int] = []
    while classes[True] or classes[False]:
        wanted = streak < ratio
        kind = wanted if classes[wanted] else not wanted
        called.append(classes[kind].pop(0).id)
        streak = next_streak(streak, is_priority=kind, ratio=ratio)
    return called


def sequence(
    people: Sequence[Waiting], lines: Mapping[int, Line], *, ratio: int, most: int
) -> list[int]:
    """The first ids in the order a counter with these lines would call them, if nobody comes."""
    left, lines = list(people), dict(lines)
    called: list[int] = []
    while len(called) < most and (choice := choose(left, lines, ratio=ratio)) is not None:
        line = lines[choice.day_id]
        after = next_streak(line.streak, is_priority=choice.is_priority, ratio=ratio)
        lines[choice.day_id] = Line(after, line.rank)
        left = [person for person in left if person.id != choice.ticket_id]
        called.append(choice.ticket_id)
    return called


def place_behind(others: Sequence[Waiting], *, behind: int, now: datetime) -> datetime:
    """The moment that puts somebody who comes back behind so many people of their class."""
    places = sorted(person.since for person in others)
    if len(places) < behind:
        return max([now, *(place + TICK for place in places)])
    return places[behind - 1] + TICK
