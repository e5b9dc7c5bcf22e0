"""Who wants to hear what through which channel. Only this module writes contacts and consents.

A consent is given channel by channel and can be taken back; STOP from an address ends a channel for
every matter of that address, at every mall, until START.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse

from accounts.models import User
from core import identity, vault
from notifications.models import Consent, Contact, Stop, Subscription
from notifications.states import BY_PHONE, OUTSIDE, Channel

PHONE, EMAIL = "contact.phone", "contact.email"
ENDPOINT, KEYS = "subscription.endpoint", "subscription.keys"
STOPS = "notifications.stop"  # salt of the links that say no more
UNREADABLE = "•••"


@dataclass(frozen=True)
class Reach:
    """How somebody wants to be reached, cleaned: the phone as +628…, what is not given empty."""

    phone: str = ""
    email: str = ""
    channels: frozenset[Channel] = frozenset()
    language: str = "id"


@dataclass(frozen=True)
class Standing:
    """How a contact stands now, as its own page shows it: the addresses masked."""

    phone: str = ""
    email: str = ""
    wanted: frozenset[Channel] = frozenset()
    stopped: frozenset[Channel] = frozenset()  # by whoever has the address
    browsers: int = 0


@dataclass(frozen=True)
class Stopping:
    """What a link in a message would stop: a channel for everything that has this address."""

    channel: Channel
    address_index: str
    address: str  # masked; empty where it is no longer known
    is_stopped: bool


def add(mall_id: int, reach: Reach, *, how: Consent.How, now: datetime) -> Contact:
    """A new contact for one matter, with the consents that were given."""
    contact = Contact.objects.create(mall_id=mall_id, created_at=now, **_sealed(reach))
    _consent(contact, reach.channels, how=how, now=now)
    return contact


@transaction.atomic
def change(contact: Contact, reach: Reach, *, how: Consent.How, now: datetime) -> None:
    """Other channels for the same matter; what is no longer wanted is withdrawn.

    An address that is not given stays as it is: the page shows it masked and cannot send it back.
    """
    mine = Contact.objects.filter(pk=contact.pk)
    mine.update(**{name: value for name, value in _sealed(reach).items() if value})
    _consent(contact, reach.channels, how=how, now=now)
    given = Consent.objects.filter(contact=contact, withdrawn_at=None)
    given.exclude(channel__in=[*reach.channels, Channel.PUSH]).update(withdrawn_at=now)


@transaction.atomic
def silence(contact: Contact, *, now: datetime) -> None:
    """Nothing more about this matter leaves the portal; its page goes on telling."""
    Consent.objects.filter(contact=contact, withdrawn_at=None).update(withdrawn_at=now)
    Subscription.objects.filter(contact=contact, gone_at=None).update(gone_at=now)


def known(user: User) -> Contact | None:
    """The contact of a member of staff, if they have been told or have chosen anything yet."""
    return Contact.objects.filter(user=user).first()


def usual(user: User) -> Standing:
    """How a member of staff stands who has chosen nothing yet."""
    wants = frozenset({Channel.EMAIL} if user.email else ())
    return Standing(email=identity.masked_email(user.email), wanted=wants)


def of_user(user: User, *, now: datetime) -> Contact:
    """The contact of a member of staff; their e-mail is the account's, until they say otherwise."""
    found = known(user)
    if found is not None:
        return found
    reach = Reach(email=user.email)
    made, is_new = Contact.objects.get_or_create(
        user=user, defaults={"created_at": now, **_sealed(reach)}
    )
    if is_new and user.email:
        _consent(made, [Channel.EMAIL], how=Consent.How.STAFF, now=now)
    return made


def subscribe(
    contact: Contact, endpoint: str, keys: dict[str, str], *, how: Consent.How, now: datetime
) -> None:
    """This browser shows what the contact is told from now on."""
    Subscription.objects.update_or_create(
        contact=contact,
        endpoint_hash=_hash(endpoint),
        defaults={
            "sealed_endpoint": vault.seal(endpoint, column=ENDPOINT),
            "sealed_keys": vault.seal(json.dumps(keys), column=KEYS),
            "created_at": now,
            "gone_at": None,
        },
    )
    _consent(contact, [Channel.PUSH], how=how, now=now)


def unsubscribe(contact: Contact, endpoint: str, *, now: datetime) -> None:
    """This browser shows nothing of the contact any more."""
    mine = Subscription.objects.filter(contact=contact, endpoint_hash=_hash(endpoint))
    mine.update(gone_at=now)


def withdraw(contact: Contact, channel: Channel, *, now: datetime) -> None:
    """Take back a consent; what waits for this channel is dropped when its turn comes."""
    given = Consent.objects.filter(contact=contact, channel=channel, withdrawn_at=None)
    given.update(withdrawn_at=now)


def stop(channel: Channel, address: str, *, now: datetime) -> None:
    """Whoever has this address wants nothing more through this channel."""
    _stop(channel, index_of(channel, address), now)


def start(channel: Channel, address: str) -> None:
    """They want it again."""
    Stop.objects.filter(channel=channel, address_index=index_of(channel, address)).delete()


def stop_link(contact: Contact, channel: Channel) -> str:
    """The page on which whoever got a message says that they want no more; for that address."""
    named = [contact.pk, int(channel), _index(contact, channel)]
    path = reverse("stop", args=[signing.dumps(named, salt=STOPS)])
    return f"{settings.PUBLIC_URL}{path}"


def stopping(signed: str) -> Stopping | None:
    """What such a link would stop; None for one that is not ours."""
    try:
        pk, number, index = signing.loads(signed, salt=STOPS)
    except signing.BadSignature:
        return None
    channel = Channel(number)
    contact = Contact.objects.filter(pk=pk).first()
    is_same = contact is not None and _index(contact, channel) == index
    address = _masked(contact, channel) if contact is not None and is_same else ""
    is_stopped = Stop.objects.filter(channel=channel, address_index=index).exists()
    return Stopping(channel, index, address, is_stopped)


def stop_by_link(found: Stopping, *, now: datetime) -> None:
    _stop(found.channel, found.address_index, now)


def start_by_link(found: Stopping) -> None:
    """Whoever holds the link has the address: they may also want it again."""
    Stop.objects.filter(channel=found.channel, address_index=found.address_index).delete()


def wants(contact: Contact, channel: Channel) -> bool:
    """Whether a channel may be used: consent stands, and its address did not say STOP."""
    return channel in wanted(contact)


def wanted(contact: Contact) -> set[Channel]:
    """The channels of a contact that may be used now."""
    given = Consent.objects.filter(contact=contact, withdrawn_at=None)
    wanted_ones = {Channel(each) for each in given.values_list("channel", flat=True)}
    return wanted_ones & reachable(contact)


def reachable(contact: Contact) -> set[Channel]:
    """The channels for which there is an address that did not say STOP, wanted or not."""
    addresses = {each: _index(contact, each) for each in Channel if each != Channel.INBOX}
    stops = Stop.objects.filter(address_index__in=[each for each in addresses.values() if each])
    stopped = {(row.channel, row.address_index) for row in stops}
    return {
        channel
        for channel, address in addresses.items()
        # The browsers of a contact are looked for when it is told something.
        if channel == Channel.PUSH or (address and (channel, address) not in stopped)
    }


def standing(contact: Contact | None) -> Standing:
    """What a contact has chosen, for its own page."""
    if contact is None:
        return Standing()
    can = reachable(contact)
    given = Consent.objects.filter(contact=contact, withdrawn_at=None)
    chosen = {Channel(each) for each in given.values_list("channel", flat=True)}
    stopped = {each for each in OUTSIDE if _index(contact, each) and each not in can}
    return Standing(
        phone=_masked(contact, BY_PHONE[0]),
        email=_masked(contact, Channel.EMAIL),
        wanted=frozenset(chosen & can),
        stopped=frozenset(stopped),
        browsers=contact.subscriptions.filter(gone_at=None).count(),
    )


def phone_of(contact: Contact) -> str:
    """The number as +628…, or nothing."""
    return vault.reveal(contact.sealed_phone, column=PHONE)


def email_of(contact: Contact) -> str:
    return vault.reveal(contact.sealed_email, column=EMAIL)


def index_of(channel: Channel, address: str) -> str:
    """The keyed index under which an address of a channel is known."""
    purpose = PHONE if channel in BY_PHONE else EMAIL
    return vault.blind_index(address, purpose=purpose)


def _index(contact: Contact, channel: Channel) -> str:
    if channel == Channel.PUSH:
        return ""
    return contact.phone_index if channel in BY_PHONE else contact.email_index


def _masked(contact: Contact, channel: Channel) -> str:
    """As much of an address as a screen may show; without its key dots, and the day goes on."""
    try:
        if channel in BY_PHONE:
            return identity.masked(phone_of(contact))
        return identity.masked_email(email_of(contact))
    except vault.Unreadable:
        return UNREADABLE


def _stop(channel: Channel, index: str, now: datetime) -> None:
    Stop.objects.get_or_create(channel=channel, address_index=index, defaults={"at": now})


def _sealed(reach: Reach) -> dict[str, str]:
    by_phone, by_mail = Channel.WHATSAPP, Channel.EMAIL
    return {
        "language": reach.language,
        "sealed_phone": vault.seal(reach.phone, column=PHONE),
        "phone_index": index_of(by_phone, reach.phone) if reach.phone else "",
        "sealed_email": vault.seal(reach.email, column=EMAIL),
        "email_index": index_of(by_mail, reach.email) if reach.email else "",
    }


def _consent(
    contact: Contact, channels: Iterable[Channel], *, how: Consent.How, now: datetime
) -> None:
    for channel in channels:
        given, is_new = Consent.objects.get_or_create(
            contact=contact, channel=channel, defaults={"how": how, "given_at": now}
        )
        if not is_new and given.withdrawn_at is not None:
            given.how, given.given_at, given.withdrawn_at = how, now, None
            given.save()


def _hash(endpoint: str) -> str:
    # A push service's own random address: nothing to guess.
    return hashlib.sha256(endpoint.encode()).hexdigest()
