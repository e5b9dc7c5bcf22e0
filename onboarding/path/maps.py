"""The malls of the country on its map: one symbol each, its shape and colour by the stage."""

from collections.abc import Iterable
from typing import NamedTuple

from agencies import territory
from agencies.territory import Outline
from onboarding.path.nation import Standing
from onboarding.states import Stage

# Drawn around the middle, about twelve units wide; told apart without colour as well.
SHAPES = {
    Stage.COMMITMENT: "M0-5.5a5.5 5.5 0 1 0 .1 0zM0-2.5a2.5 2.5 0 1 1-.1 0z",
    Stage.PREPARATION: "M0-6.5 6 4.5H-6z",
    Stage.AGREEMENT: "M0-6.5 6.5 0 0 6.5-6.5 0z",
    Stage.SOFT_LAUNCH: "M-5-5H5V5H-5z",
    Stage.INAUGURATED: "M0-5.5a5.5 5.5 0 1 0 .1 0z",
    Stage.COACHED: "M0-7 1.9-2.2 7-2.1 3 1.1 4.4 6 0 3.1-4.4 6-3 1.1-7-2.1-1.9-2.2z",
    Stage.SUSPENDED: "M-5.5-3-3-5.5 0-2.5 3-5.5 5.5-3 2.5 0 5.5 3 3 5.5 0 2.5-3 5.5-5.5 3-2.5 0z",
}
RING = 9
BESIDE = 9.0  # from one place of a region to the next
AROUND = 14.0  # room left around a province
SMALLEST = 120.0  # width to which a province is enlarged
SIZE = 0.8  # scale of a symbol on the whole country
LEAST = 0.2  # scale of a symbol, so that one still hits it with a finger


class Symbol(NamedTuple):
    """A mall where its region lies."""

    standing: Standing
    place: str  # as the transform of an SVG says it, whatever the reader's decimal sign
    shape: str


class Map(NamedTuple):
    """What is drawn, and in which frame."""

    view_box: str
    outlines: tuple[Outline, ...]
    symbols: list[Symbol]
    legend: list[tuple[Stage, str]]
    ring: int
    credit: str


def drawn(found: Iterable[Standing], *, province: str) -> Map:
    """The malls that are asked for on the whole country, or on one province enlarged."""
    left, top, width, height = _frame(province)
    scale = max(SIZE * width / 1200, LEAST)
    return Map(
        view_box=f"{left:g} {top:g} {width:g} {height:g}",
        outlines=territory.outlines(),
        symbols=list(_symbols(found, scale)),
        legend=list(SHAPES.items()),
        ring=RING,
        credit=territory.CREDIT,
    )


def _symbols(found: Iterable[Standing], scale: float) -> Iterable[Symbol]:
    placed: dict[str, int] = {}
    for each in found:
        code = each.mall.region.code
        point = territory.point_of(code)
        if point is None:
            continue
        beside = placed.get(code, 0)
        placed[code] = beside + 1
        x, y = point[0] + beside * BESIDE * scale, point[1]
        place = f"translate({x:.1f} {y:.1f}) scale({scale:.2f})"
        yield Symbol(each, place, SHAPES[each.stage])


def _frame(province: str) -> tuple[float, float, float, float]:
    """What part of the map is shown, with the proportions of the whole."""
    whole = tuple(float(part) for part in territory.VIEW_BOX.split())
    codes = [each.code for each in territory.regencies() if each.province.name == province]
    points = [point for code in codes if (point := territory.point_of(code))]
    if not points:
        return whole[0], whole[1], whole[2], whole[3]
    across, down = [point[0] for point in points], [point[1] for point in points]
    ratio = whole[2] / whole[3]
    tall = (max(down) - min(down) + 2 * AROUND) * ratio
    width = max(max(across) - min(across) + 2 * AROUND, tall, SMALLEST)
    height = width / ratio
    left = (min(across) + max(across) - width) / 2
    return round(left, 1), round((min(down) + max(down) - height) / 2, 1), width, round(height, 1)
