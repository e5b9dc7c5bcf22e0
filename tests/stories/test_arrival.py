"""The day itself: at the kiosk, on the phone inside the hall, and at the counter."""

import re

import pytest
from playwright.sync_api import expect

from appointments import people, presence
from appointments.states import State
from core import clock, memo
from queueing import states
from queueing.models import Ticket
from tests.appointments.recipes import NINE, TUESDAY, at, book, booked, make_plan
from tests.recipes import make_hall
from tests.stories.conftest import assert_accessible
from tests.stories.test_kiosk import check_sizes, open_kiosk

START = "/mesin/mpp-uji/"


@pytest.fixture
def hall(portal, hall_time):
    hall = make_hall()
    make_plan(hall.service, staff=5)
    hall_time(at(8, 55, on=TUESDAY))
    memo.clear_all()
    return hall


@pytest.fixture
def mine(hall):
    return booked(book(hall.service, now=at(9)))


def test_a_code_typed_with_the_keys_of_the_screen_prints_the_number(hall, mine, open_page):
    page = open_kiosk(open_page, START, has_touch=True)
    page.get_by_role("link", name="Punya reservasi").tap()
    expect(page.locator("h1")).to_have_text("Ketik Kode Reservasi")
    check_sizes(page, "Ketik Kode Reservasi")
    assert_accessible(page)

    for sign in mine.code:
        page.get_by_role("button", name=sign, exact=True).tap()
    page.get_by_role("button", name="Ambil nomor").tap()

    expect(page.locator(".given .figure")).to_have_text("A-001")
    expect(page.locator("[data-stage]")).to_have_attribute("data-stage", "counts")
    assert Ticket.objects.get().since == NINE
    assert page.evaluate("papers()") == 1


def test_a_scanner_types_the_link_and_enter(hall, mine, open_page, portal):
    page = open_kiosk(open_page, f"{START}reservasi/")

    page.keyboard.type(portal.url(f"/reservasi/{people.link(mine)}/"))
    page.keyboard.press("Enter")

    expect(page.locator(".given .figure")).to_have_text("A-001")
    assert booked(mine.pk).state == State.ARRIVED


def test_a_wrong_code_is_said_on_the_page_and_what_was_typed_stays(hall, mine, open_page, watch):
    watch.allow("status of 409")
    page = open_kiosk(open_page, f"{START}reservasi/", has_touch=True)

    for sign in "AAAA2222":
        page.get_by_role("button", name=sign, exact=True).tap()
    page.get_by_role("button", name="Ambil nomor").tap()

    expect(page.locator("#flash")).to_contain_text("Kode ini tidak ditemukan di mal ini.")
    expect(page.get_by_role("textbox")).to_have_value("AAAA2222")
    check_sizes(page, "Ketik Kode Reservasi")
    page.get_by_role("button", name="Hapus").tap()
    expect(page.get_by_role("textbox")).to_have_value("AAAA222")


@pytest.mark.parametrize("size", ["kiosk", "desktop"])
@pytest.mark.parametrize("aids", ["", "?besar=1&rendah=1"])
def test_the_start_and_the_code_fit_the_screen(hall, open_page, size, aids):
    page = open_page(f"{START}{aids}", size, has_touch=True)
    assert_accessible(page)
    page.get_by_role("link", name="Punya reservasi").tap()
    expect(page.locator("h1")).to_have_text("Ketik Kode Reservasi")
    assert_accessible(page)
    page.get_by_role("button", name="W", exact=True).scroll_into_view_if_needed()
    expect(page.get_by_role("button", name="Hapus")).to_be_in_viewport()


def test_the_start_shows_the_code_that_the_phone_asks_for(hall, mine, open_page):
    kiosk = open_page(START, "kiosk")
    check_sizes(kiosk, "Pilih Instansi Tujuan Anda")

    shown = kiosk.locator(".present b").text_content()

    assert presence.is_hall_code(hall.mall.pk, shown, clock.now())
    assert re.fullmatch(r"\d{4}", shown)


def test_an_officer_lets_somebody_in_and_reserves_for_another(hall, mine, open_page, sign_in):
    page = open_page("/masuk/")
    sign_in(page, hall.officer)
    page.goto(page.url.replace("/masuk/", "/petugas/"))
    page.get_by_role("link", name="Reservasi").click()
    assert_accessible(page)
    page.get_by_role("button", name="Datang").click()

    expect(page.get_by_text(f"{mine} tercatat datang.")).to_be_visible()
    assert Ticket.objects.get().state == states.State.WAITING
    page.get_by_role("link", name="Pesankan untuk seseorang").click()
    page.get_by_role("link", name="Layanan Uji").click()
    page.get_by_role("link", name="Rab, 11 Mar").click()
    page.get_by_role("link", name="10.00–11.00").click()
    assert_accessible(page)
    page.get_by_label("Nama yang datang").fill("Budi Santoso")
    page.get_by_label("Nomor ponsel").fill("0812 3456 7890")
    page.get_by_role("button", name="Pesan tempat ini").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Layanan Uji")
    expect(page.get_by_role("img", name="Kode QR ke reservasi ini")).to_be_visible()
    assert_accessible(page)
