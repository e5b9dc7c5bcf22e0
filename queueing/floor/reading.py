"""Reads the floor of a mall in a fixed number of queries, whatever stands in the hall."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Avg, Count, F, Max, Min, Q, QuerySet

from agencies import opening
from agencies.calendars import calendar_of
from agencies.models import CounterDay, held_on, in_use
from hall import alarms, announcements, closures, devices, record
from hall.models import Device, HallEvent
from queueing.access import Floor
from queueing.floor.now import CounterNow, DeviceNow, FloorNow, LineNow
from queueing.lines import by_number
from queueing.models import Desk, QueueDay, Ticket, TicketEvent
from services.models import CounterQueue, Queue

PICTURE_OLD = timedelta(seconds=60)  # a screen that shows what was true before this is behind
EXPECTED = 10.0  # minutes of a service in a queue that has none
LATEST = 600  # events of the hall looked through for the last ones of each desk: more than a day's
DESK_ACTS = {"desk.opened", "desk.break", "desk.back"}


def stamp(floor: Floor, *, now: datetime) -> str:
    """What the picture depends on: the mall's version, the minute, and which devices are silent."""
    silent = [each.pk for each in _devices(floor) if devices.is_silent(each, now=now)]
    version = record.version_of(floor.mall.pk)
    return f"{version}-{int(now.timestamp() // 60)}-{'.'.join(map(str, silent))}"


def picture(floor: Floor, *, now: datetime) -> FloorNow:
    """The floor as it is; its version is read first, so never too new."""
    mall, on = floor.mall, opening.local_date(now, floor.mall.zone)
    version = record.version_of(mall.pk)
    acts = _acts(floor, on, now)
    counters = _counters(floor, acts, on, now)
    reach = list(floor.counters(now=now).values_list("pk", flat=True))
    return FloorNow(
        floor=floor,
        version=version,
        now=now,
        phase=opening.status(calendar_of(mall.pk), now).phase,
        counters=counters,
        lines=_lines(floor, counters, on, now),
        devices=[_device(each, version, acts, now) for each in _devices(floor)],
        alarms=list(alarms.unanswered(reach)),
        announcements=list(announcements.current(mall.pk, now=now).select_related("by")),
    )


@dataclass(frozen=True)
class _Acts:
    """The last acts at each counter, and the version that every screen should have by now."""

    last: dict[int, datetime]
    break_since: dict[int, datetime]
    settled: int


def _acts(floor: Floor, on: date, now: datetime) -> _Acts:
    before = now - PICTURE_OLD
    last: dict[int, datetime] = {}
    breaks: dict[int, datetime] = {}
    settled = 0
    moved = TicketEvent.objects.filter(ticket__day__mall=floor.mall, ticket__day__date=on)
    for counter_id, at, version in (
        moved.order_by()
        .values_list("counter")
        .annotate(last=Max("at"), settled=Max("version", filter=Q(at__lte=before)))
    ):
        settled = max(settled, version or 0)
        if counter_id is not None:
            last[counter_id] = at
    latest = HallEvent.objects.filter(mall=floor.mall).order_by("-version")[:LATEST]
    for act, pk, at, version in latest.values_list("act", "subject_id", "at", "version"):
        settled = max(settled, version if at <= before else 0)
        if act in DESK_ACTS:
            last[pk] = max(last.get(pk, at), at)
        if act == "desk.break":
            breaks[pk] = max(breaks.get(pk, at), at)
    return _Acts(last, breaks, settled)


def _counters(floor: Floor, acts: _Acts, on: date, now: datetime) -> list[CounterNow]:
    found = (
        CounterDay.objects.on(on)
        .filter(in_use(on, "counter"), counter__mall=floor.mall)
        .select_related("counter", "presence__agency")
    )
    if not floor.is_whole:
        found = found.filter(presence__in=floor.presences)
    days = sorted(found, key=lambda day: by_number(day.counter.number))
    ids = [day.counter_id for day in days]
    seats = Desk.objects.select_related("officer").filter(counter__in=ids)
    desks = {desk.counter_id: desk for desk in seats}
    there = Ticket.objects.with_names().at_counter().filter(counter__in=ids)
    people = {ticket.counter_id: ticket for ticket in there}
    closed = {each.counter_id: each for each in closures.standing(ids, now=now)}
    queues = _queues_of(ids, on)
    return [
        CounterNow(
            day=day,
            queues=tuple(queues.get(pk, ())),
            desk=desks.get(pk),
            ticket=people.get(pk),
            closure=closed.get(pk),
            last_act=acts.last.get(pk),
            break_since=acts.break_since.get(pk),
            now=now,
        )
        for pk, day in zip(ids, days, strict=True)
    ]


def _queues_of(counter_ids: list[int], on: date) -> dict[int, list[Queue]]:
    served = CounterQueue.objects.filter(
        held_on(on, "counter__days"),
        in_use(on, "queue"),
        counter__in=counter_ids,
        counter__days__presence=F("queue__presence"),
    ).select_related("queue")
    found: dict[int, list[Queue]] = {}
    for line in served.order_by("queue__letter"):
        found.setdefault(line.counter_id, []).append(line.queue)
    return found


def _lines(floor: Floor, counters: list[CounterNow], on: date, now: datetime) -> list[LineNow]:
    present = {each.day.presence_id for each in counters}
    queues = Queue.objects.filter(in_use(on), mall=floor.mall, presence__in=present).annotate(
        expected=Avg("services__minutes", filter=Q(services__is_active=True))
    )
    today = QueueDay.objects.filter(queue__in=queues, date=on)
    admitted = dict(today.values_list("queue_id", "admitted"))
    waiting = {
        queue_id: (count, since)
        for queue_id, count, since in Ticket.objects.waiting()
        .filter(day__queue__in=queues, day__date=on)
        .order_by()
        .values_list("day__queue")
        .annotate(count=Count("pk"), since=Min("since"))
    }
    return [
        LineNow(
            queue=queue,
            waiting=waiting.get(queue.pk, (0, None))[0],
            longest_since=waiting.get(queue.pk, (0, None))[1],
            admitted=admitted.get(queue.pk, 0),
            expected_minutes=float(queue.expected or EXPECTED),
            counters=tuple(each for each in counters if queue in each.queues),
            now=now,
        )
        for queue in queues.order_by("letter", "pk")
    ]


def _devices(floor: Floor) -> QuerySet[Device]:
    """The devices in use; whoever runs only some counters looks after none of them."""
    found = Device.objects.in_use().filter(mall=floor.mall).select_related("presence")
    return found if floor.is_whole else found.none()


def _device(device: Device, version: int, acts: _Acts, now: datetime) -> DeviceNow:
    shown, is_silent = device.seen_version, devices.is_silent(device, now=now)
    return DeviceNow(
        device=device,
        is_silent=is_silent,
        behind=0 if shown is None else max(0, version - shown),
        is_old=shown is not None and shown < acts.settled and not is_silent,
    )
