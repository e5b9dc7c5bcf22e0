"""What the portal says when it cannot work."""

import pytest
from django.db import InterfaceError, OperationalError

from tests.recipes import make_hall

pytestmark = pytest.mark.django_db


@pytest.fixture
def away(client, monkeypatch):
    """Ask while the database does not answer."""
    client.raise_request_exception = False

    def ask(path, error):
        make_hall()

        def fail(*_args, **_values):
            raise error

        monkeypatch.setattr("hall.record.version_of", fail)
        return client.get(path)

    return ask


@pytest.mark.parametrize(
    "error", [OperationalError("connection refused"), InterfaceError("connection already closed")]
)
def test_a_database_that_is_away_is_said_with_the_time_to_come_again(away, error):
    answer = away("/papan/mpp-uji/", error)

    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "Portal Sedang Tidak Terjangkau" in answer.content.decode()


def test_a_program_is_told_the_same_as_json(away):
    answer = away("/api/malls/mpp-uji/board/", OperationalError("connection refused"))

    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert answer.json()["code"] == "unavailable"


def test_a_fault_of_ours_is_not_blamed_on_the_database(away):
    answer = away("/papan/mpp-uji/", RuntimeError("a fault"))

    assert answer.status_code == 500
    assert "Ada Gangguan pada Kami" in answer.content.decode()
