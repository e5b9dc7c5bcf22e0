"""The ticket in a pocket: called with a sound, confirmed by a scan, and carried through tunnels."""

import re
from uuid import uuid4

import pytest
from model_bakery import baker
from playwright.sync_api import expect

from agencies.models import Agency, Presence
from core import memo
from hall import announcements, record
from queueing import sweeps, tickets
from queueing.states import Priority, State
from tests.recipes import at, make_hall, ticket
from tests.stories.conftest import assert_accessible, wait_until
from tests.stories.test_citizen import LONG, listening, page_of

pytestmark = pytest.mark.story
KEPT = "Anda sedang luring, gambar dari pukul 09.0"
# Counts what a phone would feel and hear; a browser without a person in it does neither.
SENSES = """
  window.felt = []; window.heard = 0;
  navigator.vibrate = (pattern) => { window.felt.push(pattern.length); return true; };
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (at) { window.heard += 1; return start.call(this, at); };
"""
CHIME = 6  # tones


@pytest.fixture
def hall(portal):
    return make_hall(counters=2)


@pytest.fixture
def phone(open_page, portal):
    """A phone that shows a ticket, with its worker in charge and the first picture kept."""

    def open_ticket(pk, **options):
        page = open_page("/cari/", "phone", **options)
        page.context.add_init_script(SENSES)
        page.goto(portal.url(page_of(pk)))
        page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
        wait_until(lambda: kept(page), "no picture is kept")
        return page

    return open_ticket


def kept(page):
    """The pages that are kept for a tunnel."""
    return page.evaluate(
        """async () => {
          const found = [];
          for (const name of await caches.keys())
            for (const { url } of await (await caches.open(name)).keys()) found.push(new URL(url).pathname);
          return found.filter((path) => !path.startsWith("/static/"));
        }"""
    )


def picture(page):
    """What is kept of the page that is open, a second after it changed."""
    return page.evaluate(
        """async () => {
          const found = await caches.match(location.pathname, { ignoreVary: true });
          return found ? found.text() : "";
        }"""
    )


def rung(page):
    return page.evaluate("[window.felt.length, window.heard]")


def test_a_call_is_felt_and_heard_once(hall, portal, phone):
    pk = hall.issue()
    page = phone(pk)
    listening(portal)
    page.get_by_role("switch", name="Bunyikan saat dipanggil").check()

    hall.call()
    expect(page.get_by_text("Silakan menuju loket")).to_be_visible()
    expect(page).to_have_title(re.compile("^Dipanggil: loket 1 – A-001"))
    wait_until(lambda: rung(page) == [1, CHIME], "the phone does not ring")
    version = record.version_of(hall.mall.pk)
    hall.issue()  # another picture of the same call
    expect(page.locator("#ticket")).to_have_attribute("data-version", str(version + 1))
    assert rung(page) == [1, CHIME]

    hall.act(tickets.recall, pk, now=at(9, 1))
    wait_until(lambda: rung(page) == [2, 2 * CHIME], "a repeated call is not heard")


def test_a_call_heard_before_is_not_heard_again_after_a_reload(hall, portal, phone):
    hall.issue()
    page = phone(hall.call())
    page.get_by_text("Silakan menuju loket").click()

    page.reload()
    page.get_by_text("Silakan menuju loket").click()

    assert rung(page) == [0, 0]


def test_the_wish_to_be_rung_stays_and_asks_for_the_touch_it_needs(hall, portal, phone):
    pk = hall.issue()
    page = phone(pk)
    switch = page.get_by_role("switch", name="Bunyikan saat dipanggil")
    expect(switch).not_to_be_checked()
    switch.check()

    page.reload()

    expect(switch).to_be_checked()
    expect(page.get_by_text("Sentuh layar sekali")).to_be_visible()
    page.locator("h1").click()
    expect(page.get_by_text("Sentuh layar sekali")).to_be_hidden()
    listening(portal)
    hall.call()
    wait_until(lambda: rung(page) == [1, CHIME], "the phone does not ring")


def test_without_the_wish_there_is_no_sound(hall, portal, phone):
    pk = hall.issue()
    page = phone(pk)
    listening(portal)
    page.locator("h1").click()

    hall.call()

    wait_until(lambda: rung(page) == [1, 0], "a call is not felt")


def test_five_seconds_without_a_line_are_nothing(hall, portal, phone, watch):
    watch.cut_line()
    first, mine = hall.issue(), hall.issue()
    page = phone(mine)
    listening(portal)

    portal.stop()
    page.wait_for_timeout(5_000)
    expect(page.locator("[data-stale-banner]")).to_be_hidden()
    expect(page.locator(".place p")).to_have_text("1 orang di depan Anda")
    tickets.cancel(first, now=at(9), key=uuid4())
    portal.start()

    expect(page.locator(".place p")).to_have_text("Anda berikutnya")
    expect(page.locator(".why")).to_contain_text("1 orang di depan Anda batal.")


def test_a_reload_in_a_tunnel_shows_the_last_picture_and_comes_back_by_itself(
    hall, portal, phone, watch
):
    watch.cut_line()
    first, mine = hall.issue(), hall.issue()
    page = phone(mine)
    listening(portal)
    hall.call()
    expect(page.locator(".place p")).to_have_text("Anda berikutnya")
    wait_until(lambda: "<p>Anda berikutnya" in picture(page), "the new picture is not kept")

    portal.stop()
    page.reload()
    expect(page.locator("[data-stale-text]")).to_contain_text(KEPT)
    expect(page.locator(".place p")).to_have_text("Anda berikutnya")
    assert page.locator(".tno").inner_text() == "A-002"
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).fontFamily") == (
        "Inter, system-ui, sans-serif"
    )
    assert_accessible(page)
    # What cannot be sent comes back to the ticket, and nothing has changed.
    page.get_by_text("Batalkan antrean").click()
    page.get_by_role("button", name="Ya, batalkan A-002").click()
    expect(page.locator("[data-stale-text]")).to_contain_text(KEPT)
    assert page.url == portal.url(page_of(mine))

    hall.done(first)
    hall.call()
    portal.start()
    expect(page.get_by_text("Silakan menuju loket")).to_be_visible()
    expect(page.locator("[data-stale-banner]")).to_be_hidden()
    assert ticket(mine).state == State.CALLED


def test_called_in_a_tunnel_it_rings_once_afterwards(hall, portal, phone, watch):
    watch.cut_line()
    pk = hall.issue()
    page = phone(pk)
    listening(portal)
    page.get_by_role("switch", name="Bunyikan saat dipanggil").check()
    portal.stop()

    hall.call()
    page.wait_for_timeout(2_000)
    assert rung(page) == [0, 0]
    portal.start()

    expect(page.get_by_text("Silakan menuju loket")).to_be_visible()
    wait_until(lambda: rung(page) == [1, CHIME], "the phone does not ring")
    page.wait_for_timeout(3_500)  # a poll later
    assert rung(page) == [1, CHIME]


def test_only_the_ticket_and_its_own_files_are_kept(hall, portal, phone):
    mine = hall.issue()
    page = phone(mine)
    page.goto(portal.url("/mal/mpp-uji/"))
    page.goto(portal.url("/masuk/"))
    page.goto(portal.url(page_of(mine)))
    page.get_by_text("Batalkan antrean").click()
    page.get_by_role("button", name="Ya, batalkan A-001").click()
    expect(page.locator(".told")).to_contain_text("Antrean ini dibatalkan")
    page.wait_for_timeout(500)

    assert kept(page) == [page_of(mine)]
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def paper():
    return {"priority": Priority.NONE, "on_paper": True}


def on_paper(hall):
    return tickets.issue(hall.service.pk, now=at(9), key=uuid4(), **paper())


def test_a_scan_confirms_the_paper_by_itself(hall, open_page):
    pk = on_paper(hall)

    page = open_page(page_of(pk), "phone")

    expect(page.locator(".place p")).to_have_text("Anda berikutnya")
    assert ticket(pk).state == State.WAITING


def test_without_a_script_one_touch_confirms_the_paper(hall, open_page):
    pk = on_paper(hall)
    page = open_page(page_of(pk), "phone", java_script_enabled=False)
    expect(page.get_by_role("heading")).to_have_count(1)
    assert ticket(pk).state == State.PRINTING

    page.get_by_role("button", name="Saya sudah memegang nomor ini").click()

    expect(page.locator(".place p")).to_have_text("Anda berikutnya")


def test_a_page_that_nobody_looks_at_confirms_nothing(hall, open_page, portal):
    pk = on_paper(hall)
    page = open_page("/cari/", "phone")
    page.context.add_init_script(
        "Object.defineProperty(document, 'hidden', { get: () => !window.looked });"
    )
    page.goto(portal.url(page_of(pk)))
    page.wait_for_timeout(500)
    assert ticket(pk).state == State.PRINTING

    page.evaluate("window.looked = true; dispatchEvent(new Event('visibilitychange'))")

    expect(page.locator(".place p")).to_have_text("Anda berikutnya")


def test_an_announcement_comes_and_goes_while_one_waits(hall, portal, open_page):
    page = open_page(page_of(hall.issue()), "phone")
    listening(portal)

    said = announcements.say(
        hall.mall,
        "Lift sedang diperbaiki.",
        ends_at=at(12),
        on_boards=False,
        on_phones=True,
        by=hall.officer,
        now=at(9),
    )
    expect(page.locator(".said")).to_contain_text("Lift sedang diperbaiki.")
    announcements.withdraw(said, by=hall.officer, now=at(9, 1))

    expect(page.locator(".said .banner")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["id", "en"])
def test_every_state_of_a_ticket_can_be_used_by_everybody(
    hall, portal, open_page, scheme, language
):
    Agency.objects.update(name=LONG)
    Presence.objects.update(place="Lantai 1, sisi kanan, dekat ruang ibu menyusui")
    baker.make(
        "hall.Announcement",
        mall=hall.mall,
        text="Lift " * 30,
        on_phones=True,
        begins_at=at(8),
        ends_at=at(12),
        by=hall.officer,
    )
    memo.clear_all()
    withdrawn = on_paper(hall)
    sweeps.withdraw_unprinted(now=at(9, 3))
    called, gone, waiting = hall.issue(), hall.issue(), hall.issue()
    hall.call()
    tickets.cancel(gone, now=at(9), key=uuid4())
    printing = on_paper(hall)
    plain = open_page("/cari/", "phone", language, color_scheme=scheme, java_script_enabled=False)
    page = open_page("/cari/", "phone", language, color_scheme=scheme, reduced_motion="reduce")

    for pk in (withdrawn, called, gone, waiting, printing):
        shown = plain if pk == printing else page
        shown.goto(portal.url(page_of(pk)))
        # 400 % of a screen of 1280 pixels leaves 320 of them.
        for width, height in ((320, 568), (360, 740), (320, 256)):
            shown.set_viewport_size({"width": width, "height": height})
            assert shown.locator("#ticket").bounding_box()["width"] <= width
        if shown is page:
            assert_accessible(page)
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
