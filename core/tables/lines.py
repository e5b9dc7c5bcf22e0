"""The lines of a CSV or XLSX file, told apart by content, without trust in either."""

import csv
import lzma
import re
import struct
import zlib
from collections.abc import Iterator
from datetime import datetime, time
from io import BytesIO, StringIO
from itertools import repeat
from typing import Any
from zipfile import BadZipFile, ZipFile

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from core.tables.columns import ROWS, as_text, cleaned, key
from core.tables.refusals import NotASheet, not_a_sheet, too_many_rows

LINES = 4 * ROWS  # with those that are empty
WIDEST = 100  # columns; a cell far to the right would make every line as wide
# What a workbook may unpack to; the more it shrank, the less it can be the work of people.
UNPACKED, RATIO, ENTRIES = 20_000_000, 150, 200
FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
# Excel writes a carriage return so, and what would otherwise look like one with 005F before it.
ESCAPED = re.compile(r"_x005F_(x[0-9A-Fa-f]{4}_)|_x000D_")
# A broken workbook ends in whatever its parser was doing just then.
FAULTS = (
    *(BadZipFile, OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError),
    *(AttributeError, AssertionError, RuntimeError, EOFError, struct.error, zlib.error),
    lzma.LZMAError,
)
Cells = list[str]


def lines_of(content: bytes, titles: set[str]) -> Iterator[tuple[int, Cells]]:
    """The lines that hold anything, clean, with their numbers. Raises NotASheet or TooManyRows."""
    is_workbook = content.startswith(b"PK\x03\x04")
    lines = _workbook(content) if is_workbook else _separated(_decoded(content), titles)
    for number, line in enumerate(lines, 1):
        if number > LINES:
            raise too_many_rows()
        cells = [cell and cleaned(cell) for cell in line]
        if any(cells):
            yield number, cells


def _decoded(content: bytes) -> str:
    for encoding in () if b"\0" in content else ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise not_a_sheet()


def _separated(text: str, titles: set[str]) -> Iterator[Cells]:
    """The lines at the separator that finds most of the titles in the header."""

    def found(separator: str) -> tuple[int, int]:
        try:
            header = next(filter(any, _split(text, separator)), [])
        except NotASheet:
            # Quotation marks stand right only where the separator is the right one.
            return 0, 0
        return len(titles & {key(title) for title in header}), len(header)

    return _split(text, max(",;\t", key=found))


def _split(text: str, separator: str) -> Iterator[Cells]:
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    try:
        for number, line in enumerate(reader, 1):  # noqa: B007 - the last one is told below
            yield line
    except csv.Error as fault:
        sentence = _(
            "Tanda kutip pada baris %(row)d tidak ditutup atau salah tempat."
            " Perbaiki baris itu, lalu kirim lagi."
        )
        raise NotASheet(sentence % {"row": number + 1}) from fault


def _workbook(content: bytes) -> Iterator[Cells]:
    try:
        with ZipFile(BytesIO(content)) as archive:
            _refuse_bomb(archive, len(content))
            has_formulas = _has_formulas(archive)
        shown = _first_sheet(content, data_only=True)
        # A formula is never worked out here. Where no program has, its text is what there is.
        typed = _first_sheet(content, data_only=False) if has_formulas else repeat(None)
        for values, formulas in zip(shown, typed, strict=False):
            yield ["" if value is None else _cell(value) for value in _filled(values, formulas)]
    except FAULTS as fault:
        raise not_a_sheet() from fault


def _refuse_bomb(archive: ZipFile, size: int) -> None:
    # What a part claims to unpack to is all that is ever unpacked of it.
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > ENTRIES or unpacked > min(UNPACKED, RATIO * size):
        raise not_a_sheet()


def _has_formulas(archive: ZipFile) -> bool:
    sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
    return any(FORMULA.search(archive.read(name)) for name in sheets)


def _first_sheet(content: bytes, *, data_only: bool) -> Iterator[tuple[Any, ...]]:
    workbook = load_workbook(BytesIO(content), read_only=True, data_only=data_only)
    sheet = workbook.worksheets[0]
    # What it claims to measure may be less than it holds.
    sheet.reset_dimensions()
    return sheet.iter_rows(max_col=WIDEST, values_only=True)


def _filled(values: tuple[Any, ...], formulas: tuple[Any, ...] | None) -> list[Any]:
    if formulas is None:
        return [*values]
    return [
        getattr(formula, "text", formula) if value is None else value
        for value, formula in zip(values, formulas, strict=True)
    ]


def _cell(value: object) -> str:
    if isinstance(value, datetime) and value.time() == time():
        # A workbook has no days, only their midnights.
        value = value.date()
    if not isinstance(value, str):
        return as_text(value)
    return ESCAPED.sub(lambda found: f"_{found[1]}" if found[1] else "\n", value)
