"""Whom to call at an agency about its counters. Beside the admin only this module writes them."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from agencies.models import ContactPerson
from hall import record


@transaction.atomic
def save(contact: ContactPerson, *, by: User, now: datetime) -> None:
    """Keep a new contact person, or what has changed of a known one."""
    is_new = contact.pk is None
    contact.save()
    _write("contact.added" if is_new else "contact.changed", contact, by=by, now=now)


@transaction.atomic
def remove(contact: ContactPerson, *, by: User, now: datetime) -> None:
    """Forget a contact person; a second time changes nothing."""
    if ContactPerson.objects.filter(pk=contact.pk).delete()[0]:
        _write("contact.removed", contact, by=by, now=now)


def _write(act: str, contact: ContactPerson, *, by: User, now: datetime) -> None:
    presence = contact.presence
    said = presence.agency.slug
    record.write(act, presence.pk, mall_id=presence.mall_id, by=by, now=now, detail=said)
