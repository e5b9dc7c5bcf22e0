"""The mall's own zone decides what day it is; UTC midnight is door opening in Indonesia."""

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from agencies.models import OpeningHours
from core import memo
from core.proof import Scope
from queueing import invariants, sweeps, tickets
from queueing.models import QueueDay, Ticket, TicketEvent
from queueing.refusals import NotOpen, QuotaUsedUp
from queueing.states import Move, State
from tests.recipes import MONDAY, at, key, later, make_hall

pytestmark = pytest.mark.django_db
ZONES = ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]
LEAP_DAY = date(2028, 2, 29)
YEAR_END = date(2026, 12, 31)
TOMORROW = MONDAY + timedelta(days=1)


@pytest.fixture(params=ZONES)
def zone(request):
    return ZoneInfo(request.param)


@pytest.fixture
def hall(zone):
    return open_always(make_hall(zone=zone.key))


def open_always(hall):
    OpeningHours.objects.update(opens=time(0), closes=time(23, 59, 59, 999_999))
    memo.clear_all()
    return hall


def minutes(start, count):
    return [later(start, minutes=minute) for minute in range(count)]


def numbers(on):
    return list(Ticket.objects.filter(day__date=on).order_by("pk").values_list("number", flat=True))


@pytest.fixture(autouse=True)
def _invariants_hold(db):
    yield
    assert [verdict for verdict in invariants.verify(Scope()) if verdict.breaches] == []


@pytest.mark.parametrize("on", [MONDAY, LEAP_DAY, YEAR_END])
def test_utc_midnight_splits_no_morning(hall, zone, on):
    for now in minutes(at(6, 45, on=on, zone=zone), 150):
        hall.issue(now=now)

    assert numbers(on) == list(range(1, 151))
    assert QueueDay.objects.get().date == on


@pytest.mark.parametrize("on", [MONDAY, LEAP_DAY - timedelta(days=1), LEAP_DAY, YEAR_END])
def test_at_local_midnight_a_new_series_begins(hall, zone, on):
    tomorrow = on + timedelta(days=1)
    for now in minutes(at(23, 30, on=on, zone=zone), 60):
        hall.issue(now=now)

    assert numbers(on) == numbers(tomorrow) == list(range(1, 31))


def test_the_last_and_the_first_microsecond_of_a_day(hall, zone):
    midnight = at(0, on=TOMORROW, zone=zone)
    hall.issue(now=midnight - timedelta(microseconds=2))
    hall.issue(now=midnight)

    assert list(QueueDay.objects.order_by("date").values_list("date", flat=True)) == [
        MONDAY,
        TOMORROW,
    ]


@pytest.mark.parametrize("on", [MONDAY, LEAP_DAY, YEAR_END])
def test_a_day_closes_at_its_own_midnight(hall, zone, on):
    pk = hall.issue(now=at(10, on=on, zone=zone))
    midnight = at(0, on=on + timedelta(days=1), zone=zone)

    assert sweeps.close_days(now=midnight - timedelta(microseconds=1)) == 0
    assert sweeps.close_days(now=midnight) == 1
    assert Ticket.objects.get(pk=pk).state == State.EXPIRED


def test_three_zones_close_one_after_the_other():
    for number, name in enumerate(ZONES):
        zone = ZoneInfo(name)
        open_always(make_hall(zone=name, slug=f"mpp-{number}")).issue(now=at(10, zone=zone))

    evening = at(22, zone=ZoneInfo("Asia/Jakarta"))
    closed = [sweeps.close_days(now=later(evening, hours=hour)) for hour in range(4)]
    assert closed == [1, 1, 1, 0]


def test_a_closing_that_never_ran_is_made_up_for(hall, zone):
    for day in range(5):
        hall.issue(now=at(10, on=MONDAY + timedelta(days=day), zone=zone))

    assert sweeps.close_days(now=at(9, on=MONDAY + timedelta(days=9), zone=zone)) == 5


def test_somebody_served_over_midnight_is_done_and_the_counter_free(hall, zone):
    pk = hall.issue(now=at(23, 50, zone=zone))
    hall.call(now=at(23, 55, zone=zone))
    hall.act(tickets.serve, pk, now=at(23, 56, zone=zone))
    sweeps.close_days(now=at(0, 1, on=TOMORROW, zone=zone))
    waiting = hall.issue(now=at(0, 2, on=TOMORROW, zone=zone))

    assert Ticket.objects.get(pk=pk).state == State.DONE
    assert hall.call(now=at(0, 3, on=TOMORROW, zone=zone)) == waiting


def test_yesterdays_people_are_not_called_today(hall, zone):
    hall.issue(now=at(23, 59, zone=zone))

    assert hall.call(now=at(0, 0, 1, on=TOMORROW, zone=zone)) is None


def test_a_clock_that_jumps_back_keeps_order_and_numbers(hall, zone):
    moments = [at(9, 0, zone=zone), at(9, 10, zone=zone), at(9, 1, zone=zone), at(9, 12, zone=zone)]
    issued = [hall.issue(now=now) for now in moments]
    places = Ticket.objects.order_by("pk").values_list("since", flat=True)

    assert numbers(MONDAY) == [1, 2, 3, 4]
    assert list(places) == [moments[0], moments[1], moments[1], moments[3]]
    called = []
    for _ in moments:
        called.append(hall.call(now=at(9, 5, zone=zone)))
        hall.act(tickets.skip, called[-1], now=at(9, 4, zone=zone))
    assert called == issued


def test_a_clock_that_jumps_back_writes_no_time_before_the_last(hall, zone):
    pk = hall.issue(now=at(9, 10, zone=zone))
    hall.call(now=at(9, 5, zone=zone))
    hall.act(tickets.serve, pk, now=at(9, 11, zone=zone))
    hall.act(tickets.hold, pk, now=at(9, 8, zone=zone))

    written = TicketEvent.objects.order_by("version").values_list("at", flat=True)
    assert list(written) == [at(9, 10, zone=zone)] * 2 + [at(9, 11, zone=zone)] * 2
    assert (Ticket.objects.get().wait_seconds, Ticket.objects.get().service_seconds) == (0, 0)


def test_a_clock_that_jumps_back_over_midnight_opens_no_closed_day(hall, zone):
    hall.issue(now=at(23, 50, zone=zone))
    sweeps.close_days(now=at(0, 1, on=TOMORROW, zone=zone))
    with pytest.raises(QuotaUsedUp):
        hall.issue(now=at(23, 55, zone=zone))

    assert numbers(MONDAY) == [1]


def test_a_clock_a_day_ahead_and_back_splits_no_series(hall, zone):
    hall.issue(now=at(9, zone=zone))
    hall.issue(now=at(9, on=TOMORROW, zone=zone))
    hall.issue(now=at(9, 1, zone=zone))

    assert (numbers(MONDAY), numbers(TOMORROW)) == ([1, 2], [1])


def test_doors_open_and_close_to_the_second(zone):
    hall = make_hall(zone=zone.key)
    for moment in (at(7, 59, 59, zone=zone), at(15, zone=zone), at(23, zone=zone)):
        with pytest.raises(NotOpen):
            hall.issue(now=moment)
    hall.issue(now=at(8, zone=zone))
    hall.issue(now=at(14, 59, 59, zone=zone))

    assert numbers(MONDAY) == [1, 2]


def test_the_undo_window_is_counted_across_midnight(hall, zone):
    hall.issue(now=at(23, 59, zone=zone))
    pk = hall.call(now=at(23, 59, 50, zone=zone))
    hall.act(tickets.undo, pk, now=at(0, 0, 20, on=TOMORROW, zone=zone))

    assert TicketEvent.objects.latest("version").move == Move.UNDO
    tickets.cancel(pk, now=at(0, 1, on=TOMORROW, zone=zone), key=key())
