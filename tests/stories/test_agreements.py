"""Tangerang Selatan again: seventeen agencies sign in one ceremony, and what agreements open."""

import os
from datetime import date
from pathlib import Path

import pytest
from model_bakery import baker
from playwright.sync_api import expect

from accounts.roles import Role
from agencies.models import Agreement, Ceremony, Counter, CounterDay, Mall
from core import memo
from tests.appointments.recipes import make_plan
from tests.onboarding.agreements.agreeing import admin_of, drafted, person
from tests.onboarding.agreements.recipes import neighbour, promise, signed
from tests.recipes import at, make_hall
from tests.stories.conftest import assert_accessible

pytestmark = pytest.mark.story
WIDTHS = (360, 768, 1280)
SHOTS = os.environ.get("MPP_SHOTS")
YEAR = date(2026, 1, 1)
AGENCIES = (
    *("Dinas Kependudukan dan Pencatatan Sipil", "Badan Pendapatan Daerah", "Dinas Kesehatan"),
    *("Dinas Tenaga Kerja", "Dinas Sosial", "Samsat", "Kejaksaan Negeri", "Pengadilan Agama"),
    *("Kantor Imigrasi", "Kepolisian Resor", "Kantor Pertanahan", "KPP Pratama"),
    *("BPJS Kesehatan", "BPJS Ketenagakerjaan", "Taspen", "Bank bjb", "PDAM"),
)


@pytest.fixture
def hall(portal):
    return make_hall(counters=2)


@pytest.fixture
def desk(hall, open_page, sign_in):
    """A page of the mall's admin, or of somebody else."""

    def open_as(path="perjanjian/", user=None):
        page = open_page("/masuk/")
        sign_in(page, user or admin_of(hall))
        page.goto(page.url.replace("/masuk/", f"/petugas/mal/{hall.mall.slug}/{path}"))
        return page

    return open_as


def assert_good(page, name):
    """Usable by everybody and no wider than any screen; photographed where that is asked for."""
    assert_accessible(page)
    kept = page.viewport_size
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 740})
        page.wait_for_function("document.documentElement.scrollWidth <= innerWidth")
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)
    page.set_viewport_size(kept)


def seventeen(hall):
    """A complete draft with each of seventeen agencies, each with a counter of its own."""
    for number, name in enumerate(AGENCIES, 3):
        counter = baker.make(Counter, mall=hall.mall, number=str(number))
        agency = neighbour(hall.mall, name)
        drafted(hall, promise(agency, counter, 0, 1, 2, 3, 4), title=f"PKS {name}")


def test_seventeen_agencies_sign_in_one_ceremony(hall, desk):
    Mall.objects.update(name="Mal Pelayanan Publik Kota Tangerang Selatan")
    seventeen(hall)
    page = desk()
    assert_good(page, "list")

    page.get_by_role("link", name="Tanda tangani 17 draf").click()
    for name in AGENCIES:
        page.get_by_label(f"PKS {name}").check()
    page.get_by_label("Tempat").fill("Balai Kota, Ciputat")
    page.get_by_label("Nama acara").fill("Penandatanganan 17 instansi")
    page.get_by_label("Yang hadir").fill("Menteri PANRB\nWali Kota Tangerang Selatan")
    assert_good(page, "signing")
    page.get_by_role("button", name="Lihat dahulu akibatnya").click()
    expect(page.get_by_role("row")).to_have_count(18)
    assert_good(page, "preview")
    page.get_by_role("button", name="Tanda tangani 17 dokumen").click()

    expect(page.locator("h1")).to_have_text("Penandatanganan 17 instansi")
    expect(page.locator("#flash")).to_contain_text("17 dokumen ditandatangani.")
    assert_good(page, "ceremony")
    held = Ceremony.objects.get()
    assert (held.agreements.count(), held.present[0]) == (17, "Menteri PANRB")
    assert CounterDay.objects.filter(term__isnull=False).count() == 17 * 5


def test_one_whose_counter_is_taken_keeps_all_from_being_signed(hall, desk):
    seventeen(hall)
    late = neighbour(hall.mall, "Pos Indonesia")
    drafted(hall, promise(late, Counter.objects.get(number="3"), 0), title="PKS Pos Indonesia")
    page = desk("perjanjian/penandatanganan/")

    for name in (*AGENCIES, "Pos Indonesia"):
        page.get_by_label(f"PKS {name}").check()
    page.get_by_label("Tempat").fill("Balai Kota")
    page.get_by_role("button", name="Lihat dahulu akibatnya").click()

    taken = page.locator(".banner.neg")
    expect(taken).to_contain_text("Loket 3 pada hari Senin")
    expect(page.get_by_role("button", name="Tanda tangani")).to_have_count(0)
    assert set(Agreement.objects.values_list("state", flat=True)) == {"draft"}


def test_a_memorandum_with_many_agencies_is_drafted_by_hand(hall, desk):
    for name in AGENCIES[:3]:
        neighbour(hall.mall, name)
    page = desk()

    page.get_by_role("link", name="Buat perjanjian").first.click()
    page.get_by_label("Nota kesepahaman").check()
    page.get_by_label("Judul").fill("Nota Kesepahaman MPP")
    page.get_by_label("Berlaku sampai").fill("2027-12-31")
    for name in AGENCIES[:3]:
        page.get_by_label(name).check()
    assert_good(page, "head")
    page.get_by_role("button", name="Simpan dan lanjut ke para pihak").click()
    expect(page.locator("h1")).to_have_text("Para Pihak")
    for label, value in (("Nomor dokumen", "1"), ("Penanda tangan", "Budi"), ("Jabatan", "Kepala")):
        for field in page.get_by_label(label).all():
            field.fill(value)
    assert_good(page, "parties")
    page.get_by_role("button", name="Simpan dan lanjut ke isi").click()
    expect(page.locator(".sheet > li")).to_have_count(3)
    for row in page.locator(".sheet > li").all():
        row.get_by_label("Senin").check()
        row.get_by_label("Loket").fill("1–2")
    assert_good(page, "table")
    page.get_by_role("button", name="Simpan dan periksa").click()

    expect(page.locator("h1")).to_have_text("Nota Kesepahaman MPP")
    assert_good(page, "draft")


def days_to_book(open_page, hall):
    """The days a citizen is offered, as the page names them."""
    memo.clear_all()
    page = open_page(f"/mal/{hall.mall.slug}/layanan/{hall.service.pk}/reservasi/", "phone")
    page.get_by_label("KTP-el").check()
    page.get_by_role("button", name="Lanjut pilih waktu").click()
    expect(page.locator("h1")).to_have_text("Kapan Anda Datang?")
    links = page.locator("a.day:not(.off)").all()
    return [link.get_attribute("href").split("hari=")[1][:10] for link in links]


def test_an_addendum_moves_what_people_can_book_from_its_date(hall, desk, open_page):
    signed(hall, promise(hall.presence, hall.counter, 1, 3), from_date=YEAR, title="PKS Dinas Uji")
    make_plan(hall.service)
    assert days_to_book(open_page, hall) == ["2026-03-10", "2026-03-12", "2026-03-17", "2026-03-19"]
    page = desk()

    page.get_by_role("link", name="PKS Dinas Uji").click()
    assert_good(page, "agreement")
    page.get_by_role("link", name="Buat adendum").click()
    page.get_by_label("Judul").fill("Adendum I")
    page.get_by_label("Berlaku sejak").fill("2026-03-16")
    page.get_by_role("button", name="Simpan dan lanjut ke para pihak").click()
    expect(page.get_by_label("Nomor dokumen").first).to_be_visible()
    for field in page.get_by_label("Nomor dokumen").all():
        field.fill("AD-1")
    page.get_by_role("button", name="Simpan dan lanjut ke isi").click()
    for day in ("Selasa", "Kamis"):
        page.get_by_label(day).uncheck()
    page.get_by_label("Senin").check()
    page.get_by_role("button", name="Simpan dan periksa").click()
    page.get_by_role("link", name="Tanda tangani").click()
    page.get_by_label("Tempat").fill("Aula")
    page.get_by_role("button", name="Lihat dahulu akibatnya").click()
    row = page.get_by_role("row", name="Dinas Uji")
    expect(row).to_contain_text("Senin, 16 Maret 2026")
    expect(row).to_contain_text("Selasa, Kamis")
    page.get_by_role("button", name="Tanda tangani 1 dokumen").click()
    expect(page.locator("#flash")).to_contain_text("1 dokumen ditandatangani.")

    assert days_to_book(open_page, hall) == ["2026-03-10", "2026-03-12", "2026-03-16", "2026-03-23"]


def test_nobody_books_beyond_the_last_day_of_an_agreement(hall, open_page):
    last = date(2026, 3, 12)
    signed(hall, promise(hall.presence, hall.counter, 1, 3), from_date=YEAR, until_date=last)
    make_plan(hall.service)

    assert days_to_book(open_page, hall) == ["2026-03-10", "2026-03-12"]


def test_an_agreement_is_ended_after_a_look_and_its_agency_is_seen(hall, desk):
    found = signed(hall, promise(hall.presence, hall.counter, 1, 3), from_date=YEAR)
    page = desk(f"perjanjian/{found.pk}/akhiri/")

    page.get_by_label("Hari terakhir").fill("2026-03-12")
    page.get_by_label("Alasan").fill("Pindah gedung")
    assert_good(page, "end")
    page.get_by_role("button", name="Lihat dahulu akibatnya").click()
    expect(page.get_by_role("row", name="Dinas Uji")).to_contain_text("Jumat, 13 Maret 2026")
    page.get_by_role("button", name="Akhiri perjanjian").click()
    expect(page.locator(".banner.neg")).to_contain_text("Pindah gedung")
    page.get_by_role("link", name="Instansi", exact=True).last.click()
    assert_good(page, "agencies")
    page.get_by_role("link", name="Dinas Uji").click()

    expect(page.locator("main")).to_contain_text("mulai 13 Maret 2026: tidak hadir lagi")
    assert_good(page, "agency")
    page.get_by_role("link", name="Janji dan kenyataan").click()
    assert_good(page, "compliance")


def test_promised_and_kept_are_seen_by_the_agency_itself(hall, desk, hall_time):
    hall.issue()
    signed(hall, promise(hall.presence, hall.counter, 0, 1), from_date=YEAR)
    hall_time(at(9, on=date(2026, 3, 11)))
    own = person(Role.AGENCY_ADMIN, hall.mall, hall.presence.agency)

    page = desk(f"instansi/{hall.presence.pk}/kepatuhan/", own)

    expect(page.locator("main")).to_contain_text("Hadir 1 dari 2 hari")
    expect(page.get_by_role("row", name="Selasa, 10 Maret 2026")).to_contain_text(
        "Tidak datang melayani"
    )
    assert_good(page, "kept")


def test_a_stranger_finds_nothing(hall, desk, watch):
    watch.allow("status of 404")
    found = signed(hall, promise(hall.presence, hall.counter, 1), from_date=YEAR)
    stranger = admin_of(make_hall(slug="mpp-jauh"))

    for path in ("perjanjian/", f"perjanjian/{found.pk}/", "perjanjian/baru/", "instansi/"):
        page = desk(path, stranger)
        expect(page.locator("h1")).to_have_text("Halaman Ini Tidak Ada")
