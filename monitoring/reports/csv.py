"""A report as CSV: one line for each value, so that a program needs to know one form only."""

from collections.abc import Iterator
from decimal import Decimal

from django.http import StreamingHttpResponse
from django.utils.translation import override

from core import tables
from monitoring.account import Unit
from monitoring.reports.editions import Edition
from monitoring.reports.tables import Cell, Withheld, text_of


@override("id")
def response(edition: Edition) -> StreamingHttpResponse:
    """Send a report as CSV."""
    return tables.csv_response(edition.stem, titles(), [*lines(edition)])


def titles() -> list[str]:
    """The columns, whose names and order stay."""
    return ["tabel", "baris", "nama", "angka", "judul", "satuan", "nilai"]


def lines(edition: Edition) -> Iterator[list[object]]:
    """Every value of a report; the sum of a table is its row "total"."""
    for table in edition.tables:
        for row in [*table.rows, *([table.total] if table.total else [])]:
            names = ", ".join(filter(None, row.names))
            for key, cell in row.values_of(table):
                meaning = edition.meanings[key]
                unit = meaning.unit.value
                yield [table.key, row.key, names, key, meaning.title, unit, value_of(cell)]


def value_of(cell: Cell) -> int | Decimal | str | None:
    """A value as a sheet holds it: a real number, or in words why there is none."""
    return text_of(cell, Unit.COUNT) if isinstance(cell, Withheld) else cell
