"""The nightly proof finds a report that somebody changed behind its rules."""

import pytest
from django.db import connection

from core.proof import Scope
from monitoring.invariants import INVARIANTS
from monitoring.models import Report, ReportEvent
from monitoring.reports import checks, lifecycle
from monitoring.states import Move, State
from tests.monitoring.reports.recipes import APRIL_2, again, standing
from tests.recipes import MONDAY, later

pytestmark = pytest.mark.django_db


@pytest.fixture
def unguarded(hall):
    """Take away what would refuse the corruption, as a careless hand at the database might."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(
                "ALTER TABLE monitoring_reportevent DROP CONSTRAINT report_event_is_a_legal_move"
            )
        cursor.execute("DROP INDEX report_moves_once")
        yield
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = OFF")


@pytest.fixture
def report(hall, admin, judge):
    """An accepted report, and the version before it."""
    first = standing(hall.mall, State.RETURNED)
    second = lifecycle.rebuild(first, by=admin, now=APRIL_2)
    frozen = {"content": {"schema": 1}, "definitions": 1, "sources": {}}
    frozen["checksum"] = checks.checksum(frozen["content"])
    lifecycle.freeze(second, "", frozen, now=APRIL_2)
    lifecycle.submit(second, ("1", "Siti", "Kepala"), by=admin, now=APRIL_2)
    lifecycle.accept(second, by=judge, now=APRIL_2)
    return again(second)


def found(scope=None):
    return {breach.what for breach in checks.frozen(scope or Scope()).breaches}


def test_an_ordinary_life_breaks_nothing(report):
    assert found() == set()
    assert checks.frozen(Scope()).checked == 2


def test_it_is_among_the_questions_of_every_night():
    assert {each.id: each.check for each in INVARIANTS}["I32"] is checks.frozen


def another_content():
    Report.objects.update(content={"schema": 2})


def another_checksum():
    Report.objects.update(checksum="b" * 64)


def another_state():
    Report.objects.filter(version=2).update(state=State.READY)


def a_gap():
    Report.objects.filter(version=2).update(version=3)


def no_first():
    ReportEvent.objects.filter(report__version=1).delete()
    Report.objects.filter(version=1).delete()


def no_events():
    ReportEvent.objects.filter(report__version=2).delete()


def a_lost_beginning():
    ReportEvent.objects.filter(report__version=2, move=Move.BEGIN).delete()


def a_lost_move():
    ReportEvent.objects.filter(report__version=2, move=Move.FREEZE).delete()


@pytest.mark.parametrize(
    ("spoil", "what"),
    [
        (another_content, "is not what its checksum was made of"),
        (another_checksum, "is not what its checksum was made of"),
        (another_state, "is not in the state of its last event"),
        (a_gap, "has versions that are not numbered from 1"),
        (no_first, "has versions that are not numbered from 1"),
        (no_events, "has no event"),
        (a_lost_beginning, "was never begun"),
        (a_lost_move, "moved from a state it was not in"),
    ],
)
def test_what_was_spoilt_is_found(report, spoil, what):
    spoil()

    assert what in found()


def begun_twice(report):
    ReportEvent.objects.create(
        report=report, move=Move.BEGIN, origin=None, target=State.ACCEPTED, at=APRIL_2
    )
    return "was begun twice"


def an_illegal_move(report):
    ReportEvent.objects.create(
        report=report, move=Move.SUBMIT, origin=State.ACCEPTED, target=State.ACCEPTED, at=APRIL_2
    )
    return "has a move that is not in the table"


@pytest.mark.parametrize("spoil", [begun_twice, an_illegal_move])
def test_an_event_that_no_rule_wrote_is_found(report, unguarded, spoil):
    assert spoil(report) in found()


def test_only_what_is_asked_for_is_looked_at(report):
    another_checksum()

    assert found(Scope(mall_id=report.mall_id + 1)) == set()
    assert found(Scope(since=later(APRIL_2, days=2).date())) == set()
    assert found(Scope(since=MONDAY)) != set()
