"""Days are counted by several workers while their numbers are still being given out."""

import time
from itertools import cycle, pairwise

import pytest
from django.db.models import QuerySet

from monitoring import facts, rollups
from monitoring.models import Day
from monitoring.tallies import merged, packed
from tests.races.crowd import broken_within, errors, together
from tests.recipes import MONDAY, at, later

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
NUMBERS = 12


def counting(times=8):
    """A worker that counts the day again and again; up to which event it found it counted."""
    seen = []
    for turn in range(times):
        seen += [last or 0 for last in Day.objects.values_list("seen", flat=True)]
        for pk in Day.objects.values_list("pk", flat=True):
            rollups.count_day(pk, now=at(9, turn))
        seen += [last or 0 for last in Day.objects.values_list("seen", flat=True)]
        time.sleep(0.01)
    return seen


def giving_out(hall):
    """Somebody at the kiosk; the workers get a moment between two numbers."""
    for minute in range(NUMBERS):
        hall.issue(now=at(9, minute))
        time.sleep(0.03)


def slow_count(patch):
    """Between what a worker reads and what it writes there is time for others."""
    counted, naps = rollups._counted, cycle([0.08, 0.01])

    def slowly(*args, **more):
        found = counted(*args, **more)
        time.sleep(next(naps))  # one worker is overtaken by the next
        return found

    patch.setattr(rollups, "_counted", slowly)


def race(hall):
    """Two workers and a kiosk at once; what each worker saw stored, one after the other."""
    hall.issue(now=at(8, 59))
    rollups.refresh(now=at(9))
    return together(counting, counting, lambda: giving_out(hall))


def runs_backwards(results):
    return any(later < earlier for seen in results[:2] for earlier, later in pairwise(seen))


def test_nothing_older_overwrites_something_newer(hall, monkeypatch):
    slow_count(monkeypatch)

    results = race(hall)
    rollups.refresh(now=at(9, 30))

    day = Day.objects.get(date=MONDAY)
    counted = merged(map(facts.tally_of, facts.of_day(hall.mall, MONDAY)))
    assert errors(results) == []
    assert not runs_backwards(results)
    assert day.totals == packed(counted)
    assert counted.counts.issued == NUMBERS + 1


def test_twin_without_the_days_row_an_old_count_overwrites_a_new_one(hall, guard_off):
    slow_count(guard_off)
    guard_off.setattr(QuerySet, "select_for_update", lambda found, **more: found.all())
    guard_off.setattr(rollups, "count_day", rollups.count_day.__wrapped__)

    def goes_wrong():
        return runs_backwards(race(hall))

    assert broken_within(8, goes_wrong)


def test_two_workers_that_refresh_at_once_count_every_day_and_month_once(hall):
    hall.issue(now=at(9))
    refreshed = together(*[lambda: rollups.refresh(now=at(10))] * 4)

    assert errors(refreshed) == []
    assert sum(refreshed) >= 1
    assert Day.objects.get(date=MONDAY).is_stale is False
    assert rollups.refresh(now=later(at(10), minutes=1)) == 0
