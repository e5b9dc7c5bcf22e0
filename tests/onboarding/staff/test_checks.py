"""Each invariant finds what somebody planted past the rules, and is quiet otherwise."""

import pytest

from accounts.models import User
from accounts.roles import Role
from agencies.models import Assignment, Counter, Mall
from core.proof import Scope
from onboarding.invariants import INVARIANTS
from onboarding.staff import staffing
from queueing.invariants import verify
from tests.onboarding.staff.recipes import MAIL, accepted, appoint, invited, role_of
from tests.recipes import at, make_hall

pytestmark = pytest.mark.django_db
OURS = [each for each in INVARIANTS if each.id == "I27"]


@pytest.fixture
def hall():
    return make_hall()


@pytest.fixture
def admin(hall):
    return appoint(Role.MALL_ADMIN, mall=hall.mall)


@pytest.fixture
def lived(hall, admin):
    """Somebody came, somebody is asked, somebody left."""
    accepted(hall, admin)
    invited(hall, admin, email="lain@uji.go.id")
    leaver = appoint(Role.SUPERVISOR, presence=hall.presence)
    staffing.let_go(role_of(leaver), by=admin, now=at(9))
    role_of(hall.officer).counters.set(hall.counters)
    return hall


def broken(scope=None):
    return {verdict.id for verdict in verify(scope or Scope(), OURS) if verdict.breaches}


def test_an_ordinary_life_breaks_nothing(lived):
    (verdict,) = verify(Scope(), OURS)

    assert (verdict.checked, verdict.breaches) == (1, 0)


def a_counter_of_another_mall():
    there = make_hall(slug="mpp-lain")
    Assignment.objects.filter(user__email=MAIL).get().counters.add(there.counter)


def a_counter_for_a_whole_mall():
    held = Assignment.objects.get(role=Role.MALL_ADMIN)
    held.counters.add(Counter.objects.get(mall=held.mall))


@pytest.mark.parametrize(
    ("corrupt", "found"),
    [
        (a_counter_of_another_mall, {"I27"}),
        (a_counter_for_a_whole_mall, {"I27"}),
    ],
)
def test_what_was_planted_is_found(lived, corrupt, found):
    corrupt()

    assert broken() == found
    assert broken(Scope(mall_id=lived.mall.pk)) == found


def test_it_is_found_at_its_own_mall_only(lived):
    a_counter_of_another_mall()

    assert broken(Scope(mall_id=Mall.objects.get(slug="mpp-lain").pk)) == set()


def test_a_breach_names_no_person(lived):
    a_counter_of_another_mall()

    (said,) = [example for verdict in verify(Scope(), OURS) for example in verdict.examples]

    number = role_of(User.objects.get(email=MAIL)).pk
    assert said == f"{lived.mall}: role {number} names a counter elsewhere"
