"""Turning a kind and its values into words; the mall's own words first, then the nation's."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from notifications import parts
from notifications.catalogue import KINDS, SECRET
from notifications.models import Wording
from notifications.states import BY_PHONE, Channel

NAME = re.compile(r"\{([^{}]*)\}")
HIDDEN = "••••••"


class Unsaid(Exception):
    """A wording names something that this message does not know."""


@dataclass(frozen=True)
class Words:
    """One kind in one language as it is said at a mall; `template_name` is WhatsApp's."""

    subject: str
    body: str
    template_name: str = ""

    def names(self) -> list[str]:
        """What it names, in the order in which it does; WhatsApp numbers its variables so."""
        return list(dict.fromkeys(NAME.findall(self.body)))


def of(kind: str, *, mall_id: int | None, language: str) -> Words:
    """How a mall says a kind of message. Raises KeyError for a kind that does not exist."""
    return several([kind], mall_id=mall_id, language=language)[kind]


def several(kinds: Iterable[str], *, mall_id: int | None, language: str) -> dict[str, Words]:
    """The same for several kinds at once. Raises KeyError."""
    usual = {kind: usually(kind, language) for kind in kinds}
    rows = Wording.objects.filter(kind__in=list(usual), language=language)
    own: dict[str, list[Wording]] = {}
    for row in rows.filter(Q(mall__isnull=True) | Q(mall=mall_id)):
        own.setdefault(row.kind, []).append(row)
    return {kind: _chosen(words, own.get(kind, [])) for kind, words in usual.items()}


def _chosen(usual: Words, own: list[Wording]) -> Words:
    """The mall's words before the nation's; the name that WhatsApp knows, wherever it stands."""
    if not own:
        return usual
    chosen = max(own, key=lambda row: row.mall_id is not None)
    words = Words(chosen.subject or usual.subject, chosen.body or usual.body, chosen.template_name)
    if words.template_name:
        return words
    # Another row's template serves only where it names the same things in the same order.
    for row in own:
        if row.template_name and Words("", row.body).names() == words.names():
            return replace(words, template_name=row.template_name)
    return words


def usually(kind: str, language: str) -> Words:
    """The words that come with the portal."""
    with override(language):
        return Words(str(KINDS[kind].title), str(KINDS[kind].body))


def filled(text: str, values: Mapping[str, str]) -> str:
    """A text with its placeholders filled; nothing in it is ever run. Raises Unsaid."""

    def value(found: re.Match[str]) -> str:
        if found[1] not in values:
            raise Unsaid(found[1])
        # One line each: a value never looks like a second message.
        return " ".join(str(values[found[1]]).split())

    return NAME.sub(value, text)


def unknown(kind: str, text: str) -> list[str]:
    """What a text names that this kind does not have, or that is no name at all."""
    return [name for name in NAME.findall(text) if name not in KINDS[kind].names]


def closed(text: str, channel: Channel, language: str, *, stop_link: str = "") -> str:
    """A text as it leaves the portal: with the line against fraud, and how to hear no more."""
    with override(language):
        lines = [text, _("Petugas tidak pernah meminta kode OTP atau biaya di luar tarif resmi.")]
        if channel in BY_PHONE:
            lines.append(_("Balas STOP untuk berhenti."))
        elif channel == Channel.EMAIL and stop_link:
            lines.append(_("Berhenti menerima surel: {link}").format(link=stop_link))
    whole = "\n".join(lines)
    return parts.plain(whole) if channel == Channel.TEXT else whole


def discreet(values: Mapping[str, str]) -> dict[str, str]:
    """The values as a log may show them: codes and private links hidden."""
    return {name: HIDDEN if name in SECRET else value for name, value in values.items()}
