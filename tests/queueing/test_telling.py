"""What followers of a number hear, and what the staff of a hall is told."""

from datetime import timedelta

import pytest
from model_bakery import baker

from accounts.models import User
from accounts.roles import Role
from agencies.models import Assignment
from core.proof import Scope
from hall.models import Device
from mpp.invariants import ALL
from notifications import outbox
from notifications.models import Message
from notifications.states import Channel
from queueing import tickets, watching
from queueing.invariants import verify
from queueing.models import Ticket, Visit
from tests.notifications.posts import contact_of, sends_through
from tests.recipes import at, key, make_hall

pytestmark = pytest.mark.django_db
TEXT, INBOX = Channel.TEXT, Channel.INBOX


@pytest.fixture
def hall():
    hall = make_hall(counters=2)
    sends_through(hall.mall, TEXT)
    yield hall
    assert [verdict for verdict in verify(Scope(), ALL) if verdict.breaches] == []


def follow(hall, ticket_id):
    """The visit of a number has somebody who hears of it."""
    contact = contact_of(hall.mall, TEXT)
    Visit.objects.filter(tickets=ticket_id).update(contact=contact)
    return contact


def said(kind=None):
    found = Message.objects.filter(channel=TEXT).order_by("pk")
    return list((found.filter(kind=kind) if kind else found).values_list("kind", flat=True))


def test_a_call_is_told_to_whoever_follows_it(hall):
    follow(hall, hall.issue())
    hall.issue()

    hall.call()
    hall.call(seat=1)

    assert said() == ["ticket_called"]
    told = outbox.values_of(Message.objects.get(channel=TEXT))
    assert (told["nomor"], told["loket"]) == ("A-001", hall.counter.number)


def test_your_turn_is_worth_a_minute(hall):
    follow(hall, hall.issue())

    hall.call(now=at(9, 30))

    row = Message.objects.get(channel=TEXT)
    assert row.not_after == at(9, 31)


def test_every_repetition_is_told_and_so_is_a_call_missed(hall):
    mine = hall.issue()
    follow(hall, mine)
    hall.call()
    hall.act(tickets.recall, mine)
    hall.act(tickets.skip, mine)

    assert said() == ["ticket_called", "ticket_called", "ticket_missed"]


def test_a_copy_of_the_same_press_tells_nobody_twice(hall):
    follow(hall, hall.issue())
    same = key()
    for _press in range(3):
        tickets.call_next(hall.counter, by=hall.officer, now=at(9), key=same)

    assert said() == ["ticket_called"]


def test_who_follows_nothing_costs_the_call_no_query(hall, django_assert_num_queries):
    hall.issue()
    hall.issue()
    hall.call()
    hall.done(Ticket.objects.get(number=1).pk)

    with django_assert_num_queries(12):
        hall.call()


def test_three_before_you_is_told_once(hall):
    pks = [hall.issue() for _each in range(5)]
    follow(hall, pks[4])

    assert watching.tell_near(now=at(9)) == 0
    hall.call()
    assert watching.tell_near(now=at(9)) == 1
    assert watching.tell_near(now=at(9, 1)) == 0
    hall.call(seat=1)
    assert watching.tell_near(now=at(9, 2)) == 0

    told = outbox.values_of(Message.objects.get(channel=TEXT))
    assert (told["nomor"], told["jumlah"]) == ("A-005", "3")


def test_nobody_is_told_of_a_turn_of_yesterday(hall):
    follow(hall, hall.issue())

    assert watching.tell_near(now=at(9) + timedelta(days=1)) == 0


@pytest.fixture
def admin(hall):
    admin = User.objects.create_user("admin", email="admin@example.org")
    baker.make(Assignment, user=admin, role=Role.MALL_ADMIN, mall=hall.mall, agency=None)
    return admin


def test_a_silent_device_is_told_to_its_malls_admins_once(hall, admin):
    device = {"mall": hall.mall, "kind": Device.Kind.BOARD, "name": "Papan utara"}
    baker.make(Device, **device, token_hash="x", enrolled_at=at(8), seen_at=at(9))

    watching.tell_staff(now=at(9, 10))
    watching.tell_staff(now=at(9, 11))

    row = Message.objects.get(channel=INBOX)
    assert (row.kind, row.contact.user, row.mall) == ("device_silent", admin, hall.mall)
    assert outbox.values_of(row) == {
        "perangkat": "Papan utara",
        "jam": "09.00 WIB",
        "mal": hall.mall.short_name,
    }


def test_a_line_that_became_too_long_is_told_once_an_hour(hall, admin):
    hall.issue(now=at(9))

    for minute in (0, 30, 50):
        watching.tell_staff(now=at(9, minute) + timedelta(hours=1))

    assert Message.objects.filter(channel=INBOX, kind="queue_slow").count() == 1
