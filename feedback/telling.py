"""Who is told of a complaint: whoever wrote it, and those who have to answer it."""

from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import override

from accounts.models import User
from accounts.roles import Act, roles_that_may
from agencies import opening
from agencies.models import Assignment
from core import formats
from feedback import sealing
from feedback.models import Complaint, ComplaintEvent
from feedback.states import Move
from notifications import contacts, outbox, watch

TOLD = {
    Move.RECEIVE: "complaint_received",
    Move.ANSWER: "complaint_answered",
    Move.DISMISS: "complaint_answered",
}
TO_STAFF = frozenset({Move.RECEIVE, Move.FORWARD})
EVENT = "complaint-event:"


def of_event(event: ComplaintEvent, *, now: datetime) -> None:
    """Tell whoever must hear of a move, in its transaction."""
    complaint = Complaint.objects.with_names().get(pk=event.complaint_id)
    kind = TOLD.get(Move(event.move))
    if complaint.contact is not None and kind is not None:
        with override(complaint.contact.language):
            values = _values(complaint)
        name = f"{EVENT}{event.pk}"
        outbox.send(complaint.contact.pk, kind, event=name, values=values, now=now)
    if event.move in TO_STAFF:
        _tell_staff(complaint, event, now=now)


def _tell_staff(complaint: Complaint, event: ComplaintEvent, *, now: datetime) -> None:
    name, act, mall = f"{EVENT}{event.pk}", Act.HANDLE_COMPLAINTS, complaint.mall
    with override(settings.LANGUAGE_CODE):
        values = _values(complaint)
    del values["tautan"]
    if event.move == Move.RECEIVE:
        watch.tell(mall, "complaint_new", act, event=name, values=values, now=now)
    for person in _people_of(complaint, now=now):
        contact = contacts.of_user(person, now=now)
        outbox.send(
            contact.pk, "complaint_new", event=name, values=values, now=now, mall_id=mall.pk
        )


def _people_of(complaint: Complaint, *, now: datetime) -> QuerySet[User]:
    """Those of the agency that has to answer; nobody where it is a matter of the house."""
    on = opening.local_date(now, complaint.mall.zone)
    held = Assignment.objects.valid(on).filter(
        mall=complaint.mall_id,
        agency=complaint.presence.agency_id if complaint.presence else 0,
        role__in=roles_that_may(Act.HANDLE_COMPLAINTS),
    )
    return User.objects.filter(pk__in=held.values("user")).order_by("pk")


def _values(complaint: Complaint) -> dict[str, str]:
    token = sealing.link(complaint)
    return {
        "nomor_aduan": str(complaint),
        "batas": formats.long_date(complaint.due_on),
        "mal": complaint.mall.short_name,
        "tautan": settings.PUBLIC_URL + reverse("complaint", args=[token]),
    }
