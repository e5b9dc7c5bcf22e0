"""A role offered to an e-mail address: sent, sent again, withdrawn.

The link is known to that address alone: here stands its hash, and the outbox keeps the words of the
message sealed. It is good for one account, within seven days, and only as long as whoever invited
may still do so. Beside accepting.py no other module writes an invitation.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from agencies.models import Agency, Assignment, Mall
from core import throttle
from onboarding.models import Invitation
from onboarding.staff import log, mandates, returning, summons
from onboarding.staff.refusals import (
    AlreadyHeld,
    AlreadyInvited,
    InvitationOver,
    InvitationVoid,
    JustSent,
    NotYours,
)
from queueing.access import workday

LIVES = timedelta(days=7)
AGAIN_AFTER = timedelta(minutes=1)
COUNTED, WRONG_LINKS = "invitation", 20  # a minute from one address
TOKEN = 32  # random bytes: nothing to guess, so no salt and no slow hash


@dataclass(frozen=True)
class Sent:
    """An invitation, its link, which can be read nowhere else, and whether a mail carries it."""

    invitation: Invitation
    link: str
    is_mailed: bool


@transaction.atomic
def invite(
    email: str,
    name: str,
    role: Role,
    mall: Mall | None,
    agency: Agency | None,
    *,
    by: User,
    now: datetime,
    province: str = "",
    language: str = "id",
) -> Sent:
    """Offer a role to an e-mail address.

    Raises NotYours, AlreadyHeld, AlreadyInvited while an invitation to the same stands open, and
    OnlyByMail where the link would have to be handed over to somebody who comes back.
    """
    on = workday(now)
    mandates.refuse_beyond(by, role, mall, agency, on=on)
    if not mandates.is_place_of(role, mall, agency, province):
        raise NotYours
    email = email.strip().lower()
    place = {"role": role, "mall": mall, "agency": agency, "province": province}
    if Assignment.objects.valid(on).filter(user__email__iexact=email, **place).exists():
        raise AlreadyHeld(_("Orang dengan surel itu sudah memegang peran ini di sini."))
    drop(Invitation.objects.open().filter(email=email, expires_at__lte=now, **place), now=now)
    token = secrets.token_urlsafe(TOKEN)
    times = {"at": now, "expires_at": now + LIVES, "token_hash": _hash(token)}
    try:
        with transaction.atomic():
            made = Invitation.objects.create(email=email, name=name, by=by, **place, **times)
    except IntegrityError as error:
        raise AlreadyInvited(
            _("Surel itu sudah diundang untuk peran ini. Kirim ulang undangannya dari daftar.")
        ) from error
    log.write("staff.invited", made, by=by, now=now)
    return _told(made, token, by_mail=True, language=language, now=now)


@transaction.atomic
def resend(
    invitation: Invitation, *, by: User, now: datetime, language: str = "id", by_mail: bool = True
) -> Sent:
    """A new link for seven days; the one before opens nothing any more.

    Raises InvitationOver, NotYours, JustSent within a minute, and OnlyByMail.
    """
    found = locked(Invitation.objects.filter(pk=invitation.pk)).first()
    if found is None:
        raise InvitationOver(_("Undangan itu sudah diterima atau ditarik. Muat ulang daftarnya."))
    mandates.refuse_beyond(by, Role(found.role), found.mall, found.agency, on=workday(now))
    if by_mail and now - found.at < AGAIN_AFTER:
        raise JustSent(_("Undangan itu baru saja dikirim. Tunggu satu menit."))
    summons.take_back(found, now=now)
    token = secrets.token_urlsafe(TOKEN)
    found.token_hash, found.at, found.expires_at, found.by = _hash(token), now, now + LIVES, by
    found.save(update_fields=["token_hash", "at", "expires_at", "by"])
    log.write("staff.invited_again", found, by=by, now=now)
    return _told(found, token, by_mail=by_mail, language=language, now=now)


@transaction.atomic
def withdraw(invitation: Invitation, *, by: User, now: datetime) -> None:
    """Its link opens nothing any more; a second time changes nothing. Raises NotYours."""
    place = invitation.mall, invitation.agency
    mandates.refuse_beyond(by, Role(invitation.role), *place, on=workday(now))
    if drop(Invitation.objects.open().filter(pk=invitation.pk), now=now):
        log.write("staff.uninvited", invitation, by=by, now=now)


def opened(token: str, *, now: datetime) -> Invitation:
    """The invitation a link stands for. Raises InvitationVoid, whatever is wrong with it."""
    found = Invitation.objects.open().select_related("mall__region", "agency", "by")
    invitation = found.filter(token_hash=_hash(token), expires_at__gt=now).first()
    if invitation is None or not _is_backed(invitation, now):
        raise InvitationVoid
    return invitation


def opened_from(address: str, token: str, *, now: datetime) -> Invitation:
    """The same for somebody at that address. Raises TooMany after too many void links."""
    throttle.check(COUNTED, address, most=WRONG_LINKS)
    try:
        return opened(token, now=now)
    except InvitationVoid:
        throttle.count(COUNTED, address)
        raise


def locked(rows: QuerySet[Invitation]) -> QuerySet[Invitation]:
    """The open ones of these, held until the end of the transaction."""
    found = rows.filter(pk__in=Invitation.objects.open()).select_related("mall__region", "agency")
    return found.select_for_update(of=("self",)).order_by("pk")


def drop(rows: QuerySet[Invitation], *, now: datetime) -> int:
    """Withdraw these, and the mails that have not left yet; return how many."""
    for each in rows:
        summons.take_back(each, now=now)
    return rows.update(withdrawn_at=now)


def drop_unbacked(by: User, *, now: datetime) -> None:
    """Withdraw what somebody offered and may not offer any more."""
    offered = Invitation.objects.open().filter(by=by).select_related("by")
    unbacked = [each.pk for each in offered if not _is_backed(each, now)]
    drop(Invitation.objects.filter(pk__in=unbacked), now=now)


def _is_backed(invitation: Invitation, now: datetime) -> bool:
    """Whether whoever invited may still do so: a leaver leaves no door open behind them."""
    places = invitation.mall_id, invitation.agency_id
    return mandates.may_give(invitation.by, Role(invitation.role), *places, on=workday(now))


def _told(made: Invitation, token: str, *, by_mail: bool, language: str, now: datetime) -> Sent:
    link = f"{settings.PUBLIC_URL}{reverse('invitation', args=[token])}"
    made.is_mailed = by_mail and summons.send(made, link, language=language, now=now)
    made.save(update_fields=["is_mailed"])
    returning.refuse_by_hand(made, now=now)
    return Sent(made, link, made.is_mailed)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
