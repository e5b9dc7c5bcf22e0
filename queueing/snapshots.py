"""Reads a mall's floor into the offices that forecasting plays: who waits, who sits where, when.

Queues and counters that touch each other are one office; the others do not change its waits.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import reduce
from operator import or_

from django.db.models import F, Q

from agencies import opening
from agencies.models import CounterDay, in_use
from agencies.opening import Attendance, Stay
from hall import closures
from queueing.forecasting.office import Office, Person, Seat
from queueing.models import Desk, QueueDay, Ticket
from queueing.states import BEGINS, Priority
from services.models import CounterQueue, Service

STAY = ("weekday", "from_date", "until_date")
THERE = tuple(f"counter__days__{name}" for name in STAY)
NOBODY = 0  # the counter that will surely come where today none is planned


@dataclass(frozen=True)
class Place:
    """A mall to be read: its calendar, and its ratio of priority to regular people."""

    mall_id: int
    calendar: opening.Calendar
    ratio: int

    def today(self, now: datetime) -> date:
        return opening.local_date(now, self.calendar.zone)


@dataclass
class _Floor:
    """What the seats of a mall are made of."""

    lines: dict[int, list[tuple[int, int | None]]] = field(default_factory=dict)  # by counter
    staffed: dict[int, bool] = field(default_factory=dict)  # with an officer: whether on a break
    busy: dict[int, tuple[int, datetime]] = field(default_factory=dict)  # service and call there
    rota: dict[int, tuple[datetime, datetime]] = field(default_factory=dict)
    closed: Mapping[int, datetime] = field(default_factory=dict)
    shut: tuple[tuple[datetime, datetime], ...] = ()  # until the mall opens
    rest: tuple[datetime, datetime] | None = None  # of the mall, for counters without a rota
    streaks: dict[int, int] = field(default_factory=dict)  # by queue
    people: list[Person] = field(default_factory=list)


def believed_of(mall_ids: Iterable[int]) -> dict[int, dict[int, float]]:
    """The published minutes of every service of these malls."""
    found: dict[int, dict[int, float]] = {mall_id: {} for mall_id in mall_ids}
    services = Service.objects.filter(presence__mall__in=found)
    for mall_id, pk, minutes in services.values_list("presence__mall_id", "pk", "minutes"):
        found[mall_id][pk] = float(minutes)
    return found


def offices_of(places: Iterable[Place], *, now: datetime) -> dict[int, list[Office]]:
    """All offices of these malls as they stand now; the same few queries for one and for many."""
    malls = {place.mall_id: place for place in places}
    closed = closures.closed_in(malls, now=now)
    floors = {
        pk: _Floor(
            closed=closed[pk],
            shut=_shut(place.calendar, place.today(now), now),
            rest=opening.rest(place.calendar, place.today(now)),
        )
        for pk, place in malls.items()
    }
    _read_people(malls, floors, now)
    _read_counters(malls, floors, now)
    _read_desks(floors, now)
    return {pk: _offices(floors[pk], place.ratio, now) for pk, place in malls.items()}


def _offices(floor: _Floor, ratio: int, now: datetime) -> list[Office]:
    seats = _seats(floor, {person.queue for person in floor.people}, now)
    return [
        Office(
            people=tuple(person for person in floor.people if person.queue in queues),
            seats=tuple(seat for seat in seats if seat.lines[0][0] in queues),
            streaks=tuple((queue, floor.streaks.get(queue, 0)) for queue in sorted(queues)),
            ratio=ratio,
        )
        for queues in _joined(seats)
    ]


def _read_people(malls: Mapping[int, Place], floors: Mapping[int, _Floor], now: datetime) -> None:
    dates = {place.today(now) for place in malls.values()}
    days = QueueDay.objects.filter(mall__in=malls, date__in=dates)
    queue_of: dict[int, tuple[int, int]] = {}
    for pk, mall_id, queue, on, streak in days.values_list(
        "pk", "mall_id", "queue_id", "date", "streak"
    ):
        if on == malls[mall_id].today(now):
            queue_of[pk] = (mall_id, queue)
            floors[mall_id].streaks[queue] = streak
    rows = Ticket.objects.filter(day__in=queue_of, state__in=BEGINS).order_by("since", "pk")
    fields = rows.values_list("pk", "day_id", "service_id", "priority", "since")
    for pk, day, service, group, since in fields:
        mall_id, queue = queue_of[day]
        is_priority = group != Priority.NONE
        person = Person(pk, queue, service, is_priority, (since - now).total_seconds())
        floors[mall_id].people.append(person)


def _read_counters(malls: Mapping[int, Place], floors: Mapping[int, _Floor], now: datetime) -> None:
    served = CounterQueue.objects.filter(
        _in_use(malls, now), counter__days__presence=F("queue__presence")
    )
    fields = ("queue__mall_id", "counter_id", "queue_id", "rank", *THERE)
    for mall_id, counter, queue, rank, *stay in served.order_by("pk").values_list(*fields):
        if malls[mall_id].today(now) in Attendance((Stay(*stay),)):
            floors[mall_id].lines.setdefault(counter, []).append((queue, rank))
    rota = CounterDay.objects.filter(counter__mall__in=malls, break_from__isnull=False)
    columns = ("counter__mall_id", "counter_id", "break_from", "break_until", *STAY)
    for mall_id, counter, begins, ends, *stay in rota.values_list(*columns):
        place = malls[mall_id]
        on = place.today(now)
        if on in Attendance((Stay(*stay),)) and begins is not None and ends is not None:
            span = (_at(place.calendar, on, begins), _at(place.calendar, on, ends))
            floors[mall_id].rota[counter] = span


def _in_use(malls: Mapping[int, Place], now: datetime) -> Q:
    """The lines of queues and counters that are in use on the day it is at their mall."""
    days: dict[date, list[int]] = {}
    for pk, place in malls.items():
        days.setdefault(place.today(now), []).append(pk)
    of_each = (
        Q(queue__mall__in=ids) & in_use(on, "queue") & in_use(on, "counter")
        for on, ids in days.items()
    )
    return reduce(or_, of_each, Q(pk__in=[]))


def _read_desks(floors: Mapping[int, _Floor], now: datetime) -> None:
    desks = Desk.objects.filter(counter__mall__in=floors, officer__isnull=False)
    for mall_id, counter, on_break in desks.values_list(
        "counter__mall_id", "counter_id", "on_break"
    ):
        floors[mall_id].staffed[counter] = on_break
    there = Ticket.objects.at_counter().filter(counter__mall__in=floors)
    fields = ("counter__mall_id", "counter_id", "service_id", "called_at")
    for mall_id, at_counter, service, called_at in there.values_list(*fields):
        if at_counter is not None and mall_id is not None:
            floors[mall_id].busy[at_counter] = (service, called_at or now)


def _shut(
    calendar: opening.Calendar, on: date, now: datetime
) -> tuple[tuple[datetime, datetime], ...]:
    """The time until today's opening."""
    hours = opening.day(calendar, on).hours
    if hours is None or now >= (opens := _at(calendar, on, hours.opens)):
        return ()
    return ((now, opens),)


def _at(calendar: opening.Calendar, on: date, at: time) -> datetime:
    return opening.moment(calendar, on, at)


def _seats(floor: _Floor, waited_for: Iterable[int], now: datetime) -> list[Seat]:
    """The counters at work; where nobody is, those that should be, or one that will surely come."""
    working = [pk for pk in floor.lines if pk in floor.staffed or pk in floor.busy]
    manned = {queue for pk in working for queue, _rank in floor.lines[pk]}
    planned = [
        pk
        for pk, lines in floor.lines.items()
        if pk not in working and not all(queue in manned for queue, _rank in lines)
    ]
    seats = [_seat(pk, floor, now) for pk in sorted([*working, *planned])]
    reached = {queue for seat in seats for queue, _rank in seat.lines}
    ghosts = sorted(set(waited_for) - reached)
    return seats + [Seat(NOBODY, ((queue, None),), rests=_rests(floor, 0, now)) for queue in ghosts]


def _seat(pk: int, floor: _Floor, now: datetime) -> Seat:
    service, called_at = floor.busy.get(pk, (None, now))
    until = floor.closed.get(pk)
    rota = floor.rota.get(pk)
    is_away = floor.staffed.get(pk, False) and service is None
    if is_away and rota and rota[0] <= now < rota[1]:
        until = max(until or rota[1], rota[1])
    return Seat(
        counter=pk,
        lines=tuple(floor.lines[pk]),
        service=service,
        busy_for=max(0.0, (now - called_at).total_seconds()),
        away_until=(until - now).total_seconds() if until and service is None else None,
        is_away=is_away,
        rests=_rests(floor, pk, now),
    )


def _rests(floor: _Floor, pk: int, now: datetime) -> tuple[tuple[float, float], ...]:
    rest = floor.rota.get(pk) or floor.rest
    spans = [*floor.shut, *([rest] if rest else [])]
    return tuple(
        ((begins - now).total_seconds(), (ends - now).total_seconds())
        for begins, ends in sorted(spans)
        if ends > now
    )


def _joined(seats: Iterable[Seat]) -> list[frozenset[int]]:
    """The queues of each office: those that share a counter, directly or through others."""
    groups: list[set[int]] = []
    for seat in seats:
        found = {queue for queue, _rank in seat.lines}
        touching = [group for group in groups if group & found]
        groups = [group for group in groups if not group & found]
        groups.append(found.union(*touching))
    return [frozenset(group) for group in groups]
