"""The charts of a report on paper."""

from collections.abc import Callable
from typing import Final

from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from core.paper.blocks import THIN, Story, gap
from core.paper.sheet import together
from core.paper.style import (
    BRAND,
    REGULAR,
    SMALL,
    STROKE,
    STRONG_BODY,
    TEXT,
    TEXT_2,
    clean,
    paragraph,
)
from monitoring.reports.charts import Bar, Chart

SIZE: Final = 7.5  # points of the words in a chart
HEIGHT: Final = 38 * mm  # of standing bars
LYING: Final = 5.4 * mm  # of each lying bar
NAMES: Final = 0.4  # share of the width
ROOM: Final = 0.12  # share of the width kept for what is written behind the longest bar
BELOW: Final = 4 * mm


def drawn(chart: Chart) -> Story:
    """A chart with its title, kept on one page."""
    picture = _Lying(chart) if chart.lies else _Standing(chart)
    note: Story = [paragraph(" ".join(filter(None, [f"{chart.caption}.", chart.note])), SMALL)]
    head: Story = [gap(4), paragraph(chart.title, STRONG_BODY), gap(1.5)]
    return together([*head, picture, gap(1), *note])


class _Chart(Flowable):
    def __init__(self, chart: Chart, height: float) -> None:
        super().__init__()
        self.chart, self.height = chart, height

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:
        self.width = aW
        return aW, self.height


class _Standing(_Chart):
    def __init__(self, chart: Chart) -> None:
        super().__init__(chart, HEIGHT + BELOW + SIZE)

    def draw(self) -> None:
        canvas: Canvas = self.canv
        for bar in self.chart.bars:
            canvas.setFillColor(BRAND)
            left, width = bar.start * self.width, bar.width * self.width
            canvas.rect(left, BELOW, width, bar.length * HEIGHT, stroke=0, fill=1)
        canvas.setStrokeColor(STROKE)
        canvas.setLineWidth(THIN)
        canvas.line(0, BELOW, self.width, BELOW)
        canvas.setFont(REGULAR, SIZE)
        self._write([bar.name for bar in self.chart.bars], lambda _bar: 0.0)
        self._write(
            [bar.text for bar in self.chart.bars], lambda bar: BELOW + bar.length * HEIGHT + 1.5
        )

    def _write(self, words: list[str], height: Callable[[Bar], float]) -> None:
        """As many of the words as stand beside each other without touching, evenly."""
        room = self.width / len(words)
        longest = max(stringWidth(word, REGULAR, SIZE) for word in words) + 4
        every = max(1, -(-int(longest) // max(1, int(room))))
        self.canv.setFillColor(TEXT_2)
        for place, (bar, word) in enumerate(zip(self.chart.bars, words, strict=True)):
            left = bar.start * self.width
            if place % every == 0 and left + longest <= self.width + 4:
                self.canv.drawString(left, height(bar), clean(word))


class _Lying(_Chart):
    def __init__(self, chart: Chart) -> None:
        super().__init__(chart, len(chart.bars) * LYING)

    def draw(self) -> None:
        canvas: Canvas = self.canv
        canvas.setFont(REGULAR, SIZE)
        left = NAMES * self.width
        for place, bar in enumerate(self.chart.bars):
            bottom = self.height - (place + 1) * LYING
            length = bar.length * (1 - NAMES - ROOM) * self.width
            canvas.setFillColor(TEXT)
            canvas.drawString(0, bottom + 1.5 * mm, _cut(bar.name, left - 2 * mm))
            canvas.setFillColor(BRAND)
            canvas.rect(left, bottom + 0.6 * mm, length, LYING - 1.2 * mm, stroke=0, fill=1)
            canvas.setFillColor(TEXT_2)
            canvas.drawString(left + length + 1.5 * mm, bottom + 1.5 * mm, clean(bar.text))


def _cut(name: str, width: float) -> str:
    name = clean(name).replace("\n", " ")
    if stringWidth(name, REGULAR, SIZE) <= width:
        return name
    while name and stringWidth(f"{name}…", REGULAR, SIZE) > width:
        name = name[:-1]
    return f"{name.rstrip()}…"
