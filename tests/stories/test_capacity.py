import pytest
from model_bakery import baker
from playwright.sync_api import expect

from accounts.models import User
from accounts.roles import Role
from agencies.models import Assignment
from appointments.models import Slot, Window
from tests.appointments.recipes import TUESDAY, book, make_plan
from tests.recipes import make_hall
from tests.stories.conftest import assert_accessible

pytestmark = pytest.mark.story
WIDTHS = (360, 768, 1280)


@pytest.fixture
def hall(portal):
    hall = make_hall()
    make_plan(hall.service, online=6, priority=1, staff=1, walk_in=4)
    for _each in range(3):
        book(hall.service)
    return hall


def assert_good(page):
    assert_accessible(page)
    kept = page.viewport_size
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 740})
        page.wait_for_function("document.documentElement.scrollWidth <= innerWidth")
    page.set_viewport_size(kept)


def test_capacity_is_changed_after_a_look_at_what_it_does(hall, open_page, sign_in):
    admin = User.objects.create_user("admin.uji")
    baker.make(Assignment, user=admin, role=Role.MALL_ADMIN, mall=hall.mall, agency=None)
    page = open_page("/masuk/")
    sign_in(page, admin)

    page.goto(page.url.replace("/masuk/", "/petugas/kapasitas/"))
    assert_good(page)
    page.get_by_role("link", name=hall.service.name).click()
    assert_good(page)
    page.get_by_role("row", name="09.00–10.00").get_by_role("link").nth(1).click()
    page.get_by_label("Daring").fill("2")
    page.get_by_label("Berlaku dari").fill("2026-03-10")
    assert_good(page)
    page.get_by_role("button", name="Lihat dahulu akibatnya").click()
    expect(page.locator(".banner.warn")).to_contain_text("1 reservasi melebihi tempat yang baru")
    assert_good(page)
    page.get_by_role("button", name="Simpan perubahan").click()
    expect(page.locator("#flash")).to_contain_text("Rencana tersimpan.")

    slot = Slot.objects.get()
    assert (slot.online, slot.booked_online) == (3, 3)
    assert Window.objects.get(from_date=TUESDAY).online == 2
    page.get_by_role("link", name="Bulan").click()
    page.get_by_role("link", name="10 Maret 2026").click()
    expect(page.locator("#hari")).to_have_text("Selasa, 10 Maret 2026")
    assert_good(page)
    page.get_by_role("link", name="Aturan dan pembukaan").click()
    assert_good(page)
