"""Columns beside each other on one scale, each with a mark above it where there is one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from monitoring.charts.scales import Tick, at, share, steps

TOP, HEIGHT, FOOT = 12, 150, 50  # room above, the plot, its axis and its unit
CROWDED = 9  # columns from which a narrow screen names every other one
PART = 0.7  # of its place that a column fills


class Column(NamedTuple):
    """Where one stands; the mark is a short line across it. Nothing is drawn where nothing is."""

    x: str
    end: str
    middle: str
    y: str
    width: str
    height: str
    mark: str
    label: str
    is_odd: bool


@dataclass(frozen=True)
class Columns:
    """Everything that is drawn; places across are shares of the width, others pixels."""

    columns: list[Column]
    grid: list[Tick]
    is_crowded: bool
    base: str = at(TOP + HEIGHT)
    axis_text: str = at(TOP + HEIGHT + 20)
    unit_text: str = at(TOP + HEIGHT + 44)
    height: str = at(TOP + HEIGHT + FOOT)


def drawn(rows: Sequence[tuple[str, float | None, float | None]]) -> Columns:
    """A column for each word with its value and its mark, either of which may be missing."""
    highest = max((max(value or 0, mark or 0) for _label, value, mark in rows), default=0)
    scale = steps(highest)

    def up(value: float) -> float:
        return TOP + HEIGHT * (1 - value / scale[-1])

    columns = []
    for place, (label, value, mark) in enumerate(rows):
        left, wide = (place + (1 - PART) / 2) / len(rows), PART / len(rows)
        y = up(value or 0)
        columns.append(
            Column(
                x=share(left),
                end=share(left + wide),
                middle=share(left + wide / 2),
                y=at(y),
                width=share(wide),
                height=at(TOP + HEIGHT - y) if value else "",
                mark="" if mark is None else at(up(mark)),
                label=label,
                is_odd=bool(place % 2),
            )
        )
    grid = [Tick(at(up(value)), str(value)) for value in scale[1:]]
    return Columns(columns, grid, len(rows) > CROWDED)
