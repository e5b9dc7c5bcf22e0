"""A poster for a wall: one large title, a few sentences set as large as they fit, who says so."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Final

from django.utils.translation import gettext as _
from reportlab.lib import pagesizes
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import CondPageBreak, Flowable, Spacer, TopPadder

from core.paper.blocks import Party, Story, row
from core.paper.document import Document
from core.paper.marks import Code, Hem, Shield
from core.paper.sheet import Letterhead
from core.paper.style import BRAND, DISPLAY, REGULAR, STRONG, TEXT_2, paragraph, style

# All measures are those of A3; a smaller poster is the same drawing, made smaller.
SIDE: Final = 28 * mm
# The title in two lines while the sentences can be read from three metres; for a longer text in
# one line, and the sentences smaller. What is longer still goes on overleaf, at a size of its own.
SIZES: Final = (
    *((100, size) for size in range(44, 29, -2)),
    *((64, size) for size in range(40, 13, -2)),
)
OVERLEAF: Final = 22
# A name of more letters than this would take the room of the sentences.
LONG_NAME: Final = 70


class Size(Enum):
    """The paper a poster is printed on, upright."""

    A3 = pagesizes.A3
    A4 = pagesizes.A4


@dataclass(frozen=True)
class Poster:
    """What stands on a poster, from the top to the bottom."""

    letterhead: Letterhead
    title: str
    sentences: tuple[str, ...]
    party: Party
    agency: str = ""  # who says so, where it is not the organiser
    signed: str = ""  # where and when
    basis: str = ""  # the decree, in a line
    address: str = ""
    caption: str = ""  # what the address is for


def draw(poster: Poster, size: Size, *, printed_at: datetime) -> bytes:
    """Set a poster; a text too long to be read from afar goes on overleaf."""
    return _Wall(poster, size, printed_at).drawn()


class _Wall(Document):
    """One poster, on paper of one size."""

    def __init__(self, poster: Poster, size: Size, at: datetime) -> None:
        width, height = size.value
        self.poster, self.scale = poster, width / pagesizes.A3[0]
        head = poster.letterhead
        super().__init__(
            size=size.value,
            title=f"{poster.title}: {head.organiser}",
            author=head.organiser,
            at=at.astimezone(head.zone),
        )
        side = SIDE * self.scale
        self.flow(side, side, first=height - side, later=height - side)
        self.room = width - 2 * side, height - 2 * side

    def drawn(self) -> bytes:
        end = [self._gap(10), self._end()]
        for title, size in SIZES:
            story = [*self._head(title), *self._sentences(size)]
            if sum(_height(one, *self.room) for one in (*story, *end)) <= self.room[1]:
                break
        else:
            story = [*self._head(SIZES[-1][0]), *self._sentences(OVERLEAF)]
        # The signature is not torn from its code, unless somebody's name fills the page.
        needed = min(_height(end[-1], *self.room), self.room[1])
        return self.set([*story, CondPageBreak(needed), *end[:-1], TopPadder(end[-1])])

    def finish_page(self, canvas: Canvas, page: int, pages: int) -> None:
        if pages == 1:
            return
        canvas.setFont(REGULAR, 14 * self.scale)
        canvas.setFillColor(TEXT_2)
        counted = _("Halaman %(page)d dari %(pages)d") % {"page": page, "pages": pages}
        canvas.drawRightString(self.room[0] + SIDE * self.scale, 18 * mm * self.scale, counted)

    def _head(self, title: float) -> Story:
        head = self.poster.letterhead
        look = self._style(title, title * 1.02, font=DISPLAY, textColor=BRAND)
        names = [
            paragraph(head.region, self._style(17, 23)),
            self._name(head.organiser, 23),
        ]
        return [
            row([[Shield(23 * mm * self.scale)], names], (0.09, 0.91)),
            self._gap(9),
            Hem(8 * mm * self.scale),
            self._gap(13),
            paragraph(self.poster.title, look),
            *self._agency(),
            self._gap(15),
        ]

    def _agency(self) -> Story:
        agency = self.poster.agency
        return [self._gap(13), self._name(agency, 26)] if agency else []

    def _name(self, name: str, size: float) -> Flowable:
        size *= 0.75 if len(name) > LONG_NAME else 1
        return paragraph(name, self._style(size, size * 1.3, font=STRONG))

    def _sentences(self, size: float) -> Story:
        look = self._style(size, size * 1.36, spaceAfter=size * 0.4 * self.scale)
        return [paragraph(text, look) for text in self.poster.sentences if text.strip()]

    def _end(self) -> Flowable:
        poster, party = self.poster, self.poster.party
        small, plain = self._style(14, 19, textColor=TEXT_2), self._style(17, 24)
        left: Story = [paragraph(poster.basis, plain), self._gap(6)] if poster.basis else []
        if poster.address:
            code = Code(poster.address, 46 * mm * self.scale)
            left += [code, self._gap(5), paragraph(poster.caption, small)]
        signed = [text for text in (poster.signed, party.office, party.agency) if text]
        right: Story = [
            *(paragraph(text, plain) for text in signed),
            self._gap(32),
            paragraph(party.name, self._style(17, 24, font=STRONG)),
            *([paragraph(party.number, plain)] if party.number else []),
        ]
        return row([left, right], (0.45, 0.55))

    def _style(self, size: float, leading: float, **more: Any) -> ParagraphStyle:
        return style(size * self.scale, leading * self.scale, **more)

    def _gap(self, height: float) -> Spacer:
        return Spacer(0, height * mm * self.scale)


def _height(flowable: Flowable, width: float, height: float) -> float:
    return flowable.wrap(width, height)[1] + flowable.getSpaceAfter()
