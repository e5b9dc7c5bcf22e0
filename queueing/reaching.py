"""Who is told of a visit's calls. Most people hear them in the hall and need no contact."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import get_language

from notifications import contacts
from notifications.contacts import Reach
from notifications.models import Consent, Contact
from queueing.models import Visit


@transaction.atomic
def contact_of(visit_id: int, *, now: datetime) -> Contact:
    """The contact of a visit, made when somebody first wants to be told."""
    # The row of the visit: of several tabs at once one makes the contact, the others find it.
    # Never joined with its contact: who waited for the row would read the join as it was before.
    visit = Visit.objects.select_for_update(of=("self",)).get(pk=visit_id)
    if visit.contact is None:
        reach = Reach(language=get_language() or "id")
        visit.contact = contacts.add(visit.mall_id, reach, how=Consent.How.PAGE, now=now)
        visit.save(update_fields=["contact"])
    return visit.contact
