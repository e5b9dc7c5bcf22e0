from datetime import timedelta

import pytest
from django.db.models import Sum

from monitoring import cubes, rollups
from monitoring.models import Day, Month
from monitoring.tallies import unpacked
from queueing import ledger, sweeps
from queueing.models import Ticket
from queueing.simulation import whole_days
from queueing.states import State
from tests.recipes import MONDAY, at, later, make_hall

pytestmark = pytest.mark.django_db


def counted(mall, on=MONDAY):
    return Day.objects.get(mall=mall, date=on)


def test_a_day_is_counted_from_its_tickets():
    hall = make_hall()
    first, _second = hall.issue(now=at(9)), hall.issue(now=at(9, 10))
    hall.call(now=at(9, 20))
    hall.done(first, now=at(9, 25))

    rollups.refresh(now=at(10))

    tally = unpacked(counted(hall.mall).totals)
    assert (tally.counts.issued, tally.counts.served, tally.counts.open) == (2, 1, 1)
    assert (tally.waits.seconds, tally.waits.count) == (1200, 1)


def test_an_event_after_the_count_is_counted_by_the_next():
    hall = make_hall()
    hall.issue(now=at(9))
    rollups.refresh(now=at(10))
    hall.issue(now=at(10, 5))

    rollups.refresh(now=at(10, 6))

    assert unpacked(counted(hall.mall).totals).counts.issued == 2


def test_counting_again_changes_nothing():
    hall = make_hall()
    hall.issue(now=at(9))
    rollups.refresh(now=at(10))

    assert rollups.refresh(now=at(10, 1)) == 0


def test_a_day_closes_and_its_month_holds_it():
    hall = make_hall()
    hall.issue(now=at(9))
    rollups.refresh(now=at(16))
    assert not counted(hall.mall).is_closed

    midnight = at(0, 5, on=MONDAY + timedelta(1))
    sweeps.close_days(now=midnight)
    rollups.refresh(now=midnight)

    month = Month.objects.get(mall=hall.mall)
    assert counted(hall.mall).is_closed
    assert unpacked(month.totals).counts.unserved == 1
    assert (month.days, month.until) == (1, MONDAY)


def test_a_late_event_opens_the_day_and_its_month_again():
    hall = make_hall()
    ticket = hall.issue(now=at(9))
    midnight = at(0, 5, on=MONDAY + timedelta(1))
    sweeps.close_days(now=midnight)
    rollups.refresh(now=midnight)
    before = counted(hall.mall).digest
    # Outside the rules: a repair by hand, or rows that arrive from elsewhere.
    late(ticket, now=later(midnight, hours=3))

    rollups.refresh(now=later(midnight, hours=3))

    assert counted(hall.mall).digest != before
    assert unpacked(Month.objects.get(mall=hall.mall).totals).counts.served == 1


def late(ticket_id, *, now):
    ticket = Ticket.objects.select_related("day").get(pk=ticket_id)
    Ticket.objects.filter(pk=ticket_id).update(state=State.DONE, service_seconds=60, ended_at=now)
    entry = ledger.Entry(now, State.SERVING, State.DONE)
    ledger.write_event(ticket_id, 10, entry, mall_id=ticket.day.mall_id, day_id=ticket.day_id)


def test_a_day_on_which_nobody_came_is_counted_too():
    hall = make_hall()
    hall.issue(now=at(9))
    rollups.refresh(now=at(10))
    tuesday = MONDAY + timedelta(1)

    rollups.refresh(now=at(10, on=tuesday))

    assert counted(hall.mall, tuesday).totals[0][0] == 0


def test_the_cells_of_a_simulated_week_add_up_to_its_tickets():
    hall = make_hall(counters=3)
    for _day in whole_days.play(hall.mall, first=MONDAY, days=5, visitors=40):
        pass

    rollups.refresh(now=at(1, on=MONDAY + timedelta(7)))

    days = Day.objects.filter(mall=hall.mall, date__lt=MONDAY + timedelta(5))
    cells = [pair for day in days for pair in cubes.read_cells(day.cells)]
    found = Ticket.objects.aggregate(Sum("wait_seconds"), Sum("service_seconds"))
    assert sum(tally.counts.issued for _cell, tally in cells) == Ticket.objects.count()
    assert sum(t.services.seconds for _cell, t in cells) == found["service_seconds__sum"]


def test_days_on_which_nobody_came_are_counted_after_a_long_silence_too():
    hall = make_hall()
    hall.issue(now=at(9))
    friday = MONDAY + timedelta(4)
    hall.issue(now=at(9, on=friday))

    rollups.refresh(now=at(10, on=friday))

    assert [*Day.objects.order_by("date").values_list("date", flat=True)] == [
        MONDAY + timedelta(ahead) for ahead in range(5)
    ]
