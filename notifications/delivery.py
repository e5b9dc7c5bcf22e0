"""Sending what waits: claim a row, try its channel, write down what came of it.

A claim is a lease. A worker that is killed loses nothing: its rows are free again after forty
seconds. Nothing is sent after its `not_after`; after eight tries a row is dead, with a reason.
"""

import logging
import random
import time
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from agencies import opening
from agencies.models import Zone
from core import sql, vault
from notifications import addressing, budget, contacts, outbox, providers, receipts, wording
from notifications.channels import Answer, Outcome, Outgoing
from notifications.channels.answers import LONGEST
from notifications.channels.push import GONE
from notifications.channels.registry import SENDERS
from notifications.models import Attempt, Message, Messaging, Provider, Subscription
from notifications.states import (
    BRIEF,
    LEASE,
    MOVES,
    OUTSIDE,
    PATIENT,
    QUICK,
    TIMEOUT,
    TRIES,
    Channel,
    Lane,
    Move,
    State,
)

# Named apart, what is due is looked up once: inside the condition PostgreSQL may ask for it again
# for each row that it updates, and take more than LIMIT. The zero keeps it from reading everything
# that waits. A provider that has just failed is asked by one worker at a time, the others go on.
CLAIM = """
    WITH due AS (
        SELECT waiting.id FROM notifications_message AS waiting
        WHERE waiting.state = 1 AND waiting.due_at <= %(now)s AND waiting.not_after > %(now)s{which}
            AND 0 = (
                SELECT COUNT(*) FROM notifications_provider AS provider
                WHERE provider.mall_id = waiting.mall_id AND provider.channel = waiting.channel
                    AND (provider.paused_until > %(now)s OR provider.failures > 0 AND EXISTS (
                        SELECT 1 FROM notifications_message AS asked
                        WHERE asked.state = 2 AND asked.mall_id = provider.mall_id
                            AND asked.channel = provider.channel)))
        ORDER BY waiting.due_at, waiting.id LIMIT %(most)s{skip})
    UPDATE notifications_message SET state = 2, lease = %(lease)s, leased_until = %(until)s,
        attempts = attempts + 1
    WHERE state = 1 AND id IN (SELECT id FROM due)
    RETURNING id"""
OF_LANE, THIS_ONE = " AND waiting.lane = %(lane)s", " AND waiting.id = %(id)s"
SKIP = " FOR UPDATE OF waiting SKIP LOCKED"
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Claimed:
    """A row that this worker alone may send until its lease ends."""

    id: int
    lease: str


def claim(
    *, now: datetime, lane: Lane | None = None, message_id: int | None = None, most: int = 1
) -> list[Claimed]:
    """Take what is due, of one lane or one row, the longest due first.

    One at a time unless told otherwise: behind a row whose provider hangs another's would wait.
    """
    lease = uuid.uuid4().hex
    skip = SKIP if connection.features.has_select_for_update_skip_locked else ""
    which = (OF_LANE if lane else "") + (THIS_ONE if message_id else "")
    found = sql.rows(
        CLAIM.format(which=which, skip=skip),
        now=now,
        until=now + LEASE,
        lease=lease,
        lane=lane,
        id=message_id,
        most=most,
    )
    return [Claimed(pk, lease) for (pk,) in sorted(found)]


def send(claimed: Claimed, *, now: datetime) -> None:
    """Try a claimed row once. Whatever is wrong with it, the next row is not held up."""
    mine = Message.objects.filter(pk=claimed.id, lease=claimed.lease, state=State.SENDING)
    message = mine.select_related("contact", "mall__region").first()
    if message is None:
        return  # withdrawn meanwhile, or the lease ended and somebody else has it
    try:
        _try(message, now=now)
    except vault.Unreadable:
        # Perhaps only this worker lacks the key that sealed it: dead after its tries, not at once.
        log.error("message %s does not open", message.pk)
        _after(message, Answer(Outcome.FAILED, _("Isi pesan tidak terbaca.")), Decimal(0), now=now)
    except (KeyError, ValueError, wording.Unsaid) as spoilt:
        _give_up(message, _("Isi pesan ini rusak: %s.") % type(spoilt).__name__, now=now)
    except Exception as bug:  # the one row that nobody foresaw must not stop the others
        log.exception("message %s", message.pk)
        _after(message, Answer(Outcome.FAILED, type(bug).__name__), Decimal(0), now=now)


def tidy(*, now: datetime) -> int:
    """Free the rows of workers that died, and end what is no longer worth sending."""
    over = Message.objects.filter(state=State.SENDING, leased_until__lte=now)
    for message in over.filter(attempts__gte=TRIES).select_related("contact"):
        _give_up(message, _("Tidak selesai dikirim dalam %s percobaan.") % TRIES, now=now)
    freed = over.update(state=State.WAITING, due_at=now, leased_until=None, lease="")
    late = Message.objects.waiting().filter(not_after__lte=now)
    late.filter(reason="").update(reason=_("Waktunya sudah lewat."))
    return freed + late.update(**_to(Move.EXPIRE, now))


def due_lanes(*, now: datetime) -> list[Lane]:
    """The lanes in which something is due."""
    return [
        lane
        for lane in Lane
        if Message.objects.waiting().filter(lane=lane, due_at__lte=now).exists()
    ]


def _try(message: Message, *, now: datetime) -> None:
    """Everything that may stop a message first, then the channel, and what it answered."""
    channel = Channel(message.channel)
    if message.not_after <= now:
        _finish(message, **_to(Move.EXPIRE, now), reason=_("Waktunya sudah lewat."))
        return
    if message.lane != Lane.CODES and not contacts.wants(message.contact, channel):
        _finish(message, **_to(Move.WITHDRAW, now), reason=_("Penerima berhenti berlangganan."))
        return
    later = _quiet_until(message, now)
    if later is not None:
        _postpone(message, later, _("Menunggu akhir jam tenang."))
        return
    provider = _provider(message, channel)
    if provider is None and channel != Channel.PUSH:
        _give_up(message, _("Saluran ini tidak dipakai di mal."), now=now)
        return
    seconds_left = int((message.not_after - now).total_seconds())
    # Before anything is spent: a spoilt row costs nothing.
    letters = addressing.ready(message, seconds_left=seconds_left)
    cost = provider.price if provider else Decimal(0)
    if not _is_affordable(message, cost, now):
        _wait_for_money(message, now)
        return
    _after(message, _sent(channel, provider, letters, now=now), cost, now=now, provider=provider)


def _sent(
    channel: Channel,
    provider: Provider | None,
    letters: list[tuple[Outgoing, int | None]],
    *,
    now: datetime,
) -> Answer:
    """What the channel answers; of several browsers all are told, and one that took it counts."""
    best = Answer(Outcome.REFUSED, _("Tidak ada peranti yang dapat diberi tahu."))
    try:
        secrets = providers.secrets_of(provider) if provider else {}
    except vault.Unreadable:
        # Not the message is spoilt but the portal's own key is missing: somebody will bring it.
        return Answer(Outcome.FAILED, _("Kunci penyedia tidak terbaca."), is_down=True)
    until = time.monotonic() + TIMEOUT.total_seconds()
    for outgoing, subscription_id in letters:
        if time.monotonic() >= until:
            break  # a browser that does not answer has used the time of the others, and ours
        answer = SENDERS[channel](outgoing, provider.settings if provider else {}, secrets)
        if subscription_id is not None and answer.text == GONE:
            Subscription.objects.filter(pk=subscription_id).update(gone_at=now)
        if best.outcome != Outcome.ACCEPTED:
            best = answer
    return best


def _wait_for_money(message: Message, now: datetime) -> None:
    """Another channel may be cheaper; else until tomorrow, if it is still worth it then."""
    reason, until = _("Anggaran hari ini habis."), budget.next_day(now, _zone(message))
    # Money comes at midnight, when nobody wants to hear of it.
    until = _night_over(message, until) or until
    if until < message.not_after and outbox.next_channel(message, now=now) is None:
        _postpone(message, until, reason)
    else:
        _give_up(message, reason, now=now)


def _after(
    message: Message,
    answer: Answer,
    cost: Decimal,
    *,
    now: datetime,
    provider: Provider | None = None,
) -> None:
    """Write down a try and what follows from it."""
    is_taken = answer.outcome == Outcome.ACCEPTED or answer.is_unsure
    if not is_taken and message.mall_id is not None:
        budget.refund(message.mall_id, cost, on=_today(message, now))
        cost = Decimal(0)
    Attempt.objects.create(
        message=message, at=now, outcome=answer.outcome, answer=answer.text[:LONGEST], cost=cost
    )
    if provider is not None:
        _judge(provider, answer, now=now)
    message.cost += cost
    if answer.outcome == Outcome.ACCEPTED:
        message.reference = answer.reference[:LONGEST]
        told = {"reference": message.reference, "reason": "", "cost": message.cost}
        if _finish(message, **_to(Move.ACCEPT, now), **told) and provider and message.reference:
            receipts.catch_up(message, provider)
    elif answer.outcome == Outcome.REFUSED or _is_worn(message, answer, now):
        _give_up(message, answer.text or _("Ditolak penyedia."), now=now)
    else:
        wait, counts = _back_off(message), message.attempts < TRIES
        _postpone(message, now + wait, answer.text, counts=counts)


def _is_worn(message: Message, answer: Answer, now: datetime) -> bool:
    """Whether it was tried often enough; not for the fault of the only provider there is.

    What was handed over without an answer may have arrived: that is never repeated for ever. What
    is in a hurry goes by another channel at once when this one's provider is down.
    """
    if answer.is_down and not answer.is_unsure and message.channel in OUTSIDE:
        if message.attempts < TRIES and not _is_brief(message):
            return False
        return outbox.next_channel(message, now=now) is not None
    return message.attempts >= TRIES


def _judge(provider: Provider, answer: Answer, *, now: datetime) -> None:
    if answer.is_down:
        providers.failed(provider, now=now)
    else:
        providers.worked(provider)


def _back_off(message: Message) -> timedelta:
    """Longer from try to try, and not for all at the same moment."""
    waits = QUICK if _is_brief(message) else PATIENT
    seconds = waits[min(message.attempts, len(waits)) - 1]
    return timedelta(seconds=seconds * random.uniform(0.8, 1.2))  # noqa: S311 - no secret


def _is_brief(message: Message) -> bool:
    return message.not_after - message.created_at <= BRIEF


def _give_up(message: Message, reason: str, *, now: datetime) -> None:
    """The end of this channel; the next one is tried."""
    # Together: a worker that dies between the two would leave nobody to try the next one.
    with transaction.atomic():
        if _finish(message, **_to(Move.GIVE_UP, now), reason=reason[:LONGEST]):
            outbox.fall_back(message, now=now)


def _postpone(message: Message, until: datetime, reason: str, *, counts: bool = False) -> None:
    """Back to those who wait; only a try that was made counts as one."""
    tries = message.attempts if counts else F("attempts") - 1
    again = {"state": State.WAITING, "due_at": until, "attempts": tries, "cost": message.cost}
    _finish(message, **again, leased_until=None, lease="", reason=reason[:LONGEST])


def _finish(message: Message, **changes: Any) -> bool:
    """Write, as long as the row is still ours: a worker that was slow changes nothing."""
    mine = Message.objects.filter(pk=message.pk, state=State.SENDING, lease=message.lease)
    return bool(mine.update(**changes))


def _to(move: Move, now: datetime) -> dict[str, Any]:
    """The end of a life by a move of the table."""
    return {"state": MOVES[move].target, "ended_at": now, "leased_until": None, "lease": ""}


def _quiet_until(message: Message, now: datetime) -> datetime | None:
    return _night_over(message, now) if addressing.is_quiet(message) else None


def _night_over(message: Message, now: datetime) -> datetime | None:
    """When the mall's quiet hours end in which a moment lies; None outside them."""
    arranged = Messaging.objects.filter(mall=message.mall_id).first() or Messaging()
    return budget.quiet_until(now, _zone(message), arranged.quiet_from, arranged.quiet_until)


def _provider(message: Message, channel: Channel) -> Provider | None:
    return providers.of(message.mall_id, channel) if message.mall_id else None


def _is_affordable(message: Message, cost: Decimal, now: datetime) -> bool:
    if message.mall_id is None:
        return True
    lane = Lane(message.lane)
    return budget.reserve(message.mall_id, cost, lane=lane, on=_today(message, now))


def _zone(message: Message) -> ZoneInfo:
    return message.mall.zone if message.mall else ZoneInfo(Zone.WIB)


def _today(message: Message, now: datetime) -> date:
    """The day on which a message is counted: the mall's own."""
    return opening.local_date(now, _zone(message))
