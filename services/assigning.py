"""Which queues a counter serves, changed during the day. Beside the admin no module writes it."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from agencies import opening
from agencies.models import Counter, held_on, in_use
from core.errors import Refused
from hall import record
from services.models import CounterQueue, Queue


class NotItsQueue(Refused):
    code = "not_its_queue"


class NoQueueLeft(Refused):
    code = "no_queue_left"


def queues_open_to(counter: Counter, *, now: datetime) -> list[Queue]:
    """The queues this counter may serve today: those of the agency that has it today."""
    today = opening.local_date(now, counter.mall.zone)
    found = Queue.objects.filter(
        held_on(today, "presence__counter_days"),
        in_use(today),
        presence__is_active=True,
        presence__counter_days__counter=counter,
    )
    return list(found.order_by("letter"))


@transaction.atomic
def assign(
    counter: Counter, queue_ids: Collection[int], *, by: User, now: datetime, adding: bool = False
) -> None:
    """Let the counter serve exactly these queues of today's agency, within five seconds.

    `adding` keeps those it has. What it serves for other agencies on other weekdays stays, and so
    does the rank of a queue that stays; somebody already at the counter is not touched. Raises
    NotItsQueue, NoQueueLeft.
    """
    # Two supervisors at once wait in line here; the later one decides.
    Counter.objects.select_for_update(no_key=True).get(pk=counter.pk)
    wanted, own = set(queue_ids), {queue.pk for queue in queues_open_to(counter, now=now)}
    if not wanted <= own:
        raise NotItsQueue(_("Antrean itu milik instansi yang tidak memakai loket ini hari ini."))
    served = CounterQueue.objects.filter(counter=counter, queue__in=own)
    before = set(served.values_list("queue_id", flat=True))
    wanted |= before if adding else set()
    if not wanted:
        raise NoQueueLeft(_("Pilih paling sedikit satu antrean. Untuk berhenti, tutup loketnya."))
    if wanted == before:
        return
    served.exclude(queue__in=wanted).delete()
    CounterQueue.objects.bulk_create(
        CounterQueue(counter=counter, queue_id=pk) for pk in sorted(wanted - before)
    )
    letters = Queue.objects.filter(pk__in=wanted).order_by("letter")
    detail = f"{counter.number}: {' '.join(letters.values_list('letter', flat=True))}"
    record.write(
        "counter.queues", counter.pk, mall_id=counter.mall_id, by=by, now=now, detail=detail[:200]
    )
