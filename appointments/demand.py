"""Whether far more people want a place than there are: then a draw proposes itself."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Count

from agencies import opening
from appointments import plans
from appointments.application_states import State as ApplicationState
from appointments.models import Application, Booking
from appointments.slots import WHOLE
from appointments.states import State

FAR_MORE = Decimal("1.5")  # people for each place
TIMES = 2  # on so many days
LOOKED_BACK = timedelta(days=90)
PROMISED = (State.CONFIRMED, State.ARRIVED, State.NO_SHOW, State.CANCELLED, State.CALLED_OFF)


@dataclass(frozen=True)
class Crowded:
    """A date for which far more people wanted a place than there were."""

    on: date
    wanted: int
    places: int

    @property
    def per_place(self) -> Decimal:
        return (Decimal(self.wanted) / self.places).quantize(Decimal("0.1"))


def crowded(service_id: int, *, now: datetime) -> list[Crowded]:
    """The dates of the last 90 days and to come on which demand exceeded 1.5 times the places.

    People are counted, not requests, so that no machine makes a crowd: who has booked, and who has
    applied and got no place. Dates whose places are not all out yet do not count.
    """
    plan = plans.bookable(service_id)
    if plan is None:
        return []
    since = opening.local_date(now, plan.zone) - LOOKED_BACK
    wanted: dict[date, int] = {}
    booked = Booking.objects.filter(
        service=service_id, state__in=PROMISED, slot__date__gte=since
    ).values_list("slot__date")
    applied = Application.objects.filter(service=service_id, date__gte=since).values_list("date")
    left_over = applied.exclude(state__in=[ApplicationState.PLACED, ApplicationState.WITHDRAWN])
    for rows in (booked, left_over):
        for on, count in rows.annotate(Count("phone_index", distinct=True)):
            wanted[on] = wanted.get(on, 0) + count
    found = []
    for on, count in sorted(wanted.items()):
        places = sum(slot.shares.online + slot.shares.priority for slot in plan.slots_on(on))
        is_out = plan.percent_on(on, now) == WHOLE
        if is_out and places and Decimal(count) / places > FAR_MORE:
            found.append(Crowded(on, count, places))
    return found


def draw_is_fairer(found: list[Crowded]) -> bool:
    """Whether a draw is to be proposed."""
    return len(found) >= TIMES
