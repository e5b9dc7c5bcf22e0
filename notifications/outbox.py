"""Telling somebody something: a row written in the transaction of what happened.

The row is the truth. After the commit a worker is poked with its id; when the poke is lost, the
sweeper finds the row. The same event is told to the same person through the same channel once.
"""

import json
import logging
from collections.abc import Iterable, Mapping
from datetime import datetime

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from accounts.models import User
from core import vault
from hall import record
from notifications import contacts, providers
from notifications.catalogue import KINDS, Kind
from notifications.models import Contact, Message, Messaging
from notifications.models.channels import usual_order
from notifications.states import FREE, OUTSIDE, QUEUES, Channel, Lane, State

CONTEXT = "message.context"
DELIVER = "notifications.tasks.deliver"
POKED_FOR = 30  # seconds; after that the sweeper has found the row anyway
log = logging.getLogger(__name__)


def send(
    contact_id: int,
    kind: str,
    *,
    event: str,
    values: Mapping[str, str],
    now: datetime,
    mall_id: int | None = None,
    due_at: datetime | None = None,
    not_after: datetime | None = None,
) -> int:
    """Tell a contact of an event, now or from `due_at` on; return how many channels will.

    Must be called in the transaction of the event. A copy of the same event changes nothing. What
    is not sent by `not_after` is never sent. Raises KeyError for an unknown kind.
    """
    about, due = KINDS[kind], due_at or now
    contact = Contact.objects.get(pk=contact_id)
    told = Message(
        mall_id=mall_id or contact.mall_id,
        contact=contact,
        event=event,
        kind=kind,
        lane=about.lane,
        sealed_context=vault.seal(json.dumps(dict(values)), column=CONTEXT),
        created_at=now,
        due_at=due,
        not_after=not_after or due + about.lasts,
    )
    rows = [_through(told, channel) for channel in _channels(contact, about, told.mall_id)]
    Message.objects.bulk_create(rows, ignore_conflicts=True)
    if due <= now:
        _poke(event, contact_id, about.lane)
    return len(rows)


def withdraw(contact_id: int, events: Iterable[str], *, now: datetime, reason: str) -> int:
    """What these events wanted to say is no longer so: drop what has not been sent.

    Also from the page of the contact, where its moment has not come. Returns how much.
    """
    mine = Message.objects.filter(contact=contact_id, event__in=list(events))
    dropped = {"state": State.WITHDRAWN, "ended_at": now, "reason": reason}
    coming = mine.filter(channel=Channel.INBOX, due_at__gt=now).exclude(state=State.WITHDRAWN)
    waiting = mine.filter(state__in=[State.WAITING, State.SENDING])
    # Also what went out: a report that it failed, or somebody's retry, must not bring it back.
    mine.filter(withdrawn_at=None).update(withdrawn_at=now)
    return coming.update(**dropped) + waiting.update(leased_until=None, lease="", **dropped)


def fall_back(message: Message, *, now: datetime) -> None:
    """A channel failed: try the next one of the mall, as long as it is worth saying."""
    channel = next_channel(message, now=now)
    if channel is None:
        return
    again = _through(message, channel)
    again.created_at = again.due_at = now
    Message.objects.bulk_create([again], ignore_conflicts=True)
    _poke(message.event, message.contact_id, Lane(message.lane))


def next_channel(message: Message, *, now: datetime) -> Channel | None:
    """What else could carry it, if anything could: the first channel not tried yet."""
    about = KINDS.get(message.kind)
    if about is None or message.channel not in OUTSIDE or message.not_after <= now:
        return None
    if message.withdrawn_at is not None:
        return None
    tried = set(
        Message.objects.filter(
            event=message.event, contact=message.contact_id, kind=message.kind
        ).values_list("channel", flat=True)
    )
    outside = _outside(message.contact, about, message.mall_id)
    return next((channel for channel in outside if channel not in tried), None)


def retry(message: Message, *, by: User, now: datetime) -> bool:
    """Try a dead message once more from the beginning; False when it is too late for that."""
    dead = Message.objects.dead().filter(pk=message.pk, not_after__gt=now, withdrawn_at=None)
    again = {"state": State.WAITING, "due_at": now, "attempts": 0, "ended_at": None}
    with transaction.atomic():
        if not dead.update(**again):
            return False
        if message.mall_id is not None:
            record.write("message.retried", message.pk, mall_id=message.mall_id, by=by, now=now)
        _poke(message.event, message.contact_id, Lane(message.lane))
    return True


def values_of(message: Message) -> dict[str, str]:
    """What a message names. Raises Unreadable without the key."""
    found: dict[str, str] = json.loads(vault.reveal(message.sealed_context, column=CONTEXT))
    return found


def poke(message_id: int, lane: Lane) -> bool:
    """Ask a worker to send a message soon; a dead broker costs nothing but that."""
    try:
        current_app.send_task(
            DELIVER, [message_id], queue=QUEUES[lane], retry=False, expires=POKED_FOR
        )
    except (OperationalError, OSError) as error:
        log.warning("nobody poked, the sweeper will come by: %s", type(error).__name__)
        return False
    return True


def _through(told: Message, channel: Channel) -> Message:
    """The same words to the same person through one channel, at the beginning of its life."""
    # The page needs nobody to carry it there.
    is_there = channel == Channel.INBOX
    return Message(
        mall_id=told.mall_id,
        contact=told.contact,
        event=told.event,
        kind=told.kind,
        channel=channel,
        lane=told.lane,
        state=State.SENT if is_there else State.WAITING,
        sealed_context=told.sealed_context,
        created_at=told.created_at,
        due_at=told.due_at,
        ended_at=told.due_at if is_there else None,
        not_after=told.not_after,
    )


def _poke(event: str, contact_id: int, lane: Lane) -> None:
    """After the commit, for every message of an event that waits for a worker."""

    def run() -> None:
        waiting = Message.objects.waiting().filter(event=event, contact=contact_id)
        for pk in waiting.values_list("pk", flat=True):
            if not poke(pk, lane):
                return  # who waits for the page waits for a broker that hangs once only

    transaction.on_commit(run, robust=True)


def _channels(contact: Contact, about: Kind, mall_id: int | None) -> list[Channel]:
    """The page always, the browsers where there are any, and the first of the mall's channels."""
    free = [channel for channel in FREE if channel in about.channels]
    if Channel.PUSH in free and not contact.subscriptions.filter(gone_at=None).exists():
        free.remove(Channel.PUSH)
    return [*free, *_outside(contact, about, mall_id)[:1]]


def _outside(contact: Contact, about: Kind, mall_id: int | None) -> list[Channel]:
    """The channels that could carry it, in the mall's order."""
    if mall_id is None:
        return []
    wanted = contacts.wanted(contact)
    if about.lane == Lane.CODES:
        # Who types a number asks for its code; the consent is for everything after it.
        wanted |= contacts.reachable(contact)
    usable = wanted & providers.on(mall_id) & set(about.channels)
    arranged = Messaging.objects.filter(mall=mall_id).values_list("order", flat=True).first()
    order = arranged or usual_order()
    return [Channel(each) for each in order if each in usable]
