"""Two who record the same step of a mall, commit the same region, or close the same note."""

import time
from uuid import uuid4

import pytest
from django.db.models import QuerySet

from agencies.models import Mall, Region
from core.errors import Refused
from onboarding.models import CoachNote, Location, Milestone, Task
from onboarding.path import coaching, milestones, preparing, way
from onboarding.states import Act, Half, Stage
from tests.onboarding.path.recipes import NOON, coach, committed, mall_at, record, region, somebody
from tests.races.crowd import broken_within, errors, no_transactions, together
from tests.recipes import MONDAY

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
CLICKS = 4


def click(mall, act, by):
    """The same button pressed by several at once; all of them were shown the same page."""
    return together(*[lambda: record(mall, act, by=by)] * CLICKS)


def codes(results):
    return sorted(error.code for error in errors(results) if isinstance(error, Refused))


def slowly(guard_off):
    """Between the look and the write there is time for somebody else."""
    step = milestones.step

    def later(*args, **more):
        time.sleep(0.05)
        return step(*args, **more)

    guard_off.setattr(milestones, "step", later)


def unlocked(guard_off):
    """Take row locks and transactions away."""
    guard_off.setattr(QuerySet, "select_for_update", lambda rows, **_how: rows.all())
    guard_off.setattr(way, "record", way.record.__wrapped__)
    no_transactions(guard_off)
    slowly(guard_off)


@pytest.mark.parametrize(
    ("act", "stage"), [(Act.SUSPEND, Stage.COACHED), (Act.PREPARE, Stage.COMMITMENT)]
)
def test_many_clicks_are_one_step(act, stage, guard_off):
    slowly(guard_off)
    mall = mall_at(stage)

    results = click(mall, act, somebody(mall=mall))

    assert codes(results) == ["wrong_stage"] * (CLICKS - 1)
    assert Milestone.objects.filter(mall=mall).count() == 1


def test_many_clicks_are_one_move(guard_off):
    slowly(guard_off)
    mall = mall_at(Stage.COACHED)

    results = click(mall, Act.MOVE, somebody(mall=mall))

    assert codes(results) == ["place_missing"] * (CLICKS - 1)
    assert Location.objects.filter(mall=mall).count() == 2


def test_twin_clicks_without_the_lock_are_several_steps(guard_off):
    mall = mall_at(Stage.COACHED)
    by = somebody(mall=mall)
    unlocked(guard_off)

    def goes_wrong():
        click(mall, Act.SUSPEND, by)
        count = Milestone.objects.filter(mall=mall).count()
        Milestone.objects.all().delete()
        Mall.objects.update(stage=Stage.COACHED, suspended_from=None, suspended_for="")
        return count > 1

    assert broken_within(10, goes_wrong)


def test_without_the_lock_the_database_still_holds_a_step_that_comes_once(guard_off):
    mall = mall_at(Stage.COMMITMENT)
    by = somebody(mall=mall)
    unlocked(guard_off)

    results = click(mall, Act.PREPARE, by)

    assert len(errors(results)) >= 1
    assert Milestone.objects.filter(mall=mall, act=Act.PREPARE).count() == 1


def test_a_region_commits_itself_once():
    here, by = region(), coach()

    results = together(*[lambda: committed(here, by=by)] * CLICKS)

    assert codes(results) == ["committed_already"] * (CLICKS - 1)
    assert (Mall.objects.count(), Milestone.objects.count()) == (1, 1)


def test_overlapping_ceremonies_do_not_wait_for_each_other_in_a_ring():
    regions, by = [region(f"Kabupaten {number}") for number in range(6)], coach()

    results = together(
        lambda: committed(*regions[:4], by=by), lambda: committed(*regions[:1:-1], by=by)
    )

    assert codes(results) == ["committed_already"]
    assert Mall.objects.count() == 4


def test_a_name_is_given_to_one_place(guard_off):
    (mall,) = committed(region())
    by = somebody(mall=mall)

    def add():
        place = way.Place("AEON", "Jalan")
        known = {"short_name": "GPP", "place": place, "on": MONDAY, "by": by, "now": NOON}
        here = Region.objects.get(pk=mall.region_id)
        return way.add_place(here, Mall.Kind.GPP, "Gerai", **known)

    results = together(*[add] * CLICKS)

    assert codes(results) == ["name_taken"] * (CLICKS - 1)
    assert Mall.objects.count() == 2


def test_a_list_laid_by_many_lies_once():
    mall = mall_at(Stage.PREPARATION)

    results = together(*[lambda: preparing.lay(mall)] * CLICKS)

    assert errors(results) == []
    assert Task.objects.filter(mall=mall).count() == len(preparing.STANDARD)


def test_an_item_is_added_once():
    mall = mall_at(Stage.PREPARATION)
    known = {"owner": "", "due": None, "by": somebody(mall=mall), "now": NOON}

    results = together(*[lambda: preparing.add(mall, Half.POLICY, "Genset", **known)] * CLICKS)

    assert codes(results) == ["name_taken"] * (CLICKS - 1)


def test_a_note_is_decided_once():
    mall, by = mall_at(Stage.PREPARATION), coach()
    visit = {"visited_on": MONDAY, "due": None, "task": None, "key": uuid4()}
    note = coaching.leave(mall, "Papan kurang", by=by, now=NOON, **visit)
    coaching.answer(note, "Sudah", by=somebody(mall=mall), now=NOON)

    results = together(
        *[lambda: coaching.ask_again(note, "Belum", due=None, by=by, now=NOON)] * CLICKS
    )

    assert codes(results) == ["closed_already"] * (CLICKS - 1)
    assert CoachNote.objects.count() == 2
