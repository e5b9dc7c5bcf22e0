"""Floor plans, and where on them the counters are."""

from collections.abc import Mapping
from datetime import datetime
from io import BytesIO

from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image

from accounts.models import User
from agencies.models import Counter, FloorPlan, Mall
from core.uploads import Accepted, discard, keep
from onboarding.setup.arranging import noting
from onboarding.setup.arranging.refusals import NotThere

WHOLE = 1000  # of the width and of the height of a plan
COLUMNS = 20  # of the grid that people read places from
Spot = tuple[int, int]


@transaction.atomic
def save(mall: Mall, name: str, picture: Accepted, *, by: User, now: datetime) -> FloorPlan:
    """Keep the plan of a floor; another picture of the same name takes its place.

    Counters keep their places on it, and the picture before is gone.
    """
    noting.locked(mall)
    width, height = size_of(picture)
    title = _("Denah %(name)s %(mall)s") % {"name": name, "mall": mall.short_name}
    stored = keep(picture, title=title[:160], now=now)
    known = FloorPlan.objects.filter(mall=mall, name=name).first()
    plan, _created = FloorPlan.objects.update_or_create(
        mall=mall, name=name, defaults={"picture": stored, "width": width, "height": height}
    )
    if known is not None:
        discard(known.picture_id)
    noting.note("plan", plan.pk, mall=mall, by=by, now=now, detail=name)
    return plan


def size_of(picture: Accepted) -> tuple[int, int]:
    """The width and height of a picture that was written anew."""
    with Image.open(BytesIO(picture.content)) as opened:
        return opened.width, opened.height


@transaction.atomic
def remove(plan: FloorPlan, *, by: User, now: datetime) -> None:
    """Throw a plan away with its picture; its counters stand nowhere then."""
    mall = noting.locked(plan.mall)
    Counter.objects.filter(plan=plan).update(plan=None, plan_x=None, plan_y=None)
    FloorPlan.objects.filter(pk=plan.pk).delete()
    discard(plan.picture_id)
    noting.note("plan_removed", plan.pk, mall=mall, by=by, now=now, detail=plan.name)


@transaction.atomic
def put(plan: FloorPlan, spots: Mapping[int, Spot | None], *, by: User, now: datetime) -> None:
    """Put counters of the mall on a plan, or take them off it (None). Raises NotThere."""
    if not spots:
        return
    mall = noting.locked(plan.mall)
    counters = {each.pk: each for each in Counter.objects.filter(mall=mall, pk__in=spots)}
    if len(counters) != len(spots):
        raise NotThere(_("Loket itu tidak ada di mal ini (lagi)."))
    for pk, spot in spots.items():
        counter = counters[pk]
        if spot is not None:
            counter.plan, (counter.plan_x, counter.plan_y) = plan, spot
        elif counter.plan_id == plan.pk:
            counter.plan = counter.plan_x = counter.plan_y = None
    Counter.objects.bulk_update(counters.values(), ["plan", "plan_x", "plan_y"])
    noting.note("plan_counters", plan.pk, mall=mall, by=by, now=now, detail=plan.name)


# The grid


def rows_of(plan: FloorPlan) -> int:
    """How many rows the grid of a plan has, so that its cells are about square."""
    return max(4, min(26, round(COLUMNS * plan.height / plan.width)))


def spot_of(plan: FloorPlan, cell: str) -> Spot | None:
    """The middle of a cell such as C4; None when the plan has no such cell."""
    row, column = ord(cell[:1].upper() or " ") - ord("A"), cell[1:]
    if not (0 <= row < rows_of(plan) and column.isascii() and column.isdigit()):
        return None
    if not 1 <= int(column[:3]) <= COLUMNS:
        return None
    across = (int(column[:3]) - 0.5) / COLUMNS
    return round(across * WHOLE), round((row + 0.5) / rows_of(plan) * WHOLE)


def cell_of(plan: FloorPlan, counter: Counter) -> str:
    """The cell in which a counter stands on this plan; empty when it does not."""
    if counter.plan_id != plan.pk or counter.plan_x is None or counter.plan_y is None:
        return ""
    row = min(counter.plan_y * rows_of(plan) // WHOLE, rows_of(plan) - 1)
    column = min(counter.plan_x * COLUMNS // WHOLE, COLUMNS - 1)
    return f"{chr(ord('A') + row)}{column + 1}"
