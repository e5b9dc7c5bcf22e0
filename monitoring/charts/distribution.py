"""How long people waited, in steps of five minutes; an earlier period as a stepped line behind."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from monitoring.charts.scales import Tick, at, share, steps
from monitoring.tallies import MARK, Histogram

SHORTEST, LONGEST = 30 * 60, 120 * 60  # seconds that the axis shows at least and at most
NEARLY_ALL = 49, 50  # of all people lie within the axis, the others behind its end
TOP, HEIGHT, FOOT = 58, 150, 46  # room for the marks, the plot, the axis and its unit
LATE = 0.42  # from here on the words stand before their mark, so that they end on a phone
SECOND = 24  # between the words of one mark and of the next


class Bar(NamedTuple):
    x: str
    y: str
    width: str
    height: str


class Line(NamedTuple):
    x1: str
    y1: str
    x2: str
    y2: str


class Mark(NamedTuple):
    """A dashed line up from a duration, with what it says."""

    x: str
    y: str
    text_y: str
    anchor: str
    aside: str
    label: str


@dataclass(frozen=True)
class Distribution:
    """Everything that is drawn; places across are shares of the width, others pixels."""

    bars: list[Bar]
    was: list[Line]
    marks: list[Mark]
    grid: list[Tick]
    axis: list[Tick]
    top: str = at(TOP)
    base: str = at(TOP + HEIGHT)
    axis_text: str = at(TOP + HEIGHT + 20)
    unit_text: str = at(TOP + HEIGHT + 42)
    height: str = at(TOP + HEIGHT + FOOT)


def last_mark(histograms: Collection[Histogram]) -> int:
    """The seconds at which the axis ends: few people waited longer, whom its last step takes."""
    for seconds in range(SHORTEST, LONGEST, 2 * MARK):
        part, whole = NEARLY_ALL
        if all(each.within(seconds) * whole >= each.count * part for each in histograms):
            return seconds
    return LONGEST


def drawn(
    now: Sequence[float], was: Sequence[float] = (), *, marks: Sequence[tuple[int, str]]
) -> Distribution:
    """A chart of what part of all waited how long: steps of MARK, the last one for all longer.

    `marks` are seconds with their words, the shorter ones first.
    """
    width = len(now) * MARK
    scale = steps(100 * max(*now, *was))

    def up(part: float) -> float:
        return TOP + HEIGHT * (1 - 100 * part / scale[-1])

    return Distribution(
        bars=[_bar(place, up(part), len(now)) for place, part in enumerate(now) if part],
        was=list(_stairs([up(part) for part in was])),
        marks=[
            _mark(order, seconds / width, label) for order, (seconds, label) in enumerate(marks)
        ],
        grid=[Tick(at(up(value / 100)), f"{value} %") for value in scale[1:]],
        axis=_axis(len(now)),
    )


def _bar(place: int, y: float, slots: int) -> Bar:
    left, wide = place / slots, 0.94 / slots
    return Bar(share(left + 0.03 / slots), at(y), share(wide), at(TOP + HEIGHT - y))


def _stairs(heights: Sequence[float]) -> list[Line]:
    """The outline of the earlier period: a step for each height, and what joins it to the next."""
    if not heights:
        return []
    slots, base = len(heights), TOP + HEIGHT
    flat = [
        Line(share(place / slots), at(y), share((place + 1) / slots), at(y))
        for place, y in enumerate(heights)
    ]
    risers = [
        Line(share(place / slots), at(before), share(place / slots), at(y))
        for place, (before, y) in enumerate(pairwise([base, *heights, base]))
    ]
    return flat + risers


def _mark(order: int, where: float, label: str) -> Mark:
    where = min(where, 1)
    is_late = where > LATE
    y = 14 + order * SECOND
    return Mark(
        share(where),
        at(y - 10),
        at(y),
        "end" if is_late else "start",
        "-8" if is_late else "8",
        label,
    )


def _axis(slots: int) -> list[Tick]:
    minutes = MARK // 60
    every = 2 if slots <= 17 else 4
    return [Tick(share(place / slots), str(place * minutes)) for place in range(0, slots, every)]
