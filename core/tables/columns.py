"""What a sheet is made of, and how a value stands in a cell as text, in and out alike."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import NamedTuple

from django.utils.functional import Promise

ROWS = 5_000

# The example row of a template says so in its first cell. Whoever overwrites it with data of his
# own removes the words; where they are left standing, the reader leaves the row out and says so.
EXAMPLE = "# CONTOH:"

# A spreadsheet takes a text that begins so for a formula and runs it (CWE-1236); some also behind
# blanks, or with the wide signs of East Asian keyboards.
LEADS = r"(?:\s*[=+\-@＝＋－＠]|[\t\r\n])"
RISKY = re.compile(f"'*{LEADS}")
GUARDED = re.compile(f"'(?='*{LEADS})")
BREAKS = re.compile(r"\r\n?")


@dataclass(frozen=True)
class Column:
    """A column people may fill in. Its title is a word of the file, the same in every language."""

    name: str
    title: str
    help: str | Promise = ""
    required: bool = False
    example: str = ""


class Problem(NamedTuple):
    """What is wrong in one cell: the row as the spreadsheet counts it, the title of the column."""

    row: int
    column: str
    sentence: str


def guarded(text: str) -> str:
    """Put an apostrophe before a text a spreadsheet would run, or would take for one of these."""
    return f"'{text}" if RISKY.match(text) else text


def cleaned(text: str) -> str:
    """The text of a cell as people see it, without the apostrophe that guarded() put there."""
    text = BREAKS.sub("\n", text[1:] if GUARDED.match(text) else text).replace("\t", " ")
    if not text.isprintable():
        text = "".join(sign for sign in text if sign == "\n" or _is_seen(sign))
    return unicodedata.normalize("NFC", text).strip()


def _is_seen(sign: str) -> bool:
    return unicodedata.category(sign) not in {"Cc", "Cf"}


def key(title: str) -> str:
    """What two titles have in common that differ in case and blanks only."""
    return "".join(cleaned(title).casefold().split())


def is_example(cells: list[str]) -> bool:
    return any(cell.startswith("#") and key(cell).startswith(key(EXAMPLE)) for cell in cells)


def as_text(value: object) -> str:
    """A value as text without any format: 2026-03-09, 14:30, 12, 0.5."""
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case float() | Decimal():
            return _number(Decimal(repr(value)) if isinstance(value, float) else value)
        case datetime():
            return f"{value.date()} {_clock(value.time())}"
        case time():
            return _clock(value)
        case date():
            return value.isoformat()
        case _:
            return str(value)


def _number(value: Decimal) -> str:
    is_whole = value.is_finite() and value == value.to_integral_value()
    return format(value.quantize(Decimal(1)) if is_whole else value, "f")


def _clock(value: time) -> str:
    return value.isoformat("seconds" if value.second else "minutes")
