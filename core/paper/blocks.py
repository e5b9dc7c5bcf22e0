"""What papers are built of: headings, lists, tables, rows of facts, signatures, and codes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import (
    CondPageBreak,
    Flowable,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from core.paper.marks import Code
from core.paper.style import (
    BODY,
    CELL,
    FIGURE,
    HEADING,
    OVERLINE,
    QUIET,
    SMALL,
    STROKE,
    STRONG_BODY,
    STRONG_CELL,
    STRONG_FIGURE,
    SUBHEADING,
    TEXT,
    TITLE,
    paragraph,
)

Story = list[Flowable]
Look = tuple[Any, ...]  # a command of reportlab's TableStyle

THIN: Final = 0.2 * mm
THICK: Final = 0.3 * mm
# Every page of ours has this much room; only a row that is higher is ever torn apart.
PAGE: Final = 150 * mm
SIGNATURE_SPACE: Final = 20 * mm
HEADING_ROOM: Final = 40 * mm
FIGURE_SPACE: Final = "\u2007"  # as wide as a digit


@dataclass(frozen=True)
class Column:
    """One column of a table: its head and its share of the width; figures stand to the right."""

    head: str
    share: float = 1
    is_figure: bool = False


@dataclass(frozen=True)
class Party:
    """Who signs: the office, whose office it is, the name, and a number such as the NIP."""

    office: str
    agency: str
    name: str
    number: str = ""


def title(text: str, *, over: str = "", under: str = "") -> Story:
    """The title of a paper, with a word on its kind above and a quiet line below."""
    parts = ((over, OVERLINE), (text, TITLE), (under, QUIET))
    return [paragraph(part, look) for part, look in parts if part]


def heading(text: str) -> Story:
    """A heading that never stays behind alone at the foot of a page."""
    # Not "keep with next": reportlab never ends where the next is a table longer than a page.
    return [CondPageBreak(HEADING_ROOM), paragraph(text, HEADING)]


def subheading(text: str) -> Paragraph:
    """A smaller heading inside a component."""
    return paragraph(text, SUBHEADING)


def missing(sentence: str = "") -> Paragraph:
    """The sentence that stands where nothing was given."""
    return paragraph(sentence or _("Belum dicantumkan."), QUIET)


def lines(items: Iterable[str], *, empty: str = "", look: ParagraphStyle = BODY) -> Story:
    """One paragraph for each text that is not blank, or a sentence that there is none."""
    return [paragraph(item, look) for item in items if item.strip()] or [missing(empty)]


def numbered(items: Iterable[str], *, empty: str = "") -> Story:
    """A list with numbers, or a sentence that there is nothing to list."""
    given = [item for item in items if item.strip()]
    digits = len(str(len(given)))
    look = ParagraphStyle(
        "numbered",
        BODY,
        leftIndent=(5 + 2.3 * digits) * mm,
        bulletIndent=1 * mm,
        bulletFontName=BODY.fontName,
        bulletFontSize=BODY.fontSize,
        spaceAfter=0.8 * mm,
    )
    listed: Story = [
        paragraph(item, look, mark=f"{n:{FIGURE_SPACE}>{digits}}.")
        for n, item in enumerate(given, 1)
    ]
    return listed or [missing(empty)]


def facts(pairs: Iterable[tuple[str, str]], *, label_share: float = 0.3) -> Table:
    """Rows of a label and what it stands for; a blank value says that it was not given."""
    rows = [
        [paragraph(label, QUIET), paragraph(value, STRONG_BODY) if value.strip() else missing()]
        for label, value in pairs
    ]
    looks = [("BOTTOMPADDING", (0, 0), (-1, -1), 2), ("RIGHTPADDING", (0, 0), (0, -1), 3 * mm)]
    return _table(rows, [label_share, 1 - label_share], looks)


def table(
    columns: Sequence[Column],
    rows: Iterable[Sequence[str]],
    *,
    total: Sequence[str] | None = None,
    has_head: bool = True,
    empty: str = "",
) -> Flowable:
    """A table whose head is repeated on every page; without rows one sentence says so."""
    body = [_cells(columns, row) for row in rows]
    if not body:
        return missing(empty)
    looks: list[Look] = [*ROW_ROOM, ("LINEBELOW", (0, 0), (-1, -1), THIN, STROKE)]
    if has_head:
        body.insert(0, _cells(columns, [column.head for column in columns], is_strong=True))
        looks += [
            ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
            ("LINEBELOW", (0, 0), (-1, 0), THICK, TEXT),
        ]
    if total is not None:
        body.append(_cells(columns, total, is_strong=True))
        looks.append(("LINEABOVE", (0, -1), (-1, -1), THICK, TEXT))
    shares = [column.share for column in columns]
    return _table(body, shares, looks, heads=int(has_head))


def signatures(parties: Sequence[Party], *, above: str = "") -> Story:
    """Room for everyone to sign, two beside each other; one alone signs on the right."""
    signed: list[list[Flowable]] = [_signature(party) for party in parties]
    if len(signed) == 1:
        signed.insert(0, [])
    if above and signed:
        signed[min(1, len(signed) - 1)].insert(0, paragraph(above))
    pairs = [[*signed[at : at + 2], []][:2] for at in range(0, len(signed), 2)]
    looks = [("RIGHTPADDING", (0, 0), (-1, -1), 6 * mm), ("TOPPADDING", (0, 0), (-1, -1), 6 * mm)]
    return [_table([pair], [0.5, 0.5], looks) for pair in pairs]


def code(address: str, caption: str, *, size: float = 28 * mm) -> Story:
    """An address to scan, with a line that says what for; none where there is no address."""
    return [Code(address, size), gap(3), paragraph(caption, SMALL)] if address else []


def row(cells: Sequence[Sequence[Flowable]], shares: Sequence[float]) -> Table:
    """Columns beside each other, each with its share of the width."""
    return _table([cells], shares, [("LEFTPADDING", (1, 0), (-1, 0), 5 * mm)])


def gap(height: float) -> Spacer:
    """White space of so many millimetres."""
    return Spacer(0, height * mm)


ROW_ROOM: Final[list[Look]] = [
    ("TOPPADDING", (0, 0), (-1, -1), 1.4 * mm),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 1.4 * mm),
    ("LEFTPADDING", (1, 0), (-1, -1), 2.5 * mm),
]


def _signature(party: Party) -> Story:
    return [
        paragraph(party.office),
        *([paragraph(party.agency)] if party.agency else []),
        Spacer(0, SIGNATURE_SPACE),
        paragraph(party.name, STRONG_BODY),
        *([paragraph(party.number)] if party.number else []),
    ]


def _cells(columns: Sequence[Column], row: Sequence[str], *, is_strong: bool = False) -> Story:
    looks = {
        (False, False): CELL,
        (False, True): FIGURE,
        (True, False): STRONG_CELL,
        (True, True): STRONG_FIGURE,
    }
    return [
        paragraph(text, looks[is_strong, column.is_figure])
        for column, text in zip(columns, row, strict=True)
    ]


class _Rows(Table):
    """A table that breaks between its rows, and within one only if no page can hold it."""

    def split(self, availWidth: float, availHeight: float) -> Story:
        self.wrap(availWidth, availHeight)
        heights: Sequence[float] = self._rowHeights  # type: ignore[attr-defined]
        first = heights[min(int(self.repeatRows), len(heights) - 1)]
        self.splitInRow = int(first > PAGE)
        parts: Story = super().split(availWidth, availHeight)
        return parts


def _table(
    rows: Sequence[Sequence[Flowable | Sequence[Flowable]]],
    shares: Sequence[float],
    looks: Sequence[Look],
    *,
    heads: int = 0,
) -> Table:
    base = [("VALIGN", (0, 0), (-1, -1), "TOP")] + [
        (f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")
    ]
    return _Rows(
        [list(row) for row in rows],
        colWidths=[f"{100 * share / sum(shares)}%" for share in shares],
        repeatRows=heads,
        style=TableStyle([*base, *looks]),
    )
