"""On which days services are to be had: their agency has a counter then, and nothing rests.

This is the one place that puts the days of counters, the terms they exist by and the rests of
counters, queues and services together. `Rests` and `Coming` are read instead of what is stored: so
a change is asked what it would cost before it is made.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Literal, NamedTuple

from django.db.models import F, Q, Value

from agencies.models import CounterDay, Resting, Term
from agencies.opening import Attendance, Rest, Stay
from services.models import Scope, Service

STAY = ("weekday", "from_date", "until_date")
DAYS = "presence__counter_days"
RESTS = ("rests_from", "rests_until")
OF_COUNTER = tuple(f"counter__{name}" for name in RESTS)
OF_QUEUE = tuple(f"queue__{name}" for name in RESTS)
OF_SERVICE = ("pk", "queue_id", "presence_id", *RESTS, *OF_QUEUE)


class Subject(NamedTuple):
    """What may rest: an agency is only ever asked about, as it rests at once or not at all."""

    kind: Literal["counter", "queue", "service", "presence"]
    pk: int


Rests = Mapping[Subject, Rest | None]
AS_STORED: Rests = {}
# The rows of counter days of agencies as they are to become, with their counters.
Coming = Mapping[int, Sequence[CounterDay]]
AS_LAID: Coming = {}


def rest_of(subject: Resting) -> Rest | None:
    """The rest of a counter, queue or service, which may be over."""
    return _rest(subject.rests_from, subject.rests_until)


def _rest(first: date | None, last: date | None) -> Rest | None:
    return Rest(first, last) if first is not None else None


def attended(
    services: Collection[int], *, rests: Rests = AS_STORED, coming: Coming = AS_LAID
) -> dict[int, Attendance]:
    """The days of each of these services: its agency has a counter, by a term with it."""
    stays: dict[int, list[Stay]] = {pk: [] for pk in services}
    for found in (*_laid(services, but=coming), *_to_come(services, coming)):
        closed = _rests(found[: len(OF_SERVICE)], rests)
        counter_id, begins, ends, *stay = found[len(OF_SERVICE) :]
        closed.append(rests.get(Subject("counter", counter_id), _rest(begins, ends)))
        stays[found[0]] += _left(Stay(*stay), closed)
    return {pk: attendance(each) for pk, each in stays.items()}


def _laid(services: Collection[int], *, but: Coming) -> Iterable[Sequence[Any]]:
    """Each service with each counter day that has it, but those of some agencies."""
    rows = Service.objects.filter(
        covers(F("pk"), f"{DAYS}__"), pk__in=services, **{f"{DAYS}__counter__is_active": True}
    )
    if but:
        rows = rows.exclude(presence__in=list(but))
    columns = [f"{DAYS}__{name}" for name in ("counter_id", *OF_COUNTER, *STAY)]
    return rows.values_list(*OF_SERVICE, *columns)


def _to_come(services: Collection[int], coming: Coming) -> Iterator[Sequence[Any]]:
    """The same of rows that are not stored."""
    if not coming:
        return
    has = _covered({row.term_id for rows in coming.values() for row in rows if row.term_id})
    concerned = Service.objects.filter(pk__in=services, presence__in=list(coming))
    for pk, queue_id, presence_id, *spans in concerned.values_list(*OF_SERVICE):
        for row in coming[presence_id]:
            counter = row.counter
            if counter.is_active and has(row.term_id, pk):
                closed = counter.pk, counter.rests_from, counter.rests_until
                stay = row.weekday, row.from_date, row.until_date
                yield pk, queue_id, presence_id, *spans, *closed, *stay


def _covered(terms: Collection[int]) -> Callable[[int | None, int], bool]:
    """Whether a term has a service, asked once for all of them; as `covers` asks the database."""
    wide = set(Term.objects.filter(pk__in=terms, covers_all=True).values_list("pk", flat=True))
    named = set(Scope.objects.filter(term__in=terms).values_list("term", "service"))
    return lambda term, service: term is None or term in wide or (term, service) in named


def resting(services: Collection[int], *, rests: Rests = AS_STORED) -> dict[int, tuple[Rest, ...]]:
    """When these services are not to be had whoever is there: they, their queue or agency rest."""
    rows = Service.objects.filter(pk__in=services).values_list(*OF_SERVICE)
    return {row[0]: tuple(filter(None, _rests(row, rests))) for row in rows}


def _rests(row: Sequence[Any], rests: Rests) -> list[Rest | None]:
    pk, queue_id, presence_id, *spans = row
    return [
        rests.get(Subject("service", pk), _rest(*spans[:2])),
        rests.get(Subject("queue", queue_id), _rest(*spans[2:])),
        rests.get(Subject("presence", presence_id)),
    ]


def attended_by(rows: Iterable[CounterDay]) -> Attendance:
    """The days that these rows give, of counters that are loaded with them."""
    parts = (_left(_stay(row), [rest_of(row.counter)]) for row in rows if row.counter.is_active)
    return attendance(stay for each in parts for stay in each)


def _stay(row: CounterDay) -> Stay:
    return Stay(row.weekday, row.from_date, row.until_date)


def _left(stay: Stay, rests: Iterable[Rest | None]) -> tuple[Stay, ...]:
    left = Attendance((stay,))
    for rest in rests:
        left = left if rest is None else left.without(rest)
    return left.stays


def attendance(stays: Iterable[Stay]) -> Attendance:
    """Stays in order, each once."""
    return Attendance(tuple(sorted(set(stays), key=lambda stay: (stay.from_date, stay.weekday))))


def covers(service: Value | F, days: str = "") -> Q:
    """The counter days whose term has the service; those without a term have all of them."""
    is_covered = Q(**{f"{days}term": None}) | Q(**{f"{days}term__covers_all": True})
    return is_covered | Q(**{f"{days}term__scopes__service": service})
