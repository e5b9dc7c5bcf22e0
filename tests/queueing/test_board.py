import threading

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache

from agencies.models import CounterDay
from core import live, memo
from hall import record
from hall.models import Board
from queueing import boards, tickets
from queueing.models import Ticket
from queueing.states import State
from tests.queueing.boards import address, picture
from tests.recipes import add_counter, at, key, make_hall, make_presence, make_queue, make_service

pytestmark = pytest.mark.django_db
PART = {"headers": {"HX-Request": "true"}}


@pytest.fixture
def hall():
    return make_hall(counters=2)


@pytest.fixture(autouse=True)
def _nine_o_clock():
    with time_machine.travel(at(9), tick=False):
        yield


def names(calls):
    return [str(call) for call in calls]


def crowd(hall, count):
    """More queues, each with one person waiting."""
    for number in range(count):
        presence = make_presence(hall.mall, f"Dinas {number:02d}")
        queue = make_queue(presence, f"{'ABCDEFGH'[number // 8]}{'ABCDEFGH'[number % 8]}")
        service = make_service(queue)
        counter = add_counter(hall, queues=[queue])
        CounterDay.objects.filter(counter=counter).update(presence=presence)
        memo.clear_all()
        hall.issue(service=service)


def test_before_the_first_call_the_board_says_so(client, hall):
    shown = client.get(address(hall)).text

    assert "Belum ada panggilan" in shown
    assert "Ambil nomor di mesin antrean." in shown


def test_before_opening_it_says_when_the_counters_open(client, hall):
    with time_machine.travel(at(7, 48), tick=False):
        assert "Loket buka pukul 08.00 WIB" in client.get(address(hall)).text


def test_a_call_shows_the_number_the_counter_the_agency_and_the_place(client, hall):
    hall.issue()
    hall.call(seat=1)

    shown = client.get(address(hall)).text

    assert '<p class="number"><span class="tno">A<span class="h">-</span>001</span></p>' in shown
    assert '<p class="number">2</p>' in shown
    assert '<p class="agency">Dinas Uji</p>' in shown
    assert '<p class="agency">Lantai 1</p>' in shown
    assert ">Nomor antrean A, nol, nol, satu, silakan menuju loket dua.</p>" in shown


def test_the_board_equals_the_database_after_every_kind_of_event(client, hall):
    """I12: what is shown is what a plain reading of the rows says."""
    ids = [hall.issue(now=at(9)) for _each in range(8)]
    steps = [
        lambda: hall.call(now=at(9, 1)),
        lambda: hall.act(tickets.recall, ids[0], now=at(9, 2)),
        lambda: hall.call(now=at(9, 3), seat=1),
        lambda: hall.act(tickets.skip, ids[1], now=at(9, 4), seat=1),
        lambda: hall.act(tickets.serve, ids[0], now=at(9, 5)),
        lambda: hall.act(tickets.hold, ids[0], now=at(9, 6)),
        lambda: hall.call(now=at(9, 7)),
        lambda: hall.act(tickets.undo, ids[2], now=at(9, 7, 20)),
        lambda: tickets.return_to_line(ids[1], now=at(9, 8), key=key()),
        lambda: tickets.cancel(ids[3], now=at(9, 9), key=key()),
        lambda: hall.act(tickets.resume, ids[0], now=at(9, 10), seat=1),
        lambda: hall.call(now=at(9, 11)),
        lambda: hall.done(ids[0], now=at(9, 12), seat=1),
    ]
    for step in steps:
        step()
        client_sees = client.get(address(hall), **PART).text
        called = Ticket.objects.filter(announced_at__isnull=False)
        waiting = Ticket.objects.filter(state=State.WAITING).count()
        expected = sorted(str(call) for call in called.select_related("day__queue"))
        shown = picture(hall)
        assert sorted(names([shown.big, *shown.last] if shown.big else [])) == expected
        assert [each.waiting for sheet in shown.sheets for each in sheet] == [waiting]
        for call in expected:
            assert f"</span>{call[2:]}</span>" in client_sees
        assert f"<b>{waiting}</b>" in client_sees


def test_somebody_still_on_the_way_stays_big_while_a_newer_call_is_served(hall):
    first, second = hall.issue(), hall.issue()
    hall.call(now=at(9, 1))
    hall.call(now=at(9, 2), seat=1)
    hall.act(tickets.serve, second, now=at(9, 3), seat=1)

    shown = picture(hall)

    assert (shown.big.pk, shown.is_now) == (first, True)
    assert names(shown.last) == ["A-002"]


def test_nobody_on_the_way_leaves_the_last_call_without_the_summons(client, hall):
    called = hall.issue()
    hall.call()
    hall.act(tickets.serve, called)

    shown = client.get(address(hall)).text

    assert 'class="call past"' in shown
    assert "Panggilan terakhir, 09.00 WIB" in " ".join(shown.split())
    assert "silakan menuju" not in shown


def test_a_recall_is_another_call_and_said_as_one(client, hall):
    called = hall.issue()
    hall.call()
    first = picture(hall).calls
    hall.act(tickets.recall, called, now=at(9, 0, 5), slow=True)
    again = picture(hall).calls

    assert (len(first), len(again)) == (1, 1)
    assert first[0].key != again[0].key
    assert (first[0].is_slow, again[0].is_slow) == (False, True)
    assert "Panggilan kedua. Nomor antrean A, nol, nol, satu" in client.get(address(hall)).text


def test_after_closing_with_nobody_left_the_board_says_when_it_opens(client, hall):
    called = hall.issue()
    hall.call()
    with time_machine.travel(at(15, 30), tick=False):
        memo.clear_all()
        assert "A<span" in client.get(address(hall)).text
        hall.done(called, now=at(15, 20))
        shown = client.get(address(hall)).text

    assert "Loket tutup" in shown
    assert "Buka lagi Selasa, 10 Maret 2026 pukul 08.00 WIB." in shown


def test_a_new_day_begins_empty_without_any_event(client, hall):
    hall.issue()
    hall.call()
    before = client.get(address(hall))

    tuesday = at(9, on=at(9).date().replace(day=10))
    with time_machine.travel(tuesday, tick=False):
        known = {"v": before.context["version"], "p": before.context["phase"]}
        answer = client.get(address(hall), known, **PART)

    assert answer.status_code == 200
    assert "Belum ada panggilan" in answer.text


def test_no_number_of_another_mall_is_shown(client, hall):
    other = make_hall(slug="mpp-lain")
    other.issue()
    other.call()

    assert picture(hall).big is None
    assert "Belum ada panggilan" in client.get(address(hall)).text


def test_the_busiest_queues_come_first_and_empty_ones_are_only_counted(hall):
    crowd(hall, 8)
    for _each in range(3):
        hall.issue()

    shown = picture(hall)

    assert [len(sheet) for sheet in shown.sheets] == [6, 3]
    assert (shown.sheets[0][0].queue.letter, shown.sheets[0][0].waiting) == ("A", 3)
    assert shown.quiet == 0
    for ticket in Ticket.objects.filter(day__queue__letter__in=["AG", "AH"]):
        tickets.cancel(ticket.pk, now=at(9, 1), key=key())
    shown = picture(hall)
    assert ([len(sheet) for sheet in shown.sheets], shown.quiet) == ([6, 1], 2)


def test_a_board_that_knows_the_version_gets_nothing_new(client, hall):
    hall.issue()
    page = client.get(address(hall))
    known = {"v": page.context["version"], "p": page.context["phase"]}

    assert client.get(address(hall), known, **PART).status_code == 204
    hall.issue()
    assert client.get(address(hall), known, **PART).status_code == 200


@pytest.mark.parametrize("version", ["", "x", "-1", "99999999999999999999", "\x00"])
def test_a_board_with_an_odd_version_gets_the_picture(client, hall, version):
    answer = client.get(address(hall), {"v": version, "p": version}, **PART)

    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<main class="board"')


def test_whoever_asks_with_the_etag_gets_304_until_something_happens(client, hall):
    etag = client.get(address(hall), **PART)["ETag"]
    known = {"headers": {"If-None-Match": etag, "HX-Request": "true"}}

    again = client.get(address(hall), **known)
    hall.issue()
    later = client.get(address(hall), **known)

    assert (again.status_code, again["ETag"], again.content) == (304, etag, b"")
    assert later.status_code == 200


def test_part_and_language_are_never_mistaken_for_each_other(client, hall):
    tags = {client.get(address(hall), **PART)["ETag"]}
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    tags.add(client.get(address(hall), **PART)["ETag"])

    assert len(tags) == 2
    assert "HX-Request" in client.get(address(hall), **PART)["Vary"]


def test_the_page_is_kept_nowhere_for_it_tells_the_time(client, hall):
    answer = client.get(address(hall), headers={"If-None-Match": "*"})

    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    assert "ETag" not in answer


def test_many_boards_cost_one_drawing_per_version(client, hall, monkeypatch):
    drawn = []
    draw = boards.picture
    monkeypatch.setattr(boards, "picture", lambda *a, **k: drawn.append(1) or draw(*a, **k))

    for _each in range(5):
        client.get(address(hall), **PART)
    assert len(drawn) == 1
    hall.issue()
    for _each in range(5):
        client.get(address(hall), **PART)

    assert len(drawn) == 2


def test_parallel_boards_wait_for_the_one_that_draws():
    drawn, begin = [], threading.Barrier(8)

    def draw():
        drawn.append(1)
        return "picture"

    def ask():
        begin.wait()
        assert memo.drawn_once("board", draw, seconds=60) == "picture"

    threads = [threading.Thread(target=ask) for _each in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(drawn) == 1


def test_another_process_finds_the_drawing_in_the_cache():
    memo.drawn_once("board", lambda: "picture", seconds=60)
    memo.clear_all()

    assert memo.drawn_once("board", lambda: "another", seconds=60) == "picture"
    cache.clear()
    memo.clear_all()
    assert memo.drawn_once("board", lambda: "another", seconds=60) == "another"


def test_the_drawings_of_old_versions_are_let_go():
    for version in range(3 * memo.NEAR):
        memo.drawn_once(f"board:{version}", lambda: "picture", seconds=60)

    assert len(memo._near) <= memo.NEAR


def test_every_answer_carries_a_fresh_permission_to_listen(client, hall):
    shown = client.get(address(hall), **PART).text

    token = shown.split('data-live="/live/?t=')[1].split('"')[0]
    scope = {"query_string": f"t={token}".encode()}
    assert live._allowed(scope) == hall.mall.pk


@pytest.mark.parametrize("queues", [1, 30])
def test_a_known_version_takes_one_query_and_a_drawing_always_the_same(
    client, hall, django_assert_num_queries, queues
):
    crowd(hall, queues)
    hall.call()
    page = client.get(address(hall))  # malls and calendars are remembered for five seconds
    known = {"v": page.context["version"], "p": page.context["phase"]}

    with django_assert_num_queries(1):
        client.get(address(hall), known, **PART)
    with django_assert_num_queries(1):
        client.get(address(hall), **PART)
    cache.clear()
    memo._near.clear()
    with django_assert_num_queries(9):
        client.get(address(hall), **PART)


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_nobody_writes_to_a_board(client, hall, method):
    assert getattr(client, method)(address(hall)).status_code == 405


def test_the_version_is_that_of_the_mall(client, hall):
    hall.issue()

    shown = client.get(address(hall))

    assert (
        shown.context["version"] == Board.objects.get().version == record.version_of(hall.mall.pk)
    )
