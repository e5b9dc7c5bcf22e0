"""The command and the nightly proof that ask whether everything holds."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from mpp.invariants import ALL
from mpp.tasks import verify_invariants
from queueing import invariants, sweeps, tickets
from queueing.models import Ticket, Visit
from queueing.states import Priority, Reason, State
from tests.notifications.posts import contact_of
from tests.queueing.corrupting import change, served
from tests.recipes import MONDAY, add_counter, at, key, make_hall, make_queue, make_service

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall():
    """A morning with every move in it, in two queues at three counters."""
    hall = make_hall(counters=2)
    other = make_service(make_queue(hall.presence, "B"), "Lain")
    add_counter(hall, queues=[other.queue])
    for minute in range(8):
        hall.issue(now=at(9, minute), priority=Priority(minute % 2))
    Visit.objects.filter(tickets__number=4).update(contact=contact_of(hall.mall))
    # Called in turn: 2, 4 (priority), 1; then 6 out of order.
    hall.done(hall.call(now=at(9, 10)), now=at(9, 12))
    interrupted = hall.call(now=at(9, 13))
    hall.act(tickets.serve, interrupted, now=at(9, 14))
    hall.act(tickets.hold, interrupted, now=at(9, 20))
    absent = hall.call(now=at(9, 21), seat=1)
    hall.act(tickets.recall, absent, now=at(9, 22), seat=1)
    hall.act(tickets.skip, absent, now=at(9, 23), seat=1)
    hall.act(tickets.resume, interrupted, now=at(9, 24), seat=1)
    hall.act(tickets.serve, interrupted, now=at(9, 25), seat=1)
    picked = Ticket.objects.get(number=6).pk
    hall.act(tickets.call_out_of_order, picked, now=at(9, 26), reason=Reason.URGENT_HEALTH)
    hall.act(tickets.serve, picked, now=at(9, 27))
    hall.act(tickets.transfer, picked, now=at(9, 30), service_id=other.pk)
    tickets.return_to_line(absent, now=at(9, 31), key=key())
    mistaken = hall.call(now=at(9, 32))
    hall.act(tickets.undo, mistaken, now=at(9, 32, 20))
    hall.act(tickets.serve, hall.call(now=at(9, 33)), now=at(9, 33))
    hall.act(tickets.finish, interrupted, now=at(9, 34), seat=1)
    tickets.cancel(Ticket.objects.waiting().latest("number").pk, now=at(9, 35), key=key())
    hall.act(tickets.serve, hall.call(now=at(9, 40), seat=2), now=at(9, 41), seat=2)
    return hall


def test_the_command_says_one_line_per_invariant(hall, capsys):
    call_command("verify_invariants")

    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [each.id for each in ALL]
    assert lines[0].split()[1:3] == ["9", "0"]


def test_the_command_fails_on_a_breach_and_names_the_number_only(hall, capsys):
    change(served(), number=77)
    with pytest.raises(CommandError, match="1 pelanggaran"):
        call_command("verify_invariants")

    said = capsys.readouterr().out
    assert "mpp-uji 2026-03-09 A: 8 tickets, 8 numbers up to 77" in said
    assert not any(visit.token in said for visit in Visit.objects.all())


def test_the_command_describes_the_first_twenty(hall, capsys):
    for _ in range(25):
        hall.issue(now=at(10))
    Ticket.objects.filter(state=State.WAITING).update(wait_seconds=60)
    with pytest.raises(CommandError):
        call_command("verify_invariants", "--json")

    verdicts = {each["id"]: each for each in json.loads(capsys.readouterr().out)["checks"]}
    wrong = Ticket.objects.waiting().count()
    assert (verdicts["I2b"]["breaches"], len(verdicts["I2b"]["examples"])) == (wrong, 20)


def test_the_command_looks_at_one_mall(hall, capsys):
    make_hall(slug="mpp-lain").issue()
    change(served(), number=77)

    call_command("verify_invariants", "--json", "--mall", "mpp-lain")
    found = json.loads(capsys.readouterr().out)
    assert (found["ok"], found["checks"][0]["checked"]) == (True, 1)
    with pytest.raises(CommandError):
        call_command("verify_invariants", "--mall", hall.mall.slug)
    with pytest.raises(CommandError, match="Tidak ada mal tidak-ada"):
        call_command("verify_invariants", "--mall", "tidak-ada")


def test_the_command_looks_at_days_from_a_date_on(hall, capsys):
    change(served(), number=77)
    tomorrow = MONDAY + timedelta(days=1)
    hall.issue(now=at(9, on=tomorrow))
    sweeps.close_days(now=at(10, on=tomorrow))
    hall.issue(now=at(11, on=tomorrow))

    call_command("verify_invariants", "--since", tomorrow.isoformat())
    assert capsys.readouterr().out.splitlines()[0].split()[1] == "2"


def test_the_nightly_proof_logs_a_breach(hall, caplog, time_machine):
    time_machine.move_to(at(2, on=MONDAY + timedelta(days=1)))
    change(served(), number=77)
    verify_invariants()

    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert caplog.records[0].getMessage().startswith("I1: 1 breaches")


@pytest.mark.django_db(transaction=True)
def test_the_proof_is_one_snapshot_and_keeps_no_writer_out():
    hall = make_hall()
    hall.issue()
    with invariants.snapshot():
        with connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) FROM queueing_ticket")
            before = cursor.fetchone()
        elsewhere(hall)
        with connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) FROM queueing_ticket")
            assert cursor.fetchone() == before
    assert Ticket.objects.count() == 2


def elsewhere(hall):
    """Issue a number from a connection of its own, and see it committed."""

    def issue():
        try:
            return hall.issue()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(issue).result(timeout=5)
