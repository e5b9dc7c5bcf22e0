"""The services of a mall, one of them in full, and the search across malls."""

from datetime import date

import pytest
import time_machine
from model_bakery import baker

from agencies.models import Mall
from core import memo
from services.models import Fee, Service
from tests.queueing.pages import text
from tests.recipes import at, make_hall, make_queue, make_service

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
