"""The questions of verify_invariants about figures: is what was counted what really happened?

The raw rows are counted again by statements of the database, not by the code that counted them
first, so that a mistake in one is seen in the other.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Case, Count, F, Q, Sum, Value, When
from django.db.models.functions import Coalesce, ExtractHour, Greatest

from agencies.models import Zone
from core.proof import Breach, Outcome, Scope
from monitoring import rollups
from monitoring.cubes import read_cells
from monitoring.models import Day, Month
from monitoring.tallies import Tally, grouped, merged, packed, unpacked
from queueing.models import Ticket
from queueing.states import State

Place = tuple[int, date, int, int]  # mall, date, service, hour
Found = tuple[int, ...]


def days(scope: Scope) -> Outcome:
    """Every closed day says, by service and hour, what its tickets say."""
    stored: dict[Place, Found] = {}
    where: dict[tuple[int, date], int] = {}
    for day in _days(scope):
        where[day.mall_id, day.date] = day.pk
        cells = read_cells(day.cells)
        by_hour = grouped(((cell.service, cell.hour), tally) for cell, tally in cells)
        stored |= {(day.mall_id, day.date, *key): _sums(t) for key, t in by_hour.items()}
    counted = {place: sums for place, sums in _recount(scope) if place[:2] in where}
    wrong = {
        place[
            :2
        ]: f"service {place[2]} at {place[3]}: {stored.get(place)}, by row {counted.get(place)}"
        for place in sorted({*stored, *counted}, reverse=True)
        if stored.get(place) != counted.get(place)
    }
    breaches = [Breach(Day, where[key], what) for key, what in sorted(wrong.items())]
    return Outcome(len(where), breaches)


def whole(scope: Scope) -> Outcome:
    """A day's total is that of its cells, each number ends once, and the durations are complete."""
    breaches, checked = [], 0
    for day in _days(scope):
        checked += 1
        total = unpacked(day.totals)
        if packed(merged(tally for _cell, tally in read_cells(day.cells))) != packed(total):
            breaches.append(Breach(Day, day.pk, "the total is not that of its cells"))
        if rollups.digest_of(day) != day.digest:
            breaches.append(Breach(Day, day.pk, "was changed after it had been counted"))
        if not _is_complete(total):
            breaches.append(Breach(Day, day.pk, "the outcomes are not those of its numbers"))
    return Outcome(checked, breaches)


def months(scope: Scope) -> Outcome:
    """Every month is the sum of its closed days."""
    rows = Month.objects.filter(is_stale=False, month__gte=scope.since)
    if scope.mall_id is not None:
        rows = rows.filter(mall=scope.mall_id)
    found = list(rows)
    breaches = [
        Breach(Month, row.pk, f"{field} is not that of its days")
        for row in found
        for field, value in rollups.sums_of(rollups.days_of(row)).items()
        if getattr(row, field) != value
    ]
    return Outcome(len(found), breaches)


def _days(scope: Scope) -> Iterator[Day]:
    rows = Day.objects.filter(is_closed=True, is_stale=False, date__gte=scope.since)
    if scope.mall_id is not None:
        rows = rows.filter(mall=scope.mall_id)
    return rows.order_by("pk").iterator(chunk_size=200)


def _sums(tally: Tally) -> Found:
    counts = tally.counts
    return (
        counts.issued,
        counts.called,
        counts.served,
        counts.transferred,
        counts.cancelled,
        tally.waits.count,
        tally.waits.seconds,
        tally.services.count,
        tally.services.seconds,
    )


def _is_complete(tally: Tally) -> bool:
    counts = tally.counts
    ends = (counts.served, counts.cancelled, counts.absent, counts.unserved, counts.interrupted)
    return (
        sum(ends) + counts.open == counts.issued
        and tally.waits.count == counts.called
        and tally.services.count == counts.served
    )


def _recount(scope: Scope) -> Iterator[tuple[Place, Found]]:
    """The sums of each service and hour, by the database, on the clock of each zone."""
    called = Q(called_at__isnull=False)
    served = Q(state__in=[State.DONE, State.TRANSFERRED])
    # Whoever came back after a transfer waits from the new place on.
    before = Case(When(returns=0, then=F("came_from__wait_seconds")))
    waited = Greatest(F("wait_seconds") - Coalesce(before, Value(0)), Value(0))
    sums: dict[str, Any] = {
        "issued": Count("pk"),
        "called": Count("pk", filter=called),
        "served": Count("pk", filter=served),
        "transferred": Count("pk", filter=Q(state=State.TRANSFERRED)),
        "cancelled": Count("pk", filter=Q(state=State.CANCELLED)),
        "waits": Count("pk", filter=called),
        "waited": Coalesce(Sum(waited, filter=called), Value(0)),
        "services": Count("pk", filter=served),
        "lasted": Coalesce(Sum("service_seconds", filter=served), Value(0)),
    }
    tickets = Ticket.objects.exclude(state__in=[State.PRINTING, State.WITHDRAWN])
    tickets = tickets.filter(day__date__gte=scope.since, day__closed_at__isnull=False)
    if scope.mall_id is not None:
        tickets = tickets.filter(day__mall=scope.mall_id)
    for zone in Zone.values:
        here = tickets.filter(day__mall__region__zone=zone)
        hour = ExtractHour("issued_at", tzinfo=ZoneInfo(zone))
        rows = here.annotate(hour=hour).order_by()
        places = rows.values_list("day__mall", "day__date", "service", "hour")
        for mall_id, on, service, at, *found in places.annotate(**sums):
            yield (mall_id, on, service, at), tuple(found)
