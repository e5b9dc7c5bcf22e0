"""Who asks when: people for a period that is over, the portal for the month that has closed."""

from datetime import date

import pytest
from django.conf import settings

from core import clock
from monitoring import periods
from monitoring.models import Day, Kind, Report
from monitoring.reports import asking, lifecycle
from monitoring.reports.refusals import NothingCounted, NotOverYet, StillCounting
from monitoring.states import State
from monitoring.tasks import make_reports
from tests.monitoring.reports.recipes import APRIL_2, MARCH, again, counted, ready, standing
from tests.recipes import MONDAY, at

pytestmark = pytest.mark.django_db


def ask(hall, period=MARCH, now=APRIL_2, kind=Kind.MONTH):
    return asking.of_mall(hall.mall, kind, period, by=None, now=now)


def test_asked_again_it_is_the_same_report(march):
    assert ask(march).pk == ask(march).pk


def test_asked_again_later_it_is_the_newest_version(march, admin):
    second = lifecycle.rebuild(ready(march, by=admin), by=admin, now=APRIL_2)

    assert ask(march).pk == second.pk


def test_a_month_that_is_not_over_is_refused(march):
    with pytest.raises(NotOverYet):
        ask(march, now=at(23, on=date(2026, 3, 31)))


def test_a_month_is_over_by_the_clock_of_its_mall():
    hall = counted(slug="mpp-timur")
    hall.mall.region.zone = "Asia/Jayapura"
    last_hour = at(22, 30, on=date(2026, 3, 31))  # half past midnight in Papua

    assert ask(hall, now=last_hour).state == State.BUILDING


def test_a_month_without_days_is_refused(march):
    with pytest.raises(NothingCounted):
        ask(march, period=MARCH.before)


@pytest.mark.parametrize("unsettled", [{"is_closed": False}, {"is_stale": True}])
def test_a_month_that_is_still_counted_is_refused(march, unsettled):
    Day.objects.filter(date=MONDAY).update(**unsettled)

    with pytest.raises(StillCounting):
        ask(march)


def test_a_week_and_a_year_can_be_asked_for_too(march):
    Day.objects.filter(date__gt=MARCH.last).delete()  # the one that runs
    week = ask(march, periods.of(periods.Kind.WEEK, MONDAY), kind=Kind.WEEK)
    year = ask(
        march,
        periods.of(periods.Kind.YEAR, MONDAY),
        now=at(9, on=date(2027, 1, 2)),
        kind=Kind.YEAR,
    )

    assert [(each.code, each.due_on) for each in (week, year)] == [
        ("2026-W11", None),
        ("2026", None),
    ]


def test_a_monthly_report_is_due_on_the_tenth(march):
    assert ask(march).due_on == date(2026, 4, 10)


# --- By the portal itself -----------------------------------------------------------------------


@pytest.mark.parametrize("beats", [1, 3])
def test_the_report_of_a_closed_month_is_begun_once(march, monkeypatch, beats):
    monkeypatch.setattr(clock, "now", lambda: APRIL_2)

    for _beat in range(beats):
        make_reports()

    report = Report.objects.get()
    assert (report.mall, report.kind, report.first) == (march.mall, Kind.MONTH, MARCH.first)
    assert report.events.get().by is None


def test_none_is_begun_before_all_days_are_closed(march):
    Day.objects.filter(date=MONDAY).update(is_closed=False)

    assert asking.make_due(now=APRIL_2) == 0


def test_none_is_begun_of_the_month_that_runs(march):
    assert asking.make_due(now=at(9, on=date(2026, 3, 31))) == 0


def test_none_is_begun_beside_one_that_is_there(march):
    standing(march.mall, State.ACCEPTED)

    assert asking.make_due(now=APRIL_2) == 0


def test_the_beat_looks_every_day():
    schedule = settings.CELERY_BEAT_SCHEDULE
    jobs = {"make_reports", "remind_of_reports", "build_reports"}

    assert {f"monitoring.tasks.{job}" for job in jobs} <= set(schedule)
    assert settings.CELERY_TASK_ROUTES["monitoring.tasks.build_report"] == {"queue": "reports"}


def test_a_recap_is_made_anew_each_time_it_is_asked_for(judge):
    first = asking.of_country(MARCH, by=judge, now=APRIL_2)
    assert asking.of_country(MARCH, by=judge, now=APRIL_2).pk == first.pk  # still being built
    frozen = {"checksum": "a" * 64, "definitions": 1, "content": {}}
    lifecycle.freeze(first, "", frozen, now=APRIL_2)

    second = asking.of_country(MARCH, by=judge, now=APRIL_2)

    assert (second.version, again(first).state) == (2, State.REPLACED)


def test_a_recap_of_a_month_that_runs_is_refused(judge):
    with pytest.raises(NotOverYet):
        asking.of_country(MARCH, by=judge, now=at(9))


def test_a_recap_that_failed_is_tried_again(judge):
    failed = standing(None, State.FAILED, kind=Kind.RECAP)

    assert asking.of_country(MARCH, by=judge, now=APRIL_2).pk == failed.pk
    assert again(failed).state == State.BUILDING
