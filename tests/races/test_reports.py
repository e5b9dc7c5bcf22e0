"""Two who do the same with a report at once: it is sent once, made anew once, built once."""

import time

import pytest
from django.db import IntegrityError

from accounts.roles import Role
from monitoring.models import Kind, Report, ReportEvent
from monitoring.reports import building, lifecycle
from monitoring.reports.refusals import WrongState
from monitoring.states import Move, State
from tests.monitoring.reports.recipes import APRIL_2, LETTER, MARCH, again, person, standing
from tests.races.crowd import broken_within, errors, together
from tests.recipes import later

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
SOON = later(APRIL_2, minutes=1)


@pytest.fixture
def admins(hall):
    return [person(Role.MALL_ADMIN, mall=hall.mall) for _each in range(2)]


def submit(report, by, act=lifecycle.submit):
    return lambda: act(report, LETTER, by=by, now=APRIL_2)


def rebuild(report, by, act=lifecycle.rebuild):
    return lambda: act(report, by=by, now=APRIL_2).version


def clear():
    ReportEvent.objects.all().delete()
    Report.objects.all().delete()


@pytest.fixture
def slow_reading(guard_off):
    """The row is read without being held, and looked at for a while before it is written."""

    def read_and_wait(report):
        row = Report.objects.with_names().get(pk=report.pk)
        time.sleep(0.1)
        return row

    guard_off.setattr(lifecycle, "_locked", read_and_wait)


def test_of_two_who_send_it_one_does(hall, admins):
    for _round in range(5):
        report = standing(hall.mall, State.READY)

        results = together(*(submit(report, by) for by in admins))

        assert [type(error) for error in errors(results)] == [WrongState]
        assert report.events.filter(move=Move.SUBMIT).count() == 1
        clear()


def test_twin_without_the_lock_only_the_constraint_is_left(hall, admins, slow_reading):
    bare = lifecycle.submit.__wrapped__  # each statement stands alone

    def goes_wrong():
        report = standing(hall.mall, State.READY)
        results = together(*(submit(report, by, bare) for by in admins))
        clear()
        return [type(error) for error in errors(results)] == [IntegrityError]

    assert broken_within(3, goes_wrong)


def test_of_two_who_make_it_anew_one_does(hall, admins):
    for _round in range(5):
        report = standing(hall.mall, State.RETURNED)

        results = together(*(rebuild(report, by) for by in admins))

        assert [type(error) for error in errors(results)] == [WrongState]
        assert Report.objects.filter(version=2).count() == 1
        clear()


def test_twin_without_the_lock_both_begin_the_same_version(hall, admins, slow_reading):
    bare = lifecycle.rebuild.__wrapped__

    def goes_wrong():
        report = standing(hall.mall, State.RETURNED)
        results = together(*(rebuild(report, by, bare) for by in admins))
        clear()
        return [type(error) for error in errors(results)] == [IntegrityError]

    assert broken_within(3, goes_wrong)


def test_one_is_given_back_or_accepted_and_never_both(hall, admins):
    judge = person(Role.MINISTRY_MONITOR)
    for _round in range(5):
        report = standing(hall.mall, State.SUBMITTED)

        results = together(
            lambda report=report: lifecycle.accept(report, by=judge, now=APRIL_2),
            lambda report=report: lifecycle.give_back(report, "Salah", by=judge, now=APRIL_2),
        )

        assert [type(error) for error in errors(results)] == [WrongState]
        assert report.events.count() == 4
        clear()


def test_ten_who_ask_for_the_first_version_begin_one(hall, admins):
    def begin():
        return lifecycle.begin(hall.mall, Kind.MONTH, MARCH, by=admins[0], now=APRIL_2)[1]

    results = together(*[begin] * 10)

    assert errors(results) == []
    assert sorted(results) == [False] * 9 + [True]
    assert ReportEvent.objects.count() == 1


# --- Building -----------------------------------------------------------------------------------


@pytest.fixture
def asked(hall):
    return standing(hall.mall, State.BUILDING)


def free(report):
    Report.objects.filter(pk=report.pk).update(leased_until=None, lease="", tries=0)


def test_of_eight_workers_one_has_it_in_hand(asked):
    for _round in range(5):
        claims = together(*[lambda: building.claim(asked.pk, now=SOON)] * 8)

        assert errors(claims) == []
        assert sum(claim is not None for claim in claims) == 1
        free(asked)


def test_twin_that_looks_first_and_takes_then_is_had_by_several(asked, guard_off):
    def look_and_take():
        is_free = Report.objects.filter(pk=asked.pk, leased_until=None).exists()
        time.sleep(0.05)
        if is_free:
            Report.objects.filter(pk=asked.pk).update(leased_until=SOON + building.LEASE)
        return is_free

    def goes_wrong():
        claims = together(*[look_and_take] * 8)
        free(asked)
        return sum(claims) > 1

    assert broken_within(3, goes_wrong)


def test_three_workers_freeze_it_once(asked):
    results = together(*[lambda: building.build(asked.pk, now=SOON)] * 3)

    assert errors(results) == []
    assert sorted(results) == [False, False, True]
    assert asked.events.filter(move=Move.FREEZE).count() == 1
    assert again(asked).state == State.READY
