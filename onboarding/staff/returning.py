"""Somebody who comes back: which closed account is theirs, and by which link it opens again.

A link that was handed over may have been used by whoever handed it over; behind one that went by
mail stands somebody who reads the mail of that address.
"""

from datetime import datetime

from accounts.models import User
from accounts.roles import Act
from agencies import access
from agencies.models import Assignment
from onboarding.models import Invitation
from onboarding.staff.refusals import OnlyByMail
from queueing.access import workday


def sleeping(invitation: Invitation, *, now: datetime) -> User | None:
    """The closed account of somebody who comes back, if it may be opened again.

    Not one that was switched off while it held roles, nor the first one of an installation.
    """
    still = Assignment.objects.in_force(workday(now)).values("user")
    closed = User.objects.filter(email__iexact=invitation.email, is_active=False)
    return closed.filter(is_superuser=False).exclude(pk__in=still).order_by("-pk").first()


def refuse_by_hand(invitation: Invitation, *, now: datetime) -> None:
    """Raises OnlyByMail where a link handed over would open the account of somebody who left.

    An operator may hand it over: they may set a new password for any account as it is.
    """
    if invitation.is_mailed or sleeping(invitation, now=now) is None:
        return
    if User.objects.filter(email__iexact=invitation.email, is_active=True).exists():
        return  # they sign in with the account they use, and the closed one stays closed
    if not access.is_national(invitation.by, Act.MANAGE_STAFF, on=workday(now)):
        raise OnlyByMail
