"""A document on A4: its parties, and what is promised of each agency. For reading, not to sign."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override
from reportlab.platypus import Flowable

from agencies.models import Mall, Party, Presence
from core import formats
from core.paper import blocks
from core.paper.blocks import Column, Story
from core.paper.sheet import Sheet, render, together
from onboarding.agreements.documents import Shown
from services.sheets import letterhead_of


@override("id")  # an official paper is Indonesian, whoever asks for it
def summary(mall: Mall, shown: Shown, *, now: datetime) -> bytes:
    """What a document says, as it stands now."""
    agreement = shown.agreement
    sheet = Sheet(
        letterhead=letterhead_of(mall),
        title=agreement.title,
        printed_at=now,
        note=_("Ringkasan menurut catatan portal; yang mengikat adalah naskah bertanda tangan."),
    )
    story: Story = [
        *blocks.title(
            agreement.title,
            over=agreement.get_kind_display(),
            under=str(shown.row.state.label),
        ),
        blocks.gap(3),
        blocks.facts(_facts(shown)),
        *blocks.heading(_("Para pihak")),
        blocks.table(
            [
                Column(_("Pihak"), 3),
                Column(_("Nomor"), 2.4),
                Column(_("Penanda tangan dan jabatan"), 3),
            ],
            [_party(mall, party) for party in shown.parties],
        ),
        *blocks.heading(_("Yang disepakati")),
    ]
    for content in shown.contents:
        story += together([_named(content.presence), blocks.facts(content.facts)])
    if not shown.contents:
        story.append(blocks.missing(_("Dokumen ini tidak mengatur hari dan loket instansi.")))
    return render(sheet, story)


def _facts(shown: Shown) -> list[tuple[str, str]]:
    agreement = shown.agreement
    signed = formats.long_date(agreement.signed_on)
    found = [
        (_("Berlaku sejak"), formats.long_date(agreement.from_date)),
        (_("Berlaku sampai"), formats.long_date(shown.row.last) or _("tanpa batas waktu")),
        (_("Ditandatangani"), ", ".join(filter(None, [signed, agreement.signed_at]))),
    ]
    if agreement.amends is not None:
        found.append((_("Mengubah"), agreement.amends.title))
    if agreement.renewal_terms:
        found.append((_("Perpanjangan"), agreement.renewal_terms))
    if agreement.end_reason:
        found.append((_("Diakhiri karena"), agreement.end_reason))
    return found


def _party(mall: Mall, party: Party) -> tuple[str, str, str]:
    name = party.agency.name if party.agency else mall.organiser
    return name, party.number, ", ".join(filter(None, [party.signatory, party.position]))


def _named(presence: Presence) -> Flowable:
    return blocks.subheading(presence.agency.name)
