"""Attendance is what happened at the counters, on the mall's own day, for whoever had them then."""

from datetime import date, timedelta

import pytest
from model_bakery import baker

from agencies.models import CounterDay
from onboarding.staff import attendance, rosters
from onboarding.staff.attendance import Kept
from queueing import desks, tickets
from tests.recipes import MONDAY, at, key, make_hall, make_officer, make_presence

pytestmark = pytest.mark.django_db
TUESDAY = MONDAY + timedelta(days=1)
SUNDAY = MONDAY + timedelta(days=6)


@pytest.fixture
def hall():
    """Both officers sat down at eight on Monday."""
    return make_hall(counters=2)


def kept(hall, first=MONDAY, last=MONDAY):
    found = attendance.kept([hall.presence.pk], first, last)
    return {on: each for (_presence, on), each in found.items()}


def sit(hall, now, *, seat=0):
    desks.open_(hall.counters[seat], by=hall.officers[seat], now=now)


def test_a_day_lasts_from_the_first_to_the_last_sign_of_life(hall):
    done = hall.issue(now=at(8, 5))
    hall.call(now=at(8, 10))
    hall.done(done, now=at(8, 20))
    desks.set_break(hall.counter, by=hall.officer, on_break=True, now=at(12))
    desks.set_break(hall.counter, by=hall.officer, on_break=False, now=at(13))
    desks.leave(hall.counter, by=hall.officer, now=at(14, 50))

    assert kept(hall) == {MONDAY: Kept(2, 2, at(8), at(14, 50))}


def test_a_call_alone_is_a_sign_too(hall):
    hall.issue(now=at(9))
    hall.call(now=at(10, 30), seat=1)

    assert kept(hall)[MONDAY].last == at(10, 30)


def test_who_gives_up_a_desk_days_later_was_not_there_again(hall):
    sit(hall, at(8, on=TUESDAY))
    desks.leave(hall.counters[1], by=hall.officers[1], now=at(8, on=TUESDAY))

    assert kept(hall, TUESDAY, TUESDAY)[TUESDAY] == Kept(1, 1, at(8, on=TUESDAY), at(8, on=TUESDAY))


def test_what_nobody_did_at_a_counter_is_no_attendance(hall):
    ticket = hall.issue(now=at(9, on=TUESDAY))
    tickets.cancel(ticket, now=at(10, on=TUESDAY), key=key())

    assert kept(hall, TUESDAY, TUESDAY) == {}


@pytest.mark.parametrize(("first", "last", "days"), [(0, 0, 1), (0, 1, 2), (1, 1, 1), (2, 9, 0)])
def test_only_the_days_asked_for(hall, first, last, days):
    sit(hall, at(8, on=TUESDAY))

    found = kept(hall, MONDAY + timedelta(days=first), MONDAY + timedelta(days=last))

    assert len(found) == days


def test_a_day_is_the_malls_own():
    """06.30 in Jayapura is half past nine of the evening before in London."""
    hall = make_hall(zone="Asia/Jayapura", slug="mpp-timur")
    early = at(6, 30, zone=hall.mall.zone, on=TUESDAY)
    sit(hall, early)

    found = kept(hall, TUESDAY, TUESDAY)

    assert found == {TUESDAY: Kept(1, 1, early, early)}
    assert str(found[TUESDAY].first.tzinfo) == "Asia/Jayapura"


def test_a_counter_counts_for_whoever_had_it_on_that_date(hall):
    """The prosecutors have it from the next week on: what was before stays the agency's."""
    other = make_presence(hall.mall, "Kejaksaan")
    rows = CounterDay.objects.filter(counter=hall.counter, weekday=0)
    rows.update(until_date=MONDAY)
    after = MONDAY + timedelta(days=7)
    baker.make(CounterDay, counter=hall.counter, presence=other, weekday=0, from_date=after)
    newcomer = make_officer(other)
    desks.open_(hall.counter, by=newcomer, now=at(9, on=after), take_over=True)

    both = attendance.kept([hall.presence.pk, other.pk], MONDAY, after)

    assert both == {
        (hall.presence.pk, MONDAY): Kept(2, 2, at(8), at(8)),
        (other.pk, after): Kept(1, 1, at(9, on=after), at(9, on=after)),
    }


def test_what_nobody_had_is_nobodys(hall):
    CounterDay.objects.filter(counter=hall.counter).delete()

    assert kept(hall) == {MONDAY: Kept(1, 1, at(8), at(8))}


def test_another_agencys_days_are_not_told(hall):
    assert attendance.kept([make_presence(hall.mall).pk], MONDAY, MONDAY) == {}
    assert attendance.kept([], MONDAY, MONDAY) == {}


@pytest.mark.parametrize("halls", [1, 3])
def test_the_same_questions_for_one_agency_and_for_three(django_assert_num_queries, halls):
    made = [make_hall(slug=f"mpp-{number}") for number in range(halls)]

    with django_assert_num_queries(4):
        found = attendance.kept([hall.presence.pk for hall in made], MONDAY, SUNDAY)

    assert len(found) == halls


def test_a_week_as_a_sheet(hall):
    hall.issue(now=at(9))
    hall.call(now=at(10, 30), seat=1)
    away = make_presence(hall.mall, "Kejaksaan")

    sheet = rosters.sheet([hall.presence, away], MONDAY)

    came, stayed = sheet.agencies
    assert (sheet.days[0], sheet.days[-1]) == (MONDAY, SUNDAY)
    assert (came.name, came.sums.days, came.sums.counters) == ("Dinas Uji", 1, 2)
    assert (came.lasted, came.sums.hours) == ("2 jam 30 menit", 2.5)
    assert (stayed.name, stayed.sums.days, stayed.lasted) == ("Kejaksaan", 0, "0 jam 0 menit")
    assert {(line.about, line.lasted) for line in sheet.officers} == {
        ("Dinas Uji", "0 jam 0 menit"),
        ("Dinas Uji", "2 jam 30 menit"),
    }
    assert (sheet.before, sheet.after) == (date(2026, 3, 2), date(2026, 3, 16))


def test_a_sheet_asks_as_much_for_many_as_for_one(django_assert_num_queries):
    small, large = make_hall(), make_hall(counters=3, slug="mpp-lain")

    for hall in (small, large):
        with django_assert_num_queries(5):
            rosters.sheet([hall.presence], MONDAY)
