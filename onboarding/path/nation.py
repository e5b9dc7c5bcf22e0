"""Where every mall of the country stands: by stage, for how long, and who stands still too long.

Only reads, with as many statements for six hundred malls as for three.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple

from django.db.models import F, OuterRef, QuerySet, Subquery

from agencies.models import Mall, Region
from onboarding.models import Milestone
from onboarding.states import STILL, Act, Stage

REGIONS = 514  # regencies and cities in the official list


@dataclass(frozen=True)
class Standing:
    """A mall, since when it has stood in its stage, and for how many days."""

    mall: Mall
    stage: Stage
    since: date | None
    days: int | None

    @property
    def is_still(self) -> bool:
        """Whether it has stood there longer than a mall should."""
        limit = STILL.get(self.stage)
        return limit is not None and self.days is not None and timedelta(self.days) > limit


@dataclass(frozen=True)
class Asked:
    """What the ministry wants to see of the country."""

    province: str = ""
    stage: str = ""
    q: str = ""
    still_only: bool = False


@dataclass(frozen=True)
class Totals:
    """The figures above the board."""

    malls: int
    by_stage: list[tuple[Stage, int]]
    still: int
    regions: int
    without: int

    @property
    def is_whole(self) -> bool:
        """Whether the whole list of regions has been loaded."""
        return self.regions >= REGIONS


def country(*, on: date) -> list[Standing]:
    """Every mall, those that have stood longest in their stage first."""
    entered = Milestone.objects.filter(mall=OuterRef("pk"), led_to=OuterRef("stage"))
    # A move from one place to another changes no stage.
    last = entered.exclude(came_from=F("led_to")).order_by("-pk").values("on")[:1]
    malls = Mall.objects.select_related("region").annotate(since=Subquery(last))
    found = [_standing(mall, mall.since, on) for mall in malls]
    return sorted(found, key=lambda each: (-(each.days or 0), each.mall.short_name))


def wanted(found: Iterable[Standing], asked: Asked) -> list[Standing]:
    """Those of them that are asked for."""
    return [each for each in found if _is_wanted(each, asked)]


def columns(found: Iterable[Standing]) -> list[tuple[Stage, list[Standing]]]:
    """The malls by stage, in the order in which a mall goes through them."""
    by_stage: dict[Stage, list[Standing]] = {stage: [] for stage in Stage}
    for each in found:
        by_stage[each.stage].append(each)
    return list(by_stage.items())


def totals(found: Collection[Standing]) -> Totals:
    """The figures of the whole country."""
    regions = Region.objects.count()
    served = {each.mall.region_id for each in found if each.mall.kind == Mall.Kind.MPP}
    return Totals(
        malls=len(found),
        by_stage=[(stage, len(there)) for stage, there in columns(found)],
        still=sum(each.is_still for each in found),
        regions=regions,
        without=regions - len(served),
    )


def provinces() -> list[str]:
    """The provinces of which regions are loaded."""
    names = Region.objects.order_by("province").values_list("province", flat=True)
    return list(names.distinct())


def uncommitted() -> QuerySet[Region]:
    """The regions that have not committed themselves yet, in the order of their codes."""
    known = Milestone.objects.filter(act=Act.COMMIT).values("mall__region")
    return Region.objects.exclude(pk__in=known).order_by("code")


class Group(NamedTuple):
    """The regions of a province that somebody chooses from."""

    province: str
    regions: list[Region]
    ticked: int
    is_found: bool


def provinces_of(regions: Iterable[Region], q: str, ticked: Collection[str]) -> list[Group]:
    """Regions by province: those somebody looks for, and what is ticked already wherever it is."""
    asked = q.casefold().split()
    groups = []
    for province, here in groupby(regions, key=lambda region: region.province):
        rows = list(here)
        found = [row for row in rows if row.code in ticked or _is_named(row, asked)]
        count = sum(row.code in ticked for row in rows)
        if found:
            groups.append(Group(province, found, count, bool(asked)))
    return groups


def _is_named(region: Region, asked: list[str]) -> bool:
    said = f"{region.name} {region.province} {region.code}".casefold()
    return all(word in said for word in asked)


def _is_wanted(standing: Standing, asked: Asked) -> bool:
    mall = standing.mall
    if asked.province and mall.region.province != asked.province:
        return False
    if asked.stage and mall.stage != asked.stage:
        return False
    said = f"{mall.name} {mall.short_name} {mall.region} {mall.region.code}".casefold()
    if any(word not in said for word in asked.q.casefold().split()):
        return False
    return standing.is_still or not asked.still_only


def _standing(mall: Mall, since: date | None, on: date) -> Standing:
    days = None if since is None else max((on - since).days, 0)
    return Standing(mall, Stage(mall.stage), since, days)
