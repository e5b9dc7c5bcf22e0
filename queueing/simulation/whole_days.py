"""Whole days as fast as the machine allows, for proof and for figures."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _

from agencies import opening
from agencies.models import Mall
from queueing import sweeps
from queueing.models import QueueDay, Ticket
from queueing.refusals import CounterBusy
from queueing.simulation import staff
from queueing.simulation.day import OVERTIME, HallDay


def play(
    mall: Mall, *, first: date, days: int = 1, seed: int = 1, visitors: int | None = None
) -> Iterator[date]:
    """Play the open days from that date on that have no numbers yet; yield each when closed.

    Raises CounterBusy when the portal was left in the middle of a later day.
    """
    for on in (first + timedelta(days=ahead) for ahead in range(days)):
        hall = staff.hall_of(mall, on)
        if hall is None or QueueDay.objects.filter(mall=mall, date=on).exists():
            continue
        sweeps.close_days(now=hall.opens)
        if Ticket.objects.at_counter().filter(counter__mall=mall).exists():
            raise CounterBusy(_("Di mal ini masih ada nomor di loket dari tanggal sesudahnya."))
        day = HallDay(mall, hall, seed=seed, visitors=visitors)
        day.begin()
        day.play(hall.closes + OVERTIME)
        sweeps.close_days(now=midnight_after(mall, on))
        yield on


def midnight_after(mall: Mall, on: date) -> datetime:
    """The moment at which that day is over for the mall."""
    tomorrow = on + timedelta(days=1)
    return datetime.combine(tomorrow, time(0), tzinfo=mall.zone)


def today(mall: Mall, now: datetime) -> date:
    """The mall's own day at that moment."""
    return opening.local_date(now, mall.zone)
