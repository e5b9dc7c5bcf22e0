"""The waiting list against a simple model: who waits for what, in which order, and gets what."""

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from appointments import booking, capacity, returns, waitlist
from appointments.application_states import OFFERS, State
from appointments.invariants import INVARIANTS
from appointments.models import Application, ReturningPlace, Slot
from core import memo
from core.errors import Refused
from core.proof import Scope
from mpp.invariants import ALL
from queueing.invariants import verify
from tests.appointments.recipes import TUESDAY, at, book, key, make_plan, offer_of, person, wait
from tests.appointments.test_waitlist import WIB
from tests.recipes import make_hall

pytestmark = [pytest.mark.django_db, pytest.mark.no_cover]
HOURS = (9, 10, 11)
STARTS = {hour: at(hour, on=TUESDAY) for hour in HOURS}
HOUR = timedelta(hours=1)
KEPT_BACK = 6 * HOUR
END = at(9, on=TUESDAY)
OFTEN = [each for each in INVARIANTS if each.id in {"I2p", "I2r", "I3"}]


@dataclass
class Waiting:
    """What the model knows of an application."""

    id: int
    phone: int
    wishes: tuple[int, ...]
    state: State = State.WAITING
    offers: int = 0
    declined: list[int] = field(default_factory=list)
    hour: int | None = None  # the place it is offered or has
    until: object = None


@dataclass
class Window:
    """Places there are, places taken, and when those that were given up come back."""

    there: int
    taken: int = 0
    back: list = field(default_factory=list)


class Model:
    """The rules of the waiting list without a database."""

    def __init__(self, size, now):
        self.now, self.size, self.given_up = now, size, 0
        self.rows: list[Waiting] = []
        self.windows = {hour: Window(size) for hour in HOURS}

    def first(self, hour):
        """Who is next for a place of this window."""
        if STARTS[hour] < self.now + HOUR:
            return None
        can_use = (
            row
            for row in self.rows
            if row.state == State.WAITING and hour in row.wishes and hour not in row.declined
        )
        return next(can_use, None)

    def has_place(self, hour):
        return self.windows[hour].taken < self.windows[hour].there

    def offer(self, hour):
        row = self.first(hour)
        if row is None or not self.has_place(hour):
            return False
        self.windows[hour].taken += 1
        row.state, row.hour, row.offers = State.OFFERED, hour, row.offers + 1
        row.until = waitlist.stands_until(self.now, STARTS[hour], WIB)
        return True

    def free(self, hour):
        window = self.windows[hour]
        window.taken -= 1
        window.there = max(window.taken, self.size)

    def give_back(self, row):
        hour = row.hour
        row.declined.append(hour)
        is_over = row.offers == OFFERS or set(row.wishes) <= set(row.declined)
        row.state, row.hour = State.ENDED if is_over else State.WAITING, None
        self.let_go(hour)

    def keep_back(self, hour):
        """A place that was given up is taken until it comes back."""
        self.given_up += 1
        self.windows[hour].back.append((self.given_up, self.now + KEPT_BACK))

    def let_go(self, hour):
        """What was offered goes to the next at once, or comes back as what was given up."""
        self.keep_back(hour)
        last = self.windows[hour].back[-1]
        self.bring_back([(*last, hour)], is_handed_on=True)

    def work(self):
        for row in self.rows:
            if row.state == State.OFFERED and row.until <= self.now:
                self.give_back(row)
        self.offer_returning()
        if any(row.state == State.WAITING for row in self.rows):
            for hour in HOURS:
                while self.offer(hour):
                    pass
        for row in self.rows:
            if row.state == State.WAITING and STARTS[max(row.wishes)] <= self.now + HOUR:
                row.state = State.ENDED

    def offer_returning(self):
        """In the order in which they were given up."""
        self.bring_back(sorted((*back, hour) for hour in HOURS for back in self.windows[hour].back))

    def bring_back(self, returning, *, is_handed_on=False):
        for given_up, returns_at, hour in returning:
            if returns_at <= self.now or (is_handed_on and self.first(hour) is not None):
                self.windows[hour].back.remove((given_up, returns_at))
                self.free(hour)
                self.offer(hour)

    def open_of(self, phone, *states):
        return sum(row.phone == phone and row.state in states for row in self.rows)


class WaitingMachine(RuleBasedStateMachine):
    hall = plan = None
    full = ()

    @initialize(begins=st.sampled_from((8, 20)))
    def begin(self, begins):
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.model = Model(1, at(begins))
        self.strangers = count()
        # Of whoever has a place: the booking, the window, and the phone of who waited for it.
        self.booked = list(self.full)
        for window in self.model.windows.values():
            window.taken = 1

    def teardown(self):
        try:
            self.prove(ALL)
        finally:
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)
            memo.clear_all()

    def prove(self, table=OFTEN):
        assert [verdict for verdict in verify(Scope(), table) if verdict.breaches] == []

    def attempt(self, act, *, allowed):
        try:
            with transaction.atomic():
                done = act()
        except Refused:
            assert not allowed
            return None
        assert allowed
        return done

    def some(self, rows, index):
        return rows[index % len(rows)] if rows else None

    def same(self):
        """The database holds what the model holds, and nothing that may not be."""
        rows = Application.objects.order_by("pk").select_related("booking__slot")
        assert [
            (row.pk, row.state, row.offers, row.booking and row.booking.slot.starts_at)
            for row in rows
        ] == [
            (row.id, row.state, row.offers, row.hour and STARTS[row.hour])
            for row in self.model.rows
        ]
        slots = Slot.objects.values_list("starts_at", "online", "booked_online")
        assert set(slots) == {
            (STARTS[hour], window.there, window.taken)
            for hour, window in self.model.windows.items()
        }
        back = [len(window.back) for window in self.model.windows.values()]
        assert ReturningPlace.objects.count() == sum(back)
        self.prove()

    @rule(minutes=st.sampled_from((10, 60, 240, 600)))
    def time_goes_by(self, minutes):
        self.model.now = min(self.model.now + timedelta(minutes=minutes), END)

    @rule(hour=st.sampled_from(HOURS))
    def book(self, hour):
        """A stranger takes what is free, unless somebody waits for it."""
        is_free = self.model.has_place(hour) and self.model.first(hour) is None
        allowed = is_free and self.model.now < STARTS[hour]
        model, who = self.model, person(900 + next(self.strangers))
        act = lambda: book(self.hall.service, STARTS[hour], now=model.now, who=who)  # noqa: E731
        pk = self.attempt(act, allowed=allowed)
        if pk is not None:
            model.windows[hour].taken += 1
            self.booked.append((pk, hour))
        self.same()

    @rule(hours=st.sets(st.sampled_from(HOURS), min_size=1), phone=st.integers(1, 3))
    def join(self, hours, phone):
        model = self.model
        is_full = not any(model.has_place(hour) for hour in hours)
        is_early = all(model.now < STARTS[hour] for hour in hours)
        open_ = model.open_of(phone, State.WAITING, State.OFFERED)
        more = {"hours": sorted(hours), "number": phone, "now": model.now}
        row = self.attempt(
            lambda: wait(self.hall.service, **more), allowed=is_full and is_early and open_ < 3
        )
        if row is not None:
            model.rows.append(Waiting(row.pk, phone, tuple(sorted(hours))))
        self.same()

    @rule(index=st.integers(0, 50))
    def accept(self, index):
        model, row = self.model, self.some(self.model.rows, index)
        if row is None:
            return
        stands = row.state == State.OFFERED and model.now < row.until
        allowed = stands and self.has_booked(row.phone) < 3
        offer = offer_of(row.id)
        act = lambda: waitlist.accept(row.id, offer, now=model.now, key=key())  # noqa: E731
        pk = self.attempt(act, allowed=allowed)
        if pk is not None:
            row.state = State.PLACED
            self.booked.append((pk, row.hour, row.phone))
        self.same()

    def has_booked(self, phone):
        return sum(phone in rest for _pk, _hour, *rest in self.booked)

    @rule(index=st.integers(0, 50))
    def decline(self, index):
        model, row = self.model, self.some(self.model.rows, index)
        if row is None:
            return
        offer, stands = offer_of(row.id), row.state == State.OFFERED and model.now < row.until
        act = lambda: waitlist.decline(row.id, offer, now=model.now, key=key())  # noqa: E731
        if self.attempt(act, allowed=stands) is not None:
            model.give_back(row)
        self.same()

    @rule(index=st.integers(0, 50))
    def withdraw(self, index):
        model, row = self.model, self.some(self.model.rows, index)
        if row is None:
            return
        allowed = row.state in {State.WAITING, State.OFFERED}
        act = lambda: waitlist.withdraw(row.id, now=model.now, key=key())  # noqa: E731
        if self.attempt(act, allowed=allowed) is not None:
            hour, row.state, row.hour = row.hour, State.WITHDRAWN, None
            if hour is not None:
                model.let_go(hour)
        self.same()

    @rule(index=st.integers(0, 50))
    def cancel(self, index):
        """Somebody who has a place gives it up: it is kept back."""
        found = self.some(self.booked, index)
        if found is None:
            return
        pk, hour, *_phone = found
        booking.cancel(pk, now=self.model.now, key=key())
        self.booked.remove(found)
        self.model.keep_back(hour)
        self.same()

    @rule()
    def work(self):
        waitlist.work(now=self.model.now)
        self.model.work()
        self.same()

    @rule(size=st.integers(0, 2))
    def resize(self, size):
        self.model.size = size
        self.plan.windows.update(online=size)
        memo.clear_all()
        capacity.follow_plan(self.hall.service.pk, now=self.model.now)
        for hour, window in self.model.windows.items():
            if STARTS[hour] > self.model.now:
                window.there = max(window.taken, size)
        self.same()


def test_the_waiting_list_behaves_like_the_simple_model(monkeypatch):
    later = lambda now, _starts_at, **_how: now + KEPT_BACK  # noqa: E731
    monkeypatch.setattr(returns, "moment", later)
    WaitingMachine.hall = make_hall()
    WaitingMachine.plan = make_plan(WaitingMachine.hall.service, online=1)
    service = WaitingMachine.hall.service
    WaitingMachine.full = [
        (book(service, STARTS[hour], who=person(800 + hour), now=at(8)), hour) for hour in HOURS
    ]

    run_state_machine_as_test(
        WaitingMachine,
        settings=settings(
            max_examples=20,
            stateful_step_count=30,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
