"""What was promised and kept, as sums that months and countries can add up."""

from datetime import date, time, timedelta

import pytest

from monitoring import attendance
from monitoring.attendance import Kept, all_of, kept_of, together
from queueing.simulation import whole_days
from tests.recipes import MONDAY, at, make_hall, make_presence

compliance = attendance.compliance
PROMISED = compliance.Promised(2, time(8), time(15), minutes=360, staff=None)
BOTH = {"counters_promised": 2, "minutes_promised": 360, "minutes_kept": 300}


def seen(counters=1, officers=2):
    return compliance.Kept(counters, officers, at(8), at(14))


def day(promised=None, kept=None, minutes=0):
    return compliance.Day(MONDAY, promised, kept, minutes)


def test_a_day_that_was_promised_and_kept_counts_on_both_sides():
    found = kept_of(day(PROMISED, seen(), minutes=300))

    assert found == Kept(
        promised_days=1, attended_days=1, counters_kept=1, counters=1, officers=2, **BOTH
    )


def test_staff_counts_only_where_it_was_promised():
    promised = compliance.Promised(2, time(8), time(15), minutes=360, staff=3)

    found = kept_of(day(promised, seen(), minutes=300))

    assert (found.staff_promised, found.staff_kept) == (3, 2)


def test_a_day_that_was_promised_and_not_kept_promises_no_counters():
    # Else one empty day would count twice: once as absent, once as closed counters.
    assert kept_of(day(PROMISED)) == Kept(promised_days=1)


def test_a_day_that_nobody_promised_is_extra():
    assert kept_of(day(kept=seen())) == Kept(extra_days=1, counters=1, officers=2)


def test_days_of_each_agency_are_added_up():
    first = {"2": [*kept_of(day(PROMISED))], "10": [*kept_of(day(kept=seen()))]}
    second = {"2": [*kept_of(day(PROMISED, seen(), minutes=300))]}

    found = together([first, second])

    assert [*found] == ["2", "10"]
    assert found == together([second, first])
    assert attendance.read(found)[2].promised_days == 2
    assert together([found, {}]) == found


def test_agencies_together_are_the_sum_of_each():
    one, other = kept_of(day(PROMISED)), kept_of(day(kept=seen()))

    assert all_of([one, other]) == Kept(promised_days=1, extra_days=1, counters=1, officers=2)
    assert all_of([]) == Kept()


@pytest.mark.django_db
def test_a_simulated_day_is_kept_by_who_was_there_and_not_by_the_others():
    hall = make_hall(counters=2)
    absent = make_presence(hall.mall, "Dinas Absen")
    for _day in whole_days.play(hall.mall, first=MONDAY, visitors=12):
        pass

    found = attendance.read(attendance.of_day(hall.mall, MONDAY))

    kept = found[hall.presence.pk]
    assert (kept.promised_days, kept.attended_days, kept.counters_promised) == (1, 1, 2)
    assert 1 <= kept.counters_kept == kept.counters <= 2
    assert absent.pk not in found


@pytest.mark.django_db
def test_before_the_first_number_of_a_mall_nothing_was_promised():
    hall = make_hall()
    hall.issue(now=at(9))

    assert attendance.of_day(hall.mall, MONDAY - timedelta(7)) == {}


@pytest.mark.django_db
def test_a_mall_without_agencies_has_no_attendance():
    hall = make_hall()
    hall.mall.pk = None
    hall.mall.slug = "mpp-kosong"
    hall.mall.save()

    assert attendance.of_day(hall.mall, date(2026, 3, 9)) == {}
