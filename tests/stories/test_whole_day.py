"""The story of the mall: from the kiosk to the phone, the call, the board, and the end."""

import pytest
from playwright.sync_api import expect

from queueing.models import Ticket
from queueing.states import State
from tests.recipes import make_hall
from tests.stories.conftest import wait_until


@pytest.fixture
def hall(portal):
    return make_hall()


def test_from_the_kiosk_to_the_end_of_the_service(hall, portal, open_page, sign_in):
    kiosk = open_page("/mesin/mpp-uji/", "kiosk", has_touch=True)
    kiosk.context.add_init_script("window.print = () => {}")
    kiosk.get_by_role("link", name="Dinas Uji").tap()
    kiosk.get_by_role("link", name="Layanan Uji").tap()
    kiosk.get_by_role("button", name="Reguler").tap()
    expect(kiosk.locator(".given .figure")).to_have_text("A-001")
    ticket = Ticket.objects.select_related("visit").get()

    phone = open_page(f"/antrean/{ticket.visit.token}/", "phone")
    expect(phone.get_by_text("A-001").first).to_be_visible()
    board = open_page("/papan/mpp-uji/", "board")
    desk = open_page("/masuk/", "desktop")
    sign_in(desk, hall.officer)
    desk.goto(portal.url(f"/loket/{hall.counter.pk}/"))
    wait_until(lambda: portal.listeners() >= 3, "phone, board and console do not all listen")

    # Without the hint both would ask again only after a minute; how fast it is, the bench says.
    press(desk, "enter")
    expect(board.locator(".call .who .number")).to_have_text("A-001")
    expect(board.locator(".call .where .number")).to_have_text("1")
    expect(phone.get_by_text("Dipanggil").first).to_be_visible()

    press(desk, "enter")
    expect(board.locator(".call.past")).to_be_visible()
    press(desk, "s")
    wait_until(
        lambda: Ticket.objects.get(pk=ticket.pk).state == State.DONE, "the service does not end"
    )
    expect(desk.get_by_role("button", name="Panggil berikutnya")).to_be_visible()
    expect(phone.get_by_text("Selesai").first).to_be_visible()


def press(desk, key):
    # The console takes a second press within 400 ms for the same one; nobody serves that fast.
    desk.wait_for_timeout(500)
    desk.locator(f"button[data-key='{key}']").click()
