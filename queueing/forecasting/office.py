"""An office at one moment, played forward until everybody who waits has been called. Pure.

The play calls as calling.py does: the ratio of priority and regular people inside a queue, the
longest waiting between the queues of a counter unless it has an order of its own. Moments are
seconds from the snapshot, those of the past negative.
"""

from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from random import Random
from statistics import fmean

from queueing.forecasting.law import Law

HORIZON = 12 * 3600.0  # nobody is called later than this; what is still open then, never
LAST = float("inf")  # queues without a rank of their own come after those with one
AWAY = (300.0, 900.0)  # how long a break lasts of which the rota knows nothing


@dataclass(frozen=True)
class Person:
    """Somebody in line; `since` decides the place."""

    id: int
    queue: int
    service: int
    is_priority: bool
    since: float


@dataclass(frozen=True)
class Seat:
    """A counter with an officer, or one that will have one."""

    counter: int
    lines: tuple[tuple[int, int | None], ...]  # queues with the counter's own rank, if it has one
    service: int | None = None  # of whoever is there now
    busy_for: float = 0.0  # seconds since that call
    away_until: float | None = None  # a break or closure with a known end
    is_away: bool = False  # a break without one
    rests: tuple[tuple[float, float], ...] = ()  # the rota, and the break of the mall


@dataclass(frozen=True)
class Office:
    """Queues and counters that touch each other, as they stand now."""

    people: tuple[Person, ...]
    seats: tuple[Seat, ...]
    streaks: tuple[tuple[int, int], ...] = ()  # priority people called since, by queue
    ratio: int = 2

    @property
    def queues(self) -> frozenset[int]:
        return frozenset(queue for seat in self.seats for queue, _rank in seat.lines)


@dataclass
class Plays:
    """When everybody was called in each play, and when a newcomer of each queue would be."""

    people: dict[int, list[float]]
    newcomers: dict[int, list[float]]


def play(office: Office, law: Law, *, runs: int, seed: int) -> Plays:
    """Play the office so many times; the same seed gives the same plays."""
    players = _Players(office, law, Random(seed))  # noqa: S311 - a forecast, not a secret
    plays = Plays({p.id: [] for p in office.people}, {q: [] for q in office.queues})
    for _run in range(runs):
        run = _Run(players)
        run.play()
        for person, moment in run.called.items():
            plays.people[person].append(moment)
        for queue, moment in run.newcomers.items():
            plays.newcomers[queue].append(moment)
    return plays


def play_once(office: Office, law: Law) -> Plays:
    """The one play in which everything takes as long as it does on average."""
    players = _Players(office, law, None)
    run = _Run(players)
    run.play()
    return Plays(
        {person: [moment] for person, moment in run.called.items()},
        {queue: [moment] for queue, moment in run.newcomers.items()},
    )


class _Players:
    """What all plays of an office have in common: prepared once."""

    def __init__(self, office: Office, law: Law, random: Random | None) -> None:
        self.office, self.law, self.random = office, law, random
        self.streaks = dict(office.streaks)
        self.chance = random.random if random else (lambda: 0.5)
        self.factors = [law.counters.get(seat.counter, 1.0) for seat in office.seats]
        services = {p.service for p in office.people} | {
            seat.service for seat in office.seats if seat.service is not None
        }
        self.drawn = {service: self._grid(service) for service in services}
        self.usual = self._usual(services)
        self.rest = [self._left(n) for n in range(len(office.seats))]
        self.lines = {
            queue: (
                sorted((p.since, p.id, p.service) for p in office.people if _is(p, queue, True)),
                sorted((p.since, p.id, p.service) for p in office.people if _is(p, queue, False)),
            )
            for queue in office.queues
        }
        self.reachable = sum(len(line) for pair in self.lines.values() for line in pair)

    def _grid(self, service: int) -> list[float]:
        duration, law = self.law.duration(service), self.law
        if self.random is not None:
            return duration.grid()
        return [duration.seconds * (1 - law.no_show) + law.no_show_seconds * law.no_show]

    def _usual(self, services: set[int]) -> list[float]:
        """For somebody of whom nothing is known but that they will come."""
        drawn = [seconds for service in sorted(services) for seconds in self.drawn[service]]
        drawn = drawn or [300.0]
        return drawn if self.random is not None else [fmean(drawn)]

    def _left(self, n: int) -> list[float]:
        """How much longer whoever is at a counter may stay, by how long they have been there."""
        seat, factor = self.office.seats[n], self.factors[n]
        if seat.service is None:
            return []
        whole = [seconds * factor for seconds in self.drawn[seat.service]]
        return [seconds - seat.busy_for for seconds in whole if seconds > seat.busy_for]


def _is(person: Person, queue: int, is_priority: bool) -> bool:
    return person.queue == queue and person.is_priority == is_priority


class _Line:
    """One queue in one play."""

    __slots__ = ("first", "next", "priority", "queue", "rate", "regular", "second", "streak")

    def __init__(self, queue: int, players: "_Players") -> None:
        self.queue = queue
        ahead, self.regular = players.lines[queue]
        self.priority = list(ahead)  # grows by those who come during the play
        self.first = self.second = 0
        self.streak = players.streaks.get(queue, 0)
        self.rate = players.law.priority.get(queue, 0.0) if players.random else 0.0
        self.next = (
            players.random.expovariate(self.rate) if players.random and self.rate else HORIZON
        )

    def head(self, ratio: int) -> tuple[float, int, bool] | None:
        """The place of whoever is next here, since when and who, and whether they have priority."""
        comes = self.first < len(self.priority)
        stays = self.second < len(self.regular)
        if comes and (self.streak < ratio or not stays):
            since, person, _service = self.priority[self.first]
            return since, person, True
        if not stays:
            return None
        since, person, _service = self.regular[self.second]
        return since, person, False


class _Run:
    """One play."""

    def __init__(self, players: _Players) -> None:
        self.players = players
        self.office = players.office
        self.lines = {queue: _Line(queue, players) for queue in players.lines}
        self.seats = [
            [(self.lines[queue], LAST if rank is None else rank) for queue, rank in seat.lines]
            for seat in self.office.seats
        ]
        self.called: dict[int, float] = {}
        self.newcomers: dict[int, float] = {}
        self.free = [(self._freed(n), n) for n in range(len(self.seats))]
        heapify(self.free)

    def play(self) -> None:
        wanted, queues = self.players.reachable, len(self.lines)
        while self.free and (len(self.called) < wanted or len(self.newcomers) < queues):
            now, n = heappop(self.free)
            if now >= HORIZON:
                break
            line = self._choose(n, now)
            if line is None:
                self._idle(n, now)
            else:
                self._call(line, n, now)
        for person in self.office.people:
            self.called.setdefault(person.id, HORIZON)
        for queue in self.lines:
            self.newcomers.setdefault(queue, HORIZON)

    def _freed(self, n: int) -> float:
        """When a counter is free for its next call."""
        seat, players = self.office.seats[n], self.players
        chance = players.chance
        if seat.away_until is not None:
            return self._after_rest(seat, max(0.0, seat.away_until))
        if seat.is_away:
            return self._after_rest(seat, AWAY[0] + chance() * (AWAY[1] - AWAY[0]))
        if seat.service is None:
            return self._after_rest(seat, 0.0)
        left = players.rest[n]
        if not left:  # longer than anything known: it may end any moment
            return self._after_rest(seat, 30 + 0.25 * seat.busy_for * chance())
        return self._after_rest(seat, left[int(chance() * len(left))] + players.law.gap)

    @staticmethod
    def _after_rest(seat: Seat, moment: float) -> float:
        for begins, ends in seat.rests:
            if begins <= moment < ends:
                moment = ends
        return moment

    def _choose(self, n: int, now: float) -> _Line | None:
        best: _Line | None = None
        key: tuple[float, float, int] | None = None
        ratio = self.office.ratio
        for line, rank in self.seats[n]:
            if line.next <= now:
                self._arrive(line, now)
            head = line.head(ratio)
            if head is None:
                continue
            place = (rank, head[0], head[1])
            if key is None or place < key:
                best, key = line, place
        return best

    def _arrive(self, line: _Line, now: float) -> None:
        """Priority people who came meanwhile; whoever comes later without it changes nothing."""
        random = self.players.random
        while random is not None and line.next <= now:
            line.priority.append((line.next, 0, 0))
            line.next += random.expovariate(line.rate)

    def _call(self, line: _Line, n: int, now: float) -> None:
        head = line.head(self.office.ratio)
        if head is not None and head[2]:
            _since, person, service = line.priority[line.first]
            line.first += 1
            line.streak = min(line.streak + 1, self.office.ratio)
        else:
            _since, person, service = line.regular[line.second]
            line.second += 1
            line.streak = 0
        if person:
            self.called[person] = now
        heappush(
            self.free, (self._after_rest(self.office.seats[n], now + self._takes(service, n)), n)
        )

    def _takes(self, service: int, n: int) -> float:
        players, law = self.players, self.players.law
        if players.random is None:
            usual = players.drawn.get(service, players.usual)[0] * players.factors[n]
            return usual + law.gap + law.pause * law.pause_seconds
        if players.chance() < law.no_show:
            return law.no_show_seconds + law.gap
        grid = players.drawn[service] if service else players.usual
        takes = grid[int(players.chance() * len(grid))] * players.factors[n] + law.gap
        return takes + law.pause_seconds if players.chance() < law.pause else takes

    def _idle(self, n: int, now: float) -> None:
        """Nobody waits here: a newcomer would be called at once; the counter waits for the next."""
        coming = HORIZON
        for line, _rank in self.seats[n]:
            self.newcomers.setdefault(line.queue, now)
            coming = min(coming, line.next)
        if coming < HORIZON:
            heappush(self.free, (coming, n))
