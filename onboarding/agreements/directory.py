"""The agencies at a mall as those who run it see them: the list, and one of them in full."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, QuerySet, prefetch_related_objects

from agencies import opening, sentences
from agencies.calendars import calendar_of
from agencies.models import ContactPerson, CounterDay, Mall, Presence, held_on
from agencies.opening import Attendance
from onboarding import ranges
from onboarding.agreements import compliance, documents
from onboarding.agreements.compliance import Record
from onboarding.agreements.documents import Reign, Row
from services.models import Service
from services.offers import attended_at
from services.standard_states import IN_WORK, State

WEEK = [timedelta(days=ahead) for ahead in range(7)]


@dataclass(frozen=True)
class Wanted:
    """What of the list is asked for."""

    text: str = ""
    category: str = ""
    basis: str = ""
    is_active: bool | None = None


@dataclass(frozen=True)
class Entry:
    """An agency in the list: when and where it is there, and what holds of it today."""

    presence: Presence
    days: str
    counters: str
    standing: Row | None  # the document whose term holds, None where none does
    contacts: tuple[ContactPerson, ...]
    record: Record


@dataclass(frozen=True)
class Standards:
    """How many of an agency's services have a standard in force, and how many one in work."""

    services: int
    published: int
    in_work: int


@dataclass(frozen=True)
class Shown:
    """An agency at a mall with all that is known of it."""

    presence: Presence
    days: str
    next_day: datetime | None
    last_day: date | None
    counters: str
    reigns: tuple[Reign, ...]
    contacts: tuple[ContactPerson, ...]
    standards: Standards
    record: Record
    standing: Row | None


def listed(mall: Mall, found: Iterable[Presence], *, on: date) -> list[Entry]:
    """These agencies of a mall as they stand on a day, in as many queries for any number."""
    rows = list(found)
    prefetch_related_objects(rows, "contacts")
    ids = [each.pk for each in rows]
    attended, counters = attended_at(mall.pk), _counters_of(ids, on)
    reigns = documents.reigns_of(ids, on=on)
    records = compliance.of(mall, ids, *compliance.lately(on))
    return [
        Entry(
            presence=each,
            days=sentences.attended_days(attended.get(each.pk, Attendance()), on),
            counters=counters.get(each.pk, ""),
            standing=_standing(reigns[each.pk], on),
            contacts=tuple(each.contacts.all()),
            record=records[each.pk],
        )
        for each in rows
    ]


def asked(found: QuerySet[Presence], wanted: Wanted) -> QuerySet[Presence]:
    """The agencies asked for, those at work first."""
    if wanted.text:
        named = Q(agency__name__icontains=wanted.text) | Q(board_name__icontains=wanted.text)
        found = found.filter(named | Q(agency__short_name__icontains=wanted.text))
    if wanted.category:
        found = found.filter(agency__category=wanted.category)
    if wanted.basis:
        found = found.filter(basis=wanted.basis)
    if wanted.is_active is not None:
        found = found.filter(is_active=wanted.is_active)
    return found.order_by("-is_active", "agency__name", "pk")


def _counters_of(presences: Iterable[int], on: date) -> Mapping[int, str]:
    """The numbers of the counters each agency has in the seven days from a date: "7–9"."""
    held = Q()
    for ahead in WEEK:
        held |= held_on(on + ahead)
    rows = CounterDay.objects.filter(held, presence__in=list(presences), counter__is_active=True)
    found: dict[int, set[str]] = {}
    for presence_id, number in rows.values_list("presence_id", "counter__number"):
        found.setdefault(presence_id, set()).add(number)
    return {pk: ranges.write(numbers) for pk, numbers in found.items()}


def _standing(reigns: Iterable[Reign], on: date) -> Row | None:
    """The document that holds today, or the last one that did."""
    known = [each for each in reigns if each.promise.first <= on]
    if not known:
        return None
    return documents.row_of(known[-1].term.agreement, on=on)


def shown(mall: Mall, presence: Presence, *, on: date, now: datetime) -> Shown:
    """An agency in full, as it stands on a day."""
    attended = attended_at(mall.pk).get(presence.pk, Attendance())
    reigns = tuple(documents.reigns_of([presence.pk], on=on)[presence.pk])
    records = compliance.of(mall, [presence.pk], *compliance.lately(on))
    return Shown(
        presence=presence,
        days=sentences.attended_days(attended, on),
        next_day=opening.next_opening(calendar_of(mall.pk), now, attended=attended),
        last_day=attended.last_day(),
        counters=_counters_of([presence.pk], on).get(presence.pk, ""),
        reigns=reigns,
        contacts=tuple(presence.contacts.all()),
        standards=_standards(presence),
        record=records[presence.pk],
        standing=_standing(reigns, on),
    )


def _standards(presence: Presence) -> Standards:
    offered = Service.objects.filter(presence=presence, is_active=True)
    counted = offered.aggregate(
        services=Count("pk", distinct=True),
        published=Count("pk", distinct=True, filter=Q(standards__state=State.PUBLISHED)),
        in_work=Count("pk", distinct=True, filter=Q(standards__state__in=IN_WORK)),
    )
    return Standards(**counted)
