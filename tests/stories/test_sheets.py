"""Somebody brings the agencies of a mall in by sheet: with a slip, mended, and once more."""

import pytest
from playwright.sync_api import expect

from agencies.models import Presence
from tests.onboarding.setup.recipes import make_admin, make_mall
from tests.stories.conftest import assert_accessible

pytestmark = pytest.mark.story
HEAD = "Kode instansi;Nama;Nama singkat;Kategori"
COURT = "kejari-baru;Kejaksaan Negeri Baru;Kejari;Lembaga peradilan dan penegak hukum"


@pytest.fixture
def mall(portal):
    return make_mall()


@pytest.fixture
def page(mall, open_page, sign_in):
    page = open_page("/masuk/")
    sign_in(page, make_admin(mall))
    page.goto(page.url.replace("/masuk/", f"/petugas/mal/{mall.slug}/impor/"))
    return page


def send(page, *lines):
    sheet = {"name": "instansi.csv", "mimeType": "text/csv", "buffer": "\r\n".join(lines).encode()}
    part = page.get_by_role("region", name="Instansi")
    part.get_by_label("Berkas CSV atau XLSX").set_input_files(sheet)
    with page.expect_navigation():
        part.get_by_role("button", name="Uji coba").click()
    assert_accessible(page)


def test_a_sheet_with_a_slip_is_mended_brought_in_and_changes_nothing_twice(page, mall, watch):
    watch.allow("status of 422")  # the slip is said
    assert_accessible(page)

    send(page, HEAD, COURT, "tanpa-kategori;Kantor Lain;Lain;Koperasi")
    expect(page.get_by_role("alert")).to_contain_text("1 baris perlu diperbaiki")
    expect(page.get_by_role("row", name="Kategori")).to_contain_text("3")
    assert not Presence.objects.filter(mall=mall).exists()

    page.get_by_role("link", name="Kembali ke impor dan ekspor").click()
    send(page, HEAD, COURT)
    expect(page.get_by_text("Kejaksaan Negeri Baru")).to_be_visible()
    with page.expect_navigation():
        page.get_by_role("button", name="Impor sekarang").click()
    expect(page.get_by_text("Impor selesai: 1 baris baru")).to_be_visible()
    assert Presence.objects.get(mall=mall).agency.slug == "kejari-baru"

    send(page, HEAD, COURT)
    expect(page.get_by_role("heading", name="Tidak ada yang berubah")).to_be_visible()
