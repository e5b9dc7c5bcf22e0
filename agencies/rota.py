"""Whose a counter is on which weekday, from which date. Beside the admin no module writes it.

What has been stays as it was: a change begins on a day, and the rows before it end on the eve.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from agencies.models import Counter, CounterDay, Mall, Weekday
from agencies.models.counters import CounterDayQuerySet
from core import formats, memo
from core.errors import Refused

DAY = timedelta(days=1)
Breaks = dict[tuple[int, int, int], tuple[time | None, time | None]]


class CounterTaken(Refused):
    code = "counter_taken"


@dataclass(frozen=True)
class Wanted:
    """A counter for an agency on a weekday, from one date until another; None: for good."""

    presence_id: int
    counter_id: int
    weekday: int
    from_date: date
    until_date: date | None = None
    term_id: int | None = None


@transaction.atomic
def lay(mall: Mall, since: Mapping[int, date], wanted: Iterable[Wanted]) -> None:
    """Let each of these agencies have exactly these counters from its day on, all at once.

    Rows that began earlier end on the eve of it; a break that a counter already had on a weekday
    goes on. Raises CounterTaken, naming whose a counter is.
    """
    # Two changes at one mall wait in line here; the second sees what the first has taken.
    Mall.objects.select_for_update(no_key=True).get(pk=mall.pk)
    rows, taken = planned(mall, since, wanted)
    if taken:
        raise CounterTaken(" ".join(taken))
    for presence_id, begins in since.items():
        own = CounterDay.objects.filter(presence=presence_id)
        own.filter(from_date__gte=begins).delete()
        goes_on = Q(until_date=None) | Q(until_date__gte=begins)
        own.filter(goes_on).update(until_date=begins - DAY)
    CounterDay.objects.bulk_create(rows)
    transaction.on_commit(memo.clear_all)


def planned(
    mall: Mall, since: Mapping[int, date], wanted: Iterable[Wanted]
) -> tuple[list[CounterDay], list[str]]:
    """The rows that would be laid, and a sentence for each counter somebody else has."""
    standing = CounterDay.objects.filter(counter__mall=mall).order_by("from_date", "pk")
    taken_by: dict[tuple[int, int], list[CounterDay]] = {}
    breaks: Breaks = {}
    for row in standing.select_related("counter", "presence__agency"):
        if row.presence_id in since:
            breaks[row.presence_id, row.counter_id, row.weekday] = row.break_from, row.break_until
            _end_before(row, since[row.presence_id])
        if row.until_date is None or row.until_date >= row.from_date:
            taken_by.setdefault((row.counter_id, row.weekday), []).append(row)
    rows, taken = [], []
    for each in wanted:
        row = _row(each, since[each.presence_id], breaks)
        if row.until_date is not None and row.until_date < row.from_date:
            continue
        others = taken_by.setdefault((row.counter_id, row.weekday), [])
        taken += [_taken(other) for other in others if overlap(row, other)][:1]
        others.append(row)
        rows.append(row)
    return rows, list(dict.fromkeys(taken))


def laid(
    mall: Mall, since: Mapping[int, date], rows: Iterable[CounterDay]
) -> dict[int, list[CounterDay]]:
    """The rows of each of these agencies as they would stand once these are laid; none is saved."""
    found: dict[int, list[CounterDay]] = {pk: [] for pk in since}
    own = CounterDay.objects.filter(presence__in=since, counter__mall=mall)
    for row in own.select_related("counter"):
        if row.from_date < since[row.presence_id]:
            _end_before(row, since[row.presence_id])
            found[row.presence_id].append(row)
    counters = Counter.objects.filter(mall=mall).in_bulk()
    for row in rows:
        row.counter = counters[row.counter_id]
        found[row.presence_id].append(row)
    return found


def _end_before(row: CounterDay, day: date) -> None:
    """Cut a row as laying will; what began later ends before it begins."""
    if row.until_date is None or row.until_date >= day:
        row.until_date = day - DAY


def _row(wanted: Wanted, since: date, breaks: Breaks) -> CounterDay:
    key = (wanted.presence_id, wanted.counter_id, wanted.weekday)
    begins, ends = breaks.get(key, (None, None))
    return CounterDay(
        presence_id=wanted.presence_id,
        counter_id=wanted.counter_id,
        weekday=wanted.weekday,
        from_date=max(wanted.from_date, since),
        until_date=wanted.until_date,
        term_id=wanted.term_id,
        break_from=begins,
        break_until=ends,
    )


def overlap(one: CounterDay, other: CounterDay) -> bool:
    """Whether two rows of one counter and weekday hold on a common day."""
    first = max(one.from_date, other.from_date)
    return all(each.until_date is None or each.until_date >= first for each in (one, other))


def _taken(row: CounterDay) -> str:
    said = {
        "counter": row.counter,
        "day": Weekday(row.weekday).label,
        "agency": row.presence.agency.short_name,
    }
    if row.until_date is None:
        return _("%(counter)s pada hari %(day)s sudah dipakai %(agency)s.") % said
    said["until"] = formats.long_date(row.until_date)
    return _("%(counter)s pada hari %(day)s masih dipakai %(agency)s sampai %(until)s.") % said


def twice(rows: CounterDayQuerySet) -> list[tuple[CounterDay, CounterDay]]:
    """Pairs of rows that give a counter to two agencies on one day; there should be none."""
    found: list[tuple[CounterDay, CounterDay]] = []
    seen: dict[tuple[int, int], list[CounterDay]] = {}
    for row in rows.order_by("counter", "weekday", "from_date", "pk"):
        others = seen.setdefault((row.counter_id, row.weekday), [])
        found += [(other, row) for other in others if overlap(other, row)]
        others.append(row)
    return found
