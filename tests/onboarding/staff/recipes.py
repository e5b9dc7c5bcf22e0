"""People of a hall, and invitations whose links a test knows."""

import hashlib

from model_bakery import baker

from accounts.models import User
from accounts.roles import Role
from agencies.models import Assignment, ContactPerson
from onboarding.models import Invitation
from onboarding.staff import accepting, inviting
from tests.recipes import at

MAIL = "siti.aminah@uji.go.id"
NAME = "Siti Aminah"
PASSWORD = "sungai-kecil-di-hulu"
KNOWN_TOKEN = "undangan-yang-tautannya-diketahui-sebuah-uji"


def appoint(role, *, email="", until=None, presence=None, mall=None, name="", province=""):
    """Somebody new with a role, of an agency at a mall where one is given."""
    username = name or f"orang-{User.objects.count()}-{role}"
    user = User.objects.create_user(username, email)
    place = {"mall": presence.mall if presence else mall}
    place["agency"] = presence.agency if presence else None
    baker.make(Assignment, user=user, role=role, until=until, province=province, **place)
    return user


def role_of(user, **about):
    return Assignment.objects.select_related("user", "mall__region", "agency").get(
        user=user, **about
    )


def invited(hall, by, *, role=Role.COUNTER_OFFICER, email=MAIL, now=None):
    """The invitation and the last part of its link."""
    agency = None if role == Role.MALL_ADMIN else hall.presence.agency
    sent = inviting.invite(email, NAME, role, hall.mall, agency, by=by, now=now or at(9))
    return sent.invitation, token_of(sent)


def somebody_asked(hall):
    """An invitation that KNOWN_TOKEN opens, and whom to call, for those who try every address."""
    invitation, _token = invited(hall, appoint(Role.MALL_ADMIN, mall=hall.mall), now=at(8))
    known = hashlib.sha256(KNOWN_TOKEN.encode()).hexdigest()
    Invitation.objects.filter(pk=invitation.pk).update(token_hash=known)
    ContactPerson.objects.create(presence=hall.presence, name="Budi", phone="021 123456")


def token_of(sent):
    return sent.link.rstrip("/").rpartition("/")[2]


def accepted(hall, by, *, email=MAIL, username="siti", now=None):
    """Somebody who was invited and came."""
    _invitation, token = invited(hall, by, email=email, now=now)
    return accepting.accept(token, username=username, password=PASSWORD, now=now or at(9))


def only():
    return Invitation.objects.get()
