"""What somebody does on a page before its script is there, as on a slow line, is not lost."""

import pytest
from playwright.sync_api import TimeoutError as NotYet
from playwright.sync_api import expect

from core import memo
from queueing.models import Ticket
from queueing.states import State
from services.models import Service
from tests.appointments.recipes import make_plan
from tests.recipes import make_hall, make_service
from tests.stories.conftest import wait_until
from tests.stories.test_citizen import MALL, page_of
from tests.stories.test_desk import address, primary
from tests.stories.test_kiosk import START, open_kiosk, stage
from tests.stories.test_phone import picture

pytestmark = pytest.mark.story
READY = "[data-checklist-note]"


@pytest.fixture
def hall(portal):
    hall = make_hall(counters=2)
    make_plan(hall.service, online=3, walk_in=4, staff=1)
    Service.objects.update(requirements=[{"text": "KTP-el", "note": "Asli"}, {"text": "Akta"}])
    memo.clear_all()
    return hall


@pytest.fixture
def service(hall):
    return f"{MALL}layanan/{hall.service.pk}/"


def hold(page, script):
    """From now on this script does not come, until it is let go."""
    held, is_held = [], [True]
    page.route(
        f"**/{script}*.js", lambda route: held.append(route) if is_held else route.continue_()
    )

    def let_go():
        is_held.clear()
        for route in held:
            route.continue_()
        page.wait_for_load_state()

    return let_go


def go(page, portal, path):
    page.goto(portal.url(path), wait_until="commit")  # it is not loaded while a script is held


def test_a_paper_ticked_early_counts_and_is_kept(portal, service, open_page):
    page = open_page("/cari/", "phone")
    let_go = hold(page, "checklist")
    go(page, portal, service)

    page.get_by_label("KTP-el").check()
    let_go()

    expect(page.locator(READY)).to_contain_text("1 dari 2 siap.")
    page.reload()
    expect(page.locator(READY)).to_contain_text("1 dari 2 siap.")
    expect(page.get_by_label("KTP-el")).to_be_checked()


def test_a_paper_ticked_early_joins_those_that_were_kept(portal, service, open_page):
    page = open_page(service, "phone")
    page.get_by_label("Akta").check()
    let_go = hold(page, "checklist")
    go(page, portal, service)

    page.get_by_label("KTP-el").check()
    let_go()

    expect(page.locator(READY)).to_contain_text("2 dari 2 siap.")


def test_a_tick_taken_away_early_stays_away(service, open_page, watch):
    watch.allow("status of 422")
    page = open_page(f"{service}reservasi/", "phone")
    page.get_by_label("KTP-el").check()
    let_go = hold(page, "checklist")
    page.get_by_role("button", name="Lanjut pilih waktu").click()
    expect(page.locator(".error")).to_be_visible()

    page.get_by_label("KTP-el").uncheck()
    let_go()

    expect(page.get_by_label("KTP-el")).not_to_be_checked()
    page.goto(page.url)
    expect(page.get_by_label("KTP-el")).not_to_be_checked()


def test_ticks_that_came_with_a_refused_form_stay_where_nothing_can_be_kept(
    service, open_page, watch
):
    watch.allow("status of 422")
    page = open_page("/cari/", "phone")
    page.add_init_script("Storage.prototype.getItem = Storage.prototype.setItem = null;")
    page.goto(page.url.replace("/cari/", f"{service}reservasi/"))
    page.get_by_label("KTP-el").check()

    page.get_by_role("button", name="Lanjut pilih waktu").click()
    expect(page.locator(".error")).to_be_visible()
    page.wait_for_load_state()

    expect(page.get_by_label("KTP-el")).to_be_checked()


def test_a_paper_of_another_list_is_not_forgotten(hall, portal, service, open_page):
    page = open_page(service, "phone")
    page.get_by_label("Akta").check()
    Service.objects.update(requirements=[{"text": "KTP-el", "note": ""}])
    memo.clear_all()
    page.reload()
    page.get_by_label("KTP-el").check()
    Service.objects.update(requirements=[{"text": "KTP-el", "note": ""}, {"text": "Akta"}])
    memo.clear_all()

    page.reload()

    expect(page.locator(READY)).to_contain_text("2 dari 2 siap.")


def test_a_kiosk_shows_nothing_to_touch_before_it_can_keep_what_is_touched(
    hall, portal, open_page, watch
):
    watch.cut_line()
    page = open_kiosk(open_page, has_touch=True)
    lost = []

    def lose(route):
        if lost or route.request.method != "POST":
            return route.continue_()
        lost.append(route.fetch(max_redirects=0).status)
        return route.abort()

    page.route("**/layanan/**", lose)
    let_go = hold(page, "kiosk")
    go(page, portal, f"{START}layanan/{hall.service.pk}/")

    with pytest.raises(NotYet):
        page.get_by_role("button", name="Reguler").tap(timeout=1000)
    let_go()
    page.get_by_role("button", name="Reguler").tap()

    expect(stage(page)).to_have_attribute("data-stage", "counts")
    assert (lost, Ticket.objects.count()) == ([302], 1)


def test_a_word_typed_early_at_a_kiosk_is_looked_for(hall, portal, open_page):
    make_service(hall.queue, "Paspor baru")
    memo.clear_all()
    page = open_page("/cari/", "kiosk")
    let_go = hold(page, "htmx")
    go(page, portal, f"{START}cari/")

    page.get_by_role("searchbox").fill("PASPOR")
    let_go()

    expect(page.get_by_role("link", name="Paspor baru")).to_be_visible()


@pytest.fixture
def console(hall, portal, open_page, sign_in):
    """Open the first counter's console without its script; what lets it go."""
    for _each in range(3):
        hall.issue()
    page = open_page("/masuk/")
    sign_in(page, hall.officers[0])
    let_go = hold(page, "desk")
    go(page, portal, address(hall))
    return page, let_go


def test_a_dialog_opened_early_keeps_the_keys(console):
    page, let_go = console

    page.get_by_role("button", name="Dahulukan A-003").click()
    expect(page.locator("#pilih-alasan")).to_be_focused()
    let_go()
    page.wait_for_function("'keys' in document.documentElement.dataset")

    expect(page.locator("#pilih-alasan")).to_be_focused()


def test_nobody_else_is_called_who_was_not_picked(console):
    page, let_go = console

    page.get_by_role("button", name="Dahulukan A-003").click()
    page.select_option("#pilih-alasan", label="Keadaan kesehatan mendesak")
    let_go()
    page.locator("#pilih .primary").click()

    expect(page.locator("#pilih-nomor")).to_be_focused()
    assert Ticket.objects.filter(state=State.CALLED).count() == 0
    page.select_option("#pilih-nomor", label="A-003 – Layanan Uji")
    page.locator("#pilih .primary").click()
    expect(primary(page)).to_contain_text("Mulai layani")
    assert Ticket.objects.get(state=State.CALLED).number == 3


def test_a_picture_for_the_tunnel_hides_what_only_a_script_minds(hall, portal, open_page):
    page = open_page(page_of(hall.issue()), "phone")
    expect(page.get_by_role("switch", name="Bunyikan saat dipanggil")).to_be_visible()
    wait_until(lambda: picture(page), "no picture is kept")

    hidden = page.evaluate(
        """(text) => {
          const drawn = new DOMParser().parseFromString(text, "text/html");
          return [...drawn.querySelectorAll("[data-ring], [data-push]")].map(({ hidden }) => hidden);
        }""",
        picture(page),
    )

    assert hidden == [True, True]
