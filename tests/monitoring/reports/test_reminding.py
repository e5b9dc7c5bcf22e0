"""A report that is due is said three times: before, on the day, and after it."""

from datetime import date, datetime, time, timedelta

import pytest

from core import clock
from monitoring.models import Day
from monitoring.reports import reminding
from monitoring.states import State
from monitoring.tasks import remind_of_reports
from notifications import outbox
from notifications.models import Message
from notifications.states import Channel
from tests.monitoring.reports.recipes import standing
from tests.recipes import MONDAY, WIB

pytestmark = pytest.mark.django_db
DUE = date(2026, 4, 10)


@pytest.fixture
def owing(hall):
    """A mall that has counted a day in March and sent nothing."""
    Day.objects.create(mall=hall.mall, date=MONDAY, is_closed=True, is_stale=False, digest="a" * 64)
    return hall


def morning(left):
    return datetime.combine(DUE - timedelta(left), time(7, 5), tzinfo=WIB)


def told():
    return Message.objects.filter(kind="report_due", channel=Channel.INBOX)


@pytest.mark.parametrize(
    ("left", "step"),
    [(6, None), (5, 5), (1, 5), (0, 0), (-2, 0), (-3, -3), (-7, -3), (-8, None)],
)
def test_the_step_is_the_smallest_that_is_not_past(left, step):
    assert reminding.step_of(left) == step


@pytest.mark.parametrize("beats", [1, 2, 3])
def test_however_often_the_beat_comes_each_step_is_told_once(owing, admin, monkeypatch, beats):
    for left in (6, 5, 4, 0, -1, -3, -4):
        monkeypatch.setattr(clock, "now", lambda left=left: morning(left))
        for _beat in range(beats):
            remind_of_reports()

    events = told().order_by("pk").values_list("event", flat=True)
    assert [event.rpartition(":")[2] for event in events] == ["5", "0", "-3"]


def test_it_names_the_report_and_the_day(owing, admin):
    reminding.remind(now=morning(5))

    assert outbox.values_of(told().get()) == {
        "laporan": "Laporan Bulanan Maret 2026",
        "batas": "Jumat, 10 April 2026",
        "mal": "MPP Uji",
    }


@pytest.mark.parametrize("state", [State.SUBMITTED, State.ACCEPTED])
def test_whoever_has_sent_it_is_left_in_peace(owing, admin, state):
    standing(owing.mall, state)

    assert reminding.remind(now=morning(5)) == 0


@pytest.mark.parametrize("state", [State.BUILDING, State.READY, State.RETURNED, State.FAILED])
def test_one_that_has_not_been_sent_is_due(owing, admin, state):
    standing(owing.mall, state)

    assert reminding.remind(now=morning(5)) == 1


def test_a_mall_without_days_owes_nothing(hall, admin):
    assert reminding.remind(now=morning(5)) == 0


def test_the_ministry_is_not_reminded(owing, judge):
    assert reminding.remind(now=morning(5)) == 0
