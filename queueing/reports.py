"""The figures of today of many queues or malls at once; the database works out the medians."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from agencies import opening
from agencies.models import Mall, Presence, Zone
from queueing.models import Ticket, TicketEvent
from queueing.states import Move, Rule, State
from services.models import Queue


class By(StrEnum):
    """What one row of the report stands for."""

    QUEUE = "day__queue"
    AGENCY = "day__queue__presence"
    MALL = "day__mall"


@dataclass(frozen=True)
class Today:
    """What happened today in a queue, at an agency or in a mall."""

    subject: Queue | Presence | Mall
    issued: int = 0
    waiting: int = 0
    served: int = 0
    no_shows: int = 0
    out_of_order: int = 0
    wait_minutes: int | None = None
    service_minutes: int | None = None


Groups: TypeAlias = dict[int, dict[str, int]]


def malls_today(presences: QuerySet[Presence], *, now: datetime) -> list[Today]:
    """One row for each mall in which these agencies are present."""
    malls = Mall.objects.filter(presences__in=presences).distinct()
    return _rows(list(malls.order_by("name")), By.MALL, presences, now)


def queues_today(presences: QuerySet[Presence], *, now: datetime) -> list[Today]:
    """One row for each queue of these agencies."""
    queues = Queue.objects.filter(presence__in=presences, is_active=True)
    named = queues.select_related("presence__agency").order_by("letter", "pk")
    return _rows(list(named), By.QUEUE, presences, now)


def agency_today(presence: Presence, *, now: datetime) -> Today:
    """All queues of one agency at a mall together."""
    here = Presence.objects.filter(pk=presence.pk)
    return _rows([presence], By.AGENCY, here, now)[0]


def _rows(
    subjects: Sequence[Queue | Presence | Mall],
    by: By,
    presences: QuerySet[Presence],
    now: datetime,
) -> list[Today]:
    tickets = Ticket.objects.filter(_today(now), day__queue__presence__in=presences)
    counts, moves = _counts(tickets, by), _moves(presences, by, now)
    called = tickets.filter(called_at__isnull=False)
    waits = _medians(called, "wait_seconds", by)
    ended = tickets.filter(state__in=[State.DONE, State.TRANSFERRED])
    services = _medians(ended, "service_seconds", by)
    return [
        Today(
            subject=subject,
            wait_minutes=waits.get(subject.pk),
            service_minutes=services.get(subject.pk),
            **counts.get(subject.pk, {}),
            **moves.get(subject.pk, {}),
        )
        for subject in subjects
    ]


def _today(now: datetime, prefix: str = "") -> Q:
    """The queue-days that are today where they are."""
    days = Q(pk__in=[])
    for zone in Zone.values:
        on = opening.local_date(now, ZoneInfo(zone))
        days |= Q(**{f"{prefix}day__mall__region__zone": zone, f"{prefix}day__date": on})
    return days


def _counts(tickets: QuerySet[Ticket], by: By) -> Groups:
    found = tickets.values_list(by).annotate(
        # A kiosk's number counts once its print is confirmed.
        issued=Count("pk", filter=~Q(state__in=[State.PRINTING, State.WITHDRAWN])),
        waiting=Count("pk", filter=Q(state=State.WAITING)),
        served=Count("pk", filter=Q(state__in=[State.DONE, State.TRANSFERRED])),
    )
    return {
        pk: {"issued": issued, "waiting": waiting, "served": served}
        for pk, issued, waiting, served in found
    }


def _moves(presences: QuerySet[Presence], by: By, now: datetime) -> Groups:
    events = TicketEvent.objects.filter(
        _today(now, "ticket__"), ticket__day__queue__presence__in=presences
    )
    found = events.values_list(f"ticket__{by}").annotate(
        no_shows=Count("pk", filter=Q(move=Move.SKIP)),
        out_of_order=Count("pk", filter=Q(rule=Rule.OUT_OF_ORDER)),
    )
    return {pk: {"no_shows": missed, "out_of_order": picked} for pk, missed, picked in found}


def _medians(tickets: QuerySet[Ticket], seconds: str, by: By) -> dict[int, int]:
    """The median in whole minutes by group; the database hands over the middle rows only."""
    ranked = tickets.annotate(
        place=Window(RowNumber(), partition_by=by.value, order_by=F(seconds).asc()),
        size=Window(Count("pk"), partition_by=by.value),
    )
    # Twice the place of a middle row is the size, one more or two more.
    middle = ranked.annotate(off=2 * F("place") - F("size")).filter(off__gte=0, off__lte=2)
    values: dict[int, list[int]] = {}
    for group, value in middle.values_list(by.value, seconds):
        values.setdefault(group, []).append(value)
    return {group: round(sum(found) / len(found) / 60) for group, found in values.items()}
