"""What signed terms promise, on which days, and letting the counters follow them."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db.models import Q

from accounts.models import User
from agencies import opening, rota, sentences, terms
from agencies.agreement_states import Recorded
from agencies.models import BEGINNING, Agreement, Mall, Presence, Term
from agencies.opening import Attendance
from agencies.terms import Promise, earlier
from appointments import capacity, disruption, stranded
from core import memo
from queueing.models import QueueDay
from services import attending
from services.models import CounterQueue, Queue, Service
from services.offers import attended_at

DAY = timedelta(days=1)


def follow(mall: Mall, presences: Collection[int], *, by: User | None, now: datetime) -> int:
    """Lay the days that the terms of these agencies promise; return how many bookings it cost."""
    timeline = timelines(presences)
    wanted = list(_days(timeline))
    rota.lay(mall, since(timeline, today=today_at(mall, now)), wanted)
    serve_all((each.presence_id, each.counter_id) for each in wanted)
    return keep_up(presences, by=by, now=now)


def since(timeline: Mapping[int, Sequence[Promise]], *, today: date) -> dict[int, date]:
    """From when the days of each agency may change: tomorrow where it has given out numbers.

    What an agency had before its first term, by decree, stands until that begins.
    """
    worked = QueueDay.objects.filter(queue__presence__in=timeline)
    known = set(worked.values_list("queue__presence", flat=True))
    return {
        presence_id: max(
            today + DAY if presence_id in known else BEGINNING,
            reigns[0].first if reigns else BEGINNING,
        )
        for presence_id, reigns in timeline.items()
    }


def _days(timeline: Mapping[int, Sequence[Promise]]) -> Iterator[rota.Wanted]:
    for presence_id, reigns in timeline.items():
        for each in reigns:
            for counter in each.counters:
                for weekday in each.weekdays:
                    yield rota.Wanted(
                        presence_id, counter, weekday, each.first, each.last, each.term_id
                    )


def reigns_of(presence_id: int) -> list[Promise]:
    """Which signed term of an agency at a mall holds when, earliest first."""
    return timelines([presence_id])[presence_id]


def timelines(
    presences: Collection[int],
    *,
    with_drafts: Collection[int] = (),
    ending: tuple[int, date] | None = None,
) -> dict[int, list[Promise]]:
    """Which signed term of each of these agencies holds when, earliest first.

    `with_drafts` are documents that are read as if they were signed too, `ending` is one that is
    read as if it ended on a day.
    """
    is_signed = ~Q(agreement__state=Recorded.DRAFT) | Q(agreement__in=with_drafts)
    rows = Term.objects.binding().filter(is_signed, presence__in=presences)
    found: dict[int, list[Promise]] = {pk: [] for pk in presences}
    for term in rows.select_related("agreement__amends").prefetch_related("counters"):
        found[term.presence_id].append(_ended(promise_of(term), term.agreement, ending))
    return {pk: terms.reigns(known) for pk, known in found.items()}


def _ended(promise: Promise, agreement: Agreement, ending: tuple[int, date] | None) -> Promise:
    if ending is None or ending[0] not in {agreement.pk, agreement.amends_id}:
        return promise
    return replace(promise, last=earlier(promise.last, ending[1]))


def promise_of(term: Term) -> Promise:
    """A term as the days it holds on; an addendum ends with what it amends."""
    return Promise(
        term.pk,
        term.from_date,
        earlier(term.until_date, last_day(term.agreement)),
        tuple(term.weekdays),
        tuple(counter.pk for counter in term.counters.all()),
    )


def last_day(agreement: Agreement) -> date | None:
    """The last day on which a document holds, None without an end."""
    own = earlier(agreement.until_date, agreement.ended_on)
    return earlier(own, last_day(agreement.amends)) if agreement.amends else own


def serve_all(pairs: Iterable[tuple[int, int]]) -> None:
    """Let counters that serve none of the queues of their agency serve all of them.

    A pair is an agency at a mall and a counter.
    """
    held = set(pairs)
    queues = list(Queue.objects.filter(presence__in={pk for pk, _counter in held}, is_active=True))
    served = set(
        CounterQueue.objects.filter(queue__in=queues).values_list(
            "queue__presence_id", "counter_id"
        )
    )
    CounterQueue.objects.bulk_create(
        CounterQueue(counter_id=counter_id, queue=queue)
        for presence_id, counter_id in sorted(held - served)
        for queue in queues
        if queue.presence_id == presence_id
    )


def keep_up(presences: Collection[int], *, by: User | None, now: datetime) -> int:
    """Let windows, bookings and applications follow the days of these agencies, and their rests.

    Returns how many bookings are called off.
    """
    memo.clear_all()
    # Applications are locked before bookings, and these before slots, as by everybody else.
    in_vain = stranded.locked(presences, now=now)
    late = disruption.follow_attendance(list(presences), now=now, by=by)
    stranded.end(in_vain, now=now)
    services = Service.objects.filter(presence__in=presences).order_by("pk")
    for service_id in services.values_list("pk", flat=True):
        capacity.follow_plan(service_id, now=now)
    return late


def today_at(mall: Mall, now: datetime) -> date:
    """The day it is at a mall whose region is loaded."""
    return opening.local_date(now, mall.zone)


# A change to come


@dataclass(frozen=True)
class Effect:
    """What signing would do to one agency's days at the mall."""

    presence: Presence
    first: date  # on which the days become others, or go on as they are
    before: frozenset[int]  # the weekdays that hold on the eve
    after: frozenset[int]
    called_off: int  # bookings that cannot be kept

    @property
    def said_before(self) -> str:
        return sentences.weekdays(self.before)

    @property
    def said_after(self) -> str:
        return sentences.weekdays(self.after)


def effects(
    mall: Mall, drafts: Collection[int], *, now: datetime
) -> tuple[list[Effect], list[str]]:
    """What signing these drafts would do, and a sentence for each counter that is taken."""
    present = _concerned(drafts)
    return _effects(mall, present, timelines(present, with_drafts=drafts), now)


def effects_of_ending(
    agreement: Agreement, *, on: date, now: datetime
) -> tuple[list[Effect], list[str]]:
    """What ending a signed document early would do, and a sentence for each counter that is taken.

    `on` is its last day.
    """
    addenda = agreement.addenda.exclude(state=Recorded.DRAFT).values_list("pk", flat=True)
    present = _concerned([agreement.pk, *addenda])
    return _effects(agreement.mall, present, timelines(present, ending=(agreement.pk, on)), now)


def _concerned(documents: Collection[int]) -> dict[int, Presence]:
    terms = Term.objects.binding().filter(agreement__in=documents)
    found = Presence.objects.filter(pk__in=terms.values("presence"))
    return {each.pk: each for each in found.select_related("agency")}


def _effects(
    mall: Mall,
    present: Mapping[int, Presence],
    timeline: Mapping[int, Sequence[Promise]],
    now: datetime,
) -> tuple[list[Effect], list[str]]:
    today = today_at(mall, now)
    begins = since(timeline, today=today)
    rows, taken = rota.planned(mall, begins, list(_days(timeline)))
    coming = rota.laid(mall, begins, rows)
    # Service by service, as they are called off: an agency may come and keep only some of them.
    lost = disruption.unattended(list(present), now=now, coming=coming)
    called_off = Counter(lost.order_by().values_list("service__presence", flat=True))
    shown = [
        _effect(each, begins[pk], attending.attended_by(coming[pk]), called_off[pk], today)
        for pk, each in present.items()
    ]
    return sorted(shown, key=lambda each: each.presence.agency.name), taken


def _effect(
    presence: Presence, begins: date, comes: Attendance, called_off: int, today: date
) -> Effect:
    stands = attended_at(presence.mall_id).get(presence.pk, Attendance())
    first = _turn(stands, comes, today) or max(begins, today + DAY)
    return Effect(
        presence, first, _pattern(stands, first - DAY), _pattern(comes, first), called_off
    )


def _pattern(attended: Attendance, on: date) -> frozenset[int]:
    """The weekdays that hold on a day, whenever each of them comes round."""
    return frozenset(
        stay.weekday
        for stay in attended.stays
        if stay.from_date <= on and (stay.until_date is None or on <= stay.until_date)
    )


def _turn(stands: Attendance, comes: Attendance, today: date) -> date | None:
    """The day to come from which on an agency is there on other days than before."""
    stays = (*stands.stays, *comes.stays)
    turns = {stay.from_date for stay in stays}
    turns |= {stay.until_date + DAY for stay in stays if stay.until_date}
    coming = sorted({today + DAY, *(day for day in turns if day > today)})
    for first, until in zip(coming, [*coming[1:], None], strict=True):
        week = (first + timedelta(days=ahead) for ahead in range(7))
        if any((on in stands) != (on in comes) for on in week if until is None or on < until):
            return first
    return None
