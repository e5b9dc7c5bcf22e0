"""Who sits at a counter. No other module writes a desk."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from agencies.models import Counter
from core import sql
from hall import record
from hall.models import Closure
from queueing.models import Desk, Ticket
from queueing.refusals import CounterBusy, CounterClosed, DeskTaken, NotAtDesk, OnBreak

# Whether the counter is closed is read with the lock, not from the memory of closures: the press
# before this one may have opened it.
LOCK = """
    SELECT officer_id, on_break, EXISTS (
        SELECT 1 FROM hall_closure WHERE counter_id = %(counter)s
            AND state = %(approved)s AND until > %(now)s)
    FROM queueing_desk WHERE counter_id = %(counter)s"""


def lock(counter: Counter, by: User, *, calling_at: datetime | None = None) -> None:
    """Hold the row in front of this desk: two clicks wait in line here until the end.

    Raises NotAtDesk when somebody else (or nobody) sits there; when calling somebody now also
    OnBreak and CounterClosed.
    """
    approved = int(Closure.State.APPROVED)
    found = sql.row(
        f"{LOCK} {sql.for_update()}", counter=counter.pk, now=calling_at, approved=approved
    )
    if found is None or found[0] != by.pk:
        raise NotAtDesk(_("Anda belum bertugas di loket ini. Tekan Mulai bertugas dahulu."))
    if calling_at is None:
        return
    if found[1]:
        raise OnBreak(_("Loket sedang istirahat. Lanjutkan tugas sebelum memanggil."))
    if found[2]:
        raise CounterClosed(_("Loket ini sedang ditutup. Buka kembali sebelum memanggil."))


def open_(counter: Counter, *, by: User, now: datetime, take_over: bool = False) -> None:
    """Sit down at a counter and give up any other; taking over must be meant.

    Raises DeskTaken when somebody else sits there, CounterBusy when the officer's own other
    counter still has somebody.
    """
    try:
        with transaction.atomic():
            left = _leave_others(counter, by)
            desk, _created = Desk.objects.select_for_update().get_or_create(counter=counter)
            if desk.officer_id not in {None, by.pk} and not take_over:
                raise DeskTaken(_("Loket ini sedang dijaga petugas lain."))
            if desk.officer_id != by.pk:
                desk.officer_id, desk.since = by.pk, now
            desk.on_break = False
            desk.save(update_fields=["officer", "since", "on_break"])
            for other in left:
                _tell("desk.left", other, by, now)
            _tell("desk.opened", counter, by, now)
    except IntegrityError as error:
        # The same officer sat down at two counters at once; the first one stands.
        raise DeskTaken(_("Anda sedang bertugas di loket lain.")) from error


def _leave_others(counter: Counter, by: User) -> list[Counter]:
    # The new desk too, by id: two officers who change places must not wait for each other.
    desks = Desk.objects.select_for_update().filter(Q(officer=by) | Q(counter=counter))
    others = [desk for desk in desks.order_by("pk") if desk.counter_id != counter.pk]
    for desk in others:
        _leave(desk)
    return [desk.counter for desk in others]


@transaction.atomic
def set_break(counter: Counter, *, by: User, on_break: bool, now: datetime) -> None:
    """Begin or end a break; somebody being served is finished first."""
    lock(counter, by)
    if on_break:
        _refuse_if_busy(counter.pk)
    Desk.objects.filter(counter=counter).update(on_break=on_break)
    _tell("desk.break" if on_break else "desk.back", counter, by, now)


@transaction.atomic
def leave(counter: Counter, *, by: User, now: datetime) -> None:
    """End the duty at a counter. Raises CounterBusy when somebody is still there."""
    lock(counter, by)
    _leave(Desk.objects.get(counter=counter))
    _tell("desk.left", counter, by, now)


def _leave(desk: Desk) -> None:
    _refuse_if_busy(desk.counter_id)
    Desk.objects.filter(pk=desk.pk).update(officer=None, since=None, on_break=False)


def _tell(what: str, counter: Counter, by: User, now: datetime) -> None:
    record.write(
        what, counter.pk, mall_id=counter.mall_id, by=by, now=now, detail=str(counter.number)
    )


def _refuse_if_busy(counter_id: int) -> None:
    if Ticket.objects.at_counter().filter(counter=counter_id).exists():
        raise CounterBusy(_("Selesaikan dahulu nomor yang sedang dilayani."))
