"""What became of a mall's messages, for those who look after them. Reads only.

Whoever got a message is shown by first letters and last digits, and no code or private link
is ever shown.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.models import Mall, Zone
from core import identity, vault
from notifications import contacts, outbox, wording
from notifications.catalogue import KINDS
from notifications.models import Attempt, Contact, Message, Receipt, Wording
from notifications.states import BY_PHONE, Channel, State

PAGE = 50
LATEST = 100  # of one contact; nobody was ever told more of one matter
UNREADABLE = "•••"
CHANNEL_ICONS = {
    Channel.INBOX: "inbox",
    Channel.PUSH: "bell",
    Channel.WHATSAPP: "message-square-text",
    Channel.TEXT: "smartphone",
    Channel.EMAIL: "mail",
}
STATE_ICONS = {
    State.WAITING: ("clock", ""),
    State.SENDING: ("loader-circle", "info"),
    State.SENT: ("check", "info"),
    State.DELIVERED: ("circle-check", "pos"),
    State.READ: ("eye", "pos"),
    State.DEAD: ("circle-x", "neg"),
    State.STALE: ("hourglass", "warn"),
    State.WITHDRAWN: ("undo-2", ""),
}
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Wanted:
    """Which messages of a mall a page is asked for; nothing set is everything sent outside."""

    state: State | None = None
    channel: Channel | None = None
    kind: str = ""
    day: date | None = None
    contact_id: int | None = None
    with_pages: bool = False  # also what only stands on the person's own page


@dataclass(frozen=True)
class Line:
    """One message in a log."""

    message: Message
    zone: ZoneInfo
    to: str
    answer: str

    @property
    def on(self) -> date:
        return self.message.created_at.astimezone(self.zone).date()

    @property
    def begins_on(self) -> date | None:
        """The day from which it is told, where that was or is still to come."""
        is_later = self._is_page and self.message.due_at > self.message.created_at
        due = self.message.due_at.astimezone(self.zone).date()
        return due if self.is_waiting or is_later else None

    @property
    def kind(self) -> str:
        return title_of(self.message.kind)

    @property
    def channel_icon(self) -> str:
        return CHANNEL_ICONS[Channel(self.message.channel)]

    @property
    def icon(self) -> str:
        return "inbox" if self._is_page else STATE_ICONS[State(self.message.state)][0]

    @property
    def tone(self) -> str:
        return "" if self._is_page else STATE_ICONS[State(self.message.state)][1]

    @property
    def state(self) -> str | Promise:
        return _("Di halaman pemohon") if self._is_page else State(self.message.state).label

    @property
    def is_waiting(self) -> bool:
        return self.message.state == State.WAITING

    @property
    def _is_page(self) -> bool:
        """The page of the person carries it: no provider ever says more of it."""
        return self.message.channel == Channel.INBOX and self.message.state == State.SENT


@dataclass(frozen=True)
class Page:
    """Some lines of a log, the newest first, and after which message the older ones begin."""

    lines: list[Line]
    older: int | None


@dataclass(frozen=True)
class Step:
    """A try or a word of the provider, in the life of one message."""

    at: datetime
    icon: str
    tone: str
    what: str | Promise
    answer: str
    cost: Decimal | None


@dataclass(frozen=True)
class Said:
    """A message in words; `is_reworded` when its wording was changed after it went out."""

    subject: str
    body: str
    is_reworded: bool


def page(mall: Mall, wanted: Wanted, *, before: int | None = None) -> Page:
    """A page of a mall's log."""
    rows = _matching(mall, wanted)
    edge = Message.objects.filter(mall=mall, pk=before).first() if before else None
    if edge is not None:
        older = Q(created_at__lt=edge.created_at) | Q(created_at=edge.created_at, pk__lt=edge.pk)
        rows = rows.filter(older, created_at__lte=edge.created_at)
    found = list(rows.select_related("contact").order_by("-created_at", "-pk")[: PAGE + 1])
    shown = found[:PAGE]
    return Page(lines(shown, mall.zone), shown[-1].pk if len(found) > PAGE else None)


def of_contact(contact_id: int) -> list[Line]:
    """Everything a contact was told or will be, the newest first, for `_log.html`."""
    mine = Message.objects.filter(contact=contact_id).select_related("contact__mall__region")
    found = list(mine.order_by("-created_at", "-pk")[:LATEST])
    mall = found[0].contact.mall if found else None
    return lines(found, mall.zone if mall else ZoneInfo(Zone.WIB))


def lines(messages: Iterable[Message], zone: ZoneInfo) -> list[Line]:
    """Messages as a log shows them; their contacts must be loaded with them."""
    found = list(messages)
    answers = _last_answers(found)
    return [Line(each, zone, masked(each), answers.get(each.pk) or each.reason) for each in found]


def contact_at(mall: Mall, phone: str) -> Contact | None:
    """The latest contact of a mall with this number, given as +628…."""
    index = contacts.index_of(Channel.TEXT, phone)
    return Contact.objects.filter(mall=mall, phone_index=index).order_by("-pk").first()


def steps(message: Message) -> list[Step]:
    """Every try and every word of the provider about a message, in their order."""
    made = [
        Step(each.at, *_outcome(each), each.get_outcome_display(), each.answer, each.cost)
        for each in Attempt.objects.filter(message=message)
    ]
    heard = [
        Step(each.at, *STATE_ICONS[State(each.state)], each.get_state_display(), each.answer, None)
        for each in _receipts([message])
    ]
    return sorted([*made, *heard], key=lambda step: step.at)


def beside(message: Message, zone: ZoneInfo) -> list[Line]:
    """What the same person was told of the same event through other channels."""
    same = Message.objects.filter(contact=message.contact_id, event=message.event)
    others = same.filter(kind=message.kind).exclude(pk=message.pk)
    return lines(others.select_related("contact").order_by("pk"), zone)


def said(message: Message) -> Said | None:
    """A message as it was said, codes and private links hidden; None when nobody can tell."""
    language = message.contact.language
    try:
        words = wording.of(message.kind, mall_id=message.mall_id, language=language)
        values = wording.discreet(outbox.values_of(message))
        subject, body = (wording.filled(text, values) for text in (words.subject, words.body))
    except (KeyError, ValueError, wording.Unsaid, vault.Unreadable) as spoilt:
        log.warning("message %s cannot be shown: %s", message.pk, type(spoilt).__name__)
        return None
    edited = Wording.objects.filter(kind=message.kind, language=language)
    here = edited.filter(Q(mall=message.mall_id) | Q(mall=None))
    is_reworded = here.filter(edited_at__gt=message.ended_at or message.created_at).exists()
    return Said(subject, body, is_reworded)


def masked(message: Message) -> str:
    """Whom a message goes to, as far as a screen may say."""
    try:
        if message.channel in BY_PHONE:
            return identity.masked(contacts.phone_of(message.contact))
        if message.channel == Channel.EMAIL:
            return identity.masked_email(contacts.email_of(message.contact))
    except vault.Unreadable as error:
        log.error("a sealed value does not open: %s", error)
        return UNREADABLE
    return ""


def title_of(kind: str) -> str:
    """What a kind is called; one that is no more keeps its name."""
    return str(KINDS[kind].title) if kind in KINDS else kind


def _matching(mall: Mall, wanted: Wanted) -> QuerySet[Message]:
    rows = Message.objects.filter(mall=mall)
    if wanted.channel is not None:
        rows = rows.filter(channel=wanted.channel)
    elif not wanted.with_pages:
        rows = rows.exclude(channel=Channel.INBOX)
    if wanted.state is not None:
        rows = rows.filter(state=wanted.state)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.day is not None:
        begins = datetime.combine(wanted.day, time(0), tzinfo=mall.zone)
        rows = rows.filter(created_at__gte=begins, created_at__lt=begins + timedelta(days=1))
    if wanted.contact_id is not None:
        rows = rows.filter(contact__in=_same_person(mall, wanted.contact_id))
    return rows


def _same_person(mall: Mall, contact_id: int) -> QuerySet[Contact]:
    """Whoever has the phone of this contact, for whatever matter they came to the mall."""
    here = Contact.objects.filter(mall=mall)
    phone = here.filter(pk=contact_id).exclude(phone_index="").values("phone_index")
    return here.filter(Q(pk=contact_id) | Q(phone_index__in=phone))


def _last_answers(messages: list[Message]) -> dict[int, str]:
    """What was said last of each: by the answer to a try, or later by the provider itself."""
    tries = Attempt.objects.filter(message__in=[each.pk for each in messages])
    heard = {each.message_id: (each.at, each.answer) for each in tries.order_by("at", "pk")}
    by_reference = {each.reference: each.pk for each in messages if each.reference}
    for receipt in _receipts(messages):
        pk = by_reference[receipt.reference]
        said_at, _answer = heard.get(pk, (receipt.at, ""))
        if receipt.answer and receipt.at >= said_at:
            heard[pk] = (receipt.at, receipt.answer)
    return {pk: answer for pk, (_at, answer) in heard.items()}


def _receipts(messages: list[Message]) -> QuerySet[Receipt]:
    """What the providers of their mall said of these messages."""
    references = {each.reference for each in messages if each.reference}
    malls = {each.mall_id for each in messages}
    rows = Receipt.objects.filter(provider__mall__in=malls, reference__in=references)
    return rows.order_by("at", "pk")


def _outcome(attempt: Attempt) -> tuple[str, str]:
    if attempt.outcome == Attempt.Outcome.ACCEPTED:
        return "check", "pos"
    return ("circle-x", "neg") if attempt.outcome == Attempt.Outcome.REFUSED else ("repeat", "warn")
