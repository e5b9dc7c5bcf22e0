import re
import time

import pytest
from django.urls import reverse
from model_bakery import baker
from playwright.sync_api import expect

from agencies.models import Agency, Mall, Presence
from core import memo
from queueing import tickets
from queueing.models import Visit
from queueing.states import State
from services.models import Fee, Service
from tests.recipes import make_hall, make_queue, make_service, ticket
from tests.stories.conftest import assert_accessible, quickest, wait_until

pytestmark = pytest.mark.story
MALL = "/mal/mpp-uji/"
LONG = "Kantor Wilayah Badan Pertanahan Nasional dan Tata Ruang Kabupaten Kepulauan Tanimbar"


@pytest.fixture
def hall(portal):
    return make_hall(counters=2)


def page_of(pk):
    return reverse("ticket", args=[Visit.objects.get(tickets=pk).token])


def listening(portal, count=1):
    wait_until(lambda: portal.listeners() >= count, "the ticket opens no stream")


def test_from_plain_words_to_a_list_that_is_kept(hall, open_page):
    Service.objects.update(
        name="Paspor baru", requirements=[{"text": "KTP-el", "note": "Asli"}, {"text": "Akta"}]
    )
    memo.clear_all()
    page = open_page("/", "phone")

    page.get_by_role("searchbox").fill("bikin pasport")
    page.get_by_role("button", name="Cari").click()
    expect(page.get_by_role("heading", name="Paspor baru")).to_be_visible()
    page.get_by_role("link", name="MPP Uji").first.click()
    expect(page.locator("h1")).to_have_text("Paspor baru")
    page.get_by_label("KTP-el").check()
    expect(page.locator("[data-checklist-note]")).to_have_text(
        "1 dari 2 siap. Daftar ini tersimpan di perangkat Anda."
    )
    page.reload()

    expect(page.get_by_label("KTP-el")).to_be_checked()
    expect(page.get_by_label("Akta")).not_to_be_checked()


def test_the_phone_turns_gold_within_a_second_of_the_call(hall, portal, open_page):
    def call():
        pk = hall.issue()
        page = open_page(page_of(pk), "phone")
        expect(page).to_have_title(re.compile(r"^A-\d+: Anda berikutnya"))
        listening(portal)
        begun = time.monotonic()
        hall.call(seat=1)
        expect(page.get_by_text("Silakan menuju loket")).to_be_visible()
        took = time.monotonic() - begun
        assert_called_and_served(page, pk)
        page.context.close()
        wait_until(lambda: not portal.listeners(), "the stream of a closed page stays open")
        return took

    def assert_called_and_served(page, pk):
        expect(page).to_have_title(re.compile(r"^Dipanggil: loket 2 – A-\d+"))
        expect(page.locator(".to .figure")).to_have_text("2")
        assert page.locator("section#ticket.called").count() == 1
        hall.act(tickets.serve, pk, seat=1)
        expect(page.locator(".told")).to_contain_text("Anda sedang dilayani di loket 2")
        hall.act(tickets.finish, pk, seat=1)
        expect(page.locator(".told")).to_contain_text("Selesai, terima kasih")

    assert quickest(call, wanted=1) < 1


def test_the_place_in_line_moves_up_by_itself(hall, portal, open_page):
    pks = [hall.issue() for _person in range(3)]
    page = open_page(page_of(pks[-1]), "phone")
    expect(page.locator(".place p")).to_have_text("2 orang di depan Anda")
    listening(portal)

    hall.call()

    expect(page.locator(".place p")).to_have_text("1 orang di depan Anda")
    expect(page.locator(".place i:not(.you)")).to_have_count(1)


def test_what_happens_in_another_line_lets_the_phone_rest(hall, portal, open_page):
    other = make_service(make_queue(hall.presence, "B"), "Layanan Kedua")
    hall.issue()
    page = open_page(page_of(hall.issue()), "phone")
    listening(portal)
    section = page.locator("section#ticket")
    expect(page.locator(".place p")).to_have_text("1 orang di depan Anda")
    page.wait_for_load_state("networkidle")
    version = section.get_attribute("data-version")

    asked = []
    page.on("request", lambda request: asked.append(request.url))
    hall.issue(service=other)
    hall.issue(service=other)
    page.wait_for_timeout(1_000)
    assert [url for url in asked if "/antrean/" in url] == []
    assert section.get_attribute("data-version") == version

    hall.call()
    expect(page.locator(".place p")).to_have_text("Anda berikutnya")


def test_the_question_before_giving_up_stays_open_while_the_line_moves(hall, portal, open_page):
    first, mine = hall.issue(), hall.issue()
    page = open_page(page_of(mine), "phone")
    listening(portal)
    page.get_by_text("Batalkan antrean").click()

    hall.call()
    expect(page.locator(".place p")).to_have_text("Anda berikutnya")
    page.get_by_role("button", name="Ya, batalkan A-002").click()

    expect(page.locator(".told")).to_contain_text("Antrean ini dibatalkan")
    assert (ticket(first).state, ticket(mine).state) == (State.CALLED, State.CANCELLED)


def test_giving_up_works_without_a_script(hall, open_page):
    pk = hall.issue()
    page = open_page(page_of(pk), "phone", java_script_enabled=False)

    page.get_by_text("Batalkan antrean").click()
    page.get_by_role("button", name="Ya, batalkan A-001").click()

    expect(page.locator(".told")).to_contain_text("Antrean ini dibatalkan")


def test_a_refusal_comes_back_to_the_ticket(hall, open_page):
    pk = hall.issue()
    page = open_page(page_of(pk), "phone", java_script_enabled=False)
    page.get_by_text("Batalkan antrean").click()
    hall.call()

    page.get_by_role("button", name="Ya, batalkan A-001").click()

    expect(page.locator("#flash")).to_contain_text("Nomor ini sudah berstatus Dipanggil.")
    expect(page.get_by_text("Silakan menuju loket")).to_be_visible()


def test_somebody_skipped_comes_back_with_one_touch(hall, portal, open_page):
    pk = hall.issue()
    page = open_page(page_of(pk), "phone")
    listening(portal)
    hall.call()
    hall.act(tickets.skip, pk)

    page.get_by_role("button", name="Saya sudah datang").click()

    expect(page.locator(".place p")).to_have_text("Anda berikutnya")


def test_without_a_line_the_ticket_says_since_when_and_recovers(hall, portal, open_page, watch):
    watch.cut_line()
    pk = hall.issue()
    page = open_page(page_of(pk), "phone")
    listening(portal)

    portal.stop()
    expect(page.locator("[data-stale-banner]")).to_be_visible()
    expect(page.locator("[data-stale-text]")).to_have_text(
        re.compile(r"^Terputus sejak pukul 09\.0\d WIB$")
    )
    assert page.locator(".tno").inner_text() == "A-001"

    hall.call()
    portal.start()
    expect(page.get_by_text("Silakan menuju loket")).to_be_visible()
    expect(page.locator("[data-stale-banner]")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_can_be_used_by_everybody(hall, portal, open_page, scheme):
    Agency.objects.update(name=LONG)
    Presence.objects.update(place="Lantai 1, sisi kanan, dekat ruang ibu menyusui")
    Mall.objects.update(example_fields=["hours"], facilities=["Musala"])
    baker.make(
        Fee, service=hall.service, amount=350_000, name="Paspor biasa nonelektronik 48 halaman"
    )
    memo.clear_all()
    waiting, called, over = hall.issue(), hall.issue(), hall.issue()
    hall.call()
    hall.act(tickets.skip, waiting)
    hall.call()
    paths = ["/", "/cari/?q=layanan+uji", "/cari/?q=xyzzyq", MALL, f"{MALL}layanan/"]
    paths += [f"{MALL}instansi/", f"{MALL}layanan/{hall.service.pk}/"]
    page = open_page("/", "phone", color_scheme=scheme, reduced_motion="reduce")

    for path in [*paths, *map(page_of, (waiting, called, over))]:
        page.goto(portal.url(path))
        assert_accessible(page)
        for width in (320, 360, 768, 1280):
            page.set_viewport_size({"width": width, "height": 740})
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path


def test_a_word_without_end_is_broken_and_not_wider_than_the_phone(portal, open_page):
    page = open_page("/cari/?q=" + "panjang" * 20, "phone")

    expect(page.get_by_role("heading", level=2)).to_contain_text("panjangpanjang")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
