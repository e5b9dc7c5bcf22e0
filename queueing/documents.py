"""Telling people that what they applied for can be fetched: once, and only whoever left a way."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import override

from accounts.models import User
from agencies.models import Presence
from hall import record
from notifications import outbox
from notifications.models import Message
from queueing import telling
from queueing.models import Ticket
from queueing.states import State

LATELY = timedelta(days=60)  # documents that take longer are told by the agency itself
SHOWN = 100


@dataclass(frozen=True)
class Ready:
    """A number that was served, and when its holder was told that the document is ready."""

    ticket: Ticket
    told_at: datetime | None


def served(presence: Presence, *, on: date | None, now: datetime) -> list[Ready]:
    """Whom the agency has served lately and can tell, of one day or the newest first."""
    found = Ticket.objects.with_names().filter(
        service__presence=presence,
        state=State.DONE,
        visit__contact__isnull=False,
        ended_at__gt=now - LATELY,
    )
    if on is not None:
        found = found.filter(day__date=on)
    tickets = list(found.order_by("-ended_at", "-pk")[:SHOWN])
    told = _told(tickets)
    return [Ready(ticket, told.get(_event(ticket.pk))) for ticket in tickets]


def tell(ticket: Ticket, *, by: User, now: datetime) -> bool:
    """Tell the holder of a number that the document is ready; False when that was said before."""
    contact = ticket.visit.contact
    if contact is None or _told([ticket]):
        return False
    presence = ticket.service.presence
    with override(contact.language):
        values = {
            "instansi": presence.agency.short_name,
            "layanan": ticket.service.title,
            "mal": presence.mall.short_name,
            "nomor": str(ticket),
            "tautan": telling.link_of(ticket),
        }
    with transaction.atomic():
        outbox.send(contact.pk, "document_ready", event=_event(ticket.pk), values=values, now=now)
        record.write("document.ready", ticket.pk, mall_id=presence.mall_id, by=by, now=now)
    return True


def _told(tickets: Collection[Ticket]) -> dict[str, datetime]:
    events = [_event(ticket.pk) for ticket in tickets]
    said = Message.objects.filter(event__in=events, kind="document_ready")
    return dict(said.values_list("event", "created_at"))


def _event(ticket_id: int) -> str:
    return f"document:{ticket_id}"
