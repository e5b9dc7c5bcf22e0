"""Planned changes are made once, never in the running hall, and rests lose nobody a promise."""

import time
from datetime import timedelta

import pytest
from django.db.models import QuerySet
from model_bakery import baker

from accounts.roles import Role
from agencies.models import Counter
from agencies.opening import Rest
from appointments import arrivals, booking, disruption, stranded
from appointments.models import Application, Booking
from appointments.states import State
from core import memo
from core.errors import Refused
from hall.models import HallEvent
from onboarding.models import PlannedChange
from onboarding.setup.arranging import changes, counters, hours, presences, queues, resting
from onboarding.setup.arranging.hours import Special
from onboarding.setup.arranging.queues import QueueAs
from onboarding.setup.arranging.refusals import HoldsAlready, InUse, KnownAlready, NumberTaken
from queueing.models import QueueDay, Ticket
from services import assigning
from services.models import Queue
from services.register import Entry
from tests.appointments.recipes import TUESDAY, book, fill, hold, make_plan, person, wait
from tests.onboarding.staff.recipes import appoint
from tests.races.crowd import broken_within, deferred, errors, together
from tests.recipes import MONDAY, at, key

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
MIDNIGHT = at(0, 1, on=TUESDAY)
MORNING = at(9, on=TUESDAY)
EARLY = at(8, 45)


@pytest.fixture
def by(hall):
    return appoint(Role.MALL_ADMIN, mall=hall.mall)


def letter(hall, by, wanted="K"):
    changes.plan(hall.queue, {"letter": wanted}, from_date=TUESDAY, by=by, now=at(9))


def make(now=MIDNIGHT):
    return changes.make_due(now=now)


def without_locks(guard_off):
    deferred(guard_off)
    guard_off.setattr(QuerySet, "select_for_update", lambda found, **more: found.all())


def test_of_six_workers_one_makes_a_change(hall, by):
    letter(hall, by)

    assert sum(together(*[make] * 6)) == 1

    assert HallEvent.objects.filter(act="setup.planned_made").count() == 1


def test_making_and_taking_back_at_once_is_one_of_both(hall, by):
    letter(hall, by)
    row = PlannedChange.objects.get()

    made, taken = together(make, lambda: changes.withdraw(row, by=by, now=MIDNIGHT))

    is_k = Queue.objects.get(pk=hall.queue.pk).letter == "K"
    assert (made, isinstance(taken, HoldsAlready)) == ((1, True) if is_k else (0, False))
    assert PlannedChange.objects.count() == made


def test_twin_without_waiting_in_line_a_change_is_made_twice(hall, by, guard_off):
    without_locks(guard_off)
    slow(guard_off, changes, "_make_all")
    guard_off.setattr(changes, "_make", changes._make.__wrapped__)

    def goes_wrong():
        PlannedChange.objects.all().delete()
        HallEvent.objects.filter(act="setup.planned_made").delete()
        Queue.objects.filter(pk=hall.queue.pk).update(letter="A")
        letter(hall, by)
        together(*[make] * 4)
        return HallEvent.objects.filter(act="setup.planned_made").count() > 1

    assert broken_within(6, goes_wrong)


def slow(guard_off, module, name):
    """Between the look and the write there is time for somebody else."""
    act = getattr(module, name)

    def later(*args, **more):
        time.sleep(0.1)
        return act(*args, **more)

    guard_off.setattr(module, name, later)


# Nothing is renamed in the running hall


@pytest.fixture
def seen(monkeypatch):
    """Whether numbers of the day were out while something was being renamed."""
    found = []

    def looking(module, name, *, first):
        act = getattr(module, name)

        def later(*args, **more):
            answer = act(*args, **more) if first else None
            time.sleep(0.1)
            found.append(Ticket.objects.filter(day__closed_at=None).exists())
            return answer if first else act(*args, **more)

        monkeypatch.setattr(module, name, later)

    looking(changes, "_make_all", first=False)
    looking(queues, "_refuse_worked", first=True)
    return found


def first_numbers(hall, on):
    """Three numbers of a day, every week a little later beside whoever renames."""

    def issue():
        time.sleep((on - MORNING).days / 7 * 0.05)
        return hall.issue(now=on)

    return [issue] * 3


def days(hall):
    """A Tuesday after the other, each with a letter that is not known yet."""
    for week in range(6):
        Queue.objects.filter(pk=hall.queue.pk).update(letter="A")
        QueueDay.objects.update(closed_at=MORNING)
        yield MORNING + timedelta(days=7 * week)


def make_late(hall, by, on):
    changes.plan(hall.queue, {"letter": "K"}, from_date=on.date(), by=by, now=at(9))
    return lambda: make(on)


def rename(hall, by, on):
    wanted = {hall.queue.pk: QueueAs("K", "Antrean", None, True)}
    return lambda: queues.rearrange(hall.presence, wanted, {}, by=by, now=on)


@pytest.mark.parametrize("how", [make_late, rename])
def test_a_letter_that_changes_and_the_first_numbers_do_not_cross(hall, by, how, seen):
    for on in days(hall):
        renamed, *numbers = together(how(hall, by, on), *first_numbers(hall, on))

        assert isinstance(renamed, int | InUse | None)
        assert errors(numbers) == []
        PlannedChange.objects.all().delete()

    assert True not in seen


@pytest.mark.parametrize("how", [make_late, rename])
def test_twin_without_the_version_in_hand_numbers_are_renamed(hall, by, how, seen, guard_off):
    without_locks(guard_off)
    guard_off.setattr(changes, "_make", changes._make.__wrapped__)
    guard_off.setattr(queues, "rearrange", queues.rearrange.__wrapped__)
    weeks = days(hall)

    def goes_wrong():
        on = next(weeks)
        together(how(hall, by, on), *first_numbers(hall, on))
        return True in seen

    assert broken_within(6, goes_wrong)


@pytest.mark.parametrize("seat", [0, 1])
def test_numbers_letters_and_calls_change_at_once_without_a_ring(hall, by, seat):
    counter = hall.counters[seat]
    for _number in range(3):
        hall.issue()
    changes.plan(counter, {"number": "9"}, from_date=TUESDAY, by=by, now=at(9))

    results = together(
        lambda: counters.change(counter, number="7", place="", by=by, now=at(9)),
        lambda: assigning.assign(counter, [hall.queue.pk], by=hall.officer, now=at(9)),
        lambda: resting.rest(hall.counters[1 - seat], Rest(TUESDAY), by=by, now=at(9)),
        lambda: hall.call(seat=0),
        lambda: hall.call(seat=1),
        hall.issue,
        make,
    )

    assert [error for error in errors(results) if not isinstance(error, Refused)] == []


# One number calls one counter


def test_of_six_counters_that_want_one_number_one_gets_it(hall, by):
    rows = [baker.make(Counter, mall=hall.mall, number=f"2{n}") for n in range(6)]

    results = together(*[planning(row, by) for row in rows])

    assert [type(error) for error in errors(results)] == [NumberTaken] * 5
    assert PlannedChange.objects.count() == 1


def planning(counter, by):
    plan = changes.plan
    return lambda: plan(counter, {"number": "7"}, from_date=TUESDAY, by=by, now=at(9))


def test_twin_without_waiting_in_line_two_are_promised_one_number(hall, by, guard_off):
    without_locks(guard_off)
    guard_off.setattr(changes, "plan", changes.plan.__wrapped__)
    rows = [baker.make(Counter, mall=hall.mall, number=f"2{n}") for n in range(3)]

    def goes_wrong():
        PlannedChange.objects.all().delete()
        together(*[planning(row, by) for row in rows])
        return PlannedChange.objects.count() > 1

    assert broken_within(6, goes_wrong)


# Rests


def test_of_six_who_let_a_counter_rest_one_does(hall, by):
    results = together(*[resting_until(hall, by, day) for day in range(1, 7)])

    assert [type(error) for error in errors(results)] == [KnownAlready] * 5


def resting_until(hall, by, days):
    span = Rest(TUESDAY, TUESDAY + timedelta(days=days))
    return lambda: resting.rest(hall.counter, span, by=by, now=at(9))


def test_who_books_or_waits_while_a_rest_is_said_is_not_forgotten(hall, by):
    make_plan(hall.service, online=8)
    for hour in (10, 11):
        fill(hall.service, at(hour, on=TUESDAY), places=8)
    held = [hold(hall.service) for _ in range(6)]

    together(
        lambda: resting.rest(hall.service, Rest(TUESDAY), by=by, now=at(9)),
        *[lambda pk=pk: booking.confirm(pk, person(pk), now=at(9), key=key()) for pk in held],
        *[lambda n=n: wait(hall.service, hours=(10, 11), number=90 + n) for n in range(3)],
    )
    memo.clear_all()
    disruption.catch_up(now=at(9))
    stranded.sweep(now=at(9))

    assert not Booking.objects.filter(state=State.CONFIRMED).exists()
    assert not Application.objects.open().exists()


def at_once(hall, by, how):
    """Each way to stop what people have booked for today."""
    rest_of = {"counter": hall.counter, "queue": hall.queue, "service": hall.service}
    if how in rest_of:
        return lambda: resting.rest(rest_of[how], Rest(MONDAY), by=by, now=EARLY)
    if how == "agency":
        return lambda: presences.switch(hall.presence, is_active=False, by=by, now=EARLY)
    if how == "register":
        entry = Entry("Layanan", hall.queue, 10, is_active=False)
        return lambda: queues.change_service(hall.service, entry, by=by, now=EARLY)
    if how == "queues":
        wanted = {hall.queue.pk: QueueAs("K", "Antrean", None, False)}
        return lambda: queues.rearrange(hall.presence, wanted, {}, by=by, now=EARLY)
    shut = Special(MONDAY, MONDAY, None, "Banjir")
    return lambda: hours.add_special(hall.mall, shut, by=by, now=EARLY)


HOWS = ["counter", "queue", "service", "agency", "register", "queues", "hours"]


@pytest.mark.parametrize("how", HOWS)
def test_who_arrives_while_it_stops_is_served_or_told_and_nobody_waits_in_a_ring(hall, by, how):
    make_plan(hall.service)
    pks = [book(hall.service, at(9), now=at(7), who=person(n)) for n in range(8)]

    results = together(
        at_once(hall, by, how),
        *[lambda pk=pk: arrivals.arrive(pk, now=EARLY, key=key()) for pk in pks],
    )

    assert [error for error in errors(results) if not isinstance(error, Refused)] == []
    states = set(Booking.objects.values_list("state", flat=True))
    assert states <= {State.ARRIVED, State.CALLED_OFF, State.CONFIRMED}
