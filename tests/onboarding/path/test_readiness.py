from datetime import timedelta

import pytest
from django.utils.translation import override
from model_bakery import baker

from agencies import opening, sentences
from agencies.calendars import calendar_of
from agencies.models import Agreement, Presence, Term
from core import memo
from onboarding.models import Milestone, Task
from onboarding.path import preparing, readiness
from onboarding.path.preparing import Said, Standing
from onboarding.path.readiness import Look
from onboarding.states import MOVES, Act, Stage
from services.models import Standard
from tests.onboarding.path.recipes import (
    AGO,
    NOON,
    coach,
    committed,
    furnish,
    mall_at,
    record,
    region,
    somebody,
)
from tests.recipes import MONDAY, at, make_presence, make_queue, make_service

pytestmark = pytest.mark.django_db


def sections(mall, on=MONDAY):
    mall.refresh_from_db()
    return readiness.sections(mall, list(Milestone.objects.filter(mall=mall)), on=on)


def steps(mall, number):
    return {step.name: step for step in sections(mall)[number - 1].steps}


def test_a_mall_that_committed_works_on_its_commitment():
    (mall,) = committed()

    found = sections(mall)

    assert [section.is_current for section in found] == [True, False, False, False, False]
    assert [(section.done, section.needed) for section in found] == [
        (1, 2),
        (0, 0),
        (0, 0),
        (0, 5),
        (0, 3),
    ]


@pytest.mark.parametrize(
    ("stage", "current"),
    [
        (Stage.COMMITMENT, [1]),
        (Stage.PREPARATION, [2, 3]),
        (Stage.AGREEMENT, [4]),
        (Stage.SOFT_LAUNCH, [5]),
        (Stage.INAUGURATED, [5]),
        (Stage.COACHED, [5]),
        (Stage.SUSPENDED, [5]),
    ],
)
def test_each_stage_has_its_sections(stage, current):
    found = sections(mall_at(stage))

    assert [place for place, each in enumerate(found, 1) if each.is_current] == current


def test_what_was_reached_without_a_record_is_done_without_a_day():
    opened = steps(mall_at(Stage.INAUGURATED), 5)

    assert [(step.look, step.day) for step in opened.values()] == [
        (Look.DONE, None),
        (Look.DONE, None),
        (Look.OPEN, None),
    ]


def test_a_place_that_was_added_and_a_gerai_have_no_commitment_of_their_own():
    assert str(Act.COMMIT.label) in steps(mall_at(Stage.PREPARATION), 1)
    assert str(Act.COMMIT.label) not in steps(mall_at(Stage.PREPARATION, kind="gpp"), 1)


@pytest.mark.parametrize(
    ("due", "look", "days"),
    [
        (None, Look.OPEN, 0),
        (-1, Look.LATE, 1),
        (0, Look.SOON, 0),
        (7, Look.SOON, 7),
        (8, Look.OPEN, 8),
    ],
)
def test_a_deadline_that_comes_near_is_said(due, look, days):
    day = None if due is None else MONDAY + timedelta(days=due)

    step = readiness.step_of(Task(name="Genset", due=day), on=MONDAY)

    assert (step.look, step.days) == (look, days)


def test_progress_counts_everything_that_is_needed():
    mall = mall_at(Stage.PREPARATION)
    preparing.lay(mall)
    first, second, third, *_rest = Task.objects.filter(mall=mall)
    for task, said in (
        (first, Said(standing=Standing.DONE)),
        (second, Said(standing=Standing.NOT_NEEDED, reason="Ikut induk")),
        (third, Said(due=MONDAY - timedelta(days=1))),
    ):
        preparing.save(task, said, by=somebody(mall=mall), now=NOON)

    progress = readiness.progress(sections(mall))

    # The commitment was not recorded, the preparation was reached.
    assert (len(progress.looks), progress.done, progress.late) == (30, 2, 1)
    assert (progress.left, progress.undone) == (27, 28)
    assert progress.looks[:3] == [Look.DONE, Look.DONE, Look.LATE]


def test_agreements_that_lack_are_named():
    mall = mall_at(Stage.AGREEMENT)
    first, second = make_presence(mall, "Imigrasi"), make_presence(mall, "Samsat")
    mall.presences.update(basis=Presence.Basis.AGREEMENT)
    mall.presences.filter(pk=make_presence(mall, "DPMPTSP").pk).update(basis=Presence.Basis.DECREE)
    known = {"mall": mall, "kind": "cooperation", "from_date": AGO, "by": coach(), "at": NOON}
    signed = baker.make(Agreement, state="signed", signed_on=AGO, **known)
    ended = MONDAY - timedelta(days=1)
    over = baker.make(Agreement, state="signed", signed_on=AGO, until_date=ended, **known)
    Term.objects.create(agreement=signed, presence=first, from_date=AGO)
    Term.objects.create(agreement=over, presence=second, from_date=AGO)

    step = steps(mall, 4)["Perjanjian kerja sama"]

    assert step.look == Look.OPEN
    assert step.note == "1 dari 2 instansi ditandatangani. Belum: Samsat."
    Agreement.objects.update(until_date=None)
    assert steps(mall, 4)["Perjanjian kerja sama"].look == Look.DONE


def test_standards_and_agencies_are_counted():
    mall = mall_at(Stage.AGREEMENT)
    presence = furnish(mall).presence
    service = make_service(make_queue(presence, "A"))
    author, reviewer = somebody(mall=mall), somebody(mall=mall)
    known = {"author": author, "reviewer": reviewer, "published_at": NOON, "decided_at": NOON}
    known |= {"decree_number": "1", "decree_date": AGO, "content": {}, "written_at": NOON}

    before = steps(mall, 4)["Standar pelayanan setiap layanan"]
    baker.make(Standard, service=service, state="published", version=1, **known)
    after = steps(mall, 4)

    assert (before.look, before.note) == (Look.OPEN, "0 dari 1 layanan terbit.")
    assert after["Standar pelayanan setiap layanan"].look == Look.DONE
    assert after["Instansi terdaftar"].note == "1 instansi"
    assert after["Jam layanan dan loket"].look == Look.DONE


def test_what_leads_on_follows_the_table():
    found = {stage: readiness.next_act(mall_at(stage)) for stage in Stage}

    assert found.pop(Stage.COACHED) is None
    assert found.pop(Stage.SUSPENDED) == Act.REOPEN
    assert all(stage in MOVES[act].origins for stage, act in found.items())


def test_a_mall_that_rests_has_come_as_far_as_before():
    mall = mall_at(Stage.COACHED)
    record(mall, Act.SUSPEND)

    mall.refresh_from_db()
    assert readiness.reached(mall, Milestone.objects.all()) == Stage.COACHED


def test_citizens_read_why_a_mall_rests_and_not_when_it_opens():
    mall = mall_at(Stage.COACHED)
    furnish(mall)
    record(mall, Act.SUSPEND)
    memo.clear_all()
    calendar = calendar_of(mall.pk)

    (closing,) = opening.closures(calendar, at(9))

    assert sentences.closing(closing, calendar) == (
        "Ditutup sementara mulai Senin, 9 Maret 2026",
        "Banjir. Pembukaannya kembali belum ditentukan.",
    )
    assert sentences.closed(opening.status(calendar, at(9)), calendar.zone) == (
        "Mal ditutup sementara: Banjir. Pembukaannya kembali belum ditentukan."
    )


def test_before_its_day_a_mall_that_will_rest_is_open_and_says_so():
    mall = mall_at(Stage.COACHED)
    furnish(mall)
    record(mall, Act.SUSPEND, on=MONDAY + timedelta(days=7))
    memo.clear_all()
    calendar = calendar_of(mall.pk)

    assert opening.status(calendar, at(9)).phase == opening.Phase.OPEN
    (closing,) = opening.closures(calendar, at(9))
    assert sentences.closing(closing, calendar)[0] == (
        "Ditutup sementara mulai Senin, 16 Maret 2026"
    )


def test_items_are_named_in_the_readers_language_where_they_are_standard():
    preparing.lay(mall_at(Stage.PREPARATION))

    with override("id"):
        assert preparing.name_of(Task.objects.get(code="loket")) == "Loket dan papan nama layanan"


def test_a_mall_is_hidden_until_its_soft_launch():
    found = {stage: mall_at(stage, region=region()).is_hidden for stage in Stage}

    assert [stage for stage, hidden in found.items() if hidden] == [
        Stage.COMMITMENT,
        Stage.PREPARATION,
        Stage.AGREEMENT,
    ]
