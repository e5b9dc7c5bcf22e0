"""From a row of the outbox to what a channel sends: whose words, to which address."""

import json
from dataclasses import replace

from core import vault
from notifications import contacts, outbox, wording
from notifications.catalogue import KINDS
from notifications.channels import Outgoing, Template
from notifications.contacts import ENDPOINT, KEYS
from notifications.models import Message, Messaging, Subscription
from notifications.states import BY_PHONE, Channel

BROWSERS = 3  # of one contact; the newest


def ready(message: Message, *, seconds_left: int) -> list[tuple[Outgoing, int | None]]:
    """What goes out for a message, with the browser's subscription if it is one.

    Raises KeyError, Unsaid or Unreadable when the row is spoilt: then trying again is no use.
    """
    contact = message.contact
    words = wording.of(message.kind, mall_id=message.mall_id, language=contact.language)
    values = outbox.values_of(message)
    body = wording.filled(words.body, values)
    channel, link = Channel(message.channel), _link(message, values)
    closed = wording.closed(body, channel, contact.language, stop_link=link)
    is_push = channel == Channel.PUSH
    outgoing = Outgoing(
        key=f"mpp-{message.pk}",
        to="",
        subject=wording.filled(words.subject, values),
        body=body if is_push else closed,
        language=contact.language,
        sender_name=_sender(message.mall_id),
        url=link,
        template=_template(message.kind, words, values),
        seconds_left=seconds_left,
    )
    if is_push:
        return [(replace(outgoing, to=to), pk) for pk, to in _browsers(message.contact_id)]
    to = contacts.phone_of(contact) if channel in BY_PHONE else contacts.email_of(contact)
    return [(replace(outgoing, to=to), None)]


def is_quiet(message: Message) -> bool:
    """Whether this kind waits for the morning. Raises KeyError for a kind that is no more."""
    return KINDS[message.kind].is_quiet


def _template(kind: str, words: wording.Words, values: dict[str, str]) -> Template | None:
    """The values of the numbered variables in the order in which the wording names them."""
    if not words.template_name:
        return None
    if kind == "code":
        # WhatsApp has a form of its own for these: the digits alone, and a button that copies them.
        return Template(words.template_name, (values["angka"],), button=values["angka"])
    numbered = (wording.filled(f"{{{name}}}", values) for name in words.names())
    return Template(words.template_name, tuple(numbered))


def _link(message: Message, values: dict[str, str]) -> str:
    """Where a tap leads; in an e-mail, where one says that one wants no more."""
    if message.channel == Channel.EMAIL:
        return contacts.stop_link(message.contact, Channel.EMAIL)
    return values.get("tautan", "")


def _browsers(contact_id: int) -> list[tuple[int, str]]:
    rows = Subscription.objects.filter(contact=contact_id, gone_at=None).order_by("-created_at")
    return [(row.pk, _told(row)) for row in rows[:BROWSERS]]


def _told(row: Subscription) -> str:
    endpoint = vault.reveal(row.sealed_endpoint, column=ENDPOINT)
    keys = json.loads(vault.reveal(row.sealed_keys, column=KEYS))
    return json.dumps({"endpoint": endpoint, "keys": keys})


def _sender(mall_id: int | None) -> str:
    found = Messaging.objects.filter(mall=mall_id).values_list("sender_name", flat=True)
    return found.first() or ""
