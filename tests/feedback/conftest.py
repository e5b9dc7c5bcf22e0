import pytest
from model_bakery import baker

from accounts.models import User
from accounts.roles import Role
from agencies.models import Assignment
from core.proof import Scope
from mpp.invariants import ALL
from queueing.invariants import verify
from tests.recipes import make_hall, make_officer


@pytest.fixture
def hall():
    return make_hall()


@pytest.fixture
def admin(hall):
    return appoint(Role.MALL_ADMIN, mall=hall.mall)


@pytest.fixture
def supervisor(hall):
    return make_officer(hall.presence, Role.SUPERVISOR)


@pytest.fixture
def ministry():
    return appoint(Role.MINISTRY_MONITOR)


@pytest.fixture
def sound():
    """What always holds, asked at the end of a test."""
    yield
    assert [verdict for verdict in verify(Scope(), ALL) if verdict.breaches] == []


def appoint(role, **place):
    user = User.objects.create_user(f"orang-{User.objects.count()}-{role}")
    baker.make(Assignment, user=user, role=role, agency=None, **place)
    return user
