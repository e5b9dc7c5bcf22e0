"""The questions of verify_invariants about counters and the terms they exist by."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta

from django.db.models import F, Q

from agencies.models import CounterDay, Presence, Term
from agencies.terms import Promise, reigns
from core.proof import Breach, Outcome, Scope
from onboarding.agreements.promises import promise_of

NEVER = datetime.max.replace(tzinfo=UTC) - timedelta(days=1)
ROWS = """
    SELECT COUNT(*) FROM agencies_counterday AS day
    JOIN agencies_counter AS counter ON counter.id = day.counter_id
    WHERE (%(mall)s IS NULL OR counter.mall_id = %(mall)s) AND %(since)s IS NOT NULL"""
TWICE = """
    SELECT later.id FROM agencies_counterday AS day
    JOIN agencies_counterday AS later ON later.counter_id = day.counter_id
        AND later.weekday = day.weekday AND later.id > day.id
        AND (day.until_date IS NULL OR day.until_date >= later.from_date)
        AND (later.until_date IS NULL OR later.until_date >= day.from_date)
    JOIN agencies_counter AS counter ON counter.id = day.counter_id
    WHERE (%(mall)s IS NULL OR counter.mall_id = %(mall)s) AND %(since)s IS NOT NULL"""


def counters(scope: Scope) -> Outcome:
    """No counter belongs to two agencies on one day."""
    found = scope.rows(TWICE)
    breaches = [Breach(CounterDay, pk, "gives a counter away a second time") for (pk,) in found]
    return Outcome(scope.count(ROWS), breaches)


def days(scope: Scope) -> Outcome:
    """Each day of an agency with terms is one that they promise, and none is missing."""
    timeline, recorded = _timeline(scope)
    rows = CounterDay.objects.filter(_in(scope, "presence__mall"))
    laid: dict[int, list[CounterDay]] = {}
    for row in rows.filter(presence__in=timeline):
        laid.setdefault(row.presence_id, []).append(row)
    found = [
        breach
        for presence_id, known in timeline.items()
        for breach in _judged(presence_id, known, laid.get(presence_id, []), recorded)
    ]
    endless = rows.filter(
        presence__basis=Presence.Basis.AGREEMENT, term=None, until_date=None
    ).values_list("pk", flat=True)
    found += [Breach(CounterDay, pk, "goes on without a term") for pk in endless]
    foreign = rows.filter(term__isnull=False).exclude(term__presence=F("presence"))
    found += [Breach(CounterDay, row.pk, "stands on the term of another") for row in foreign]
    return Outcome(sum(map(len, laid.values())), found)


def _in(scope: Scope, mall: str) -> Q:
    return Q(**{mall: scope.mall_id}) if scope.mall_id is not None else Q()


def _timeline(scope: Scope) -> tuple[dict[int, list[Promise]], dict[int, date]]:
    """Which term holds when, of every agency that has signed one; and when each was recorded."""
    signed = Term.objects.binding().signed().filter(_in(scope, "presence__mall"))
    found: dict[int, list[Promise]] = {}
    recorded: dict[int, date] = {}
    terms = signed.select_related("agreement__amends", "presence__mall__region")
    for term in terms.prefetch_related("counters"):
        found.setdefault(term.presence_id, []).append(promise_of(term))
        at = term.agreement.recorded_at or NEVER
        recorded[term.pk] = at.astimezone(term.presence.mall.zone).date()
    return {presence_id: reigns(known) for presence_id, known in found.items()}, recorded


def _judged(
    presence_id: int,
    known: list[Promise],
    rows: Iterable[CounterDay],
    recorded: Mapping[int, date],
) -> Iterator[Breach]:
    by_term = [row for row in rows if row.term_id is not None]
    for row in by_term:
        if not any(_promises(each, row) for each in known):
            yield Breach(CounterDay, row.pk, "is on a day that no term promises")
    has = {(row.term_id, row.counter_id, row.weekday, row.until_date) for row in by_term}
    for each in known[-1:]:  # earlier ones were cut where the past stays as it was
        if each.last is not None and each.last <= recorded[each.term_id]:
            continue  # over before it could open anything
        wanted = {
            (each.term_id, counter, weekday, each.last)
            for counter in each.counters
            for weekday in each.weekdays
        }
        if not wanted <= has:
            yield Breach(Presence, presence_id, "lacks a day that its term promises")


def _promises(promise: Promise, row: CounterDay) -> bool:
    return (
        promise.term_id == row.term_id
        and promise.first <= row.from_date
        and row.weekday in promise.weekdays
        and row.counter_id in promise.counters
        and _ends_within(promise.last, row.until_date)
    )


def _ends_within(last: date | None, until: date | None) -> bool:
    return last is None or (until is not None and until <= last)
