"""A month of a service: how full each date is, and where its places are."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from agencies import opening
from agencies.calendars import calendar_of
from appointments import slots
from appointments.calendars import planned_on
from appointments.models import Absence, Slot
from appointments.planning import Layout
from appointments.slots import WHOLE, Ledger, Shares
from services.models import Service
from services.offers import attended_for

STEPS = 5  # of colour
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """A window of one date: its ledger, and how many of its places are taken."""

    starts_at: datetime
    ends_at: datetime
    ledger: Ledger
    booked: int


@dataclass(frozen=True)
class Sums:
    """How full some windows are, and where their places are."""

    booked: int
    ledger: Ledger

    @property
    def places(self) -> int:
        """The places that can be booked sooner or later."""
        return self.ledger.opened - self.ledger.walk_in

    @property
    def percent(self) -> int:
        return WHOLE * self.booked // self.places if self.places else 0

    @property
    def step(self) -> int:
        """The colour, from 1 for nearly empty to 5 for nearly full."""
        return min(STEPS, 1 + self.percent * STEPS // WHOLE)


@dataclass(frozen=True)
class Day:
    """A date of the month; without windows it says why."""

    on: date
    spans: tuple[Span, ...]
    reason: str
    note: str  # the holiday, or why the mall keeps other hours
    is_today: bool

    @property
    def sums(self) -> Sums:
        return summed(self.spans)


@dataclass(frozen=True)
class Month:
    """A month of a service, its weeks beginning on Monday."""

    first: date
    days: tuple[Day, ...]

    @property
    def lead(self) -> range:
        """The empty cells before the first day."""
        return range(self.first.weekday())

    @property
    def before(self) -> date:
        return (self.first - ONE_DAY).replace(day=1)

    @property
    def after(self) -> date:
        return self.days[-1].on + ONE_DAY

    @property
    def booked_days(self) -> list[Day]:
        return [day for day in self.days if day.spans]

    @property
    def special(self) -> list[Day]:
        """Holidays, and days with other hours."""
        return [day for day in self.days if day.note]

    @property
    def sums(self) -> Sums:
        return summed(span for day in self.days for span in day.spans)


def summed(spans: Iterable[Span]) -> Sums:
    """Several windows as one."""
    found = list(spans)
    names = ("opened", "online", "walk_in", "staff", "unreleased")
    ledger = Ledger(*(sum(getattr(each.ledger, name) for each in found) for name in names))
    return Sums(sum(each.booked for each in found), ledger)


def month(service: Service, layout: Layout, first: date, *, now: datetime) -> Month:
    """The dates of a month: what is booked, what is open, and what is closed."""
    calendar = calendar_of(service.presence.mall_id)
    today = opening.local_date(now, calendar.zone)
    dates = [first.replace(day=each + 1) for each in range(monthrange(first.year, first.month)[1])]
    absences = list(
        Absence.objects.filter(presence=service.presence_id).values_list("from_at", "until_at")
    )
    rows: dict[date, list[Slot]] = {}
    for row in Slot.objects.filter(service=service, date__range=(dates[0], dates[-1])):
        rows.setdefault(row.date, []).append(row)
    days = []
    for on in dates:
        planned = planned_on(service, layout, on) if layout.is_active else []
        kept = [each for each in planned if not slots.is_cut(each, absences)]
        percent = slots.percent_out(layout.release, calendar, on, now)
        spans = tuple(_spans(kept, rows.get(on, []), percent))
        is_absent = bool(planned) and not kept
        reason = "" if spans else _reason(service, calendar, on, is_absent=is_absent)
        note = opening.day(calendar, on).reason
        days.append(Day(on, spans, reason, note, on == today))
    return Month(first, tuple(days))


def _spans(planned: list[slots.Slot], rows: list[Slot], percent: int) -> Iterable[Span]:
    """The windows of the plan and those with bookings, which may be of a plan of before."""
    found = {
        each.starts_at: Span(each.starts_at, each.ends_at, slots.ledger(each.shares, percent), 0)
        for each in planned
    }
    for row in rows:
        shares = Shares(row.online, row.priority, row.staff, row.walk_in)
        booked = row.booked_online + row.booked_priority + row.booked_staff
        if booked or (shares.opened and row.starts_at in found):
            ledger = slots.ledger(shares, percent)
            found[row.starts_at] = Span(row.starts_at, row.ends_at, ledger, booked)
    return sorted(found.values(), key=lambda each: each.starts_at)


def _reason(service: Service, calendar: opening.Calendar, on: date, *, is_absent: bool) -> str:
    day = opening.day(calendar, on)
    if day.hours is None:
        return day.reason or _("Tutup")
    if is_absent:
        return _("Instansi berhalangan")
    if on not in attended_for(service.pk):
        return _("Instansi tidak hadir")
    return _("Tanpa jendela waktu")
