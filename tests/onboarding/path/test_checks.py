import pytest

from agencies.models import Mall
from agencies.stages import Stage
from core.proof import Scope
from onboarding.models import Milestone
from onboarding.path import checks
from onboarding.states import Act
from tests.onboarding.path.recipes import committed, record

pytestmark = pytest.mark.django_db


@pytest.fixture
def mall():
    (found,) = committed()
    record(found, Act.PREPARE)
    record(found, Act.NEGOTIATE)
    return found


def wrong():
    return [breach.what for breach in checks.ways(Scope()).breaches]


def test_a_way_that_was_walked_is_sound(mall):
    assert checks.ways(Scope()) == (3, [])


def test_a_mall_that_stands_elsewhere_is_seen(mall):
    Mall.objects.filter(pk=mall.pk).update(stage=Stage.COACHED)

    assert wrong() == ["is not in the stage of its last milestone"]


def test_a_milestone_that_is_missing_is_seen(mall):
    Milestone.objects.filter(act=Act.PREPARE).delete()

    assert wrong() == ["begins where the one before did not end"]


def test_a_milestone_that_leads_elsewhere_is_seen(mall):
    Milestone.objects.filter(act=Act.NEGOTIATE).update(led_to=Stage.COACHED)
    Mall.objects.filter(pk=mall.pk).update(stage=Stage.COACHED)

    assert wrong() == ["leads where its act does not"]


def test_only_the_mall_that_is_asked_for_is_looked_at(mall):
    (other,) = committed()
    Mall.objects.filter(pk=mall.pk).update(stage=Stage.COACHED)

    assert checks.ways(Scope(other.pk)).breaches == []
