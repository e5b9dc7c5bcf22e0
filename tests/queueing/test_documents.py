"""Telling people that their document is ready: the served ones of one's own agency, once."""

import pytest
import time_machine
from django.urls import reverse

from hall.models import HallEvent
from notifications import outbox
from notifications.models import Contact, Message
from notifications.states import Channel
from queueing.models import Ticket, Visit
from services.models import Service
from tests.notifications.posts import contact_of, sends_through
from tests.recipes import at, make_hall, make_officer, make_presence

pytestmark = pytest.mark.django_db
NOON = at(12)


@pytest.fixture
def hall():
    hall = make_hall()
    sends_through(hall.mall, Channel.TEXT)
    return hall


@pytest.fixture
def served(hall):
    """A number that was served, whose holder wants to be told."""
    pk = hall.issue()
    Visit.objects.filter(tickets=pk).update(contact=contact_of(hall.mall, Channel.TEXT))
    hall.done(hall.call())
    return Ticket.objects.get(pk=pk)


@pytest.fixture
def page(client, hall):
    client.force_login(hall.officer)

    def read(query=""):
        with time_machine.travel(NOON, tick=False):
            return client.get(reverse("documents") + query)

    return read


@pytest.fixture
def press(client, hall):
    client.force_login(hall.officer)

    def post(pk, user=None):
        if user is not None:
            client.force_login(user)
        with time_machine.travel(NOON, tick=False):
            return client.post(reverse("document_tell", args=[pk]), follow=True)

    return post


def told():
    found = Message.objects.filter(channel=Channel.TEXT, kind="document_ready")
    return [outbox.values_of(row) for row in found]


def test_whoever_was_served_and_wants_to_hear_is_listed(page, hall, served):
    hall.done(hall.call() or (hall.issue() and hall.call()))

    html = page().content.decode()

    assert "A-001" in html
    assert "A-002" not in html  # left no way to be reached


def test_the_holder_is_told_where_and_with_what(press, hall, served):
    answer = press(served.pk)

    assert "Pemegang nomor A-001 dikabari." in answer.content.decode()
    (values,) = told()
    assert (values["nomor"], values["mal"]) == ("A-001", hall.mall.short_name)
    assert HallEvent.objects.filter(act="document.ready", by=hall.officer).exists()


def test_it_is_said_in_the_language_of_the_reader(press, hall, served):
    Service.objects.update(name_en="Test service")
    Contact.objects.update(language="en")
    press(served.pk)

    assert [values["layanan"] for values in told()] == ["Test service"]


def test_nobody_is_told_twice(press, served):
    press(served.pk)
    answer = press(served.pk)

    assert "sudah dikabari" in answer.content.decode()
    assert len(told()) == 1


def test_the_page_says_when_it_was_told(page, press, served):
    press(served.pk)

    assert "Dikabari pukul 12.00 WIB" in page().content.decode()


def test_a_number_that_still_waits_cannot_be_told(press, hall):
    pk = hall.issue()

    assert press(pk).status_code == 404


def test_another_agency_tells_nobody(press, hall, served):
    other = make_presence(hall.mall, "Dinas Lain")

    assert press(served.pk, make_officer(other)).status_code == 404
    assert told() == []


@pytest.mark.parametrize("query", ["?hari=2026-03-09", "?hari=nonsens&instansi=999", ""])
def test_what_makes_no_sense_is_not_asked(page, served, query):
    assert "A-001" in page(query).content.decode()


def test_an_empty_day_says_so(page, served):
    assert "Tidak ada yang dapat dikabari" in page("?hari=2026-03-08").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_however_long(page, hall, count, django_assert_num_queries):
    for _each in range(count):
        pk = hall.issue()
        Visit.objects.filter(tickets=pk).update(contact=contact_of(hall.mall))
        hall.done(hall.call())
    page()

    with django_assert_num_queries(5):
        page()
