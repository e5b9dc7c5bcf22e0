import time
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from agencies.models import CounterDay
from core import clock, memo
from hall import announcements, closures
from hall.models import Closure
from queueing.models import Ticket
from queueing.states import AT_COUNTER
from tests.recipes import (
    add_counter,
    at,
    make_hall,
    make_presence,
    make_queue,
    make_service,
)
from tests.stories.conftest import assert_accessible, quickest, wait_until

BOARD = "/papan/mpp-uji/"


@pytest.fixture
def hall(portal):
    return make_hall(counters=2)


def shown(page):
    return page.locator(".call .who .number")


def listening(portal):
    wait_until(portal.listeners, "the board opens no stream")


def test_a_call_is_on_the_board_within_a_second(hall, portal, open_page):
    page = open_page(BOARD, "board")
    listening(portal)

    def call():
        for each in Ticket.objects.at_counter():
            hall.done(each.pk, seat=1)
        hall.issue()
        begun = time.monotonic()
        hall.call(seat=1)
        expect(shown(page)).to_have_text(f"A-{Ticket.objects.count():03d}")
        return time.monotonic() - begun

    assert quickest(call, wanted=1) < 1
    expect(page.locator(".call .where .number")).to_have_text("2")
    assert page.evaluate("document.querySelectorAll('.board').length") == 1


def test_the_board_says_how_old_it_is_and_recovers(hall, portal, open_page, watch):
    watch.cut_line()
    hall.issue()
    first = hall.call()
    page = open_page(BOARD, "board")
    listening(portal)

    portal.stop()
    banner = page.locator("[data-stale-banner]")
    expect(banner).to_be_visible()
    expect(banner).to_contain_text("Papan ini tertinggal sejak pukul 09.00 WIB.")
    expect(page.locator(".call .who .label")).to_have_text(
        "Panggilan terakhir yang kami ketahui, 09.00 WIB", use_inner_text=True
    )
    hall.done(first)
    hall.issue()
    hall.call()
    portal.start()

    expect(shown(page)).to_have_text("A-002")
    expect(banner).to_be_hidden()
    listening(portal)


def test_without_streams_the_board_asks_for_itself(hall, portal, open_page, watch):
    watch.allow("403")
    page = open_page(BOARD, "board")
    page.route("**/live/*", lambda route: route.fulfill(status=403))
    page.reload()
    hall.issue()
    hall.call()

    expect(shown(page)).to_have_text("A-001")
    expect(page.locator("[data-stale-banner]")).to_be_hidden()


def digits(page):
    """How much of the height a called digit takes: in Inter 0.727 of its font size."""
    font = "parseFloat(getComputedStyle(document.querySelector('.who .number')).fontSize)"
    return 0.727 * page.evaluate(font) / page.viewport_size["height"]


def test_the_called_number_is_at_least_18_percent_of_the_height(hall, open_page):
    hall.issue()
    hall.call()

    for size in ("board", "desktop"):
        page = open_page(BOARD, size)
        assert digits(page) >= 0.26
        page.evaluate("document.documentElement.dataset.stale = 'since 09.00'")
        assert digits(page) >= 0.18


def test_with_a_banner_and_a_notice_it_is_still_18_percent(hall, open_page):
    hall.issue()
    hall.call()
    speak(hall)

    page = open_page(BOARD, "board")

    assert digits(page) >= 0.18


def test_upright_the_number_is_as_wide_as_the_screen(hall, open_page):
    hall.issue()
    hall.call()
    page = open_page(BOARD, "kiosk")

    number = page.locator(".who .number .tno").bounding_box()
    assert number["width"] >= 0.92 * page.viewport_size["width"]
    assert digits(page) >= 0.13


@pytest.mark.parametrize("notices", [False, True], ids=["plain", "with notices"])
@pytest.mark.parametrize("size", ["board", "desktop", "kiosk"])
def test_a_full_board_fits_its_screen(hall, open_page, hall_time, size, notices):
    fill(hall)
    if notices:
        speak(hall)
    page = open_page(BOARD, size)

    assert overflowing(page) == []
    assert page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    ) == [
        page.viewport_size["width"],
        page.viewport_size["height"],
    ]


def test_the_sheets_turn_every_ten_seconds_and_survive_a_new_picture(hall, portal, open_page):
    fill(hall)
    page = open_page(BOARD, "board", reduced_motion="reduce")
    page.clock.install()
    page.reload()
    listening(portal)
    heading = page.locator(".sheet:visible h2")
    expect(heading).to_contain_text("1/2")

    page.clock.run_for(10_000)
    expect(heading).to_contain_text("2/2")
    hall.issue()
    expect(page.locator(".sheet:nth-child(1) .waits b").first).to_have_text("10")
    expect(heading).to_contain_text("2/2")
    page.clock.run_for(10_000)

    expect(heading).to_contain_text("1/2")


def test_the_clock_ticks_in_the_time_of_the_mall(hall, portal, open_page, hall_time):
    hall.mall.region.zone = "Asia/Jayapura"
    hall.mall.region.save()
    page = open_page(BOARD, "board", timezone_id="Europe/London")
    page.clock.install()
    hall_time(at(9, 0))
    page.reload()
    expect(page.locator("[data-clock]")).to_have_text("11.00 WIT")

    page.clock.run_for(60_000)

    expect(page.locator("[data-clock]")).to_have_text("11.01 WIT")


def test_a_day_of_calls_leaves_nothing_behind_in_the_page(hall, portal, open_page):
    page = open_page(BOARD, "board")
    listening(portal)
    hall.issue()
    hall.call()
    expect(shown(page)).to_have_text("A-001")
    count = "document.querySelector('.board').parentNode.childNodes.length + document.querySelectorAll('*').length"
    before = page.evaluate(count)

    for _each in range(38):
        hall.done(last(hall))
        hall.issue()
        hall.call()
    expect(shown(page)).to_have_text("A-039")
    hall.done(last(hall))
    expect(page.locator(".call.past")).to_be_visible()

    assert page.evaluate(count) - before <= 40  # six calls in the list instead of none
    assert portal.listeners() == 1


def test_the_board_speaks_english(hall, open_page):
    page = open_page(BOARD, "board", language="en")

    expect(page.locator("html")).to_have_attribute("lang", "en")


@pytest.mark.parametrize("size", ["board", "kiosk"])
def test_the_board_is_accessible_empty_full_and_closed(hall, open_page, hall_time, size):
    hall_time(at(6))
    page = open_page(BOARD, size)
    expect(page.get_by_text("Loket buka pukul 08.00 WIB")).to_be_visible()
    assert_accessible(page)

    hall_time(at(9, 2))
    fill(hall)
    page.reload()
    expect(shown(page)).to_be_visible()
    assert_accessible(page)
    page.evaluate("document.documentElement.dataset.stale = 'since 09.00'")
    assert_accessible(page)


def test_banners_and_lines_turn_every_ten_seconds(hall, portal, open_page):
    speak(hall)
    page = open_page(BOARD, "board", reduced_motion="reduce")
    page.clock.install()
    page.reload()
    listening(portal)
    line = page.locator(".lines p:visible")
    expect(line).to_have_text("Pemadaman listrik pukul 13.30.")

    page.clock.run_for(10_000)
    expect(line).to_have_text("Loket 2 ditutup sampai pukul 10.00 WIB.")
    hall.issue(now=clock.now())
    expect(page.locator(".waits b").first).to_have_text("1")
    expect(line).to_have_text("Loket 2 ditutup sampai pukul 10.00 WIB.")
    page.clock.run_for(10_000)

    expect(line).to_have_text("Pemadaman listrik pukul 13.30.")
    expect(page.locator(".banners p:visible")).to_have_count(1)


def test_an_announcement_goes_when_its_time_is_over(hall, portal, open_page, hall_time):
    now = clock.now()
    end = now + timedelta(seconds=20)
    announcements.say(
        hall.mall,
        "Sebentar.",
        ends_at=end,
        on_boards=True,
        on_phones=False,
        by=hall.officer,
        now=now,
    )
    page = open_page(BOARD, "board")
    expect(page.locator(".banners")).to_have_text("Sebentar.", use_inner_text=True)
    listening(portal)

    hall_time(end + timedelta(seconds=1))
    page.evaluate("document.getElementById('board').dispatchEvent(new Event('stale'))")

    expect(page.locator(".banners")).to_have_count(0)


def speak(hall):
    """A banner, a running line and a closed counter."""
    now = clock.now()
    said = {"ends_at": now + timedelta(hours=6), "on_boards": True, "on_phones": False}
    announcements.say(hall.mall, "Samsat pindah ke loket 7.", **said, by=hall.officer, now=now)
    running = {**said, "is_running": True, "by": hall.officer, "now": now}
    announcements.say(hall.mall, "Pemadaman listrik pukul 13.30.", **running)
    until, reason = at(10), Closure.Reason.MEETING
    closures.close(hall.counters[1], reason=reason, until=until, by=hall.officer, now=now)


def fill(hall):
    """Nine queues with long names, the longest waited for; calls at both counters."""
    for letter in ("AA", "AB", "C", "D", "E", "F", "G", "H"):
        name = f"Dinas Penanaman Modal dan Pelayanan {letter}"
        presence = make_presence(hall.mall, name)
        queue = make_queue(presence, letter)
        service = make_service(queue)
        counter = add_counter(hall, queues=[queue])
        CounterDay.objects.filter(counter=counter).update(presence=presence)
        memo.clear_all()
        for _each in range(2):
            hall.issue(service=service)
        hall.call(seat=len(hall.counters) - 1)
    for _each in range(10):
        hall.issue()
    hall.call(now=at(9, 1))


def last(hall):
    return Ticket.objects.get(counter=hall.counter, state__in=AT_COUNTER).pk


def overflowing(page):
    """Texts that stick out of the screen or of their part of the board."""
    return page.evaluate(
        """() => [...document.querySelectorAll(".board :is(b, span, p, h1, h2)")].filter((each) => {
            if (!each.offsetParent || each.closest(".sr, svg")) return false;
            const box = each.getBoundingClientRect();
            const part = (each.closest("section, header, .who, .where") ?? document.body).getBoundingClientRect();
            const rest = each.closest(".rest")?.getBoundingClientRect();
            return box.right > part.right + 1 || box.bottom > innerHeight + 1 || box.bottom > rest?.bottom + 1;
        }).map((each) => each.textContent)"""
    )


def test_the_longest_name_of_a_mall_stays_within_the_head(hall, open_page):
    hall.mall.name = "Mal Pelayanan Publik Kabupaten Hulu Sungai Tengah di Pasar Murakata Barabai"
    hall.mall.save()

    for size in ("desktop", "board", "kiosk"):
        page = open_page(BOARD, size)
        head = page.locator(".top").bounding_box()
        name = page.locator(".top p").first.bounding_box()
        clock = page.locator(".top .clock").bounding_box()

        assert head["y"] <= name["y"]
        assert name["y"] + name["height"] <= head["y"] + head["height"]
        assert name["x"] + name["width"] <= clock["x"] or name["y"] + name["height"] <= clock["y"]
