"""The capacity of services as those who plan it see it: the week, and what a change would do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import Http404
from django.utils.text import slugify

from accounts.models import User
from accounts.roles import Act
from agencies import access as agency_access
from agencies import opening
from agencies.calendars import calendar_of
from agencies.models import Mall, Weekday
from appointments import planning, slots
from appointments.models import Plan, Slot
from appointments.planning import Layout
from appointments.slots import NONE, WHOLE, Release, Shares, Tranche, Window
from appointments.states import Mode
from queueing.access import workday
from services.models import Service
from services.offers import attended_for

LOOKED_AHEAD = 30  # days of a change that are counted out
USUAL = Release(time(8), (Tranche(14, WHOLE),))


# Gates


def service_for(user: User, pk: int, *, now: datetime) -> Service:
    """A service whose reference data the user may edit."""
    reach = agency_access.presences_for(user, Act.EDIT_REFERENCE, on=workday(now))
    offered = Service.objects.offered().select_related("presence__mall__region", "plan")
    found = offered.filter(pk=pk, presence__in=reach).first()
    if found is None:
        raise Http404
    return found


def mall_for(user: User, slug: str, *, now: datetime) -> Mall:
    """A mall whose reference data the user may edit for every agency."""
    malls = agency_access.whole_malls_for(user, Act.EDIT_REFERENCE, on=workday(now))
    found = malls.filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


# The services


@dataclass(frozen=True)
class Row:
    """A service in the list: its plan, if it has one, and what a week of it holds."""

    service: Service
    plan: Plan | None
    windows: int
    places: int


@dataclass(frozen=True)
class Part:
    """The services of one mall; its own rule of coming is for whoever runs all of it."""

    mall: Mall
    rows: tuple[Row, ...]
    is_whole: bool


def parts_for(user: User, *, now: datetime) -> list[Part]:
    """The services whose plans the user makes, by mall, those with a plan first; at least one."""
    on = workday(now)
    reach = agency_access.presences_for(user, Act.EDIT_REFERENCE, on=on)
    whole = {mall.pk for mall in agency_access.whole_malls_for(user, Act.EDIT_REFERENCE, on=on)}
    found = (
        Service.objects.offered()
        .filter(presence__in=reach)
        .select_related("presence__mall__region", "plan")
        .prefetch_related("plan__windows")
        .order_by("presence__mall__name", "presence__board_name", "name", "pk")
    )
    rows: dict[Mall, list[Row]] = {}
    for service in found:
        mall = service.presence.mall
        rows.setdefault(mall, []).append(_row(service, opening.local_date(now, mall.zone)))
    if not rows:
        raise Http404
    return [
        Part(mall, tuple(sorted(each, key=lambda row: row.plan is None)), mall.pk in whole)
        for mall, each in rows.items()
    ]


def _row(service: Service, today: date) -> Row:
    plan: Plan | None = getattr(service, "plan", None)
    windows = [planning.window_of(each) for each in plan.windows.all()] if plan else []
    week = [
        window
        for ahead in range(7)
        for window in windows
        if window.holds_on(today + timedelta(days=ahead))
    ]
    return Row(service, plan, len(week), sum(window.shares.opened for window in week))


# The week


@dataclass(frozen=True)
class Week:
    """The windows of a plan by their span, a column for each weekday."""

    on: date
    weekdays: tuple[Weekday, ...]
    rows: tuple[tuple[time, time, tuple[Window | None, ...]], ...]
    coming: tuple[Window, ...]  # what begins or ends later

    @property
    def places(self) -> list[int]:
        """The places of each weekday."""
        columns = zip(*(cells for _begins, _ends, cells in self.rows), strict=True)
        return [sum(each.shares.opened for each in column if each) for column in columns]


def week(service: Service, layout: Layout, on: date) -> Week:
    """The week that begins with a date, and what is planned for after it."""
    open_on = set(calendar_of(service.presence.mall_id).weekly) | {
        window.weekday for window in layout.windows
    }
    weekdays = tuple(day for day in Weekday if day in open_on)
    standing = {
        (each.begins, each.ends, day): each
        for day in weekdays
        for each in layout.standing(day, on=on)
    }
    spans = sorted({(begins, ends) for begins, ends, _day in standing})
    later = (
        window
        for window in layout.windows
        if window.from_date > on or (window.until_date is not None and window.until_date >= on)
    )
    return Week(
        on,
        weekdays,
        tuple((*span, tuple(standing.get((*span, day)) for day in weekdays)) for span in spans),
        tuple(sorted(later, key=lambda each: (each.from_date, each.weekday, each.begins))),
    )


def layout_of(service: Service) -> Layout | None:
    """The plan of a service, None when it has none."""
    plan: Plan | None = getattr(service, "plan", None)
    return planning.layout_of(plan) if plan else None


def window_at(
    layout: Layout, weekday: int | None, begins: time | None, *, on: date
) -> Window | None:
    """The window of a weekday that begins then; planned ones too, the nearest first."""
    found = [
        each
        for each in layout.windows
        if (each.weekday, each.begins) == (weekday, begins)
        and (each.until_date is None or each.until_date >= on)
    ]
    return min(found, key=lambda each: each.from_date, default=None)


def initial_of(window: Window, *, today: date) -> dict[str, Any]:
    """A window as its form shows it; one that is only planned changes when it begins."""
    from_date = {"from_date": max(window.from_date, today + timedelta(days=1))}
    was = {"was_day": window.weekday, "was_begins": window.begins}
    times = {"weekday": window.weekday, "begins": window.begins, "ends": window.ends}
    return vars(window.shares) | was | times | from_date


def rules_of(service: Service, layout: Layout | None) -> dict[str, Any]:
    """The rules of a plan as their form shows them; for a new one those that are usual."""
    if layout is None:
        # The same service elsewhere: whoever has booked there has booked this.
        same = Plan.objects.filter(service__code=service.code).order_by("pk").first()
        family = same.family if same else slugify(service.name)[:40]
        layout = Layout(True, family, same.needs_nik if same else False, USUAL)
    initial: dict[str, Any] = {
        "is_active": layout.is_active,
        "family": layout.family,
        "needs_nik": layout.needs_nik,
        "release_at": layout.release.at,
        "mode": Mode.DRAW if layout.release.by_draw else Mode.FIRST_COME,
    }
    for place, each in enumerate(layout.release.tranches):
        initial |= {f"days_{place}": each.days_before, f"percent_{place}": each.percent}
    return initial


# A change to come


@dataclass(frozen=True)
class Line:
    """A window of the week before and after a change; None where there is none."""

    weekday: Weekday
    was: Window | None
    becomes: Window | None


@dataclass(frozen=True)
class Preview:
    """What a change would do."""

    lines: tuple[Line, ...]
    dropped: tuple[Window, ...]  # planned for later, and then no more
    idle: tuple[Window, ...]  # that no date of the coming weeks has: outside the hours of the mall
    more: int  # dated windows of the coming weeks with more places
    fewer: int
    booked: int  # bookings in windows that change
    beyond: int  # of these, more than the new places: they keep theirs
    released: tuple[int, int]  # places out now, before and after


def preview(
    service: Service, old: Layout | None, new: Layout, *, from_date: date, now: datetime
) -> Preview:
    """What becomes of the windows and bookings when a plan changes from a date on.

    Raises BookedElsewhere where no plan is used.
    """
    planning.refuse_booked_elsewhere(service)
    coming = list(Slot.objects.filter(service=service, starts_at__gt=now))
    shown = list(slots.days_ahead(from_date, LOOKED_AHEAD))
    days = sorted({*shown, *(slot.date for slot in coming)})
    before = _dated(service, old, days, now)
    after = _dated(service, new, days, now)
    near = [key for key in before | after if shown[0] <= key.date() <= shown[-1]]
    change = [_opened(after.get(key)) - _opened(before.get(key)) for key in near]
    touched = [row for row in coming if before.get(row.starts_at) != after.get(row.starts_at)]
    lines = tuple(_lines(old, new, from_date))
    return Preview(
        lines,
        tuple(_dropped(old, new, from_date)),
        tuple(_idle(lines, after)),
        sum(each > 0 for each in change),
        sum(each < 0 for each in change),
        sum(row.booked_online + row.booked_priority + row.booked_staff for row in touched),
        sum(_beyond(row, after.get(row.starts_at, NONE)) for row in touched),
        (_released(service, old, before, now), _released(service, new, after, now)),
    )


def _dated(
    service: Service, layout: Layout | None, days: Iterable[date], now: datetime
) -> dict[datetime, Shares]:
    """The places of each window to come on these dates, by when it begins at the mall."""
    if layout is None or not layout.is_active:
        return {}
    found = (slot for on in days for slot in planned_on(service, layout, on))
    return {slot.starts_at: slot.shares for slot in found if slot.starts_at > now}


def planned_on(service: Service, layout: Layout, on: date) -> list[slots.Slot]:
    """The windows of a date by this plan, whether or not the agency can keep them."""
    calendar = calendar_of(service.presence.mall_id)
    attended = attended_for(service.pk)
    return slots.of_day(layout.windows, calendar, on, attended=attended)


def _opened(shares: Shares | None) -> int:
    return shares.opened if shares else 0


def _beyond(row: Slot, wanted: Shares) -> int:
    taken = Shares(row.booked_online, row.booked_priority, row.booked_staff, 0)
    return slots.kept(wanted, booked=taken).opened - wanted.opened


def _lines(old: Layout | None, new: Layout, from_date: date) -> Iterable[Line]:
    for day in Weekday:
        was = {each.begins: each for each in old.standing(day, on=from_date)} if old else {}
        becomes = {each.begins: each for each in new.standing(day, on=from_date)}
        for begins in sorted(was.keys() | becomes.keys()):
            one, other = was.get(begins), becomes.get(begins)
            if one is None or other is None or (one.ends, one.shares) != (other.ends, other.shares):
                yield Line(day, one, other)


def _dropped(old: Layout | None, new: Layout, from_date: date) -> Iterable[Window]:
    stays = {(each.weekday, each.begins, each.from_date) for each in new.windows}
    for each in old.windows if old else ():
        is_gone = (each.weekday, each.begins, each.from_date) not in stays
        if each.from_date > from_date and is_gone:
            yield each


def _idle(lines: Iterable[Line], after: dict[datetime, Shares]) -> Iterable[Window]:
    seen = {(key.weekday(), key.timetz().replace(tzinfo=None)) for key in after}
    for line in lines:
        if line.becomes and (line.becomes.weekday, line.becomes.begins) not in seen:
            yield line.becomes


def _released(
    service: Service, layout: Layout | None, dated: dict[datetime, Shares], now: datetime
) -> int:
    """How many of these places people can book by now, taken ones included."""
    if layout is None:
        return 0
    calendar = calendar_of(service.presence.mall_id)
    percents = {
        on: slots.percent_out(layout.release, calendar, on, now)
        for on in {key.date() for key in dated}
    }
    return sum(slots.ledger(shares, percents[key.date()]).online for key, shares in dated.items())
