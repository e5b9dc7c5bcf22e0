"""On which days agencies present by decree have which counters, and what these serve.

Those present by agreement have the days that their terms promise: agreements/promises.py lays them.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from agencies import opening, rota
from agencies.models import Counter, CounterDay, Mall, Presence
from agencies.rota import Wanted
from agencies.sentences import weekdays
from onboarding import ranges
from onboarding.agreements import promises
from onboarding.setup.arranging import noting
from onboarding.setup.arranging.refusals import ByAgreement, NotThere, TooEarly
from services.models import CounterQueue, Queue

Counters = Mapping[int, Collection[int]]  # the ids of counters by weekday


@dataclass(frozen=True)
class Attended:
    """The counters of an agency by weekday, as they stand on a day."""

    presence_id: int
    counters: Mapping[int, frozenset[int]]
    numbers: Mapping[int, str]  # of these counters

    @property
    def said(self) -> str:
        """Which days, and where: "Senin–Rabu: loket 1–3"."""
        days = ((frozenset(ids), day) for day, ids in self.counters.items())
        alike: dict[frozenset[int], list[int]] = {}
        for ids, day in sorted(days, key=lambda each: each[1]):
            alike.setdefault(ids, []).append(day)
        return "; ".join(
            _("%(days)s: loket %(counters)s")
            % {"days": weekdays(days), "counters": ranges.write(self.numbers[pk] for pk in ids)}
            for ids, days in alike.items()
        )

    @property
    def weekdays(self) -> list[int]:
        return sorted(self.counters)

    @property
    def everywhere(self) -> frozenset[int] | None:
        """The counters it has on each of its days; None when the days differ."""
        sets = set(self.counters.values())
        return sets.pop() if len(sets) == 1 else None if sets else frozenset()


@transaction.atomic
def lay(
    mall: Mall, wanted: Mapping[int, Counters], *, from_date: date, by: User, now: datetime
) -> int:
    """Let agencies present by decree have these counters from a day on, all or none.

    A counter that serves none of the queues of its agency yet serves all of them. Returns how many
    reservations it called off. Raises NotThere, ByAgreement, TooEarly and rota.CounterTaken.
    """
    known = noting.locked(mall)
    _refuse_others(known, wanted)
    first = earliest(known, wanted, now=now)
    if from_date < first:
        raise TooEarly(_("Hari ini sudah berjalan, jadi jadwal berubah paling cepat besok."))
    rows = [
        Wanted(presence_id, counter_id, weekday, from_date)
        for presence_id, week in wanted.items()
        for weekday, counters in week.items()
        for counter_id in sorted(counters)
    ]
    rota.lay(known, dict.fromkeys(wanted, from_date), rows)
    promises.serve_all((row.presence_id, row.counter_id) for row in rows)
    late = promises.keep_up(wanted, by=by, now=now)
    noting.note("days", mall.pk, mall=known, by=by, now=now, detail=str(from_date))
    return late


def _refuse_others(mall: Mall, wanted: Mapping[int, Counters]) -> None:
    found = list(Presence.objects.filter(mall=mall, pk__in=wanted).select_related("agency"))
    ids = {pk for week in wanted.values() for counters in week.values() for pk in counters}
    if len(found) != len(wanted) or (
        Counter.objects.filter(mall=mall, pk__in=ids).count() != len(ids)
    ):
        raise NotThere(_("Instansi atau loket itu tidak ada di mal ini (lagi)."))
    for each in found:
        if each.basis == Presence.Basis.AGREEMENT:
            raise ByAgreement(
                _("Hari hadir %(agency)s mengikuti perjanjiannya. Ubah lewat adendum.")
                % {"agency": each.agency.short_name}
            )


def earliest(mall: Mall, presences: Collection[int], *, now: datetime) -> date:
    """The first day a change may begin: none of a public mall or with numbers given out."""
    today = opening.local_date(now, mall.zone)
    worked = promises.since(dict.fromkeys(presences, ()), today=today)
    return max([noting.earliest(mall, now=now), *worked.values()])


@transaction.atomic
def serve(
    presence: Presence, queues: Mapping[int, Collection[int]], *, by: User, now: datetime
) -> None:
    """Let counters of an agency serve exactly these of its queues; the ranks of those stay.

    Raises NotThere.
    """
    mall = noting.locked(presence.mall)
    own = set(Queue.objects.filter(presence=presence).values_list("pk", flat=True))
    held = set(CounterDay.objects.filter(presence=presence).values_list("counter_id", flat=True))
    if not queues.keys() <= held or not {pk for each in queues.values() for pk in each} <= own:
        raise NotThere(_("Loket atau antrean itu bukan milik instansi ini."))
    served = CounterQueue.objects.filter(queue__in=own, counter__in=queues)
    before = set(served.values_list("counter_id", "queue_id"))
    after = {(counter_id, pk) for counter_id, each in queues.items() for pk in each}
    for counter_id, queue_id in before - after:
        served.filter(counter=counter_id, queue=queue_id).delete()
    CounterQueue.objects.bulk_create(
        CounterQueue(counter_id=counter_id, queue_id=queue_id)
        for counter_id, queue_id in sorted(after - before)
    )
    noting.note("served", presence.pk, mall=mall, by=by, now=now, detail=presence.board_name)


def attended(presences: Collection[int], *, on: date) -> dict[int, Attended]:
    """The counters of agencies by weekday, of the rows that hold in the week from a day on."""
    found: dict[int, dict[int, set[int]]] = {pk: {} for pk in presences}
    numbers: dict[int, str] = {}
    for row in CounterDay.objects.filter(presence__in=presences).select_related("counter"):
        day = on + (row.weekday - on.weekday()) % 7 * noting.DAY
        if row.from_date <= day and (row.until_date is None or day <= row.until_date):
            found[row.presence_id].setdefault(row.weekday, set()).add(row.counter_id)
            numbers[row.counter_id] = row.counter.number
    return {
        pk: Attended(pk, {day: frozenset(counters) for day, counters in week.items()}, numbers)
        for pk, week in found.items()
    }
