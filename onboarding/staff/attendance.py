"""Who was at which counter on which day, read from what happened there: presses and calls.

An officer's day lasts from the first to the last sign of life; whose counter it was is what held on
that date. Nothing is written for it, so nobody can forget to.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import reduce
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Max, Min, Q
from django.db.models.functions import TruncDate

from agencies.models import CounterDay, Presence
from hall.models import HallEvent
from queueing.models import TicketEvent

LEFT = "desk.left"  # makes a day longer, but none of its own: a desk may be given up days later
AT_A_DESK = ("desk.opened", "desk.break", "desk.back", LEFT)
ONE_DAY = timedelta(days=1)


class Sign(NamedTuple):
    """Somebody at a counter on a day, of the agency that had it, from the first sign to the last.

    The moments are in the mall's own zone.
    """

    presence_id: int
    on: date
    counter_id: int
    user_id: int
    first: datetime
    last: datetime


class Kept(NamedTuple):
    """What an agency really gave on a day."""

    counters: int
    officers: int
    first: datetime
    last: datetime

    @property
    def lasted(self) -> timedelta:
        return self.last - self.first


@dataclass(frozen=True)
class Sums:
    """The same for several days together."""

    days: int
    counters: int  # on the day with most of them
    lasted: timedelta

    @property
    def hours(self) -> float:
        return self.lasted / timedelta(hours=1)


def signs(presence_ids: Collection[int], first: date, last: date) -> list[Sign]:
    """Every day of every officer at these agencies, from one date to another, both included.

    The same number of questions for one agency and a hundred, but one more for each zone.
    """
    presences = Presence.objects.filter(pk__in=presence_ids).select_related("mall__region")
    zones: dict[ZoneInfo, set[int]] = {}
    for each in presences:
        zones.setdefault(each.mall.zone, set()).add(each.mall_id)
    owners = _owners(presence_ids, first, last)
    seen: dict[tuple[int, date, int, int], Sign] = {}
    for zone, mall_ids in zones.items():
        for on, counter_id, user_id, begun, ended in _seen(mall_ids, first, last, zone):
            owner = owners.of(counter_id, on)
            if owner is None:
                continue
            key = owner, on, counter_id, user_id
            if begun or key in seen:
                sign = Sign(*key, (begun or ended).astimezone(zone), ended.astimezone(zone))
                seen[key] = _both(seen.get(key, sign), sign)
    return sorted(seen.values())


def kept(presence_ids: Collection[int], first: date, last: date) -> dict[tuple[int, date], Kept]:
    """What these agencies really gave on each day, from one date to another, both included.

    A day on which nobody was at a counter is not in it.
    """
    return by_day(signs(presence_ids, first, last))


def by_day(found: Iterable[Sign]) -> dict[tuple[int, date], Kept]:
    """The signs of each agency and day together."""
    of_a_day = attrgetter("presence_id", "on")
    return {
        key: _kept(list(group)) for key, group in groupby(sorted(found, key=of_a_day), of_a_day)
    }


def by_officer(found: Iterable[Sign]) -> dict[tuple[int, int], dict[date, Kept]]:
    """The signs of each officer at each agency together, day by day."""
    rows: dict[tuple[int, int], dict[date, Kept]] = {}
    of_a_day = attrgetter("presence_id", "user_id", "on")
    for key, group in groupby(sorted(found, key=of_a_day), of_a_day):
        presence_id, user_id, on = key
        rows.setdefault((presence_id, user_id), {})[on] = _kept(list(group))
    return rows


def sums(days: Collection[Kept]) -> Sums:
    """Several days together."""
    lasted = sum((each.lasted for each in days), timedelta())
    return Sums(len(days), max((each.counters for each in days), default=0), lasted)


class _Owners:
    """Whose a counter was on a date."""

    def __init__(self, rows: Iterable[CounterDay]) -> None:
        self.rows: dict[tuple[int, int], list[CounterDay]] = {}
        for row in rows:
            self.rows.setdefault((row.counter_id, row.weekday), []).append(row)

    def of(self, counter_id: int, on: date) -> int | None:
        for row in self.rows.get((counter_id, on.weekday()), ()):
            if row.from_date <= on and (row.until_date is None or on <= row.until_date):
                return row.presence_id
        return None


def _owners(presence_ids: Collection[int], first: date, last: date) -> _Owners:
    rows = CounterDay.objects.filter(presence__in=presence_ids, from_date__lte=last)
    return _Owners(rows.exclude(until_date__lt=first))


_Row = tuple[date, int, int, datetime | None, datetime]


def _seen(mall_ids: set[int], first: date, last: date, zone: ZoneInfo) -> Iterator[_Row]:
    """Day, counter, person, first and last moment: of the moves of tickets, then of the desks."""
    moves = TicketEvent.objects.filter(
        ticket__day__mall__in=mall_ids,
        ticket__day__date__range=(first, last),
        counter__isnull=False,
        by__isnull=False,
    )
    # The date of a queue is the local one, and its moves are made on it.
    of_a_day = moves.order_by().values_list("ticket__day__date", "counter", "by")
    yield from of_a_day.annotate(begun=Min("at"), ended=Max("at"))
    span = datetime.combine(first, time(), zone), datetime.combine(last + ONE_DAY, time(), zone)
    presses = HallEvent.objects.filter(
        mall__in=mall_ids, act__in=AT_A_DESK, at__gte=span[0], at__lt=span[1], by__isnull=False
    )
    at_home = presses.order_by().annotate(on=TruncDate("at", tzinfo=zone))
    begun = Min("at", filter=~Q(act=LEFT))
    yield from at_home.values_list("on", "subject_id", "by").annotate(begun=begun, ended=Max("at"))


def _both(one: Sign, other: Sign) -> Sign:
    return one._replace(first=min(one.first, other.first), last=max(one.last, other.last))


def _kept(found: list[Sign]) -> Kept:
    whole = reduce(_both, found)
    counters, officers = {each.counter_id for each in found}, {each.user_id for each in found}
    return Kept(len(counters), len(officers), whole.first, whole.last)
