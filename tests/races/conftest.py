"""What is true after every race, the key that lets a twin race without its guard, and a fleet."""

import os

import pytest
import redis

from core.proof import Scope
from mpp.invariants import ALL
from notifications import outbox
from notifications.states import Channel
from queueing.invariants import verify
from tests import servers
from tests.notifications.posts import contact_of
from tests.races.fleet import Fleet, Gateway
from tests.recipes import make_hall

# Several workers come with PostgreSQL; on SQLite one process does everything, and
# stories/test_embedded.py kills it. That it stands kills of many is proven on both.
if os.environ["MPP_TEST_DB"] == "sqlite":
    collect_ignore = ["test_workers.py", "test_bad_days.py"]


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


# --- Workers in processes of their own ---------------------------------------------------------


@pytest.fixture(scope="package")
def ends():
    """The gateway of the hall, and that of another mall."""
    both = Gateway(), Gateway()
    yield both
    for each in both:
        each.close()


@pytest.fixture(scope="package")
def made(django_db_setup, ends, tmp_path_factory):
    """A Redis and a process from which workers are hatched, both ready before the first test."""
    own = servers.Redis()
    fleet = Fleet(own, [each.host for each in ends], tmp_path_factory.mktemp("fleet"))
    yield fleet
    fleet.close()
    own.kill()


@pytest.fixture
def fleet(made, monkeypatch, transactional_db):
    """No worker runs yet, and none is left when the tables are emptied."""
    with redis.Redis.from_url(made.redis.url) as client:
        client.flushall()
    monkeypatch.setattr(outbox, "current_app", made.portal)
    yield made
    made.kill_all()
    print(made.said())  # noqa: T201 - pytest shows it when the test failed


@pytest.fixture
def gateway(ends, hall):
    """Carries the messages of the hall."""
    for each in ends:
        each.way, each.delay = "well", (0.0, 0.0)
        each.arrived.clear()
        each.seen.clear()
    ends[0].serve(hall.mall)
    return ends[0]


@pytest.fixture
def contact(hall, gateway):
    """Somebody whom the hall reaches by text."""
    return contact_of(hall.mall, Channel.TEXT)
