"""The raw rows of one day of a mall, read as what the figures are made of. It only reads."""

from collections.abc import Iterable
from datetime import date, datetime
from enum import IntEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Subquery

from agencies.models import Mall
from monitoring.tallies import Counts, Tally, grouped, histogram
from queueing.models import Shortfall, Ticket, TicketEvent
from queueing.states import Move, State


class Channel(IntEnum):
    """How somebody came to a number."""

    KIOSK = 1  # printed at the machine
    BOOKED = 2  # had a reservation
    OFFICER = 3  # given out by staff
    PHONE = 4  # taken by oneself, without paper
    TRANSFER = 5  # sent on from another queue of the same visit


class Fact(NamedTuple):
    """One number that was given out, and what became of it."""

    presence: int
    queue: int
    service: int
    minutes: int  # the standard allows at the counter
    priority: int
    state: int
    issued_at: datetime
    called_at: datetime | None
    booked_for: datetime | None
    came_from: int | None
    waited: int
    waited_before: int | None  # in the queues the visit came from
    returns: int  # from then on the place is a new one, and no wait before it counts
    served_for: int
    given_by: int | None
    begun: int
    left_from: int | None  # the state in which the day's end found it
    was_skipped: bool
    lacked: bool  # a required paper was missing

    @property
    def channel(self) -> Channel:
        if self.came_from is not None:
            return Channel.TRANSFER
        if self.booked_for is not None:
            return Channel.BOOKED
        if self.begun == State.PRINTING:
            return Channel.KIOSK
        return Channel.PHONE if self.given_by is None else Channel.OFFICER


class Cell(NamedTuple):
    """Where a number belongs."""

    presence: int
    queue: int
    service: int
    channel: int
    priority: int
    hour: int  # of the mall's clock, in which it was given out


def of_day(mall: Mall, on: date) -> list[Fact]:
    """Every number of a mall's day that counts: those never printed are none."""
    events = TicketEvent.objects.filter(ticket=OuterRef("pk"))
    begun = events.filter(move=Move.ISSUE)
    left = events.filter(move=Move.EXPIRE).order_by("-version")
    tickets = Ticket.objects.filter(day__mall=mall, day__date=on)
    rows = tickets.exclude(state__in=[State.PRINTING, State.WITHDRAWN]).values_list(
        "day__queue__presence",
        "day__queue",
        "service",
        "service__minutes",
        "priority",
        "state",
        "issued_at",
        "called_at",
        "booked_for",
        "came_from",
        "wait_seconds",
        "came_from__wait_seconds",
        "returns",
        "service_seconds",
        Subquery(begun.values("by")[:1]),
        Subquery(begun.values("target")[:1]),
        Subquery(left.values("origin")[:1]),
        Exists(events.filter(move=Move.SKIP)),
        Exists(Shortfall.objects.filter(ticket=OuterRef("pk"))),
    )
    return [Fact(*row) for row in rows.order_by("pk")]


def cells(facts: Iterable[Fact], zone: ZoneInfo) -> dict[Cell, Tally]:
    """The numbers of each cell, counted."""
    return grouped((_cell(fact, zone), tally_of(fact)) for fact in facts)


def _cell(fact: Fact, zone: ZoneInfo) -> Cell:
    hour = fact.issued_at.astimezone(zone).hour
    return Cell(fact.presence, fact.queue, fact.service, int(fact.channel), fact.priority, hour)


def tally_of(fact: Fact) -> Tally:
    """One number, counted; each word is explained in definitions.py."""
    was_called = fact.called_at is not None
    was_served = fact.state in {State.DONE, State.TRANSFERRED}
    counts = Counts(
        issued=1,
        visits=fact.came_from is None,
        called=was_called,
        served=was_served,
        transferred=fact.state == State.TRANSFERRED,
        cancelled=fact.state == State.CANCELLED,
        absent=_ended_from(fact, State.NO_SHOW),
        unserved=_ended_from(fact, State.WAITING),
        interrupted=_ended_from(fact, State.HOLD),
        open=fact.state not in {*_ENDS, State.EXPIRED},
        skipped=fact.was_skipped,
        within=was_served and fact.served_for <= fact.minutes * 60,
        complete=was_served and not fact.lacked,
    )
    before = 0 if fact.returns else fact.waited_before or 0
    waited = max(fact.waited - before, 0)
    return Tally(
        Counts(*map(int, counts)),
        histogram([waited] if was_called else []),
        histogram([fact.served_for] if was_served else []),
    )


_ENDS = {State.DONE, State.TRANSFERRED, State.CANCELLED}


def _ended_from(fact: Fact, state: State) -> bool:
    return fact.state == State.EXPIRED and fact.left_from == state
