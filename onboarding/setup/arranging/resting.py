"""Days on which a counter, a queue or a service is not in use, said beforehand or at once.

Whoever reserved or waits for such a day is told the moment it is said; `cost` says how many that
will be. Nothing has to happen on the day itself: everybody asks for its date.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from agencies import opening
from agencies.models import Counter, CounterDay, Mall, Presence
from agencies.opening import Rest
from appointments import disruption, stranded
from core import formats
from onboarding.agreements import promises
from onboarding.setup.arranging import counters, noting
from onboarding.setup.arranging.presences import refuse_waiting
from onboarding.setup.arranging.refusals import KnownAlready, TooEarly
from queueing.models import Desk, Ticket
from services.attending import Subject, rest_of
from services.models import Queue, Service

What: TypeAlias = Counter | Queue | Service
KINDS: tuple[type[Counter] | type[Queue] | type[Service], ...] = (Counter, Queue, Service)


@dataclass(frozen=True)
class Cost:
    """Who is told that a promise is not kept: reservations, and applications for a place."""

    bookings: int
    applications: int

    def __bool__(self) -> bool:
        return bool(self.bookings or self.applications)


def subject_of(what: What) -> Subject:
    """How services know of it."""
    if isinstance(what, Counter):
        return Subject("counter", what.pk)
    return Subject("queue" if isinstance(what, Queue) else "service", what.pk)


def mall_of(what: What) -> Mall:
    """Where it is."""
    return what.presence.mall if isinstance(what, Service) else what.mall


def presences_of(what: What) -> set[int]:
    """Whose it is: an agency at a mall, or all that have the counter on some day."""
    if isinstance(what, Counter):
        held = CounterDay.objects.filter(counter=what).order_by()
        return set(held.values_list("presence", flat=True))
    return {what.presence_id}


# What it would cost


def cost(
    rests: Mapping[Subject, Rest | None], presences: Collection[int], *, now: datetime
) -> Cost:
    """How many reservations and applications would be lost if these rested so."""
    before = disruption.unattended(presences, now=now).count()
    after = disruption.unattended(presences, now=now, rests=rests).count()
    in_vain = len(stranded.found(presences, now=now))
    then = len(stranded.found(presences, now=now, rests=rests))
    return Cost(max(0, after - before), max(0, then - in_vain))


def cost_of(what: What, rest: Rest, *, now: datetime) -> Cost:
    """The same of one of them."""
    return cost({subject_of(what): rest}, presences_of(what), now=now)


def cost_of_stopping(
    presence: Presence, queues: Collection[int], services: Collection[int], *, now: datetime
) -> Cost:
    """The same of some queues and services of an agency, from now on."""
    first = Rest(opening.local_date(now, presence.mall.zone))
    subjects = [
        *(Subject("queue", pk) for pk in queues),
        *(Subject("service", pk) for pk in services),
    ]
    return cost(dict.fromkeys(subjects, first), [presence.pk], now=now)


def cost_of_leaving(presence: Presence, *, now: datetime) -> Cost:
    """The same of a whole agency, from now on."""
    first = Rest(opening.local_date(now, presence.mall.zone))
    return cost({Subject("presence", presence.pk): first}, [presence.pk], now=now)


# Resting


@transaction.atomic
def rest(what: What, wanted: Rest, *, by: User, now: datetime) -> int:
    """Let it rest on some days, or from a day on; return how many reservations it called off.

    Raises TooEarly, KnownAlready where it rests already or is to, and InUse when it would begin
    while somebody is served or waits.
    """
    mall = noting.locked(mall_of(what))
    today = opening.local_date(now, mall.zone)
    known = _locked(what)
    _refuse(known, wanted, today)
    columns: dict[str, object] = {"rests_from": wanted.first, "rests_until": wanted.last}
    if wanted.first == today:
        _hold(known)
        columns = {"is_active": False} if wanted.last is None else columns
    _write(known, **columns)
    detail = f"{known} {wanted.first} {wanted.last or ''}"
    late = promises.keep_up(presences_of(what), by=by, now=now)
    if wanted.first == today and isinstance(known, Counter):
        counters.vacate(known, now=now)
    noting.note(f"{_name(what)}_rests", what.pk, mall=mall, by=by, now=now, detail=detail)
    return late


@transaction.atomic
def use(what: What, from_date: date, *, by: User, now: datetime) -> int:
    """Let it be in use again from a day on, which ends its rest or takes one to come back.

    Returns how many reservations it called off. Raises TooEarly, and KnownAlready where it is in
    use on that day anyway.
    """
    mall = noting.locked(mall_of(what))
    today = opening.local_date(now, mall.zone)
    known = _locked(what)
    if from_date < today:
        raise TooEarly(_("Tanggal itu sudah lewat. Pilih hari ini atau sesudahnya."))
    if known.is_active and not known.rests_on(max(from_date, known.rests_from or from_date)):
        raise KnownAlready(_("Pada tanggal itu sudah dipakai. Tidak ada yang perlu diubah."))
    first = known.rests_from if known.is_active else today
    last = from_date - noting.DAY
    is_left = first is not None and first <= last
    span = (first, last) if is_left else (None, None)
    _write(known, is_active=True, rests_from=span[0], rests_until=span[1])
    detail = f"{known} {from_date}"
    late = promises.keep_up(presences_of(what), by=by, now=now)
    noting.note(f"{_name(what)}_used", what.pk, mall=mall, by=by, now=now, detail=detail)
    return late


def _refuse(what: What, wanted: Rest, today: date) -> None:
    if wanted.first < today or (wanted.last is not None and wanted.last < wanted.first):
        raise TooEarly(_("Tanggal itu sudah lewat. Pilih hari ini atau sesudahnya."))
    known = rest_of(what)
    if not what.is_active:
        raise KnownAlready(_("Ini memang sedang tidak dipakai. Tentukan mulai dipakai lagi."))
    if known is not None and (known.last is None or known.last >= today):
        raise KnownAlready(
            _("Sudah direncanakan: %(said)s. Batalkan dahulu, lalu rencanakan yang baru.")
            % {"said": said(what, on=today)}
        )


def _hold(what: What) -> None:
    """Whether it may rest from this moment. Raises InUse."""
    if isinstance(what, Counter):
        counters.hold(what)
    elif isinstance(what, Queue):
        refuse_waiting(Q(day__queue=what.pk), str(what))


def _locked(what: What) -> What:
    return type(what)._default_manager.select_for_update(no_key=True).get(pk=what.pk)


def _write(what: What, **columns: object) -> None:
    type(what)._default_manager.filter(pk=what.pk).update(**columns)


def _name(what: What) -> str:
    return subject_of(what).kind


# What is due


def settle(*, now: datetime) -> int:
    """Make tidy what began by itself: nobody sits at a counter that rests, what ended has ended.

    For lists that name no day; what can be had depends on it nowhere. Returns how many it changed.
    """
    tomorrow = (now + noting.DAY).date()
    changed = 0
    for kind in KINDS:
        begun = kind._default_manager.filter(is_active=True, rests_from__lte=tomorrow)
        for pk in list(begun.values_list("pk", flat=True)):
            changed += _settle(kind, pk, now=now)
    return changed


@transaction.atomic
def _settle(kind: type[Counter] | type[Queue] | type[Service], pk: int, *, now: datetime) -> int:
    what: What = kind._default_manager.get(pk=pk)
    mall = noting.locked(mall_of(what))
    what = _locked(what)
    if not (what.is_active and what.rests_on(opening.local_date(now, mall.zone))):
        return 0
    changed = isinstance(what, Counter) and _left(what, now=now)
    if what.rests_until is None:
        _write(what, is_active=False, rests_from=None)
        noting.note(f"{_name(what)}_off", pk, mall=mall, by=None, now=now, detail=str(what))
        changed = True
    return int(changed)


def _left(counter: Counter, *, now: datetime) -> bool:
    """Let whoever still sits at a counter that rests go, unless somebody is there."""
    desk = Desk.objects.filter(counter=counter, officer__isnull=False).first()
    if desk is None or Ticket.objects.at_counter().filter(counter=counter.pk).exists():
        return False
    counters.hold(counter)
    counters.vacate(counter, now=now)
    return True


# As people read it


def coming(mall: Mall, *, on: date) -> list[tuple[str, What, str]]:
    """What rests at a mall or will, by the word of its address, each with its sentence."""
    rows: list[tuple[str, What]] = [
        *(("loket", each) for each in Counter.objects.filter(mall=mall)),
        *(("antrean", each) for each in Queue.objects.filter(mall=mall)),
        *(("layanan", each) for each in Service.objects.filter(presence__mall=mall)),
    ]
    found = ((word, each, said(each, on=on)) for word, each in rows)
    return [row for row in found if row[2]]


def said(what: What, *, on: date) -> str:
    """When it rests that day or later: "tidak dipakai 1 Juni 2026 sampai 14 Juni 2026".

    Empty for what is in use, and will be.
    """
    known = rest_of(what)
    if not what.is_active:
        return _("tidak dipakai")
    if known is None or (known.last is not None and known.last < on):
        return ""
    if known.last is None:
        return _("tidak dipakai lagi mulai %(day)s") % {"day": formats.long_date(known.first)}
    if known.first <= on:
        return _("dipakai mulai %(day)s") % {"day": formats.long_date(known.last + noting.DAY)}
    return _("tidak dipakai %(first)s sampai %(last)s") % {
        "first": formats.long_date(known.first),
        "last": formats.long_date(known.last),
    }
