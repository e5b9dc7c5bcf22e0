"""The papers of a service: the sheet of its standard, and the poster of the pledge.

Pure: what is on a paper comes in as plain values, what goes out are the bytes of a PDF.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import override

from core import formats
from core.paper import blocks
from core.paper.blocks import Column, Party, Story
from core.paper.components import components
from core.paper.poster import Poster, Size, draw
from core.paper.sheet import Letterhead, Sheet, render, together
from core.paper.style import QUIET

PUBLISHED: Final = 6  # components that everyone must be able to read


@dataclass(frozen=True)
class Decree:
    """The decision a paper rests on."""

    number: str
    on: date | None = None


@dataclass(frozen=True)
class Signature:
    """Who signs a paper, where, and on which day."""

    party: Party
    place: str = ""
    on: date | None = None


@dataclass(frozen=True)
class Fee:
    """One official tariff; no amount means that it depends on the case."""

    name: str
    amount: Decimal | None


@dataclass(frozen=True)
class Variant:
    """One kind of a service: what it asks on top of the rest, and its own tariffs and time."""

    name: str
    requirements: tuple[str, ...] = ()
    fees: tuple[Fee, ...] | None = None
    completion_time: str = ""


@dataclass(frozen=True)
class Internal:
    """The eight components that concern the agency itself."""

    legal_basis: tuple[str, ...] = ()
    facilities: tuple[str, ...] = ()
    competence: tuple[str, ...] = ()
    supervision: tuple[str, ...] = ()
    staff: tuple[str, ...] = ()
    service_guarantee: tuple[str, ...] = ()
    safety_guarantee: tuple[str, ...] = ()
    evaluation: tuple[str, ...] = ()


@dataclass(frozen=True)
class Standard:
    """The standard of one service as it stands on paper.

    Fees that are None were not stated; an empty tuple says that nothing is charged.
    """

    letterhead: Letterhead
    service: str
    agency: str
    mall: str
    address: str  # of the live page
    decree: Decree | None = None
    version: str = ""
    in_force_from: date | None = None
    requirements: tuple[str, ...] = ()
    procedure: tuple[str, ...] = ()
    completion_time: str = ""
    fees: tuple[Fee, ...] | None = None
    fee_basis: str = ""
    variants: tuple[Variant, ...] = ()
    product: str = ""
    complaints: tuple[str, ...] = ()
    limits: str = ""
    internal: Internal = field(default_factory=Internal)
    signature: Signature | None = None


@dataclass(frozen=True)
class Pledge:
    """The promise (maklumat pelayanan) of a mall or of one of its agencies."""

    letterhead: Letterhead
    sentences: tuple[str, ...]
    signature: Signature
    address: str  # of the live page
    agency: str = ""  # none: the whole mall promises
    decree: Decree | None = None


@override("id")  # an official paper is Indonesian, whoever asks for it
def standard_sheet(standard: Standard, *, now: datetime, internal: bool = False) -> bytes:
    """The standard of a service on A4: the six published components, or all fourteen."""
    sheet = Sheet(
        letterhead=standard.letterhead,
        title=_("Standar Pelayanan: %(service)s") % {"service": standard.service},
        printed_at=now,
        note=_note(standard),
    )
    body = [*_published(standard), *(_internal(standard.internal) if internal else [])]
    end = [*_limits(standard.limits), *_signed(standard.signature)]
    # Nobody signs a page that holds a signature only.
    return render(sheet, [*_opening(standard), *body[:-1], *together([body[-1], *end])])


@override("id")
def pledge_poster(pledge: Pledge, *, now: datetime, size: Size = Size.A4) -> bytes:
    """The pledge of a mall or an agency, to be hung on a wall and read from three metres."""
    poster = Poster(
        letterhead=pledge.letterhead,
        title=_("Maklumat Pelayanan"),
        agency=pledge.agency,
        sentences=tuple(filter(str.strip, pledge.sentences)) or (_missing_pledge(),),
        party=pledge.signature.party,
        signed=_decided(pledge.signature),
        basis=_basis(pledge.decree),
        address=pledge.address,
        caption=_("Pindai untuk membaca maklumat dan standar pelayanan yang berlaku."),
    )
    return draw(poster, size, printed_at=now)


def _basis(decree: Decree | None) -> str:
    if decree is None:
        return ""
    number = _("Keputusan %(number)s") % {"number": decree.number}
    return f"{number}\n{formats.long_date(decree.on)}"


def _note(standard: Standard) -> str:
    if not standard.address:
        return ""
    return _(
        "Yang berlaku adalah versi di laman %(address)s; lembar ini menurut keadaan saat dicetak."
    ) % {"address": standard.address}


def _opening(standard: Standard) -> Story:
    decree = standard.decree
    facts = blocks.facts(
        [
            (_("Instansi"), standard.agency),
            (_("Tempat pelayanan"), standard.mall),
            (_("Nomor keputusan"), decree.number if decree else ""),
            (_("Tanggal keputusan"), formats.long_date(decree.on if decree else None)),
            (_("Versi"), standard.version),
            (_("Berlaku sejak"), formats.long_date(standard.in_force_from)),
        ]
    )
    scan = blocks.code(standard.address, _("Pindai untuk membuka versi yang berlaku."))
    head = blocks.title(standard.service, over=_("Standar Pelayanan"))
    opening = blocks.row([[facts], scan], (0.805, 0.195)) if scan else facts
    return [*head, blocks.gap(4), opening, blocks.gap(4)]


def _published(standard: Standard) -> Story:
    complaints = blocks.lines(standard.complaints, empty=_missing())
    return components(
        [
            (_("Persyaratan"), _requirements(standard)),
            (
                _("Sistem, mekanisme, dan prosedur"),
                blocks.numbered(standard.procedure, empty=_missing()),
            ),
            (_("Jangka waktu penyelesaian"), _times(standard)),
            (_("Biaya/tarif"), _fees(standard)),
            (_("Produk pelayanan"), blocks.lines([standard.product], empty=_missing())),
            (_("Penanganan pengaduan, saran, dan masukan"), complaints),
        ]
    )


def _requirements(standard: Standard) -> Story:
    own = [
        flowable
        for variant in standard.variants
        if variant.requirements
        for flowable in (
            blocks.subheading(_("Khusus %(variant)s") % {"variant": variant.name}),
            *blocks.numbered(variant.requirements),
        )
    ]
    if own and not standard.requirements:
        return own
    return [*blocks.numbered(standard.requirements, empty=_missing()), *own]


def _times(standard: Standard) -> Story:
    own = [(variant.name, variant.completion_time) for variant in standard.variants]
    given = [(name, time) for name, time in own if time]
    if not given:
        return blocks.lines([standard.completion_time], empty=_missing())
    general = [(_("Umum"), standard.completion_time)] if standard.completion_time else []
    return [blocks.facts([*general, *given], label_share=0.55)]


def _fees(standard: Standard) -> Story:
    every = [("", standard.fees), *((variant.name, variant.fees) for variant in standard.variants)]
    given = [(name, fees) for name, fees in every if fees is not None]
    if not given:
        return [blocks.missing(_missing())]
    basis = [_("Dasar tarif: %(basis)s") % {"basis": standard.fee_basis}]
    below = blocks.lines(basis, look=QUIET) if standard.fee_basis else []
    if not any(fees for _name, fees in given):
        return [*blocks.lines([_("Tidak dipungut biaya.")]), *below]
    story: Story = []
    for name, fees in given:
        story += [*_tariffs(name, fees, has_head=not story), blocks.gap(1.5)]
    return [*story, *below]


def _tariffs(name: str, fees: Sequence[Fee], *, has_head: bool) -> Story:
    rows = [(fee.name, _amount(fee.amount)) for fee in fees]
    columns = [Column(_("Jenis"), 0.68), Column(_("Tarif"), 0.32, is_figure=True)]
    tariffs = blocks.table(columns, rows, has_head=has_head, empty=_("Tidak dipungut biaya."))
    return [blocks.subheading(name), tariffs] if name else [tariffs]


def _amount(amount: Decimal | None) -> str:
    if amount is None:
        return _("Tergantung kasus")
    return formats.rupiah(amount) if amount else _("Tidak dipungut biaya")


def _internal(internal: Internal) -> Story:
    named = [
        (_("Dasar hukum"), internal.legal_basis),
        (_("Sarana, prasarana, dan/atau fasilitas"), internal.facilities),
        (_("Kompetensi pelaksana"), internal.competence),
        (_("Pengawasan internal"), internal.supervision),
        (_("Jumlah pelaksana"), internal.staff),
        (_("Jaminan pelayanan"), internal.service_guarantee),
        (_("Jaminan keamanan dan keselamatan pelayanan"), internal.safety_guarantee),
        (_("Evaluasi kinerja pelaksana"), internal.evaluation),
    ]
    rows = [
        (
            name,
            blocks.numbered(items) if len(items) > 1 else blocks.lines(items, empty=_missing()),
        )
        for name, items in named
    ]
    return [
        *blocks.heading(_("Pengelolaan di dalam instansi")),
        *components(rows, first=PUBLISHED + 1),
    ]


def _limits(limits: str) -> Story:
    return [*blocks.heading(_("Batasan di MPP ini")), *blocks.lines([limits])] if limits else []


def _signed(signature: Signature | None) -> Story:
    if signature is None:
        return []
    return blocks.signatures([signature.party], above=_decided(signature))


def _decided(signature: Signature) -> str:
    """Where and when a paper was signed, as much of it as is known."""
    day = formats.long_date(signature.on)
    if signature.place and day:
        return _("%(place)s, %(day)s") % {"place": signature.place, "day": day}
    return signature.place or day


def _missing_pledge() -> str:
    return _("Isi maklumat belum dicantumkan.")


def _missing() -> str:
    return _("Belum dicantumkan dalam standar.")
