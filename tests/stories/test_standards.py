"""A standard from draft to decree: an agency writes, the mall publishes, a citizen reads."""

import io

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from accounts.roles import Role
from services.components import INTERNAL
from services.models import Service, Standard
from tests.recipes import make_hall
from tests.services.recipes import WHOLE, submitted, writer
from tests.stories.conftest import assert_accessible

pytestmark = pytest.mark.story
WIDTHS = (360, 768, 1280)
LIST = "/petugas/mal/mpp-uji/layanan/"


@pytest.fixture
def hall(portal):
    return make_hall()


@pytest.fixture
def open_as(open_page, sign_in):
    """A page of somebody who is signed in."""

    def open_(user, path=LIST):
        page = open_page("/masuk/")
        sign_in(page, user)
        page.goto(page.url.replace("/masuk/", path))
        return page

    return open_


def assert_good(page, folder, name):
    assert_accessible(page)
    kept = page.viewport_size
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 740})
        page.wait_for_function("document.documentElement.scrollWidth <= innerWidth")
        page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
    page.set_viewport_size(kept)


def test_an_agency_writes_and_the_mall_publishes_it_not_the_author(hall, open_as, tmp_path, watch):
    watch.allow("status of 422")
    page = open_as(writer(hall.presence))
    assert_good(page, tmp_path, "list")
    page.get_by_role("link", name="Layanan Uji").click()
    page.get_by_role("button", name="Susun standar").click()
    write(page, tmp_path)
    expect(page.locator("#flash")).to_contain_text("Standar diajukan")
    page.get_by_role("link", name="Lihat", exact=True).click()
    expect(page.locator(".banner.warn")).to_contain_text("Anda penyusunnya")
    expect(page.get_by_role("button", name="Terbitkan")).to_have_count(0)

    mall = open_as(writer(hall.presence, Role.MALL_ADMIN))
    publish(mall, tmp_path)

    assert Standard.objects.get().state == "published"
    reads(mall, tmp_path)


def write(page, folder):
    page.get_by_label("Sistem, mekanisme, dan prosedur").fill("Ambil nomor.\nSerahkan berkas.")
    page.get_by_label("Jangka waktu penyelesaian").fill("3 hari kerja")
    page.get_by_label("Nama tarif").first.fill("Penerbitan")
    page.get_by_label("Rupiah").first.fill("350.000")
    page.get_by_label("Produk pelayanan").fill("Paspor")
    page.get_by_role("button", name="Simpan dan ajukan").click()
    expect(page.locator("#flash")).to_contain_text("belum diajukan. Belum lengkap")
    expect(page.get_by_text("9 dari 14 komponen belum diisi")).to_be_visible()
    page.get_by_label("Penanganan pengaduan").fill("meja pengaduan")
    for each in INTERNAL:
        page.get_by_label(str(each.label)).fill(" ".join(["Contoh", str(each.label)]))
    page.get_by_role("button", name="Tambah varian").click()
    page.locator(".variant summary").click()
    page.get_by_label("Syarat tambahan").fill("Akta kelahiran | Asli")
    page.get_by_role("button", name="Simpan dan ajukan").click()
    expect(page.locator(".variant .error")).to_contain_text("Beri nama varian ini")
    assert_good(page, folder, "draft")
    page.get_by_label("Nama varian").fill("10 tahun")
    page.locator(".variant").get_by_label("Nama tarif").first.fill("Elektronik")
    page.locator(".variant").get_by_label("Rupiah").first.fill("950000")
    page.get_by_role("button", name="Simpan dan ajukan").click()


def publish(page, folder):
    page.get_by_role("link", name="Layanan Uji").click()
    page.get_by_role("link", name="Periksa").click()
    page.get_by_role("button", name="Terbitkan").click()
    assert_good(page, folder, "review")
    page.get_by_label("Nomor keputusan").fill("500/12/2026")
    page.get_by_label("Tanggal keputusan").fill("2026-03-02")
    page.get_by_label("Penanda tangan").fill("Nama Contoh")
    page.get_by_label("Jabatan").fill("Kepala Dinas")
    page.get_by_role("button", name="Terbitkan").click()
    expect(page.locator("#flash")).to_contain_text("Standar terbit")
    assert_good(page, folder, "published")


def reads(page, folder):
    page.get_by_role("link", name="Halaman untuk masyarakat").click()
    expect(page.get_by_text("Khusus: 10 tahun")).to_be_visible()
    expect(page.get_by_text("10 tahun, Elektronik")).to_be_visible()
    assert_good(page, folder, "public")
    with page.expect_download() as download:
        page.get_by_role("link", name="Unduh standar pelayanan (PDF)").click()
    pages = PdfReader(io.BytesIO(download.value.path().read_bytes())).pages
    said = " ".join("".join(each.extract_text() for each in pages).split())
    assert "Rp950.000" in said
    assert "500/12/2026" in said
    assert "Contoh Dasar hukum" not in said


def test_a_version_goes_back_with_a_remark(hall, open_as, tmp_path):
    author = writer(hall.presence)
    submitted(hall.service, WHOLE, by=author)

    mall = open_as(writer(hall.presence, Role.MALL_ADMIN), f"{LIST}?keadaan=periksa")
    mall.get_by_role("link", name="Layanan Uji").click()
    mall.get_by_role("link", name="Periksa").click()
    mall.get_by_label("Catatan untuk penyusun").fill("Tarifnya keliru.")
    mall.get_by_role("button", name="Kembalikan").click()

    page = open_as(author, f"{LIST}{hall.service.pk}/")
    expect(page.locator(".banner.warn")).to_contain_text("Tarifnya keliru.")
    assert_good(page, tmp_path, "returned")
    page.get_by_role("link", name="Lanjutkan draf").click()
    expect(page.get_by_label("Produk pelayanan")).to_have_value("Paspor")


def test_a_national_service_leads_to_its_own_reservations(hall, open_as, tmp_path, hall_time):
    page = open_as(writer(hall.presence, Role.MALL_ADMIN), f"{LIST}{hall.service.pk}/ubah/")
    page.get_by_label("Nama sistem reservasi").fill("M-Paspor")
    page.get_by_label("Alamatnya").fill("https://contoh.id/paspor")
    assert_good(page, tmp_path, "edit")
    page.get_by_role("button", name="Simpan tautan").click()
    expect(page.locator("#flash")).to_contain_text("tersimpan")

    page.get_by_role("link", name="Halaman untuk masyarakat").click()
    link = page.get_by_role("link", name="Reservasi lewat M-Paspor")
    expect(link).to_have_attribute("href", "https://contoh.id/paspor")
    expect(page.get_by_text("meninggalkan portal ini")).to_be_visible()
    assert_good(page, tmp_path, "linked")
    assert not Service.objects.booked_here().exists()


def test_a_mall_promises_in_public(hall, open_as, tmp_path):
    page = open_as(writer(hall.presence, Role.MALL_ADMIN))
    page.get_by_role("link", name="Maklumat").click()
    page.get_by_label("Penanda tangan").fill("Nama Contoh")
    page.get_by_label("Jabatan").fill("Kepala DPMPTSP")
    page.get_by_label("Tanggal penandatanganan").fill("2026-03-02")
    page.get_by_role("button", name="Simpan draf").click()
    assert_good(page, tmp_path, "pledge")
    page.get_by_role("button", name="Terbitkan").click()

    page.goto(page.url.replace("/petugas/mal/mpp-uji/maklumat/", "/mal/mpp-uji/#maklumat"))
    expect(page.get_by_role("heading", name="Maklumat pelayanan")).to_be_visible()
    assert_good(page, tmp_path, "mall")
    with page.expect_download() as download:
        page.get_by_role("link", name="Unduh maklumat (PDF)").click()
    assert len(PdfReader(io.BytesIO(download.value.path().read_bytes())).pages) == 1
