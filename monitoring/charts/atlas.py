"""Malls on the map of the country by a figure: the larger and darker, the more of it."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from agencies.models import Mall
from agencies.stages import Stage
from agencies.territory import Outline
from onboarding.path import maps
from onboarding.path.nation import Standing

SIZES = (3.5, 4.5, 5.5, 6.5, 7.5)  # one for each level of colour, so that it says nothing alone
UNKNOWN = 4.0


class Symbol(NamedTuple):
    """A mall where its region lies; level 0 has no figure that may be shown."""

    mall: Mall
    place: str
    level: int
    radius: str
    text: str


class Atlas(NamedTuple):
    view_box: str
    outlines: tuple[Outline, ...]
    symbols: list[Symbol]
    sizes: list[tuple[int, str]]
    credit: str


def drawn(malls: Sequence[Mall], levels: Mapping[int, tuple[int, str]], *, province: str) -> Atlas:
    """The map of malls with their levels, 1 to 5, and what is said of each."""
    drawing = maps.drawn(
        [Standing(mall, Stage(mall.stage), None, None) for mall in malls], province=province
    )
    symbols = []
    for each in drawing.symbols:
        level, text = levels.get(each.standing.mall.pk, (0, ""))
        symbols.append(Symbol(each.standing.mall, each.place, level, radius(level), text))
    sizes = [(level, radius(level)) for level in range(len(SIZES) + 1)]
    return Atlas(drawing.view_box, drawing.outlines, symbols, sizes, drawing.credit)


def radius(level: int) -> str:
    return str(SIZES[level - 1] if level else UNKNOWN)
