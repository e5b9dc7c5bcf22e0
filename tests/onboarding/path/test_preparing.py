from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import override

from core import uploads
from core.models import Kind, StoredFile
from hall.models import HallEvent
from onboarding.models import Task
from onboarding.path import preparing
from onboarding.path.preparing import STANDARD, Said, Standing
from onboarding.states import Half, Stage
from tests.onboarding.path.recipes import NOON, mall_at, scan, somebody
from tests.recipes import MONDAY

pytestmark = pytest.mark.django_db
TOMORROW = MONDAY + timedelta(days=1)


@pytest.fixture
def mall():
    return mall_at(Stage.PREPARATION)


@pytest.fixture
def task(mall):
    preparing.lay(mall)
    return Task.objects.get(mall=mall, code="maklumat")


def say(task, **said):
    return preparing.save(task, Said(**said), by=somebody(mall=task.mall), now=NOON)


def test_the_list_is_laid_once_in_both_halves(mall):
    assert (preparing.lay(mall), preparing.lay(mall)) == (21, 0)

    halves = Task.objects.filter(mall=mall).values_list("half", flat=True)
    assert (list(halves).count(Half.POLICY), list(halves).count(Half.FACILITIES)) == (11, 10)


def test_a_list_laid_again_keeps_what_was_said(mall, task):
    say(task, owner="DPMPTSP")
    Task.objects.filter(mall=mall, code="loket").delete()

    assert preparing.lay(mall) == 1

    task.refresh_from_db()
    assert task.owner == "DPMPTSP"


def test_standard_items_are_named_in_the_language_of_the_house(mall):
    with override("en"):
        preparing.lay(mall)

    assert Task.objects.get(mall=mall, code="tata-tertib").name == "Tata tertib"


def test_a_mall_adds_items_of_its_own_after_the_list(mall, task):
    by = somebody(mall=mall)

    for name in ("Genset", "Musala"):
        preparing.add(mall, Half.FACILITIES, name, owner=" PU ", due=MONDAY, by=by, now=NOON)

    last = list(Task.objects.filter(mall=mall).order_by("-rank")[:2])
    assert [(each.name, each.owner, each.code) for each in last] == [
        ("Musala", "PU", ""),
        ("Genset", "PU", ""),
    ]
    assert preparing.name_of(last[0]) == "Musala"


def test_no_item_stands_in_the_list_twice(mall, task):
    with pytest.raises(preparing.NameTaken):
        preparing.add(
            mall,
            Half.POLICY,
            "maklumat pelayanan",
            owner="",
            due=None,
            by=somebody(mall=mall),
            now=NOON,
        )


def test_what_is_done_says_by_whom_and_when(task):
    done = say(task, standing=Standing.DONE, note="Nomor 1/2026")

    assert (done.done_on, done.done_by.assignments.get().mall) == (MONDAY, task.mall)
    assert preparing.standing_of(done) == Standing.DONE
    assert HallEvent.objects.get().detail == "done"


def test_whoever_only_corrects_the_note_did_not_do_it(task):
    done = say(task, standing=Standing.DONE, note="Nomor 1/2026")
    first = done.done_by

    corrected = say(task, standing=Standing.DONE, done_on=MONDAY, note="Nomor 11/2026")

    assert (corrected.evidence_note, corrected.done_by) == ("Nomor 11/2026", first)
    earlier = say(task, standing=Standing.DONE, done_on=MONDAY - timedelta(days=1))
    assert earlier.done_by != first


def test_what_was_done_can_be_undone(task):
    say(task, standing=Standing.DONE)

    undone = say(task)

    assert (undone.done_on, undone.done_by) == (None, None)
    assert preparing.standing_of(undone) == Standing.OPEN


def test_nothing_is_done_tomorrow(task):
    with pytest.raises(preparing.WrongDay):
        say(task, standing=Standing.DONE, done_on=TOMORROW)


def test_what_is_not_needed_says_why(task):
    with pytest.raises(preparing.ReasonMissing):
        say(task, standing=Standing.NOT_NEEDED, reason="  ")

    saved = say(task, standing=Standing.NOT_NEEDED, reason="Ikut induk")
    assert (preparing.standing_of(saved), saved.not_needed_for) == (
        Standing.NOT_NEEDED,
        "Ikut induk",
    )
    assert say(task, reason="Ikut induk").not_needed_for == ""


@pytest.mark.parametrize(
    "wrong",
    [
        {"is_needed": False},
        {"not_needed_for": "Ikut induk"},
        {"is_needed": False, "not_needed_for": "Ikut induk", "done_on": MONDAY},
    ],
)
def test_the_database_knows_no_other_way(task, wrong):
    done = {"done_by": somebody(mall=task.mall)} if "done_on" in wrong else {}

    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.filter(pk=task.pk).update(**wrong, **done)


def test_evidence_stays_until_it_is_dropped(task):
    accepted = uploads.accept(scan(), kinds=[Kind.PNG])

    say(task, evidence=accepted)
    assert say(task, note="Nomor 2").evidence == StoredFile.objects.get()
    assert say(task, drops_evidence=True).evidence is None


def test_progress_counts_what_is_needed(mall):
    preparing.lay(mall)
    first, second, third, *_others = Task.objects.filter(mall=mall)
    say(first, standing=Standing.DONE, due=MONDAY - timedelta(days=9))
    say(second, standing=Standing.NOT_NEEDED, reason="Ikut induk", due=MONDAY - timedelta(days=9))
    say(third, due=MONDAY - timedelta(days=1))

    progress = preparing.progress(Task.objects.filter(mall=mall), on=MONDAY)

    assert (*progress, progress.left) == (20, 1, 1, 19)


def test_today_is_not_late(task):
    assert not preparing.is_late(say(task, due=MONDAY), on=MONDAY)


def test_every_standard_item_fits_its_column():
    most = Task.name.field.max_length

    assert [code for code, item in STANDARD.items() if len(str(item.name)) > most] == []
