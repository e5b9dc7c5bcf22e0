"""Building survives killed workers, lost pokes and copies of its task; it freezes once."""

from datetime import timedelta

import pytest

from core import clock
from monitoring.models import Kind
from monitoring.reports import asking, building, content, lifecycle, paper
from monitoring.reports.tables import checksum
from monitoring.states import Move, Stage, State
from monitoring.tasks import build_report, build_reports
from tests.monitoring.reports.recipes import APRIL_2, MARCH, again, ready
from tests.recipes import later

pytestmark = pytest.mark.django_db
SOON = later(APRIL_2, minutes=1)


@pytest.fixture
def asked(march, admin):
    return asking.of_mall(march.mall, Kind.MONTH, MARCH, by=admin, now=APRIL_2)


@pytest.fixture
def four_o_clock(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: SOON)


def test_what_is_built_is_frozen_with_its_checksum(asked, sound):
    assert building.build(asked.pk, now=SOON)

    report = again(asked)
    assert report.state == State.READY
    assert report.checksum == checksum(report.content)
    assert (report.built_at, report.definitions, report.progress) == (SOON, 1, Stage.DONE)
    assert (report.lease, report.leased_until) == ("", None)


@pytest.mark.parametrize("times", [0, 1, 3])
def test_however_often_the_task_comes_it_is_frozen_once(asked, four_o_clock, times):
    for _time in range(times):
        build_report(asked.pk)
        build_reports()

    freezing = again(asked).events.filter(move=Move.FREEZE)
    assert freezing.count() == min(times, 1)


def test_two_workers_never_have_the_same_one_in_hand(asked):
    assert building.claim(asked.pk, now=SOON) is not None

    assert building.claim(asked.pk, now=later(SOON, minutes=10)) is None
    assert not building.build(asked.pk, now=later(SOON, minutes=10))


def test_what_a_killed_worker_left_is_taken_again(asked):
    building.claim(asked.pk, now=SOON)
    over = SOON + building.LEASE

    assert building.waiting(now=later(SOON, minutes=1)) == []
    assert building.waiting(now=over) == [asked.pk]
    assert building.build(asked.pk, now=over)


def test_a_worker_that_comes_back_too_late_freezes_nothing(asked):
    late = building.claim(asked.pk, now=SOON)
    assert building.build(asked.pk, now=SOON + building.LEASE)
    before = again(asked)

    assert not lifecycle.freeze(late, late.lease, {"content": {}}, now=SOON + building.LEASE)
    assert again(asked).content == before.content


def test_what_fails_again_and_again_is_given_up_and_can_be_tried_once_more(
    asked, admin, monkeypatch, sound
):
    def broken(*_args, **_more):
        raise ZeroDivisionError

    now = SOON
    with monkeypatch.context() as patch:
        patch.setattr(content, "of_mall", broken)
        for _try in range(building.TRIES):
            with pytest.raises(ZeroDivisionError):
                building.build(asked.pk, now=now)
            now += building.LEASE
        assert not building.build(asked.pk, now=now)
    assert again(asked).state == State.FAILED

    lifecycle.retry(again(asked), by=admin, now=now)

    assert building.build(asked.pk, now=now + timedelta(minutes=1))


def test_what_cannot_be_set_on_paper_is_not_ready(asked, monkeypatch):
    def broken(_edition):
        raise ZeroDivisionError

    monkeypatch.setattr(paper, "written", broken)

    with pytest.raises(ZeroDivisionError):
        building.build(asked.pk, now=SOON)
    assert again(asked).state == State.BUILDING


def test_how_far_it_has_come_is_seen_meanwhile(asked, monkeypatch):
    seen = []
    written = paper.written

    def look(edition):
        seen.append(again(asked).progress)
        return written(edition)

    monkeypatch.setattr(paper, "written", look)

    building.build(asked.pk, now=SOON)

    assert seen == [Stage.PAPERS]


def test_the_sweep_leaves_to_the_poke_what_was_just_asked(asked):
    assert building.waiting(now=later(APRIL_2, seconds=10)) == []
    assert building.waiting(now=SOON) == [asked.pk]


def test_after_the_commit_a_worker_is_poked_with_the_number_only(
    march, admin, monkeypatch, django_capture_on_commit_callbacks
):
    sent = []
    app = type("App", (), {"send_task": lambda _self, *args, **more: sent.append((args, more))})
    monkeypatch.setattr(lifecycle, "current_app", app())

    with django_capture_on_commit_callbacks(execute=True):
        report = asking.of_mall(march.mall, Kind.MONTH, MARCH, by=admin, now=APRIL_2)

    [(args, more)] = sent
    assert args == ("monitoring.tasks.build_report", [report.pk])
    assert more["queue"] == "reports"


def test_a_second_version_of_the_same_days_has_the_same_checksum(march, admin):
    first = ready(march, by=admin)

    second = lifecycle.rebuild(first, by=admin, now=APRIL_2)
    building.build(second.pk, now=APRIL_2)

    assert again(second).checksum == first.checksum
    assert again(second).version == 2
