"""Plays the log of one queue-day again, move by move, and finds every call that was not fair.

Pure: the events of a day go in, in the order of their versions; what was wrong comes out. The
places come from the events alone, so that a call is proven by the log and not by itself.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, TypeAlias

from queueing.calling import next_streak
from queueing.states import Move, Rule

Place: TypeAlias = tuple[datetime, int]  # the moment and the ticket, as in calling.Waiting.place
JOINS = frozenset({Move.ISSUE, Move.CONFIRM, Move.RETURN, Move.UNDO})
LEAVES = frozenset({Move.CANCEL, Move.EXPIRE})
TURN = {True: Rule.PRIORITY_TURN, False: Rule.REGULAR_TURN}


class Event(NamedTuple):
    """A move as the log tells it."""

    ticket_id: int
    is_priority: bool
    version: int
    move: int
    since: datetime | None
    rule: int | None
    rank: int | None
    passed: int | None
    streak: int | None
    ratio: int | None


@dataclass
class _Regular:
    """Somebody without priority in line: the rank, and how many later arrivals went before."""

    rank: int
    overtaken: int = 0


@dataclass
class _Call:
    """The last call of a ticket, as an undo needs it."""

    version: int
    streak: int
    overtook: list[int]


@dataclass
class Replay:
    """The line of a queue-day as it stood after each event."""

    streak: int = 0
    ratio: int = 0  # of the newest call; the widest so far bounds how often somebody is overtaken
    widest: int = 0
    called: int = 0
    newest_call: int = 0
    places: dict[int, Place] = field(default_factory=dict)
    everybody: list[Place] = field(default_factory=list)
    classes: dict[bool, list[Place]] = field(default_factory=lambda: {True: [], False: []})
    regulars: dict[int, _Regular] = field(default_factory=dict)
    calls: dict[int, _Call] = field(default_factory=dict)
    wrong: list[tuple[int, str]] = field(default_factory=list)

    def play(self, events: Iterable[Event]) -> None:
        for event in events:
            if event.move == Move.CALL:
                self._call(event)
            elif event.move in JOINS:
                if event.move == Move.UNDO:
                    self._undo(event.ticket_id)
                self._join(event)
            elif event.move in LEAVES and event.ticket_id in self.places:
                self._leave(event)

    def _join(self, event: Event) -> None:
        if event.since is None or event.ticket_id in self.places:
            self._note(event, "joined the line twice or without a place")
            return
        place = (event.since, event.ticket_id)
        self.places[event.ticket_id] = place
        insort(self.everybody, place)
        line = self.classes[event.is_priority]
        index = bisect_left(line, place)
        if not event.is_priority:
            # Whoever joins in front (transferred, returned, undone) is one more to wait for.
            for _since, behind in line[index:]:
                self.regulars[behind].rank += 1
            self.regulars[event.ticket_id] = _Regular(index + 1)
        line.insert(index, place)

    def _leave(self, event: Event) -> None:
        place = self.places.pop(event.ticket_id)
        for line in (self.everybody, self.classes[event.is_priority]):
            del line[bisect_left(line, place)]
        self.regulars.pop(event.ticket_id, None)

    def _call(self, event: Event) -> None:
        self.called += 1
        place = self.places.get(event.ticket_id)
        if place is None:
            self._note(event, "called without being in line")
            return
        self.ratio = event.ratio or 0
        self.widest = max(self.widest, self.ratio)
        self._proof(event, place)
        overtook: list[int] = []
        if event.rule != Rule.OUT_OF_ORDER:
            self._order(event, place)
            overtook = self._overtake(event, place)
        self._leave(event)
        self.calls[event.ticket_id] = _Call(event.version, self.streak, overtook)
        self.newest_call = event.version
        if event.rule != Rule.OUT_OF_ORDER:
            self.streak = next_streak(self.streak, is_priority=event.is_priority, ratio=self.ratio)

    def _proof(self, event: Event, place: Place) -> None:
        passed = bisect_left(self.everybody, place)
        if (event.rank, event.passed) != (passed + 1, passed):
            self._note(event, f"rank {event.rank} stored, {passed + 1} by the log")
        if event.streak != self.streak:
            self._note(event, f"streak {event.streak} stored, {self.streak} by the log")

    def _order(self, event: Event, place: Place) -> None:
        """Whether the ratio's class, and in it the first by place, was called."""
        wanted = self.streak < self.ratio
        line = self.classes[wanted] or self.classes[not wanted]
        if place != line[0]:
            self._note(event, "called before its turn")
            return
        by_arrival = place == self.everybody[0]
        rules = {Rule.FIRST, Rule.COUNTER_ORDER} if by_arrival else {TURN[wanted]}
        if event.rule not in rules:
            self._note(event, f"rule {event.rule} stored, {min(rules)} by the log")

    def _overtake(self, event: Event, place: Place) -> list[int]:
        """Count the call against everybody regular who came earlier; nobody may starve."""
        if not event.is_priority:
            return []
        line = self.classes[False]
        overtook = [ticket_id for _since, ticket_id in line[: bisect_left(line, place)]]
        for ticket_id in overtook:
            regular = self.regulars[ticket_id]
            regular.overtaken += 1
            if regular.overtaken > self.widest * regular.rank:
                self._note(event, f"overtook ticket {ticket_id} more often than the ratio allows")
        return overtook

    def _undo(self, ticket_id: int) -> None:
        call = self.calls.pop(ticket_id, None)
        if call is None:
            return
        if call.version == self.newest_call:
            self.streak = call.streak
        for overtaken in call.overtook:
            if overtaken in self.regulars:
                self.regulars[overtaken].overtaken -= 1

    def _note(self, event: Event, what: str) -> None:
        self.wrong.append((event.ticket_id, what))
