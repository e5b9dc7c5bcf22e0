"""Whoever holds an invitation accepts it: with a new account, or as somebody who has one.

Somebody who comes back gets their closed account again, so that what they once did stays theirs.
"""

from datetime import datetime

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from onboarding.models import Invitation
from onboarding.staff import inviting, returning, staffing, summons
from onboarding.staff.refusals import AccountRefused, WrongAccount


@transaction.atomic
def accept(token: str, *, username: str, password: str, now: datetime) -> User:
    """Accept with a new account, or the closed one of somebody who comes back.

    Raises InvitationVoid, WrongAccount where the address has an account already, OnlyByMail where
    its closed one does not open by this link, AccountRefused.
    """
    invitation = _claimed(token, now)
    if accounts_of(invitation).exists():
        raise WrongAccount(_("Surel ini sudah punya akun. Masuk dahulu, lalu buka undangannya."))
    returning.refuse_by_hand(invitation, now=now)
    if wrong := complaints(invitation, username, password, now=now):
        raise AccountRefused(wrong)
    user = returning.sleeping(invitation, now=now) or _drawn(invitation, username)
    user.is_active = True
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        raise AccountRefused({"username": [_taken()]}) from error
    _done(invitation, user, now)
    return user


@transaction.atomic
def join(token: str, *, user: User, now: datetime) -> None:
    """Accept as somebody who is signed in already. Raises InvitationVoid and WrongAccount."""
    invitation = _claimed(token, now)
    if not is_for(invitation, user):
        raise WrongAccount(_("Undangan ini untuk surel lain. Keluar dahulu, lalu buka tautannya."))
    _done(invitation, user, now)


def is_for(invitation: Invitation, user: User) -> bool:
    """Whether an account has the address that was invited."""
    return user.email.lower() == invitation.email


def accounts_of(invitation: Invitation) -> QuerySet[User]:
    """The accounts in use with the address that was invited."""
    return User.objects.filter(email__iexact=invitation.email, is_active=True)


def proposed(invitation: Invitation) -> str:
    """A name to sign in with, from the address; whoever accepts may choose another."""
    return invitation.email.partition("@")[0]


def complaints(
    invitation: Invitation, username: str, password: str, *, now: datetime
) -> dict[str, list[str]]:
    """What is wrong with the account somebody wants, sentences by the name of the field."""
    known = returning.sleeping(invitation, now=now)
    user = known or _drawn(invitation, username)
    found = {"username": [] if known else _wrong_name(user)}
    try:
        password_validation.validate_password(password, user)
    except ValidationError as error:
        found["password"] = error.messages
    return {name: sentences for name, sentences in found.items() if sentences}


def _wrong_name(user: User) -> list[str]:
    try:
        user.clean_fields(exclude={"password"})
    except ValidationError as error:
        return error.messages
    # "Siti" beside "siti" would only confuse.
    return [_taken()] if User.objects.filter(username__iexact=user.username).exists() else []


def _claimed(token: str, now: datetime) -> Invitation:
    """The invitation, held until the end with all others to its address: they wait in line here.

    Two clicks make one account, and two invitations to one address make one account too.
    """
    email = inviting.opened(token, now=now).email
    list(inviting.locked(Invitation.objects.filter(email=email)))
    return inviting.opened(token, now=now)


def _done(invitation: Invitation, user: User, now: datetime) -> None:
    accepted = Invitation.objects.filter(pk=invitation.pk)
    accepted.update(accepted_at=now, accepted_by=user)
    summons.take_back(invitation, now=now)
    staffing.give(invitation, user, now=now)


def _drawn(invitation: Invitation, username: str) -> User:
    """An account as it would be made."""
    first, _space, rest = invitation.name.partition(" ")
    names = {"first_name": first, "last_name": rest, "email": invitation.email}
    return User(username=User.normalize_username(username.strip()), **names)


def _taken() -> str:
    return _("Nama pengguna itu sudah dipakai. Pilih yang lain.")
