"""The floor: what stands there, what is wrong with it, and the acts beside it."""

from datetime import time

import pytest

from accounts.roles import Role
from agencies.models import CounterDay
from hall import alarms, closures, devices, record
from queueing import desks, tickets
from queueing.floor.now import Doing
from queueing.floor.troubles import Kind
from tests.hall.conftest import appoint
from tests.queueing.floor import MEETING, board, kinds, picture, second_agency, wrong
from tests.recipes import at, later, make_hall, make_officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall():
    return make_hall(counters=2)


@pytest.fixture
def admin(hall):
    return appoint(Role.MALL_ADMIN, mall=hall.mall)


@pytest.fixture
def supervisor(hall):
    return make_officer(hall.presence, Role.SUPERVISOR)


def doing(hall, user, now, seat=0):
    return picture(hall, user, now).counters[seat].doing


def test_every_counter_says_what_it_does_and_since_when(hall, admin):
    first = hall.issue(now=at(8, 50))
    assert doing(hall, admin, at(8, 10)) == Doing.FREE
    assert doing(hall, admin, at(8, 31)) == Doing.QUIET
    hall.call(now=at(9))
    assert doing(hall, admin, at(9, 1)) == Doing.CALLED
    hall.act(tickets.serve, first, now=at(9, 2))

    here, other = picture(hall, admin, at(9, 12)).counters

    assert (here.doing, str(here.ticket), here.served_minutes) == (Doing.SERVING, "A-001", 10)
    assert (here.officer, other.doing) == (hall.officer, Doing.QUIET)


def test_a_counter_rests_is_closed_or_has_nobody(hall, admin):
    desks.set_break(hall.counter, by=hall.officer, on_break=True, now=at(9))
    desks.leave(hall.counters[1], by=hall.officers[1], now=at(9))
    resting, empty = picture(hall, admin, at(9, 10)).counters
    assert (resting.doing, resting.since, empty.doing) == (Doing.BREAK, at(9), Doing.EMPTY)

    made = closures.close(hall.counter, reason=MEETING, until=at(11), by=admin, now=at(10))
    assert (doing(hall, admin, at(10)), doing(hall, admin, at(11))) == (Doing.CLOSED, Doing.BREAK)
    closures.end(made, by=admin, now=at(10, 30))
    assert doing(hall, admin, at(10, 30)) == Doing.BREAK


def test_a_queue_says_who_waits_how_long_and_how_much_is_left(hall, admin):
    hall.queue.daily_quota = 5
    hall.queue.save()
    for minute in (0, 10, 20):
        hall.issue(now=at(9, minute))
    hall.call(now=at(9, 30))

    (line,) = picture(hall, admin, at(9, 40)).lines

    assert (line.waiting, line.longest, line.admitted, len(line.open_counters)) == (2, 30, 3, 2)
    assert not line.is_near_quota


def test_a_calm_floor_has_nothing_wrong(hall, admin):
    hall.issue(now=at(8, 5))
    hall.call(now=at(8, 5))

    assert wrong(hall, admin, at(8, 6)) == []


def test_what_is_wrong_stands_in_the_order_of_its_weight(hall, admin):
    hall.queue.daily_quota = 10
    hall.queue.save()
    _presence, _queue, service = second_agency(hall)
    hall.issue(service=service, now=at(8, 30))
    desks.leave(hall.counters[2], by=hall.officers[2], now=at(8, 35))
    for _each in range(8):
        hall.issue(now=at(8, 40))
    hall.call(now=at(8, 40))
    hall.act(tickets.serve, picture(hall, admin, at(8, 40)).counters[0].ticket.pk, now=at(8, 40))
    desks.set_break(hall.counters[1], by=hall.officers[1], on_break=True, now=at(8, 45))
    board(hall, admin)
    alarms.raise_(hall.counter, by=hall.officer, now=at(9, 30))
    closures.request(hall.counter, reason=MEETING, until=at(11), by=hall.officer, now=at(9, 31))

    found = kinds(hall, admin, at(9, 35))

    assert found == [
        Kind.ALARM,
        Kind.REQUEST,
        Kind.NO_COUNTER,
        Kind.SILENT_DEVICE,
        Kind.LONG_WAIT,
        Kind.LONG_BREAK,
        Kind.NEAR_QUOTA,
        Kind.OVER_STANDARD,
    ]


def test_an_officer_who_does_not_call_while_people_wait_is_seen_after_three_minutes(hall, admin):
    hall.issue(now=at(9))

    assert kinds(hall, admin, at(9, 2)) == []
    found = wrong(hall, admin, at(9, 3))
    assert [(each.kind, each.counter.name) for each in found] == [
        (Kind.IDLE, "Loket 1"),
        (Kind.IDLE, "Loket 2"),
    ]
    assert "3 menit" in found[0].title
    hall.call(now=at(9, 4))
    assert kinds(hall, admin, at(9, 10)) == []


def test_at_midday_nobody_is_idle_and_no_break_is_long(hall, admin):
    hall.issue(now=at(11, 40))
    desks.set_break(hall.counter, by=hall.officer, on_break=True, now=at(11, 41))

    assert kinds(hall, admin, at(12, 5)) == []
    assert Kind.LONG_BREAK in kinds(hall, admin, at(13, 5))


def test_a_break_of_the_rota_lasts_as_long_as_it_says(hall, admin):
    CounterDay.objects.filter(counter=hall.counter).update(
        break_from=time(9), break_until=time(9, 45)
    )
    desks.set_break(hall.counter, by=hall.officer, on_break=True, now=at(9))

    seen = [kinds(hall, admin, at(9, minute)) for minute in (10, 30, 44, 45)]

    assert seen == [[], [], [], [Kind.LONG_BREAK]]


def test_agencies_without_anybody_are_named_once_while_the_hall_is_open(hall, admin):
    for letter in "BCDEF":
        second_agency(hall, letter)
    for seat in range(2, 7):
        desks.leave(hall.counters[seat], by=hall.officers[seat], now=at(8))

    (found,) = wrong(hall, admin, at(8, 10))

    assert found.kind == Kind.NOBODY_THERE
    assert found.title == "5 instansi belum punya petugas di loket"
    assert found.text == "Instansi B, Instansi C, Instansi D, Instansi E, dan 1 lainnya."
    assert (kinds(hall, admin, at(7)), kinds(hall, admin, at(12, 30))) == ([], [])


def test_a_wait_is_long_by_the_minutes_of_its_services(hall, admin):
    hall.issue(now=at(8, 40))
    for seat in (0, 1):
        desks.set_break(hall.counters[seat], by=hall.officers[seat], on_break=True, now=at(9))
        desks.set_break(hall.counters[seat], by=hall.officers[seat], on_break=False, now=at(9, 19))

    assert Kind.LONG_WAIT not in kinds(hall, admin, at(9, 20))  # four times ten minutes
    assert Kind.LONG_WAIT in kinds(hall, admin, at(9, 21))


def test_a_quota_that_is_used_up_says_so(hall, admin):
    hall.queue.daily_quota = 2
    hall.queue.save()
    hall.issue(now=at(8, 1))
    assert kinds(hall, admin, at(8, 2)) == []
    hall.issue(now=at(8, 1))

    (found,) = wrong(hall, admin, at(8, 2))

    assert "habis" in found.title
    assert "2 dari 2" in found.text


def test_a_device_is_silent_within_a_minute_and_old_when_it_shows_what_is_past(hall, admin):
    device = board(hall, admin)
    devices.beat(device, version=record.version_of(hall.mall.pk), now=at(9))
    assert kinds(hall, admin, at(9)) == []
    assert kinds(hall, admin, later(at(9), seconds=50)) == [Kind.SILENT_DEVICE]

    shown = record.version_of(hall.mall.pk)
    hall.issue(now=at(9, 1))
    hall.call(now=at(9, 1))
    devices.beat(device, version=shown, now=at(9, 1, 30))
    assert kinds(hall, admin, at(9, 1, 40)) == []  # it may still be on its way
    devices.beat(device, version=shown, now=at(9, 2, 10))
    (found,) = wrong(hall, admin, at(9, 2, 10))
    assert (found.kind, found.device.behind) == (Kind.OLD_PICTURE, 2)
    devices.beat(device, version=record.version_of(hall.mall.pk), now=at(9, 2, 20))
    assert kinds(hall, admin, at(9, 2, 20)) == []


def test_a_supervisor_sees_the_agency_and_the_mall_admin_the_mall(hall, admin, supervisor):
    presence, _queue, service = second_agency(hall)
    hall.issue(service=service, now=at(9))
    board(hall, admin)
    for seat in (0, 2):
        alarms.raise_(hall.counters[seat], by=hall.officers[seat], now=at(9))

    def seen(user):
        shown = picture(hall, user, at(9, 10))
        agencies = [each.presence.board_name for each in shown.agencies]
        letters = [line.queue.letter for line in shown.lines]
        return agencies, letters, len(shown.devices), len(shown.alarms)

    assert seen(admin) == (["Dinas Uji", "Instansi B"], ["A", "B"], 1, 2)
    assert seen(supervisor) == (["Dinas Uji"], ["A"], 0, 1)
    assert seen(make_officer(presence, Role.SUPERVISOR)) == (["Instansi B"], ["B"], 0, 1)
