"""The emergency call of a counter. Only this module writes it."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from accounts.models import User
from agencies.models import Counter
from hall import record
from hall.models import Alarm


def raise_(counter: Counter, *, by: User, now: datetime) -> None:
    """Call for help; pressing again while nobody has answered changes nothing."""
    try:
        with transaction.atomic():
            raised = Alarm.objects.create(counter=counter, by=by, at=now)
            record.write("alarm.raised", raised.pk, mall_id=counter.mall_id, by=by, now=now)
    except IntegrityError:
        return  # the constraint: one open alarm per counter, and it stands already


def answer(alarm: Alarm, *, by: User, now: datetime) -> None:
    """Somebody goes there; a second answer changes nothing."""
    with transaction.atomic():
        waiting = Alarm.objects.filter(pk=alarm.pk, answered_at=None)
        if waiting.update(answered_by=by, answered_at=now):
            mall_id = alarm.counter.mall_id
            record.write("alarm.answered", alarm.pk, mall_id=mall_id, by=by, now=now)


def unanswered(counter_ids: list[int]) -> QuerySet[Alarm]:
    """The calls nobody has answered, the oldest first, with their people."""
    waiting = Alarm.objects.filter(counter__in=counter_ids, answered_at=None)
    return waiting.select_related("counter", "by").order_by("at", "pk")
