"""What the portal told somebody, as their own page shows it: the newest first."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from agencies.models import Zone
from core import vault
from notifications import outbox, wording
from notifications.catalogue import KINDS
from notifications.models import Message
from notifications.states import Channel, State
from notifications.wording import Unsaid, Words

MOST = 30  # on one page
CARRIED_BY: dict[Channel, tuple[str | Promise, str]] = {
    Channel.PUSH: (gettext_lazy("Pemberitahuan"), "smartphone"),
    Channel.WHATSAPP: ("WhatsApp", "phone"),
    Channel.TEXT: ("SMS", "message-square-text"),
    Channel.EMAIL: (gettext_lazy("Surel"), "mail"),
}
BECAME: dict[State, str | Promise] = {
    State.WAITING: gettext_lazy("menunggu dikirim"),
    State.SENDING: gettext_lazy("sedang dikirim"),
    State.SENT: gettext_lazy("terkirim"),
    State.DELIVERED: gettext_lazy("sampai"),
    State.READ: gettext_lazy("dibaca"),
    State.DEAD: gettext_lazy("tidak sampai"),
    State.STALE: gettext_lazy("tidak jadi dikirim"),
}
# What does not open or is worded wrong is said plainly: the page goes on.
SPOILT = (KeyError, TypeError, ValueError, Unsaid, vault.Unreadable)
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Carried:
    """Through which other channel a message went, and what came of it."""

    name: str | Promise
    icon: str
    became: str | Promise
    tone: str


@dataclass(frozen=True)
class Told:
    """One message as its reader sees it."""

    title: str
    text: str
    at: datetime
    zone: ZoneInfo
    carried: tuple[Carried, ...]


def told(contact_id: int | None, *, now: datetime) -> list[Told]:
    """What a contact was told by now, in the language of the page."""
    if contact_id is None:
        return []
    mine = Message.objects.shown_to(contact_id, now=now).select_related("mall__region")
    shown = list(mine[:MOST])
    if not shown:
        return []
    words, carried = _words(shown), _carried(contact_id, shown)
    return [
        Told(
            *_said(message, words),
            at=message.due_at,
            zone=message.mall.zone if message.mall else ZoneInfo(Zone.WIB),
            carried=tuple(carried.get(_about(message), ())),
        )
        for message in shown
    ]


def unread(contact_id: int | None, *, since: datetime, now: datetime) -> int:
    """How much a contact was told after a moment."""
    if contact_id is None:
        return 0
    return Message.objects.shown_to(contact_id, now=now).filter(due_at__gt=since).count()


def _words(shown: Sequence[Message]) -> dict[tuple[int | None, str], Words]:
    """How each mall says what it said."""
    language = get_language() or "id"
    kinds: dict[int | None, set[str]] = {}
    for message in shown:
        if message.kind in KINDS:
            kinds.setdefault(message.mall_id, set()).add(message.kind)
    return {
        (mall_id, kind): found
        for mall_id, wanted in kinds.items()
        for kind, found in wording.several(wanted, mall_id=mall_id, language=language).items()
    }


def _said(message: Message, words: dict[tuple[int | None, str], Words]) -> tuple[str, str]:
    try:
        said, values = words[message.mall_id, message.kind], dict(outbox.values_of(message))
        return wording.filled(said.subject, values), wording.filled(said.body, values)
    except SPOILT as error:
        log.error("message %s is not shown: %s", message.pk, type(error).__name__)
        title = words[message.mall_id, message.kind].subject if message.kind in KINDS else ""
        return (
            title if title and not wording.NAME.search(title) else _("Kabar dari portal"),
            _("Isi kabar ini tidak dapat ditampilkan. Keadaan terakhir ada di halaman ini."),
        )


def _carried(contact_id: int, shown: Sequence[Message]) -> dict[tuple[str, str], list[Carried]]:
    """What went out for the same events, in the order in which it was tried."""
    events = {message.event for message in shown}
    rows = Message.objects.filter(contact=contact_id, event__in=events, channel__in=CARRIED_BY)
    found: dict[tuple[str, str], list[Carried]] = {}
    for row in rows.exclude(state=State.WITHDRAWN).order_by("pk"):
        state, (name, icon) = State(row.state), CARRIED_BY[Channel(row.channel)]
        tone = "warn" if state in {State.DEAD, State.STALE} else ""
        said = Carried(name, icon, BECAME[state], tone)
        found.setdefault(_about(row), []).append(said)
    return found


def _about(message: Message) -> tuple[str, str]:
    return message.event, message.kind
