"""What counters, queues and zones are called, and how is counted, from a day on.

A change that is said for today is made at once; one for a later day is written down and made at
the start of that day. It is made before the first number of the day or waits for the next morning:
in the running hall nothing is called otherwise than people were told.
"""

import logging
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypeAlias

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from agencies import opening
from agencies.models import Counter, Mall
from onboarding.models import PlannedChange
from onboarding.setup.arranging import counters, noting, places, queues, turning
from onboarding.setup.arranging.refusals import HoldsAlready, NotThere, TooEarly
from queueing.models import QueueDay
from services.models import Queue

Kind = PlannedChange.Kind
FIELDS = {
    Kind.COUNTER: ("number", "place"),
    Kind.QUEUE: ("letter", "name", "daily_quota"),
    Kind.RATIO: ("priority_ratio",),
    Kind.ZONE: ("old", "new"),
}
Subject: TypeAlias = Counter | Queue | Mall
Rows: TypeAlias = QuerySet[PlannedChange]
log = logging.getLogger(__name__)


def change(
    subject: Subject, values: Mapping[str, Any], *, from_date: date, by: User, now: datetime
) -> None:
    """Let a counter, a queue or the ratio of a mall be so, now or from a day to come.

    Raises what plan, counters.change and queues.rearrange raise.
    """
    mall = subject if isinstance(subject, Mall) else subject.mall
    if from_date > opening.local_date(now, mall.zone):
        plan(subject, values, from_date=from_date, by=by, now=now)
    elif isinstance(subject, Counter):
        counters.change(subject, by=by, now=now, **values)
    elif isinstance(subject, Queue):
        wanted = {subject.pk: queues.QueueAs(is_active=subject.is_active, **values)}
        queues.rearrange(subject.presence, wanted, {}, by=by, now=now)
    else:
        kept = {name: getattr(mall, name) for name in places.FIELDS}
        places.save(mall, {**kept, **values}, by=by, now=now)


def rename_zone(
    mall: Mall, old: str, new: str, *, from_date: date, by: User, now: datetime
) -> None:
    """Call a zone otherwise, now or from a day to come. Raises NotThere."""
    if from_date > opening.local_date(now, mall.zone):
        plan_zone(mall, old, new, from_date=from_date, by=by, now=now)
    else:
        counters.rename_zone(mall, old, new, by=by, now=now)


# Planning


@transaction.atomic
def plan(
    subject: Subject,
    values: Mapping[str, Any],
    *,
    from_date: date,
    by: User,
    now: datetime,
) -> bool:
    """Let a counter, a queue or the ratio of a mall be so from a day to come; False: it is already.

    Another plan for the same day takes the place of the first. Raises TooEarly, NumberTaken and
    LetterTaken, also for a day on which two would have one number or letter.
    """
    mall = noting.locked(subject if isinstance(subject, Mall) else subject.mall)
    _refuse_early(mall, from_date, now)
    of_subject(subject, mall).filter(from_date=from_date).delete()
    stands = standing(subject, on=from_date)
    other = {name: value for name, value in values.items() if stands[name] != value}
    if other:
        PlannedChange.objects.create(
            mall=mall, **_key(subject), values=other, from_date=from_date, by=by, at=now
        )
    # Also without: what another one for that day stood in the way of may have come since.
    turning.refuse_number(mall)
    turning.refuse_letter(mall)
    detail = f"{subject} {from_date} {' '.join(sorted(other))}"
    noting.note("planned", subject.pk, mall=mall, by=by, now=now, detail=detail)
    return bool(other)


@transaction.atomic
def plan_zone(mall: Mall, old: str, new: str, *, from_date: date, by: User, now: datetime) -> None:
    """Call a zone otherwise from a day to come, with its boards. Raises TooEarly and NotThere."""
    known = noting.locked(mall)
    _refuse_early(known, from_date, now)
    if not Counter.objects.filter(mall=mall, place=old).exists():
        raise NotThere(_("Letak itu tidak ada di mal ini (lagi)."))
    zones = planned(mall).filter(kind=Kind.ZONE, from_date=from_date, values__old=old)
    zones.delete()
    PlannedChange.objects.create(
        mall=mall,
        kind=Kind.ZONE,
        values={"old": old, "new": new},
        from_date=from_date,
        by=by,
        at=now,
    )
    detail = f"{old} → {new} {from_date}"
    noting.note("planned", mall.pk, mall=mall, by=by, now=now, detail=detail)


@transaction.atomic
def withdraw(row: PlannedChange, *, by: User, now: datetime) -> None:
    """Take a change back that has not been made. Raises HoldsAlready, and what a plan raises."""
    mall = noting.locked(row.mall)
    gone, _each = PlannedChange.objects.filter(pk=row.pk, applied_at=None).delete()
    if not gone:
        raise HoldsAlready(_("Perubahan itu sudah berlaku atau sudah dibatalkan."))
    # What was to move on may stand in the way of another now.
    turning.refuse_number(mall)
    turning.refuse_letter(mall)
    noting.note("plan_withdrawn", row.pk, mall=mall, by=by, now=now, detail=f"{row}")


def _refuse_early(mall: Mall, from_date: date, now: datetime) -> None:
    if from_date <= opening.local_date(now, mall.zone):
        raise TooEarly(_("Perubahan terencana berlaku paling cepat besok."))


# How it is on a day


def planned(mall: Mall) -> Rows:
    """What is planned at a mall and not made yet, the nearest first."""
    rows = PlannedChange.objects.filter(mall=mall, applied_at=None)
    return rows.select_related("counter", "queue").order_by("from_date", "pk")


def of_subject(subject: Subject, mall: Mall) -> Rows:
    """The same of one counter, one queue, or of the ratio."""
    return planned(mall).filter(**_key(subject))


def standing(subject: Subject, *, on: date) -> dict[str, Any]:
    """What can be planned of something, as it will be on a day."""
    mall = subject if isinstance(subject, Mall) else subject.mall
    key = _key(subject)
    found = {name: getattr(subject, name) for name in FIELDS[key["kind"]]}
    for row in of_subject(subject, mall).filter(from_date__lte=on):
        found |= row.values
    return found


def _key(subject: Subject) -> dict[str, Any]:
    if isinstance(subject, Counter):
        return {"kind": Kind.COUNTER, "counter": subject}
    if isinstance(subject, Queue):
        return {"kind": Kind.QUEUE, "queue": subject}
    return {"kind": Kind.RATIO}


# On the day


def make_due(*, now: datetime) -> int:
    """Make the changes whose day has come at their mall; return how many.

    Safe to run never, late, twice or by two workers.
    """
    tomorrow = (now + noting.DAY).date()
    due = PlannedChange.objects.filter(applied_at=None, from_date__lte=tomorrow).order_by()
    malls = Mall.objects.filter(pk__in=due.values("mall")).order_by("pk")
    return sum(_make(mall, now=now) for mall in malls)


@transaction.atomic
def _make(mall: Mall, *, now: datetime) -> int:
    known = noting.locked(mall)
    today = opening.local_date(now, known.zone)
    rows = list(planned(known).filter(from_date__lte=today))
    if not rows or _has_begun(known, today):
        return 0
    detail = " ".join(str(row.pk) for row in rows)
    # Counters before the version of the screens, as by whoever assigns queues to one; and the
    # version before the question, as the first number of the day waits there.
    _lock_counters(rows)
    noting.note("planned_made", known.pk, mall=known, by=None, now=now, detail=detail)
    if _has_begun(known, today) or _clashes(known):
        transaction.set_rollback(True)
        return 0
    _make_all(known, rows)
    PlannedChange.objects.bulk_update(rows, ["was"])
    made = PlannedChange.objects.filter(pk__in=[row.pk for row in rows], applied_at=None)
    return made.update(applied_at=now)


def _lock_counters(rows: list[PlannedChange]) -> None:
    wanted = Counter.objects.filter(pk__in=[row.counter_id for row in rows if row.counter_id])
    list(wanted.order_by("pk").select_for_update(no_key=True).values_list("pk"))


def _has_begun(mall: Mall, today: date) -> bool:
    """Whether numbers have been given out today: then it is too late for this morning."""
    return QueueDay.objects.filter(mall=mall, date=today, last_number__gt=0).exists()


def _clashes(mall: Mall) -> bool:
    """Somebody has gone behind the rules; nothing is made then, and the nightly proof says it."""
    for kind in (Kind.COUNTER, Kind.QUEUE):
        found = turning.clash(turning.labels_of(mall, kind), turning.turns_of(mall, kind))
        if found is not None:
            log.error("planned changes of mall %s clash over %s", mall.pk, found.label)
            return True
    return False


def _make_all(mall: Mall, rows: list[PlannedChange]) -> None:
    ends: dict[tuple[str, int], dict[str, Any]] = {}
    for row in rows:
        subject = row.counter or row.queue
        if subject is not None:
            row.was = {name: getattr(subject, name) for name in row.values}
            ends.setdefault((row.kind, subject.pk), {}).update(row.values)
    # Two that swap must not meet on the way.
    labelled = [key for key, values in ends.items() if turning.LABEL[Kind(key[0])] in values]
    for place, (kind, pk) in enumerate(labelled):
        _rows_of(kind, pk).update(**{turning.LABEL[Kind(kind)]: f"{place:02}"})
    for (kind, pk), values in ends.items():
        _rows_of(kind, pk).update(**values)
    for row in rows:
        if row.kind == Kind.ZONE:
            counters.call_zone(mall, row.values["old"], row.values["new"])
        elif row.kind == Kind.RATIO:
            row.was = {"priority_ratio": mall.priority_ratio}
            Mall.objects.filter(pk=mall.pk).update(**row.values)


def _rows_of(kind: str, pk: int) -> QuerySet[Counter] | QuerySet[Queue]:
    if kind == Kind.COUNTER:
        return Counter.objects.filter(pk=pk)
    return Queue.objects.filter(pk=pk)


# As people read it


def said(row: PlannedChange) -> str:
    """What a change makes of what: "Loket 5: nomor 7, zona Lantai 2"."""
    values = row.values
    if row.kind == Kind.ZONE:
        return str(_("Zona %(old)s menjadi %(new)s") % values)
    if row.kind == Kind.RATIO:
        return _("Prioritas per satu reguler: %(ratio)s") % {"ratio": values["priority_ratio"]}
    parts = ", ".join(
        f"{label} {_('tanpa batas') if values[name] is None else values[name]}"
        for name, label in _labels().items()
        if name in values
    )
    return f"{row.counter or row.queue}: {parts}"


def _labels() -> dict[str, str]:
    return {
        "number": _("nomor"),
        "place": _("zona"),
        "letter": _("huruf"),
        "name": _("nama"),
        "daily_quota": _("kuota per hari"),
    }
