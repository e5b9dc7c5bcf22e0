"""A realistic day as a plan: who comes when, for what, and how they behave. Pure and seeded.

The same hall, day and seed give the same people, whatever machine plays them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from itertools import pairwise
from random import Random

from queueing.states import Priority

# Shares of people; each draw stands for itself, only a no-show has no further story.
NO_SHOW = 0.08
COMES_BACK = 1 / 3  # of the no-shows
TRANSFERRED = 0.04
HELD = 0.03
LEAVES = 0.02
CALLED_BY_MISTAKE = 0.005
GROUPS = {
    Priority.ELDERLY: 0.05,
    Priority.DISABILITY: 0.01,
    Priority.PREGNANT: 0.02,
    Priority.TODDLER: 0.02,
}

VISITORS_PER_COUNTER = 10
WEEKDAYS = (1.2, 1.0, 0.95, 0.95, 0.9, 0.8, 0.7)  # after the weekend people come first thing
SPREAD = 0.45  # standard deviation of the logarithm of a service time
QUOTA_PULL = 2.0  # a queue has a quota because many people want it
CROWDING = 2.0  # people at an agency grow faster than its counters
FULL = 0.8  # of the opening hours that a counter can be busy, lunch and lulls left out
QUOTA_SHARE = 0.9  # of a quota that the expected people use up


@dataclass(frozen=True)
class Offered:
    """A service that has a counter on this day."""

    service_id: int
    queue_id: int
    code: str
    minutes: int
    quota: int | None = None


@dataclass(frozen=True)
class Window:
    """A counter of this day, and the queues it serves."""

    counter_id: int
    number: str
    presence_id: int
    queue_ids: frozenset[int]
    rest: tuple[datetime, datetime] | None = None  # its own by the rota


@dataclass(frozen=True)
class Hall:
    """Everything of a mall's day that decides what may happen; moments are in its own zone."""

    slug: str
    opens: datetime
    closes: datetime
    rest: tuple[datetime, datetime] | None
    services: tuple[Offered, ...]
    windows: tuple[Window, ...]

    @property
    def visitors(self) -> int:
        """How many people come on such a weekday, unless somebody asks for another number."""
        usual = VISITORS_PER_COUNTER * len(self.windows)
        return round(usual * WEEKDAYS[self.opens.weekday()])


@dataclass(frozen=True)
class Fate:
    """How one person's visit will go, as far as it is up to them; plain when nothing is said."""

    shows_up: bool = True
    comes_back: timedelta | None = None
    leaves_after: timedelta | None = None
    transfer_to: int | None = None
    held_for: timedelta | None = None
    is_mistake: bool = False
    work: float = 1.0  # service time over the expected one, 1 on average


PLAIN = Fate()


@dataclass(frozen=True)
class Person:
    """Somebody who takes a number."""

    at: datetime
    service_id: int
    priority: Priority
    fate: Fate


def dice(*parts: object) -> Random:
    """A source of chance of its own for each part, so that one more draw here changes no other."""
    return Random("/".join(map(str, parts)))  # noqa: S311 - a simulation must be repeatable


def people(
    hall: Hall, *, seed: int, visitors: int | None = None, pace: float = 1.0
) -> list[Person]:
    """Everybody who comes on this day, by the moment they come."""
    wanted = hall.visitors if visitors is None else visitors
    if not hall.services or wanted <= 0:
        return []
    chance = dice(hall.slug, hall.opens.date(), seed, "people")
    weights = popularity(hall, visitors=wanted, pace=pace)
    return [_person(at, hall, weights, chance) for at in _moments(hall, wanted, chance)]


def _person(at: datetime, hall: Hall, weights: Sequence[float], chance: Random) -> Person:
    service = chance.choices(hall.services, weights)[0]
    elsewhere = [other for other in hall.services if other.queue_id != service.queue_id]
    return Person(
        at=at,
        service_id=service.service_id,
        priority=_group(chance),
        fate=_fate(elsewhere, chance),
    )


def _group(chance: Random) -> Priority:
    point = chance.random()
    for group, share in GROUPS.items():
        if point < share:
            return group
        point -= share
    return Priority.NONE


def _fate(elsewhere: Sequence[Offered], chance: Random) -> Fate:
    work = chance.lognormvariate(-(SPREAD**2) / 2, SPREAD)
    fate = Fate(work=min(work, 4.0), is_mistake=chance.random() < CALLED_BY_MISTAKE)
    if chance.random() < LEAVES:
        fate = replace(fate, leaves_after=_minutes(chance, 1, 12))
    if chance.random() < NO_SHOW:
        back = _minutes(chance, 3, 15) if chance.random() < COMES_BACK else None
        return replace(fate, shows_up=False, comes_back=back)
    point = chance.random()
    if point < TRANSFERRED and elsewhere:
        return replace(fate, transfer_to=chance.choice(elsewhere).service_id)
    if TRANSFERRED <= point < TRANSFERRED + HELD:
        return replace(fate, held_for=_minutes(chance, 5, 15))
    return fate


def _minutes(chance: Random, low: float, high: float) -> timedelta:
    return timedelta(minutes=chance.uniform(low, high))


def popularity(hall: Hall, *, visitors: int, pace: float = 1.0) -> list[float]:
    """The weight of each service: how it is staffed, what people want, what there is room for.

    A mall gives its busiest agencies the most counters, and still they have the longest lines;
    the rest is a taste that stays the same from day to day. Who finds no room in one queue
    is somebody who came for another.
    """
    counters = _staffing(hall)
    weights = [_wish(service, counters, hall) for service in hall.services]
    limits = {queue_id: _limit(hall, queue_id, counters, pace) for queue_id in counters}
    for _round in range(5):
        total, demand = sum(weights), _per_queue(hall, weights)
        shrink = {
            queue_id: min(1.0, limits[queue_id] * total / (visitors * wish))
            for queue_id, wish in demand.items()
        }
        pairs = zip(hall.services, weights, strict=True)
        weights = [weight * shrink[service.queue_id] for service, weight in pairs]
    return weights


def _wish(service: Offered, counters: dict[int, float], hall: Hall) -> float:
    siblings = sum(other.queue_id == service.queue_id for other in hall.services)
    taste = dice(hall.slug, service.code, "taste").lognormvariate(0, 0.35)
    pull = 1.0 if service.quota is None else QUOTA_PULL
    return float(counters[service.queue_id] ** CROWDING) / siblings * taste * pull


def _per_queue(hall: Hall, weights: Sequence[float]) -> dict[int, float]:
    demand: dict[int, float] = {}
    for service, weight in zip(hall.services, weights, strict=True):
        demand[service.queue_id] = demand.get(service.queue_id, 0.0) + weight
    return demand


def _limit(hall: Hall, queue_id: int, counters: dict[int, float], pace: float) -> float:
    """People a day whom the quota lets in and the counters can serve."""
    services = [service for service in hall.services if service.queue_id == queue_id]
    minutes = pace * sum(service.minutes for service in services) / max(len(services), 1)
    served = counters[queue_id] * _working_minutes(hall) / max(minutes, 1.0)
    quota = services[0].quota if services else None
    return served if quota is None else min(served, QUOTA_SHARE * quota)


def _working_minutes(hall: Hall) -> float:
    return FULL * (hall.closes - hall.opens).total_seconds() / 60


def paces(hall: Hall, people: Sequence[Person], *, fastest: float) -> dict[int, float]:
    """How long services take in each queue compared with the expected: less where many come.

    Officers do not hurry more than `fastest`, nor more than they need to be done by closing.
    """
    services = {service.service_id: service for service in hall.services}
    counters = _staffing(hall)
    load = dict.fromkeys(counters, 1.0)
    for person in people:
        service = services[person.service_id]
        load[service.queue_id] += service.minutes
    return {
        queue_id: min(1.0, max(fastest, counters[queue_id] * _working_minutes(hall) / minutes))
        for queue_id, minutes in load.items()
    }


def _staffing(hall: Hall) -> dict[int, float]:
    """The counters of each queue; a counter of two queues is halved."""
    counters: dict[int, float] = {}
    for window in hall.windows:
        for queue_id in window.queue_ids:
            counters[queue_id] = counters.get(queue_id, 0.0) + 1 / len(window.queue_ids)
    return counters


def _moments(hall: Hall, wanted: float, chance: Random) -> Iterator[datetime]:
    """Arrivals of a Poisson process whose rate follows the day: candidates thinned by the rate."""
    curve = _curve(hall)
    top = max(weight for _at, weight in curve)
    area = sum((b[0] - a[0]).total_seconds() * (a[1] + b[1]) / 2 for a, b in pairwise(curve))
    at = hall.opens
    while (at := at + timedelta(seconds=chance.expovariate(wanted * top / area))) < hall.closes:
        if chance.random() * top < _weight(curve, at):
            yield at


def _curve(hall: Hall) -> list[tuple[datetime, float]]:
    """How busy the door is: a rise to the top of the morning, a dip at noon, a second hump."""
    noon = _on(hall, 12, 15)
    top = max(_on(hall, 9, 30), hall.opens + timedelta(minutes=45))
    knots = [
        (hall.opens, 1.6),  # some wait at the door
        (hall.opens + timedelta(minutes=10), 0.7),
        (top, 1.6),
        (max(_on(hall, 10, 30), top + timedelta(minutes=45)), 1.6),
        (noon, 0.55),
        (noon + timedelta(minutes=30), 0.45),
        (noon + timedelta(minutes=75), 0.9),
        (hall.closes - timedelta(minutes=40), 0.4),
    ]
    inside = [knot for knot in sorted(knots) if knot[0] < hall.closes]
    return [*inside, (hall.closes, 0.1)]


def _turn(hall: Hall, place: int) -> tuple[datetime, datetime]:
    """The half of the lunch that falls to a counter without a rota."""
    rest_from, rest_until = hall.rest or (_on(hall, 11, 45), _on(hall, 12, 45))
    half = (rest_until - rest_from) / 2
    begins = rest_from + half * (place % 2)
    return begins, begins + half


def _on(hall: Hall, hour: int, minute: int) -> datetime:
    return datetime.combine(hall.opens.date(), time(hour, minute), tzinfo=hall.opens.tzinfo)


def _weight(curve: Sequence[tuple[datetime, float]], at: datetime) -> float:
    for (start, low), (end, high) in pairwise(curve):
        if start <= at < end:
            return low + (high - low) * ((at - start) / (end - start))
    return 0.0


@dataclass(frozen=True)
class Duty:
    """An officer's day: when they sit down, how fast they work, when they rest."""

    sits_at: datetime
    speed: float
    breaks: tuple[tuple[datetime, timedelta], ...]


def duties(hall: Hall, *, seed: int) -> dict[int, Duty]:
    """The duty of each counter; colleagues of one agency take their lunch in turns."""
    places: dict[int, int] = {}
    planned = {}
    for window in hall.windows:
        place = places[window.presence_id] = places.get(window.presence_id, -1) + 1
        chance = dice(hall.slug, hall.opens.date(), seed, "counter", window.number)
        planned[window.counter_id] = Duty(
            sits_at=hall.opens + timedelta(seconds=chance.triangular(0, 480, 60)),
            speed=chance.lognormvariate(0, 0.15),
            breaks=_breaks(hall, window, place, chance),
        )
    return planned


def _breaks(
    hall: Hall, window: Window, place: int, chance: Random
) -> tuple[tuple[datetime, timedelta], ...]:
    rest_from, rest_until = window.rest or _turn(hall, place)
    # People keep to a rota as people do: a little late, a little longer.
    lunch = rest_from + _minutes(chance, -3, 6)
    planned = [(lunch, rest_until - rest_from + _minutes(chance, 0, 5))]
    if chance.random() < 0.4:
        # Somebody steps away for a few minutes in the middle of the morning.
        pause = rest_from - _minutes(chance, 45, 110)
        planned.insert(0, (pause, _minutes(chance, 5, 10)))
    return tuple(pair for pair in planned if hall.opens < pair[0] < hall.closes)
