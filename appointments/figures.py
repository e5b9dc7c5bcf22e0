"""What can still be booked: the days and windows of a service, and where else there is a place."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from agencies import opening
from agencies.access import public_malls
from agencies.calendars import calendar_of
from agencies.models import Mall
from appointments import plans, slots
from appointments.ledger import COLUMN
from appointments.models import Draw, Plan, Slot
from appointments.plans import Bookable
from appointments.slots import Ledger, Shares
from appointments.states import Share
from core import sql
from services.models import Service

AHEAD = 30  # days shown at most
NEAREST = 3  # other windows offered when one is full
ELSEWHERE = 2  # other malls offered
Rows: TypeAlias = dict[datetime, tuple[Slot, Shares]]  # with the places that come back later


class Known(NamedTuple):
    """What the database knows of the days of a service."""

    rows: Rows
    draws: dict[date, Draw]


COMING_BACK = """
    SELECT place.slot_id, place.share, COUNT(*) FROM appointments_returningplace AS place
    JOIN appointments_slot AS slot ON slot.id = place.slot_id
    WHERE slot.service_id = %(service)s GROUP BY place.slot_id, place.share"""


class Status(StrEnum):
    FREE = "free"
    FULL = "full"
    UNRELEASED = "unreleased"
    DRAWN = "drawn"
    CLOSED = "closed"


@dataclass(frozen=True)
class Choice:
    """A window on one date: how many places somebody can still book, and the public ledger."""

    starts_at: datetime
    ends_at: datetime
    left: int
    status: Status
    ledger: Ledger
    booked: int


@dataclass(frozen=True)
class Day:
    """A date with its windows; closed when it has none."""

    on: date
    choices: tuple[Choice, ...]
    next_out: datetime | None  # when more of its places are let out
    is_collecting: bool = False  # people apply for a draw now

    @property
    def left(self) -> int:
        return sum(choice.left for choice in self.choices)

    @property
    def status(self) -> Status:
        if not self.choices:
            return Status.CLOSED
        if self.is_collecting:
            return Status.DRAWN
        if self.left:
            return Status.FREE
        is_out = any(choice.status != Status.UNRELEASED for choice in self.choices)
        return Status.FULL if is_out else Status.UNRELEASED


@dataclass(frozen=True)
class Elsewhere:
    """The same service at another mall, and its first free window."""

    service: Service
    mall: Mall
    first: Choice


def days(plan: Bookable, *, now: datetime, is_priority: bool = False) -> list[Day]:
    """The days from today as far as places are let out, with their windows."""
    calendar = calendar_of(plan.offer.mall_id)
    today = opening.local_date(now, calendar.zone)
    # One day more, so that people see when the next places come out.
    shown = list(slots.days_ahead(today, min(plan.release.ahead + 2, AHEAD)))
    known = Known(_rows(plan, shown), _draws(plan, shown))
    return [_day(plan, on, known, now=now, is_priority=is_priority) for on in shown]


def nearest(found: Iterable[Day], starts_at: datetime) -> list[Choice]:
    """The free windows nearest to one that is full."""
    free = (choice for day in found for choice in day.choices if choice.status == Status.FREE)
    near = sorted(free, key=lambda choice: abs(choice.starts_at - starts_at))[:NEAREST]
    return sorted(near, key=lambda choice: choice.starts_at)


def elsewhere(plan: Bookable, *, now: datetime) -> list[Elsewhere]:
    """The same service at other malls where a place is free, those of the same province first."""
    here = Mall.objects.select_related("region").get(pk=plan.offer.mall_id)
    others = (
        Plan.objects.filter(
            family=plan.family, is_active=True, service__presence__mall__in=public_malls()
        )
        .exclude(service__presence__mall=here)
        .select_related("service__presence__mall__region", "service__presence__agency")
        .order_by("service__presence__mall__name", "pk")
    )
    near = sorted(others, key=lambda other: _mall(other).region.province != here.region.province)
    found = []
    for other in near:
        there = plans.bookable(other.service_id)
        first = there and next(iter(nearest(days(there, now=now), now)), None)
        if first:
            found.append(Elsewhere(other.service, _mall(other), first))
        if len(found) == ELSEWHERE:
            break
    return found


def _mall(plan: Plan) -> Mall:
    return plan.service.presence.mall


def _rows(plan: Bookable, shown: list[date]) -> Rows:
    rows = Slot.objects.filter(
        service=plan.offer.service_id, date__gte=shown[0], date__lte=shown[-1]
    )
    coming_back = _coming_back(plan)
    return {row.starts_at: (row, coming_back.get(row.pk, slots.NONE)) for row in rows}


def _coming_back(plan: Bookable) -> dict[int, Shares]:
    """The places that were given up, by slot: not to be had yet, and nobody's."""
    found: dict[int, Counter[str]] = {}
    for slot_id, share, count in sql.rows(COMING_BACK, service=plan.offer.service_id):
        found.setdefault(slot_id, Counter())[COLUMN[Share(share)]] = count
    return {pk: Shares(n["online"], n["priority"], n["staff"], 0) for pk, n in found.items()}


def _draws(plan: Bookable, shown: list[date]) -> dict[date, Draw]:
    """The draws of these dates: what was announced holds, whatever the rules say by now."""
    found = Draw.objects.filter(service=plan.offer.service_id, date__range=(shown[0], shown[-1]))
    return {draw.date: draw for draw in found}


def _day(plan: Bookable, on: date, known: Known, *, now: datetime, is_priority: bool) -> Day:
    percent, next_out, is_collecting = _out(plan, on, known.draws.get(on), now)
    choices = tuple(
        _choice(slot, known.rows.get(slot.starts_at), percent, is_priority=is_priority)
        for slot in plan.slots_on(on)
        if slot.starts_at > now
    )
    return Day(on, choices, next_out, is_collecting)


def _out(
    plan: Bookable, on: date, draw: Draw | None, now: datetime
) -> tuple[int, datetime | None, bool]:
    """How many percent are out, when more will be, and whether people apply for a draw now."""
    calendar = calendar_of(plan.offer.mall_id)
    if draw is None:
        next_out = slots.next_out(plan.release, calendar, on, now)
        opens, closes = slots.collected(plan.release, calendar, on)
        return plan.percent_on(on, now), next_out, plan.release.by_draw and opens <= now < closes
    if draw.done_at is not None:
        return slots.WHOLE, None, False
    # Seconds after it has closed it is drawn; nobody has applied: as the rules say.
    if now < draw.closes_at:
        return 0, draw.closes_at, True
    return (0 if draw.applied else plan.percent_on(on, now)), draw.closes_at, False


def _choice(
    slot: slots.Slot, known: tuple[Slot, Shares] | None, percent: int, *, is_priority: bool
) -> Choice:
    """A window as the plan has it, or as its row says, once somebody has booked in it."""
    shares, taken, back = slot.shares, slots.NONE, slots.NONE
    if known is not None:
        row, back = known
        shares = Shares(row.online, row.priority, row.staff, row.walk_in)
        taken = Shares(row.booked_online, row.booked_priority, row.booked_staff, 0)
    mine = (Share.PRIORITY, Share.ONLINE) if is_priority else (Share.ONLINE,)
    out = {share: slots.released(getattr(shares, COLUMN[share]), percent) for share in mine}
    left = sum(max(0, out[share] - getattr(taken, COLUMN[share])) for share in mine)
    status = Status.FREE if left else Status.FULL if any(out.values()) else Status.UNRELEASED
    return Choice(
        slot.starts_at,
        slot.ends_at,
        left,
        status,
        slots.ledger(shares, percent, back),
        taken.opened - back.opened,
    )
