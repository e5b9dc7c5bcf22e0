"""The e-mail that carries an invitation. Its link stands sealed in the outbox and nowhere else."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.roles import Role
from core import formats, identity
from notifications import contacts, outbox, providers
from notifications.contacts import Reach
from notifications.models import Consent, Message
from notifications.states import Channel
from onboarding.models import Invitation

KIND = "staff_invitation"


def send(invitation: Invitation, link: str, *, language: str, now: datetime) -> bool:
    """Mail it in the transaction of the invitation; False where the mall sends no e-mail."""
    mall = invitation.mall
    if mall is None or Channel.EMAIL not in providers.on(mall.pk):
        return False
    reach = Reach(email=invitation.email, channels=frozenset({Channel.EMAIL}), language=language)
    ends = invitation.expires_at
    with override(language):
        until = f"{formats.long_date(ends, mall.zone)}, {formats.clock(ends, mall.zone)}"
        values = {
            "nama": identity.short_name(invitation.name),
            "peran": str(Role(invitation.role).label),
            "instansi": invitation.agency.name if invitation.agency else mall.organiser,
            "mal": mall.short_name,
            "batas": until,
            "tautan": link,
        }
    contact = contacts.add(mall.pk, reach, how=Consent.How.STAFF, now=now)
    event = _event(invitation)
    return bool(outbox.send(contact.pk, KIND, event=event, values=values, now=now, not_after=ends))


def take_back(invitation: Invitation, *, now: datetime) -> None:
    """What has not left yet is never sent: its link opens nothing any more."""
    event = _event(invitation)
    told = Message.objects.filter(event=event, kind=KIND).values_list("contact", flat=True)
    for contact_id in told:
        outbox.withdraw(contact_id, [event], now=now, reason=_("Undangan ini tidak berlaku lagi."))


def _event(invitation: Invitation) -> str:
    # Each link has its own: the message of the one before must not stand in its way.
    return f"invitation:{invitation.pk}:{invitation.token_hash[:16]}"
