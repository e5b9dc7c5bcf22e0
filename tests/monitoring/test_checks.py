from datetime import time, timedelta

import pytest
from django.db.models import F

from agencies.models import OpeningHours, Zone
from core import memo
from core.proof import Scope
from monitoring import checks, rollups
from monitoring.models import Day, Month
from queueing import ledger, sweeps
from queueing.models import Ticket
from queueing.simulation import whole_days
from queueing.states import Move, State
from tests.recipes import MONDAY, at, make_hall

pytestmark = pytest.mark.django_db
AFTER = MONDAY + timedelta(30)  # a Wednesday


@pytest.fixture
def hall():
    """A closed Monday with two numbers, one of them served."""
    hall = make_hall()
    first, _second = hall.issue(now=at(9)), hall.issue(now=at(9, 10))
    hall.call(now=at(9, 20))
    hall.done(first, now=at(9, 25))
    midnight = at(0, 5, on=MONDAY + timedelta(1))
    sweeps.close_days(now=midnight)
    rollups.refresh(now=midnight)
    return hall


ALL = [checks.days, checks.whole, checks.months]


@pytest.mark.parametrize("check", ALL)
def test_what_was_counted_is_what_happened(hall, check):
    outcome = check(Scope())

    assert outcome.checked == 1
    assert outcome.breaches == []


def spoil(where, at_count, by=1):
    """Raise one count in every cell or total of the day."""
    day = Day.objects.get(date=MONDAY)
    stored = getattr(day, where)
    counts = stored[0][6] if where == "cells" else stored[0]
    counts[at_count] += by
    Day.objects.filter(pk=day.pk).update(**{where: stored})


def test_a_cell_that_says_more_than_its_tickets_is_found(hall):
    spoil("cells", 0)

    assert len(checks.days(Scope()).breaches) == 1


def test_a_total_that_is_not_that_of_its_cells_is_found(hall):
    spoil("totals", 3)

    assert len(checks.whole(Scope()).breaches) == 3


def test_a_day_that_was_changed_in_all_places_at_once_is_found(hall):
    for where in ("cells", "totals"):
        spoil(where, 11)

    assert [each.what for each in checks.whole(Scope()).breaches] == [
        "was changed after it had been counted"
    ]


def test_a_month_that_is_not_the_sum_of_its_days_is_found(hall):
    Month.objects.update(days=7)

    assert [each.what for each in checks.months(Scope()).breaches] == [
        "days is not that of its days"
    ]


# --- Planted faults: each is found ---------------------------------------------------------------

FAULTS = {
    "a wait": {"wait_seconds": F("wait_seconds") + 1},
    "a service time": {"service_seconds": F("service_seconds") + 1},
    "an hour": {"issued_at": F("issued_at") - timedelta(hours=1)},
    "a call": {"called_at": None},
    "an outcome": {"state": State.CANCELLED},
    "a number that was never printed": {"state": State.WITHDRAWN},
}


@pytest.mark.parametrize("changes", FAULTS.values(), ids=FAULTS)
def test_a_ticket_that_was_changed_behind_the_counts_back_is_found(hall, changes):
    Ticket.objects.filter(state=State.DONE).update(**changes)

    (breach,) = checks.days(Scope()).breaches
    assert (breach.model, breach.pk) == (Day, Day.objects.get(date=MONDAY).pk)


def test_a_ticket_that_the_count_never_saw_is_found(hall):
    lost = Ticket.objects.get(state=State.DONE)
    lost.pk, lost.number = None, 99
    lost.save()

    assert len(checks.days(Scope()).breaches) == 1


def test_a_cell_without_tickets_is_found(hall):
    day = Day.objects.get(date=MONDAY)
    ghost = [*day.cells[0]]
    ghost[5] += 1  # another hour
    Day.objects.filter(pk=day.pk).update(cells=[*day.cells, ghost])

    assert len(checks.days(Scope()).breaches) == 1


MONTHLY = ("totals", "parts", "hours", "agency_hours", "attendance", "until")


@pytest.mark.parametrize("field", MONTHLY)
def test_every_part_of_a_month_is_compared_with_its_days(hall, field):
    empty = {"attendance": {}, "until": None}.get(field, [])
    Month.objects.update(**{field: empty})

    assert [each.what for each in checks.months(Scope()).breaches] == [
        f"{field} is not that of its days"
    ]


def test_what_is_known_to_be_stale_is_no_breach(hall):
    spoil("cells", 0)
    Day.objects.update(is_stale=True)
    Month.objects.update(days=7, is_stale=True)

    assert [check(Scope()) for check in ALL] == [(0, [])] * 3


@pytest.mark.parametrize("check", ALL)
def test_only_what_was_asked_for_is_looked_at(hall, check):
    later = Scope(since=MONDAY + timedelta(60))
    other = Scope(mall_id=hall.mall.pk + 1)

    assert [check(later).checked, check(other).checked] == [0, 0]
    assert check(Scope(mall_id=hall.mall.pk)).checked == 1


# --- Thirty days -----------------------------------------------------------------------------------


def late(ticket_id, *, now):
    """An event long after its day: a repair by hand, or rows that arrive from elsewhere."""
    ticket = Ticket.objects.select_related("day").get(pk=ticket_id)
    Ticket.objects.filter(pk=ticket_id).update(state=State.DONE, service_seconds=60, ended_at=now)
    entry = ledger.Entry(now, State.SERVING, State.DONE)
    ledger.write_event(
        ticket_id, Move.FINISH, entry, mall_id=ticket.day.mall_id, day_id=ticket.day_id
    )


def around_the_clock(hall):
    """Somebody takes a number in the first and the last minute of a local day."""
    OpeningHours.objects.filter(mall=hall.mall).update(opens=time(0), closes=time(23, 59, 59))
    memo.clear_all()
    for hour, minute in ((0, 1), (23, 58)):
        hall.issue(now=at(hour, minute, on=AFTER, zone=hall.mall.zone))


@pytest.mark.slow
def test_thirty_days_in_every_zone_are_what_happened():
    halls = [
        make_hall(slug=f"mpp-{number}", zone=zone, counters=2) for number, zone in enumerate(Zone)
    ]
    for hall in halls:
        assert len([*whole_days.play(hall.mall, first=MONDAY, days=30, visitors=6)]) == 22
        around_the_clock(hall)
    end = at(12, on=AFTER + timedelta(1))
    rollups.refresh(now=end)
    for hall in halls:
        expired = Ticket.objects.filter(day__mall=hall.mall, state=State.EXPIRED).first()
        late((expired or Ticket.objects.filter(day__mall=hall.mall).first()).pk, now=end)
    sweeps.close_days(now=end)
    rollups.refresh(now=end + timedelta(minutes=1))

    outcomes = [check(Scope()) for check in ALL]

    assert [outcome.breaches for outcome in outcomes] == [[], [], []]
    assert [outcome.checked for outcome in outcomes] == [23 * 4, 23 * 4, 2 * 4]
    edges = Day.objects.filter(date=AFTER).values_list("cells", flat=True)
    assert [{cell[5] for cell in cells} for cells in edges] == [{0, 23}] * 4
