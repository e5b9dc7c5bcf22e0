"""Reads a sheet somebody uploaded into rows of clean text; what they mean is for the importer."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.files import File
from django.utils.translation import gettext as _

from core import uploads
from core.tables.columns import ROWS, Column, is_example, key
from core.tables.lines import lines_of
from core.tables.refusals import NotASheet, WrongColumns, too_many_rows


@dataclass(frozen=True)
class Row:
    """One line of the sheet: its number as the spreadsheet shows it, its text by column name."""

    number: int
    values: dict[str, str]


@dataclass(frozen=True)
class Sheet:
    """What was in the file.

    Every row has a value for every column; `columns` names those the file really has, so that an
    importer can tell "left out" from "emptied". `examples` are the rows left out as examples.
    """

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    examples: tuple[int, ...]


def read(file: "File[bytes] | None", *, columns: Sequence[Column]) -> Sheet:
    """Read a CSV or XLSX file of at most 5,000 rows and 2 MB. Raises uploads.NotAccepted."""
    titles = {key(title) for column in columns for title in (column.title, column.name)}
    lines = lines_of(uploads.content_of(file), titles)
    _number, header = next(lines, (0, []))
    places = _places(header, columns)
    rows: list[Row] = []
    examples: list[int] = []
    for number, cells in lines:
        if is_example(cells):
            examples.append(number)
            continue
        if len(rows) == ROWS:
            raise too_many_rows()
        rows.append(Row(number, _values(number, cells, places, columns)))
    present = tuple(column.name for column in places if column)
    return Sheet(present, tuple(rows), tuple(examples))


def _places(header: list[str], columns: Sequence[Column]) -> list[Column | None]:
    """Which column stands where; None where there is no title."""
    if not header:
        raise NotASheet(_("Berkas itu tidak berisi satu baris pun. Isi dahulu, lalu kirim lagi."))
    named = {key(column.name): column for column in columns}
    named |= {key(column.title): column for column in columns}
    places = [named.get(key(title)) for title in header]
    unknown = [title for title, column in zip(header, places, strict=True) if title and not column]
    missing = [column.title for column in columns if column.required and column not in places]
    twice = [column.title for column, times in Counter(places).items() if column and times > 1]
    if unknown or missing or twice:
        raise WrongColumns(_what_is_wrong(unknown, missing, twice))
    return places


def _what_is_wrong(unknown: list[str], missing: list[str], twice: list[str]) -> str:
    named = {"unknown": _named(unknown), "missing": _named(missing), "twice": _named(twice)}
    if unknown and missing:
        sentence = _(
            "Kolom %(missing)s belum ada dan kolom %(unknown)s tidak dikenal."
            " Samakan judulnya dengan contoh berkas, lalu kirim lagi."
        )
    elif unknown:
        sentence = _(
            "Kolom %(unknown)s tidak dikenal."
            " Samakan judulnya dengan contoh berkas, lalu kirim lagi."
        )
    elif missing:
        sentence = _(
            "Kolom %(missing)s belum ada. Samakan judulnya dengan contoh berkas, lalu kirim lagi."
        )
    else:
        sentence = _("Kolom %(twice)s ada lebih dari sekali. Sisakan satu, lalu kirim lagi.")
    return sentence % named


def _named(titles: list[str]) -> str:
    """A few titles in quotation marks; what somebody wrote there may be long."""
    shown = [f"“{title if len(title) <= 40 else f'{title[:39]}…'}”" for title in titles[:5]]
    return ", ".join([*shown, "…"] if len(titles) > 5 else shown)


def _values(
    number: int, cells: list[str], places: list[Column | None], columns: Sequence[Column]
) -> dict[str, str]:
    values = dict.fromkeys((column.name for column in columns), "")
    for place, cell in enumerate(cells):
        column = places[place] if place < len(places) else None
        if column:
            values[column.name] = cell
        elif cell:
            # Most often a separator within a text that was not put in quotation marks.
            sentence = _(
                "Baris %(row)d punya isian di luar kolom yang berjudul."
                " Periksa baris itu, lalu kirim lagi."
            )
            raise NotASheet(sentence % {"row": number})
    return values
