import re
from datetime import date, time

import pytest
import time_machine
from django.urls import reverse
from model_bakery import baker

from agencies.models import CounterDay, Holiday, Mall
from core import memo
from hall import closures, record
from hall.models import Closure
from queueing import desks, directory, sweeps, tickets
from queueing.models import Ticket, TicketEvent, Visit
from queueing.states import Priority, Reason, State
from services.models import Fee, Service
from tests.recipes import at, key, make_hall, make_presence, make_queue, make_service, ticket

pytestmark = pytest.mark.django_db
MALL = "/mal/mpp-uji/"
ODD = ["", " ", "a" * 10_000, "\x00", "😀😀", "<script>alert(1)</script>", "%s {{7*7}}", "' OR 1=1"]


@pytest.fixture(autouse=True)
def _nine_on_the_test_monday():
    with time_machine.travel(at(9), tick=False):
        yield


@pytest.fixture
def hall():
    return make_hall()


def text(response):
    """What a page says, without its tags, on one line."""
    body = re.sub(r"<(script|style|title)\b.*?</\1>", " ", response.content.decode(), flags=re.S)
    return " ".join(re.sub(r"<[^>]*>", " ", body).replace("&amp;", "&").split())


def page_of(pk):
    return reverse("ticket", args=[Visit.objects.get(tickets=pk).token])


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


# --- Services --------------------------------------------------------------------------------


def test_services_stand_under_their_agency_with_fee_and_time(hall, client):
    baker.make(Fee, service=hall.service, amount=350_000, name="Paspor 5 tahun")
    Service.objects.update(completion_time="3 hari kerja")

    assert "Dinas Uji Layanan Uji Rp350.000 · 3 hari kerja" in text(client.get(f"{MALL}layanan/"))


def test_services_can_be_filtered_in_plain_words(hall, client):
    make_service(hall.queue, "Paspor baru")
    memo.clear_all()

    said = text(client.get(f"{MALL}layanan/?q=bikin+paspor"))

    assert "1 layanan cocok dengan “bikin paspor”." in said
    assert "Paspor baru" in said
    assert "Layanan Uji" not in said


def test_a_service_shows_all_six_parts_of_its_standard(hall, client):
    Service.objects.update(
        requirements=[{"text": "Kartu Keluarga", "note": "Fotokopi"}],
        procedure=["Ambil nomor", "Datang ke loket"],
        completion_time="3 hari kerja",
        product="Akta kelahiran",
        complaint_channel="Meja pengaduan",
        limits="Hanya pagi hari",
        fee_basis="UU 24/2013",
        example_fields=["product"],
    )
    baker.make(Fee, service=hall.service, amount=0, name="Tidak dipungut biaya")

    said = text(client.get(f"{MALL}layanan/{hall.service.pk}/"))

    for part in (
        "Biaya Gratis Tidak dipungut biaya",
        "Selesai 3 hari kerja",
        "Menunggu kini Langsung tidak ada yang menunggu",
        "Hari ini Buka sampai 15.00 WIB",
        "Kartu Keluarga Fotokopi",
        "Alurnya Ambil nomor Datang ke loket",
        "Batasan di mal ini Hanya pagi hari",
        "Ambil nomor A di mesin antrean MPP Uji",
        "Anda dilayani di loket 1 (Lantai 1).",
        "Dasar tarif UU 24/2013",
        "Produk layanan Akta kelahiran isian contoh",
        "Sampaikan pengaduan, saran, atau masukan di Meja pengaduan.",
    ):
        assert part in said


def test_a_service_without_details_says_that_they_are_missing(hall, client):
    Service.objects.update(requirements=[])

    said = text(client.get(f"{MALL}layanan/{hall.service.pk}/"))

    assert "Biaya Belum dicantumkan" in said
    assert "Belum dicantumkan. Tanyakan di meja informasi" in said


def test_a_queue_closed_a_second_ago_is_not_found(hall, client):
    path = f"{MALL}layanan/{hall.service.pk}/"
    assert client.get(path).status_code == 200
    hall.queue.is_active = False
    hall.queue.save()

    assert client.get(path).status_code == 404


def test_several_fees_are_a_range_with_its_list(hall, client):
    for name, amount in (("Biasa", 350_000), ("Elektronik", 650_000)):
        baker.make(Fee, service=hall.service, amount=amount, name=name)

    said = text(client.get(f"{MALL}layanan/{hall.service.pk}/"))

    assert "Biaya Rp350.000–Rp650.000 lihat rincian" in said
    assert "Biasa Rp350.000 Elektronik Rp650.000" in said


def test_a_used_up_quota_names_the_next_day(hall, client):
    service = make_service(make_queue(hall.presence, "B", quota=1))
    memo.clear_all()
    path = f"{MALL}layanan/{service.pk}/"
    assert "Tersisa 1 dari 1 nomor hari ini." in text(client.get(path))
    hall.issue(service=service)

    said = text(client.get(path))

    assert "Nomor habis" in said
    assert "Nomor berikutnya dibuka Selasa, 10 Maret 2026 pukul 08.00 WIB." in said


def test_on_a_closed_day_a_service_says_when_the_mall_opens(hall, client):
    with time_machine.travel(at(9, on=date(2026, 3, 14)), tick=False):
        memo.clear_all()
        said = text(client.get(f"{MALL}layanan/{hall.service.pk}/"))

    assert "Hari ini Tutup Mal tutup hari ini. Buka lagi Senin, 16 Maret 2026" in said


def test_a_service_of_another_mall_is_not_found_here(hall, client):
    other = make_hall(slug="lain")

    assert client.get(f"{MALL}layanan/{other.service.pk}/").status_code == 404
    assert client.get(f"{MALL}layanan/999999/").status_code == 404
    assert client.get(f"{MALL}layanan/{'9' * 30}/").status_code == 404


@pytest.mark.parametrize("count", [1, 30])
def test_a_service_costs_the_same_with_one_fee_and_with_thirty(
    hall, client, django_assert_num_queries, count
):
    for n in range(count):
        baker.make(Fee, service=hall.service, amount=n, name=f"Tarif {n}")
    Service.objects.update(requirements=[{"text": f"Syarat {n}"} for n in range(count)])
    memo.clear_all()

    with django_assert_num_queries(27):
        client.get(f"{MALL}layanan/{hall.service.pk}/")


# --- Search ----------------------------------------------------------------------------------


def test_a_search_groups_by_service_and_names_the_malls_with_their_wait(client):
    west, east = make_hall(slug="barat"), make_hall(slug="timur")
    Mall.objects.filter(pk=east.mall.pk).update(short_name="MPP Timur")
    Service.objects.update(name="Paspor baru")
    memo.clear_all()
    west.issue()
    west.issue()

    response = client.get("/cari/?q=bikin+paspor")

    [found] = response.context["found"]
    assert found.title == "Paspor baru"
    assert [offer.at.mall.short_name for offer in found.offers] == ["MPP Timur", "MPP Uji"]
    assert "MPP Timur Dinas Uji Buka sampai 15.00 WIB Langsung" in text(response)


def test_a_closed_mall_comes_after_the_open_ones(client):
    # At nine in the west it is eleven in the east; the middle one is closed today.
    west, east = make_hall(slug="barat"), make_hall(slug="timur", zone="Asia/Jayapura")
    west.mall.weekly.all().delete()
    memo.clear_all()

    [found] = client.get("/cari/?q=layanan+uji").context["found"]

    assert [offer.at.mall.pk for offer in found.offers] == [east.mall.pk, west.mall.pk]


def test_only_six_malls_are_named_for_a_service(client):
    for n in range(8):
        make_hall(slug=f"mal-{n}")

    [found] = client.get("/cari/?q=layanan+uji").context["found"]

    assert (len(found.offers), found.more) == (6, 2)


def test_a_search_without_a_result_helps_on(hall, client):
    said = text(client.get("/cari/?q=xdinasx"))

    assert "Tidak ketemu: “xdinasx”" in said
    assert "Mungkin ada di instansi ini: Dinas Uji" in said
    assert "Mungkin ada" not in text(client.get("/cari/?q=xyzzyq"))


@pytest.mark.parametrize("question", ODD)
@pytest.mark.parametrize("path", ["/cari/", f"{MALL}layanan/"])
def test_odd_questions_give_a_normal_page(hall, client, path, question):
    response = client.get(path, {"q": question})

    assert response.status_code == 200
    assert b"<script>alert" not in response.content
    assert len(response.content) < 30_000


def test_a_question_that_is_no_text_at_all_gives_a_normal_page(hall, client):
    for question in ("%ff%fe", "%00"):
        assert client.get(f"/cari/?q={question}").status_code == 200
    assert client.get("/cari/?mal=../../etc").status_code == 200


def test_a_mall_that_was_withdrawn_a_moment_ago_is_not_found_any_more(hall, client):
    assert "MPP Uji" in text(client.get("/cari/?q=layanan+uji"))
    hall.mall.stage = Mall.Stage.PREPARATION
    hall.mall.save()

    page = client.get("/cari/?q=layanan+uji")

    assert (page.status_code, page.context["found"]) == (200, [])


@pytest.mark.parametrize("count", [1, 30])
def test_a_search_costs_the_same_for_one_mall_and_for_thirty(
    client, django_assert_num_queries, count
):
    for n in range(count):
        make_hall(slug=f"mal-{n}").issue()
    memo.clear_all()

    with django_assert_num_queries(22):
        client.get("/cari/?q=layanan+uji")


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


# --- Giving up and coming back ---------------------------------------------------------------


def act(client, name, pk, one=None):
    token = Visit.objects.get(tickets=pk).token
    return client.post(reverse(name, args=[token]), {"key": str(one or key())})


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
