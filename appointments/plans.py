"""The plan of a service as plain values: which windows a day has and how many places are out."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from agencies import opening
from agencies.calendars import calendar_of
from appointments import slots
from appointments.ledger import Wanted
from appointments.models import Absence, ArrivalRule, Plan
from appointments.slots import Release, Shares, Tranche, Window
from appointments.states import Mode
from core.memo import briefly
from notifications import providers
from notifications.states import BY_PHONE
from services.offers import Offer, offer_of

EARLY, LATE = timedelta(minutes=30), timedelta(minutes=10)


@dataclass(frozen=True)
class Bookable:
    """All that booking a service needs to know."""

    offer: Offer
    family: str
    needs_nik: bool
    release: Release
    windows: tuple[Window, ...]
    absences: tuple[tuple[datetime, datetime], ...]

    @property
    def zone(self) -> ZoneInfo:
        return calendar_of(self.offer.mall_id).zone

    def slots_on(self, on: date) -> list[slots.Slot]:
        """The windows of a date that the agency can keep, earliest first."""
        calendar = calendar_of(self.offer.mall_id)
        found = slots.of_day(self.windows, calendar, on, attended=self.offer.attended)
        return [slot for slot in found if not slots.is_cut(slot, self.absences)]

    def percent_on(self, on: date, now: datetime) -> int:
        """How many percent of that date's places are out."""
        return slots.percent_out(self.release, calendar_of(self.offer.mall_id), on, now)

    def wanted(self, starts_at: datetime, now: datetime) -> Wanted | None:
        """The window that begins then, or None when the plan has none."""
        on = opening.local_date(starts_at, calendar_of(self.offer.mall_id).zone)
        for slot in self.slots_on(on):
            if slot.starts_at == starts_at:
                return Wanted(self.offer.service_id, on, slot, self.percent_on(on, now))
        return None


@briefly(5)
def bookable(service_id: int) -> Bookable | None:
    """The plan of a service, or None when it takes no reservations; five seconds old at most."""
    return stored(service_id)


def stored(service_id: int) -> Bookable | None:
    """The plan as the database has it at this moment, for whoever changes places by it."""
    offer = offer_of(service_id)
    plan = (
        # A service that is booked elsewhere keeps its plan, but takes nobody by it.
        Plan.objects.filter(service=service_id, is_active=True, service__booked_with="")
        .prefetch_related("tranches", "windows")
        .first()
    )
    if offer is None or plan is None:
        return None
    tranches = tuple(Tranche(each.days_before, each.percent) for each in plan.tranches.all())
    windows = tuple(
        Window(
            each.weekday,
            each.begins,
            each.ends,
            Shares(each.online, each.priority, each.staff, each.walk_in),
            each.from_date,
            each.until_date,
        )
        for each in plan.windows.all()
    )
    if not tranches or not windows:
        return None
    absences = Absence.objects.filter(presence__services=service_id)
    return Bookable(
        offer,
        plan.family,
        plan.needs_nik,
        Release(plan.release_at, tranches, plan.mode == Mode.DRAW),
        windows,
        tuple(absences.values_list("from_at", "until_at")),
    )


@briefly(5)
def grace(mall_id: int) -> tuple[timedelta, timedelta]:
    """How much before and after the beginning of a window somebody keeps the place in line."""
    rule = ArrivalRule.objects.filter(mall=mall_id).first()
    if rule is None:
        return EARLY, LATE
    return timedelta(minutes=rule.early_minutes), timedelta(minutes=rule.late_minutes)


@briefly(5)
def asks_code(mall_id: int) -> bool:
    """Whether who reserves online types a code first; never where no code would reach a phone."""
    rule = ArrivalRule.objects.filter(mall=mall_id, asks_code=True)
    return reaches_phones(mall_id) and rule.exists()


def reaches_phones(mall_id: int) -> bool:
    """Whether the mall has a way to send something to a phone."""
    return not providers.on(mall_id).isdisjoint(BY_PHONE)
