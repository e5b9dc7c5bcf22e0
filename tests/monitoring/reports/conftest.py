import pytest

from accounts.roles import Role
from core.proof import Scope
from mpp.invariants import ALL
from queueing.invariants import verify
from tests.monitoring.reports.recipes import counted, person
from tests.recipes import make_hall


@pytest.fixture
def hall():
    return make_hall()


@pytest.fixture
def march():
    """A hall whose March is counted."""
    return counted()


@pytest.fixture
def admin(request):
    hall = request.getfixturevalue("march" if "march" in request.fixturenames else "hall")
    return person(Role.MALL_ADMIN, mall=hall.mall)


@pytest.fixture
def judge():
    return person(Role.MINISTRY_MONITOR)


@pytest.fixture
def sound():
    """What always holds, asked at the end of a test."""
    yield
    assert [verdict for verdict in verify(Scope(), ALL) if verdict.breaches] == []
