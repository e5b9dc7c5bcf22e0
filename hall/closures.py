"""Closing a counter for a while: asked, decided, open again by itself. Only this module writes it.

REQUESTED -> APPROVED -> ENDED (opened early)
REQUESTED -> REFUSED | ENDED (taken back)
An approved closure is over at `until`, whether anybody writes it down or not.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from agencies.models import Counter
from core.memo import briefly_each
from hall import record
from hall.models import Closure
from hall.refusals import ClosedAlready, DecidedAlready, UntilTooLate

State = Closure.State
OPEN = [State.REQUESTED, State.APPROVED]


def request(
    counter: Counter, *, reason: Closure.Reason, until: datetime, by: User, now: datetime
) -> Closure:
    """An officer asks to close the counter until a moment.

    Raises UntilTooLate for a moment that has passed, ClosedAlready when one is open already.
    """
    if until <= now:
        raise UntilTooLate(_("Pilih waktu buka kembali yang belum lewat."))
    try:
        with transaction.atomic():
            _end_stale(counter, now)
            asked = Closure.objects.create(
                counter=counter, reason=reason, until=until, requested_by=by, requested_at=now
            )
            _tell("closure.requested", asked, by, now)
    except IntegrityError as error:
        raise ClosedAlready(_("Penutupan loket ini sudah diajukan atau berlaku.")) from error
    return asked


def close(
    counter: Counter, *, reason: Closure.Reason, until: datetime, by: User, now: datetime
) -> Closure:
    """A supervisor closes a counter at once; the request and its approval are one act."""
    with transaction.atomic():
        asked = request(counter, reason=reason, until=until, by=by, now=now)
        decide(asked, approve=True, by=by, now=now)
    return asked


def decide(closure: Closure, *, approve: bool, by: User, now: datetime) -> None:
    """Approve or refuse a request. Raises DecidedAlready when somebody was faster."""
    state = State.APPROVED if approve else State.REFUSED
    with transaction.atomic():
        waiting = Closure.objects.filter(pk=closure.pk, state=State.REQUESTED)
        if not waiting.update(state=state, decided_by=by, decided_at=now):
            raise DecidedAlready(_("Permintaan ini sudah diputuskan atau ditarik kembali."))
        _tell("closure.approved" if approve else "closure.refused", closure, by, now)


def end(closure: Closure, *, by: User, now: datetime) -> None:
    """Open the counter before the time, or take a request back; a second time changes nothing."""
    with transaction.atomic():
        open_ = Closure.objects.filter(pk=closure.pk, state__in=OPEN)
        if open_.update(state=State.ENDED, ended_at=now):
            _tell("closure.ended", closure, by, now)


def of(counter: Counter, *, now: datetime) -> Closure | None:
    """The request or closure that stands for this counter now."""
    return standing([counter.pk], now=now).first()


def standing(counter_ids: list[int], *, now: datetime) -> QuerySet[Closure]:
    """The requests and closures that stand now for these counters, with their people."""
    open_ = Closure.objects.filter(counter__in=counter_ids, state__in=OPEN, until__gt=now)
    return open_.select_related("counter", "requested_by", "decided_by")


def in_force(mall_id: int, *, now: datetime) -> dict[str, datetime]:
    """The numbers of a mall's closed counters, and when each of them opens again.

    Never from memory: a board keeps it for as long as its version stands.
    """
    return dict(_approved(mall_id, now).values_list("counter__number", "until"))


def ids_in_force(mall_id: int, *, now: datetime) -> frozenset[int]:
    """The closed counters of a mall, never from memory either."""
    return frozenset(_approved(mall_id, now).values_list("counter_id", flat=True))


def _approved(mall_id: int, now: datetime) -> QuerySet[Closure]:
    return Closure.objects.filter(counter__mall=mall_id, state=State.APPROVED, until__gt=now)


@briefly_each(2)
def until_at(mall_ids: tuple[int, ...]) -> dict[int, dict[int, datetime]]:
    """The counters of each mall with an approved closure, and when each of them opens again.

    Ends are not asked about here: whoever reads compares them with his own now.
    """
    approved = Closure.objects.filter(counter__mall__in=mall_ids, state=State.APPROVED)
    found: dict[int, dict[int, datetime]] = {mall_id: {} for mall_id in mall_ids}
    rows = approved.order_by("until").values_list("counter__mall_id", "counter_id", "until")
    for mall_id, counter_id, until in rows:
        found[mall_id][counter_id] = until
    return found


def closed_counters(mall_id: int, *, now: datetime) -> dict[int, datetime]:
    """The counters of a mall that are closed now, and when each of them opens again."""
    return closed_in([mall_id], now=now)[mall_id]


def closed_in(mall_ids: Iterable[int], *, now: datetime) -> dict[int, dict[int, datetime]]:
    """The same for several malls, read at once."""
    known = until_at(tuple(mall_ids))
    return {
        mall_id: {pk: until for pk, until in approved.items() if until > now}
        for mall_id, approved in known.items()
    }


def _end_stale(counter: Counter, now: datetime) -> None:
    """What is over by its time must not stand in the way of a new request."""
    stale = Closure.objects.filter(counter=counter, state__in=OPEN, until__lte=now)
    stale.update(state=State.ENDED, ended_at=F("until"))


def _tell(what: str, closure: Closure, by: User, now: datetime) -> None:
    counter = closure.counter
    record.write(
        what, closure.pk, mall_id=counter.mall_id, by=by, now=now, detail=str(counter.number)
    )
