"""Learns from a mall's own log how long things take there: durations, no-shows, gaps, arrivals.

Every hour from the last sixty days, written as one document. What is too rare to be known keeps
its published minutes; see forecasting/law.py.
"""

from collections import Counter as Tally
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import fmean
from typing import NamedTuple

from agencies.calendars import calendar_of
from agencies.models import Mall
from queueing import snapshots
from queueing.forecasting import law as laws
from queueing.forecasting import ranges
from queueing.forecasting.law import Law, Sample
from queueing.models import Forecast, Learned, Ticket, TicketEvent
from queueing.states import Move, Priority, State

LEARNED_FROM = timedelta(days=60)
SCORES_FROM = timedelta(days=5)
MOST = 20_000  # tickets of a mall, the newest
FEWEST = 30  # of anything before it is believed
GAP, PAUSE = 180, 1800  # seconds: shorter is the way to the next call, longer is no short pause


class _Stay(NamedTuple):
    """A ticket's time at a counter."""

    service: int
    counter: int
    since: datetime
    called_at: datetime
    serving_at: datetime | None
    ended_at: datetime
    service_seconds: int

    @property
    def seconds(self) -> float:
        return (self.ended_at - self.called_at).total_seconds()

    @property
    def is_whole(self) -> bool:
        """Whether nothing came between: somebody on hold left the counter free meanwhile."""
        if self.serving_at is None:
            return False
        served = (self.ended_at - self.serving_at).total_seconds()
        return abs(served - self.service_seconds) < 2


def learn(mall: Mall, *, now: datetime) -> None:
    """Learn from the mall's log and store it; forecasts use it within a minute."""
    since = now - LEARNED_FROM
    stays = _stays(mall, since)
    believed = snapshots.believed_of([mall.pk])[mall.pk]
    samples = [Sample(s.service, s.counter, s.seconds) for s in stays if s.is_whole]
    services, counters = laws.durations(samples, believed)
    document = {
        **laws.as_json(Law(services=services, counters=counters)),
        **_no_shows(mall, since),
        **_gaps(stays),
        "priority": _priority(mall, since),
        "stretch": ranges.stretch(_scores(mall, now - SCORES_FROM)),
    }
    Learned.objects.update_or_create(mall=mall, defaults={"law": document, "at": now})


def _stays(mall: Mall, since: datetime) -> list[_Stay]:
    ended = Ticket.objects.filter(
        day__mall=mall,
        day__date__gte=since.date(),
        state__in=[State.DONE, State.TRANSFERRED],
        called_at__isnull=False,
        counter__isnull=False,
        ended_at__isnull=False,
    )
    rows = ended.order_by("-pk").values_list(
        *("service_id", "counter_id", "since", "called_at", "serving_at", "ended_at"),
        "service_seconds",
    )
    return [_Stay(*row) for row in rows[:MOST]]


def _no_shows(mall: Mall, since: datetime) -> dict[str, float]:
    events = TicketEvent.objects.filter(
        ticket__day__mall=mall, ticket__day__date__gte=since.date(), counter__isnull=False
    )
    calls = events.filter(move=Move.CALL).count()
    if calls < FEWEST:
        return {}
    skips = events.filter(move=Move.SKIP, ticket__called_at__isnull=False)
    took = [
        (at - called_at).total_seconds()
        for at, called_at in skips.values_list("at", "ticket__called_at")
        if called_at is not None and at >= called_at
    ]
    found = {"no_show": len(took) / calls}
    return {**found, "no_show_seconds": fmean(took)} if len(took) >= FEWEST else found


def _gaps(stays: Iterable[_Stay]) -> dict[str, float]:
    """How long a counter stays free between two people while the second one was waiting."""
    by_counter: dict[int, list[_Stay]] = {}
    for stay in sorted(stays, key=lambda stay: stay.called_at):
        by_counter.setdefault(stay.counter, []).append(stay)
    gaps = [
        (after.called_at - before.ended_at).total_seconds()
        for turns in by_counter.values()
        for before, after in pairwise(turns)
        if after.since <= before.ended_at <= after.called_at
    ]
    short = [gap for gap in gaps if gap < GAP]
    pauses = [gap for gap in gaps if GAP <= gap < PAUSE]
    if len(short) < FEWEST:
        return {}
    found = {"gap": fmean(short), "pause": len(pauses) / (len(short) + len(pauses))}
    return {**found, "pause_seconds": fmean(pauses)} if pauses else found


def _priority(mall: Mall, since: datetime) -> dict[str, list[float]]:
    """How many priority people a second come to each queue, by the hour of the local day."""
    zone = calendar_of(mall.pk).zone
    tickets = Ticket.objects.filter(day__mall=mall, day__date__gte=since.date())
    arrivals = tickets.exclude(priority=Priority.NONE).exclude(state=State.WITHDRAWN).order_by()
    open_days = tickets.order_by().values_list("day__queue", "day__date").distinct()
    days = Tally(queue for queue, _on in open_days)
    came: Tally[tuple[int, int]] = Tally(
        (queue, issued_at.astimezone(zone).hour)
        for queue, issued_at in arrivals.values_list("day__queue", "issued_at")
    )
    return {
        str(queue): [came[queue, hour] / (count * 3600) for hour in range(24)]
        for queue, count in days.items()
    }


def _scores(mall: Mall, since: datetime) -> list[ranges.Score]:
    scored = Forecast.objects.filter(
        ticket__day__mall=mall,
        ticket__day__date__gte=since.date(),
        made_at__gte=since,
        waited_seconds__isnull=False,
    )
    rows = scored.values_list("low_seconds", "high_seconds", "waited_seconds")
    return [ranges.Score(low, high, waited or 0) for low, high, waited in rows]


def learn_all(*, now: datetime) -> int:
    """Learn for every mall; return how many."""
    malls = list(Mall.objects.all())
    for mall in malls:
        learn(mall, now=now)
    return len(malls)
