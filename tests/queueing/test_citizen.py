import re
from datetime import date, time

import pytest
import time_machine
from model_bakery import baker

from agencies.models import CounterDay, Holiday, Mall
from core import memo
from queueing import desks, directory, tickets
from queueing.models import Ticket
from queueing.states import Reason
from services.models import Fee
from tests.queueing.pages import text
from tests.recipes import at, make_hall, make_presence, make_queue, make_service

pytestmark = pytest.mark.django_db
MALL = "/mal/mpp-uji/"


@pytest.fixture(autouse=True)
def _nine_on_the_test_monday():
    with time_machine.travel(at(9), tick=False):
        yield


@pytest.fixture
def hall():
    return make_hall()


def many_services(hall, count):
    """So many agencies with a queue and a service each, the hall's own among them."""
    letters = "ABCDEFGHJK"
    for n in range(count - 1):
        presence = make_presence(hall.mall, f"Dinas {n:02d}")
        queue = make_queue(presence, letters[n // 10 + 1] + letters[n % 10])
        baker.make(
            Fee, service=make_service(queue, f"Layanan Uji {n:02d}"), amount=0, name="Gratis"
        )
    memo.clear_all()


# --- Home ------------------------------------------------------------------------------------


def test_without_a_mall_the_home_says_so(client):
    assert "Belum ada mal yang dibuka" in text(client.get("/"))


def test_the_home_lists_malls_with_what_they_are_doing(hall, client):
    said = text(client.get("/"))

    assert "Mau Mengurus Apa Hari Ini?" in said
    assert "MPP Uji Mal Pelayanan Publik · Kabupaten Uji Buka sampai 15.00 WIB" in said
    assert "1 instansi, 1 layanan" in said


def test_a_mall_in_preparation_is_shown_nowhere(hall, client):
    Mall.objects.update(stage=Mall.Stage.PREPARATION)
    memo.clear_all()

    assert "MPP Uji" not in text(client.get("/"))
    assert "Layanan Uji" not in text(client.get("/cari/?q=layanan+uji"))
    for path in (MALL, f"{MALL}layanan/", f"{MALL}instansi/", f"{MALL}layanan/{hall.service.pk}/"):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize(("count", "queries"), [(0, 2), (1, 23), (12, 23), (13, 7), (30, 7)])
def test_the_home_costs_the_same_for_one_mall_and_for_twelve(
    count, queries, client, django_assert_num_queries
):
    for n in range(count):
        make_hall(slug=f"mal-{n}").issue()
    memo.clear_all()

    with django_assert_num_queries(queries):
        response = client.get("/")

    assert [each.waits.waiting for each in response.context["malls"]] == [1] * count
    # Beyond a dozen each forecast would cost too much for a page that everybody opens.
    assert ("Antrean terlama" in text(response)) is (0 < count <= directory.MOST_FORETOLD)


def test_the_home_says_how_many_wait_at_each_mall_and_how_long(hall, client):
    make_hall(slug="lain")
    for _person in range(12):
        hall.issue()

    said = text(client.get("/"))

    assert re.search(r"12 orang menunggu Antrean terlama \d+–\d+ menit", said)
    assert "Tidak ada yang menunggu" in said


def test_the_home_says_nothing_of_waits_where_a_mall_is_closed(hall, client):
    hall.issue()

    with time_machine.travel(at(16), tick=False):
        memo.clear_all()
        said = text(client.get("/"))

    assert "Buka lagi" in said
    assert "menunggu" not in said
    assert "Antrean terlama" not in said


def test_the_home_says_where_nobody_works_yet(hall, client):
    desks.leave(hall.counter, by=hall.officer, now=at(9))

    assert "Belum ada petugas" in text(client.get("/"))
    assert "Tidak ada yang menunggu" not in text(client.get("/"))


def test_the_home_does_not_foretell_a_queue_that_gives_no_numbers_or_never_ends(
    hall, client, monkeypatch
):
    service = make_service(make_queue(hall.presence, "B", quota=1))
    hall.issue(service=service)
    memo.clear_all()
    assert text(client.get("/")).count("1 orang menunggu") == 1
    assert "Antrean terlama" not in text(client.get("/"))

    hall.issue()
    assert "Antrean terlama" in text(client.get("/"))
    monkeypatch.setattr(directory, "LONGEST", 0)
    assert "Antrean terlama" not in text(client.get("/"))


# --- A mall ----------------------------------------------------------------------------------


def test_a_mall_says_who_waits_how_long_and_where(hall, client):
    for _person in range(3):
        hall.issue()

    said = text(client.get(MALL))

    assert "Buka sampai 15.00 WIB istirahat 12.00–13.00" in said
    assert re.search(r"Dinas Uji 3 orang, loket 1 \d+–\d+ menit", said)


def test_a_free_counter_is_direct(hall, client):
    assert "Dinas Uji Tidak ada yang menunggu, loket 1 Langsung" in text(client.get(MALL))


def test_a_mall_tells_the_numbers_left_and_when_there_are_none(hall, client):
    service = make_service(make_queue(hall.presence, "B", quota=1))
    memo.clear_all()
    assert "sisa 1 nomor" in text(client.get(MALL))

    hall.issue(service=service)

    assert "nomor hari ini sudah habis" in text(client.get(MALL))


def test_an_absent_agency_names_the_day_it_comes_again(hall, client):
    guest = make_presence(hall.mall, "Instansi Tamu")
    make_queue(guest, "B")
    counter = baker.make("agencies.Counter", mall=hall.mall, number="9")
    baker.make(CounterDay, counter=counter, presence=guest, weekday=3)
    memo.clear_all()

    assert "Instansi Tamu Hadir lagi Kamis, 12 Maret 2026 Tutup hari ini" in text(client.get(MALL))


def test_a_closed_mall_shows_no_waits_but_the_next_opening(hall, client):
    hall.issue()
    with time_machine.travel(at(16), tick=False):
        memo.clear_all()
        said = text(client.get(MALL))

    assert "Belum ada antrean sekarang" in said
    assert "Buka lagi Selasa, 10 Maret 2026 pukul 08.00 WIB." in said
    assert "orang" not in said.split("Belum ada antrean sekarang")[0]


def test_closings_of_the_next_two_weeks_are_announced(hall, client):
    baker.make(Holiday, day=date(2026, 3, 19), name="Nyepi", is_joint_leave=False)
    memo.clear_all()

    assert (
        "Tutup Kamis, 19 Maret 2026 Nyepi."
        " Buka kembali Jumat, 20 Maret 2026 pukul 08.00 WIB." in text(client.get(MALL))
    )


def test_calls_out_of_order_are_public(hall, client):
    hall.issue()
    later = hall.issue()
    assert "Belum ada panggilan hari ini" in text(client.get(MALL))
    hall.act(tickets.call_out_of_order, later, reason=Reason.OFFICE_MISTAKE)

    said = text(client.get(MALL))

    assert "1 panggilan hari ini. Di luar urutan: Memperbaiki kekeliruan kantor (1)." in said


def test_calls_in_order_are_said_to_be_so(hall, client):
    hall.issue()
    hall.call()

    assert "1 panggilan hari ini, semuanya menurut urutan." in text(client.get(MALL))


def test_example_data_are_called_so(hall, client):
    assert "isian contoh" not in text(client.get(MALL))
    Mall.objects.update(example_fields=["hours"])
    memo.clear_all()

    assert "Jam layanan isian contoh" in text(client.get(MALL))


def test_a_mall_without_agencies_is_a_page_too(hall, client):
    hall.presence.is_active = False
    hall.presence.save()
    memo.clear_all()

    assert "Belum ada instansi di mal ini" in text(client.get(MALL))
    assert "Belum ada instansi di mal ini" in text(client.get(f"{MALL}instansi/"))
    assert "Belum ada layanan" in text(client.get(f"{MALL}layanan/"))


@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize(
    ("path", "queries"), [(MALL, 29), (f"{MALL}layanan/", 4), (f"{MALL}instansi/", 24)]
)
def test_a_page_of_a_mall_costs_the_same_with_one_agency_and_with_thirty(
    hall, client, django_assert_num_queries, count, path, queries
):
    many_services(hall, count)
    baker.make(Fee, service=hall.service, amount=0, name="Gratis")
    hall.issue()
    hall.issue()
    hall.act(tickets.call_out_of_order, Ticket.objects.latest("pk").pk, reason=Reason.URGENT_HEALTH)
    memo.clear_all()

    with django_assert_num_queries(queries):
        client.get(path)


@pytest.mark.parametrize(
    "path",
    ["/", "/cari/", MALL, f"{MALL}layanan/", f"{MALL}instansi/"],
)
def test_public_pages_only_answer_to_looking(hall, client, path):
    assert client.post(path).status_code == 405
    assert client.head(path).status_code == 200


def test_opening_hours_of_the_mall_are_listed(hall, client):
    hall.mall.weekly.filter(weekday=4).update(break_from=time(11, 30))
    memo.clear_all()

    said = text(client.get(MALL))

    assert "Senin–Kamis 08.00–15.00 istirahat 12.00–13.00" in said
    assert "Jumat 08.00–15.00 istirahat 11.30–13.00" in said
