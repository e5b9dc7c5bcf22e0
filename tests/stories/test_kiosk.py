import os
import socket
import subprocess
import sys
import threading

import pytest
from model_bakery import baker
from playwright.sync_api import expect

from core import memo
from core.proof import Scope
from hall import access, devices
from hall.models import Device
from queueing import invariants, sweeps
from queueing.models import Ticket, TicketEvent
from queueing.states import State
from tests.recipes import at, make_hall, make_service
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


# Papers that left the printer, counted for the tab: a reload must not print again.
COUNT_PAPERS = "window.print = () => { sessionStorage.papers = papers() + 1; };"
PAPERS = "window.papers = () => Number(sessionStorage.papers ?? 0);"


def open_kiosk(open_page, path=START, size="kiosk", **options):
    page = open_page(path, size, **options)
    page.context.add_init_script(PAPERS + COUNT_PAPERS)
    page.reload()
    return page


def take(page, *, how="tap"):
    """From the start to a number."""
    for role, name in (
        ("link", "Dinas Uji"),
        ("link", "Layanan Uji"),
        ("button", "Reguler"),
    ):
        getattr(page.get_by_role(role, name=name), how)()


def stage(page):
    return page.locator("[data-stage]")


def test_four_touches_at_most_lead_to_a_printed_number_that_counts(hall, open_page):
    page = open_kiosk(open_page, has_touch=True)
    finger = Finger(page)

    finger.touch("link", "Dinas Uji")
    finger.touch("link", "Layanan Uji")
    expect(page.locator(".papers")).to_contain_text("KTP-el")
    finger.touch("button", "Lansia")
    expect(page.locator(".given .figure")).to_have_text("A-001")

    assert finger.touches <= 4
    expect(stage(page)).to_have_attribute("data-stage", "counts")
    expect(page.locator("h1")).to_have_text("Ini Nomor Anda")
    assert Ticket.objects.get().state == State.WAITING
    assert page.evaluate("papers()") == 1
    page.reload()
    expect(page.locator("[data-seconds]")).to_contain_text("29")
    assert page.evaluate("papers()") == 1
    page.get_by_role("button", name="Belum tercetak? Cetak lagi").tap()
    assert page.evaluate("papers()") == 2
    page.go_back()
    assert (Ticket.objects.count(), TicketEvent.objects.count()) == (1, 2)


def test_a_line_cut_after_the_print_confirms_once_it_is_back_and_prints_once(
    hall, open_page, watch
):
    watch.cut_line()
    page = open_kiosk(open_page, has_touch=True)
    page.route("**/tercetak/**", lambda route: route.abort())

    take(page)

    expect(page.get_by_text("Tidak tersambung, kami coba lagi.")).to_be_visible()
    expect(page.locator("h1")).to_have_text("Nomor Anda Sedang Dicetak")
    assert Ticket.objects.get().state == State.PRINTING
    page.reload()  # somebody switches the kiosk off and on meanwhile
    expect(page.get_by_text("Tidak tersambung, kami coba lagi.")).to_be_visible()
    page.unroute("**/tercetak/**")
    expect(stage(page)).to_have_attribute("data-stage", "counts")
    expect(page.get_by_text("Tidak tersambung, kami coba lagi.")).to_be_hidden()
    assert page.evaluate("papers()") == 1
    assert Ticket.objects.get().state == State.WAITING
    assert TicketEvent.objects.count() == 2
    assert [verdict.id for verdict in invariants.verify(Scope()) if verdict.breaches] == []


def test_a_line_cut_for_too_long_withdraws_the_number_and_the_kiosk_says_so(hall, open_page, watch):
    watch.cut_line()
    watch.allow("status of 409")
    page = open_kiosk(open_page, has_touch=True)
    page.route("**/tercetak/**", lambda route: route.abort())
    take(page)
    expect(page.get_by_text("Tidak tersambung, kami coba lagi.")).to_be_visible()

    sweeps.withdraw_unprinted(now=at(9, 3))
    page.unroute("**/tercetak/**")

    expect(page.locator("h1")).to_have_text("Nomor Ini Ditarik")
    expect(page.get_by_text("Nomor A-001 tidak berlaku lagi")).to_be_visible()
    expect(page.get_by_role("button", name="Belum tercetak? Cetak lagi")).to_be_hidden()
    assert_accessible(page)
    page.get_by_role("link", name="Ambil nomor baru").tap()
    page.get_by_role("button", name="Reguler").tap()
    expect(page.locator(".given .figure")).to_have_text("A-002")
    expect(stage(page)).to_have_attribute("data-stage", "counts")
    assert page.evaluate("papers()") == 2
    assert [verdict.id for verdict in invariants.verify(Scope()) if verdict.breaches] == []


def test_a_number_whose_answer_was_lost_is_the_same_number_when_asked_again(hall, open_page, watch):
    watch.cut_line()
    page = open_kiosk(open_page, has_touch=True)
    lost = []

    def lose(route):
        if route.request.method == "POST" and len(lost) < 2:
            lost.append(route.fetch(max_redirects=0).status)
            route.abort()
        else:
            route.continue_()

    page.route("**/layanan/**", lose)
    take(page)

    expect(page.locator(".given .figure")).to_have_text("A-001")
    assert lost == [302, 302]
    expect(stage(page)).to_have_attribute("data-stage", "counts")
    assert (Ticket.objects.count(), page.evaluate("papers()")) == (1, 1)


def test_a_kiosk_without_a_line_keeps_its_page_and_goes_on_where_it_was(hall, open_page, watch):
    watch.cut_line()
    page = open_kiosk(open_page, has_touch=True)
    sorry = page.get_by_role("heading", name="Tidak tersambung, kami coba lagi")

    page.context.set_offline(True)
    page.get_by_role("link", name="Dinas Uji").tap()
    expect(sorry).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator("h1")).to_have_text("Pilih Layanan")
    page.get_by_role("link", name="Layanan Uji").tap()
    expect(page.locator("h1")).to_have_text("Dokumen Sudah Lengkap?")
    page.context.set_offline(True)
    page.get_by_role("button", name="Reguler").tap()
    expect(sorry).to_be_visible()
    assert page.url.endswith(f"/layanan/{hall.service.pk}/")
    assert Ticket.objects.count() == 0
    page.context.set_offline(False)

    expect(page.locator(".given .figure")).to_have_text("A-001")
    expect(stage(page)).to_have_attribute("data-stage", "counts")
    assert (Ticket.objects.count(), page.evaluate("papers()")) == (1, 1)


def test_a_refusal_is_said_on_the_page_it_was_asked_on(hall, open_page, watch):
    watch.allow("status of 409")
    page = open_kiosk(open_page, has_touch=True)
    page.get_by_role("link", name="Dinas Uji").tap()
    page.get_by_role("link", name="Layanan Uji").tap()
    expect(page.locator("h1")).to_have_text("Dokumen Sudah Lengkap?")
    hall.queue.daily_quota = 1
    hall.queue.save()
    memo.clear_all()
    hall.issue()

    page.get_by_role("button", name="Reguler").tap()

    expect(page.locator("#flash")).to_contain_text("Nomor untuk hari ini sudah habis.")


def test_whoever_lacks_a_paper_gets_the_list_along_and_may_go_on(hall, open_page):
    page = open_kiosk(open_page, has_touch=True)
    page.get_by_role("link", name="Dinas Uji").tap()
    page.get_by_role("link", name="Layanan Uji").tap()

    page.get_by_role("link", name="Belum lengkap").tap()
    expect(page.locator("h1")).to_have_text("Lengkapi Dahulu")
    expect(page.locator(".code svg")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="Ternyata sudah lengkap").tap()

    expect(page.locator("h1")).to_have_text("Dokumen Sudah Lengkap?")


def test_a_service_is_found_with_the_keys_of_the_screen(hall, open_page):
    make_service(hall.queue, "Paspor baru")
    memo.clear_all()
    page = open_kiosk(open_page, has_touch=True)
    page.get_by_role("link", name="Cari dengan kata").tap()

    for letter in "PASPORX":
        page.get_by_role("button", name=letter, exact=True).tap()
    page.get_by_role("button", name="Hapus").tap()
    expect(page.get_by_role("searchbox")).to_have_value("PASPOR")
    expect(page.get_by_role("link", name="Paspor baru")).to_be_visible()
    assert_accessible(page)
    check_sizes(page, "Cari Layanan")
    page.get_by_role("link", name="Paspor baru").tap()

    expect(page.get_by_role("button", name="Reguler")).to_be_visible()


def test_the_keyboard_alone_is_enough(hall, open_page):
    page = open_kiosk(open_page)

    for name in ("Dinas Uji", "Layanan Uji", "Lansia"):
        expect(page.get_by_text(name, exact=True).first).to_be_visible()
        for _step in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.textContent").find(name) >= 0:
                break
        page.keyboard.press("Enter")

    expect(page.locator(".given .figure")).to_have_text("A-001")
    expect(stage(page)).to_have_attribute("data-stage", "counts")


def test_a_screen_that_is_not_enrolled_says_so_and_how_to(hall, portal, open_page):
    kiosk = baker.make(Device, mall=hall.mall, kind=Device.Kind.KIOSK, name="Mesin")
    code = devices.new_code(kiosk, by=hall.officer, now=at(9))
    token = devices.enrol(code, now=at(9))[1]
    memo.clear_all()
    page = open_kiosk(open_page, has_touch=True)

    expect(page.locator("h1")).to_have_text("Layar Ini Belum Terdaftar")
    expect(page.get_by_role("link", name="Daftarkan layar ini")).to_be_visible()
    assert_accessible(page)
    page.context.add_cookies([{"name": access.COOKIE, "value": token, "url": portal.address}])
    page.reload()
    take(page)

    expect(stage(page)).to_have_attribute("data-stage", "counts")


class Printer:
    """A ticket printer on the network that can run out of paper."""

    def __init__(self):
        self.has_paper, self.papers = False, []
        self.server = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self.run, daemon=True).start()

    @property
    def address(self):
        return f"127.0.0.1:{self.server.getsockname()[1]}"

    def run(self):
        while True:
            try:
                connection, _address = self.server.accept()
            except OSError:
                return
            with connection:
                connection.recv(3)
                connection.sendall(b"\x12" if self.has_paper else b"\x72")
                paper = b"".join(iter(lambda: connection.recv(4096), b""))  # noqa: B023
                self.papers += [paper] if paper else []


@pytest.fixture
def agent(hall, portal, hall_time, tmp_path):
    """A kiosk with a printer of its own: the kiosk's token, and the printer."""
    tokens = {}
    kiosk = baker.make(Device, mall=hall.mall, kind=Device.Kind.KIOSK, name="Mesin")
    printer = baker.make(
        Device, mall=hall.mall, kind=Device.Kind.PRINTER, name="Pencetak", kiosk=kiosk
    )
    for device in (kiosk, printer):
        code = devices.new_code(device, by=hall.officer, now=at(9))
        tokens[device] = devices.enrol(code, now=at(9))[1]
    memo.clear_all()
    paper = Printer()
    environment = {
        **os.environ,
        "MPP_URL": portal.address,
        "MPP_TOKEN": tokens[printer],
        "MPP_PRINTER": paper.address,
        "MPP_MEMORY": str(tmp_path / "memory"),
    }
    program = [sys.executable, "deploy/print_agent.py"]
    process = subprocess.Popen(program, env=environment, stderr=subprocess.PIPE)
    yield tokens[kiosk], paper
    process.terminate()
    process.communicate()
    paper.server.close()


def test_a_printer_of_its_own_prints_once_and_not_without_paper(hall, portal, open_page, agent):
    token, printer = agent
    page = open_kiosk(open_page, has_touch=True)
    page.context.add_cookies([{"name": access.COOKIE, "value": token, "url": portal.address}])
    page.reload()

    take(page)
    expect(page.locator("h1")).to_have_text("Nomor Anda Sedang Dicetak")
    page.wait_for_timeout(3000)
    assert (printer.papers, Ticket.objects.get().state) == ([], State.PRINTING)
    printer.has_paper = True

    expect(stage(page)).to_have_attribute("data-stage", "counts")
    page.wait_for_timeout(2500)
    assert [b"A-001" in paper for paper in printer.papers] == [True]
    assert page.evaluate("papers()") == 0
    assert TicketEvent.objects.count() == 2


@pytest.mark.parametrize("size", ["kiosk", "desktop"])
def test_every_target_is_large_every_text_readable_and_nothing_scrolls(hall, open_page, size):
    page = open_page(START, size, has_touch=True)

    check_sizes(page, "Pilih Instansi Tujuan Anda")
    page.get_by_role("link", name="Dinas Uji").tap()
    check_sizes(page, "Pilih Layanan")
    page.get_by_role("link", name="Layanan Uji").tap()
    check_sizes(page, "Dokumen Sudah Lengkap?")
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
    scrolls = page.evaluate(
        """() => [document.documentElement, document.querySelector("#pilihan")].some((each) =>
            each.scrollWidth > each.clientWidth || each.scrollHeight > each.clientHeight)"""
    )
    assert (small, tiny, scrolls) == ([], [], False)


def test_the_start_comes_back_after_a_warning_and_in_indonesian(hall, open_page, watch):
    page = open_page(START, "kiosk", has_touch=True)
    page.clock.install()
    page.get_by_role("button", name="English").tap()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("link", name="Dinas Uji").tap()
    expect(page.locator("h1")).to_have_text("Choose a Service")
    page.wait_for_load_state()  # the heading stands before the script counts the seconds
    warning = page.locator("[data-leaving]")

    page.clock.run_for(35_000)
    expect(warning).to_be_hidden()
    page.clock.run_for(6_000)
    expect(warning).to_be_visible()
    assert_accessible(page)
    warning.get_by_role("button").tap()
    expect(warning).to_be_hidden()
    page.clock.run_for(25_000)
    expect(warning).to_be_hidden()
    page.clock.run_for(37_000)

    page.wait_for_url(f"**{START}")
    expect(page.locator("html")).to_have_attribute("lang", "id")


def test_the_number_goes_away_after_half_a_minute(hall, open_page):
    page = open_kiosk(open_page, has_touch=True)
    page.goto(f"{page.url}layanan/{hall.service.pk}/")
    page.clock.install()
    page.get_by_role("button", name="Reguler").tap()
    expect(stage(page)).to_have_attribute("data-stage", "counts")

    page.clock.run_for(32_000)

    page.wait_for_url(f"**{START}")


def test_the_wait_on_the_start_follows_the_queue(hall, portal, open_page):
    page = open_page(START, "kiosk")
    tile = page.get_by_role("link", name="Dinas Uji")
    expect(tile).to_contain_text("Tanpa menunggu")

    for _each in range(4):
        hall.issue()

    expect(tile).to_contain_text("menit")
    assert page.locator("main").count() == 1


def test_a_cut_line_covers_the_choices_and_comes_back(hall, portal, open_page, watch):
    watch.cut_line()
    page = open_page(START, "kiosk")

    portal.stop()
    expect(page.get_by_text("Mesin sedang tidak tersambung")).to_be_visible()
    expect(page.get_by_text("Terputus sejak pukul 09.00 WIB.")).to_be_visible()
    portal.start()

    expect(page.get_by_text("Mesin sedang tidak tersambung")).to_be_hidden()


def test_without_scripts_the_kiosk_still_gives_a_number_that_counts(hall, open_page):
    page = open_page(START, "kiosk", java_script_enabled=False)

    page.get_by_role("link", name="Cari dengan kata").click()
    for letter in "LAY":
        page.get_by_role("button", name=letter, exact=True).click()
    page.get_by_role("link", name="Turunkan tombol").click()
    page.get_by_role("link", name="Tulisan besar").click()
    page.get_by_role("link", name="Layanan Uji").click()
    page.get_by_role("button", name="Reguler").click()

    expect(page.locator(".given .figure")).to_have_text("A-001")
    expect(page.locator(".kiosk--low.kiosk--large")).to_be_visible()
    assert Ticket.objects.get().state == State.PRINTING
    page.get_by_role("button", name="Tiket sudah saya pegang").click()
    expect(page.locator("h1")).to_have_text("Ini Nomor Anda")
    assert Ticket.objects.get().state == State.WAITING


@pytest.mark.parametrize("size", ["kiosk", "desktop"])
@pytest.mark.parametrize("aids", ["", "?besar=1&rendah=1"])
def test_the_kiosk_is_accessible(hall, open_page, hall_time, size, aids):
    page = open_page(f"{START}{aids}", size)

    assert_accessible(page)
    page.get_by_role("link", name="Dinas Uji").click()
    expect(page.locator("h1")).to_have_text("Pilih Layanan")
    assert_accessible(page)
    page.get_by_role("link", name="Layanan Uji").click()
    expect(page.locator("h1")).to_have_text("Dokumen Sudah Lengkap?")
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
