"""Who is told of a booking or an application that nobody has been told of yet."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import get_language

from appointments.models import Application, Booking
from notifications import contacts
from notifications.contacts import Reach
from notifications.models import Consent, Contact


@transaction.atomic
def contact_of(matter: Booking | Application, *, now: datetime) -> Contact:
    """Its contact, made when somebody first wants to be told."""
    # Never joined with its contact: who waited for the row would read the join as it was before.
    rows = type(matter)._default_manager.select_for_update(of=("self",))
    row = rows.select_related("service__presence").get(pk=matter.pk)
    if row.contact is None:
        reach = Reach(language=get_language() or "id")
        mall_id = row.service.presence.mall_id
        row.contact = contacts.add(mall_id, reach, how=Consent.How.PAGE, now=now)
        row.save(update_fields=["contact"])
    return row.contact
