"""A hall and the people who run it."""

from uuid import uuid4

import pytest
from model_bakery import baker

from accounts.models import User
from accounts.roles import Role
from agencies.models import Assignment
from core.proof import Scope
from queueing import invariants
from tests.recipes import make_hall


@pytest.fixture
def hall():
    return make_hall(counters=2)


@pytest.fixture
def admin(hall):
    return appoint(Role.MALL_ADMIN, mall=hall.mall)


def appoint(role, **place):
    user = User.objects.create_user(f"orang-{uuid4().hex[:8]}", password=None)
    baker.make(Assignment, user=user, role=role, **{"mall": None, "agency": None, **place})
    return user


def assert_sound():
    """Every event has its version, and all else that must always hold."""
    assert [verdict for verdict in invariants.verify(Scope()) if verdict.breaches] == []
