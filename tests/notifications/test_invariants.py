"""Each invariant of the messages finds what somebody planted past the rules."""

from datetime import timedelta

import pytest

from core.proof import Scope
from mpp.invariants import ALL
from notifications.models import Attempt, Consent, Message, Spending
from notifications.states import Channel, State
from queueing.invariants import verify
from queueing.models import Visit
from tests.appointments.recipes import book, make_plan, person
from tests.notifications.posts import contact_of, later, plug_in, sends_through, work
from tests.recipes import at, make_hall

pytestmark = pytest.mark.django_db
TEXT = Channel.TEXT


@pytest.fixture
def day(monkeypatch):
    """A day on which people were told of their calls and reservations."""
    hall = make_hall()
    sends_through(hall.mall, TEXT, price=100, budget=10_000)
    plug_in(monkeypatch)
    Visit.objects.filter(tickets=hall.issue()).update(contact=contact_of(hall.mall, TEXT))
    hall.call()
    work(now=later(1))
    make_plan(hall.service)
    contact = contact_of(hall.mall, TEXT)
    book(hall.service, who=person(1, contact_id=contact.pk))
    return hall


def broken():
    return {verdict.id for verdict in verify(Scope(), ALL) if verdict.breaches}


def carried():
    return Message.objects.filter(channel=TEXT, kind="ticket_called")


def test_an_ordinary_day_breaks_nothing(day):
    assert broken() == set()


@pytest.mark.parametrize(
    ("found", "plant"),
    [
        ("I8", lambda: Message.objects.filter(kind="ticket_called").update(event="other:1")),
        ("I8r", lambda: Message.objects.filter(kind="booking_confirmed").update(event="other:1")),
        ("I9", lambda: Attempt.objects.all().delete()),
        ("I9b", lambda: Spending.objects.update(spent=1)),
        ("I9c", lambda: Consent.objects.all().delete()),
        ("I10", lambda: Attempt.objects.update(at=at(9) + timedelta(minutes=2))),
        ("I11", lambda: carried().update(attempts=9)),
    ],
)
def test_what_was_planted_is_found(day, found, plant):
    if found == "I8r":
        Message.objects.filter(kind__startswith="reminder").delete()
    plant()

    assert found in broken()


def test_an_end_needs_a_reason_even_in_the_database(day):
    with pytest.raises(Exception, match="an_end_without_arrival_has_a_reason"):
        carried().update(state=State.DEAD, reason="")
