"""What providers report: kept first, then applied to the message it is about.

A report may come twice, late, in any order, or before we have written down that the provider took
the message. So it is written and committed before the message is looked for, and whoever writes
down a reference looks for reports of it afterwards: one of the two finds the other.
"""

import io
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError

from core import identity
from core.errors import Refused
from core.parsers import StrictParser
from notifications import contacts, outbox, providers
from notifications.channels.answers import LONGEST, line_of
from notifications.channels.registry import JUDGES, READERS
from notifications.channels.reports import Letter, Report, Wish, Word
from notifications.models import Message, Provider, Receipt
from notifications.states import MOVES, Channel, Move, State

# By which move a message follows a report, in the order in which they are tried.
FOLLOWS = {State.DELIVERED: Move.DELIVER, State.READ: Move.READ, State.DEAD: Move.FAIL}


class Forged(Refused):
    code = "forged"
    status = 401
    leads_back = False


class Garbled(Refused):
    code = "garbled"
    status = 400
    leads_back = False


def read(provider: Provider, letter: Letter) -> Report:
    """What a provider reports, once its signature is proven. Raises Forged and Garbled."""
    channel = Channel(provider.channel)
    judge = JUDGES.get(channel)
    secrets = providers.secrets_of(provider)
    if judge is None or not judge(letter, provider.settings, secrets):
        raise Forged(_("Tanda tangan kabar ini tidak cocok."))
    return READERS[channel](_parsed(letter.body), provider.settings)


def take(provider: Provider, report: Report, *, now: datetime) -> None:
    """Keep what is new in a report and apply it; a copy of it changes nothing."""
    for word in report.words:
        reference = _keep(provider, word, now=now)
        messages = Message.objects.filter(
            mall=provider.mall_id, channel=provider.channel, reference=reference
        )
        # Where a gateway counts from the start again, it speaks of the newest.
        message = messages.order_by("-pk").first() if reference else None
        if message is not None:
            _apply(message, provider, now=now)
    for wish in report.wishes:
        _grant(provider, wish, now=now)


def catch_up(message: Message, provider: Provider, *, now: datetime | None = None) -> None:
    """Apply what was reported before the reference of a message was written down."""
    fresh = Message.objects.get(pk=message.pk)
    if fresh.reference:
        _apply(fresh, provider, now=now or fresh.ended_at or fresh.created_at)


def _parsed(body: bytes) -> Any:
    try:
        return StrictParser().parse(io.BytesIO(body))
    except ParseError as error:
        raise Garbled(_("Isi permintaan bukan JSON yang sah.")) from error


def _keep(provider: Provider, word: Word, *, now: datetime) -> str:
    """Committed by itself, before anybody looks for the message; returns the reference."""
    receipt = Receipt(
        provider=provider,
        reference=line_of(word.reference),
        state=word.state,
        at=now,
        answer=word.text[:LONGEST],
    )
    if receipt.reference:
        Receipt.objects.bulk_create([receipt], ignore_conflicts=True)
    return receipt.reference


def _apply(message: Message, provider: Provider, *, now: datetime) -> None:
    """Move a message along with everything that is known of it; each move happens once."""
    known = Receipt.objects.filter(provider=provider, reference=message.reference)
    said = {receipt.state: receipt.answer for receipt in known}
    for state, move in FOLLOWS.items():
        if state in said:
            _move(message, move, said[state], now=now)


@transaction.atomic
def _move(message: Message, move: Move, text: str, *, now: datetime) -> None:
    step = MOVES[move]
    # The state in the database decides: an older word finds its row gone on.
    mine = Message.objects.filter(
        pk=message.pk, reference=message.reference, state__in=step.origins
    )
    if move != Move.FAIL:
        mine.update(state=step.target)
        return
    reason = text or _("Gagal menurut penyedia.")
    if mine.update(state=step.target, ended_at=now, reason=reason):
        outbox.fall_back(Message.objects.get(pk=message.pk), now=now)


@transaction.atomic
def _grant(provider: Provider, wish: Wish, *, now: datetime) -> None:
    """Stop or start for whoever wrote; a copy of an older wish does not undo a newer one."""
    sender = identity.phone(wish.sender)
    if sender is None or not _is_new(provider, wish, now):
        return
    channel = Channel(provider.channel)
    if wish.is_stop:
        contacts.stop(channel, sender, now=now)
    else:
        contacts.start(channel, sender)


def _is_new(provider: Provider, wish: Wish, now: datetime) -> bool:
    """Whether this was not heard before; without a reference there is no telling."""
    reference = line_of(wish.reference)
    if not reference:
        return True
    # Nothing of ours has this reference, so that no message follows.
    heard = {"provider": provider, "reference": f"in:{reference}"[:LONGEST], "state": State.READ}
    return Receipt.objects.get_or_create(**heard, defaults={"at": now})[1]
