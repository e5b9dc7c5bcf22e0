"""Kabupaten Bekasi again, from the commitment of 10 March 2020 to its first two counters."""

import pytest
from model_bakery import baker
from playwright.sync_api import expect

from agencies.models import Counter, CounterDay, Mall
from onboarding.models import CoachNote, Task
from onboarding.states import Act, Stage
from tests.onboarding.path.recipes import (
    acts_of,
    coach,
    committed,
    furnish,
    mall_at,
    record,
    region,
    scan,
    somebody,
)
from tests.recipes import at, make_presence
from tests.stories.conftest import assert_accessible

pytestmark = pytest.mark.story
WIDTHS = (360, 768, 1280)


@pytest.fixture
def bekasi(portal):
    """One of forty-five whose heads signed on one day."""
    others = (region(f"Kabupaten Contoh {number}", f"33.{number:02d}") for number in range(44))
    first, *_others = committed(region("Kabupaten Bekasi", "32.16"), *others, now=at(8))
    return first


@pytest.fixture
def page_of(open_page, sign_in):
    def open_as(user, path):
        page = open_page("/masuk/")
        sign_in(page, user)
        page.goto(page.url.replace("/masuk/", path))
        return page

    return open_as


def assert_good(page):
    assert_accessible(page)
    kept = page.viewport_size
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 740})
        page.wait_for_function("document.documentElement.scrollWidth <= innerWidth")
    page.set_viewport_size(kept)


def tell(page, **fields):
    for label, value in fields.items():
        page.get_by_label(label.replace("_", " "), exact=True).fill(value)


def note_down(page, act, on):
    page.get_by_role("link", name=f"Catat: {act}").click()
    assert_good(page)
    tell(page, Tanggal=on)
    page.get_by_role("button", name="Catat", exact=True).click()


def test_the_ministry_registers_a_commitment_and_sees_it_on_board_and_map(portal, page_of):
    region("Kabupaten Bekasi", "32.16")
    region("Kota Denpasar", "51.71", "Bali")
    page = page_of(coach(), "/petugas/nasional/")
    assert_good(page)

    page.get_by_role("link", name="Catat komitmen").click()
    page.get_by_label("Cari wilayah").fill("bekasi")
    page.get_by_role("button", name="Cari").click()
    page.get_by_label("Kabupaten Bekasi").check()
    assert_good(page)
    tell(page, Nama_acara="Komitmen", Tanggal="2020-03-10", Tempat_acara="Jakarta")
    page.get_by_role("button", name="Catat komitmen").click()

    expect(page.locator("#flash")).to_contain_text("1 wilayah tercatat.")
    expect(page.get_by_role("link", name="MPP Kabupaten Bekasi")).to_contain_text("Terlalu lama")
    page.get_by_role("link", name="Peta").click()
    assert_good(page)
    page.locator("svg a").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Kesiapan MPP Kabupaten Bekasi")


def test_a_mall_goes_from_its_commitment_to_its_first_two_counters(bekasi, page_of):
    page = page_of(somebody(mall=bekasi), f"/petugas/mal/{bekasi.slug}/kesiapan/")
    assert_good(page)

    note_down(page, "Persiapan dimulai", "2020-04-01")
    note_down(page, "Penyusunan kerja sama dimulai", "2020-08-01")
    expect(page.get_by_text("Pembukaan terbatas belum dapat dicatat")).to_be_visible()
    furnish(bekasi)  # DPMPTSP
    second = baker.make(Counter, mall=bekasi, number="2")
    CounterDay.objects.create(counter=second, presence=make_presence(bekasi), weekday=0)
    page.reload()
    note_down(page, "Pembukaan terbatas (soft launching)", "2020-10-09")

    assert acts_of(bekasi) == [Act.COMMIT, Act.PREPARE, Act.NEGOTIATE, Act.LAUNCH]
    assert_good(page)
    board = page_of(coach(), "/petugas/nasional/?q=bekasi&tahap=soft_launch")
    expect(board.get_by_role("row", name="MPP Kabupaten Bekasi")).to_contain_text("9 Okt 2020")


def test_an_item_is_done_with_its_evidence(bekasi, page_of):
    record(bekasi, Act.PREPARE)
    page = page_of(somebody(mall=bekasi), f"/petugas/mal/{bekasi.slug}/kesiapan/")

    page.get_by_role("link", name="Surat usulan bupati atau wali kota").click()
    assert_good(page)
    tell(page, Penanggung_jawab="Bagian Organisasi", Keterangan_bukti="Nomor 503/1")
    page.get_by_label("Selesai", exact=True).check()
    proof = {"name": "surat.png", "mimeType": "image/png", "buffer": scan().read()}
    page.get_by_label("Berkas bukti").set_input_files(proof)
    page.get_by_role("button", name="Simpan").click()

    expect(page.get_by_role("heading", name="3 dari 31 langkah selesai")).to_be_visible()
    with page.expect_download() as caught:
        page.get_by_role("link", name="Berkas bukti").click()
    assert caught.value.suggested_filename == "surat-usulan-bupati-atau-wali-kota.png"
    assert Task.objects.get(code="surat-usulan").owner == "Bagian Organisasi"


def test_a_coach_leaves_a_note_and_the_mall_answers_it(bekasi, page_of):
    address = f"/petugas/mal/{bekasi.slug}/pendampingan/"
    ministry = page_of(coach(), address)
    tell(ministry, Tanggal_kunjungan="2020-08-20")
    ministry.get_by_role("textbox", name="Catatan").fill("Setiap loket perlu papan nama.")
    ministry.get_by_role("button", name="Simpan catatan").click()
    assert_good(ministry)

    page = page_of(somebody(mall=bekasi), address)
    page.get_by_text("Jawab", exact=True).click()
    assert_good(page)
    tell(page, Tindak_lanjut="Dipasang 1 September.")
    page.get_by_role("button", name="Kirim jawaban").click()
    expect(page.get_by_text("Sudah dijawab")).to_be_visible()

    ministry.reload()
    ministry.get_by_role("button", name="Tutup catatan").click()
    expect(ministry.get_by_text("Ditutup", exact=True)).to_be_visible()
    assert CoachNote.objects.get().answer == "Dipasang 1 September."


def test_several_malls_are_inaugurated_in_one_ceremony(portal, page_of):
    for number in range(2):
        mall_at(Stage.SOFT_LAUNCH, short_name=f"MPP Uji {number}")
    page = page_of(coach(), "/petugas/nasional/peresmian/")

    for number in range(2):
        page.get_by_label(f"MPP Uji {number}").check()
    assert_good(page)
    tell(page, Nama_acara="Peresmian serentak", Tanggal="2026-03-08", Tempat_acara="Jakarta")
    page.get_by_role("button", name="Catat peresmian").click()

    expect(page.locator("#flash")).to_contain_text("Peresmian tercatat.")
    assert set(Mall.objects.values_list("stage", flat=True)) == {Stage.INAUGURATED}


def test_a_mall_rests_and_everybody_reads_why(portal, open_page, page_of):
    mall = mall_at(Stage.COACHED)
    furnish(mall)
    page = page_of(somebody(mall=mall), f"/petugas/mal/{mall.slug}/kesiapan/")

    page.get_by_role("link", name="Dihentikan sementara").click()
    tell(page, Alasan="Banjir", Tanggal="2026-03-09")
    page.get_by_role("button", name="Catat", exact=True).click()
    expect(page.get_by_role("link", name="Catat: Dibuka kembali")).to_be_visible()

    public = open_page(f"/mal/{mall.slug}/", "phone")
    banner = public.locator(".banner.warn").first
    expect(banner).to_contain_text("Mal ini ditutup sementara mulai 9 Maret 2026")
    assert_accessible(public)
