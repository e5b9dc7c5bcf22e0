"""A message that an officer sends from a phone: for malls without a provider, or when it is down.

The portal writes down that somebody opened it, never to whom or what it says.
"""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from agencies.models import Mall
from core import vault
from core.errors import Refused
from hall import record
from notifications import contacts, outbox, providers, wording
from notifications.models import Consent, Contact, Message
from notifications.states import ARRIVED, BY_PHONE, Channel, Lane, State

# What a provider or the person has already is not said twice; the page alone disturbs nobody.
OPEN = (State.WAITING, State.DEAD)


class NotByHand(Refused):
    code = "not_by_hand"


@dataclass(frozen=True)
class Letter:
    """Everything the officer's phone needs."""

    phone: str
    text: str

    @property
    def link(self) -> str:
        return f"https://wa.me/{self.phone.lstrip('+')}?text={quote(self.text, safe='')}"


def hand_out(message: Message, mall: Mall, *, by: User, now: datetime) -> Letter:
    """The number and the words for WhatsApp; that somebody asked for them is recorded.

    Raises NotByHand for a code, for what is sent already or too late, and for whoever said no
    or was never asked.
    """
    if why := complaint(message, now=now):
        raise NotByHand(why)
    letter = _letter(message)
    with transaction.atomic():
        record.write("message.by_hand", message.pk, mall_id=mall.pk, by=by, now=now)
    return letter


def complaint(message: Message, *, now: datetime) -> str:
    """Why a message is not sent by hand; nothing where it may be."""
    if message.lane == Lane.CODES:
        return _("Kode sekali pakai tidak pernah dikirim lewat petugas.")
    is_page = message.channel == Channel.INBOX and message.state == State.SENT
    if not is_page and message.state not in OPEN:
        return _("Pesan ini sudah diterima penyedia, ditarik, atau kedaluwarsa.")
    if message.due_at > now and not message.attempts and not message.reason:
        return _("Belum waktunya: pesan ini baru dikirim nanti.")
    if message.withdrawn_at is not None or message.not_after <= now:
        return _("Waktunya sudah lewat: isi pesan ini mungkin tidak benar lagi.")
    if _is_there(message):
        return _("Kabar ini sudah sampai di ponselnya lewat WhatsApp atau SMS.")
    return _unwilling(message.contact)


def _is_there(message: Message) -> bool:
    """Whether the same has arrived on this person's phone already."""
    same = Message.objects.filter(
        event=message.event, contact=message.contact_id, kind=message.kind
    )
    return same.filter(channel__in=BY_PHONE, state__in=ARRIVED).exists()


def _unwilling(contact: Contact) -> str:
    """Why nobody writes to this person's phone; nothing where somebody may."""
    if Channel.WHATSAPP not in contacts.reachable(contact):
        return _("Tidak ada nomor ponsel, atau pemiliknya meminta berhenti dikirimi pesan.")
    said = Consent.objects.filter(contact=contact, channel__in=BY_PHONE)
    is_over = dict(said.values_list("channel", "withdrawn_at"))
    if is_over.get(Channel.WHATSAPP):
        return _("Orang ini sudah menarik persetujuannya untuk WhatsApp.")
    # Where the mall sends to no phone by itself, nobody was asked: what they wait for may be said.
    was_asked = bool(is_over or providers.on(contact.mall_id or 0) & set(BY_PHONE))
    if was_asked and None not in is_over.values():
        return _("Orang ini tidak menyetujui kabar lewat ponsel.")
    return ""


def _letter(message: Message) -> Letter:
    language = message.contact.language
    try:
        words = wording.of(message.kind, mall_id=message.mall_id, language=language)
        body = wording.filled(words.body, outbox.values_of(message))
        phone = contacts.phone_of(message.contact)
    except (KeyError, ValueError, wording.Unsaid, vault.Unreadable) as spoilt:
        raise NotByHand(_("Isi pesan ini rusak atau tidak dapat dibuka.")) from spoilt
    # Without the line about STOP: nothing reads an answer to an officer's own phone.
    return Letter(phone, wording.closed(body, Channel.INBOX, language))
