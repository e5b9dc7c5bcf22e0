"""Somebody is invited, comes, works, and is let go while they sit at their counter."""

import re

import pytest
from model_bakery import baker
from playwright.sync_api import expect

from accounts.models import User
from accounts.roles import Role
from agencies.models import Assignment
from queueing.models import Ticket
from queueing.states import State
from tests.onboarding.staff.recipes import MAIL, NAME, PASSWORD
from tests.recipes import add_counter, make_hall
from tests.stories.conftest import assert_accessible

pytestmark = pytest.mark.story
WIDTHS = (360, 768, 1280)


@pytest.fixture
def hall(portal):
    hall = make_hall()
    add_counter(hall)
    hall.issue()
    return hall


@pytest.fixture
def admin(hall):
    admin = User.objects.create_user("admin.uji", first_name="Admin", last_name="Uji")
    baker.make(Assignment, user=admin, role=Role.MALL_ADMIN, mall=hall.mall, agency=None)
    return admin


@pytest.fixture
def assert_good(tmp_path):
    """Nothing grave on the page, nothing wider than the screen, and a photograph of each width."""
    return lambda page: look_at(page, tmp_path)


def look_at(page, folder):
    assert_accessible(page)
    kept = page.viewport_size
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 740})
        page.wait_for_function("document.documentElement.scrollWidth <= innerWidth")
        shot = f"{len(list(folder.iterdir()))}-{width}.png"
        page.screenshot(path=folder / shot, full_page=True)
    page.set_viewport_size(kept)


def people(page):
    """The people of the mall, in a browser that is signed in."""
    page.goto(re.sub(r"/masuk/.*", "/petugas/mal/mpp-uji/petugas/", page.url))


def invite(office, assert_good):
    """The link that the page shows, as this mall sends no e-mail."""
    people(office)
    assert_good(office)
    office.get_by_role("link", name="Undang orang").click()
    assert_good(office)
    office.get_by_label("Nama lengkap").fill(NAME)
    office.get_by_label("Surel").fill(MAIL)
    office.get_by_label("Petugas loket.").check()
    office.get_by_label("Instansi", exact=True).select_option(label="Dinas Uji")
    office.get_by_role("button", name="Undang").click()
    assert_good(office)
    return office.locator("#tautan").inner_text().strip()


def come(siti, assert_good):
    """Make an account, and sit down at the counter."""
    assert_good(siti)
    expect(siti.get_by_label("Nama pengguna")).to_have_value("siti.aminah")
    siti.get_by_label("Sandi", exact=True).fill(PASSWORD)
    siti.get_by_label("Sandi sekali lagi").fill(PASSWORD)
    siti.get_by_role("button", name="Terima dan masuk").click()
    expect(siti.locator("#flash")).to_contain_text("Selamat datang. Anda sekarang Petugas loket")
    siti.get_by_role("link", name=re.compile("Loket 1")).click()
    siti.get_by_role("button", name=re.compile("Ambil alih|Mulai bertugas")).first.click()


def test_an_old_link_leads_on(portal, open_page, watch, assert_good):
    watch.allow("status of 404")
    page = open_page("/petugas/undangan/tautan-lama/", "phone")

    expect(page.get_by_role("heading", level=1)).to_have_text("Undangan Tidak Berlaku")
    assert_good(page)
    page.get_by_role("link", name="Masuk ke Ruang Petugas").click()
    expect(page).to_have_url(re.compile("/masuk/"))


def test_somebody_is_invited_works_and_is_let_go_at_work(
    hall, admin, open_page, sign_in, watch, assert_good
):
    watch.allow("status of 404")
    office = open_page("/masuk/")
    sign_in(office, admin)
    link = invite(office, assert_good)
    siti = open_page(link[link.index("/petugas/") :], "phone")
    come(siti, assert_good)

    office.get_by_role("link", name="Kembali ke daftar petugas").click()
    office.get_by_role("link", name=NAME).click()
    assert_good(office)
    office.get_by_role("link", name="Akhiri tugas ini").click()
    assert_good(office)
    office.get_by_role("button", name="Akhiri sekarang").click()
    expect(office.locator("#flash")).to_contain_text("akunnya ditutup")

    # Her screen hears that the desk is free, asks, and is led out before she presses anything.
    expect(siti.get_by_role("heading", name="Masuk Petugas")).to_be_visible()
    siti.go_back()
    siti.reload()
    expect(siti).to_have_url(re.compile("/masuk/"))
    assert Ticket.objects.get().state == State.WAITING
    assert Assignment.objects.filter(user__email=MAIL).count() == 0


def test_a_week_of_attendance_and_whom_to_call(hall, admin, open_page, sign_in, watch, assert_good):
    watch.allow("status of 422")
    page = open_page("/masuk/")
    sign_in(page, admin)
    people(page)

    page.get_by_role("link", name="Kehadiran").click()
    expect(page.get_by_role("row", name=re.compile("Dinas Uji")).first).to_contain_text("2 loket")
    assert_good(page)
    page.get_by_role("link", name="Penghubung").click()
    page.get_by_role("link", name=re.compile("Tambah")).click()
    page.get_by_label("Nama").fill("Budi Santoso")
    page.get_by_role("button", name="Simpan").click()
    expect(page.get_by_role("alert")).to_contain_text("Isi telepon atau surelnya.")
    assert_good(page)
    page.get_by_label("Telepon").fill("0812 3456 7890")
    page.get_by_role("button", name="Simpan").click()
    expect(page.get_by_role("link", name="0812 3456 7890")).to_be_visible()
    assert_good(page)
