import pytest
from playwright.sync_api import expect

from queueing.models import Ticket
from tests.recipes import at, make_hall
from tests.stories.conftest import assert_accessible

START = "/mesin/mpp-uji/"


@pytest.fixture
def hall(portal):
    return make_hall()


class Finger:
    """Touches the screen and counts."""

    def __init__(self, page):
        self.page, self.touches = page, 0

    def touch(self, role, name):
        self.touches += 1
        self.page.get_by_role(role, name=name).tap()


def test_four_touches_at_most_lead_to_a_printed_number(hall, open_page):
    page = open_page(START, "kiosk", has_touch=True)
    page.context.add_init_script(
        "window.printed = 0; window.print = () => { window.printed += 1; }"
    )
    finger = Finger(page)

    finger.touch("link", "Dinas Uji")
    finger.touch("link", "Layanan Uji")
    finger.touch("button", "Lansia")
    expect(page.locator(".given .figure")).to_have_text("A-001")

    assert finger.touches <= 4
    page.wait_for_function("window.printed === 1")
    page.reload()
    expect(page.locator("[data-idle-line]")).to_contain_text("12")
    assert page.evaluate("window.printed") == 0
    page.go_back()
    assert Ticket.objects.count() == 1


def test_every_target_is_large_and_every_text_readable(hall, open_page):
    page = open_page(START, "kiosk", has_touch=True)

    check_sizes(page, "Pilih Instansi Tujuan Anda")
    page.get_by_role("link", name="Dinas Uji").tap()
    check_sizes(page, "Pilih Layanan")
    page.get_by_role("link", name="Layanan Uji").tap()
    check_sizes(page, "Jalur Mana untuk Anda?")
    page.get_by_role("button", name="Reguler").tap()
    check_sizes(page, "Ini Nomor Anda")


def check_sizes(page, heading):
    expect(page.locator("h1")).to_have_text(heading)
    small = page.evaluate(
        """() => [...document.querySelectorAll("a, button")].filter((each) => {
            const box = each.getBoundingClientRect();
            return box.height && (box.height < 64 || box.width < 64);
        }).map((each) => each.textContent)"""
    )
    tiny = page.evaluate(
        """() => [...document.querySelectorAll(".kiosk *")].filter((each) =>
            [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim())
            && each.offsetParent && !each.closest(".sr")
            && parseFloat(getComputedStyle(each).fontSize) < 28
        ).map((each) => each.textContent)"""
    )
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert (small, tiny, wide) == ([], [], False)


def test_the_start_comes_back_by_itself_and_in_indonesian(hall, open_page, watch):
    page = open_page(START, "kiosk", has_touch=True)
    page.clock.install()
    page.get_by_role("button", name="English").tap()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("link", name="Dinas Uji").tap()
    line = page.locator("[data-idle-line]")
    expect(line).to_contain_text("30")

    page.clock.run_for(21_000)
    expect(line).to_contain_text("9")
    page.locator("h1").tap()
    expect(line).to_contain_text("30")
    page.clock.run_for(30_000)

    page.wait_for_url(f"**{START}")
    expect(page.locator("html")).to_have_attribute("lang", "id")


def test_the_number_goes_away_after_twelve_seconds(hall, open_page):
    page = open_page(START, "kiosk", has_touch=True)
    page.context.add_init_script("window.print = () => {}")
    page.clock.install()
    page.goto(f"{page.url}layanan/{hall.service.pk}/")
    page.get_by_role("button", name="Reguler").tap()
    expect(page.locator("[data-idle-line]")).to_contain_text("12")

    page.clock.run_for(12_000)

    page.wait_for_url(f"**{START}")


def test_the_wait_on_the_start_follows_the_queue(hall, portal, open_page):
    page = open_page(START, "kiosk")
    tile = page.get_by_role("link", name="Dinas Uji")
    expect(tile).to_contain_text("Tanpa menunggu")

    for _each in range(4):
        hall.issue()

    expect(tile).to_contain_text("menit", timeout=3000)
    assert page.locator("main").count() == 1


def test_a_cut_line_covers_the_choices_and_comes_back(hall, portal, open_page, watch):
    watch.cut_line()
    page = open_page(START, "kiosk")

    portal.stop()
    expect(page.get_by_text("Mesin sedang tidak tersambung")).to_be_visible(timeout=15_000)
    expect(page.get_by_text("Terputus sejak pukul 09.00 WIB.")).to_be_visible()
    portal.start()

    expect(page.get_by_text("Mesin sedang tidak tersambung")).to_be_hidden(timeout=8000)


def test_without_scripts_the_kiosk_still_gives_a_number(hall, open_page):
    page = open_page(START, "kiosk", java_script_enabled=False)

    page.get_by_role("link", name="Dinas Uji").click()
    page.get_by_role("link", name="Turunkan tombol").click()
    page.get_by_role("link", name="Layanan Uji").click()
    page.get_by_role("button", name="Reguler").click()

    expect(page.locator(".given .figure")).to_have_text("A-001")
    expect(page.locator(".kiosk--low")).to_be_visible()


@pytest.mark.parametrize("size", ["kiosk", "desktop"])
def test_the_kiosk_is_accessible(hall, open_page, hall_time, size):
    page = open_page(START, size)

    assert_accessible(page)
    page.get_by_role("link", name="Dinas Uji").click()
    assert_accessible(page)
    page.get_by_role("link", name="Layanan Uji").click()
    assert_accessible(page)
    page.get_by_role("button", name="Membawa balita").click()
    expect(page.locator(".given .figure")).to_be_visible()
    assert_accessible(page)
    hall_time(at(17))
    page.goto(page.url.split("/mesin/")[0] + START)
    assert_accessible(page)


def test_a_ticket_fits_a_lowered_screen_with_all_its_buttons(hall, open_page):
    for _ in range(12):
        hall.issue()
    page = open_page(f"{START}?rendah=1", "kiosk", language="en", has_touch=True)
    page.get_by_role("link", name="Dinas Uji").tap()
    page.get_by_role("link", name="Layanan Uji").tap()
    page.get_by_role("button", name="Regular").tap()
    expect(page.locator(".given .figure")).to_have_text("A-013")

    lowest = page.get_by_role("button", name="Bahasa Indonesia").bounding_box()

    assert lowest["y"] + lowest["height"] <= 1920
    heading = page.get_by_role("heading", level=1).bounding_box()
    assert heading["y"] + heading["height"] < page.locator(".given").bounding_box()["y"]
