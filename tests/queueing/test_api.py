"""The API: the same rules for programs, with keys that make a repeated request one effect."""

from uuid import uuid4

import pytest
import time_machine
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from model_bakery import baker

from queueing import tickets
from queueing.models import Ticket, Visit
from queueing.states import Priority, State
from services.models import Fee
from tests.recipes import (
    at,
    make_hall,
    make_officer,
    make_presence,
    make_queue,
    make_service,
    ticket,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall():
    return make_hall()


def read(client, name, hall, *, now=None, **headers):
    args = [] if name == "api_malls" else [hall.mall.slug]
    with time_machine.travel(now or at(9), tick=False):
        return client.get(reverse(name, args=args), headers=headers)


def take(client, hall, body, *, key=None, now=None, **options):
    headers = {"Idempotency-Key": str(key or uuid4())}
    address = reverse("api_tickets", args=[hall.mall.slug])
    with time_machine.travel(now or at(9), tick=False):
        return client.post(address, body, "application/json", headers=headers, **options)


def call(client, counter, body=None, *, key=None, now=None):
    headers = {"Idempotency-Key": str(key or uuid4())}
    address = reverse("api_call_next", args=[counter.pk])
    with time_machine.travel(now or at(9), tick=False):
        return client.post(address, body or {}, "application/json", headers=headers)


def test_malls_services_and_queues_are_open_to_read(client, hall):
    baker.make(Fee, service=hall.service, name="Paspor biasa", amount=350_000)
    hall.issue()

    mall = read(client, "api_malls", hall).json()[0]
    service = read(client, "api_services", hall).json()[0]
    queue = read(client, "api_queues", hall).json()["queues"][0]

    assert (mall["slug"], mall["zone"]) == ("mpp-uji", "Asia/Jakarta")
    assert (service["name"], service["queue"], service["agency"]) == (
        "Layanan Uji",
        "A",
        "Dinas Uji",
    )
    assert service["fees"] == [{"name": "Paspor biasa", "amount": "350000"}]
    assert (queue["letter"], queue["waiting"], queue["desks_open"]) == ("A", 1, 1)
    assert queue["wait_minutes"]["low"] <= queue["wait_minutes"]["high"]


def test_a_board_is_a_version_and_what_is_called_without_names(client, hall):
    first = hall.issue()
    hall.call()

    answer = read(client, "api_board", hall)

    board = answer.json()
    assert board["calling"] == {
        "number": "A-001",
        "counter": "1",
        "at": "2026-03-09T02:00:00Z",
    }
    assert answer["ETag"] == f'"{board["version"]}"'
    assert ticket(first).visit.token not in answer.content.decode()


def test_a_board_that_is_known_is_not_sent_again(client, hall):
    hall.issue()
    etag = read(client, "api_board", hall)["ETag"]

    assert read(client, "api_board", hall, **{"If-None-Match": etag}).status_code == 304
    hall.issue()
    assert read(client, "api_board", hall, **{"If-None-Match": etag}).status_code == 200


@pytest.mark.parametrize("name", ["api_services", "api_queues", "api_board"])
def test_a_mall_that_is_not_open_yet_does_not_exist(client, hall, name):
    hall.mall.stage = "preparation"
    hall.mall.save()

    answer = read(client, name, hall)

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert read(client, "api_malls", hall).json() == []


def test_a_number_is_taken(client, hall):
    answer = take(client, hall, {"service": hall.service.pk, "priority": Priority.ELDERLY})

    assert answer.status_code == 201
    assert answer.json() == {
        "number": "A-001",
        "service": hall.service.pk,
        "priority": Priority.ELDERLY,
        "issued_at": "2026-03-09T02:00:00Z",
        "token": Visit.objects.get().token,
        "url": reverse("ticket", args=[Visit.objects.get().token]),
    }


def test_the_same_key_gives_the_same_answer_also_later(client, hall):
    key = uuid4()
    first = take(client, hall, {"service": hall.service.pk}, key=key)
    hall.call()

    again = take(client, hall, {"service": hall.service.pk}, key=key, now=at(9, 5))

    assert (again.status_code, again.json()) == (201, first.json())
    assert Ticket.objects.count() == 1


def test_a_key_used_for_another_body_is_refused(client, hall):
    other, key = make_service(hall.queue, "Layanan lain"), uuid4()
    take(client, hall, {"service": hall.service.pk}, key=key)

    bodies = [{"service": hall.service.pk, "priority": 1}, {"service": other.pk}]
    answers = [take(client, hall, body, key=key) for body in bodies]

    assert [(a.status_code, a.json()["code"]) for a in answers] == [(422, "key_reused")] * 2
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize(
    ("key", "code"),
    [("", "key_missing"), ("abc", "key_invalid"), ("1" * 65, "key_invalid"), ("é", "key_invalid")],
)
def test_a_request_that_writes_needs_a_key(client, hall, key, code):
    headers = {"Idempotency-Key": key} if key else {}
    address = reverse("api_tickets", args=[hall.mall.slug])
    body = {"service": hall.service.pk}

    answer = client.post(address, body, "application/json", headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert Ticket.objects.count() == 0


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({}, "service"),
        ({"service": "abc"}, "service"),
        ({"service": 0}, "service"),
        ({"service": 10**30}, "service"),
        ({"service": 1, "priority": 9}, "priority"),
        ({"service": 1, "nik": "3216"}, "nik"),
        ([], "non_field_errors"),
    ],
)
def test_a_body_that_is_not_understood_names_the_wrong_field(client, hall, body, wrong):
    if isinstance(body, dict) and body.get("service") == 1:
        body["service"] = hall.service.pk

    answer = take(client, hall, body)

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert list(answer.json()["fields"]) == [wrong]
    assert Ticket.objects.count() == 0


def test_what_is_no_json_is_said_so(client, hall):
    headers = {"Idempotency-Key": str(uuid4())}
    address = reverse("api_tickets", args=[hall.mall.slug])

    broken = client.post(address, "{", "application/json", headers=headers)
    form = client.post(address, {"service": 1}, headers=headers)

    assert (broken.status_code, broken.json()["code"]) == (400, "parse_error")
    assert (form.status_code, form.json()["code"]) == (415, "unsupported_media_type")


def test_a_service_of_another_mall_does_not_exist_here(client, hall):
    other = make_hall(slug="mpp-lain")

    answer = take(client, hall, {"service": other.service.pk})

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_refusal_has_its_code_and_sentence(client, hall):
    answer = take(client, hall, {"service": hall.service.pk}, now=at(7, 30))

    assert (answer.status_code, answer.json()["code"]) == (409, "not_open")
    assert "Buka lagi Senin, 9 Maret 2026 pukul 08.00 WIB" in answer.json()["detail"]


def test_an_officer_calls_the_next_and_ends_the_one_before(client, hall):
    first, second = hall.issue(), hall.issue()
    client.force_login(hall.officer)

    assert call(client, hall.counter).json()["ticket"]["number"] == "A-001"
    hall.act(tickets.serve, first)
    answer = call(client, hall.counter, {"finishing": first}).json()["ticket"]

    assert (answer["id"], answer["number"]) == (second, "A-002")
    assert ticket(first).state == State.DONE


def test_nobody_waiting_is_null(client, hall):
    client.force_login(hall.officer)

    assert call(client, hall.counter).json() == {"ticket": None}


def test_the_same_key_calls_one_person(client, hall):
    hall.issue(), hall.issue()
    client.force_login(hall.officer)
    key = uuid4()

    answers = [call(client, hall.counter, key=key).json() for _ in range(2)]

    assert answers[0] == answers[1]
    assert Ticket.objects.filter(state=State.CALLED).count() == 1


def test_strangers_call_nobody(client, hall):
    first = hall.issue()

    assert call(client, hall.counter).status_code == 403
    client.force_login(make_officer(make_presence(hall.mall, "Instansi lain")))
    assert call(client, hall.counter).status_code == 404
    assert ticket(first).state == State.WAITING


def test_a_session_without_the_csrf_token_calls_nobody(hall):
    first = hall.issue()
    client = Client(enforce_csrf_checks=True)
    client.force_login(hall.officer)

    answer = call(client, hall.counter)

    assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")
    assert ticket(first).state == State.WAITING


def test_a_ticket_of_another_queue_is_not_finished(client, hall):
    service = make_service(make_queue(hall.presence, "B"))
    foreign = hall.issue(service=service)
    client.force_login(hall.officer)

    assert call(client, hall.counter, {"finishing": foreign}).status_code == 404


def test_a_busy_database_is_said_in_json(client, hall, monkeypatch):
    def busy(*args, **kwargs):
        raise OperationalError("database is locked")

    monkeypatch.setattr(tickets, "issue", busy)

    answer = take(client, hall, {"service": hall.service.pk})

    assert (answer.status_code, answer.json()["code"]) == (503, "busy")
    assert answer["Retry-After"] == "1"


@pytest.mark.parametrize("rows", [1, 30])
def test_reading_takes_the_same_queries_with_one_row_and_with_thirty(
    client, hall, rows, django_assert_num_queries
):
    for _ in range(rows):
        service = make_service(hall.queue)
        baker.make(Fee, service=service, name="Biaya", amount=1000)
        hall.issue(service=service)
    for name in ("api_malls", "api_services", "api_queues", "api_board"):
        read(client, name, hall)

    for name, queries in {
        "api_malls": 1,
        "api_services": 2,
        "api_queues": 6,
        "api_board": 9,
    }.items():
        with django_assert_num_queries(queries):
            read(client, name, hall)
