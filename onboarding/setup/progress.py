"""How far a mall is set up, step by step, and what still keeps it from opening; reads only."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from agencies import opening
from agencies.calendars import calendar_of
from agencies.models import Counter, CounterDay, FloorPlan, Mall, Presence
from agencies.sentences import week
from queueing.lines import by_number
from services import standard_states
from services.models import CounterQueue, Queue, Service, Standard


class Step(NamedTuple):
    """A page of the sequence, by its route with the slug of the mall."""

    route: str
    title: str | Promise


STEPS = (
    Step("setup_place", gettext_lazy("Tempat")),
    Step("setup_hours", gettext_lazy("Jam layanan")),
    Step("setup_counters", gettext_lazy("Zona dan loket")),
    Step("setup_plans", gettext_lazy("Denah")),
    Step("setup_agencies", gettext_lazy("Instansi")),
    Step("setup_queues", gettext_lazy("Antrean dan layanan")),
    Step("setup_days", gettext_lazy("Hari hadir dan loket")),
    Step("setup_check", gettext_lazy("Periksa")),
)


@dataclass(frozen=True)
class Standing:
    """Whether a step is done, and what there is of it by now."""

    step: Step
    is_done: bool
    said: str
    is_optional: bool = False


@dataclass(frozen=True)
class Facts:
    """Everything about a mall that the steps and the check ask for, read once."""

    mall: Mall
    today: date
    weekly: tuple[tuple[str, str, str], ...]
    counters: tuple[Counter, ...]
    plans: int
    presences: tuple[Presence, ...]
    queues: tuple[Queue, ...]
    services: tuple[Service, ...]
    days: tuple[CounterDay, ...]  # that hold today or later
    served: frozenset[tuple[int, int]]  # counter and queue
    standards: frozenset[int]  # the services that have published one

    @property
    def queueless(self) -> list[Presence]:
        having = {queue.presence_id for queue in self.queues}
        return [each for each in self.presences if each.pk not in having]

    @property
    def idle_queues(self) -> list[Queue]:
        having = {service.queue_id for service in self.services}
        return [each for each in self.queues if each.pk not in having]

    @property
    def dayless(self) -> list[Presence]:
        having = {day.presence_id for day in self.days}
        return [each for each in self.presences if each.pk not in having]


def facts_of(mall: Mall, *, now: datetime) -> Facts:
    """Read a mall as it is set up now."""
    today = opening.local_date(now, mall.zone)
    here = {"presence__mall": mall, "presence__is_active": True, "is_active": True}
    services = list(Service.objects.filter(**here).only("name", "presence_id", "queue_id"))
    return Facts(
        mall=mall,
        today=today,
        weekly=tuple(week(calendar_of(mall.pk))),
        counters=tuple(sorted(Counter.objects.filter(mall=mall, is_active=True), key=_number)),
        plans=FloorPlan.objects.filter(mall=mall).count(),
        presences=tuple(present_at(mall)),
        queues=tuple(Queue.objects.filter(**here).select_related("presence")),
        services=tuple(services),
        days=tuple(_days(mall, today)),
        served=frozenset(
            CounterQueue.objects.filter(counter__mall=mall).values_list("counter_id", "queue_id")
        ),
        standards=frozenset(
            Standard.objects.filter(
                service__presence__mall=mall, state=standard_states.State.PUBLISHED
            ).values_list("service_id", flat=True)
        ),
    )


def _number(counter: Counter) -> tuple[int, str]:
    return by_number(counter.number)


def _days(mall: Mall, today: date) -> QuerySet[CounterDay]:
    goes_on = Q(until_date=None) | Q(until_date__gte=today)
    held = CounterDay.objects.filter(goes_on, counter__mall=mall, counter__is_active=True)
    return held.select_related("counter")


def present_at(mall: Mall) -> QuerySet[Presence]:
    """The agencies at a mall, by what its board calls them."""
    found = Presence.objects.filter(mall=mall, is_active=True).select_related("agency")
    return found.order_by("board_name", "pk")


# The steps


def overview(facts: Facts, problems: int) -> list[Standing]:
    """Every step as it stands; the last one is done when the check finds nothing grave."""
    looked = [look(facts) for look in _LOOKS]
    said = _("Siap dibuka") if not problems else _problems(problems)
    return [*looked, Standing(STEPS[-1], not problems, said)]


def _problems(count: int) -> str:
    return ngettext(
        "%(count)d hal perlu diselesaikan", "%(count)d hal perlu diselesaikan", count
    ) % {"count": count}


def _place(facts: Facts) -> Standing:
    mall = facts.mall
    is_done = bool(mall.place_name and mall.address)
    said = (
        f"{mall.place_name}, {mall.address}" if is_done else _("Nama tempat dan alamat belum diisi")
    )
    return Standing(STEPS[0], is_done, said)


def _hours(facts: Facts) -> Standing:
    said = "; ".join(f"{days} {hours}" for days, hours, _rest in facts.weekly)
    return Standing(STEPS[1], bool(facts.weekly), said or _("Belum ada hari buka"))


def _counters(facts: Facts) -> Standing:
    if not facts.counters:
        return Standing(STEPS[2], False, _("Belum ada loket"))
    zones = len({each.place for each in facts.counters})
    said = _("%(counters)d loket di %(zones)d zona") % {
        "counters": len(facts.counters),
        "zones": zones,
    }
    return Standing(STEPS[2], True, said)


def _plans(facts: Facts) -> Standing:
    if not facts.plans:
        return Standing(STEPS[3], False, _("Belum ada gambar denah"), is_optional=True)
    placed = sum(each.plan_id is not None for each in facts.counters)
    said = _("%(plans)d denah, %(placed)d dari %(counters)d loket sudah ditaruh") % {
        "plans": facts.plans,
        "placed": placed,
        "counters": len(facts.counters),
    }
    return Standing(STEPS[3], placed == len(facts.counters), said, is_optional=True)


def _agencies(facts: Facts) -> Standing:
    if not facts.presences:
        return Standing(STEPS[4], False, _("Belum ada instansi"))
    said = _("%(count)d instansi hadir") % {"count": len(facts.presences)}
    unnamed = sum(
        each.basis == Presence.Basis.DECREE and not each.decree for each in facts.presences
    )
    if unnamed:
        said += "; " + _("%(count)d tanpa nomor keputusan") % {"count": unnamed}
    return Standing(STEPS[4], not unnamed, said)


def _queues(facts: Facts) -> Standing:
    whole, without = len(facts.presences), len(facts.queueless)
    said = _("%(having)d dari %(whole)d instansi punya antrean, %(services)d layanan") % {
        "having": whole - without,
        "whole": whole,
        "services": len(facts.services),
    }
    is_done = bool(whole and facts.services) and not (without or facts.idle_queues)
    return Standing(STEPS[5], is_done, said)


def _attended(facts: Facts) -> Standing:
    whole, without = len(facts.presences), len(facts.dayless)
    said = _("%(having)d dari %(whole)d instansi punya hari dan loket") % {
        "having": whole - without,
        "whole": whole,
    }
    return Standing(STEPS[6], bool(whole) and not without, said)


_LOOKS: tuple[Callable[[Facts], Standing], ...] = (
    *(_place, _hours, _counters, _plans, _agencies, _queues, _attended),
)
