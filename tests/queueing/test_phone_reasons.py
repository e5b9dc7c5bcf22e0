"""Why the place in line or the wait has changed, said on the phone."""

import re

import pytest
import time_machine
from model_bakery import baker

from core import memo
from hall import closures, record
from hall.models import Closure
from queueing import desks, sweeps, tickets
from queueing.states import Priority
from tests.queueing.pages import page_of
from tests.queueing.phones import paper, see
from tests.recipes import add_counter, at, key, make_hall, make_queue, make_service

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nine_on_the_test_monday():
    with time_machine.travel(at(9), tick=False):
        yield


@pytest.fixture
def hall():
    return make_hall(counters=2)


def why(response):
    found = re.search(
        r'<div class="why" role="status">(.*?)</div>', response.content.decode(), re.S
    )
    return " ".join(re.sub(r"<[^>]*>", " ", found[1]).split())


@pytest.fixture
def line(hall):
    """Five people who came a minute apart; the last of them is asked about, at half past eight."""
    return [hall.issue(now=at(8, n)) for n in range(5)]


def told(hall, client, line, *, now=None, v=None):
    version = record.version_of(hall.mall.pk) if v is None else v
    return why(see(client, line[-1], now=now or at(8, 30, 30), v=version, at=0))


def test_while_nothing_happens_nothing_is_explained(hall, client, line):
    assert told(hall, client, line) == ""


def test_people_who_give_up_are_counted(hall, client, line):
    for pk in line[:2]:
        tickets.cancel(pk, now=at(8, 30), key=key())

    assert told(hall, client, line) == "2 orang di depan Anda batal."


def test_somebody_behind_who_gives_up_is_no_news(hall, client, line):
    behind = hall.issue(now=at(8, 29))
    tickets.cancel(behind, now=at(8, 30), key=key())

    assert told(hall, client, line) == ""


def test_a_call_is_said_as_what_it_is(hall, client, line):
    hall.call(now=at(8, 30))

    assert told(hall, client, line) == "1 orang di depan Anda dipanggil."


def test_somebody_who_does_not_come_is_said(hall, client, line):
    pk = hall.call(now=at(8, 30))
    hall.act(tickets.skip, pk, now=at(8, 30, 10))

    assert told(hall, client, line) == "1 orang yang dipanggil tidak datang."


def test_priority_people_who_came_later_are_said(hall, client, line):
    for _person in range(2):
        hall.issue(now=at(8, 30), priority=Priority.ELDERLY)

    assert told(hall, client, line) == "2 orang jalur prioritas masuk di depan Anda."


def test_somebody_behind_who_comes_is_no_news(hall, client, line):
    hall.issue(now=at(8, 30))

    assert told(hall, client, line) == ""


def test_somebody_who_missed_the_call_and_came_back_is_said(hall, client, line):
    hall.act(tickets.skip, hall.call(now=at(8, 10)), now=at(8, 11))
    tickets.return_to_line(line[0], now=at(8, 30), key=key())

    assert told(hall, client, line) == "1 orang yang terlewat kembali mengantre di depan Anda."


def test_a_call_taken_back_is_said_and_one_taken_back_at_once_is_not(hall, client, line):
    pk = hall.call(now=at(8, 29, 20))
    hall.act(tickets.undo, pk, now=at(8, 29, 40))
    version = record.version_of(hall.mall.pk)

    assert told(hall, client, line, now=at(8, 30), v=version) == ""
    assert told(hall, client, line, now=at(8, 30, 30), v=version - 1) == (
        "1 panggilan dibatalkan petugas; orangnya kembali ke depan Anda."
    )


def test_somebody_sent_over_keeps_the_wait_and_it_is_said(hall, client):
    other = make_service(make_queue(hall.presence, "B"), "Layanan Kedua")
    baker.make("services.CounterQueue", counter=hall.counter, queue=other.queue, rank=1)
    memo.clear_all()
    first = hall.issue(now=at(8), service=other)
    mine = hall.issue(now=at(8, 20))
    hall.call(now=at(8, 25))
    hall.act(tickets.serve, first, now=at(8, 25))

    hall.act(tickets.transfer, first, now=at(8, 30), service_id=hall.service.pk)

    assert told(hall, client, [mine]) == (
        "1 orang dialihkan dari antrean lain ke depan Anda; waktu tunggunya dihitung."
    )


def test_a_paper_taken_before_and_confirmed_after_is_said(hall, client):
    pk = paper(hall, now=at(8, 29))
    mine = hall.issue(now=at(8, 29, 10))
    tickets.confirm(pk, now=at(8, 30), key=key())

    assert told(hall, client, [mine]) == (
        "1 orang yang mengambil nomor sebelum Anda baru memegang nomornya."
    )


def test_a_paper_that_nobody_confirms_leaves_the_line(hall, client):
    paper(hall, now=at(8, 27))
    mine = hall.issue(now=at(8, 27, 10))
    sweeps.withdraw_unprinted(now=at(8, 30))

    assert told(hall, client, [mine]) == "1 orang di depan Anda batal."


def test_a_counter_that_stops_is_said_before_everything_else(hall, client, line):
    tickets.cancel(line[0], now=at(8, 30), key=key())
    closures.close(
        hall.counter,
        reason=Closure.Reason.TROUBLE,
        until=at(10),
        by=hall.officer,
        now=at(8, 30, 10),
    )

    assert told(hall, client, line) == "Loket 1 berhenti melayani untuk sementara."


@pytest.mark.parametrize("leave", ["break", "leave"])
def test_an_officer_who_goes_is_a_counter_that_stops(hall, client, line, leave):
    if leave == "break":
        desks.set_break(hall.counter, by=hall.officer, on_break=True, now=at(8, 30))
    else:
        desks.leave(hall.counter, by=hall.officer, now=at(8, 30))

    assert told(hall, client, line) == "Loket 1 berhenti melayani untuk sementara."


def test_a_counter_that_opens_is_said(hall, client, line):
    add_counter(hall, since=at(8, 30))

    assert told(hall, client, line) == "1 loket lagi dibuka: loket 3."


def test_an_officer_away_for_a_moment_is_no_change(hall, client, line):
    desks.set_break(hall.counter, by=hall.officer, on_break=True, now=at(8, 30))
    desks.set_break(hall.counter, by=hall.officer, on_break=False, now=at(8, 30, 10))

    assert told(hall, client, line) == ""


def test_a_counter_of_another_queue_is_no_news(hall, client, line):
    add_counter(hall, queues=[make_queue(hall.presence, "B")], since=at(8, 30))

    assert told(hall, client, line) == ""


def test_a_change_stays_for_a_minute_and_is_told_after_a_tunnel(hall, client, line):
    before = record.version_of(hall.mall.pk)
    tickets.cancel(line[0], now=at(8, 30), key=key())
    now_known = record.version_of(hall.mall.pk)

    assert told(hall, client, line, now=at(8, 30, 59), v=now_known) != ""
    assert told(hall, client, line, now=at(8, 31), v=now_known) == ""
    assert told(hall, client, line, now=at(8, 40), v=before) == "1 orang di depan Anda batal."


def test_what_happened_before_the_number_was_taken_is_not_explained(hall, client, line):
    tickets.cancel(line[0], now=at(8, 10), key=key())
    mine = hall.issue(now=at(8, 20))

    assert told(hall, client, [mine], now=at(8, 20, 10), v=0) == ""


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (6, ""),
        (-8, "Perkiraan bergeser sekitar 10 menit lebih lambat"),
        (13, "Perkiraan bergeser sekitar 15 menit lebih cepat"),
        (-60 * 24, ""),
    ],
)
def test_a_range_that_moves_by_itself_is_explained(hall, client, line, minutes, words):
    version, now = record.version_of(hall.mall.pk), at(8, 30)
    ends = see(client, line[-1], now=now, v=version).context["ends"]
    seen = ends + minutes * 60

    response = see(client, line[-1], now=now, v=version, ends=seen)

    assert why(response).startswith(words)
    assert bool(why(response)) is bool(words)
    assert response.context["ends"] == seen
    assert f"ends={seen}" in response.content.decode()


@pytest.mark.parametrize("odd", ["", "x", "-1", "9" * 40, "²", "1e9"])
def test_odd_figures_in_the_address_are_nobodys_picture(hall, client, line, odd):
    response = see(client, line[-1], v=odd, ends=odd, at=odd)

    assert (response.status_code, why(response)) == (200, "")


@pytest.mark.parametrize("count", [1, 30])
def test_an_explanation_costs_the_same_whatever_happened(
    hall, client, django_assert_num_queries, count
):
    others = [hall.issue(now=at(8, 0, n)) for n in range(count)]
    mine = hall.issue(now=at(8, 10))
    for pk in others:
        tickets.cancel(pk, now=at(8, 59, 30), key=key())
    path = page_of(mine)
    client.get(path)  # what is remembered for seconds is another test's business

    with django_assert_num_queries(2):
        response = client.get(path)

    assert why(response) == f"{count} orang di depan Anda batal."
