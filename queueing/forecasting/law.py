"""How an office works, as far as its own log has taught: durations, no-shows, arrivals. Pure.

A duration is the time from a call until the counter is free for the next one: the walk, the
service, the closing. Its logarithm is taken as normal, with a mean for each service and a shift
for each counter; both lean on what was known before as if so many services had been seen. Seconds
everywhere. Floats, as nothing here is money or an index.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import exp, log, sqrt
from statistics import NormalDist, fmean
from typing import Any, NamedTuple

PRIOR_WEIGHT = 12  # services as which the published minutes count
PRIOR_SPREAD = 0.65  # of the logarithm, before anything is known
COUNTER_WEIGHT = 15  # services before a counter's own speed counts half
SCALARS = ("no_show", "no_show_seconds", "gap", "pause", "pause_seconds")
SHORTEST, LONGEST = 5.0, 4 * 3600.0  # seconds; what is outside was no service
GRID = [NormalDist().inv_cdf((n + 0.5) / 256) for n in range(256)]


class Duration(NamedTuple):
    """Mean and spread of the logarithm of the seconds, and how many services they rest on."""

    mean: float
    spread: float
    seen: int

    @property
    def seconds(self) -> float:
        """The expected duration itself."""
        return exp(self.mean + self.spread**2 / 2)

    def grid(self) -> list[float]:
        """256 equally likely durations: as good as drawing, and cheaper."""
        return [exp(self.mean + self.spread * z) for z in GRID]


class Sample(NamedTuple):
    """One service as the log tells it."""

    service: int
    counter: int
    seconds: float


@dataclass(frozen=True, eq=False)  # known by itself: comparing two would cost more than a play
class Law:
    """Everything a play draws from."""

    services: Mapping[int, Duration]
    counters: Mapping[int, float] = field(default_factory=dict)  # factor on the seconds
    no_show: float = 0.05  # share of calls to which nobody comes
    no_show_seconds: float = 75.0
    gap: float = 10.0  # between the end of a service and the next call, while people wait
    pause: float = 0.02  # share of services after which the officer is away for a moment
    pause_seconds: float = 480.0
    priority: Mapping[int, float] = field(default_factory=dict)  # arrivals a second by queue

    def duration(self, service: int) -> Duration:
        """The law of a service; one that is newer than the law is taken as an ordinary one."""
        return self.services.get(service, ORDINARY)

    def is_known(self, service: int) -> bool:
        """Whether more than the published minutes speaks for the duration of a service."""
        return self.duration(service).seen >= PRIOR_WEIGHT


def published(minutes: float) -> Duration:
    """What is believed of a service of which only the published minutes are known.

    The minutes are a standard to keep, so most services take less: they are the mean.
    """
    return Duration(log(minutes * 60) - PRIOR_SPREAD**2 / 2, PRIOR_SPREAD, 0)


ORDINARY = published(10)


def durations(
    samples: Iterable[Sample], believed: Mapping[int, float]
) -> tuple[dict[int, Duration], dict[int, float]]:
    """The law of every service (by its published minutes) and the factor of every counter."""
    logs: dict[int, list[tuple[int, float]]] = {service: [] for service in believed}
    for sample in samples:
        if sample.service in logs and SHORTEST <= sample.seconds <= LONGEST:
            logs[sample.service].append((sample.counter, log(sample.seconds)))
    services = {
        service: _leaning([x for _counter, x in seen], published(believed[service]))
        for service, seen in logs.items()
    }
    beside: dict[int, list[float]] = {}
    for seen in logs.values():
        centre = fmean(x for _counter, x in seen) if seen else 0.0
        for counter, x in seen:
            beside.setdefault(counter, []).append(x - centre)
    factors = {
        counter: exp(sum(rests) / (len(rests) + COUNTER_WEIGHT))
        for counter, rests in beside.items()
    }
    return services, factors


def _leaning(seen: list[float], prior: Duration) -> Duration:
    if not seen:
        return prior
    count, centre = len(seen), fmean(seen)
    weight = PRIOR_WEIGHT + count
    mean = (PRIOR_WEIGHT * prior.mean + count * centre) / weight
    squares = PRIOR_WEIGHT * prior.spread**2 + sum((x - centre) ** 2 for x in seen)
    doubt = (centre - prior.mean) ** 2 * PRIOR_WEIGHT * count / weight
    return Duration(mean, sqrt((squares + doubt) / weight), count)


def as_json(law: Law) -> dict[str, Any]:
    """The document that is stored; keys of JSON are text."""
    return {
        "services": {str(pk): list(duration) for pk, duration in law.services.items()},
        "counters": {str(pk): factor for pk, factor in law.counters.items()},
        "no_show": law.no_show,
        "no_show_seconds": law.no_show_seconds,
        "gap": law.gap,
        "pause": law.pause,
        "pause_seconds": law.pause_seconds,
    }


def from_json(
    stored: Mapping[str, Any], believed: Mapping[int, float], priority: Mapping[int, float]
) -> Law:
    """The stored law for these services (by published minutes); one not in it is as published."""
    known = stored.get("services", {})
    return Law(
        services={
            pk: Duration(*known[str(pk)]) if str(pk) in known else published(minutes)
            for pk, minutes in believed.items()
        },
        counters={int(pk): factor for pk, factor in stored.get("counters", {}).items()},
        priority=priority,
        **{name: stored[name] for name in SCALARS if name in stored},
    )
