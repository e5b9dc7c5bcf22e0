"""Tables of figures as pages and files show them: the same cells, in files as real numbers.

Who watches from outside gets them with small groups hidden (privacy.py), in both alike.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from core import tables
from monitoring import privacy
from monitoring.account import Account, Figure, Unit
from monitoring.definitions import BY_KEY
from monitoring.privacy import Shown

UNITS: dict[Unit, Callable[[], str]] = {
    Unit.MINUTES: lambda: _("menit"),
    Unit.PERCENT: lambda: "%",
}
FORMS = {"csv", "xlsx"}


class Column(NamedTuple):
    """A column; `key` is that of its figure, where it is one."""

    title: str
    key: str = ""
    unit: str = ""
    is_sorted: str = ""  # by this one, "down" or "up"


class Entry(NamedTuple):
    """Somebody's account, under a name."""

    name: str
    account: Account
    url: str = ""
    note: str = ""


@dataclass(frozen=True)
class Row:
    name: str
    cells: list[Shown]
    url: str = ""
    note: str = ""
    key: str = ""  # of the figure that the row is
    unit: str = ""  # of its cells, for files: on pages they have it themselves


@dataclass(frozen=True)
class Sheet:
    """A table; `code` is its name in addresses and on its page."""

    code: str
    title: str
    head: str
    columns: list[Column]
    rows: list[Row]
    total: Row | None = None
    is_sortable: bool = False
    remark: str = ""

    @property
    def keys(self) -> list[Figure]:
        """The figures in it, for their meaning."""
        named = [column.key for column in self.columns] + [row.key for row in self.rows]
        return [BY_KEY[key] for key in dict.fromkeys(named) if key in BY_KEY]

    @property
    def is_masked(self) -> bool:
        """Whether anything in it is hidden."""
        return any(
            cell.value is None and cell.text != "–" for row in self.rows for cell in row.cells
        )


def of_accounts(
    code: str,
    title: str,
    head: str,
    keys: Sequence[str],
    entries: Sequence[Entry],
    *,
    fewest: int,
    total: Account | None = None,
) -> Sheet:
    """Figures of many, a row for each; together they are the total where one is given."""
    chosen = [BY_KEY[key] for key in keys]
    small = privacy.hidden(_counts(BY_KEY["issued"], entries), fewest)
    columns = [_column(figure, entries, fewest, small) for figure in chosen]
    rows = [
        Row(entry.name, [column[place] for column in columns], entry.url, entry.note)
        for place, entry in enumerate(entries)
    ]
    last = None
    if total is not None:
        last = Row(_("Seluruhnya"), [privacy.beside(each, total, fewest) for each in chosen])
    return Sheet(code, title, head, list(map(heading, chosen)), rows, last)


def of_figures(
    code: str,
    title: str,
    keys: Sequence[str],
    periods: Sequence[tuple[str, Account]],
    *,
    fewest: int,
) -> Sheet:
    """Figures of one in several periods, a row for each figure."""
    rows = [
        Row(
            str(figure),
            [privacy.beside(figure, account, fewest) for _title, account in periods],
            key=key,
            unit=unit_of(figure),
        )
        for key in keys
        for figure in [BY_KEY[key]]
    ]
    return Sheet(code, title, _("Angka"), [Column(title) for title, _account in periods], rows)


def heading(figure: Figure) -> Column:
    return Column(str(figure), figure.key, unit_of(figure))


def unit_of(figure: Figure) -> str:
    """The unit as the head of a column names it; none for counts."""
    return UNITS[figure.unit]() if figure.unit in UNITS else ""


def ordered(sheet: Sheet, by: str) -> Sheet:
    """The rows by one figure, the highest first or, by "-key", the lowest; without one last."""
    key, way = by.removeprefix("-"), "up" if by.startswith("-") else "down"
    at = next((at for at, each in enumerate(sheet.columns) if each.key and each.key == key), None)
    if at is None:
        return replace(sheet, is_sortable=True)
    known = [row for row in sheet.rows if row.cells[at].value is not None]
    known.sort(key=lambda row: row.cells[at].value or 0, reverse=way == "down")
    rest = [row for row in sheet.rows if row.cells[at].value is None]
    columns = [
        column._replace(is_sorted=way if place == at else "")
        for place, column in enumerate(sheet.columns)
    ]
    return replace(sheet, columns=columns, rows=known + rest, is_sortable=True)


def download(sheets: Iterable[Sheet], asked: str, *, name: str) -> HttpResponseBase | None:
    """The file that "code.csv" or "code.xlsx" asks for; None where it names no table."""
    code, _dot, form = asked.partition(".")
    sheet = next((each for each in sheets if each.code == code), None)
    if sheet is None or form not in FORMS:
        return None
    titles, rows = flat(sheet)
    name = f"{name} {sheet.code}"
    if form == "csv":
        return tables.csv_response(name, titles, rows)
    return tables.xlsx_response(name, [tables.Table(sheet.title, titles, rows)])


def flat(sheet: Sheet) -> tuple[list[str], list[list[object]]]:
    """The titles and rows of a file: numbers where there are any, else the words of the page."""
    titles = [_with_unit(column.title, column.unit) for column in sheet.columns]
    lines = [*sheet.rows, *([sheet.total] if sheet.total else [])]
    rows = [
        [_with_unit(line.name, line.unit), *(_filed(cell) for cell in line.cells)] for line in lines
    ]
    return [sheet.head, *titles], rows


def _with_unit(title: str, unit: str) -> str:
    return f"{title} ({unit})" if unit else title


def _filed(cell: Shown) -> object:
    if cell.value is not None:
        return cell.value
    return None if cell.text == "–" else cell.text


def _counts(figure: Figure, entries: Sequence[Entry]) -> dict[int, int]:
    return {at: int(figure.of(entry.account) or 0) for at, entry in enumerate(entries)}


def _column(figure: Figure, entries: Sequence[Entry], fewest: int, small: set[int]) -> list[Shown]:
    hides = set(small)
    if figure.unit == Unit.COUNT and privacy.is_of_people(figure):
        hides |= privacy.hidden(_counts(figure, entries), fewest)
    elif figure.key in privacy.PARTS:
        # A share beside a hidden count would tell it.
        part, _whole = privacy.PARTS[figure.key]
        hides |= privacy.hidden(
            {at: getattr(each.account.tally.counts, part) for at, each in enumerate(entries)},
            fewest,
        )
    return [
        privacy.beside(figure, entry.account, fewest, is_hidden=at in hides)
        for at, entry in enumerate(entries)
    ]
