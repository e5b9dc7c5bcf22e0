"""A simulated officer at a counter: one press of a button after the other.

At any time at most one next act of an officer is pending; planning another one replaces it.
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol
from uuid import uuid4

from django.db import InterfaceError, OperationalError

from accounts.models import User
from agencies.models import Counter
from core.errors import Refused
from queueing import desks, figures, tickets
from queueing.models import Ticket
from queueing.refusals import DeskTaken, NotAtDesk
from queueing.simulation.plan import PLAIN, Duty, Fate, Hall, Window, dice
from queueing.states import AT_COUNTER, Move, Reason, State

log = logging.getLogger(__name__)
Act = Callable[[datetime], None]

# A rule said no, or the database was busy: part of life, the next act follows.
UNLUCKY = (Refused, OperationalError, InterfaceError)
OUT_OF_ORDER = 0.004  # of all calls
BOTH_AT_ONCE = 0.5  # how often an officer finishes and calls with one button
LAST_DETOURS = timedelta(minutes=40)  # before closing nobody is sent away or elsewhere any more
SHORTEST = timedelta(seconds=45)
RECOVERY = timedelta(seconds=15)
TAKEN_BACK_AFTER = timedelta(seconds=60)


class Floor(Protocol):
    """What an officer sees of the hall: the clock to plan by, the people, the other counters."""

    hall: Hall
    paces: dict[int, float]
    fates: dict[int, Fate]

    def plan(self, moment: datetime, act: Act) -> None: ...
    def wake(self, queue_id: int, now: datetime) -> None: ...
    def gone(self, ticket_id: int, now: datetime) -> None: ...


class Seat:
    """One counter and its officer on one day."""

    def __init__(
        self,
        floor: Floor,
        window: Window,
        counter: Counter,
        officer: User,
        *,
        duty: Duty,
        seed: int,
    ) -> None:
        self.floor, self.window, self.counter, self.officer = floor, window, counter, officer
        self.duty = duty
        self.chance = dice(floor.hall.slug, floor.hall.opens, seed, window.number, "acts")
        self.is_seated = self.is_idle = self.is_coming = self.is_lost = False
        self.free_since: datetime | None = None
        self.rest: timedelta | None = None
        self.held: list[tuple[datetime, int]] = []
        self._turn = 0

    # --- planning ---------------------------------------------------------------------------

    def _then(self, at: datetime, act: Act) -> None:
        self._turn += 1
        self.is_idle = self.is_coming = False
        turn = self._turn

        def due(now: datetime) -> None:
            if turn == self._turn:
                self._do(act, now)

        self.floor.plan(at, due)

    def _do(self, act: Act, now: datetime) -> None:
        try:
            act(now)
        except (NotAtDesk, DeskTaken) as refusal:
            log.debug("%s: %s", self.officer, refusal.code)
            self._lose()
        except UNLUCKY as error:
            # Somebody was faster, perhaps: look who is at the desk and go on from there.
            log.debug("%s: %s", self.officer, error)
            self._then(now + RECOVERY, self.sit)

    def _soon(self, now: datetime, low: float, high: float) -> datetime:
        return now + timedelta(seconds=self.chance.uniform(low, high))

    def _lose(self) -> None:
        """Somebody real sits here: nothing that was planned happens any more."""
        self._turn += 1
        self.is_seated = self.is_idle = self.is_coming = False
        self.is_lost, self.free_since = True, None

    # --- coming, resting, going -------------------------------------------------------------

    def begin(self, now: datetime) -> None:
        """Come in the morning, or at once when the day is already going on."""
        self._then(max(now, self.duty.sits_at), self.sit)
        for at, rest in self.duty.breaks:
            if at > now:
                self.floor.plan(at, partial(self._rest_due, rest))
        if self.floor.hall.closes > now:
            self.floor.plan(self._soon(self.floor.hall.closes, 5, 200), self._closing)

    def sit(self, now: datetime) -> None:
        """Take the desk and whoever is at it, as after a restart."""
        desks.open_(self.counter, by=self.officer, now=now)
        self.is_seated, self.is_lost = True, False
        present = Ticket.objects.filter(counter=self.counter, state__in=AT_COUNTER).first()
        if present is None:
            self._then(self._soon(now, 3, 20), self.look)
        elif present.state == State.CALLED:
            self._meet(present.pk, now)
        else:
            self._work(present.pk, now)

    def watch(self, officer_id: int | None, now: datetime) -> None:
        """See who sits here now; take the counter back a minute after somebody real has left."""
        if officer_id == self.officer.pk or not (self.is_seated or self.is_lost):
            return
        if officer_id is not None:
            self._lose()
        elif self.free_since is None:
            self._lose()
            self.free_since = now
        elif now - self.free_since >= TAKEN_BACK_AFTER and now < self.floor.hall.closes:
            self.is_lost, self.free_since = False, None
            self._then(now, self.sit)

    def recover_held(self, now: datetime) -> None:
        """Remember the people this officer asked to come back, after a restart."""
        held = Ticket.objects.filter(
            counter=self.counter, state=State.HOLD, day__date=self.floor.hall.opens.date()
        )
        mine = held.filter(events__move=Move.HOLD, events__by=self.officer).distinct()
        self.held = [(self._soon(now, 60, 600), pk) for pk in mine.values_list("pk", flat=True)]

    def _rest_due(self, rest: timedelta, now: datetime) -> None:
        self.rest = rest
        if self.is_idle:
            self._then(now, self.look)

    def _closing(self, now: datetime) -> None:
        if self.is_idle:
            self._then(now, self.look)

    def _pause(self, rest: timedelta, now: datetime) -> None:
        self.rest = None
        desks.set_break(self.counter, by=self.officer, on_break=True, now=now)
        self._then(now + rest, self._back)

    def _back(self, now: datetime) -> None:
        desks.set_break(self.counter, by=self.officer, on_break=False, now=now)
        self._then(self._soon(now, 2, 15), self.look)

    def _leave(self, now: datetime) -> None:
        desks.leave(self.counter, by=self.officer, now=now)
        self._turn += 1
        self.is_seated = self.is_idle = self.is_coming = False

    # --- the next person --------------------------------------------------------------------

    def wake(self, now: datetime) -> None:
        """Somebody has come to a line of this counter."""
        self._then(self._soon(now, 4, 14), self.look)
        self.is_coming = True

    def look(self, now: datetime) -> None:
        """The desk is free: rest, take somebody back, or call."""
        if self.rest is not None:
            self._pause(self.rest, now)
        elif (ticket_id := self._returned(now)) is not None:
            key = uuid4()
            tickets.resume(ticket_id, counter=self.counter, by=self.officer, now=now, key=key)
            self._meet(ticket_id, now)
        elif self.chance.random() < OUT_OF_ORDER and (ticket_id := self._picked(now)) is not None:
            self._meet(ticket_id, now)
        else:
            called = tickets.call_next(self.counter, by=self.officer, now=now, key=uuid4())
            self._meet_or_idle(called, now)

    def _meet_or_idle(self, ticket_id: int | None, now: datetime) -> None:
        if ticket_id is not None:
            self._meet(ticket_id, now)
        elif self.held:
            self._then(max(now, min(self.held)[0]), self.look)
            self.is_idle = True
        elif now >= self.floor.hall.closes:
            self._leave(now)
        else:
            self.is_idle = True

    def _returned(self, now: datetime) -> int | None:
        back = next((pair for pair in sorted(self.held) if pair[0] <= now), None)
        if back is None:
            return None
        self.held.remove(back)
        return back[1]

    def _picked(self, now: datetime) -> int | None:
        """Call somebody before their turn, from the list the console shows."""
        later = figures.waiting_at(self.counter, now=now).first[1:]
        if not later:
            return None
        chosen = next((ticket for ticket in later if ticket.is_priority), later[-1])
        reasons = [Reason.CANNOT_WAIT, Reason.URGENT_HEALTH]
        if not chosen.is_priority:
            reasons = [Reason.PAPERS_COMPLETED, Reason.OFFICE_MISTAKE, Reason.SYSTEM_TROUBLE]
        return tickets.call_out_of_order(
            chosen.pk,
            counter=self.counter,
            reason=self.chance.choice(reasons),
            by=self.officer,
            now=now,
            key=uuid4(),
        )

    # --- with somebody at the desk ------------------------------------------------------------

    def _fate(self, ticket_id: int) -> Fate:
        return self.floor.fates.get(ticket_id, PLAIN)

    def _press(self, move: Callable[..., int], ticket_id: int, now: datetime, **more: int) -> int:
        key = uuid4()
        return move(ticket_id, counter=self.counter, by=self.officer, now=now, key=key, **more)

    def _meet(self, ticket_id: int, now: datetime) -> None:
        """A number is on the board: will its person come?"""
        fate = self._fate(ticket_id)
        if fate.is_mistake:
            self._then(self._soon(now, 6, 22), lambda at: self._undo(ticket_id, at))
        elif fate.shows_up:
            self._then(self._soon(now, 10, 45), lambda at: self._serve(ticket_id, at))
        else:
            more = self.chance.randint(1, 2)
            self._then(self._soon(now, 25, 45), lambda at: self._repeat(ticket_id, more, at))

    def _undo(self, ticket_id: int, now: datetime) -> None:
        self.floor.fates[ticket_id] = replace(self._fate(ticket_id), is_mistake=False)
        self._press(tickets.undo, ticket_id, now)
        self._then(self._soon(now, 3, 10), self.look)

    def _repeat(self, ticket_id: int, more: int, now: datetime) -> None:
        if more:
            self._press(tickets.recall, ticket_id, now)
            again = more - 1
            self._then(self._soon(now, 25, 45), lambda at: self._repeat(ticket_id, again, at))
            return
        self._press(tickets.skip, ticket_id, now)
        self.floor.gone(ticket_id, now)
        self._then(self._soon(now, 3, 10), self.look)

    def _serve(self, ticket_id: int, now: datetime) -> None:
        self._press(tickets.serve, ticket_id, now)
        self._work(ticket_id, now)

    def _work(self, ticket_id: int, now: datetime) -> None:
        fate, rest = self._fate(ticket_id), self._work_left(ticket_id, now)
        if now >= self.floor.hall.closes - LAST_DETOURS:
            fate = replace(fate, transfer_to=None, held_for=None)
        if fate.transfer_to is not None:
            to = fate.transfer_to
            self._then(now + rest * 0.35, lambda at: self._transfer(ticket_id, to, at))
        elif fate.held_for is not None:
            back = fate.held_for
            self._then(now + rest * 0.5, lambda at: self._hold(ticket_id, back, at))
        else:
            self._then(now + rest, lambda at: self._finish(ticket_id, at))

    def _work_left(self, ticket_id: int, now: datetime) -> timedelta:
        ticket = Ticket.objects.select_related("service").get(pk=ticket_id)
        pace = self.floor.paces.get(ticket.service.queue_id, 1.0)
        speed = self._fate(ticket_id).work * self.duty.speed * pace
        since = (now - ticket.serving_at) if ticket.serving_at else timedelta(0)
        done = since + timedelta(seconds=ticket.service_seconds)
        return max(SHORTEST, timedelta(minutes=ticket.service.minutes * speed) - done)

    def _finish(self, ticket_id: int, now: datetime) -> None:
        is_free = self.rest is None and not self.held
        if is_free and self.chance.random() < BOTH_AT_ONCE:
            called = tickets.call_next(
                self.counter, by=self.officer, now=now, key=uuid4(), finishing=ticket_id
            )
            self._meet_or_idle(called, now)
            return
        self._press(tickets.finish, ticket_id, now)
        self._then(self._soon(now, 4, 30), self.look)

    def _hold(self, ticket_id: int, back: timedelta, now: datetime) -> None:
        self.floor.fates[ticket_id] = replace(self._fate(ticket_id), held_for=None)
        self._press(tickets.hold, ticket_id, now)
        self.held.append((now + back, ticket_id))
        self._then(self._soon(now, 4, 15), self.look)

    def _transfer(self, ticket_id: int, service_id: int, now: datetime) -> None:
        self.floor.fates[ticket_id] = replace(self._fate(ticket_id), transfer_to=None)
        new_id = self._press(tickets.transfer, ticket_id, now, service_id=service_id)
        self.floor.fates[new_id] = Fate(work=self.chance.uniform(0.5, 1.2))
        queue_id = next(
            (s.queue_id for s in self.floor.hall.services if s.service_id == service_id), 0
        )
        self.floor.wake(queue_id, now)
        self._then(self._soon(now, 4, 15), self.look)
