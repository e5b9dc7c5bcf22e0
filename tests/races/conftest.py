"""What is true after every race, and the key that lets a twin race without its guard."""

import pytest

from mpp.invariants import ALL
from queueing.checks import Scope
from queueing.invariants import verify
from tests.recipes import make_hall


@pytest.fixture(autouse=True)
def _invariants_hold(request, transactional_db):
    yield
    if "guard_off" not in request.fixturenames:
        assert [verdict for verdict in verify(Scope(), ALL) if verdict.breaches] == []


@pytest.fixture
def guard_off(monkeypatch):
    """For twins: they take a guard away and must then see the promise broken."""
    return monkeypatch


@pytest.fixture
def hall():
    return make_hall(counters=2)
