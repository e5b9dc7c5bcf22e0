"""When the office fails: whom it touches, and another time for each of them, in one act.

A booking called off keeps its code and link; its place is given back, and the person chooses
another window, another mall or to let it be. Who has not answered when the window begins, and for
a day at least, is cancelled by the office, which never counts against anybody.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from agencies import opening
from agencies.calendars import calendars_of
from agencies.models import Counter, CounterDay, Presence
from appointments import capacity, keeping, ledger, moves, returns, slots
from appointments.models import Absence, Booking, BookingEvent, Slot
from appointments.models.bookings import BookingQuerySet
from appointments.refusals import ReasonMissing, WrongSpan
from appointments.states import OFFER_STANDS, Move, Share, State
from core import memo
from services.attending import AS_LAID, AS_STORED, Coming, Rests
from services.models import Queue, Service

AHEAD = timedelta(days=7)  # closed days are looked for so far ahead, again and again


def touched(
    presences: Iterable[Presence], *, from_at: datetime, until_at: datetime
) -> BookingQuerySet:
    """The promises that fall into a span, earliest first."""
    return Booking.objects.filter(
        state=State.CONFIRMED,
        service__presence__in=list(presences),
        slot__starts_at__lt=until_at,
        slot__ends_at__gt=from_at,
    ).order_by("slot__starts_at", "pk")


def call_off(
    presences: Iterable[Presence],
    *,
    from_at: datetime,
    until_at: datetime,
    reason: str,
    by: User,
    now: datetime,
    key: UUID,
) -> int:
    """Close the windows of these agencies in a span; return how many people are offered others.

    Raises ReasonMissing, and WrongSpan when it is over or ends before it begins.
    """
    if not reason.strip():
        raise ReasonMissing(_("Tulis alasannya; orang yang sudah memesan akan membacanya."))
    if until_at <= max(from_at, now):
        raise WrongSpan(_("Waktu berakhirnya harus setelah waktu mulainya dan belum lewat."))
    agencies = sorted(presences, key=lambda presence: presence.pk)

    def act() -> int:
        for presence in agencies:
            noted = {"from_at": from_at, "until_at": until_at, "reason": reason}
            Absence.objects.create(presence=presence, by=by, at=now, **noted)
        memo.clear_all()
        found = touched(agencies, from_at=from_at, until_at=until_at)
        concerned = _locked(found)
        services = _services_of(agencies, from_at, until_at)
        ledger.lock_if_any(_slots_of(services, now))
        for pk in concerned:
            _call_off(pk, reason=reason, by=by, now=now)
        for service_id in services:
            capacity.follow_plan(service_id, now=now)
        return len(concerned)

    names = " ".join(str(presence.pk) for presence in agencies)
    asked = f"{names} {from_at.timestamp()} {until_at.timestamp()} {reason}"
    fingerprint = hashlib.sha256(asked.encode()).hexdigest()
    return int(moves.answered("booking-absence", key, fingerprint, act, now))


@transaction.atomic
def end(absence: Absence, *, now: datetime) -> None:
    """The agency is back: from now on its windows are open again; who was called off may return."""
    if absence.from_at >= now:
        absence.delete()
    else:
        Absence.objects.filter(pk=absence.pk).update(until_at=now)
    memo.clear_all()
    for service_id in _services_of([absence.presence], absence.from_at, absence.until_at):
        capacity.follow_plan(service_id, now=now)


def _locked(found: BookingQuerySet) -> list[int]:
    """Bookings are locked before slots, and all by their ids: nobody waits in a ring."""
    rows = Booking.objects.filter(pk__in=found.values("pk")).order_by("pk")
    return list(rows.select_for_update(of=("self",)).values_list("pk", flat=True))


def _slots_of(services: Iterable[int], now: datetime) -> list[int]:
    coming = Slot.objects.filter(service__in=list(services), ends_at__gt=now)
    return list(coming.values_list("pk", flat=True))


def _call_off(pk: int, *, reason: str, by: User | None, now: datetime) -> None:
    found = moves.locked(pk)
    if found.state != State.CONFIRMED:
        return  # arrived, or cancelled by the person, a moment ago
    moves.apply(Move.CALL_OFF, found, {}, now=now, by=by, reason=reason)
    returns.free(found.slot, Share(found.share), now=now)


def _services_of(presences: Iterable[Presence], from_at: datetime, until_at: datetime) -> list[int]:
    rows = Slot.objects.filter(
        service__presence__in=list(presences), starts_at__lt=until_at, ends_at__gt=from_at
    )
    return sorted(set(rows.values_list("service_id", flat=True)))


def reason_of(found: Booking) -> str:
    """Why the office called it off or cancelled it; empty when it did neither."""
    last = BookingEvent.objects.filter(booking=found).order_by("-pk").first()
    return last.reason if last else ""


def catch_up(*, now: datetime) -> int:
    """Call off what nobody can keep: windows closed meanwhile, and days the mall is closed."""
    late = 0
    for absence in Absence.objects.filter(until_at__gt=now).select_related("presence", "by"):
        span = {"from_at": absence.from_at, "until_at": absence.until_at}
        found = touched([absence.presence], **span).filter(slot__ends_at__gt=now)
        late += _call_off_all(found, reason=absence.reason, by=absence.by, now=now)
    late += follow_hours(now=now, within=AHEAD)
    # A rest is said long before; who booked a moment too late is not left until the last week.
    late += follow_attendance(_that_rest(now), now=now)
    return late + follow_attendance(now=now, within=AHEAD)


def _that_rest(now: datetime) -> list[int]:
    """The agencies at malls of which something rests, now or later."""
    goes_on = Q(rests_until=None) | Q(rests_until__gte=(now - timedelta(days=1)).date())
    rests = Q(goes_on, rests_from__isnull=False)
    found = {pk for kind in (Queue, Service) for pk in _presences(kind.objects.filter(rests))}
    days = CounterDay.objects.filter(counter__in=Counter.objects.filter(rests))
    return sorted(found | set(_presences(days)))


def _presences(rows: QuerySet[Any]) -> Iterable[int]:
    return rows.order_by().values_list("presence", flat=True).distinct()


def follow_hours(
    mall_id: int | None = None,
    *,
    now: datetime,
    by: User | None = None,
    within: timedelta | None = None,
) -> int:
    """Call off what lies outside the hours: the doors stay shut, or the window is cut; how many."""
    coming = Booking.objects.filter(state=State.CONFIRMED, slot__ends_at__gt=now)
    if mall_id is not None:
        coming = coming.filter(service__presence__mall=mall_id)
    if within is not None:
        coming = coming.filter(slot__starts_at__lt=now + within)
    spans = coming.order_by().values_list(
        "service__presence__mall", "slot__starts_at", "slot__ends_at"
    )
    found = list(spans.distinct())
    calendars = calendars_of(tuple(sorted({mall for mall, _begins, _ends in found})))
    reasons: dict[int, dict[int, str]] = {}
    for mall, begins, ends in found:
        reason = why_shut(calendars[mall], begins, ends)
        if reason:
            span = {"slot__starts_at": begins, "slot__ends_at": ends}
            cut = coming.filter(service__presence__mall=mall, **span)
            reasons.setdefault(mall, {}).update(dict.fromkeys(_ids(cut), reason))
    return sum(_call_off_each(each, by=by, now=now) for each in reasons.values())


def why_shut(calendar: opening.Calendar, begins: datetime, ends: datetime) -> str:
    """Why a window lies outside the hours of its day, as a sentence; empty when it does not."""
    starts, until = (each.astimezone(calendar.zone) for each in (begins, ends))
    day = opening.day(calendar, starts.date())
    if day.hours is None:
        return day.reason or _("Mal tutup pada hari itu.")
    if slots.fits(starts.time(), until.time(), day.hours):
        return ""
    return day.reason or _("Jam layanan mal berubah.")


def unattended(
    presences: Collection[int] | None = None,
    *,
    now: datetime,
    within: timedelta | None = None,
    rests: Rests = AS_STORED,
    coming: Coming = AS_LAID,
) -> BookingQuerySet:
    """The promises to come of services that rest, or of days on which they are not to be had.

    With `rests` and the days to come as if these were what is stored.
    """
    promised = _coming(presences, now, within)
    return promised.filter(_on(keeping.lost(_days(promised), rests=rests, coming=coming)))


def _coming(
    presences: Collection[int] | None, now: datetime, within: timedelta | None
) -> BookingQuerySet:
    coming = Booking.objects.filter(state=State.CONFIRMED, slot__starts_at__gt=now)
    if presences is not None:
        coming = coming.filter(service__presence__in=presences)
    if within is not None:
        coming = coming.filter(slot__starts_at__lt=now + within)
    return coming


def _days(coming: BookingQuerySet) -> Iterable[tuple[int, date]]:
    return coming.order_by().values_list("service", "slot__date").distinct()


def _on(days: Iterable[tuple[int, date]]) -> Q:
    of_each: dict[int, list[date]] = {}
    for service, on in days:
        of_each.setdefault(service, []).append(on)
    is_one = (Q(service=service, slot__date__in=on) for service, on in of_each.items())
    return reduce(or_, is_one, Q(pk__in=[]))


def follow_attendance(
    presences: Collection[int] | None = None,
    *,
    now: datetime,
    by: User | None = None,
    within: timedelta | None = None,
) -> int:
    """Call off what agencies no longer attend, or what is not offered any more; how many."""
    coming = _coming(presences, now, within)
    why = keeping.lost(_days(coming))
    found = coming.filter(_on(why)).values_list("pk", "service", "slot__date")
    return _call_off_each({pk: why[service, on] for pk, service, on in found}, by=by, now=now)


def _call_off_all(found: BookingQuerySet, *, reason: str, by: User | None, now: datetime) -> int:
    return _call_off_each(dict.fromkeys(_ids(found), reason), by=by, now=now)


def _ids(found: BookingQuerySet) -> list[int]:
    return list(found.values_list("pk", flat=True))


@transaction.atomic
def _call_off_each(reasons: Mapping[int, str], *, by: User | None, now: datetime) -> int:
    """Call off bookings, all locked before the first is touched, each for its reason; how many."""
    concerned = _locked(Booking.objects.filter(state=State.CONFIRMED, pk__in=reasons))
    slots = Booking.objects.filter(pk__in=concerned).values_list("slot", flat=True)
    ledger.lock_if_any(sorted(set(slots)))
    for pk in concerned:
        _call_off(pk, reason=reasons[pk], by=by, now=now)
    return len(concerned)


@transaction.atomic
def cancel_unanswered(*, now: datetime, most: int = 500) -> int:
    """End what was called off a day ago or more and whose window has begun; return how many."""
    due = Booking.objects.filter(
        state=State.CALLED_OFF,
        slot__starts_at__lte=now,
        events__move=Move.CALL_OFF,
        events__at__lte=now - OFFER_STANDS,
    )
    ended = 0
    for pk in sorted(set(due.values_list("pk", flat=True)[:most])):
        found = moves.locked(pk)
        if found.state == State.CALLED_OFF:
            moves.apply(Move.CANCEL_BY_OFFICE, found, {}, now=now, reason=reason_of(found))
            ended += 1
    return ended
