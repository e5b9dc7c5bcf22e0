import pytest

from core.proof import Scope
from mpp.invariants import ALL
from queueing.invariants import verify
from tests.appointments.recipes import make_plan
from tests.recipes import make_hall


@pytest.fixture
def hall():
    return make_hall(counters=2)


@pytest.fixture
def plan(hall):
    """The hall's service takes reservations: three windows a day with ten places each."""
    return make_plan(hall.service)


@pytest.fixture
def sound():
    """What always holds, asked at the end of a test."""
    yield
    assert [verdict for verdict in verify(Scope(), ALL) if verdict.breaches] == []
