"""By what right an agency is at a mall, when somebody says otherwise by hand."""

from datetime import timedelta

import pytest

from agencies.models import CounterDay, Presence
from core.proof import Scope
from onboarding.agreements import bases, checks, register
from onboarding.setup.arranging import presences, queues
from onboarding.setup.arranging.presences import Detail
from onboarding.setup.arranging.queues import NewQueue
from onboarding.setup.arranging.refusals import ByAgreement
from services.models import CounterQueue
from tests.onboarding.agreements.recipes import ON, YEAR_END, neighbour, promise, signed
from tests.recipes import at, make_hall

pytestmark = pytest.mark.django_db
Basis = Presence.Basis
ONE_DAY = timedelta(days=1)


@pytest.fixture
def hall():
    return make_hall()


@pytest.fixture
def court(hall):
    return neighbour(hall.mall)


def describe(hall, presence, basis, *, now):
    detail = Detail(presence.pk, "Papan", "users", "", basis, "SK 9")
    presences.describe(hall.mall, [detail], by=hall.officer, now=now)
    presence.refresh_from_db()
    return presence.basis


def test_a_decree_waits_until_the_last_day_of_the_agreement_is_over(hall, court):
    signed(hall, promise(court, hall.counter, 5))

    with pytest.raises(ByAgreement, match="masih berlaku"):
        describe(hall, court, Basis.DECREE, now=at(9, on=YEAR_END))

    assert describe(hall, court, Basis.DECREE, now=at(9, on=YEAR_END + ONE_DAY)) == "decree"


def test_an_agreement_that_ended_early_stands_in_nobodys_way(hall, court):
    found = signed(hall, promise(court, hall.counter, 5), until_date=None)
    register.terminate(found, on=ON, reason="Pindah", by=hall.officer, now=at(9))

    assert bases.basis_refusal(court, Basis.DECREE, on=ON) != ""
    assert bases.basis_refusal(court, Basis.DECREE, on=ON + ONE_DAY) == ""


def test_an_agreement_to_come_binds_too(hall, court):
    signed(hall, promise(court, hall.counter, 5), from_date=ON + ONE_DAY)

    assert "masih berlaku" in bases.basis_refusal(court, Basis.DECREE, on=ON)


def test_days_by_decree_are_not_left_without_a_term(hall):
    with pytest.raises(ByAgreement, match="Tandatangani perjanjiannya"):
        describe(hall, hall.presence, Basis.AGREEMENT, now=at(9))

    hall.presence.refresh_from_db()
    assert hall.presence.basis == Basis.DECREE
    assert checks.days(Scope()).breaches == []


def test_who_has_no_days_left_may_wait_for_an_agreement(hall):
    CounterDay.objects.update(until_date=ON)

    assert describe(hall, hall.presence, Basis.AGREEMENT, now=at(9)) == "agreement"


def test_what_stays_as_it_is_is_never_refused(hall, court):
    signed(hall, promise(court, hall.counter, 5))

    assert [
        bases.basis_refusal(each, each.basis, on=ON)
        for each in Presence.objects.select_related("agency")
    ] == ["", ""]


@pytest.mark.parametrize(("on", "served"), [(YEAR_END, 1), (YEAR_END + ONE_DAY, 0)])
def test_a_new_queue_is_served_as_long_as_the_agreement_holds(hall, court, on, served):
    signed(hall, promise(court, hall.counter, 5))

    queues.add(hall.mall, [NewQueue(court.pk, "B", "Baru")], [], by=hall.officer, now=at(9, on=on))

    assert CounterQueue.objects.filter(queue__letter="B").count() == served
