"""Numbered components of a standard: name on the left, content on the right, over many pages."""

from collections.abc import Iterable, Sequence
from typing import Final

from django.utils.translation import gettext as _
from reportlab.lib.colors import Color
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph

from core.paper.blocks import THICK, THIN, Story
from core.paper.style import (
    BODY,
    QUIET,
    STROKE,
    STRONG_BODY,
    STRONG_CELL,
    SUBHEADING,
    TEXT,
    paragraph,
)

NUMBER: Final = 10 * mm
NAME: Final = 42 * mm
GUTTER: Final = 4 * mm
HEAD: Final = STRONG_CELL.leading + 1.4 * mm
ABOVE: Final = 2.2 * mm
BELOW: Final = 2.6 * mm
# A component is begun or torn only where this much of it finds room.
PIECE: Final = 20 * mm
NO_LIMIT: Final = 1e6


class Component(Flowable):
    """One component; what does not fit goes on overleaf, under its name once more.

    A table of reportlab would tear the row too, but leaves empty strips and loses its lines.
    """

    def __init__(
        self,
        number: int,
        name: str,
        content: Sequence[Flowable],
        *,
        has_head: bool = False,
        is_continued: bool = False,
    ) -> None:
        super().__init__()
        self.number, self.name, self.content = number, name, list(content)
        self.has_head, self.is_continued = has_head, is_continued
        self.above = ABOVE + (HEAD if has_head else 0)
        again = [paragraph(_("(lanjutan)"), QUIET)] if is_continued else []
        self.label: list[Paragraph] = [paragraph(name, STRONG_BODY), *again]

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:
        self.width = aW
        label = sum(part.wrap(NAME - GUTTER, NO_LIMIT)[1] for part in self.label)
        _last, start, height = self._stacked(aW)[-1]
        self.height = self.above + max(label, start + height) + BELOW
        return aW, self.height

    def split(self, aW: float, aH: float) -> Story:
        room = aH - self.above - BELOW
        if room < PIECE:
            return []
        here, overleaf = self._parted(aW, room)
        # A heading goes with what it heads.
        while len(here) > 1 and _is_heading(here[-1]):
            overleaf.insert(0, here.pop())
        if not here or not overleaf:
            return []
        return [
            Component(
                self.number,
                self.name,
                here,
                has_head=self.has_head,
                is_continued=self.is_continued,
            ),
            Component(self.number, self.name, overleaf, is_continued=True),
        ]

    def draw(self) -> None:
        if self.has_head:
            self._draw_head()
        top = self.height - self.above
        number = paragraph(f"{self.number}.", BODY)
        number.drawOn(self.canv, 0, top - number.wrap(NUMBER, NO_LIMIT)[1])
        down = top
        for part in self.label:
            down -= part.height
            part.drawOn(self.canv, NUMBER, down)
        for flowable, start, height in self._stacked(self.width):
            flowable.drawOn(self.canv, NUMBER + NAME, top - start - height)
        self._rule(0, THIN, STROKE)

    def _draw_head(self) -> None:
        self.canv.setFont(STRONG_CELL.fontName, STRONG_CELL.fontSize)
        self.canv.setFillColor(TEXT)
        base = self.height - STRONG_CELL.fontSize
        for x, text in ((0, _("No.")), (NUMBER, _("Komponen")), (NUMBER + NAME, _("Uraian"))):
            self.canv.drawString(x, base, text)
        self._rule(self.height - HEAD, THICK, TEXT)

    def _rule(self, y: float, thickness: float, color: Color) -> None:
        self.canv.setStrokeColor(color)
        self.canv.setLineWidth(thickness)
        self.canv.line(0, y, self.width, y)

    def _stacked(self, width: float) -> list[tuple[Flowable, float, float]]:
        """Each part of the content, how far below the top it begins, and how high it is."""
        stacked: list[tuple[Flowable, float, float]] = []
        below = space = 0.0
        for flowable in self.content:
            if stacked:
                below += max(space, flowable.getSpaceBefore())
            height = flowable.wrap(width - NUMBER - NAME, NO_LIMIT)[1]
            stacked.append((flowable, below, height))
            below, space = below + height, flowable.getSpaceAfter()
        return stacked

    def _parted(self, width: float, room: float) -> tuple[Story, Story]:
        """The content above a line, and what is left of it."""
        for at, (flowable, start, height) in enumerate(self._stacked(width)):
            if start + height > room:
                pieces = flowable.split(width - NUMBER - NAME, room - start)
                here, rest = ([], [flowable]) if len(pieces) < 2 else (pieces[:1], pieces[1:])
                return self.content[:at] + here, rest + self.content[at + 1 :]
        return self.content[:], []


def _is_heading(flowable: Flowable) -> bool:
    return isinstance(flowable, Paragraph) and flowable.style is SUBHEADING


def components(rows: Iterable[tuple[str, Sequence[Flowable]]], *, first: int = 1) -> Story:
    """A table of numbered components; a component may be longer than a page."""
    return [
        Component(number, name, content, has_head=number == first)
        for number, (name, content) in enumerate(rows, first)
    ]
