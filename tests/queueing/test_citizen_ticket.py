"""The ticket on its own page: place, wait, call, and what its holder may do."""

import re
from datetime import date

import pytest
import time_machine
from django.urls import reverse

from core import memo
from hall import closures, record
from hall.models import Closure
from queueing import sweeps, tickets
from queueing.models import TicketEvent, Visit
from queueing.states import Priority, State
from tests.queueing.pages import act, page_of, text
from tests.recipes import at, key, make_hall, make_queue, make_service, ticket

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nine_on_the_test_monday():
    with time_machine.travel(at(9), tick=False):
        yield


@pytest.fixture
def hall():
    return make_hall()


# --- The ticket ------------------------------------------------------------------------------


def test_a_waiting_ticket_says_the_place_the_wait_and_the_way(hall, client):
    for _person in range(4):
        hall.issue()
    pk = hall.issue()

    said = text(client.get(page_of(pk)))

    assert "Layanan Uji Dinas Uji Nomor antrean Anda A - 005 4 orang di depan Anda" in said
    assert re.search(r"\d+–\d+ menit lagi Sekitar pukul \d\d\.\d\d–\d\d\.\d\d WIB", said)
    assert "Tempat menunggu: Lantai 1. Anda akan dipanggil ke loket 1." in said
    assert "Tidak ada yang datang setelah Anda dan dipanggil lebih dahulu." in said
    assert "Diperbarui otomatis, terakhir 09.00 WIB" in said


def test_the_next_one_is_told_so(hall, client):
    said = text(client.get(page_of(hall.issue())))

    assert "Anda berikutnya" in said
    assert "Segera dipanggil" in said


def test_the_break_is_counted_into_the_minutes(hall, client):
    pks = [hall.issue(now=at(11, 40)) for _person in range(4)]
    with time_machine.travel(at(11, 55), tick=False):
        response = client.get(page_of(pks[-1]))

    assert "istirahat sudah dihitung" in text(response)
    assert response.context["low"] > 60
    assert "Sekitar pukul 13." in text(response)


def test_somebody_overtaken_is_told_why(hall, client):
    pk = hall.issue()
    hall.issue(now=at(9), priority=Priority.ELDERLY)
    hall.call(now=at(9))

    assert (
        "1 orang yang datang setelah Anda dipanggil lebih dahulu karena giliran prioritas"
        in text(client.get(page_of(pk)))
    )


def test_without_an_officer_the_estimate_says_what_it_rests_on(hall, client):
    pk = hall.issue()
    hall.counter.desk.delete()

    assert "Belum ada petugas di loket." in text(client.get(page_of(pk)))


def test_a_called_ticket_is_a_gold_page_with_counter_and_proof(hall, client):
    hall.issue()
    pk = hall.call()

    response = client.get(page_of(pk))

    said = text(response)
    assert 'class="ticket called"' in response.content.decode()
    assert "Nomor Anda dipanggil A - 001 Silakan menuju loket 1 Lantai 1" in said
    assert "Dipanggil pukul 09.00 WIB." in said
    assert "Dipanggil sesuai urutan kedatangan; tidak ada yang dilewati." in said
    assert (
        "Dipanggil: loket 1 – A-001"
        in re.search(r"<title>(.*?)</title>", response.content.decode(), re.S)[1]
    )


def test_a_repeated_call_says_so(hall, client):
    hall.issue()
    pk = hall.call()
    hall.act(tickets.recall, pk)

    assert "Sudah diulang 1 kali." in text(client.get(page_of(pk)))


@pytest.mark.parametrize(
    ("moves", "words"),
    [
        ((tickets.serve,), "Anda sedang dilayani di loket 1"),
        ((tickets.serve, tickets.hold), "Layanan Anda ditunda sebentar"),
        (
            (tickets.skip,),
            "Anda boleh kembali mengantre satu kali, di belakang paling banyak 3 orang di jalur Anda.",
        ),
        ((tickets.serve, tickets.finish), "Selesai, terima kasih"),
    ],
)
def test_every_state_has_its_own_words(hall, client, moves, words):
    hall.issue()
    pk = hall.call()
    for move in moves:
        hall.act(move, pk)

    assert words in text(client.get(page_of(pk)))


def test_a_cancelled_ticket_stays_a_receipt(hall, client):
    pk = hall.issue()
    tickets.cancel(pk, now=at(9), key=key())

    said = text(client.get(page_of(pk)))
    assert "A - 001 Antrean ini dibatalkan" in said
    assert "Ya, batalkan" not in said


@pytest.mark.parametrize("is_closed", [False, True])
def test_the_number_of_yesterday_is_no_longer_good(hall, client, is_closed):
    pk = hall.issue()
    with time_machine.travel(at(9, on=date(2026, 3, 10)), tick=False):
        memo.clear_all()
        if is_closed:
            sweeps.close_days(now=at(9, on=date(2026, 3, 10)))
        said = text(client.get(page_of(pk)))

    assert "Nomor ini sudah tidak berlaku Nomor ini hanya untuk Senin, 9 Maret 2026." in said


def test_the_page_follows_a_transfer_to_the_new_number(hall, client):
    other = make_service(make_queue(hall.presence, "B"), "Layanan Kedua")
    hall.issue()
    pk = hall.call()
    path = page_of(pk)
    hall.act(tickets.serve, pk)
    hall.act(tickets.transfer, pk, service_id=other.pk)

    said = text(client.get(path))

    assert "Layanan Kedua Dinas Uji Nomor antrean Anda B - 001 Anda berikutnya" in said
    assert "Dialihkan dari nomor A-001. Waktu tunggu Anda sebelumnya ikut dihitung" in said


def test_a_stranger_with_another_token_finds_nothing(hall, client):
    pk = hall.issue()
    token = Visit.objects.get().token
    stranger = token[:-1] + ("A" if token[-1] != "A" else "B")

    for name in ("ticket", "ticket_cancel", "ticket_return"):
        for wrong in (stranger, token[:-1], token + "x", "x"):
            path = reverse(name, args=[wrong])
            method = client.get if name == "ticket" else client.post
            assert method(path, {"key": str(key())}).status_code == 404
    assert ticket(pk).state == State.WAITING


def test_a_ticket_is_kept_by_no_cache_and_told_to_nobody(hall, client):
    response = client.get(page_of(hall.issue()))

    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("count", [1, 30])
def test_a_ticket_costs_the_same_whatever_the_queue(hall, client, django_assert_num_queries, count):
    pk = [hall.issue() for _person in range(count)][-1]
    path = page_of(pk)
    memo.clear_all()

    with django_assert_num_queries(34):
        client.get(path)


@pytest.mark.parametrize("count", [1, 30])
def test_the_second_phone_of_a_line_costs_two_queries(
    hall, client, django_assert_num_queries, count
):
    first, second = [page_of(hall.issue()) for _person in range(count + 1)][-2:]
    for path in (first, second):
        client.get(path)
    hall.issue(now=at(9, 0, 1))

    client.get(first)
    with django_assert_num_queries(2):
        client.get(second)


def test_what_phones_share_is_never_older_than_the_version(hall, client):
    _first, second, third = (hall.issue() for _person in range(3))
    for pk in (second, third):
        client.get(page_of(pk))

    hall.call()
    assert "Anda berikutnya" in text(client.get(page_of(second)))
    assert "1 orang di depan Anda" in text(client.get(page_of(third)))

    tickets.cancel(second, now=at(9), key=key())
    assert "Anda berikutnya" in text(client.get(page_of(third)))
    assert "Antrean ini dibatalkan" in text(client.get(page_of(second)))

    closures.close(
        hall.counter, reason=Closure.Reason.TROUBLE, until=at(10), by=hall.officer, now=at(9)
    )
    assert "Belum ada petugas di loket." in text(client.get(page_of(third)))


def test_a_ticket_names_its_line_to_the_stream(hall, client):
    pk = hall.issue()
    day = ticket(pk).day_id

    body = part(client, pk).content.decode()

    assert f'data-line="{day}"' in body
    assert re.search(rf'data-live="/live/\?t=[^"]+&amp;l={day}"', body)


# --- The ticket, live ------------------------------------------------------------------------


def part(client, pk, **query):
    return client.get(page_of(pk), query, headers={"HX-Request": "true"})


def drawn_at(moment):
    return int(moment.timestamp())


def test_the_part_alone_is_for_htmx_and_takes_the_title_along(hall, client):
    response = part(client, hall.issue())

    body = response.content.decode().strip()
    assert body.startswith("<title>A-001: Anda berikutnya")
    assert '<section id="ticket"' in body
    assert "<html" not in body


def test_what_is_known_and_fresh_is_not_sent_again(hall, client, django_assert_num_queries):
    pk = hall.issue()
    version = record.version_of(hall.mall.pk)
    path = page_of(pk)

    for queries in (2, 1):  # the visit, which never changes, and the version
        with django_assert_num_queries(queries):
            response = client.get(
                path, {"v": version, "at": drawn_at(at(9))}, headers={"HX-Request": "true"}
            )
        assert (response.status_code, response.content) == (204, b"")


@pytest.mark.parametrize(
    "query",
    [
        {"v": 0, "at": drawn_at(at(9))},
        {"v": 1, "at": drawn_at(at(8, 59))},
        {"v": 1, "at": drawn_at(at(9, 1))},
        {"v": 1},
        {"v": "x", "at": "x"},
        {"v": 1, "at": "²"},
        {"v": 1, "at": "9" * 400},
        {"v": "1; DROP TABLE", "at": "-1"},
    ],
)
def test_what_is_old_or_odd_is_drawn_anew(hall, client, query):
    assert part(client, hall.issue(), **query).status_code == 200


def test_a_whole_page_is_always_sent(hall, client):
    pk = hall.issue()

    assert client.get(page_of(pk), {"v": 1, "at": drawn_at(at(9))}).status_code == 200


def test_a_place_can_be_given_up(hall, client):
    pk = hall.issue()
    assert "Ya, batalkan A-001" in text(client.get(page_of(pk)))

    response = act(client, "ticket_cancel", pk)

    assert (response.status_code, response["Location"]) == (302, page_of(pk))
    assert ticket(pk).state == State.CANCELLED


def test_a_double_tap_cancels_once(hall, client):
    pk, one = hall.issue(), key()

    answers = [act(client, "ticket_cancel", pk, one).status_code for _tap in range(2)]

    assert answers == [302, 302]
    assert TicketEvent.objects.count() == 2


def test_somebody_already_called_can_no_longer_cancel(hall, client):
    hall.issue()
    pk = hall.call()

    response = act(client, "ticket_cancel", pk)

    assert (response.status_code, response["X-Refusal"]) == (409, "wrong_state")
    assert "Nomor ini sudah berstatus Dipanggil." in text(response)
    assert ticket(pk).state == State.CALLED


def test_a_refusal_goes_back_to_the_ticket_it_came_from(hall, client):
    hall.issue()
    pk = hall.call()
    path = page_of(pk)

    response = client.post(
        f"{path}batal/", {"key": str(key())}, headers={"Referer": f"http://testserver{path}"}
    )

    assert (response.status_code, response["Location"]) == (302, f"http://testserver{path}")
    assert "Nomor ini sudah berstatus Dipanggil." in text(client.get(path))


def test_somebody_skipped_comes_back_once(hall, client):
    hall.issue()
    pk = hall.call()
    hall.act(tickets.skip, pk)
    assert "Saya sudah datang" in text(client.get(page_of(pk)))

    assert act(client, "ticket_return", pk).status_code == 302
    assert ticket(pk).state == State.WAITING

    hall.call()
    hall.act(tickets.skip, pk)
    said = text(client.get(page_of(pk)))
    assert "Saya sudah datang" not in said
    assert "Nomor ini sudah pernah kembali." in said
    assert act(client, "ticket_return", pk)["X-Refusal"] == "returned_already"


@pytest.mark.parametrize("name", ["ticket_cancel", "ticket_return"])
@pytest.mark.parametrize("value", [None, "", "x", "0" * 300, "\x00"])
def test_a_form_without_a_sound_key_changes_nothing(hall, client, name, value):
    pk = hall.issue()
    token = Visit.objects.get().token
    data = {} if value is None else {"key": value}

    assert client.post(reverse(name, args=[token]), data).status_code == 404
    assert ticket(pk).state == State.WAITING


@pytest.mark.parametrize("name", ["ticket_cancel", "ticket_return"])
def test_looking_changes_nothing(hall, client, name):
    pk = hall.issue()
    token = Visit.objects.get().token

    assert client.get(reverse(name, args=[token])).status_code == 405
    assert ticket(pk).state == State.WAITING
