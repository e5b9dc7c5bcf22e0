"""Writes sheets people download: text that is never run, numbers and dates that stay such."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from typing import Any, Literal, TypeVar

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from xlsxwriter import Workbook  # type: ignore[import-untyped]

from core.tables.columns import EXAMPLE, Column, as_text, guarded
from core.tables.refusals import TooManyRows
from core.uploads import download_name

Response = TypeVar("Response", bound=HttpResponseBase)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LAST_ROW = 1_048_575  # counted from 0; a sheet ends there
DIGITS = 15  # a spreadsheet keeps no more of a number
NARROW, WIDE = 8, 60  # columns, in characters
FORMATS = {
    "header": {"bold": True, "bottom": 1},
    "text": {"num_format": "@"},
    "whole": {"num_format": "0"},
    "part": {"num_format": "#,##0.00"},
    "tenth": {"num_format": "#,##0.0"},
    "day": {"num_format": "yyyy-mm-dd"},
    "moment": {"num_format": "yyyy-mm-dd hh:mm"},
    "time": {"num_format": "hh:mm"},
}
# XML has no place for these; a carriage return would come back as its name.
UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
BREAKS = re.compile(r"\r\n?")
IN_NO_TITLE = re.compile(r"[\[\]:*?/\\']")


@dataclass(frozen=True)
class Table:
    """One sheet of a workbook; `is_form` keeps what people will type into it as they typed it."""

    title: str
    titles: Sequence[str]
    rows: Iterable[Sequence[object]]
    is_form: bool = False


class _Echo:
    def write(self, line: str) -> str:
        return line


def csv_response(
    name: str, titles: Sequence[str], rows: Iterable[Sequence[object]]
) -> StreamingHttpResponse:
    """Send rows as CSV while they are read; a moment is written as its own clock shows it."""
    response = StreamingHttpResponse(_csv(titles, rows), content_type="text/csv; charset=utf-8")
    return _saved_as(response, download_name(name, "csv"))


def xlsx_response(name: str, sheets: Sequence[Table]) -> HttpResponse:
    """Send sheets as one workbook. Raises TooManyRows for more than a sheet can hold."""
    return workbook_response(name, workbook(sheets))


def workbook_response(name: str, written: bytes) -> HttpResponse:
    """Send a workbook that is written already."""
    return _saved_as(HttpResponse(written, content_type=XLSX), download_name(name, "xlsx"))


def workbook(sheets: Sequence[Table], *, made: datetime | None = None) -> bytes:
    """Write sheets as one workbook; with the moment it is of, the same sheets are the same bytes.

    Raises TooManyRows for more than a sheet can hold.
    """
    written = BytesIO()
    with Workbook(written, {"constant_memory": True}) as book:
        if made is not None:
            book.set_properties({"created": made})
        formats = {name: book.add_format(how) for name, how in FORMATS.items()}
        for title, sheet in zip(_page_titles(sheets), sheets, strict=True):
            _write(book.add_worksheet(title), sheet, formats)
    return written.getvalue()


def template_response(
    name: str, columns: Sequence[Column], kind: Literal["csv", "xlsx"]
) -> HttpResponseBase:
    """Send an empty sheet to fill in; its example row is one that read() leaves out."""
    titles = [column.title for column in columns]
    example = [column.example for column in columns]
    example[0] = f"{EXAMPLE} {example[0]}".strip()
    if kind == "csv":
        return csv_response(name, titles, [example])
    guide = [
        (column.title, _("Ya") if column.required else _("Tidak"), column.help, column.example)
        for column in columns
    ]
    heads = [_("Kolom"), _("Wajib"), _("Keterangan"), _("Contoh")]
    return xlsx_response(
        name, [Table(name, titles, [example], is_form=True), Table(_("Petunjuk"), heads, guide)]
    )


def _saved_as(response: Response, name: str) -> Response:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private"
    return response


def _csv(titles: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    line = csv.writer(_Echo())
    # Without it Excel takes the text for that of an old Windows.
    yield "\ufeff"
    yield line.writerow([_text(title) for title in titles])
    for row in rows:
        yield line.writerow([_text(value) for value in row])


def _text(value: object) -> str:
    """A value in CSV, and whatever is text in a workbook: nothing that a spreadsheet would run."""
    if isinstance(value, int | float | Decimal | date | time | None):
        return as_text(value)
    return BREAKS.sub("\n", guarded(UNWRITABLE.sub("", str(value))))


def _page_titles(sheets: Sequence[Table]) -> list[str]:
    """Titles Excel takes: of 31 characters, without signs of its own, each only once."""
    given: list[str] = []
    for number, sheet in enumerate(sheets, 1):
        title = " ".join(IN_NO_TITLE.sub(" ", sheet.title).split())[:31].strip()
        title = title or _("Lembar %(number)d") % {"number": number}
        if title.casefold() in {other.casefold() for other in given}:
            title = f"{title[:27].strip()} {number}"
        given.append(title)
    return given


def _write(page: Any, sheet: Table, formats: dict[str, Any]) -> None:
    widths = [NARROW] * len(sheet.titles)
    page.freeze_panes(1, 0)
    if sheet.is_form:
        page.set_column(0, len(widths) - 1, NARROW, formats["text"])
    last = 0
    for column, title in enumerate(sheet.titles):
        page.write_string(0, column, _writable(title), formats["header"])
        widths[column] = max(widths[column], len(title) + 4)
    for last, row in enumerate(sheet.rows, 1):
        if last > LAST_ROW:
            raise TooManyRows(
                _("Barisnya terlalu banyak untuk satu lembar kerja. Unduh sebagai CSV.")
            )
        for column, value in enumerate(row):
            _put(page, last, column, value, formats)
            widths[column] = max(widths[column], len(_text(value)) + 2)
    for column, width in enumerate(widths):
        page.set_column(
            column, column, min(width, WIDE), formats["text"] if sheet.is_form else None
        )
    page.autofilter(0, 0, last, len(widths) - 1)


def _put(page: Any, row: int, column: int, value: object, formats: dict[str, Any]) -> None:
    match value:
        case None | "":
            pass
        case bool():
            page.write_boolean(row, column, value)
        case int() | float() | Decimal() if _is_kept(value):
            page.write_number(row, column, value, formats[_number_format(value)])
        case datetime() if value.year >= 1900:
            moment = value.replace(tzinfo=None, microsecond=0)
            page.write_datetime(row, column, moment, formats["moment"])
        case time():
            page.write_datetime(row, column, value.replace(tzinfo=None), formats["time"])
        case date() if value.year >= 1900:
            page.write_datetime(row, column, value, formats["day"])
        case _:
            page.write_string(row, column, _writable(value))


def _number_format(number: float | Decimal) -> str:
    if isinstance(number, int):
        return "whole"
    is_tenth = isinstance(number, Decimal) and number.as_tuple().exponent == -1
    return "tenth" if is_tenth else "part"


def _is_kept(number: float | Decimal) -> bool:
    exact = Decimal(repr(number)) if isinstance(number, float) else Decimal(number)
    return exact.is_finite() and len(exact.normalize().as_tuple().digits) <= DIGITS


def _writable(value: object) -> str:
    """A text for a workbook; what looks like the parts of a rich text would be written as XML."""
    text = _text(value)
    return f"{text} " if text.startswith("<r>") else text
