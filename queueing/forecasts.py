"""What people are told of their wait, and how it came out. Only this module writes a forecast.

A mall's floor is played forward whenever its version or the quarter of a minute changes; the same
picture gives the same forecast in every process, because its seed is the picture.
"""

import threading
from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from django.db.models import Count, F, Q

from agencies.calendars import calendars_of
from agencies.models import Mall
from core.memo import briefly, briefly_each
from hall import record
from queueing import snapshots
from queueing.forecasting import law as laws
from queueing.forecasting import ranges
from queueing.forecasting.law import Law
from queueing.forecasting.office import Office, play, play_once
from queueing.forecasting.ranges import Range, Span
from queueing.models import Forecast, Learned, Ticket
from queueing.states import BEGINS, UNDO_WITHIN
from services.models import Service

EVERY = 15  # seconds after which the same floor is played again
RUNS = 100
SCORED_WITHIN = timedelta(days=2)  # nobody waits longer to be called
LOOKED_BACK = timedelta(days=7)
Spans: TypeAlias = dict[int, Span]
LOCKS = 64
# A call wakes every screen of a mall at once: one of them plays, the others wait for it.
_playing = tuple(threading.Lock() for _each in range(LOCKS))
SPOKEN_FROM = 20  # scores below which a hit rate says nothing yet


@dataclass(frozen=True)
class Foretold:
    """The spans of a mall at one moment: of everybody who waits, and of a newcomer by queue.

    As they were played; what is shown is widened by the scores of the past days.
    """

    people: dict[int, Span]
    newcomers: dict[int, Span]
    widening: float = 0.0

    def of_ticket(self, ticket_id: int) -> Range:
        return self._shown(self.people.get(ticket_id, ranges.NOW))

    def of_queue(self, queue_id: int) -> Range:
        return self._shown(self.newcomers.get(queue_id, ranges.NOW))

    def _shown(self, span: Span) -> Range:
        return ranges.shown(ranges.stretched(span, self.widening))


@dataclass(frozen=True)
class HitRate:
    """How many of the forecasts of the last seven days held."""

    title: str
    hits: int
    scored: int

    @property
    def in_ten(self) -> int:
        """Rounded down: a page must not claim more than was true."""
        return 10 * self.hits // self.scored if self.scored else 0

    @property
    def percent(self) -> Decimal:
        return Decimal(100 * self.hits) / Decimal(self.scored) if self.scored else Decimal(0)

    @property
    def says_something(self) -> bool:
        return self.scored >= SPOKEN_FROM


class Picture(NamedTuple):
    """What a forecast is of: a mall at a version, and the quarter of a minute."""

    mall_id: int
    version: int
    tick: int

    @property
    def at(self) -> datetime:
        return datetime.fromtimestamp(self.tick * EVERY, UTC)


def of_mall(mall_id: int, *, now: datetime, version: int | None = None) -> Foretold:
    """The forecasts of a mall, a quarter of a minute old at most; of a version, if it is known."""
    if version is None:
        version = record.version_of(mall_id)
    return _of_versions({mall_id: version}, now)[mall_id]


def of_malls(mall_ids: Iterable[int], *, now: datetime) -> dict[int, Foretold]:
    """The same for several malls, read at once."""
    return _of_versions(record.versions_of(tuple(mall_ids)), now)


def _of_versions(versions: Mapping[int, int], now: datetime) -> dict[int, Foretold]:
    tick = int(now.timestamp()) // EVERY
    pictures = tuple(Picture(pk, version, tick) for pk, version in versions.items())
    # Lists of many malls play them without waiting: somebody may play the same beside them.
    alone = _playing[pictures[0].mall_id % LOCKS] if len(pictures) == 1 else nullcontext()
    with alone:
        return {picture.mall_id: found for picture, found in _foretold(pictures).items()}


def promise(ticket: Ticket, *, now: datetime) -> None:
    """Keep the range somebody is shown first, to be scored when the number is called.

    Shown again it changes nothing; a ticket that was called before is not foretold again.
    """
    if ticket.state not in BEGINS or ticket.called_at is not None or ticket.returns:
        return
    if hasattr(ticket, "forecast"):
        return  # told before
    foretold = of_mall(ticket.day.mall_id, now=now)
    span = foretold.people.get(ticket.pk)
    if span is None:
        return
    shown = foretold.of_ticket(ticket.pk)
    kept = Forecast(
        ticket=ticket,
        made_at=now,
        low=shown.low,
        high=shown.high,
        low_seconds=round(span.low),
        middle_seconds=round(span.middle),
        high_seconds=round(span.high),
    )
    Forecast.objects.bulk_create([kept], ignore_conflicts=True)


def score(*, now: datetime) -> int:
    """Score every forecast whose number has been called since; return how many.

    A call that may still be undone is not scored yet, and only the first call counts. A scan for
    what is due and not done: safe to run never, late, twice or by two workers.
    """
    due = Forecast.objects.filter(
        waited_seconds=None,
        made_at__gte=now - SCORED_WITHIN,
        ticket__called_at__gte=F("made_at"),
        ticket__called_at__lt=now - UNDO_WITHIN,
        ticket__returns=0,
    ).select_related("ticket")
    scored = [_scored(forecast) for forecast in due]
    Forecast.objects.bulk_update(scored, ["waited_seconds", "is_hit"], batch_size=200)
    return len(scored)


def hit_rate(mall: Mall, *, now: datetime) -> HitRate:
    """How many forecasts of a mall held in the last seven days; read once a minute."""
    rates = hit_rates(mall, now=now)
    return HitRate("", sum(each.hits for each in rates), sum(each.scored for each in rates))


def hit_rates(mall: Mall, *, now: datetime) -> tuple[HitRate, ...]:
    """The same by service, the least reliable first."""
    return _hit_rates(mall.pk, int(now.timestamp()) // 60)


@briefly(60)
def _hit_rates(mall_id: int, minute: int) -> tuple[HitRate, ...]:
    since = datetime.fromtimestamp(minute * 60, UTC) - LOOKED_BACK
    scored = Forecast.objects.filter(
        ticket__day__mall=mall_id,
        ticket__day__date__gte=since.date(),
        made_at__gte=since,
        is_hit__isnull=False,
    )
    counted = scored.values_list("ticket__service").annotate(
        hits=Count("pk", filter=Q(is_hit=True)), scored=Count("pk")
    )
    rows = {service: (hits, scored) for service, hits, scored in counted.order_by()}
    services = Service.objects.select_related("presence").in_bulk(rows)
    found = [HitRate(_named(services[pk]), *counts) for pk, counts in rows.items()]
    return tuple(sorted(found, key=lambda rate: (rate.percent, rate.title)))


def _named(service: Service) -> str:
    return f"{service.presence.board_name}: {service.name}"


def _scored(forecast: Forecast) -> Forecast:
    called_at = forecast.ticket.called_at or forecast.made_at
    waited = called_at - forecast.made_at
    forecast.waited_seconds = int(waited.total_seconds())
    forecast.is_hit = timedelta(minutes=forecast.low) <= waited <= timedelta(minutes=forecast.high)
    return forecast


@briefly_each(2 * EVERY, most=600)
def _foretold(pictures: tuple[Picture, ...]) -> dict[Picture, Foretold]:
    now = pictures[0].at
    calendars = calendars_of(tuple(sorted(picture.mall_id for picture in pictures)))
    hours = {pk: now.astimezone(calendar.zone).hour for pk, calendar in calendars.items()}
    known = _known(tuple(hours.items()))
    places = [
        snapshots.Place(pk, calendar, known[pk, hours[pk]].ratio)
        for pk, calendar in calendars.items()
    ]
    offices = snapshots.offices_of(places, now=now)
    return {
        picture: _play_mall(
            offices[picture.mall_id],
            known[picture.mall_id, hours[picture.mall_id]],
            picture.mall_id + picture.tick,
        )
        for picture in pictures
    }


@dataclass(frozen=True, eq=False)
class Known:
    """What a mall has learned for one hour of the day, its widening, and its ratio."""

    law: Law
    widening: float
    ratio: int


def _play_mall(offices: Iterable[Office], known: Known, seed: int) -> Foretold:
    found = Foretold({}, {}, known.widening)
    for office in offices:
        people, newcomers = _spans(office, known.law, seed)
        found.people.update(people)
        found.newcomers.update(newcomers)
    return found


@briefly(2 * EVERY, most=500)
def _spans(office: Office, law: Law, seed: int) -> tuple[Spans, Spans]:
    """One office played; of a mall with many, a move in one leaves the others as they are."""
    plays = play(office, law, runs=RUNS, seed=seed)
    people = {pk: ranges.span(moments) for pk, moments in plays.people.items()}
    newcomers = {pk: ranges.span(moments) for pk, moments in plays.newcomers.items()}
    if all(law.is_known(person.service) for person in office.people):
        return people, newcomers
    # Too little has been seen to trust the spread with the middle: that is the run of means.
    once = play_once(office, law)
    for spans, middles in ((people, once.people), (newcomers, once.newcomers)):
        spans.update({pk: ranges.around(span, middles[pk][0]) for pk, span in spans.items()})
    return people, newcomers


@briefly_each(60, most=2000)
def _known(wanted: tuple[tuple[int, int], ...]) -> dict[tuple[int, int], Known]:
    """By mall and hour; read for all malls at once."""
    mall_ids = {mall_id for mall_id, _hour in wanted}
    documents = dict(Learned.objects.filter(mall__in=mall_ids).values_list("mall_id", "law"))
    ratios = dict(Mall.objects.filter(pk__in=mall_ids).values_list("pk", "priority_ratio"))
    believed = snapshots.believed_of(mall_ids)
    found = {}
    for mall_id, hour in wanted:
        stored = documents.get(mall_id, {})
        rates = {int(queue): hours[hour] for queue, hours in stored.get("priority", {}).items()}
        law = laws.from_json(stored, believed[mall_id], rates)
        widening = float(stored.get("stretch", 0.0))
        found[mall_id, hour] = Known(law, widening, ratios[mall_id])
    return found
