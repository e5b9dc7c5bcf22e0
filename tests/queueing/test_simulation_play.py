"""The play of a demonstration: its clock, its pauses, and how it ends."""

from datetime import time, timedelta
from time import monotonic

import pytest
import time_machine
from django.core.management import call_command
from model_bakery import baker

from accounts.models import User
from agencies.models import DatedHours
from core import clock, memo
from queueing import simulation
from queueing.models import Ticket, TicketEvent
from queueing.simulation import live, staff
from queueing.states import ENDED, Move
from tests import recipes
from tests.queueing.playing import sometimes_busy, two_agencies
from tests.recipes import MONDAY, at

TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def demo(settings, monkeypatch):
    settings.DEMO = True
    monkeypatch.setattr(clock, "_shift", timedelta(0))
    monkeypatch.setattr(live, "_running", None)


@pytest.mark.django_db
@pytest.mark.usefixtures("demo")
def test_the_clock_goes_on_from_the_newest_event_and_jumps_over_the_night():
    hall = two_agencies()
    with time_machine.travel(at(20), tick=False):
        show = live.Show(hall.mall.slug)
        show.begin()

        assert clock.now() == at(9, 15, on=TUESDAY)
        assert Ticket.objects.filter(day__date=TUESDAY).exists()
        hall.issue(now=at(9, 40, on=TUESDAY))

    clock._shift = timedelta(0)
    with time_machine.travel(at(21), tick=False):
        live.Show(hall.mall.slug).begin()
        assert clock.now() == at(9, 40, on=TUESDAY)


@pytest.mark.django_db
@pytest.mark.usefixtures("demo")
def test_a_clock_that_has_jumped_does_not_go_back_when_stopped_at_once():
    hall = two_agencies()
    recipes.add_counter(hall)
    hall.issue(now=at(8, 50, on=TUESDAY))

    with time_machine.travel(at(20), tick=False):
        live.Show(hall.mall.slug).begin()
        assert clock.now() == at(9, 15, on=TUESDAY)


@pytest.mark.django_db
@pytest.mark.usefixtures("demo")
def test_after_the_day_the_next_morning_begins():
    hall = two_agencies()
    with time_machine.travel(at(13, 59), tick=False) as traveller:
        show = live.Show(hall.mall.slug)
        show.begin()
        for _look in range(400):
            traveller.shift(30)
            show.step(clock.now())
            if clock.shift():
                break

        assert show.days[0].on == TUESDAY
        assert clock.now() >= at(9, 15, on=TUESDAY)
        assert not Ticket.objects.filter(day__date=MONDAY).exclude(state__in=ENDED).exists()
    call_command("verify_invariants")


@pytest.mark.django_db
@pytest.mark.usefixtures("demo")
def test_during_a_pause_nothing_happens_and_then_everything_later():
    hall = two_agencies()
    with time_machine.travel(at(9, 30), tick=False) as traveller:
        show = live.Show(hall.mall.slug)
        show.begin()
        due = show.days[0].next_moment
        show.is_paused = True
        events = TicketEvent.objects.count()
        for _minute in range(30):
            traveller.shift(60)
            show.step(clock.now())
        assert TicketEvent.objects.count() == events

        show.is_paused = False
        show.step(clock.now())

        assert TicketEvent.objects.count() <= events + 3
        assert show.days[0].next_moment >= due + timedelta(minutes=29)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("demo")
def test_the_thread_can_be_paused_and_ends_within_a_second():
    hall = two_agencies()
    with time_machine.travel(at(9, 30)):
        simulation.start_live(main=hall.mall.slug)
        assert simulation.is_running()
        simulation.start_live(main=hall.mall.slug)
        simulation.pause()
        assert not simulation.is_running()
        simulation.resume()
        assert simulation.is_running()
        began = monotonic()
        simulation.stop()

    assert monotonic() - began < 1
    assert not simulation.is_running()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("demo")
def test_the_play_waits_for_a_database_that_is_away(monkeypatch):
    hall = two_agencies()
    with time_machine.travel(at(9, 30), tick=False):
        show = live.Show(hall.mall.slug)
        show.begin()
        monkeypatch.setattr(show, "step", sometimes_busy(lambda now: 0.25))

        waits = [show._step_or_wait() for _look in range(3)]

    assert waits == [0.25, 0.25, live.LONGEST]


@pytest.mark.django_db
@pytest.mark.usefixtures("demo")
def test_without_malls_nothing_starts():
    simulation.start_live(main="mpp-tidak-ada")

    assert not simulation.is_running()


@pytest.mark.django_db
def test_outside_a_demonstration_nothing_starts(settings):
    settings.DEMO = False
    hall = recipes.make_hall()

    simulation.start_live(main=hall.mall.slug)

    assert not simulation.is_running()
    assert not User.objects.filter(username__startswith=staff.PREFIX).exists()


@pytest.mark.django_db
def test_shorter_days_are_played_too():
    hall = two_agencies()
    baker.make(
        DatedHours,
        mall=hall.mall,
        from_date=MONDAY,
        until_date=MONDAY,
        opens=time(8),
        closes=time(12),
        reason="Jam Ramadan",
    )
    memo.clear_all()

    with time_machine.travel(at(0)):
        call_command("simulate", mall=hall.mall.slug, date=MONDAY, visitors=30)

    issued = TicketEvent.objects.filter(move=Move.ISSUE, ticket__came_from=None)
    assert issued.exists()
    assert not issued.filter(at__gte=at(12)).exists()
