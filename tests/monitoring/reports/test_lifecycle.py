"""Every move of the table, from every state; and what stands behind the locks."""

from contextlib import suppress

import pytest
from django.db import IntegrityError, transaction

from monitoring.models import Kind, Report, ReportEvent
from monitoring.reports import lifecycle
from monitoring.reports.refusals import ReportInHand, WrongState
from monitoring.states import MOVES, Move, State
from notifications.models import Message
from notifications.states import Channel
from tests.monitoring.reports.recipes import APRIL_2, LETTER, MARCH, again, standing
from tests.recipes import later

pytestmark = pytest.mark.django_db
NOW = later(APRIL_2, hours=1)
FREEZING = {"checksum": "a" * 64, "definitions": 1, "content": {}, "sources": {}}
ACTS = {
    Move.FREEZE: lambda report, by: lifecycle.freeze(report, "", FREEZING, now=NOW),
    Move.FAIL: lambda report, by: lifecycle.fail(report, now=NOW),
    Move.RETRY: lambda report, by: lifecycle.retry(report, by=by, now=NOW),
    Move.SUBMIT: lambda report, by: lifecycle.submit(report, LETTER, by=by, now=NOW),
    Move.GIVE_BACK: lambda report, by: lifecycle.give_back(report, "Salah", by=by, now=NOW),
    Move.ACCEPT: lambda report, by: lifecycle.accept(report, by=by, now=NOW),
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("move", ACTS)
def test_a_move_is_made_from_its_origins_only(hall, admin, move, state):
    report = standing(hall.mall, state)
    is_legal = state in MOVES[move].origins

    with suppress(WrongState), transaction.atomic():
        ACTS[move](report, admin)

    assert again(report).state == (MOVES[move].target if is_legal else state)
    assert report.events.last().move == (move if is_legal else report.events.last().move)
    assert (report.events.filter(at=NOW).count() == 1) == is_legal


REBUILT = {State.READY, State.SUBMITTED, State.RETURNED}


@pytest.mark.parametrize("state", State)
def test_the_next_version_replaces_what_is_in_hand(hall, admin, state):
    report = standing(hall.mall, state)

    with suppress(WrongState), transaction.atomic():
        lifecycle.rebuild(report, by=admin, now=NOW)

    begun = Report.objects.filter(version=2, state=State.BUILDING).count()
    assert begun == (state in REBUILT | {State.ACCEPTED})
    assert again(report).state == (State.REPLACED if state in REBUILT else state)


def test_of_an_accepted_one_only_one_version_follows_at_a_time(hall, admin):
    report = standing(hall.mall, State.ACCEPTED)
    lifecycle.rebuild(report, by=admin, now=NOW)

    with pytest.raises(ReportInHand):
        lifecycle.rebuild(report, by=admin, now=NOW)


def test_what_is_accepted_takes_the_place_of_what_was(hall, judge, sound):
    before = standing(hall.mall, State.ACCEPTED)
    report = standing(hall.mall, State.SUBMITTED, version=2)

    lifecycle.accept(report, by=judge, now=NOW)

    assert [again(each).state for each in (before, report)] == [State.REPLACED, State.ACCEPTED]


def test_a_letter_is_kept_with_what_was_sent(hall, admin):
    report = standing(hall.mall, State.READY)

    lifecycle.submit(report, LETTER, by=admin, now=NOW)

    row = again(report)
    assert (row.letter_number, row.signatory, row.position) == LETTER
    event = row.events.last()
    assert (event.move, event.by, event.at) == (Move.SUBMIT, admin, NOW)


def test_of_several_who_begin_one_version_there_is_one(hall, admin):
    begun = [lifecycle.begin(hall.mall, Kind.MONTH, MARCH, by=admin, now=NOW) for _each in "abc"]

    assert [is_new for _report, is_new in begun] == [True, False, False]
    assert ReportEvent.objects.count() == 1


@pytest.mark.parametrize(
    ("move", "state", "kind"),
    [
        (Move.FREEZE, State.BUILDING, "report_ready"),
        (Move.GIVE_BACK, State.SUBMITTED, "report_returned"),
        (Move.ACCEPT, State.SUBMITTED, "report_accepted"),
    ],
)
def test_the_mall_is_told_of_it_and_the_ministry_is_not(hall, admin, judge, move, state, kind):
    report = standing(hall.mall, state)

    ACTS[move](report, judge)

    told = Message.objects.filter(kind=kind, channel=Channel.INBOX)
    assert [message.contact.user for message in told] == [admin]


def test_nothing_is_told_of_a_recap(admin, judge):
    report = standing(None, State.BUILDING, kind=Kind.RECAP)

    ACTS[Move.FREEZE](report, judge)

    assert not Message.objects.exists()


# --- What the database itself refuses -----------------------------------------------------------


def refused(act):
    with pytest.raises(IntegrityError), transaction.atomic():
        act()
    return True


def test_two_versions_in_hand_are_refused(hall):
    standing(hall.mall, State.READY)

    assert refused(lambda: standing(hall.mall, State.BUILDING, version=2))


def test_two_accepted_versions_are_refused(hall):
    standing(hall.mall, State.ACCEPTED)

    assert refused(lambda: standing(hall.mall, State.ACCEPTED, version=2))


def test_a_version_twice_is_refused(hall):
    standing(hall.mall, State.REPLACED)

    assert refused(lambda: standing(hall.mall, State.READY))


def test_two_recaps_in_hand_are_refused(db):
    standing(None, State.READY, kind=Kind.RECAP)

    assert refused(lambda: standing(None, State.READY, kind=Kind.RECAP, version=2))
    assert refused(lambda: standing(None, State.REPLACED, kind=Kind.RECAP))


@pytest.mark.parametrize("without", [{"checksum": ""}, {"built_at": None}, {"definitions": None}])
def test_a_frozen_report_without_its_checksum_is_refused(hall, without):
    report = standing(hall.mall, State.READY)

    assert refused(lambda: Report.objects.filter(pk=report.pk).update(**without))


def test_what_was_sent_without_a_letter_is_refused(hall):
    report = standing(hall.mall, State.READY)

    assert refused(lambda: Report.objects.filter(pk=report.pk).update(state=State.SUBMITTED))


@pytest.mark.parametrize(
    "event",
    [
        {"move": Move.ACCEPT, "origin": State.READY, "target": State.ACCEPTED},
        {"move": Move.BEGIN, "origin": None, "target": State.READY},
        {"move": Move.BEGIN, "origin": None, "target": State.BUILDING},  # once more
        {"move": Move.GIVE_BACK, "origin": State.SUBMITTED, "target": State.RETURNED},  # no words
    ],
)
def test_an_event_that_is_no_legal_move_is_refused(hall, event):
    report = standing(hall.mall, State.SUBMITTED)

    assert refused(lambda: report.events.create(at=NOW, **event))


@pytest.mark.parametrize("kind", [Kind.MONTH, Kind.WEEK, Kind.YEAR])
def test_only_a_recap_is_of_no_mall(kind):
    assert refused(lambda: standing(None, State.BUILDING, kind=kind))
