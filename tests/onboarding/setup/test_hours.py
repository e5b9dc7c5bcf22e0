from datetime import date, time, timedelta

import pytest

from agencies import opening
from agencies.calendars import calendar_of
from agencies.models import BEGINNING, DatedHours, Mall, OpeningHours
from agencies.opening import Hours
from core import memo
from hall.models import HallEvent
from onboarding.setup.arranging import hours
from onboarding.setup.arranging.hours import Special
from onboarding.setup.arranging.refusals import HoldsAlready, KnownAlready, TooEarly
from tests.appointments.recipes import TUESDAY, book, make_plan
from tests.onboarding.setup.recipes import make_admin, make_mall
from tests.recipes import MONDAY, at, make_hall

pytestmark = pytest.mark.django_db
NEW = Hours(time(9), time(14))
DAY = timedelta(days=1)


@pytest.fixture
def hall():
    return make_hall()


@pytest.fixture
def by(hall):
    return make_admin(hall.mall)


def opens(mall, on):
    memo.clear_all()
    return opening.day(calendar_of(mall.pk), on).hours


def week(hours_, *weekdays):
    return {day: hours_ if day in weekdays else None for day in range(7)}


def test_a_change_begins_on_its_day_and_the_past_stays(hall, by):
    hours.set_week(hall.mall, week(NEW, 0, 1), from_date=TUESDAY, by=by, now=at(9))

    assert opens(hall.mall, MONDAY).opens == time(8)
    assert opens(hall.mall, TUESDAY) == NEW
    assert opens(hall.mall, TUESDAY + DAY) is None
    assert opens(hall.mall, MONDAY + 7 * DAY) == NEW


def test_a_public_mall_changes_tomorrow_at_the_earliest(hall, by):
    with pytest.raises(TooEarly, match="Selasa, 10 Maret 2026"):
        hours.set_week(hall.mall, week(NEW, 0), from_date=MONDAY, by=by, now=at(9))

    assert OpeningHours.objects.filter(from_date__gt=BEGINNING).count() == 0


def test_a_mall_in_preparation_may_begin_any_day(by):
    mall = make_mall()

    hours.set_week(mall, week(NEW, 0), from_date=MONDAY - DAY, by=by, now=at(9))

    assert opens(mall, MONDAY) == NEW


def test_a_day_that_stays_as_it_was_gets_no_row(hall, by):
    same = hours.week_of(hall.mall, MONDAY)

    hours.set_week(hall.mall, same | {5: NEW}, from_date=TUESDAY, by=by, now=at(9))

    assert list(OpeningHours.objects.filter(from_date=TUESDAY).values_list("weekday")) == [(5,)]


def test_saying_the_same_again_writes_nothing(hall, by):
    same = hours.week_of(hall.mall, MONDAY)

    hours.set_week(hall.mall, same, from_date=TUESDAY, by=by, now=at(9))

    assert not HallEvent.objects.filter(act="setup.hours").exists()


def test_a_planned_change_is_listed_and_can_be_withdrawn(hall, by):
    hours.set_week(hall.mall, week(NEW, 0), from_date=TUESDAY, by=by, now=at(9))
    (planned,) = hours.planned(hall.mall, now=at(9))

    hours.withdraw_week(hall.mall, planned.from_date, by=by, now=at(9))

    assert hours.planned(hall.mall, now=at(9)) == []
    assert opens(hall.mall, TUESDAY).opens == time(8)


def test_what_has_begun_is_not_withdrawn(hall, by):
    with pytest.raises(HoldsAlready):
        hours.withdraw_week(hall.mall, BEGINNING, by=by, now=at(9))

    assert hall.mall.weekly.count() == 5


def ramadan(first=TUESDAY, last=TUESDAY + 2 * DAY, hours_=NEW):
    return Special(first, last, hours_, "Ramadan")


def test_special_days_differ_and_end(hall, by):
    hours.add_special(hall.mall, ramadan(), by=by, now=at(9))

    assert opens(hall.mall, TUESDAY) == NEW
    assert opens(hall.mall, TUESDAY + 3 * DAY).opens == time(8)


def test_special_days_of_the_past_are_not_added_to_a_public_mall(hall, by):
    with pytest.raises(TooEarly):
        hours.add_special(hall.mall, ramadan(MONDAY - DAY), by=by, now=at(9))

    assert not DatedHours.objects.exists()


def test_the_same_special_days_are_said_once(hall, by):
    hours.add_special(hall.mall, ramadan(), by=by, now=at(9))

    with pytest.raises(KnownAlready):
        hours.add_special(hall.mall, ramadan(), by=by, now=at(9))

    assert DatedHours.objects.count() == 1


def test_special_days_that_have_begun_end_yesterday_when_removed(hall, by):
    hours.add_special(hall.mall, ramadan(MONDAY), by=by, now=at(9))
    row = DatedHours.objects.get()

    hours.remove_special(row, by=by, now=at(9, on=TUESDAY))

    row.refresh_from_db()
    assert (row.from_date, row.until_date) == (MONDAY, MONDAY)


def test_special_days_that_are_over_stay(hall, by):
    hours.add_special(hall.mall, ramadan(MONDAY, MONDAY), by=by, now=at(9))
    row = DatedHours.objects.get()

    with pytest.raises(HoldsAlready):
        hours.remove_special(row, by=by, now=at(9, on=TUESDAY))

    assert DatedHours.objects.count() == 1


def test_special_days_to_come_are_deleted(hall, by):
    hours.add_special(hall.mall, ramadan(), by=by, now=at(9))

    hours.remove_special(DatedHours.objects.get(), by=by, now=at(9))

    assert not DatedHours.objects.exists()


def test_reservations_outside_the_new_hours_are_counted(hall, by):
    make_plan(hall.service)
    book(hall.service)  # on Tuesday at nine
    late = Hours(time(11), time(15))

    shut = week(NEW, 0, 2, 3, 4)
    assert hours.touched_by_week(hall.mall, shut, from_date=TUESDAY, now=at(9)) == 1
    assert hours.touched_by_week(hall.mall, shut, from_date=TUESDAY + DAY, now=at(9)) == 0
    assert hours.touched_by_special(hall.mall, ramadan(hours_=late), now=at(9)) == 1
    assert hours.touched_by_special(hall.mall, ramadan(hours_=NEW), now=at(9)) == 0


def test_each_change_raises_the_version_of_the_screens(hall, by):
    hours.set_week(hall.mall, week(NEW, 0), from_date=TUESDAY, by=by, now=at(9))

    event = HallEvent.objects.get(act="setup.hours")
    assert (event.by, event.detail) == (by, f"{TUESDAY} 0 1 2 3 4")


def test_a_suspended_mall_is_as_public_as_an_open_one(hall, by):
    suspended = {"stage": Mall.Stage.SUSPENDED, "suspended_from": date(2026, 3, 1)}
    Mall.objects.filter(pk=hall.mall.pk).update(**suspended)

    with pytest.raises(TooEarly):
        hours.set_week(hall.mall, week(NEW, 0), from_date=MONDAY, by=by, now=at(9))
