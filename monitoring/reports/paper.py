"""A report as a letter on A4: head, sentences, charts, tables, findings, signature, meanings."""

from typing import Final

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import override

from core import uploads
from core.memo import briefly
from core.paper import blocks
from core.paper.blocks import Column, Party, Story
from core.paper.sheet import Letterhead, Sheet, render, together
from core.paper.style import paragraph, style
from monitoring.models import Kind
from monitoring.reports import charts
from monitoring.reports.drawing import drawn
from monitoring.reports.editions import Edition
from monitoring.reports.sheet import title_of
from monitoring.reports.tables import MASK, Row, Table, bare

LEAD: Final = style(11.5, 17)
PAPER, FIGURE = 170, 20.5  # millimetres of the page's width, and of a column of figures


@override("id")  # an official paper is Indonesian, whoever asks for it
def written(edition: Edition) -> bytes:
    """A report as a PDF; the same content and letter give the same bytes."""
    sheet = Sheet(
        letterhead=_letterhead(edition),
        title=edition.title,
        printed_at=edition.moment,
        note=_note(edition),
        stamp=_("Keadaan per %(day)s. Sidik %(mark)s")
        % {"day": edition.written_on, "mark": edition.mark},
    )
    story: Story = [
        *blocks.title(edition.content["title"], over=_over(edition), under=_under(edition)),
        blocks.gap(4),
        paragraph(" ".join(edition.content["summary"]), LEAD),
        *_findings(edition),
        *(part for chart in charts.of(edition) for part in drawn(chart)),
    ]
    for table in edition.tables:
        story += _table(edition, table)
    return render(sheet, [*story, *_signature(edition), *_meanings(edition)])


@briefly(300, most=20)
def _kept(edition: Edition) -> bytes:
    """The same for a while: a long report takes seconds to set, and many may ask for it."""
    return written(edition)


def response(edition: Edition) -> HttpResponse:
    """Send a report as a PDF."""
    answer = HttpResponse(_kept(edition), content_type="application/pdf")
    name = uploads.download_name(edition.stem, "pdf")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private"
    return answer


def _letterhead(edition: Edition) -> Letterhead:
    place = edition.place
    if place is None:
        ministry = _("Kementerian Pendayagunaan Aparatur Negara dan Reformasi Birokrasi")
        return Letterhead(_("Republik Indonesia"), ministry, "", edition.zone)
    return Letterhead(
        _("Pemerintah %(region)s") % {"region": place["region"]["name"]},
        place["organiser"],
        place["address"],
        edition.zone,
        (_("Sifat: biasa"),),
    )


def _over(edition: Edition) -> str:
    """What is not sent must never look as if it were."""
    if edition.place is None:
        return ""
    name: str = edition.place["name"]
    return name if edition.letter.number else _("%s (draf, belum dikirim)") % name


def _under(edition: Edition) -> str:
    period = str(edition.content["period"]["name"])
    if edition.place is None:
        return period
    if edition.content["kind"] == Kind.MONTH:
        period = _("%s, disampaikan kepada Kementerian PANRB") % period
    # Not in the head: numbers of letters are longer than the room there.
    return "\n".join([period, _("Nomor: %s") % (edition.letter.number or "…")])


def _note(edition: Edition) -> str:
    return _(
        "Angka menurut definisi versi %(definitions)d; arti tiap angka ada di bagian akhir."
        " “<%(few)d”: kurang dari %(few)d orang; “%(mask)s”:"
        " disamarkan agar jumlah itu tidak dapat dihitung dari yang lain."
        " Versi laporan %(version)d, sidik isi SHA-256 %(checksum)s."
    ) % {
        "definitions": edition.content["definitions"]["version"],
        "few": edition.content["definitions"]["fewest"],
        "mask": MASK,
        "version": edition.version,
        "checksum": edition.checksum,
    }


def _findings(edition: Edition) -> Story:
    said = [finding["sentence"] for finding in edition.content["findings"]]
    empty = _("Tidak ada yang menonjol menurut angkanya.")
    return [*blocks.heading(_("Yang perlu perhatian")), *blocks.numbered(said, empty=empty)]


def _table(edition: Edition, table: Table) -> Story:
    lines = [_line(edition, table, row) for row in table.rows]
    total = _line(edition, table, table.total) if table.total and lines else None
    note: Story = [blocks.gap(1), blocks.missing(table.note)] if table.note else []
    empty = _("Tidak ada yang tercatat dalam masa ini.")
    drawn_table = blocks.table(_columns(edition, table), lines, total=total, empty=empty)
    return together([*blocks.heading(table.title), drawn_table, *note])


def _columns(edition: Edition, table: Table) -> list[Column]:
    """The names in one column, so that as much room as may be is left for figures."""
    if not table.figures:
        return [Column(head) for head in table.heads]
    titles = [title_of(edition.meanings[key]) for key in table.figures]
    names = Column(" / ".join(table.heads), PAPER - FIGURE * len(titles))
    return [names, *(Column(title, FIGURE, True) for title in titles)]


def _line(edition: Edition, table: Table, row: Row) -> list[str]:
    """A row whose units stand in the head."""
    if not table.figures:
        return [*row.names]
    names = "\n".join(filter(None, row.names))
    return [names, *(bare(cell, edition.meanings[key].unit) for key, cell in row.values_of(table))]


def _signature(edition: Edition) -> Story:
    if edition.place is None:
        return []
    letter = edition.letter
    blank = "." * 40  # before it is sent people sign on paper
    party = Party(letter.position or blank, edition.place["organiser"], letter.signatory or blank)
    return together([blocks.gap(6), *blocks.signatures([party])])


def _meanings(edition: Edition) -> Story:
    rows = [(meaning.title, meaning.text) for meaning in edition.meanings.values()]
    columns = [Column(_("Angka"), 1), Column(_("Arti"), 3.2)]
    return [*blocks.heading(_("Arti tiap angka")), blocks.table(columns, rows)]
