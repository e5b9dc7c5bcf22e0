"""Floor plans as they are drawn: the picture, the counters on it, and the grid to read from."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch

from agencies.models import Counter, FloorPlan, Mall
from onboarding.setup.arranging import plans
from onboarding.setup.arranging.plans import COLUMNS, WHOLE
from queueing.lines import by_number

WIDTH = 720  # pixels in which a picture is clicked, whatever the screen
PIN = 0.026  # the radius of a counter's mark, of the width of the plan


@dataclass(frozen=True)
class Pin:
    """A counter on a plan, in the units of its drawing."""

    counter: Counter
    x: int
    y: int
    cell: str


@dataclass(frozen=True)
class Line:
    """A line of the grid, or the letter or number between two of them."""

    at: float
    name: str


@dataclass(frozen=True)
class Drawn:
    """A plan with everything that is drawn on it."""

    plan: FloorPlan
    pins: tuple[Pin, ...]

    @property
    def width(self) -> int:
        return WIDTH

    @property
    def height(self) -> int:
        return max(1, round(WIDTH * self.plan.height / self.plan.width))

    @property
    def radius(self) -> float:
        return round(WIDTH * PIN, 1)

    @property
    def columns(self) -> list[Line]:
        step = WIDTH / COLUMNS
        return [Line(round((each + 0.5) * step, 1), str(each + 1)) for each in range(COLUMNS)]

    @property
    def rows(self) -> list[Line]:
        count = plans.rows_of(self.plan)
        step = self.height / count
        return [Line(round((row + 0.5) * step, 1), chr(ord("A") + row)) for row in range(count)]


def of(mall: Mall) -> list[Drawn]:
    """The plans of a mall with their counters."""
    active = Counter.objects.filter(is_active=True, plan_x__isnull=False)
    rows = FloorPlan.objects.filter(mall=mall).order_by("name")
    return [
        _drawn(each, each.counters.all())
        for each in rows.prefetch_related(Prefetch("counters", active))
    ]


def plan(found: FloorPlan) -> Drawn:
    """One plan with its counters."""
    return _drawn(found, found.counters.filter(is_active=True, plan_x__isnull=False))


def _drawn(found: FloorPlan, counters: Iterable[Counter]) -> Drawn:
    empty = Drawn(found, ())
    pins = [
        Pin(
            each,
            round((each.plan_x or 0) / WHOLE * empty.width),
            round((each.plan_y or 0) / WHOLE * empty.height),
            plans.cell_of(found, each),
        )
        for each in sorted(counters, key=lambda row: by_number(row.number))
    ]
    return Drawn(found, tuple(pins))


def spot_at(found: FloorPlan, x: int, y: int) -> plans.Spot:
    """A place that was clicked on the picture, in thousandths of the plan."""
    drawn = Drawn(found, ())
    return min(round(x / drawn.width * WHOLE), WHOLE), min(round(y / drawn.height * WHOLE), WHOLE)
