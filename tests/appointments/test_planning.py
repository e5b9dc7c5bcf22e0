"""How plans change, what a change would do, and what a month holds."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
import time_machine
from model_bakery import baker

from agencies.models import DatedHours, Holiday
from agencies.opening import Hours
from appointments import calendars, months, planning, plans
from appointments.models import Booking, Slot, Window
from appointments.slots import Release, Shares
from appointments.slots import Tranche as Phase
from appointments.states import State
from core import memo
from hall.models import HallEvent
from tests.appointments.layouts import JANUARY, NEXT, TEN, current, layout, span, store
from tests.appointments.recipes import TUESDAY, at, book, booked, hold, key, make_plan
from tests.recipes import MONDAY, make_officer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sound")]


@pytest.fixture(autouse=True)
def nine_o_clock():
    with time_machine.travel(at(9), tick=False) as clock:
        yield clock


# The rules: what a change leaves


def test_a_change_ends_the_old_window_the_day_before_and_begins_the_new_one():
    more = span(since=NEXT, shares=replace(TEN, online=12))

    after = planning.with_window(layout(span()), (0, time(9)), more)

    assert after.windows == (span(until=NEXT - timedelta(days=1)), more)


def test_what_stays_as_it_is_is_not_cut():
    assert planning.with_window(layout(span()), (0, time(9)), span(since=NEXT)) == layout(span())


def test_a_change_takes_what_was_planned_for_later_with_it():
    later = span(since=NEXT + timedelta(days=7), shares=replace(TEN, online=1))
    more = span(since=NEXT, shares=replace(TEN, online=12))

    after = planning.with_window(layout(span(), later), (0, time(9)), more)

    assert after.windows == (span(until=NEXT - timedelta(days=1)), more)


def test_what_is_over_is_left_alone():
    over = span(until=date(2026, 2, 1))

    after = planning.changed(layout(over), closes={(0, time(9))}, opens=[], from_date=NEXT)

    assert after.windows == (over,)


def test_the_shares_of_a_weekday_are_set_at_once():
    more = Shares(1, 2, 3, 4)

    after = planning.with_shares(layout(span(9, 10), span(10, 11)), 0, more, from_date=NEXT)

    assert [each.shares for each in after.standing(0, on=NEXT)] == [more, more]
    assert [each.shares for each in after.standing(0, on=MONDAY)] == [TEN, TEN]


def test_a_day_is_copied_in_the_place_of_others():
    before = layout(span(9, 10), span(13, 14, weekday=2))

    after = planning.with_copies(before, 0, [1, 2], from_date=NEXT)

    spans = [[each.begins.hour for each in after.standing(day, on=NEXT)] for day in range(4)]
    assert spans == [[9], [9], [9], []]


def test_hours_are_cut_into_windows_around_the_break():
    hours = Hours(time(8), time(15), time(11, 30), time(13))

    found = [f"{begins:%H.%M}-{ends:%H.%M}" for begins, ends in planning.spans(hours, 60)]

    assert found == [
        *("08.00-09.00", "09.00-10.00", "10.00-11.00"),
        *("13.00-14.00", "14.00-15.00"),
    ]


@pytest.mark.parametrize(
    ("other", "meets"),
    [
        (span(9, 10, since=NEXT), True),
        (span(8, 12, since=NEXT), True),
        (span(10, 11), False),
        (span(9, 10, weekday=1), False),
        (span(9, 10, since=JANUARY - timedelta(days=9), until=JANUARY - timedelta(days=1)), False),
    ],
)
def test_windows_of_one_day_overlap_or_not(other, meets):
    assert bool(planning.overlap([span(), other], since=JANUARY)) is meets


def test_an_overlap_that_is_over_bothers_nobody():
    over = span(8, 12, until=date(2026, 2, 1))

    assert planning.overlap([span(until=date(2026, 2, 1)), over], since=MONDAY) is None


# The rules: storing


def test_a_change_is_stored_and_the_slots_follow(hall, plan):
    pks = [book(hall.service) for _each in range(2)]
    few = replace(TEN, online=1)
    new = planning.with_shares(current(hall.service), 1, few, from_date=TUESDAY)

    assert store(hall.service, new) == 1

    slot = Slot.objects.get()
    assert (slot.online, slot.booked_online) == (2, 2)
    assert {booked(pk).state for pk in pks} == {State.CONFIRMED}
    on = plans.bookable(hall.service.pk).slots_on(TUESDAY)
    assert [each.shares.online for each in on] == [1, 1, 1]
    assert HallEvent.objects.get(act="plan.changed").subject_id == plan.pk


def test_what_stays_keeps_its_row(hall, plan):
    before = set(Window.objects.exclude(weekday=1).values_list("pk", flat=True))
    new = planning.with_shares(current(hall.service), 1, replace(TEN, online=1), from_date=NEXT)

    store(hall.service, new)

    assert set(Window.objects.exclude(weekday=1).values_list("pk", flat=True)) == before
    assert Window.objects.filter(weekday=1).count() == 6


def test_a_second_click_changes_nothing_more(hall, plan):
    new = planning.with_shares(current(hall.service), 1, replace(TEN, online=1), from_date=NEXT)
    known, once = planning.seen(current(hall.service)), key()
    officer = make_officer(hall.presence)

    for _each in range(2):
        store(hall.service, new, known=known, once=once, by=officer)

    assert HallEvent.objects.filter(act="plan.changed").count() == 1


@pytest.mark.parametrize(
    ("new", "known", "refusal"),
    [
        (layout(span(since=NEXT), span(8, 12, since=NEXT)), None, planning.WindowsOverlap),
        (layout(span(since=MONDAY)), None, planning.PastRewritten),
        (layout(span(since=NEXT)), "another", planning.PlanChanged),
    ],
)
def test_a_change_that_may_not_be_changes_nothing(hall, new, known, refusal):
    make_plan(hall.service)
    before = current(hall.service)
    if refusal is planning.WindowsOverlap:
        new = replace(before, windows=(*before.windows, *new.windows))

    with pytest.raises(refusal):
        store(hall.service, new, known=known)

    assert current(hall.service) == before


def test_places_that_never_come_out_are_refused(hall, plan):
    half = Release(time(8), (Phase(14, 50),))

    with pytest.raises(planning.NeverReleased):
        store(hall.service, replace(current(hall.service), release=half))


# What a change would do


def preview(service, new, *, from_date=TUESDAY):
    service.refresh_from_db()
    old = calendars.layout_of(service)
    return calendars.preview(service, old, new, from_date=from_date, now=at(9))


def test_whoever_has_booked_more_than_the_new_places_is_counted(hall, plan):
    for _each in range(3):
        book(hall.service)
    new = planning.with_shares(current(hall.service), 1, replace(TEN, online=1), from_date=TUESDAY)

    found = preview(hall.service, new)

    assert (found.booked, found.beyond) == (3, 2)
    assert (found.more, found.fewer) == (0, 15)
    assert [line.weekday for line in found.lines] == [1, 1, 1]


def test_a_window_that_no_day_has_is_said(hall, plan):
    night = span(20, 21, weekday=1, since=TUESDAY)

    found = preview(hall.service, planning.with_window(current(hall.service), None, night))

    assert found.idle == (night,)
    assert (found.more, found.fewer) == (0, 0)


def test_what_was_planned_for_later_is_said_when_it_goes(hall, plan):
    later = planning.with_shares(current(hall.service), 1, replace(TEN, online=1), from_date=NEXT)
    store(hall.service, later)
    new = planning.with_shares(later, 1, replace(TEN, online=3), from_date=TUESDAY)

    found = preview(hall.service, new)

    assert [each.from_date for each in found.dropped] == [NEXT] * 3


def test_fewer_places_out_are_counted(hall, plan):
    new = replace(current(hall.service), release=Release(time(8), (Phase(14, 10), Phase(1, 100))))

    found = preview(hall.service, new)

    before, after = found.released
    assert (before, after) == (300, 30 + 9 * 3)
    assert found.lines == ()


def test_a_plan_that_is_switched_off_keeps_its_promises(hall, plan):
    pk = book(hall.service)
    new = replace(current(hall.service), is_active=False)
    assert preview(hall.service, new).beyond == 1

    store(hall.service, new)

    assert booked(pk).state == State.CONFIRMED
    assert plans.bookable(hall.service.pk) is None
    assert Slot.objects.get().online == 1


# A month


def test_a_month_says_how_full_it_is_and_why_a_day_is_closed(hall, plan):
    for _each in range(6):
        book(hall.service)
    baker.make(Holiday, day=date(2026, 3, 20), name="Idulfitri", is_joint_leave=False)
    memo.clear_all()

    found = months.month(hall.service, current(hall.service), date(2026, 3, 1), now=at(9))

    tuesday, holiday, sunday = found.days[9], found.days[19], found.days[0]
    assert (tuesday.sums.booked, tuesday.sums.places, tuesday.sums.percent) == (6, 30, 20)
    assert tuesday.sums.step == 2
    assert (holiday.spans, holiday.reason) == ((), "Idulfitri")
    assert sunday.reason == "Tutup"


def test_every_place_of_a_day_is_somewhere(hall):
    make_plan(hall.service, online=6, priority=1, staff=1, walk_in=4, ahead=3)
    book(hall.service)
    layout_ = current(hall.service)

    days = months.month(hall.service, layout_, date(2026, 3, 1), now=at(9)).booked_days

    ledgers = {day.on.day: day.sums.ledger for day in days}
    assert (ledgers[10].online, ledgers[10].unreleased) == (21, 0)
    assert (ledgers[13].online, ledgers[13].unreleased) == (0, 21)
    assert {
        each.opened - each.online - each.walk_in - each.staff - each.unreleased
        for each in ledgers.values()
    } == {0}


def test_a_booking_of_a_plan_of_before_is_still_in_its_month(hall, plan):
    book(hall.service)
    new = planning.changed(
        current(hall.service), closes={(1, time(9))}, opens=[], from_date=TUESDAY
    )
    store(hall.service, new)

    found = months.month(hall.service, new, date(2026, 3, 1), now=at(9)).days[9]

    assert [(each.booked, each.ledger.opened) for each in found.spans] == [(1, 1), (0, 10), (0, 10)]


def test_a_held_place_counts_as_taken(hall, plan):
    hold(hall.service)
    new = planning.changed(
        current(hall.service), closes={(1, time(9))}, opens=[], from_date=TUESDAY
    )

    assert preview(hall.service, new).beyond == 1
    assert Booking.objects.get().state == State.HELD


def test_ramadan_hours_are_minded(hall, plan):
    baker.make(
        DatedHours,
        mall=hall.mall,
        from_date=TUESDAY,
        until_date=TUESDAY,
        opens=time(10),
        closes=time(14),
        break_from=None,
        break_until=None,
        weekday=None,
        reason="Ramadan",
    )
    memo.clear_all()

    found = months.month(hall.service, current(hall.service), date(2026, 3, 1), now=at(9)).days[9]

    assert [each.starts_at for each in found.spans] == [at(10, on=TUESDAY), at(11, on=TUESDAY)]
