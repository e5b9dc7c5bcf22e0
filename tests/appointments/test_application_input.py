"""Whatever is sent as an application: taken, or refused, never a fault of ours."""

import logging
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from appointments import people
from appointments.models import Application, Plan
from tests.appointments.pages import path_of, ready
from tests.appointments.recipes import NIK, TUESDAY, make_plan
from tests.recipes import at, make_hall
from tests.test_bad_input import TEXTS, encoded, faults, send

pytestmark = [pytest.mark.django_db, pytest.mark.no_cover]
TEN = int(at(10, on=TUESDAY).timestamp())


@pytest.fixture(autouse=True)
def _quiet_at_nine():
    logging.disable(logging.CRITICAL)
    with time_machine.travel(at(9), tick=False):
        yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def service():
    hall = make_hall()
    make_plan(hall.service, online=0)  # full from the beginning
    Plan.objects.update(needs_nik=True)
    return hall.service


@pytest.fixture
def client():
    return Client(raise_request_exception=False)


@pytest.fixture
def apply_with(service, client):
    """Send an application that is right but for what is said to be wrong."""
    right = {
        "siap": ready(service),
        "hari": TUESDAY.isoformat(),
        "wishes": TEN,
        "name": "Siti Aminah",
        "phone": "0812 3456 7890",
        "nik": NIK,
        "is_for_other": "",
        "key": uuid4(),
    }

    def send_(**wrong):
        form = "&".join(f"{name}={encoded(str(text))}" for name, text in (right | wrong).items())
        return send(client, "POST", path_of("application_begin", service), form.encode())

    return send_


def test_an_application_that_is_right_is_taken(apply_with):
    assert apply_with().url == f"/permohonan/{people.link(Application.objects.get())}/"


# What is not sealed by us, or no day of ours, leads to where it is chosen, as for a reservation.
@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"nik": NIK[:15]}, 422),
        ({"name": "a" * 81}, 422),
        ({"name": "Siti\x00"}, 422),
        ({"phone": "0812\x0034567890"}, 422),
        ({"nik": f"{NIK[:15]}\x00"}, 422),
        ({"wishes": 1}, 422),
        ({"wishes": TEN + 1}, 422),
        ({"wishes": "\x00"}, 422),
        ({"is_for_other": "2"}, 422),
        ({"key": "a"}, 422),
        ({"key": "\x00"}, 422),
        ({"hari": "9999-12-31"}, 302),
        ({"hari": "2026-99-99"}, 302),
        ({"hari": "0001-01-01"}, 302),
        ({"hari": "\x00"}, 302),
        ({"siap": "1.AAAA"}, 302),
        ({"siap": "\x00"}, 302),
    ],
    ids=str,
)
def test_an_application_that_is_wrong_is_none(apply_with, wrong, status):
    answer = apply_with(**wrong)

    assert answer.status_code == status
    assert not Application.objects.exists()


def test_any_text_in_any_field_of_an_application(apply_with):
    fields = ("siap", "hari", "wishes", "name", "phone", "nik", "is_for_other", "key")

    assert not faults(
        ((row, field), apply_with(**{field: text}))
        for row, text in TEXTS.items()
        for field in fields
    )


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2026-W11-2", "20260310"])
def test_any_day_may_be_asked_for(client, service, day):
    query = {"siap": ready(service), "hari": day}

    assert client.get(path_of("application_begin", service), query).status_code in {200, 302}


def test_five_thousand_wishes_are_too_many(client, service):
    body = "&".join(f"wishes={number}" for number in range(5_000)).encode()

    assert send(client, "POST", path_of("application_begin", service), body).status_code == 400
