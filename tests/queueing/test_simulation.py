from collections import Counter as Tally
from datetime import timedelta
from itertools import pairwise

import pytest
import time_machine
from django.core.management import CommandError, call_command

from agencies.calendars import calendar_of
from agencies.models import Assignment
from queueing import desks, tickets
from queueing.models import Desk, QueueDay, Ticket, TicketEvent
from queueing.simulation import live, plan, report, staff
from queueing.simulation.day import OVERTIME, HallDay
from queueing.states import AT_COUNTER, ENDED, Move, State
from services.models import Queue
from tests import recipes
from tests.queueing.playing import sometimes_busy, two_agencies
from tests.recipes import MONDAY, at, key

TUESDAY = MONDAY + timedelta(days=1)


def the_day(hall, *, on=MONDAY, visitors=40, seed=1, **kwargs):
    found = staff.hall_of(hall.mall, on)
    return HallDay(hall.mall, found, seed=seed, visitors=visitors, **kwargs)


def seated(hall):
    """Which user names sit at which counter numbers."""
    rows = Desk.objects.filter(officer__isnull=False, counter__mall=hall.mall)
    return dict(rows.values_list("counter__number", "officer__username"))


def step_to(day, now, *, until, seconds=1):
    while now < until:
        now += timedelta(seconds=seconds)
        day.step(now)
    return now


# --- whole days -------------------------------------------------------------------------------


@pytest.mark.django_db
def test_two_simulated_days_leave_everything_ended_and_sound(capsys):
    hall = two_agencies()

    call_command("simulate", mall=hall.mall.slug, date=MONDAY, days=2, seed=5, visitors=60)

    table = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in table[1:]] == ["2026-03-09", "2026-03-10"]
    assert Ticket.objects.count() > 80
    assert not Ticket.objects.exclude(state__in=ENDED).exists()
    assert not QueueDay.objects.filter(closed_at=None).exists()
    assert seated(hall) == {}
    moves = set(TicketEvent.objects.values_list("move", flat=True))
    assert moves >= {Move.CALL, Move.RECALL, Move.SKIP, Move.SERVE, Move.FINISH, Move.RETURN}
    call_command("verify_invariants")


@pytest.mark.django_db
def test_every_kind_of_move_happens(monkeypatch):
    hall = two_agencies()
    for name in ("TRANSFERRED", "HELD", "LEAVES", "CALLED_BY_MISTAKE"):
        monkeypatch.setattr(plan, name, 0.15)
    monkeypatch.setattr(plan, "COMES_BACK", 0.9)
    monkeypatch.setattr("queueing.simulation.seat.OUT_OF_ORDER", 0.2)

    call_command("simulate", mall=hall.mall.slug, date=MONDAY, visitors=90)

    moves = set(TicketEvent.objects.values_list("move", flat=True))
    assert set(Move) - moves <= {Move.EXPIRE, Move.CONFIRM, Move.WITHDRAW}
    assert TicketEvent.objects.filter(reason__isnull=False).exists()
    call_command("verify_invariants")


@pytest.mark.django_db
def test_a_day_is_played_once():
    hall = two_agencies()
    for _time in range(2):
        call_command("simulate", mall=hall.mall.slug, date=MONDAY, visitors=30)

    issued = Ticket.objects.filter(came_from=None).count()
    assert issued == len(plan.people(staff.hall_of(hall.mall, MONDAY), seed=1, visitors=30))


@pytest.mark.django_db
def test_a_busy_database_and_a_used_up_quota_do_not_end_the_day(monkeypatch):
    hall = two_agencies()
    Queue.objects.filter(letter="B").update(daily_quota=3)
    for move in (tickets.serve, tickets.issue, tickets.cancel, tickets.return_to_line):
        monkeypatch.setattr(tickets, move.__name__, sometimes_busy(move))

    call_command("simulate", mall=hall.mall.slug, date=MONDAY, visitors=90)

    assert Ticket.objects.filter(state=State.DONE).count() > 30
    assert not Ticket.objects.exclude(state__in=ENDED).exists()
    call_command("verify_invariants")


@pytest.mark.django_db
def test_the_report_counts_the_tables():
    hall = two_agencies()
    call_command("simulate", mall=hall.mall.slug, date=MONDAY, visitors=60)

    day = report.of(hall.mall, on=MONDAY)

    states = Tally(Ticket.objects.values_list("state", flat=True))
    assert day.issued == Ticket.objects.count()
    assert (day.served, day.transferred, day.cancelled) == (
        states[State.DONE],
        states[State.TRANSFERRED],
        states[State.CANCELLED],
    )
    assert 0 <= day.median_wait <= day.p90_wait


@pytest.mark.django_db
def test_closed_days_are_skipped():
    hall = two_agencies()
    saturday = MONDAY + timedelta(days=5)

    call_command("simulate", mall=hall.mall.slug, date=saturday, days=2, visitors=20)

    assert not QueueDay.objects.exists()


@pytest.mark.django_db
def test_an_unknown_mall_is_said():
    with pytest.raises(CommandError, match="mpp-tidak-ada"):
        call_command("simulate", mall="mpp-tidak-ada")


@pytest.mark.django_db
def test_a_desk_in_the_middle_of_a_later_day_is_not_disturbed():
    hall = recipes.make_hall()
    later = at(9, on=TUESDAY)
    hall.issue(now=later)
    called = hall.call(now=later)

    with pytest.raises(CommandError):
        call_command("simulate", mall=hall.mall.slug, date=MONDAY, visitors=20)

    assert recipes.ticket(called).state == State.CALLED


@pytest.mark.django_db
def test_officers_are_made_once_and_cannot_sign_in():
    hall = two_agencies()

    first = staff.officers_of(hall.mall)
    again = staff.officers_of(hall.mall)

    assert {pk: user.pk for pk, user in first.items()} == {pk: u.pk for pk, u in again.items()}
    names = sorted(user.username for user in first.values())
    assert names == ["simulasi-mpp-uji-1", "simulasi-mpp-uji-2", "simulasi-mpp-uji-9"]
    assert not any(user.has_usable_password() for user in first.values())
    held = Assignment.objects.filter(user__username="simulasi-mpp-uji-9")
    assert [row.agency.name for row in held] == ["Kantor Uji"]


# --- live -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_step_plays_what_is_due_and_nothing_else():
    hall = two_agencies()
    day = the_day(hall, visitors=150)
    day.begin()

    day.step(at(7, 59))
    assert not Ticket.objects.exists()
    step_to(day, at(8), until=at(8, 20))

    events = TicketEvent.objects.order_by("version")
    assert events.exists()
    assert all(at(8) <= event.at <= at(8, 20) for event in events)
    assert set(seated(hall)) == {"1", "2", "9"}


@pytest.mark.django_db
def test_a_person_whom_nobody_planned_is_served():
    hall = two_agencies()
    day = the_day(hall, visitors=0)
    day.begin()
    now = step_to(day, at(8), until=at(8, 15))

    mine = hall.issue(now=now)
    step_to(day, now, until=at(8, 50))

    assert recipes.ticket(mine).state == State.DONE
    call_command("verify_invariants")


@pytest.mark.django_db
def test_a_counter_with_a_real_officer_is_left_alone_and_taken_back_a_minute_later():
    hall = two_agencies()
    day = the_day(hall, visitors=150)
    day.begin()
    now = step_to(day, at(8), until=at(8, 40))
    counter, officer = hall.counter, hall.officer

    desks.open_(counter, by=officer, now=now, take_over=True)
    before = list(Ticket.objects.filter(counter=counter, state__in=AT_COUNTER).values())
    version = TicketEvent.objects.filter(counter=counter).count()
    now = step_to(day, now, until=at(9, 10))
    assert TicketEvent.objects.filter(counter=counter).count() == version
    assert list(Ticket.objects.filter(counter=counter, state__in=AT_COUNTER).values()) == before
    assert seated(hall)["1"] == officer.username

    for row in before:
        if row["state"] == State.CALLED:
            hall.act(tickets.serve, row["id"], now=now)
        hall.act(tickets.finish, row["id"], now=now)
    desks.leave(counter, by=officer, now=at(9))
    now = step_to(day, now, until=now + timedelta(seconds=50))
    assert "1" not in seated(hall)
    now = step_to(day, now, until=now + timedelta(seconds=30))
    assert seated(hall)["1"] == "simulasi-mpp-uji-1"
    call_command("verify_invariants")


@pytest.mark.django_db
def test_a_counter_that_is_taken_in_the_morning_is_left_alone():
    hall = two_agencies()
    desks.open_(hall.counter, by=hall.officer, now=at(7, 50))
    day = the_day(hall)
    day.begin()

    day.play(at(9))

    assert seated(hall)["1"] == hall.officer.username
    assert not TicketEvent.objects.filter(counter=hall.counter).exists()


@pytest.mark.django_db
def test_a_restart_goes_on_with_the_same_day():
    hall = two_agencies()
    first = the_day(hall, visitors=120)
    first.begin()
    first.play(at(9, 30))
    issued = Ticket.objects.filter(came_from=None).count()
    at_desks = list(Ticket.objects.at_counter().values_list("pk", flat=True))
    assert at_desks

    again = the_day(hall, visitors=120)
    assert again.begin() >= at(9, 25)
    assert Ticket.objects.filter(came_from=None).count() == issued
    again.play(at(9, 45))
    assert not Ticket.objects.filter(pk__in=at_desks, state__in=AT_COUNTER).exists()
    again.play(at(15) + OVERTIME)

    expected = len(plan.people(staff.hall_of(hall.mall, MONDAY), seed=1, visitors=120))
    assert Ticket.objects.filter(came_from=None).count() == expected
    assert again.is_over(at(18))
    assert not Ticket.objects.filter(state__in={State.WAITING, *AT_COUNTER}).exists()
    call_command("verify_invariants")


@pytest.mark.django_db
def test_somebody_on_hold_is_taken_back_after_a_restart():
    hall = two_agencies()
    officer = staff.officers_of(hall.mall)[hall.counter.pk]
    desks.open_(hall.counter, by=officer, now=at(9))
    mine = hall.issue(now=at(9))
    act = {"counter": hall.counter, "by": officer, "now": at(9)}
    tickets.call_next(**act, key=key())
    tickets.serve(mine, **act, key=key())
    tickets.hold(mine, **act, key=key())

    day = the_day(hall, visitors=0)
    day.begin()
    day.play(at(10))

    assert recipes.ticket(mine).state == State.DONE


@pytest.mark.django_db
def test_catching_up_never_acts_before_something_that_somebody_real_has_done():
    hall = two_agencies()
    day = the_day(hall, visitors=100)
    day.begin()
    day.play(at(8, 30), minds_others=True)
    hall.issue(now=at(10))

    while not day.step(at(10)):
        pass

    since = TicketEvent.objects.filter(at=at(10)).order_by("version").first()
    assert not TicketEvent.objects.filter(version__gt=since.version, at__lt=at(10)).exists()
    call_command("verify_invariants")


@pytest.mark.django_db
def test_a_lively_hall_does_not_stand_still():
    hall = two_agencies()
    day = the_day(hall, visitors=250, pace=0.6, is_lively=True)
    day.begin()
    day.play(at(9, 30))

    step_to(day, at(9, 30), until=at(9, 40))

    moments = sorted(TicketEvent.objects.filter(at__gt=at(9, 30)).values_list("at", flat=True))
    gaps = [b - a for a, b in pairwise(moments)]
    assert sum(gap <= timedelta(seconds=8) for gap in gaps) / len(gaps) > 0.7


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (at(7), at(9, 15)),
        (at(8, 10), at(9, 15)),
        (at(8, 30), at(8, 30)),
        (at(12, 30), at(12, 30)),
        (at(14), at(14)),
        (at(14, 1), at(9, 15, on=TUESDAY)),
        (at(23), at(9, 15, on=TUESDAY)),
        (at(10, on=MONDAY + timedelta(days=4)), at(10, on=MONDAY + timedelta(days=4))),
        (at(10, on=MONDAY + timedelta(days=5)), at(9, 15, on=MONDAY + timedelta(days=7))),
    ],
)
def test_the_show_is_in_a_working_morning(now, expected):
    hall = recipes.make_hall()
    with time_machine.travel(at(0)):
        calendar = calendar_of(hall.mall.pk)

    assert live.showtime(calendar, now) == expected
