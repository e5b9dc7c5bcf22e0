"""How a mall or the nation says things. Only this module writes a wording.

A wording may name what its kind knows and nothing else; what is not reworded is said as the nation
says it, and that as it comes with the portal.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.models import User
from agencies.models import Mall
from core.errors import Refused
from hall import record
from notifications import parts, wording
from notifications.catalogue import KINDS, PLACEHOLDERS, Kind
from notifications.models import Wording
from notifications.states import BY_PHONE, Channel, Lane
from notifications.wording import Words

# Without these nobody can do what the message asks for.
NEEDED = {"code": ("angka",), "staff_invitation": ("tautan",)}
GROUPS = {
    Lane.CODES: gettext_lazy("Kode sekali pakai"),
    Lane.CALLS: gettext_lazy("Kabar dan panggilan"),
    Lane.REMINDERS: gettext_lazy("Pengingat dan kabar yang dapat menunggu"),
    Lane.REPORTS: gettext_lazy("Untuk petugas"),
}
# Nobody's data: for looking at a wording, and for trying it out on oneself.
EXAMPLES: dict[str, str | Promise] = {
    "nama": "Siti A.",
    "mal": "MPP Contoh",
    "layanan": gettext_lazy("Penerbitan KTP-el"),
    "instansi": "Disdukcapil",
    "jadwal": gettext_lazy("Senin, 9 Maret 2026 pukul 09.00–10.00 WIB"),
    "jam": "09.00 WIB",
    "kode": "K7M2-PX34",
    "tautan": "https://mpp.example.go.id/reservasi/AbCdEfGhIjKlMnOpQrStUv/",
    "syarat": gettext_lazy("KK asli, surat kehilangan"),
    "alasan": gettext_lazy("gangguan jaringan pusat"),
    "batas": gettext_lazy("Senin, 9 Maret 2026 pukul 14.30 WIB"),
    "urutan": "12",
    "nomor": "A-027",
    "jumlah": "3",
    "loket": "5",
    "angka": "482913",
    "menit": "5",
    "perangkat": gettext_lazy("Papan pintu utara"),
    "antrean": "A",
    "nomor_aduan": "ADU-7KQ2-M4XZ",
    "peran": gettext_lazy("Petugas loket"),
    "perjanjian": gettext_lazy("Perjanjian kerja sama 2026"),
    "hari": "30",
    "laporan": gettext_lazy("Laporan Bulanan Maret 2026"),
}


class WordingRefused(Refused):
    code = "wording_refused"
    status = 422


@dataclass(frozen=True)
class Entry:
    """One kind in a list: its title, and in which languages it is reworded here or nationally."""

    kind: str
    title: str | Promise
    here: frozenset[str]
    nation: frozenset[str]


@dataclass(frozen=True)
class Preview:
    """A text as it leaves through some channels."""

    channels: tuple[Channel, ...]
    subject: str
    body: str
    parts: parts.Parts | None


def entries(mall: Mall | None) -> list[tuple[str | Promise, list[Entry]]]:
    """Every kind of message in groups, and which are said in own words."""
    nation, here = _reworded(None), _reworded(mall) if mall else set()
    if mall is None:
        nation, here = set(), nation
    return [
        (title, [_entry(name, about, here, nation) for name, about in _of_lane(lane)])
        for lane, title in GROUPS.items()
    ]


def own(kind: str, language: str, mall: Mall | None) -> Wording | None:
    """The words of this mall, or of the nation, if there are any."""
    rows = Wording.objects.select_related("edited_by").filter(kind=kind, language=language)
    return rows.filter(mall=mall).first() if mall else rows.filter(mall=None).first()


def current(kind: str, language: str, mall: Mall | None) -> Words:
    """How it is said now."""
    return wording.of(kind, mall_id=mall.pk if mall else None, language=language)


def complaints(kind: str, words: Words) -> dict[str, str]:
    """What is wrong with a wording, a sentence by the name of its field."""
    found = {}
    for field, text in (("subject", words.subject), ("body", words.body)):
        if sentence := _complaint(kind, text):
            found[field] = sentence
    missing = [name for name in NEEDED.get(kind, ()) if name not in words.names()]
    if missing and "body" not in found:
        found["body"] = _("Pesan ini tidak berguna tanpa %(names)s.") % {"names": _listed(missing)}
    return found


@transaction.atomic
def save(
    kind: str, language: str, mall: Mall | None, words: Words, *, by: User, now: datetime
) -> None:
    """Say it so from now on. Raises WordingRefused."""
    if wrong := complaints(kind, words):
        raise WordingRefused(" ".join(wrong.values()))
    fields = {"subject": words.subject, "body": words.body, "template_name": words.template_name}
    changed, _is_new = Wording.objects.update_or_create(
        mall=mall,
        kind=kind,
        language=language,
        defaults={**fields, "edited_by": by, "edited_at": now},
    )
    _record("wording.saved", changed, by=by, now=now)


@transaction.atomic
def reset(kind: str, language: str, mall: Mall | None, *, by: User, now: datetime) -> None:
    """Say it again as the portal, or the nation, says it; a second time changes nothing."""
    found = own(kind, language, mall)
    if found is not None:
        _record("wording.reset", found, by=by, now=now)
        found.delete()


def previews(kind: str, words: Words, language: str, mall: Mall | None) -> list[Preview]:
    """A wording with example values, as each channel of its kind carries it. Raises Unsaid."""
    values = examples(language, mall)
    subject, body = (wording.filled(text, values) for text in (words.subject, words.body))
    found: dict[str, list[Channel]] = {}
    for channel in KINDS[kind].channels:
        is_ours = channel in {Channel.INBOX, Channel.PUSH}
        text = body if is_ours else wording.closed(body, channel, language)
        found.setdefault(text, []).append(channel)
    return [
        Preview(
            tuple(channels),
            "" if set(channels) <= set(BY_PHONE) else subject,
            text,
            parts.of(text) if Channel.TEXT in channels else None,
        )
        for text, channels in found.items()
    ]


def examples(language: str, mall: Mall | None) -> dict[str, str]:
    """A value for everything that a wording may name."""
    with override(language):
        found = {name: str(value) for name, value in EXAMPLES.items()}
    return found | ({"mal": mall.short_name} if mall else {})


def names_of(kind: str, language: str, mall: Mall | None) -> list[tuple[str, str | Promise, str]]:
    """What a kind may name, what that is, and an example."""
    values = examples(language, mall)
    return [(f"{{{name}}}", PLACEHOLDERS[name], values[name]) for name in KINDS[kind].names]


def variables(words: Words) -> list[tuple[str, str]]:
    """What WhatsApp calls what a text names: {{1}}, {{2}}, …"""
    return [(f"{{{{{place}}}}}", f"{{{name}}}") for place, name in enumerate(words.names(), 1)]


def as_template(words: Words, language: str) -> str:
    """The text as it is handed to WhatsApp for approval, with the lines that close it."""
    text = wording.closed(words.body, Channel.WHATSAPP, language)
    for variable, name in variables(words):
        text = text.replace(name, variable)
    return text


def _complaint(kind: str, text: str) -> str:
    if unknown := wording.unknown(kind, text):
        names = {"names": _listed(dict.fromkeys(unknown))}
        return _("Pesan ini tidak mengenal %(names)s. Pakai isian yang tersedia di bawah.") % names
    if {"{", "}"} & set(wording.NAME.sub("", text)):
        return _("Ada kurung kurawal yang tidak berpasangan.")
    return ""


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)


def _reworded(mall: Mall | None) -> set[tuple[str, str]]:
    return set(Wording.objects.filter(mall=mall).values_list("kind", "language"))


def _of_lane(lane: Lane) -> list[tuple[str, Kind]]:
    return [(name, about) for name, about in KINDS.items() if about.lane == lane]


def _entry(
    name: str, about: Kind, here: set[tuple[str, str]], nation: set[tuple[str, str]]
) -> Entry:
    of_kind = [
        frozenset(language for kind, language in rows if kind == name) for rows in (here, nation)
    ]
    return Entry(name, about.title, *of_kind)


def _record(act: str, row: Wording, *, by: User, now: datetime) -> None:
    """Who changed what: at its mall; for the nation where changes of reference data stand."""
    detail = f"{row.kind} {row.language}"
    if row.mall_id is not None:
        record.write(act, row.pk, mall_id=row.mall_id, by=by, now=now, detail=detail)
        return
    rows = Wording.objects.filter(pk=row.pk)
    LogEntry.objects.log_actions(by.pk, rows, CHANGE, change_message=f"{act} {detail}")
