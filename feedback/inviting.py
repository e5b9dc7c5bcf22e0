"""Asking people who were served for their opinion: once for each visit, and nobody who gave it."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils.translation import override

from feedback.models import Opinion
from feedback.surveys import mark_of
from notifications import outbox
from notifications.models import Message
from queueing.models import Ticket
from queueing.states import State

AFTER = timedelta(minutes=30)  # people are on their way home
LATELY = timedelta(days=1)  # who was served earlier than that is not asked any more
KIND, EVENT = "survey", "survey:"
MOST = 500  # are looked at together; with so many invited, the others come a minute later


def invite(now: datetime) -> int:
    """Invite whoever was served half an hour ago and left a way; return how many.

    Safe at any time, any number of times: the event is told once for each visit.
    """
    invited, after = 0, None
    # Who has answered stays among them for a day, and must not stand before the others.
    while invited < MOST and (page := list(_following(_served(now), after)[:MOST])):
        answered = _answered(ticket.visit.token for ticket in page)
        left = [each for each in page if mark_of(each.visit.token) not in answered]
        invited += sum(_invite(ticket, now=now) for ticket in left)
        after = page[-1]
    return invited


def _following(tickets: QuerySet[Ticket], last: Ticket | None) -> QuerySet[Ticket]:
    """The tickets behind this one, in their order; all of them where there is none."""
    if last is None:
        return tickets
    same = Q(ended_at=last.ended_at, pk__gt=last.pk)
    return tickets.filter(same | Q(ended_at__gt=last.ended_at))


def _served(now: datetime) -> QuerySet[Ticket]:
    """The tickets with which a visit was over, whose holders were not told of the survey.

    Whoever goes on to another queue has a ticket that was transferred, and one that is done later.
    """
    named = Concat(Value(EVENT), Cast(OuterRef("visit_id"), CharField()))
    told = Message.objects.filter(contact=OuterRef("visit__contact"), kind=KIND, event=named)
    over = (
        Ticket.objects.with_names()
        .select_related("visit__contact")
        .filter(
            state=State.DONE,
            visit__contact__isnull=False,
            # Queue-days are found by their date; tickets have no index by their end.
            day__date__gte=(now - LATELY).date(),
            ended_at__gt=now - LATELY,
            ended_at__lte=now - AFTER,
        )
    )
    return over.exclude(Exists(told)).order_by("ended_at", "pk")


def _answered(tokens: Iterable[str]) -> set[str]:
    marks = [mark_of(token) for token in tokens]
    return set(Opinion.objects.filter(mark__in=marks).values_list("mark", flat=True))


def _invite(ticket: Ticket, *, now: datetime) -> bool:
    contact = ticket.visit.contact
    if contact is None:
        return False
    with override(contact.language):
        values = {
            "mal": ticket.day.mall.short_name,
            "layanan": ticket.service.title,
            "tautan": settings.PUBLIC_URL + reverse("survey", args=[ticket.visit.token]),
        }
    with transaction.atomic():
        told = outbox.send(
            contact.pk, KIND, event=f"{EVENT}{ticket.visit_id}", values=values, now=now
        )
    return told > 0
