from datetime import date

import pytest
from model_bakery import baker

from agencies.calendars import calendars_of
from agencies.models import CounterDay
from core import memo
from hall import record
from queueing import desks, figures, tickets
from queueing.forecasting import ranges
from queueing.models import QueueDay, Ticket
from queueing.states import Priority, Reason
from services.models import CounterQueue, Queue
from tests.recipes import (
    add_counter,
    at,
    key,
    later,
    make_hall,
    make_presence,
    make_queue,
    make_service,
    ticket,
)

pytestmark = pytest.mark.django_db
SUNDAY = date(2026, 3, 15)
NINE = at(9)


@pytest.fixture
def hall():
    return make_hall()


def queue_now(hall, letter="A", *, now=NINE):
    return next(
        each for each in figures.queues_now(hall.mall, now=now) if each.queue.letter == letter
    )


def place(pk, *, now=NINE):
    return figures.place_of(Ticket.objects.with_names().get(pk=pk), now=now)


def test_an_empty_hall_with_a_free_counter_is_direct(hall):
    now = queue_now(hall)

    assert (now.waiting, now.wait, now.counters, now.desks_open) == (0, ranges.DIRECT, ("1",), 1)
    assert (now.remaining, now.used_up, now.attends) == (None, False, True)


def test_a_busy_counter_is_not_direct_though_nobody_waits(hall):
    hall.issue()
    hall.call()

    assert queue_now(hall).waiting == 0
    assert queue_now(hall).wait.high > 0


def test_an_officer_on_a_break_is_not_at_the_desk(hall):
    desks.set_break(hall.counter, by=hall.officer, on_break=True, now=at(9))

    assert queue_now(hall).desks_open == 0
    assert queue_now(hall).wait.high > 0


def test_people_waiting_lengthen_the_range(hall):
    hall.issue()
    short = queue_now(hall).wait
    for _person in range(9):
        hall.issue()

    assert queue_now(hall).waiting == 10
    assert queue_now(hall).wait.high > short.high


def test_what_is_left_of_the_quota_is_counted_down():
    hall = make_hall()
    service = make_service(make_queue(hall.presence, "B", quota=2))
    memo.clear_all()

    assert queue_now(hall, "B").remaining == 2
    hall.issue(service=service)
    assert queue_now(hall, "B").remaining == 1
    hall.issue(service=service)
    assert (queue_now(hall, "B").remaining, queue_now(hall, "B").used_up) == (0, True)


def test_on_a_day_without_counters_the_agency_does_not_attend(hall):
    assert queue_now(hall, now=at(9, on=SUNDAY)).attends is False


def test_a_shared_counter_serves_only_the_agency_that_has_the_day(hall):
    guest = make_presence(hall.mall, "Instansi Tamu")
    queue = make_queue(guest, "B")
    baker.make(CounterQueue, counter=hall.counter, queue=queue, rank=None)
    CounterDay.objects.filter(counter=hall.counter, weekday=1).update(presence=guest)
    memo.clear_all()

    assert queue_now(hall, "B").attends is False
    tuesday = at(9, on=date(2026, 3, 10))
    assert queue_now(hall, "B", now=tuesday).counters == ("1",)
    assert queue_now(hall, "A", now=tuesday).attends is False


def test_counters_are_named_in_the_order_of_their_numbers():
    assert queue_now(make_hall(counters=11)).counters == tuple(str(n) for n in range(1, 12))


def test_queues_of_several_malls_are_read_at_their_own_local_time():
    west, east = make_hall(slug="barat"), make_hall(slug="timur", zone="Asia/Jayapura")
    west.issue(now=at(8))
    east.issue(now=at(8))
    # 23:30 in the west is 01:30 of the next day in the east: its Monday is over.
    late = at(23, 30)
    calendars = calendars_of((west.mall.pk, east.mall.pk))

    found = figures.queues_of(Queue.objects.all(), calendars, now=late)

    assert {each.queue.mall_id: each.waiting for each in found} == {
        west.mall.pk: 1,
        east.mall.pk: 0,
    }


@pytest.mark.parametrize("count", [1, 30])
def test_all_queues_of_a_mall_cost_twenty_queries(hall, count, django_assert_num_queries):
    for n in range(count - 1):
        queue = make_queue(hall.presence, "ABCDEFGHJK"[n // 10 + 1] + "ABCDEFGHJK"[n % 10])
        service = make_service(queue)
        add_counter(hall, queues=[queue])
        hall.issue(service=service)
    memo.clear_all()
    hall.issue()

    # One each for queues, counters, desks, days, tickets and four of the calendar; and eleven for
    # the forecasts, which are remembered.
    memo.clear_all()
    with django_assert_num_queries(20):
        assert len([each.wait for each in figures.queues_now(hall.mall, now=at(9))]) == count


def test_the_first_in_line_is_next_and_the_others_follow(hall):
    pks = [hall.issue(now=at(9, n)) for n in range(3)]

    assert [place(pk).ahead for pk in pks] == [0, 1, 2]


def test_somebody_with_priority_stands_before_others_who_came_earlier(hall):
    first = hall.issue(now=at(9))
    old = hall.issue(now=at(9, 1), priority=Priority.ELDERLY)

    assert (place(old).ahead, place(first).ahead) == (0, 1)


def test_the_next_one_at_a_free_counter_does_not_wait(hall):
    assert place(hall.issue()).wait == ranges.DIRECT
    assert place(Ticket.objects.get().pk).begins == at(9)


def test_the_wait_and_the_clock_time_count_the_break_in(hall):
    for _person in range(3):
        hall.issue(now=at(11, 40))
    last = hall.issue(now=at(11, 40))

    found = place(last, now=at(11, 55))

    # Three before them need about half an hour, of which five minutes are left before the break.
    assert 65 <= found.wait.low < found.wait.high <= 150
    assert found.begins == later(at(11, 55), minutes=found.wait.low)
    assert found.ends == later(at(11, 55), minutes=found.wait.high)
    assert figures.has_break(hall.mall.pk, at(11, 55), found.ends)
    assert not figures.has_break(hall.mall.pk, at(13), at(14))


def test_only_those_who_came_later_and_were_called_earlier_have_overtaken(hall):
    mine = hall.issue(now=at(9))
    hall.issue(now=at(9, 1), priority=Priority.PREGNANT)
    hall.issue(now=at(9, 2))
    assert place(mine, now=at(9, 3)).overtaken == 0

    hall.done(hall.call(now=at(9, 4)), now=at(9, 5))

    assert place(mine, now=at(9, 6)).overtaken == 1


def test_a_ticket_that_no_longer_waits_has_nobody_ahead(hall):
    hall.issue()
    assert place(hall.call()).ahead == 0


@pytest.mark.parametrize("count", [1, 30])
def test_a_place_costs_the_same_whatever_the_queue(hall, count, django_assert_num_queries):
    pk = [hall.issue() for _person in range(count)][-1]
    mine = Ticket.objects.with_names().get(pk=pk)
    memo.clear_all()

    # Version, line of ten, four of the calendar, eight of the forecasts.
    with django_assert_num_queries(23):
        figures.place_of(mine, now=at(9))


def test_the_board_shows_the_last_call_first_and_six_more(hall):
    for n in range(9):
        hall.issue(now=at(9))
        hall.done(hall.call(now=at(9, n)), now=at(9, n))

    shown = figures.board(hall.mall, now=at(9, 30))

    assert str(shown.calling) == "A-009"
    assert [str(each) for each in shown.recent] == [f"A-{n:03d}" for n in (8, 7, 6, 5, 4, 3)]
    assert shown.version == record.version_of(hall.mall.pk) == 37


def test_the_board_of_a_new_day_is_empty(hall):
    hall.issue()
    hall.call()

    shown = figures.board(hall.mall, now=at(7, on=date(2026, 3, 10)))

    assert (shown.calling, shown.recent) == (None, [])


@pytest.mark.django_db
def test_a_mall_without_events_is_at_version_zero():
    assert record.version_of(make_hall(counters=0).mall.pk) == 0


def test_calls_out_of_order_are_counted_in_public_with_their_reasons(hall):
    pks = [hall.issue(now=at(9, n)) for n in range(4)]
    hall.done(hall.call(now=at(9, 5)), now=at(9, 6))
    for pk, reason in ((pks[3], Reason.URGENT_HEALTH), (pks[2], Reason.URGENT_HEALTH)):
        hall.act(tickets.call_out_of_order, pk, reason=reason, now=at(9, 7))
        hall.done(pk, now=at(9, 8))

    assert figures.public_calls(hall.mall, now=at(10)) == figures.PublicCalls(
        3, {"Keadaan kesehatan mendesak": 2}
    )
    assert figures.public_calls(hall.mall, now=at(9, on=date(2026, 3, 10))).calls == 0


def test_the_proof_is_that_of_the_last_call(hall):
    hall.issue(now=at(9))
    second = hall.issue(now=at(9, 1))
    hall.act(tickets.call_out_of_order, second, reason=Reason.CANNOT_WAIT, now=at(9, 2))
    hall.act(tickets.undo, second, now=at(9, 2, 10))
    hall.done(hall.call(now=at(9, 3)), now=at(9, 4))
    hall.call(now=at(9, 5))

    proof = figures.proof_of(ticket(second))

    assert (proof.rank, proof.passed, proof.reason) == (1, 0, None)
    assert figures.proof_of(ticket(hall.issue())) is None


def test_the_day_at_a_counter_is_summed_up(hall):
    for minutes in (4, 8, 20):
        hall.issue()
        called = hall.call(now=at(9))
        hall.act(tickets.serve, called, now=at(9))
        hall.act(tickets.finish, called, now=at(9, minutes))
    hall.issue()
    hall.act(tickets.skip, hall.call())

    today = figures.counter_today(hall.counter, now=at(10))

    assert today == figures.CounterToday(3, 1, 8, 2)
    assert figures.counter_today(hall.counter, now=at(9, on=date(2026, 3, 10))).served == 0


def test_a_counter_sees_whom_it_may_call_in_its_order(hall):
    hall.issue(now=at(9))
    hall.issue(now=at(9, 1), priority=Priority.TODDLER)

    waiting = figures.waiting_at(hall.counter, now=at(9, 2))

    assert waiting.count == 2
    assert [str(each) for each in waiting.first] == ["A-002", "A-001"]
    assert waiting.longest_since == at(9)


def test_a_counter_without_people_sees_nobody(hall):
    assert figures.waiting_at(hall.counter, now=at(9)) == figures.WaitingAt(0, None, [])


def test_those_who_can_be_brought_back_are_listed(hall):
    hall.issue()
    held = hall.call(now=at(9, 1))
    hall.act(tickets.serve, held)
    hall.act(tickets.hold, held)
    hall.issue()
    skipped = hall.call(now=at(9, 3))
    hall.act(tickets.skip, skipped)

    assert [each.pk for each in figures.absent_at(hall.counter, now=at(9, 5))] == [skipped, held]


def test_the_figures_of_a_cancelled_ticket_leave_the_quota_used(hall):
    Queue.objects.filter(pk=hall.queue.pk).update(daily_quota=1)
    memo.clear_all()
    tickets.cancel(hall.issue(), now=at(9, 1), key=key())

    assert queue_now(hall).used_up is True
    assert QueueDay.objects.get().admitted == 1
