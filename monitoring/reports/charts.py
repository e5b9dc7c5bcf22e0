"""The pictures of a report, laid out from its tables; drawn alike on paper and on the page. Pure.

Lengths are shares of the picture's width and height, counted from its lower left corner.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import override

from monitoring.reports.editions import Edition
from monitoring.reports.tables import Cell, Table

MOST_BARS = 12  # across; of more agencies those with the most visits are drawn
# Table, figure, and whether its rows lie (long names) or stand (along time or minutes).
DRAWN = (
    ("waits", "called", False),
    ("weeks", "visits", False),
    ("months", "visits", False),
    ("days", "visits", False),
    ("agencies", "visits", True),
    ("malls", "visits", True),
)
MOST = 3  # pictures of one report
TALL = 120  # pixels of a standing bar on the page


class Bar(NamedTuple):
    """One row of a table: where it stands, how long it is, what is written at it."""

    start: float
    width: float
    length: float
    name: str
    text: str

    # As attributes of a picture that is as wide as the page and TALL high.
    @property
    def x(self) -> str:
        return f"{100 * self.start:.2f}%"

    @property
    def across(self) -> str:
        return f"{100 * self.width:.2f}%"

    @property
    def y(self) -> str:
        return f"{TALL * (1 - self.length):.1f}"

    @property
    def high(self) -> str:
        return f"{TALL * self.length:.1f}"

    @property
    def along(self) -> str:
        return f"{100 * self.length:.2f}%"


@dataclass(frozen=True)
class Chart:
    """Bars of one figure; `lies`: they grow to the right, under each other."""

    key: str
    title: str
    caption: str
    bars: tuple[Bar, ...]
    lies: bool
    note: str = ""


@override("id")
def of(edition: Edition) -> list[Chart]:
    """The pictures of a report; none of a table in which nothing is shown."""
    found: list[Chart] = []
    for key, figure, lies in DRAWN:
        table = edition.table(key)
        if table is not None and len(found) < MOST:
            chart = _chart(edition, table, figure, lies=lies)
            if chart is not None:
                found.append(chart)
    return found


def _chart(edition: Edition, table: Table, figure: str, *, lies: bool) -> Chart | None:
    cells = table.column(figure)
    rows = [(row.names[0], cells[row.key]) for row in table.rows]
    note = ""
    if lies and len(rows) > MOST_BARS:
        rows = sorted(rows, key=lambda row: -_number(row[1]))[:MOST_BARS]
        note = _("%d yang terbanyak; semuanya ada di tabel.") % MOST_BARS
    most = max((_number(cell) for _name, cell in rows), default=Decimal(0))
    if not most:
        return None
    texts = [edition.text(figure, cell) for _name, cell in rows]
    bars = _bars(rows, texts, most)
    longest = max(bars, key=lambda bar: bar.length)
    said = {"table": table.title, "name": longest.name, "text": longest.text}
    title = _("%(table)s: terbanyak %(name)s, %(text)s") % said
    caption = edition.meanings[figure].title
    return Chart(table.key, title, caption, bars, lies, note)


def _bars(rows: Sequence[tuple[str, Cell]], texts: Sequence[str], most: Decimal) -> tuple[Bar, ...]:
    step = 1 / len(rows)
    return tuple(
        Bar(
            round(at * step, 4),
            round(step * 0.8, 4),
            round(float(_number(cell) / most), 4),
            name,
            text,
        )
        for at, ((name, cell), text) in enumerate(zip(rows, texts, strict=True))
    )


def _number(cell: Cell) -> Decimal:
    """How long a bar is; one that is not shown has no length and its mark beside it."""
    return Decimal(cell) if isinstance(cell, int | Decimal) else Decimal(0)
