"""The queues of agencies and the services people stand in line for."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import product

from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import User
from agencies import opening
from agencies.models import CounterDay, Mall, Presence
from onboarding.agreements import promises
from onboarding.setup.arranging import noting, turning
from onboarding.setup.arranging.presences import refuse_waiting
from onboarding.setup.arranging.refusals import (
    InUse,
    KnownAlready,
    LetterTaken,
    NoLetterLeft,
    NotThere,
)
from onboarding.setup.arranging.turning import Kind
from queueing.models import QueueDay
from services import register
from services.models import CounterQueue, Queue, Service
from services.register import Entry

LETTERS = "ABCDEFGHJKLNPRSTUVXYZ"  # those that the validator of Queue.letter allows
CODE = 40  # characters of the code of a service


@dataclass(frozen=True)
class NewQueue:
    presence_id: int
    letter: str
    name: str
    daily_quota: int | None = None


@dataclass(frozen=True)
class NewService:
    """A service by its name; without a queue it goes to the first one of its agency."""

    presence_id: int
    name: str
    minutes: int
    queue_id: int | None = None


@dataclass(frozen=True)
class QueueAs:
    """How a queue is to be."""

    letter: str
    name: str
    daily_quota: int | None
    is_active: bool


@dataclass(frozen=True)
class ServiceAs:
    """How a service is to be."""

    name: str
    minutes: int
    queue_id: int
    is_active: bool


def free_letters(mall: Mall) -> Iterator[str]:
    """The letters that no queue of the mall has, the single ones first."""
    taken = set(turning.labels_of(mall, Kind.QUEUE).values())
    taken |= {turn.label for turn in turning.turns_of(mall, Kind.QUEUE)}
    pairs = ("".join(pair) for pair in product(LETTERS, repeat=2))
    return (letter for letter in (*LETTERS, *pairs) if letter not in taken)


@transaction.atomic
def add(
    mall: Mall,
    queues: Sequence[NewQueue],
    services: Sequence[NewService],
    *,
    by: User,
    now: datetime,
    begins: date | None = None,
) -> None:
    """Open queues, then offer services in them, all or none, now or from a day on.

    A counter that the agency has already serves its new queue too. Raises NotThere, LetterTaken
    and KnownAlready.
    """
    today = promises.today_at(noting.locked(mall), now)
    concerned = {each.presence_id for each in queues} | {each.presence_id for each in services}
    _refuse_strangers(mall, concerned)
    for each in queues:
        open_queue(mall, each, on=today, begins=begins)
    turning.refuse_letter(mall)
    _offer(services, begins)
    if queues or services:
        said = f"{' '.join(each.letter for each in queues)} +{len(services)}"
        noting.note("queues", mall.pk, mall=mall, by=by, now=now, detail=said)


def _refuse_strangers(mall: Mall, presences: set[int]) -> None:
    if Presence.objects.filter(mall=mall, pk__in=presences).count() != len(presences):
        raise NotThere(_("Instansi itu tidak ada di mal ini (lagi)."))


def open_queue(mall: Mall, new: NewQueue, *, on: date, begins: date | None = None) -> Queue:
    """The row of a queue, served by the counters that its agency has on that day or a later one.

    Raises LetterTaken.
    """
    _refuse_letter(Queue.objects.filter(mall=mall, letter=new.letter).exists(), new.letter)
    queue = Queue.objects.create(
        mall=mall,
        presence_id=new.presence_id,
        letter=new.letter,
        name=new.name,
        daily_quota=new.daily_quota,
        **noting.until(begins),
    )
    goes_on = Q(until_date=None) | Q(until_date__gte=on)
    held = CounterDay.objects.filter(goes_on, presence=new.presence_id).order_by()
    counters = set(held.values_list("counter_id", flat=True))
    CounterQueue.objects.bulk_create(
        CounterQueue(counter_id=counter_id, queue=queue) for counter_id in sorted(counters)
    )
    return queue


def _refuse_letter(is_taken: bool, letter: str) -> None:
    if is_taken:
        raise LetterTaken(
            _("Huruf %(letter)s sudah dipakai antrean lain di mal ini. Pilih huruf lain.")
            % {"letter": letter}
        )


def next_letter(letters: Iterator[str]) -> str:
    """The next free letter. Raises NoLetterLeft."""
    letter = next(letters, None)
    if letter is None:
        raise NoLetterLeft(_("Semua huruf antrean di mal ini sudah terpakai."))
    return letter


def _offer(services: Iterable[NewService], begins: date | None) -> None:
    for each in services:
        known = Service.objects.filter(presence=each.presence_id)
        if known.filter(name__iexact=each.name).exists():
            raise KnownAlready(
                _("Layanan “%(name)s” sudah ada pada instansi itu atau tertulis dua kali.")
                % {"name": each.name}
            )
        Service.objects.create(
            presence_id=each.presence_id,
            queue=_queue_for(each),
            code=free_code(each.presence_id, each.name),
            name=each.name,
            minutes=each.minutes,
            **noting.until(begins),
        )


def _queue_for(new: NewService) -> Queue:
    own = Queue.objects.filter(presence=new.presence_id)
    found = own.filter(pk=new.queue_id) if new.queue_id else own.filter(is_active=True)
    queue = found.order_by("pk").first()
    if queue is None:
        raise NotThere(_("Instansi itu belum punya antrean. Buat antreannya dahulu."))
    return queue


def free_code(presence_id: int, name: str) -> str:
    """A code for a service, made from its name, that no other service of the agency has."""
    stem = slugify(name)[: CODE - 4].strip("-") or "layanan"
    known = Service.objects.filter(presence=presence_id, code__startswith=stem)
    taken = set(known.values_list("code", flat=True))
    numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return next(each for each in [stem, *numbered] if each not in taken)


# Of one agency


@transaction.atomic
def rearrange(
    presence: Presence,
    queues: Mapping[int, QueueAs],
    services: Mapping[int, ServiceAs],
    *,
    by: User,
    now: datetime,
) -> None:
    """Change the queues and services of an agency, all or none.

    What people reserved of a service that stops is called off with a choice for each. Raises
    NotThere, LetterTaken, KnownAlready, and InUse for a letter that is on tickets of today
    or a queue in which people wait.
    """
    mall = noting.locked(presence.mall)
    own = {each.pk: each for each in Queue.objects.filter(presence=presence)}
    offered = {each.pk: each for each in Service.objects.filter(presence=presence)}
    wanted = {each.queue_id for each in services.values()}
    if not (queues.keys() | wanted) <= own.keys() or not services.keys() <= offered.keys():
        raise NotThere(_("Antrean atau layanan itu bukan milik instansi ini."))
    _change_queues(own, queues)
    for pk, each in services.items():
        _change_service(offered[pk], each)
    promises.keep_up([presence.pk], by=by, now=now)
    # The first number of the day waits at the version of the screens: asked after it, whether a
    # letter is on tickets already has an answer that stands.
    noting.note("agency_queues", presence.pk, mall=mall, by=by, now=now, detail=presence.board_name)
    _change_letters(mall, own, queues, now)


@transaction.atomic
def change_service(service: Service, entry: Entry, *, by: User, now: datetime) -> None:
    """Say otherwise what the register says of a service; reservations follow when it stops.

    Raises ForeignQueue.
    """

    def follow() -> None:
        promises.keep_up([service.presence_id], by=by, now=now)

    register.change(service, entry, by=by, now=now, follow=follow)


def _change_queues(own: Mapping[int, Queue], queues: Mapping[int, QueueAs]) -> None:
    """All but their letters."""
    for pk, each in queues.items():
        if own[pk].is_active and not each.is_active:
            refuse_waiting(Q(day__queue=pk), str(own[pk]))
        columns = {name: value for name, value in vars(each).items() if name != "letter"}
        Queue.objects.filter(pk=pk).update(**columns)


def _change_letters(
    mall: Mall, own: Mapping[int, Queue], queues: Mapping[int, QueueAs], now: datetime
) -> None:
    others = Queue.objects.filter(mall=mall).exclude(pk__in=queues)
    letters = [*others.values_list("letter", flat=True), *(each.letter for each in queues.values())]
    for place, (pk, each) in enumerate(queues.items()):
        _refuse_letter(letters.count(each.letter) > 1, each.letter)
        if each.letter != own[pk].letter:
            _refuse_worked(own[pk], opening.local_date(now, mall.zone))
            # Two that swap letters must not meet on the way.
            Queue.objects.filter(pk=pk).update(letter=f"{place:02}")
    for pk, each in queues.items():
        Queue.objects.filter(pk=pk).update(letter=each.letter)
    turning.refuse_letter(mall)


def _refuse_worked(queue: Queue, today: date) -> None:
    if QueueDay.objects.filter(queue=queue, date=today, last_number__gt=0).exists():
        raise InUse(
            _("Antrean %(letter)s sudah memberi nomor hari ini. Ubah hurufnya besok sebelum buka.")
            % {"letter": queue.letter}
        )


def _change_service(service: Service, wanted: ServiceAs) -> None:
    same = Service.objects.filter(presence=service.presence_id, name__iexact=wanted.name)
    if same.exclude(pk=service.pk).exists():
        raise KnownAlready(
            _("Layanan “%(name)s” sudah ada pada instansi itu atau tertulis dua kali.")
            % {"name": wanted.name}
        )
    Service.objects.filter(pk=service.pk).update(**vars(wanted))
