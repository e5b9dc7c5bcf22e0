import re

import pytest
from playwright.sync_api import expect

from appointments import disruption
from appointments.models import Booking
from appointments.states import State
from core import memo
from services.models import Service
from tests.appointments.recipes import TUESDAY, book, make_plan
from tests.recipes import at, key, make_hall
from tests.stories.conftest import assert_accessible

pytestmark = pytest.mark.story
WIDTHS = (320, 360, 768, 1280)


@pytest.fixture
def hall(portal):
    hall = make_hall()
    make_plan(hall.service, online=3, walk_in=4, staff=1)
    Service.objects.update(
        name="Paspor baru", requirements=[{"text": "KTP-el", "note": "Asli"}, {"text": "Akta"}]
    )
    memo.clear_all()
    return hall


def assert_good(page):
    """Usable by everybody, and no wider than any screen."""
    assert_accessible(page)
    kept = page.viewport_size
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 740})
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, width
    page.set_viewport_size(kept)


def reserve(page, look=lambda page: None):
    """From plain words to a code, as somebody with a phone does it."""
    page.get_by_role("searchbox").fill("bikin pasport")
    page.get_by_role("button", name="Cari").click()
    page.get_by_role("link", name="MPP Uji").first.click()
    look(page)
    page.get_by_role("link", name="Reservasi").click()
    expect(page.locator("h1")).to_have_text("Sudah Siap Semua?")
    look(page)
    page.get_by_label("KTP-el").check()
    page.get_by_label("Akta").check()
    page.get_by_role("button", name="Lanjut pilih waktu").click()
    expect(page.locator("h1")).to_have_text("Kapan Anda Datang?")
    page.get_by_role("link", name="Selasa, 10 Maret 2026").click()
    look(page)
    page.get_by_role("link", name="09.00–10.00").click()
    expect(page.locator(".promise")).to_contain_text("Selasa, 10 Maret 2026 pukul 09.00 WIB")
    look(page)
    page.get_by_role("button", name="Lanjut ke data").click()
    expect(page.locator("h1")).to_have_text("Siapa yang Datang?")
    look(page)
    page.get_by_label("Nama yang datang").fill("Siti Aminah")
    page.get_by_label("Nomor ponsel").fill("0812 3456 7890")
    page.get_by_role("button", name="Pesan tempat ini").click()
    expect(page.locator("h1")).to_have_text("Tempat Anda Sudah Dipesan")
    look(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_place_is_reserved_on_a_phone_and_every_step_is_for_everybody(hall, open_page, scheme):
    page = open_page("/", "phone", color_scheme=scheme, reduced_motion="reduce")

    reserve(page, assert_good)

    mine = Booking.objects.get()
    assert (mine.state, mine.slot.starts_at) == (State.CONFIRMED, at(9, on=TUESDAY))
    expect(page.locator(".code")).to_have_text(f"{mine.code[:4]} {mine.code[4:]}")
    expect(page).to_have_title(re.compile("^Reservasi Anda"))


def test_without_a_script_it_is_reserved_moved_and_cancelled(hall, open_page):
    page = open_page("/", "phone", java_script_enabled=False)
    reserve(page)

    page.get_by_role("link", name="Pindah waktu").click()
    page.get_by_role("link", name="Rabu, 11 Maret 2026").click()
    page.get_by_role("link", name="10.00–11.00").click()
    page.get_by_role("button", name="Pindah ke waktu ini").click()
    expect(page.locator("#flash")).to_contain_text("Waktu reservasi sudah dipindah.")
    expect(page.locator(".at")).to_contain_text("Rabu, 11 Maret 2026")

    page.get_by_text("Batalkan", exact=True).click()
    page.get_by_role("button", name="Ya, batalkan reservasi").click()
    expect(page.locator("h1")).to_have_text("Reservasi Ini Dibatalkan")
    assert Booking.objects.get().state == State.CANCELLED


def test_a_window_that_fills_up_meanwhile_leads_to_the_nearest(hall, open_page):
    page = open_page(f"/mal/mpp-uji/layanan/{hall.service.pk}/reservasi/", "phone")
    page.get_by_label("KTP-el").check()
    page.get_by_label("Akta").check()
    page.get_by_role("button", name="Lanjut pilih waktu").click()
    page.get_by_role("link", name="Selasa, 10 Maret 2026").click()
    page.get_by_role("link", name="09.00–10.00").click()
    for _other in range(3):
        book(hall.service)

    page.get_by_role("button", name="Lanjut ke data").click()

    expect(page.locator("#flash")).to_contain_text("Semua tempat pada waktu itu sudah dipesan.")
    assert_good(page)
    page.get_by_role("link", name="Senin, 9 Maret 2026, 11.00–12.00 WIB").click()
    page.get_by_role("button", name="Lanjut ke data").click()
    expect(page.locator("h1")).to_have_text("Siapa yang Datang?")


def test_what_is_typed_wrong_is_said_beside_the_field(hall, open_page, watch):
    watch.allow("status of 422")
    page = open_page("/", "phone")
    reserve(page)
    page.goto(
        page.url.split("/reservasi/")[0] + f"/mal/mpp-uji/layanan/{hall.service.pk}/reservasi/"
    )
    page.get_by_label("KTP-el").uncheck()
    page.get_by_role("button", name="Lanjut pilih waktu").click()

    expect(page.locator("#papers-error")).to_contain_text("Centang setiap dokumen")
    expect(page.get_by_label("Akta")).to_be_checked()
    assert_good(page)


def test_the_pages_of_a_reservation_that_is_over_are_for_everybody(hall, portal, open_page):
    page = open_page("/", "phone")
    reserve(page)
    page.get_by_role("link", name="Pindah waktu").click()
    assert_good(page)

    disruption.call_off(
        [hall.presence],
        from_at=at(9, on=TUESDAY),
        until_at=at(10, on=TUESDAY),
        reason="Sistem pusat padam",
        by=hall.officer,
        now=at(9),
        key=key(),
    )
    page.get_by_role("link", name="Kembali ke reservasi").click()
    expect(page.locator("h1")).to_have_text("Kantor Berhalangan")
    assert_good(page)
    page.get_by_role("link", name="Pilih waktu pengganti").click()
    page.get_by_role("link", name="10.00–11.00").first.click()
    page.get_by_role("button", name="Pindah ke waktu ini").click()
    expect(page.locator("h1")).to_have_text("Tempat Anda Sudah Dipesan")
