"""Reads which malls live now: in a fixed number of queries, whatever the number of malls.

Nothing is written for it and no past ticket is looked at: it reads who sits at the counters, the
partial indexes of tickets that wait or are at a counter, and what was counted of today.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet, Subquery

from agencies import opening
from agencies.calendars import calendars_of
from agencies.models import CounterDay, Mall, Zone, held_on, in_use
from agencies.opening import Status
from core.memo import briefly_each
from hall import devices
from hall.models import Closure, Device, HallEvent
from monitoring import pulse
from monitoring.models import Day, Watermark
from monitoring.pulse import Counters, Devices, Pulse, Signs, Trouble
from queueing.floor.reading import DESK_ACTS
from queueing.models import Ticket, TicketEvent
from queueing.states import State

BEHIND_AFTER = timedelta(minutes=5)  # the log is looked through every minute
Todays = dict[int, date]


def of_malls(malls: Collection[Mall], *, now: datetime) -> list[Pulse]:
    """These malls as they are now: those in trouble first, then the open ones, by name."""
    calendars = calendars_of(tuple(mall.pk for mall in malls))
    read = _Reading({pk: opening.status(each, now) for pk, each in calendars.items()}, now)
    wrong_first = pulse.troubled(found := _assured([read.of(mall) for mall in malls]))
    calm = [each for each in found if each.trouble is None]
    return wrong_first + sorted(calm, key=lambda each: (not each.is_open, each.mall.name))


def counted_until(*, now: datetime) -> datetime | None:
    """Since when the log has not been looked through, where that is too long ago; else None.

    Until it is, the last moves of tickets are older on the page than they are.
    """
    latest: datetime | None = Watermark.objects.aggregate(latest=Max("at"))["latest"]
    is_behind = latest is not None and now - latest > BEHIND_AFTER
    return latest if is_behind else None


class _Reading:
    """Everything that is read, by mall."""

    def __init__(self, states: Mapping[int, Status], now: datetime) -> None:
        self.states, self.now = states, now
        self.todays = todays = {pk: state.today for pk, state in states.items()}
        working = {pk: each.today for pk, each in states.items() if each.day.hours is not None}
        self.heard, self.begun = _heard(todays)
        self.counters, self.seated = _counters(working, now)
        self.busy, self.announced = _at_counters(todays)
        self.waiting, self.issued = _waiting(todays)
        self.screens, self.seen = _devices(todays, now)
        self.moved = _last_moves(todays)
        self.called = _first_calls(tuple(sorted(todays.items())))

    def of(self, mall: Mall) -> Pulse:
        """One of the malls."""
        pk = mall.pk
        counters = self.counters.get(pk, Counters())
        return Pulse(
            mall=mall,
            status=self.states[pk],
            now=self.now,
            uses_queue=pk in self.begun,
            counters=counters._replace(
                calling=self.busy.get((pk, State.CALLED), 0),
                serving=self.busy.get((pk, State.SERVING), 0),
            ),
            waiting=self.waiting.get(pk, 0),
            signs=self._signs(mall),
            devices=self.screens.get(pk, Devices()),
        )

    def _signs(self, mall: Mall) -> Signs:
        pk, on, act = mall.pk, self.todays[mall.pk], self.heard[mall.pk]
        is_of_today = act is not None and opening.local_date(act, mall.zone) == on
        return Signs(
            event=_latest(self.moved.get(pk), self.announced.get(pk), self.issued.get(pk)),
            act=act,
            device=self.seen.get(pk),
            opened=_earliest(
                self.called[pk, on], self.seated.get(pk), act if is_of_today else None
            ),
        )


def _heard(todays: Todays) -> tuple[dict[int, datetime | None], set[int]]:
    """The last act at a desk of each mall, and those that have ever given out numbers here."""
    acts = HallEvent.objects.filter(mall=OuterRef("pk"), act__in=sorted(DESK_ACTS))
    counted = Day.objects.filter(mall=OuterRef("pk"))
    rows = (
        Mall.objects.filter(pk__in=todays)
        .order_by()
        .values_list("pk", Subquery(acts.order_by("-version").values("at")[:1]), Exists(counted))
    )
    found = list(rows)
    return {pk: at for pk, at, _begun in found}, {pk for pk, _at, begun in found if begun}


def _counters(working: Todays, now: datetime) -> tuple[dict[int, Counters], dict[int, datetime]]:
    """The counters of today by mall, and since when somebody has been sitting there today."""
    taken = Q(counter__desk__officer__isnull=False)
    shut = Exists(
        Closure.objects.filter(
            counter=OuterRef("counter"), state=Closure.State.APPROVED, until__gt=now
        )
    )
    works = taken & Q(counter__desk__on_break=False, is_shut=False)
    rows = (
        CounterDay.objects.filter(_of_today(working))
        .annotate(is_shut=shut)
        .order_by()
        .values_list("counter__mall")
        .annotate(
            promised=Count("pk"),
            staffed=Count("pk", filter=taken),
            resting=Count("pk", filter=taken & Q(counter__desk__on_break=True)),
            closed=Count("pk", filter=Q(is_shut=True)),
            open=Count("pk", filter=works),
            since=Min("counter__desk__since", filter=_sat_down_today(now)),
        )
    )
    found, seated = {}, {}
    for pk, *counts, since in rows:
        found[pk] = Counters(*counts)
        if since is not None:
            seated[pk] = since
    return found, seated


def _of_today(todays: Todays) -> Q:
    """The counters that somebody has at these malls on the day it is there: two dates at most."""
    rows = Q(pk__in=[])
    for on, malls in _by_date(todays):
        rows |= held_on(on) & in_use(on, "counter") & Q(counter__mall__in=malls)
    return rows


def _sat_down_today(now: datetime) -> Q:
    rows = Q(pk__in=[])
    for zone in Zone.values:
        clock = ZoneInfo(zone)
        midnight = datetime.combine(opening.local_date(now, clock), time(), clock)
        rows |= Q(counter__mall__region__zone=zone, counter__desk__since__gte=midnight)
    return rows


def _at_counters(todays: Todays) -> tuple[dict[tuple[int, int], int], dict[int, datetime]]:
    """Those called and served, and the last call of theirs: of the index of tickets at counters."""
    there = Ticket.objects.at_counter().filter(counter__mall__in=todays).order_by()
    rows = there.values_list("counter__mall", "state").annotate(
        count=Count("pk"), last=Max("announced_at")
    )
    counts, last = {}, dict[int, datetime]()
    for pk, state, count, at in rows:
        counts[pk, state] = count
        if at is not None:
            last[pk] = max(at, last.get(pk, at))
    return counts, last


def _waiting(todays: Todays) -> tuple[dict[int, int], dict[int, datetime]]:
    """How many wait, and when the last of them took a number: of the index of those who wait."""
    rows = _on(todays, Ticket.objects.waiting()).annotate(count=Count("pk"), last=Max("issued_at"))
    found = [row for row in rows if todays[row[0]] == row[1]]
    return {row[0]: row[2] for row in found}, {row[0]: row[3] for row in found}


def _devices(todays: Todays, now: datetime) -> tuple[dict[int, Devices], dict[int, datetime]]:
    silent = Q(seen_at=None) | Q(seen_at__lt=now - devices.SILENT_AFTER)
    rows = (
        Device.objects.in_use()
        .filter(mall__in=todays)
        .order_by()
        .values_list("mall")
        .annotate(all=Count("pk"), silent=Count("pk", filter=silent), last=Max("seen_at"))
    )
    found = list(rows)
    seen = {pk: last for pk, _all, _silent, last in found if last is not None}
    return {pk: Devices(all_, silent) for pk, all_, silent, _last in found}, seen


def _last_moves(todays: Todays) -> dict[int, datetime]:
    """The last move of a number that the counting of today has seen; a minute late at most."""
    last = TicketEvent.objects.filter(pk=OuterRef("seen")).values("at")
    days = Day.objects.filter(mall__in=todays, date__in=set(todays.values()))
    rows = days.order_by().values_list("mall", "date", Subquery(last[:1]))
    return {pk: at for pk, on, at in rows if at is not None and todays[pk] == on}


@briefly_each(60)
def _first_calls(places: tuple[tuple[int, date], ...]) -> dict[tuple[int, date], datetime | None]:
    """The first call of each mall on a day; looked for once a minute."""
    rows = _on(dict(places), Ticket.objects.all()).annotate(first=Min("called_at"))
    known = {(pk, on): first for pk, on, first in rows}
    return {place: known.get(place) for place in places}


def _assured(found: list[Pulse]) -> list[Pulse]:
    """The same; before a mall is called silent its own log of today is asked."""
    silent = {each.mall.pk: each.status.today for each in found if each.trouble == Trouble.SILENT}
    events = TicketEvent.objects.filter(
        ticket__day__mall__in=silent, ticket__day__date__in=set(silent.values())
    )
    rows = events.order_by().values_list("ticket__day__mall").annotate(last=Max("at"))
    last = dict(rows)
    return [_with_event(each, last.get(each.mall.pk)) for each in found]


def _with_event(each: Pulse, last: datetime | None) -> Pulse:
    if last is None:
        return each
    return replace(each, signs=each.signs._replace(event=_latest(each.signs.event, last)))


def _on(todays: Todays, tickets: QuerySet[Ticket]) -> QuerySet[Ticket, tuple[int, date]]:
    there = tickets.filter(day__mall__in=todays, day__date__in=set(todays.values())).order_by()
    return there.values_list("day__mall", "day__date")


def _by_date(todays: Todays) -> Iterable[tuple[date, list[int]]]:
    ordered = sorted((on, pk) for pk, on in todays.items())
    return [(on, [pk for _on, pk in group]) for on, group in groupby(ordered, lambda each: each[0])]


def _latest(*moments: datetime | None) -> datetime | None:
    return max((each for each in moments if each is not None), default=None)


def _earliest(*moments: datetime | None) -> datetime | None:
    return min((each for each in moments if each is not None), default=None)
