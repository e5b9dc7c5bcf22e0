"""What is foretold follows the floor, is kept once, and is scored when the number is called."""

from datetime import time

import pytest
from model_bakery import baker

from agencies.calendars import calendar_of
from agencies.models import CounterDay
from core import memo
from hall import closures
from hall.models import Closure
from queueing import desks, forecasts, learning, snapshots, sweeps, tickets
from queueing.forecasting.ranges import DIRECT
from queueing.models import Forecast, Learned, Ticket
from queueing.states import Priority
from tests.recipes import (
    MONDAY,
    add_counter,
    at,
    key,
    later,
    make_hall,
    make_queue,
    make_service,
    ticket,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall():
    return make_hall()


def line(hall, people, *, now=None):
    return [hall.issue(now=now or at(9)) for _each in range(people)]


def middle(hall, pk, now=None):
    memo.clear_all()
    return forecasts.of_mall(hall.mall.pk, now=now or at(9, 1)).people[pk].middle / 60


def named(pk):
    return Ticket.objects.with_names().get(pk=pk)


def promised(pk, now=None):
    forecasts.promise(named(pk), now=now or at(9, 1))
    return Forecast.objects.get(ticket=pk)


def test_an_idle_counter_is_no_wait(hall):
    foretold = forecasts.of_mall(hall.mall.pk, now=at(9))

    assert foretold.of_queue(hall.queue.pk) == DIRECT


def test_the_wait_grows_with_the_line(hall):
    first, *_others, last = line(hall, 6)

    assert middle(hall, first) == 0
    assert 30 < middle(hall, last) < 70


def test_another_counter_shortens_the_wait(hall):
    last = line(hall, 6)[-1]
    before = middle(hall, last)

    add_counter(hall)

    assert middle(hall, last) < 0.7 * before


def test_a_break_of_the_rota_is_counted_in(hall):
    last = line(hall, 3)[-1]
    before = middle(hall, last)

    CounterDay.objects.update(break_from=time(9, 5), break_until=time(10))

    assert middle(hall, last) > before + 20


def test_the_break_of_the_mall_is_counted_in(hall):
    pk = line(hall, 3, now=at(11, 50))[-1]

    assert middle(hall, pk, now=at(11, 50)) > 65


def test_a_closed_counter_comes_back_when_it_said(hall):
    [pk] = line(hall, 1)
    reason = Closure.Reason.MEETING
    closures.close(hall.counter, reason=reason, until=at(10), by=hall.officer, now=at(9))

    assert middle(hall, pk) == pytest.approx(59, abs=0.5)


def test_an_officer_on_a_break_is_expected_back_soon(hall):
    [pk] = line(hall, 1)
    desks.set_break(hall.counter, by=hall.officer, on_break=True, now=at(9))

    assert 5 <= middle(hall, pk) <= 15


def test_a_queue_without_a_counter_is_foretold_as_if_one_came(hall):
    lonely = make_service(make_queue(hall.presence, "B"))
    pks = [hall.issue(service=lonely) for _each in range(2)]

    assert middle(hall, pks[0]) == 0
    assert middle(hall, pks[1]) > 3


def test_queues_that_share_no_counter_are_offices_of_their_own(hall):
    other = make_service(make_queue(hall.presence, "B"))
    add_counter(hall, queues=[other.queue])
    hall.issue(service=other)
    line(hall, 2)

    place = snapshots.Place(hall.mall.pk, calendar_of(hall.mall.pk), 2)
    offices = snapshots.offices_of([place], now=at(9, 1))[hall.mall.pk]

    assert sorted(len(office.people) for office in offices) == [1, 2]


def test_a_mall_is_read_in_seven_queries_however_many_wait(hall, django_assert_num_queries):
    line(hall, 1)
    forecasts.of_mall(hall.mall.pk, now=at(9, 1))
    for people in (1, 30):
        line(hall, people)
        # Version, days, waiting, lines, desks, at counters, rota.
        with django_assert_num_queries(7):
            forecasts.of_mall(hall.mall.pk, now=at(9, 1))


def test_the_same_picture_is_foretold_once(hall, django_assert_num_queries):
    line(hall, 3)
    first = forecasts.of_mall(hall.mall.pk, now=at(9, 1))

    with django_assert_num_queries(1):
        assert forecasts.of_mall(hall.mall.pk, now=at(9, 1, 5)) is first


def test_every_process_foretells_the_same(hall):
    line(hall, 5)
    first = forecasts.of_mall(hall.mall.pk, now=at(9, 1))
    memo.clear_all()

    assert forecasts.of_mall(hall.mall.pk, now=at(9, 1)) == first


def test_only_the_first_range_shown_is_the_promise(hall):
    pk = line(hall, 4)[-1]
    first = promised(pk)

    hall.done(hall.call(now=at(9, 2)), now=at(9, 8))

    assert promised(pk, now=at(9, 9)).made_at == first.made_at == at(9, 1)


def test_a_number_in_print_is_promised_its_range_too(hall):
    line(hall, 2)
    pk = tickets.issue(hall.service.pk, priority=Priority.NONE, now=at(9), key=key(), on_paper=True)

    assert promised(pk).high > 5


def test_somebody_called_before_is_not_foretold_again(hall):
    pk = line(hall, 1)[0]
    hall.act(tickets.skip, hall.call())
    tickets.return_to_line(pk, now=at(9, 5), key=key())

    forecasts.promise(named(pk), now=at(9, 6))

    assert not Forecast.objects.exists()


@pytest.mark.parametrize(("minute", "is_hit"), [(1, False), (3, True), (8, True), (9, False)])
def test_a_forecast_is_scored_when_its_number_is_called(hall, minute, is_hit):
    [pk] = line(hall, 1)
    promised(pk)
    Forecast.objects.update(low=2, high=7)
    assert forecasts.score(now=at(9, 1)) == 0

    hall.call(now=at(9, minute))

    assert forecasts.score(now=at(10)) == 1
    kept = Forecast.objects.get()
    assert (kept.is_hit, kept.waited_seconds) == (is_hit, (minute - 1) * 60)
    assert forecasts.score(now=at(10)) == 0


def test_a_number_given_up_is_never_scored(hall):
    [pk] = line(hall, 1)
    promised(pk)
    tickets.cancel(pk, now=at(9, 5), key=key())

    assert forecasts.score(now=at(10)) == 0


def test_the_hit_rate_is_said_by_service_and_as_a_whole(hall):
    for n in range(4):
        pk = line(hall, 1, now=at(9, n))[0]
        promised(pk, now=at(9, n))
        hall.done(hall.call(now=at(9, n, 30)), now=at(9, n, 40))
    Forecast.objects.update(low=0, high=1)
    Forecast.objects.filter(ticket__number=1).update(high=0)
    forecasts.score(now=at(10))

    [rate] = forecasts.hit_rates(hall.mall, now=at(10))

    named = f"{hall.presence.board_name}: {hall.service.name}"
    # Rounded down: three of four are not eight in ten.
    assert (rate.title, rate.hits, rate.scored, rate.in_ten) == (named, 3, 4, 7)
    assert not rate.says_something
    assert forecasts.hit_rate(hall.mall, now=at(10)).percent == 75


def test_scores_older_than_a_week_are_forgotten(hall):
    [pk] = line(hall, 1)
    promised(pk)
    hall.call(now=at(9, 2))
    forecasts.score(now=at(10))

    assert forecasts.hit_rates(hall.mall, now=later(at(10), days=8)) == ()


def work(hall, people, *, minutes):
    """So many people, each served for so many minutes, one after the other."""
    for n in range(people):
        start = later(at(8), minutes=n * (minutes + 1))
        hall.issue(now=start)
        pk = hall.call(now=start)
        hall.act(tickets.serve, pk, now=start)
        hall.act(tickets.finish, pk, now=later(start, minutes=minutes))


def test_a_mall_learns_how_long_its_services_take(hall):
    work(hall, 40, minutes=2)
    before = middle(hall, line(hall, 3, now=at(11))[-1], now=at(11))

    learning.learn(hall.mall, now=at(11))

    law = Learned.objects.get().law
    assert law["services"][str(hall.service.pk)][2] == 40
    pk = Ticket.objects.latest("pk").pk
    assert middle(hall, pk, now=at(11)) < before / 2


def test_a_mall_learns_how_many_do_not_come_and_how_long_that_is_waited_for(hall):
    work(hall, 30, minutes=2)
    for n in range(30):
        now = later(at(10), minutes=n)
        hall.issue(now=now)
        hall.act(tickets.skip, hall.call(now=now), now=later(now, seconds=40))

    learning.learn(hall.mall, now=at(11))

    law = Learned.objects.get().law
    assert (law["no_show"], law["no_show_seconds"]) == (0.5, 40)


def test_a_mall_learns_the_way_between_two_calls_while_people_wait(hall):
    line(hall, 40, now=at(8))
    for n in range(40):
        start = later(at(8), minutes=3 * n)
        hall.done(hall.call(now=start), now=later(start, minutes=2, seconds=30))

    learning.learn(hall.mall, now=at(11))

    law = Learned.objects.get().law
    assert (law["gap"], law["pause"]) == (30, 0)


def test_a_mall_learns_when_priority_people_come(hall):
    hall.issue(priority=Priority.ELDERLY, now=at(9))
    hall.issue(priority=Priority.PREGNANT, now=at(9, 30))
    hall.issue(now=at(9, 30))

    learning.learn(hall.mall, now=at(11))

    hours = Learned.objects.get().law["priority"][str(hall.queue.pk)]
    assert {hour: rate * 3600 for hour, rate in enumerate(hours) if rate} == {9: 2}


def test_misses_widen_the_ranges_that_are_shown(hall):
    for pk in line(hall, 40):
        baker.make(
            Forecast,
            ticket_id=pk,
            made_at=at(9),
            low=1,
            high=2,
            low_seconds=60,
            middle_seconds=90,
            high_seconds=120,
            waited_seconds=600,
            is_hit=False,
        )
    last = Ticket.objects.latest("pk").pk
    memo.clear_all()
    before = forecasts.of_mall(hall.mall.pk, now=at(9, 1))

    learning.learn(hall.mall, now=at(11))

    memo.clear_all()
    after = forecasts.of_mall(hall.mall.pk, now=at(9, 1))
    assert after.people[last] == before.people[last]  # what is scored is what was played
    assert after.of_ticket(last).low < before.of_ticket(last).low
    assert after.of_ticket(last).high > before.of_ticket(last).high


def test_what_is_kept_for_scoring_is_not_widened(hall):
    Learned.objects.create(mall=hall.mall, law={"stretch": 1.0}, at=at(8))
    pk = line(hall, 5)[-1]

    kept = promised(pk)

    span = forecasts.of_mall(hall.mall.pk, now=at(9, 1)).people[pk]
    assert (kept.low_seconds, kept.high_seconds) == (round(span.low), round(span.high))
    assert kept.high * 60 > span.high + 120


def test_a_service_newer_than_what_was_learned_is_taken_as_an_ordinary_one(hall):
    line(hall, 1)
    forecasts.of_mall(hall.mall.pk, now=at(9))
    newer = make_service(hall.queue)
    hall.issue(service=newer)
    last = hall.issue(service=newer)

    assert forecasts.of_mall(hall.mall.pk, now=at(9, 1)).people[last].middle > 300


def test_a_call_that_is_undone_is_not_scored(hall):
    [pk] = line(hall, 1)
    promised(pk)
    hall.act(tickets.undo, hall.call(now=at(9, 2)), now=at(9, 2, 20))

    assert forecasts.score(now=at(9, 2, 25)) == forecasts.score(now=at(9, 5)) == 0


def test_a_call_is_scored_once_it_can_no_longer_be_undone(hall):
    [pk] = line(hall, 1)
    promised(pk)
    hall.call(now=at(9, 2))

    assert forecasts.score(now=at(9, 2, 30)) == 0
    assert forecasts.score(now=at(9, 2, 31)) == 1


def test_a_mall_without_a_log_learns_nothing_and_says_so(hall):
    assert learning.learn_all(now=at(11)) == 1

    law = Learned.objects.get().law
    assert (law["stretch"], law["services"][str(hall.service.pk)][2]) == (0.0, 0)


def test_a_number_withdrawn_is_gone_from_the_line(hall):
    tickets.issue(hall.service.pk, priority=Priority.NONE, now=at(9), key=key(), on_paper=True)
    behind = hall.issue(now=at(9))
    before = middle(hall, behind)

    sweeps.withdraw_unprinted(now=at(9, 3))

    assert middle(hall, behind) < before
    assert ticket(behind).day.date == MONDAY
