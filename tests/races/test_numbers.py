"""Many people take a number at once."""

import time

import pytest
from django.db import IntegrityError, transaction

from core import sql
from queueing import ledger, tickets
from queueing.models import Ticket
from queueing.refusals import QuotaUsedUp
from queueing.states import Priority
from tests.races.crowd import broken_within, commit_each_statement, errors, processes, together
from tests.recipes import at, key, make_queue, make_service

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

COUNTED = """
    SELECT COUNT(*) + 1 FROM queueing_ticket JOIN queueing_queueday AS day ON day.id = day_id
    WHERE day.queue_id = %(queue)s AND day.date = %(on)s"""
ADMITTED = "SELECT admitted FROM queueing_queueday WHERE queue_id = %(queue)s AND date = %(on)s"


def numbers(service):
    found = Ticket.objects.filter(service=service).values_list("number", flat=True)
    return sorted(found)


def test_two_hundred_people_at_once_get_the_numbers_1_to_200(hall):
    def take_two():
        return hall.issue(), hall.issue()

    taken = together(*[take_two] * 100)

    assert errors(taken) == []
    assert numbers(hall.service) == list(range(1, 201))
    assert len({pk for pair in taken for pk in pair}) == 200


def test_four_processes_at_once_get_the_numbers_1_to_100(hall):
    taken = processes(*[{"act": "issue", "service": hall.service.pk, "times": 25}] * 4)

    assert numbers(hall.service) == list(range(1, 101))
    assert sorted(pk for pks in taken for pk in pks) == sorted(
        Ticket.objects.values_list("pk", flat=True)
    )


def test_twin_numbers_counted_instead_of_taken_go_wrong(hall, guard_off):
    take = ledger.take_number

    def counted(queue_id, *, on, **more):
        number = sql.row(COUNTED, queue=queue_id, on=on)[0]
        time.sleep(0.005)
        taken = take(queue_id, on=on, **more)
        return ledger.Number(taken.day_id, number, taken.since)

    guard_off.setattr(ledger, "take_number", counted)
    commit_each_statement(guard_off)

    def goes_wrong():
        refused = errors(together(*[hall.issue] * 10))
        assert all(isinstance(error, IntegrityError) for error in refused)
        return bool(refused)

    assert broken_within(10, goes_wrong)


def test_a_failed_issue_leaves_no_gap(hall):
    def fail():
        with transaction.atomic():
            hall.issue()
            raise ZeroDivisionError

    taken = together(*[hall.issue, fail] * 15)

    assert [type(error) for error in errors(taken)] == [ZeroDivisionError] * 15
    assert numbers(hall.service) == list(range(1, 16))


def test_a_quota_of_ten_gives_ten_numbers_to_a_hundred_people(hall):
    service = make_service(make_queue(hall.presence, "B", quota=10))
    taken = together(*[lambda: hall.issue(service=service)] * 100)

    assert [type(error) for error in errors(taken)] == [QuotaUsedUp] * 90
    assert numbers(service) == list(range(1, 11))


def test_twin_a_quota_read_before_taking_is_overrun(hall, guard_off):
    take = ledger.take_number

    def read_first(queue_id, *, on, quota, **more):
        admitted = sql.row(ADMITTED, queue=queue_id, on=on)
        if admitted is not None and admitted[0] >= quota:
            return None
        time.sleep(0.005)
        return take(queue_id, on=on, quota=ledger.UNLIMITED, **more)

    guard_off.setattr(ledger, "take_number", read_first)
    commit_each_statement(guard_off)

    def goes_wrong():
        letter = "ABCDEFGHJK"[Ticket.objects.values("service").distinct().count() + 1]
        service = make_service(make_queue(hall.presence, letter, quota=3))
        together(*[lambda: hall.issue(service=service)] * 12)
        return len(numbers(service)) > 3

    assert broken_within(8, goes_wrong)


def test_ten_copies_of_one_press_take_one_number(hall):
    pressed = key()

    def press():
        return tickets.issue(hall.service.pk, priority=Priority.NONE, now=at(9), key=pressed)

    taken = together(*[press] * 10)

    assert len(set(taken)) == 1
    assert numbers(hall.service) == [1]
