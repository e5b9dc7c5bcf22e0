"""Scores the forecasts on made-up offices: a morning peak, lunch rotas, fast and slow officers.

Each office works some days from which the law is learned, as the portal learns it from its own
log, and then some days on which every person who has to wait is given a forecast. Beside ours
stand the usual formula (people ahead × mean ÷ counters) and an oracle that knows the true law.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush
from math import exp, log, sqrt
from pathlib import Path
from random import Random

from queueing.forecasting import ranges
from queueing.forecasting.law import Duration, Law, Sample, durations
from queueing.forecasting.office import Office, Person, Seat, play, play_once

MINUTE = 60.0
LASTS = 420  # minutes in which people come
PEAK = [1.6, 1.8, 1.7, 1.5, 1.3, 1.1, 0.9, 0.6, 0.5, 0.8, 0.9, 0.7, 0.5, 0.3]  # by half hour
MEANS, SPREADS, MIX = [5.0, 10.0, 18.0], [0.6, 0.7, 0.8], [0.5, 0.35, 0.15]
PRIORITY, NO_SHOW, BREAK, BREAK_LASTS = 0.10, 0.08, 0.03, 10 * MINUTE
RATIO, RUNS = 2, 100
CALIBRATE = 5  # days
SKILLS = {3: [7, 7, 3], 5: [7, 7, 3, 3, 6], 8: [7, 7, 7, 3, 3, 3, 6, 4]}  # bits: services
LOADS = {"light": {3: 0.50, 5: 0.58, 8: 0.54}, "busy": {3: 0.72, 5: 0.80, 8: 0.66}}
TRUE = {
    n + 1: Duration(log(mean * MINUTE) - log(1 + cv**2) / 2, sqrt(log(1 + cv**2)), 1000)
    for n, (mean, cv) in enumerate(zip(MEANS, SPREADS, strict=True))
}


@dataclass
class Asked:
    """What was known when a number was given to somebody who had to wait, and what came of it."""

    office: Office
    person: int
    at: float
    ahead: int
    open_counters: int
    waited: float = 0.0


@dataclass
class Counter:
    """An officer of a made-up office."""

    id: int
    speed: float
    services: list[int]
    lunch: tuple[float, float]
    service: int | None = None
    since: float = 0.0
    away_until: float | None = None


@dataclass
class Floor:
    """One day of an office."""

    counters: list[Counter]
    random: Random
    now: float = 0.0
    people: list[Person] = field(default_factory=list)
    streaks: dict[int, int] = field(default_factory=dict)
    events: list[tuple[float, int, int]] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    asked: dict[int, Asked] = field(default_factory=dict)
    calls: int = 0
    no_shows: int = 0

    def work(self, arrivals: list[tuple[float, int, bool]]) -> None:
        for n, (moment, _service, _priority) in enumerate(arrivals):
            heappush(self.events, (moment, 0, n))
        while self.events:
            self.now, kind, n = heappop(self.events)
            if kind == 0:
                self._arrive(n + 1, *arrivals[n][1:])
            else:
                self._free(self.counters[n])

    def _arrive(self, pk: int, service: int, is_priority: bool) -> None:
        person = Person(pk, service, service, is_priority, self.now)
        self.people.append(person)
        idle = [c for c in self.counters if c.service is None and c.away_until is None]
        able = [c for c in idle if service in c.services]
        if able:
            self._look(able[0])
        if person in self.people:
            counters = [c for c in self.counters if c.away_until is None]
            ahead = sum(p.is_priority >= is_priority for p in self.people) - 1
            office = self._office()
            self.asked[pk] = Asked(office, pk, self.now, ahead, max(1, len(counters)))

    def _office(self) -> Office:
        now = self.now
        return Office(
            people=tuple(replace(p, since=p.since - now) for p in self.people),
            seats=tuple(
                Seat(
                    counter=c.id,
                    lines=tuple((service, None) for service in c.services),
                    service=c.service,
                    busy_for=now - c.since if c.service else 0.0,
                    away_until=c.away_until - now if c.away_until is not None else None,
                    rests=((c.lunch[0] - now, c.lunch[1] - now),),
                )
                for c in self.counters
            ),
            streaks=tuple(self.streaks.items()),
            ratio=RATIO,
        )

    def _free(self, counter: Counter) -> None:
        served, counter.service, counter.away_until = counter.service, None, None
        if served is not None and self.random.random() < BREAK:
            self._away(counter, self.now + BREAK_LASTS)
            return
        self._look(counter)

    def _away(self, counter: Counter, until: float) -> None:
        counter.away_until = until
        heappush(self.events, (until, 1, counter.id))

    def _look(self, counter: Counter) -> None:
        begins, ends = counter.lunch
        if begins <= self.now < ends:
            self._away(counter, ends)
            return
        person = self._next(counter)
        if person is None:
            return
        self.people.remove(person)
        self.streaks[person.queue] = (
            min(self.streaks.get(person.queue, 0) + 1, RATIO) if person.is_priority else 0
        )
        if person.id in self.asked:
            self.asked[person.id].waited = self.now - person.since
        self._serve(counter, person)

    def _next(self, counter: Counter) -> Person | None:
        heads = []
        for queue in counter.services:
            line = [p for p in self.people if p.queue == queue]
            turn = [p for p in line if p.is_priority == (self.streaks.get(queue, 0) < RATIO)]
            if turn or line:
                heads.append(min(turn or line, key=lambda p: (p.since, p.id)))
        return min(heads, key=lambda p: (p.since, p.id), default=None)

    def _serve(self, counter: Counter, person: Person) -> None:
        self.calls += 1
        if self.random.random() < NO_SHOW:
            self.no_shows += 1
            takes = MINUTE
        else:
            law = TRUE[person.service]
            takes = counter.speed * exp(self.random.gauss(law.mean, law.spread))
            self.samples.append(Sample(person.service, counter.id, takes))
        counter.service, counter.since = person.service, self.now
        heappush(self.events, (self.now + takes, 1, counter.id))


@dataclass
class Scores:
    """Errors of one way to foretell, in minutes."""

    errors: list[float] = field(default_factory=list)
    hits: list[bool] = field(default_factory=list)

    def add(self, foretold: float, waited: float) -> None:
        self.errors.append(abs(foretold - waited) / MINUTE)

    @property
    def mae(self) -> float:
        return statistics.fmean(self.errors)


def arrivals(random: Random, counters: int, load: float) -> list[tuple[float, int, bool]]:
    mean = sum(m * share for m, share in zip(MEANS, MIX, strict=True))
    people = load * counters * LASTS / (mean * (1 - NO_SHOW) + NO_SHOW)
    people *= exp(random.gauss(0, 0.18)) * random.choice([1.25, 1, 1, 0.95, 0.9])
    found = []
    for half_hour, share in enumerate(PEAK):
        moment = half_hour * 30.0
        rate = people * share / sum(PEAK) / 30
        while (moment := moment + random.expovariate(rate)) < (half_hour + 1) * 30:
            service = random.choices([1, 2, 3], MIX)[0]
            found.append((moment * MINUTE, service, random.random() < PRIORITY))
    return found


def days(kind: str, size: int, count: int, seed: int) -> Iterator[Floor]:
    """Days of one office; its officers stay the same."""
    officers = Random(seed * 100 + size)
    speeds = [exp(officers.gauss(0, 0.18)) for _each in range(size)]
    for day in range(count):
        random = Random(f"{seed} {size} {kind} {day}")
        counters = [
            Counter(
                n,
                speeds[n],
                [service for service in (1, 2, 3) if skill >> (service - 1) & 1],
                ((210 + 60 * (n % 2)) * MINUTE, (255 + 60 * (n % 2)) * MINUTE),
            )
            for n, skill in enumerate(SKILLS[size])
        ]
        floor = Floor(counters, random)
        floor.work(arrivals(random, size, LOADS[kind][size]))
        yield floor


def learned(floors: list[Floor], size: int) -> Law:
    """What the portal would have learned of these days."""
    samples = [sample for floor in floors for sample in floor.samples]
    services, counters = durations(samples, {n + 1: mean for n, mean in enumerate(MEANS)})
    calls = sum(floor.calls for floor in floors)
    return Law(
        services=services,
        counters=counters,
        no_show=sum(floor.no_shows for floor in floors) / calls,
        no_show_seconds=MINUTE,
        gap=0.0,
        pause=BREAK,
        pause_seconds=BREAK_LASTS,
        priority=_priority(calls / len(floors)),
    )


def _priority(people: float) -> dict[int, float]:
    return {n + 1: people * PRIORITY * share / (LASTS * MINUTE) for n, share in enumerate(MIX)}


def oracle(floor: Floor, size: int, load: float) -> Law:
    mean = sum(m * share for m, share in zip(MEANS, MIX, strict=True))
    people = load * size * LASTS / (mean * (1 - NO_SHOW) + NO_SHOW)
    return Law(
        services=TRUE,
        counters={c.id: c.speed for c in floor.counters},
        no_show=NO_SHOW,
        no_show_seconds=MINUTE,
        gap=0.0,
        pause=BREAK,
        pause_seconds=BREAK_LASTS,
        priority=_priority(people),
    )


def score(
    kind: str, size: int, *, learn: int, test: int, every: int, seed: int
) -> dict[str, float]:
    """One office: learn, then foretell, widening each day by the scores of the days before."""
    law = learned(list(days(kind, size, learn, seed)), size)
    usual = sum(law.services[n + 1].seconds * share for n, share in enumerate(MIX))
    ways = {name: Scores() for name in ("ours", "usual", "oracle", "once")}
    past: list[ranges.Score] = []
    cost: list[float] = []
    waits: list[float] = []
    for day, floor in enumerate(days(kind, size, CALIBRATE + test, seed + 1000)):
        by = ranges.stretch(past[-400:])
        true = oracle(floor, size, LOADS[kind][size])
        for n, asked in enumerate(floor.asked.values()):
            if n % every:
                continue
            begun = time.perf_counter()
            plays = play(asked.office, law, runs=RUNS, seed=n)
            cost.append(time.perf_counter() - begun)
            raw = ranges.span(plays.people[asked.person])
            span = ranges.stretched(raw, by)
            past.append(ranges.Score(raw.low, raw.high, asked.waited))
            if day < CALIBRATE:
                continue  # as a mall does: some days are scored before ranges are widened
            waits.append(asked.waited / MINUTE)
            ways["ours"].add(span.middle, asked.waited)
            ways["ours"].hits.append(span.low <= asked.waited <= span.high)
            ways["usual"].add((asked.ahead + 1) * usual / asked.open_counters, asked.waited)
            ways["once"].add(play_once(asked.office, law).people[asked.person][0], asked.waited)
            known = play(asked.office, true, runs=RUNS, seed=n + 1)
            ways["oracle"].add(ranges.span(known.people[asked.person]).middle, asked.waited)
    return {
        **{name: scores.mae for name, scores in ways.items()},
        "covered": statistics.fmean(ways["ours"].hits),
        "milliseconds": statistics.median(cost) * 1e3,
        "asked": float(len(waits)),
        "waited": statistics.fmean(waits),
    }


def table(found: dict[tuple[str, int], dict[str, float]]) -> str:
    lines = [
        "| offices | forecasts | mean wait | ours MAE | usual | one run | oracle | ours / usual"
        " | ours / oracle | 8 in 10 | ms a unit |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for (kind, size), row in found.items():
        lines.append(
            f"| {kind}, {size} counters | {row['asked']:.0f} | {row['waited']:.0f} min"
            f" | {row['ours']:.2f}"
            f" | {row['usual']:.2f} | {row['once']:.2f} | {row['oracle']:.2f}"
            f" | {row['ours'] / row['usual']:.2f} | {row['ours'] / row['oracle']:.2f}"
            f" | {row['covered']:.2f} | {row['milliseconds']:.1f} |"
        )
    for kind in LOADS:
        rows = [row for (of_kind, _size), row in found.items() if of_kind == kind]
        mean = {name: statistics.fmean(row[name] for row in rows) for name in rows[0]}
        lines.append(
            f"| **{kind}, mean** | | {mean['waited']:.0f} min | {mean['ours']:.2f}"
            f" | {mean['usual']:.2f} | {mean['once']:.2f} | {mean['oracle']:.2f}"
            f" | **{mean['ours'] / mean['usual']:.2f}** | **{mean['ours'] / mean['oracle']:.2f}**"
            f" | **{mean['covered']:.2f}** | |"
        )
    return "\n".join(lines) + "\n"


def main(words: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="mppctl bench --waits")
    parser.add_argument("--learn", type=int, default=60)
    parser.add_argument("--test", type=int, default=30)
    parser.add_argument("--every", type=int, default=6, help="score every n-th forecast")
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args(words)
    found = {
        (kind, size): score(
            kind, size, learn=wanted.learn, test=wanted.test, every=wanted.every, seed=wanted.seed
        )
        for kind in LOADS
        for size in SKILLS
    }
    sys.stdout.write(table(found))
    target = Path("build/waits.json")
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps({f"{k} {n}": row for (k, n), row in found.items()}, indent=1))
