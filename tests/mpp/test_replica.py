"""What may be late is read from the copy while a page asks for it, and nothing else ever."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import OperationalError, connections
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.roles import Role
from agencies.models import Assignment
from core import replica
from monitoring import figures, rollups
from monitoring.models import Day
from queueing import sweeps
from tests.recipes import MONDAY, at, make_hall

pytestmark = pytest.mark.django_db(transaction=True)
NOW = at(1, on=MONDAY + timedelta(1))


@pytest.fixture
def copy():
    """A second line to the test database: what is asked over it would be asked of a copy."""
    connections.settings[replica.ALIAS] = {**connections["default"].settings_dict}
    connections[replica.ALIAS].connect()  # before Django finds that no test has asked for it
    yield CaptureQueriesContext(connections[replica.ALIAS])
    connections[replica.ALIAS].close()
    del connections[replica.ALIAS], connections.settings[replica.ALIAS]


@pytest.fixture
def hall():
    hall = make_hall()
    hall.issue(now=at(9))
    sweeps.close_days(now=NOW)
    rollups.refresh(now=NOW)
    return hall


@pytest.fixture
def dashboard(client, hall, monkeypatch):
    """The month of the hall as its admin sees it."""
    admin = User.objects.create_user("admin", password=None)
    Assignment.objects.create(user=admin, role=Role.MALL_ADMIN, mall=hall.mall)
    monkeypatch.setattr("core.clock.now", lambda: NOW)
    client.force_login(admin)
    return lambda: client.get(f"/petugas/pantauan/{hall.mall.slug}/?masa=2026-03").content.decode()


def tables(asked):
    return {each["sql"].split('FROM "')[1].split('"')[0] for each in asked}


def test_a_dashboard_reads_its_figures_from_the_copy_and_nothing_else(dashboard, copy):
    with copy as asked:
        page = dashboard()

    assert tables(asked) == {"monitoring_day", "monitoring_month", "monitoring_watermark"}
    assert "Angka per Selasa, 10 Maret 2026 pukul 01.00 WIB." in page


def test_without_a_copy_the_page_is_the_same_but_for_its_lateness(dashboard):
    assert "Angka per" not in dashboard()


def test_the_counting_of_days_never_asks_the_copy(hall, copy):
    later = NOW + timedelta(hours=12)
    with copy as asked:
        hall.issue(now=later)
        rollups.refresh(now=later)
        rollups.rebuild(hall.mall, since=MONDAY, now=later)
        call_command("verify_invariants", stdout=StringIO())

    assert len(asked) == 0


def test_a_copy_that_is_away_is_passed_over(dashboard, copy, monkeypatch):
    def refuse():
        raise OperationalError("connection refused")

    with copy as asked:
        monkeypatch.setattr(connections[replica.ALIAS], "ensure_connection", refuse)
        page = dashboard()

    assert len(asked) == 0
    assert "Angka per" not in page


def test_what_was_read_from_the_copy_is_written_to_the_original(hall, copy):
    with replica.reading():
        day = Day.objects.get(date=MONDAY)
    day.is_stale = True
    with copy as asked:
        day.save()

    assert day._state.db == "default"
    assert len(asked) == 0


def test_a_row_that_will_be_changed_is_read_from_the_original(hall, copy):
    with copy as asked, replica.reading():
        Day.objects.filter(date=MONDAY).update(is_stale=False)
        assert not replica.Router().db_for_read(User)

    assert [each for each in asked if "UPDATE" in each["sql"]] == []


def test_after_the_page_everything_is_read_from_the_original_again(hall, copy):
    with pytest.raises(ZeroDivisionError), replica.reading():
        raise ZeroDivisionError
    with copy as asked:
        figures.span([hall.mall])

    assert not replica.is_reading()
    assert len(asked) == 0


def test_nothing_is_ever_migrated_in_the_copy():
    assert replica.Router().allow_migrate(replica.ALIAS, "monitoring") is False
    assert replica.Router().allow_migrate("default", "monitoring") is None


@pytest.mark.parametrize(("is_away", "said"), [(False, "ok"), (True, "away")])
def test_the_health_check_says_how_the_copy_is_and_stays_well(
    client, copy, monkeypatch, is_away, said
):
    monkeypatch.setattr(replica, "answers", lambda: not is_away)

    answer = client.get("/sehat/")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "replica": said})


def test_without_a_copy_the_health_check_does_not_mention_one(client):
    assert client.get("/sehat/").json() == {"status": "ok"}
