"""What is drawn rather than set: the kawung hem, the shield, and QR codes."""

from collections.abc import Sequence
from itertools import pairwise, product
from typing import Final

import segno
from reportlab.lib.colors import Color
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject
from reportlab.platypus import Flowable

from core.paper.style import INK, MOTIF, TEXT

Point = tuple[float, float]

# A quarter of one tile, the same lines as static/img/kawung.svg; the other three mirror it.
TILE: Final = 48
TILE_LINE: Final = 1.25
PETAL: Final = (
    *((22.3, 22.3), (14, 23.4), (4.6, 14), (1.7, 1.7)),
    *((14, 4.6), (23.4, 14), (22.3, 22.3)),
)
DASHES: Final = (
    ((10, 10), (12.5, 12.5)),
    ((15.5, 15.5), (16.5, 16.5)),
    ((24, 4), (24, 9)),
    ((4, 24), (9, 24)),
)

# The shield of static/img/icons.svg#lambang, where a region's coat of arms would stand.
SHIELD_SIZE: Final = (40, 46)
SHIELD: Final = (
    *((37, 24), (37, 34), (29, 40), (20, 43)),
    *((11, 40), (3, 34), (3, 24)),
)
# Four leaves around the middle; the upper left one, mirrored like the petals.
MIDDLE: Final = (20, 21)
LEAF: Final = (
    *((20, 21), (14.5, 19.8), (11, 16), (10.6, 11.2)),
    *((15.4, 11.6), (19, 15), (20, 21)),
)


class Hem(Flowable):
    """One row of kawung as wide as the column, in tiles that come out even."""

    def __init__(self, tile: float = 4 * mm, color: Color = MOTIF) -> None:
        super().__init__()
        self.tile, self.color = tile, color

    def wrap(self, aW: float, aH: float) -> Point:
        self.width, self.height = aW, self.tile
        return aW, self.tile

    def draw(self) -> None:
        draw_hem(self.canv, 0, 0, self.width, tile=self.tile, color=self.color)


class Shield(Flowable):
    """The shield in front of the name of a region."""

    def __init__(self, height: float) -> None:
        super().__init__()
        self.scale = height / SHIELD_SIZE[1]
        self.width, self.height = SHIELD_SIZE[0] * self.scale, height

    def wrap(self, aW: float, aH: float) -> Point:
        return self.width, self.height

    def draw(self) -> None:
        canvas: Canvas = self.canv
        # The drawing counts downwards, a PDF upwards.
        canvas.translate(0, self.height)
        canvas.scale(self.scale, -self.scale)
        canvas.setStrokeColor(TEXT)
        canvas.setFillColor(TEXT)
        canvas.setLineWidth(2)
        canvas.setLineJoin(1)
        outline = canvas.beginPath()
        outline.moveTo(3, 3)
        outline.lineTo(37, 3)
        outline.lineTo(*SHIELD[0])
        _curves(outline, SHIELD)
        outline.close()
        canvas.drawPath(outline, stroke=1, fill=0)
        leaves = canvas.beginPath()
        for points in _mirrored(LEAF, MIDDLE):
            leaves.moveTo(*points[0])
            _curves(leaves, points)
            leaves.close()
        canvas.drawPath(leaves, stroke=0, fill=1)


class Code(Flowable):
    """An address as a QR code, which is a link where a PDF is read on a screen.

    It is drawn to its edges, so that it stands flush: keep four modules of white around it.
    """

    def __init__(self, address: str, size: float) -> None:
        super().__init__()
        self.address, self.width, self.height = address, size, size
        self.rows = [bytes(row) for row in segno.make(address, error="m", micro=False).matrix]

    def wrap(self, aW: float, aH: float) -> Point:
        return self.width, self.height

    def draw(self) -> None:
        canvas: Canvas = self.canv
        module = self.width / len(self.rows)
        dark = canvas.beginPath()
        for down, row in enumerate(self.rows):
            y = self.height - (down + 1) * module
            for start, end in _runs(row):
                dark.rect(start * module, y, (end - start) * module, module)
        canvas.setFillColor(INK)
        # One path, so that no hair of white shows between two rows.
        canvas.drawPath(dark, stroke=0, fill=1)
        canvas.linkURL(self.address, (0, 0, self.width, self.height), relative=1)


def draw_hem(
    canvas: Canvas, x: float, y: float, width: float, *, tile: float = 4 * mm, color: Color = MOTIF
) -> None:
    """Draw a row of kawung whose lower left corner is at x, y."""
    count = max(1, round(width / tile))
    canvas.saveState()
    canvas.translate(x, y)
    canvas.scale(width / (count * TILE), tile / TILE)
    canvas.setStrokeColor(color)
    canvas.setLineWidth(TILE_LINE)
    canvas.setLineCap(1)
    lines = canvas.beginPath()
    for number in range(count):
        _tile(lines, number * TILE)
    canvas.drawPath(lines, stroke=1, fill=0)
    canvas.restoreState()


def _tile(path: PDFPathObject, left: float) -> None:
    middle = (TILE / 2, TILE / 2)
    for points in _mirrored(PETAL, middle):
        path.moveTo(left + points[0][0], points[0][1])
        _curves(path, [(left + x, y) for x, y in points])
        path.close()
    for dash in DASHES:
        # A dash on an axis mirrors onto itself.
        for (x1, y1), (x2, y2) in dict.fromkeys(tuple(p) for p in _mirrored(dash, middle)):
            path.moveTo(left + x1, y1)
            path.lineTo(left + x2, y2)


def _curves(path: PDFPathObject, points: Sequence[Point]) -> None:
    """Append curves of three points each to where the path stands, at the first point."""
    for first in range(1, len(points), 3):
        (x1, y1), (x2, y2), (x3, y3) = points[first : first + 3]
        path.curveTo(x1, y1, x2, y2, x3, y3)


def _mirrored(points: Sequence[Point], middle: Point) -> list[list[Point]]:
    """The points and their three reflections in both axes through a middle."""
    return [
        [(abs(across * 2 * middle[0] - x), abs(down * 2 * middle[1] - y)) for x, y in points]
        for across, down in product((0, 1), repeat=2)
    ]


def _runs(row: bytes) -> list[tuple[int, int]]:
    """Where dark modules follow each other in a row: from, to (not included)."""
    edges = [at for at, (a, b) in enumerate(pairwise(b"\0" + row + b"\0")) if a != b]
    return list(zip(edges[::2], edges[1::2], strict=True))
