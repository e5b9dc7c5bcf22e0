from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from model_bakery import baker

from appointments import arrivals, booking, disruption
from appointments.models import ArrivalRule, BookingEvent, Slot
from appointments.refusals import TooEarly, TooLate, WrongState
from appointments.states import Move, State
from core import memo
from hall import record
from queueing import states, sweeps, tickets
from queueing.models import QueueDay, Ticket
from queueing.refusals import NotOpen
from queueing.states import Priority
from tests.appointments.recipes import NINE, TUESDAY, at, book, booked, key, make_plan
from tests.recipes import make_hall

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sound")]


def on_tuesday(hour, minute=0, second=0):
    return at(hour, minute, second, on=TUESDAY)


def arrive(pk, now, **more):
    return arrivals.arrive(pk, now=now, key=key(), **more)


@pytest.mark.parametrize("minute", [(8, 30), (8, 45), (9, 0), (9, 10)])
def test_whoever_comes_in_time_stands_at_the_beginning_of_the_window(hall, plan, minute):
    now = on_tuesday(*minute)
    number = Ticket.objects.get(pk=arrive(book(hall.service), now))

    assert (number.since, number.booked_for, number.issued_at) == (NINE, NINE, now)


@pytest.mark.parametrize("minute", [(9, 11), (9, 59), (10, 0)])
def test_whoever_comes_late_stands_where_they_came(hall, plan, minute):
    now = on_tuesday(*minute)

    assert Ticket.objects.get(pk=arrive(book(hall.service), now)).since == now


def test_half_an_hour_before_is_too_early_by_a_second(hall, plan):
    pk = book(hall.service)

    with pytest.raises(TooEarly, match=r"mulai Selasa, 10 Maret 2026 pukul 08\.30 WIB"):
        arrive(pk, on_tuesday(8, 29, 59))
    assert booked(pk).state == State.CONFIRMED


def test_after_the_window_it_is_too_late(hall, plan):
    pk = book(hall.service)

    with pytest.raises(TooLate):
        arrive(pk, on_tuesday(10, 0, 1))


def test_a_mall_sets_its_own_grace(hall, plan):
    baker.make(ArrivalRule, mall=hall.mall, early_minutes=5, late_minutes=30)
    memo.clear_all()

    with pytest.raises(TooEarly):
        arrive(book(hall.service), on_tuesday(8, 54))
    late = Ticket.objects.get(pk=arrive(book(hall.service), on_tuesday(9, 30)))
    assert late.since == NINE


def test_a_reservation_stands_between_those_who_came_before_and_after_its_window(hall, plan):
    early = hall.issue(now=on_tuesday(8, 40))
    reserved = arrive(book(hall.service), on_tuesday(8, 45))
    between = hall.issue(now=on_tuesday(8, 50))
    after = hall.issue(now=on_tuesday(9, 5))

    called = []
    for minute in range(20, 24):
        called.append(hall.call(now=on_tuesday(9, minute)))
        hall.act(tickets.skip, called[-1], now=on_tuesday(9, minute))

    assert called == [early, between, reserved, after]


def test_who_is_overtaken_by_a_reservation_reads_why(client, hall, plan):
    mine = Ticket.objects.select_related("visit").get(pk=hall.issue(now=on_tuesday(9, 5)))
    version = record.version_of(hall.mall.pk)
    arrive(book(hall.service), on_tuesday(9, 8))
    with time_machine.travel(on_tuesday(9, 8), tick=False):
        page = client.get(f"/antrean/{mine.visit.token}/", {"v": version})

    assert "1 orang yang sudah memesan datang" in page.content.decode()


def test_nobody_stays_idle_for_a_window_that_has_not_begun(hall, plan):
    reserved = arrive(book(hall.service), on_tuesday(8, 45))

    assert hall.call(now=on_tuesday(8, 46)) == reserved
    assert Ticket.objects.get(pk=reserved).wait_seconds == 0


def test_a_reservation_uses_up_no_quota_of_walk_ins(hall, plan):
    hall.queue.daily_quota = 1
    hall.queue.save()
    memo.clear_all()
    hall.issue(now=on_tuesday(8, 40))

    arrive(book(hall.service), on_tuesday(9))

    day = QueueDay.objects.get()
    assert (day.last_number, day.admitted) == (2, 1)


def test_priority_is_kept(hall, plan):
    pk = arrive(book(hall.service, priority=Priority.PREGNANT), on_tuesday(9))

    assert Ticket.objects.get(pk=pk).priority == Priority.PREGNANT


def test_a_copy_of_an_arrival_is_one_number(hall, plan):
    pk, same = book(hall.service), key()
    first, second = (arrivals.arrive(pk, now=on_tuesday(9), key=same) for _copy in range(2))

    assert (first, Ticket.objects.count()) == (second, 1)


def test_nobody_arrives_twice(hall, plan):
    pk = book(hall.service)
    arrive(pk, on_tuesday(9))

    with pytest.raises(WrongState):
        arrive(pk, on_tuesday(9, 1))
    assert Ticket.objects.count() == 1


def test_a_number_that_never_came_out_of_the_printer_is_given_again(hall, plan):
    pk = book(hall.service)
    first = arrive(pk, on_tuesday(9), on_paper=True)
    sweeps.withdraw_unprinted(now=on_tuesday(9, 3))

    second = arrive(pk, on_tuesday(9, 4), on_paper=True)

    assert Ticket.objects.get(pk=first).state == states.State.WITHDRAWN
    assert (booked(pk).ticket_id, Ticket.objects.get(pk=second).since) == (second, NINE)
    assert QueueDay.objects.get().admitted == 0


def test_a_mall_closed_for_an_emergency_blames_nobody_and_offers_another_time(hall, plan):
    pk = book(hall.service)
    baker.make(
        "agencies.DatedHours",
        mall=hall.mall,
        from_date=TUESDAY,
        until_date=TUESDAY,
        opens=None,
        closes=None,
        break_from=None,
        break_until=None,
        reason="Banjir",
        weekday=None,
    )
    memo.clear_all()

    with pytest.raises(NotOpen):
        arrive(pk, on_tuesday(9))
    assert disruption.catch_up(now=on_tuesday(9)) == 1
    assert (booked(pk).state, disruption.reason_of(booked(pk))) == (State.CALLED_OFF, "Banjir")
    assert arrivals.miss(now=on_tuesday(16)) == 0


def test_one_page_with_one_key_gives_two_people_two_numbers(hall, plan):
    one, other, same = book(hall.service), book(hall.service), key()
    numbers = {arrivals.arrive(pk, now=on_tuesday(9), key=same) for pk in (one, other)}

    assert len(numbers) == 2


def test_a_number_given_again_keeps_its_place_even_after_the_grace(hall, plan):
    pk = book(hall.service)
    arrive(pk, on_tuesday(9, 9), on_paper=True)
    sweeps.withdraw_unprinted(now=on_tuesday(9, 12))

    assert Ticket.objects.get(pk=arrive(pk, on_tuesday(9, 13))).since == NINE


def test_nobody_is_told_to_come_before_the_doors_open(hall, plan):
    hall.mall.weekly.update(opens=time(8, 45))
    memo.clear_all()
    found = booked(book(hall.service))

    assert arrivals.earliest(found) == on_tuesday(8, 45)
    with pytest.raises(TooEarly, match=r"08\.45"):
        arrive(found.pk, on_tuesday(8, 40))


def test_what_is_over_is_neither_moved_nor_cancelled_before_it_is_counted(hall, plan):
    pk = book(hall.service)

    with pytest.raises(TooLate):
        booking.cancel(pk, now=on_tuesday(10, 1), key=key())
    with pytest.raises(TooLate):
        booking.move(pk, on_tuesday(11), now=on_tuesday(10, 1), key=key())
    assert arrivals.miss(now=on_tuesday(10, 1)) == 1


def test_who_does_not_come_is_counted_once_the_window_is_over(hall, plan):
    pk = book(hall.service)

    assert arrivals.miss(now=on_tuesday(10)) == 0
    assert arrivals.miss(now=on_tuesday(10, 1)) == 1
    assert arrivals.miss(now=on_tuesday(10, 2)) == 0
    assert (booked(pk).state, BookingEvent.objects.latest("pk").move) == (State.NO_SHOW, Move.MISS)
    assert Slot.objects.get().booked_online == 1


def test_who_came_or_cancelled_is_no_no_show(hall, plan):
    arrive(book(hall.service), on_tuesday(9))
    booking.cancel(book(hall.service), now=at(9), key=key())

    assert arrivals.miss(now=on_tuesday(11)) == 0


@pytest.mark.parametrize("zone", ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"])
@pytest.mark.parametrize("on", [date(2026, 3, 10), date(2028, 2, 29), date(2026, 12, 31)])
def test_a_window_is_on_the_day_of_its_mall(zone, on):
    local = ZoneInfo(zone)
    hall = make_hall(zone=zone, slug="mpp-zona")
    make_plan(hall.service)
    begins = datetime(on.year, on.month, on.day, 9, tzinfo=local)
    pk = book(hall.service, begins, now=begins - timedelta(days=1))

    number = Ticket.objects.select_related("day").get(pk=arrive(pk, begins))

    assert (booked(pk).slot.date, number.day.date, number.since) == (on, on, begins)
