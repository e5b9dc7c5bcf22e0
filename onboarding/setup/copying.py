"""Takes over from another mall what this one lacks; nothing that is there is overwritten.

What would be added is worked out the same way for the preview and for the copy itself, so the same
copy twice adds nothing the second time. People, agreements, days and tickets are never copied.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Model, TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from agencies import opening
from agencies.models import Agency, Counter, Mall, OpeningHours, Presence
from onboarding.setup.arranging import hours, noting, presences, queues
from queueing.lines import by_number
from services.models import Fee, Queue, Service, Variant

SAME_PRESENCE = ("board_name", "place", "icon", "basis", "example_fields")
SAME_SERVICE = (
    *("code", "name", "name_en", "minutes", "keywords", "requirements", "procedure"),
    *("completion_time", "fee_basis", "product", "complaint_channel", "limits"),
    *("booked_with", "booked_at", "is_active", "example_fields"),
)


class Part(TextChoices):
    """What can be taken over; services come with the agencies and queues they belong to."""

    HOURS = "hours", gettext_lazy("Jam layanan mingguan")
    COUNTERS = "counters", gettext_lazy("Loket dan zonanya")
    AGENCIES = "agencies", gettext_lazy("Instansi dan antreannya")
    SERVICES = "services", gettext_lazy("Layanan dengan syarat, alur, varian, dan tarifnya")


@dataclass(frozen=True)
class Line:
    """Something that would be added, and something of the same kind that stays as it is."""

    part: Part
    added: tuple[str, ...]
    kept: int


@dataclass(frozen=True)
class _Pair:
    """An agency at the mall copied from, and as it is called at the other."""

    presence: Presence
    name: str
    agency: Agency | None  # None: not written down yet
    there: Presence | None


def preview(source: Mall, target: Mall, parts: Collection[str], *, now: datetime) -> list[Line]:
    """What a copy would add and leave alone, part by part."""
    wanted = _complete(parts)
    return [_LOOKS[part](source, target, _today(target, now)) for part in Part if part in wanted]


def _complete(parts: Collection[str]) -> set[str]:
    """Services need their agencies."""
    return {*parts, Part.AGENCIES} if Part.SERVICES in parts else {*parts}


@transaction.atomic
def copy(source: Mall, target: Mall, parts: Collection[str], *, by: User, now: datetime) -> int:
    """Take these parts over, all or nothing; return how many things were added."""
    known = noting.locked(target)
    today, parts = _today(known, now), _complete(parts)
    lines = preview(source, known, parts, now=now)
    if Part.HOURS in parts:
        _copy_hours(source, known, today, now=now, by=by)
    if Part.COUNTERS in parts:
        Counter.objects.bulk_create(
            Counter(mall=known, number=each.number, place=each.place)
            for each in _new_counters(source, known)
        )
    if Part.AGENCIES in parts:
        _copy_agencies(source, known, today)
    if Part.SERVICES in parts:
        _copy_services(source, known)
    added = sum(len(line.added) for line in lines)
    if added:
        detail = f"{source.slug}: {' '.join(sorted(parts))}"
        noting.note("copied", source.pk, mall=known, by=by, now=now, detail=detail)
    return added


def _today(mall: Mall, now: datetime) -> date:
    return opening.local_date(now, mall.zone)


# Hours


def _new_hours(source: Mall, target: Mall, today: date) -> dict[int, opening.Hours]:
    """The open weekdays of the one of which the other says nothing."""
    known = set(OpeningHours.objects.filter(mall=target).values_list("weekday", flat=True))
    week = hours.week_of(source, today)
    return {day: each for day, each in week.items() if each is not None and day not in known}


def _look_at_hours(source: Mall, target: Mall, today: date) -> Line:
    new = _new_hours(source, target, today)
    said = tuple(
        str(OpeningHours(weekday=day, opens=each.opens, closes=each.closes))
        for day, each in new.items()
    )
    known = OpeningHours.objects.filter(mall=target).values("weekday").distinct()
    return Line(Part.HOURS, said, known.count())


def _copy_hours(source: Mall, target: Mall, today: date, *, by: User, now: datetime) -> None:
    new = _new_hours(source, target, today)
    begins = max(today, noting.earliest(target, now=now))
    if new:
        hours.set_week(target, new, from_date=begins, by=by, now=now)


# Counters


def _new_counters(source: Mall, target: Mall) -> list[Counter]:
    known = set(Counter.objects.filter(mall=target).values_list("number", flat=True))
    found = Counter.objects.filter(mall=source, is_active=True)
    new = [each for each in found if each.number not in known]
    return sorted(new, key=lambda each: by_number(each.number))


def _look_at_counters(source: Mall, target: Mall, _today: date) -> Line:
    new = _new_counters(source, target)
    said = tuple(f"{each}, {each.place}" if each.place else str(each) for each in new)
    return Line(Part.COUNTERS, said, target.counters.count())


# Agencies, with their queues


def _pairs(source: Mall, target: Mall) -> list[_Pair]:
    """The agencies of the one, each with its counterpart in the region of the other."""
    found = list(
        Presence.objects.filter(mall=source, is_active=True).select_related("agency__parent")
    )
    names = {each.pk: _named(each.agency.name, source, target) for each in found}
    known = {each.name: each for each in Agency.objects.filter(name__in=names.values())}
    there = {
        each.agency_id: each
        for each in Presence.objects.filter(mall=target).select_related("agency")
    }
    return [_pair(each, names[each.pk], known, there) for each in found]


def _named(name: str, source: Mall, target: Mall) -> str:
    """An office of one region as the other region calls its own."""
    return name.replace(source.region.name, target.region.name)


def _pair(
    presence: Presence, name: str, known: Mapping[str, Agency], there: Mapping[int, Presence]
) -> _Pair:
    agency = known.get(name)
    return _Pair(presence, name, agency, there.get(agency.pk) if agency else None)


def _look_at_agencies(source: Mall, target: Mall, _today: date) -> Line:
    pairs = _pairs(source, target)
    new = tuple(each.name for each in pairs if each.there is None)
    queueless = [each for each in pairs if each.there and _new_queues(each)]
    said = tuple(_("Antrean %(name)s") % {"name": each.name} for each in queueless)
    return Line(Part.AGENCIES, (*new, *said), len(pairs) - len(new))


def _new_queues(pair: _Pair) -> list[Queue]:
    """The queues for a counterpart that has none of its own."""
    if pair.there is not None and Queue.objects.filter(presence=pair.there).exists():
        return []
    found = Queue.objects.filter(presence=pair.presence, is_active=True)
    return list(found.order_by("letter"))


def _copy_agencies(source: Mall, target: Mall, today: date) -> None:
    for pair in _pairs(source, target):
        there = pair.there or _settle(pair, source, target)
        for queue in _new_queues(pair):
            free = queues.free_letters(target)
            is_free = not Queue.objects.filter(mall=target, letter=queue.letter).exists()
            letter = queue.letter if is_free else queues.next_letter(free)
            new = queues.NewQueue(there.pk, letter, queue.name, queue.daily_quota)
            queues.open_queue(target, new, on=today)


def _settle(pair: _Pair, source: Mall, target: Mall) -> Presence:
    told = pair.presence
    agency = pair.agency or presences.write(
        presences.New(
            pair.name,
            _named(told.agency.short_name, source, target)[:40],
            told.agency.category,
            told.agency.parent,
        )
    )
    same = {name: getattr(told, name) for name in SAME_PRESENCE}
    same["board_name"] = _named(told.board_name, source, target)[:40]
    return Presence.objects.create(mall=target, agency=agency, **same)


# Services


def _new_services(source: Mall, target: Mall) -> Iterator[tuple[_Pair, Service]]:
    for pair in _pairs(source, target):
        own = Service.objects.filter(presence=pair.there) if pair.there else Service.objects.none()
        known = {each for names in own.values_list("code", "name") for each in names}
        found = Service.objects.filter(presence=pair.presence, is_active=True)
        for service in found.select_related("queue").order_by("pk"):
            if not {service.code, service.name} & known:
                yield pair, service


def _look_at_services(source: Mall, target: Mall, _today: date) -> Line:
    said = tuple(
        f"{pair.presence.board_name}: {each}" for pair, each in _new_services(source, target)
    )
    kept = Service.objects.filter(presence__mall=target).count()
    return Line(Part.SERVICES, said, kept)


def _copy_services(source: Mall, target: Mall) -> None:
    """Each into the queue of the same name, else into the first one of its agency."""
    for pair, service in list(_new_services(source, target)):
        queue = _queue_like(service.queue, pair)
        if queue is None:
            continue
        same = {name: getattr(service, name) for name in SAME_SERVICE}
        new = Service.objects.create(presence=queue.presence, queue=queue, **same)
        variants = {each.pk: _again(each, service=new) for each in service.variants.all()}
        for fee in service.fees.all():
            variant = variants[fee.variant_id] if fee.variant_id else None
            _again(fee, service=new, variant=variant)


def _queue_like(queue: Queue, pair: _Pair) -> Queue | None:
    own = Queue.objects.filter(presence=pair.there, is_active=True).select_related("presence")
    return own.filter(name=queue.name).first() or own.order_by("pk").first()


def _again(row: Fee | Variant, **instead: Model | None) -> Fee | Variant:
    """The same row once more, of something else."""
    names = [each.name for each in row._meta.concrete_fields if not each.primary_key]
    values = {name: getattr(row, name) for name in names} | instead
    return type(row)._default_manager.create(**values)


_LOOKS: Mapping[Part, Callable[[Mall, Mall, date], Line]] = {
    Part.HOURS: _look_at_hours,
    Part.COUNTERS: _look_at_counters,
    Part.AGENCIES: _look_at_agencies,
    Part.SERVICES: _look_at_services,
}
