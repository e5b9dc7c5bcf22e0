"""What the tables of a report are made of, and how they are frozen; pure.

A value is a whole number, a decimal, nothing, or the mark of something that is not shown. Decimals
are frozen as text, so that no program that reads them can change a digit. Nothing in here names a
row by its number in a database: the same figures have the same content everywhere.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from monitoring.account import Account, Figure, Unit, written
from monitoring.definitions import BY_KEY, FEWEST
from monitoring.privacy import OF_NO_PEOPLE, few, hidden, masked, shown

Stored = dict[str, Any]


class Withheld(StrEnum):
    """Why a value is not shown: so few people, or it would give away so few."""

    FEW = "few"
    MASKED = "masked"


MASK = "*"  # on paper
Cell = int | Decimal | Withheld | None
Groups = Mapping[str, Account]


@dataclass(frozen=True)
class Row:
    """One row: its key, which stays the same from month to month, its names and its values."""

    key: str
    names: tuple[str, ...]
    cells: tuple[Cell, ...]

    def values_of(self, table: "Table") -> Iterator[tuple[str, Cell]]:
        """The values of the row with the keys of their figures."""
        return zip(table.figures, self.cells, strict=True)


@dataclass(frozen=True)
class Table:
    """One table of a report: what its rows are called, and which figures it holds of each."""

    key: str
    title: str
    heads: tuple[str, ...]
    figures: tuple[str, ...]
    rows: tuple[Row, ...]
    total: Row | None = None
    note: str = ""

    def column(self, figure: str) -> dict[str, Cell]:
        """The values of one figure by the key of their row."""
        at = self.figures.index(figure)
        return {row.key: row.cells[at] for row in self.rows}

    def cell(self, row: str, figure: str) -> Cell:
        """One value; nothing where there is no such row."""
        return self.column(figure).get(row)


@dataclass(frozen=True)
class Named:
    """A row before its values are looked at: what it is called, and what is known of it."""

    key: str
    names: tuple[str, ...]
    account: Account


def rows_of(
    named: Sequence[Named], figures: Sequence[str], withheld: Mapping[str, set[str]]
) -> tuple[Row, ...]:
    """The rows with those values that may be shown."""
    return tuple(
        Row(
            each.key,
            each.names,
            tuple(
                cell_of(BY_KEY[key], each.account, is_hidden=each.key in withheld.get(key, ()))
                for key in figures
            ),
        )
        for each in named
    )


def withheld_in(named: Iterable[Named], figures: Sequence[str]) -> dict[str, set[str]]:
    """By figure the rows whose value must be hidden beside their sum."""
    accounts = {each.key: each.account for each in named}
    return {key: _hidden(BY_KEY[key], accounts) for key in figures if is_of_people(BY_KEY[key])}


def withheld_inside(
    wholes: Sequence[Named], groups: Mapping[str, Sequence[Named]], figures: Sequence[str]
) -> dict[str, set[str]]:
    """The same of the parts of wholes that are shown too: none may give a hidden whole away.

    `groups` holds the parts of each whole by the whole's key.
    """
    above = withheld_in(wholes, figures)
    found: dict[str, set[str]] = {key: set() for key in above}
    for whole, parts in groups.items():
        inside = withheld_in(parts, figures)
        for key, hidden_wholes in above.items():
            everything = {part.key for part in parts}
            found[key] |= everything if whole in hidden_wholes else inside[key]
    return found


def is_of_people(figure: Figure) -> bool:
    """Whether it counts people, of whom a few would be known."""
    return figure.unit == Unit.COUNT and figure.key not in OF_NO_PEOPLE


def cell_of(figure: Figure, account: Account, *, is_hidden: bool = False) -> Cell:
    """A figure as everybody may read it: a report leaves the mall."""
    seen = shown(figure, account, FEWEST, is_hidden=is_hidden)
    if seen.value is not None or figure.of(account) is None:
        return seen.value
    return Withheld.FEW if seen == few(FEWEST) else Withheld.MASKED


def _hidden(figure: Figure, accounts: Groups) -> set[str]:
    return hidden({key: int(figure.of(each) or 0) for key, each in accounts.items()}, FEWEST)


# --- As they are frozen, and as people read them ------------------------------------------------


def frozen(table: Table) -> Stored:
    """A table in the plainest form there is."""
    return {
        "key": table.key,
        "title": table.title,
        "heads": [*table.heads],
        "figures": [*table.figures],
        "rows": [_frozen(row) for row in table.rows],
        "total": _frozen(table.total) if table.total else None,
        "note": table.note,
    }


def thawed(stored: Stored) -> Table:
    """The table that was frozen."""
    return Table(
        stored["key"],
        stored["title"],
        tuple(stored["heads"]),
        tuple(stored["figures"]),
        tuple(map(_thawed, stored["rows"])),
        _thawed(stored["total"]) if stored["total"] else None,
        stored["note"],
    )


def text_of(cell: Cell, unit: Unit) -> str:
    """A value as people read it."""
    if isinstance(cell, Withheld):
        return few(FEWEST).text if cell == Withheld.FEW else masked()
    return written(cell, unit)


def bare(cell: Cell, unit: Unit) -> str:
    """The same on paper, where columns are narrow and the unit stands in their head."""
    if cell is Withheld.MASKED:
        return MASK
    if unit not in {Unit.MINUTES, Unit.PERCENT} or not isinstance(cell, Decimal):
        return text_of(cell, unit)
    return number_format(cell, decimal_pos=1, force_grouping=True)


def unit_word(unit: Unit) -> str:
    """What stands behind the title of a column whose numbers stand alone."""
    return {Unit.MINUTES: _("menit"), Unit.PERCENT: "%"}.get(unit, "")


def canonical(content: Stored) -> bytes:
    """The one way in which a content is written, wherever it lies."""
    return json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def checksum(content: Stored) -> str:
    """The mark that belongs to a content and to no other."""
    return sha256(canonical(content)).hexdigest()


def _frozen(row: Row) -> Stored:
    values = [str(cell) if isinstance(cell, Decimal | Withheld) else cell for cell in row.cells]
    return {"key": row.key, "names": [*row.names], "values": values}


def _thawed(stored: Stored) -> Row:
    return Row(stored["key"], tuple(stored["names"]), tuple(map(_cell, stored["values"])))


def _cell(value: int | str | None) -> Cell:
    if not isinstance(value, str):
        return value
    return Withheld(value) if value.isalpha() else Decimal(value)
