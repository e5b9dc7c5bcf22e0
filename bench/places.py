"""Services that take reservations: a month to look at, room for everybody, and ten places each."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from agencies import opening
from agencies.models import Mall
from appointments import plans, preparation, slots
from appointments.models import Booking, Plan, Slot, Tranche, Window
from bench.rig import Rig
from core import clock
from core.models import Answer
from queueing.states import Priority
from services.models import Service

HOURS = range(8, 14)  # six windows a day, one after the other
DAYS = 29  # from tomorrow: with today the thirty that the page shows
PLENTY, FEW = 30_000, 10  # places in a window
# Ids that are no other number of a statement, so that a recorded one is known again.
FIRST_IDS = {Slot: 3_000_000, Answer: 5_000_000, Booking: 7_000_000}


@dataclass(frozen=True)
class Offered:
    """A service, what its page needs to know, and when its windows begin from tomorrow on."""

    service_id: int
    path: str
    sealed: str
    starts: tuple[datetime, ...]


def build(rig: Rig, mall: Mall) -> tuple[Offered, Offered, Offered]:
    """A month of which a third is booked; a month with room for everybody; one still untouched."""
    for model, first in FIRST_IDS.items():
        table = model._meta.db_table
        rig.sql("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", (table, first))
    today = opening.local_date(clock.now(), mall.zone)
    month, roomy, fought = Service.objects.filter(presence__mall=mall).order_by("pk")[:3]
    built = (
        _offered(mall, month, FEW, today),
        _offered(mall, roomy, PLENTY, today),
        _offered(mall, fought, FEW, today),
    )
    open_windows(built[0], built[0].starts[::3], booked=FEW)
    open_windows(built[1], built[1].starts, places=PLENTY)
    return built


def open_windows(
    offered: Offered, starts: tuple[datetime, ...], *, places: int = FEW, booked: int = 0
) -> None:
    """The rows of windows in which somebody has already booked."""
    Slot.objects.bulk_create(
        Slot(
            service_id=offered.service_id,
            date=start.date(),
            starts_at=start,
            ends_at=start + timedelta(hours=1),
            online=places,
            priority=0,
            staff=0,
            walk_in=0,
            booked_online=booked,
        )
        for start in starts
    )


def _offered(mall: Mall, service: Service, places: int, today: date) -> Offered:
    plan = Plan.objects.create(service=service, family="ukur")
    Tranche.objects.create(plan=plan, days_before=60, percent=100)
    Window.objects.bulk_create(
        Window(
            plan=plan,
            weekday=weekday,
            begins=time(hour),
            ends=time(hour + 1),
            online=places,
            from_date=today,
        )
        for weekday in range(7)
        for hour in HOURS
    )
    found = plans.stored(service.pk)
    assert found is not None
    days = slots.days_ahead(today + timedelta(days=1), DAYS)
    return Offered(
        service.pk,
        f"/mal/{mall.slug}/layanan/{service.pk}/reservasi/",
        preparation.query(preparation.seal(service.pk, Priority.NONE)),
        tuple(slot.starts_at.astimezone(mall.zone) for on in days for slot in found.slots_on(on)),
    )
