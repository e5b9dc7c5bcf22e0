"""An A4 paper with the letterhead of a region: head, running head, foot, page x of y."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import CondPageBreak, Flowable, Paragraph

from core import formats
from core.paper.blocks import THICK, Story, gap, heading, row
from core.paper.document import Document
from core.paper.marks import Hem, Shield, draw_hem
from core.paper.style import (
    MARGIN,
    MARGIN_BOTTOM,
    MARGIN_TOP,
    ORGANISER,
    REGULAR,
    SMALL,
    SMALL_RIGHT,
    TEXT,
    TEXT_2,
    clean,
    paragraph,
)

HEM: Final = 4 * mm
WIDTH: Final = A4[0] - 2 * MARGIN
TOP: Final = A4[1] - MARGIN_TOP
# What the running head, and the line of moment and page, take of a page.
RUNNING_HEAD: Final = SMALL.leading + HEM + 8 * mm
FOOT: Final = SMALL.leading + 8 * mm
BASE: Final = MARGIN_BOTTOM + SMALL.leading - SMALL.fontSize
# A longer note would eat a part of every page; it is then set once, at the end.
NOTE_LINES: Final = 4


@dataclass(frozen=True)
class Letterhead:
    """Who speaks: the region, who organises the mall, where, and at what clock."""

    region: str
    organiser: str
    address: str
    zone: ZoneInfo
    reference: tuple[str, ...] = ()  # lines at the right of the head: number, nature


@dataclass(frozen=True)
class Sheet:
    """What every page of a paper carries: head, title, a note in the foot, when it was printed."""

    letterhead: Letterhead
    title: str
    printed_at: datetime
    note: str = ""  # definitions and source
    stamp: str = ""  # in place of when it was printed, where that must not be in the bytes


def render(sheet: Sheet, story: Sequence[Flowable]) -> bytes:
    """Set a paper on as many A4 pages as it needs; the same input gives the same bytes."""
    note = paragraph(sheet.note, SMALL)
    is_long = note.wrap(WIDTH, A4[1])[1] > NOTE_LINES * SMALL.leading
    ending: Story = [*heading(_("Keterangan")), note] if is_long else []
    whole = [*letterhead(sheet.letterhead), *story, *ending]
    foot = note if sheet.note and not is_long else None
    return _Paper(sheet, foot).set(whole)


def letterhead(head: Letterhead) -> Story:
    """The head of a first page, with the hem of kawung below it."""
    names = [
        paragraph(head.region),
        paragraph(head.organiser, ORGANISER),
        *([paragraph(head.address)] if head.address else []),
    ]
    reference = [paragraph(line, SMALL_RIGHT) for line in head.reference]
    shares = (0.1, 0.67, 0.23) if reference else (0.1, 0.9)
    cells = ([Shield(18.4 * mm)], names, reference)[: len(shares)]
    return [row(cells, shares), gap(4), Hem(HEM), gap(9)]


def together(story: Story) -> Story:
    """The same, begun on a new page where it would be torn; what fills half a page flows on."""
    height = sum(
        flowable.wrap(WIDTH, A4[1])[1] + flowable.getSpaceBefore() + flowable.getSpaceAfter()
        for flowable in story
    )
    return [CondPageBreak(height), *story] if height < A4[1] / 2 else story


class _Paper(Document):
    """Draws around the flow what a sheet carries on each page."""

    def __init__(self, sheet: Sheet, note: Paragraph | None) -> None:
        head = sheet.letterhead
        moment = sheet.printed_at.astimezone(head.zone)
        super().__init__(size=A4, title=sheet.title, author=head.organiser, at=moment)
        self.sheet, self.note = sheet, note
        self.note_height = note.wrap(WIDTH, A4[1])[1] + 6 * mm if note else 0
        bottom = MARGIN_BOTTOM + FOOT + self.note_height
        self.flow(MARGIN, bottom, first=TOP, later=TOP - RUNNING_HEAD)

    def finish_page(self, canvas: Canvas, page: int, pages: int) -> None:
        canvas.setFont(REGULAR, SMALL.fontSize)
        canvas.setFillColor(TEXT_2)
        counted = _("Halaman %(page)d dari %(pages)d") % {"page": page, "pages": pages}
        canvas.drawString(MARGIN, BASE, self._printed())
        canvas.drawRightString(A4[0] - MARGIN, BASE, counted)
        if page > 1:
            self._draw_running_head(canvas)
        if self.note:
            self._draw_note(canvas, self.note)

    def _printed(self) -> str:
        if self.sheet.stamp:
            return self.sheet.stamp
        moment, zone = self.sheet.printed_at, self.sheet.letterhead.zone
        return _("Dicetak %(day)s, %(time)s") % {
            "day": formats.long_date(moment, zone),
            "time": formats.clock(moment, zone),
        }

    def _draw_note(self, canvas: Canvas, note: Paragraph) -> None:
        bottom = MARGIN_BOTTOM + SMALL.leading + 3 * mm
        note.drawOn(canvas, MARGIN, bottom)
        canvas.setStrokeColor(TEXT)
        canvas.setLineWidth(THICK)
        rule = bottom + self.note_height - 3 * mm
        canvas.line(MARGIN, rule, A4[0] - MARGIN, rule)

    def _draw_running_head(self, canvas: Canvas) -> None:
        organiser = _cut(self.sheet.letterhead.organiser, WIDTH * 0.4)
        base = TOP - SMALL.fontSize
        canvas.drawString(MARGIN, base, _cut(self.sheet.title, WIDTH * 0.55))
        canvas.drawRightString(A4[0] - MARGIN, base, organiser)
        draw_hem(canvas, MARGIN, TOP - SMALL.leading - 2 * mm - HEM, WIDTH, tile=HEM)


def _cut(text: str, width: float) -> str:
    """One line of a text; the whole of it stands on the first page."""
    line = clean(text).replace("\n", " ")[:200]
    if stringWidth(line, REGULAR, SMALL.fontSize) <= width:
        return line
    while line and stringWidth(f"{line}…", REGULAR, SMALL.fontSize) > width:
        line = line[:-1]
    return f"{line.rstrip()}…"
