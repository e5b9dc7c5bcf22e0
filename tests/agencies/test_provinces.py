"""Whoever watches a province reaches its malls and no other."""

import pytest
from django.db import IntegrityError, transaction
from model_bakery import baker

from accounts.models import User
from accounts.roles import Act, Role
from agencies import access
from agencies.models import Assignment
from tests.recipes import MONDAY, make_hall

pytestmark = pytest.mark.django_db


@pytest.fixture
def malls():
    """One mall in each of two provinces."""
    here, there = make_hall(slug="mpp-sini"), make_hall(slug="mpp-sana")
    for hall, province in ((here, "Jawa Barat"), (there, "Banten")):
        hall.mall.region.province = province
        hall.mall.region.save()
    return here.mall, there.mall


def watcher(*provinces):
    user = User.objects.create_user("pemantau", password=None)
    for province in provinces:
        baker.make(Assignment, user=user, role=Role.PROVINCE_MONITOR, province=province)
    return user


def test_a_province_monitor_sees_the_malls_of_the_province(malls):
    user = watcher("Jawa Barat")

    here, _there = malls
    assert list(access.whole_malls_for(user, Act.SEE_FIGURES, on=MONDAY)) == [here]
    seen = access.presences_for(user, Act.SEE_FIGURES, on=MONDAY)
    assert {each.mall for each in seen} == {here}


def test_a_province_monitor_is_nobody_of_the_nation(malls):
    user = watcher("Jawa Barat", "Banten")

    assert access.is_national(user, Act.SEE_FIGURES, on=MONDAY) is False
    assert access.whole_malls_for(user, Act.SEE_FIGURES, on=MONDAY).count() == 2


def test_a_province_monitor_may_nothing_at_a_mall_elsewhere(malls):
    user = watcher("Jawa Barat")

    here, there = malls
    assert access.acts_at(user, here, on=MONDAY) == {Act.SEE_FIGURES}
    assert access.acts_at(user, there, on=MONDAY) == set()


def test_a_province_monitor_works_at_no_counter(malls):
    user = watcher("Jawa Barat")

    assert list(access.counters_for(user, on=MONDAY)) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"role": Role.PROVINCE_MONITOR, "province": ""},
        {"role": Role.MINISTRY_MONITOR, "province": "Banten"},
    ],
)
def test_a_province_belongs_to_its_monitor_and_to_nobody_else(wrong):
    user = User.objects.create_user("pemantau", password=None)

    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.create(user=user, **wrong)
