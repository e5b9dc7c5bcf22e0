"""The same small chart for each of many: a line through the middle, a band of eight in ten."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from monitoring.charts.scales import Tick, at, steps

LEFT, RIGHT, TOP, BOTTOM = 30, 260, 12, 88
VIEW_BOX = "0 0 264 112"


class Point(NamedTuple):
    """The tenth, the middle and the ninth tenth of a day or a month, in minutes."""

    low: float
    middle: float
    high: float


class Frame(NamedTuple):
    """What is the same in all of them, so that they can be compared."""

    grid: list[Tick]
    limit: str  # where the line lies that none should cross
    highest: int
    view_box: str = VIEW_BOX
    left: str = at(LEFT)
    right: str = at(RIGHT)
    base: str = at(BOTTOM)


class Drawing(NamedTuple):
    """One of them: closed bands and open lines; gaps where there is nothing to show."""

    bands: list[str]
    lines: list[str]
    dots: list[tuple[str, str]]


def frame(rows: Iterable[Sequence[Point | None]], *, limit: float) -> Frame:
    """The axis on which all of them fit."""
    highest = max((point.high for row in rows for point in row if point), default=0)
    scale = steps(max(highest, limit), most=3)
    grid = [Tick(at(_down(value, scale[-1])), str(value)) for value in scale]
    return Frame(grid, at(_down(limit, scale[-1])), scale[-1])


def drawn(points: Sequence[Point | None], *, highest: int) -> Drawing:
    """The lines of one of them."""
    bands, lines, dots = [], [], []
    for run in _runs(points):
        placed = [
            (_across(place, len(points)), [_down(value, highest) for value in point])
            for place, point in run
        ]
        middles = [(x, y[1]) for x, y in placed]
        if len(run) == 1:
            dots += [(at(x), at(y)) for x, y in middles]
            continue
        lines.append(_path(middles))
        above, below = ([(x, y[2]) for x, y in placed], [(x, y[0]) for x, y in placed])
        bands.append(f"{_path([*above, *reversed(below)])}Z")
    return Drawing(bands, lines, dots)


def _runs(points: Sequence[Point | None]) -> Iterator[list[tuple[int, Point]]]:
    for is_there, run in groupby(enumerate(points), key=lambda pair: pair[1] is not None):
        if is_there:
            yield [(place, point) for place, point in run if point is not None]


def _across(place: int, count: int) -> float:
    return LEFT + (RIGHT - LEFT) * (place / (count - 1) if count > 1 else 0.5)


def _down(value: float, highest: int) -> float:
    return BOTTOM - (BOTTOM - TOP) * value / highest


def _path(places: Sequence[tuple[float, float]]) -> str:
    return "M" + " L".join(f"{at(x)} {at(y)}" for x, y in places)
