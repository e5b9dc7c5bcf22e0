"""A number as the bytes that a ticket printer understands (ESC/POS), 80 mm wide. Pure."""

import unicodedata
from dataclasses import dataclass
from textwrap import wrap

from django.utils.translation import gettext as _
from escpos.printer import Dummy

COLUMNS = 48  # characters of the ordinary font on 80 mm
LARGEST = 8  # times the ordinary font
# Each make has code pages of its own: what is not plain would come out as something else.
PLAIN = str.maketrans({"–": "-", "—": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "…": "..."})


@dataclass(frozen=True)
class Slip:
    """What stands on the paper, from top to bottom."""

    mall: str
    place: str
    number: str
    service: str
    agency: str
    facts: tuple[tuple[str, str], ...]  # where to wait, how many are in front, when called
    address: str  # of the page on the phone
    small: tuple[str, ...]


def written(slip: Slip) -> bytes:
    """The slip for any ESC/POS printer: text, the number as large as it fits, a code, a cut."""
    printer = Dummy()
    printer.hw("INIT")
    printer.set_with_default(align="center", bold=True)
    _write(printer, slip.mall)
    printer.set_with_default(align="center")
    _write(printer, slip.place, _("Nomor antrean Anda"))
    size = min(LARGEST, COLUMNS // len(slip.number))
    printer.set_with_default(align="center", custom_size=True, width=size, height=size, bold=True)
    printer.textln(plain(slip.number))
    printer.set_with_default(align="center", bold=True)
    _write(printer, "", slip.service)
    printer.set_with_default(align="center")
    _write(printer, slip.agency)
    printer.set_with_default()
    printer.textln("-" * COLUMNS)
    for name, value in slip.facts:
        printer.textln(_row(plain(name), plain(value)))
    printer.textln("-" * COLUMNS)
    printer.set_with_default(align="center")
    printer.qr(slip.address, native=True, size=6)
    _write(printer, _("Pindai untuk melihat giliran Anda di ponsel."), "", *slip.small)
    printer.cut()
    return bytes(printer.output)


def plain(text: str) -> str:
    """The same words in the letters that every printer has."""
    folded = unicodedata.normalize("NFKD", text.translate(PLAIN))
    letters = folded.encode("ascii", "ignore").decode()
    # A name must not be able to give the printer orders.
    return "".join(letter for letter in letters if letter.isprintable())


def _write(printer: Dummy, *texts: str) -> None:
    for text in texts:
        for line in wrap(plain(text), COLUMNS) or [""]:
            printer.textln(line)


def _row(name: str, value: str) -> str:
    room = COLUMNS - len(value)
    return (
        f"{name[: room - 1]:<{room}}{value}" if len(name) < room else f"{name}\n{value:>{COLUMNS}}"
    )
