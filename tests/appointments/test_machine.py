"""Places of a window against a simple model: booking, moving, cancelling, expiry, capacity."""

from collections import Counter as Tally
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from appointments import arrivals, booking, capacity
from appointments.models import Booking
from appointments.states import HELD_FOR, TAKES_PLACE, State
from core import memo
from core.errors import Refused
from core.proof import Scope
from mpp.invariants import ALL
from queueing.invariants import verify
from tests.appointments.recipes import TUESDAY, at, come_back, key, make_plan, person
from tests.recipes import make_hall

pytestmark = [pytest.mark.django_db, pytest.mark.no_cover]
HOURS = (9, 10, 11)


@dataclass
class Place:
    """What the model knows of a booking."""

    id: int
    hour: int
    until: object
    phone: int | None = None
    state: State = State.HELD


class BookingMachine(RuleBasedStateMachine):
    hall = plan = None

    @initialize()
    def begin(self):
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.now, self.places, self.size = at(8), [], 2
        self.back = []  # the hours of places given up that have not come back
        self.resize(2)

    def teardown(self):
        try:
            self.prove()
            arrivals.miss(now=at(12, on=TUESDAY))
            self.prove()
        finally:
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)
            memo.clear_all()

    def prove(self):
        assert [verdict for verdict in verify(Scope(), ALL) if verdict.breaches] == []

    def taken(self, hour):
        taken = sum(p.hour == hour and p.state in TAKES_PLACE for p in self.places)
        return taken + self.back.count(hour)

    def over(self, hour):
        """Places of this window whose ten minutes are over and that nobody has swept yet."""
        held = (p for p in self.places if p.hour == hour and p.state == State.HELD)
        return [place for place in held if place.until <= self.now]

    def expire(self, hour):
        for place in self.over(hour):
            place.state = State.RELEASED

    def has_room(self, hour):
        """Whoever finds a window full gives back what is over there, if that makes room."""
        if self.taken(hour) >= self.size:
            if self.taken(hour) - len(self.over(hour)) >= self.size:
                return False  # a refusal changes nothing
            self.expire(hour)
        return True

    def attempt(self, act, *, allowed):
        try:
            with transaction.atomic():
                done = act()
        except Refused:
            assert not allowed
            return None
        assert allowed
        return done

    def some(self, index):
        return self.places[index % len(self.places)] if self.places else None

    def same(self):
        """The database holds what the model holds."""
        rows = Booking.objects.filter(pk__in=[place.id for place in self.places])
        found = Tally(rows.values_list("pk", "state", "slot__starts_at"))
        assert found == Tally((p.id, p.state, at(p.hour, on=TUESDAY)) for p in self.places)

    @rule(minutes=st.integers(1, 8))
    def wait(self, minutes):
        self.now = min(self.now + timedelta(minutes=minutes), at(20))

    @rule(hour=st.sampled_from(HOURS))
    def hold(self, hour):
        allowed = self.has_room(hour)
        starts_at, service = at(hour, on=TUESDAY), self.hall.service.pk
        pk = self.attempt(
            lambda: booking.hold(service, starts_at, now=self.now, key=key()), allowed=allowed
        )
        if pk is not None:
            self.places.append(Place(pk, hour, self.now + HELD_FOR))

    @rule(index=st.integers(0, 50), phone=st.integers(1, 2))
    def confirm(self, index, phone):
        place = self.some(index)
        if place is None:
            return
        open_ = sum(p.phone == phone and p.state == State.CONFIRMED for p in self.places)
        allowed = place.state == State.HELD and open_ < 3
        act = lambda: booking.confirm(place.id, person(phone), now=self.now, key=key())  # noqa: E731
        if self.attempt(act, allowed=allowed) is not None:
            place.state, place.phone = State.CONFIRMED, phone
        self.same_but_expired()

    @rule(index=st.integers(0, 50), hour=st.sampled_from(HOURS))
    def move(self, index, hour):
        place = self.some(index)
        if place is None:
            return
        is_open = place.state == State.CONFIRMED
        allowed = is_open and (place.hour == hour or self.has_room(hour))
        starts_at = at(hour, on=TUESDAY)
        act = lambda: booking.move(place.id, starts_at, now=self.now, key=key())  # noqa: E731
        if self.attempt(act, allowed=allowed) is not None:
            if place.hour != hour:
                self.back.append(place.hour)
            place.hour = hour

    @rule(index=st.integers(0, 50))
    def cancel(self, index):
        place = self.some(index)
        if place is None:
            return
        allowed = place.state == State.CONFIRMED
        act = lambda: booking.cancel(place.id, now=self.now, key=key())  # noqa: E731
        if self.attempt(act, allowed=allowed) is not None:
            place.state = State.CANCELLED
            self.back.append(place.hour)

    @rule()
    def come_back(self):
        """The moment of every place given up has come."""
        come_back(now=self.now)
        self.back = []
        self.same()

    @rule()
    def sweep(self):
        booking.release_held(now=self.now)
        for hour in HOURS:
            self.expire(hour)
        self.same()

    @rule(size=st.integers(0, 4))
    def resize(self, size):
        self.size = size
        self.plan.windows.update(online=size)
        memo.clear_all()
        capacity.follow_plan(self.hall.service.pk, now=self.now)

    def same_but_expired(self):
        rows = dict(Booking.objects.values_list("pk", "state"))
        for place in self.places:
            assert rows[place.id] == place.state


def test_the_places_behave_like_the_simple_model():
    BookingMachine.hall = make_hall()
    BookingMachine.plan = make_plan(BookingMachine.hall.service)

    run_state_machine_as_test(
        BookingMachine,
        settings=settings(
            max_examples=40,
            stateful_step_count=40,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
