"""A report as a workbook: a page for each table, real numbers, and the meaning of every figure."""

from collections.abc import Iterator

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import override

from core import tables
from monitoring.reports.csv import value_of
from monitoring.reports.editions import Edition, Meaning
from monitoring.reports.tables import Row, Table, unit_word


@override("id")
def written(edition: Edition) -> bytes:
    """A report as a workbook; the same content gives the same bytes."""
    pages = [
        tables.Table(_("Laporan"), [_("Hal"), _("Isi")], _facts(edition)),
        *(_page(edition, table) for table in edition.tables),
        tables.Table(_("Perhatian"), [_("Hal"), _("Isi")], _findings(edition)),
        tables.Table(
            _("Definisi"), [_("Angka"), _("Kunci"), _("Satuan"), _("Arti")], _meanings(edition)
        ),
    ]
    return tables.workbook(pages, made=edition.moment.replace(tzinfo=None))


def response(edition: Edition) -> HttpResponse:
    """Send a report as a workbook."""
    return tables.workbook_response(edition.stem, written(edition))


def title_of(meaning: Meaning) -> str:
    """What stands above a column of numbers."""
    unit = unit_word(meaning.unit)
    return f"{meaning.title} ({unit})" if unit else meaning.title


def _facts(edition: Edition) -> Iterator[list[object]]:
    place, letter = edition.place, edition.letter
    yield [_("Judul"), edition.title]
    if place:
        yield [_("Mal"), place["name"]]
        yield [_("Wilayah"), f"{place['region']['name']}, {place['region']['province']}"]
        yield [_("Penyelenggara"), place["organiser"]]
    yield [_("Keadaan per"), edition.as_of]
    yield [_("Versi laporan"), edition.version]
    yield [_("Versi definisi"), edition.content["definitions"]["version"]]
    yield [_("Sidik isi (SHA-256)"), edition.checksum]
    if letter.number:
        yield [_("Nomor surat"), letter.number]
        yield [_("Penanda tangan"), letter.signatory]
        yield [_("Jabatan"), letter.position]
    for sentence in edition.content["summary"]:
        yield [_("Ringkasan"), sentence]


def _page(edition: Edition, table: Table) -> tables.Table:
    titles = [*table.heads, *(title_of(edition.meanings[key]) for key in table.figures)]
    rows = [*table.rows, *([table.total] if table.total else [])]
    return tables.Table(table.title, titles, list(map(_cells, rows)))


def _cells(row: Row) -> list[object]:
    return [*row.names, *map(value_of, row.cells)]


def _findings(edition: Edition) -> Iterator[list[object]]:
    for number, finding in enumerate(edition.content["findings"], 1):
        yield [number, finding["sentence"]]


def _meanings(edition: Edition) -> Iterator[list[object]]:
    for meaning in edition.meanings.values():
        yield [meaning.title, meaning.key, unit_word(meaning.unit), meaning.text]
