"""The line to a screen is cut, goes dead without a word, comes back: nothing lost, nothing twice.

The pages reach the portal through a proxy of ours, which does to the line what a story asks for.
Minutes pass by moving both clocks, the page's (its timers fire as they would) and the hall's; the
line itself is really cut, and every second after its return is a real one.
"""

import pytest
from playwright.sync_api import expect

from core.proof import Scope
from queueing import invariants
from queueing.models import Ticket
from tests.proxy import Proxy
from tests.recipes import at, make_hall
from tests.stories.conftest import wait_until
from tests.stories.screens import RECORDER, in_database, notes_of, shown

BOARD = "/papan/mpp-uji/"
ELSEWHERE = "/static/img/favicon.svg"  # at the portal, and nothing to load
RIGHT_WITHIN = 3.0  # seconds after the line is back
FETCH_LIMIT, STREAM_RETRY = 8_000, 15_000  # ms, in live.js
# Guards of live.js, and what they are without what they guard.
CATCH_UP = ("refreshAll();\n      beat();", "beat();")  # when a stream opens
RESYNC = ('"resync", () => { refreshAll(); beat(); }', '"resync", beat')
POLLING = ("(isDown || owed.size ? POLL : REFRESH)", "REFRESH")
GIVING_UP = ("if (isDown && now", "if (!source && now")  # a stream that is silent
OWED = ("isDown || owed.size", "isDown")  # what was asked for and did not come


@pytest.fixture
def portal(portal):
    """The portal at the far end of a line; the pages know only the near one."""
    with Proxy(portal.port) as line:
        portal.address, portal.line = line.address, line
        yield portal


@pytest.fixture
def hall(portal):
    yield make_hall(counters=3)
    assert [verdict for verdict in invariants.verify(Scope()) if verdict.breaches] == []


@pytest.fixture
def watch(watch):
    watch.cut_line()
    watch.allow("favicon.ico")  # a picture by itself has none
    return watch


@pytest.fixture
def open_screen(open_page, portal):
    """A page with a recorder; `clock` gives the story its time, `script` changes live.js."""

    def open_(path, size="board", *, clock=False, script=()):
        page = open_page(ELSEWHERE, size)
        page.context.add_init_script(RECORDER)
        if clock:
            page.clock.install()
        if script:
            change(page, *script)
        before = portal.listeners()
        page.goto(portal.url(path))
        wait_until(lambda: portal.listeners() > before, "the page opens no stream")
        return page

    return open_


def change(page, *pairs):
    """Let the page load a live.js without one of its guards."""

    def answer(route):
        script = route.fetch().text()
        for guard, nothing in pairs:
            assert guard in script
            script = script.replace(guard, nothing)
        route.fulfill(body=script, content_type="text/javascript")

    page.route("**/js/live*.js", answer)


def ticket_page(pk):
    return f"/antrean/{Ticket.objects.select_related('visit').get(pk=pk).visit.token}/"


def number(page):
    return page.locator(".call .who .number")


def called(page):
    return page.locator("#ticket.called")


def banner(page):
    return page.locator("[data-stale-banner]")


def assert_right(page, hall):
    assert shown(page) == in_database(hall)
    notes = notes_of(page)
    assert notes.versions == sorted(notes.versions)
    assert notes.repeated == []


def assert_heard(page, *, times):
    """So many chimes, and none later."""
    wait_until(lambda: notes_of(page).chimes >= times, "a call is not heard")
    page.wait_for_timeout(300)
    assert notes_of(page).chimes == times


def stay_a_while(page):
    """As long as a board has to be right, and some more: three seconds of its timers, one real."""
    page.clock.run_for(RIGHT_WITHIN * 1000)
    page.wait_for_timeout(1000)


def test_five_seconds_without_a_line_cost_no_call_and_show_no_banner(hall, portal, open_screen):
    for _each in range(3):
        hall.issue()
    second = Ticket.objects.get(number=2)
    board = open_screen(BOARD, clock=True)
    phone = open_screen(ticket_page(second.pk), "phone", clock=True)
    first = hall.call()
    expect(number(board)).to_have_text("A-001")
    assert_heard(board, times=1)

    portal.line.cut()
    hall.done(first)
    hall.call()
    hall.call(seat=1)
    for page in (board, phone):
        page.clock.fast_forward(5_000)
        expect(banner(page)).to_be_hidden()
    portal.line.restore()

    expect(number(board)).to_have_text("A-003")
    expect(called(phone)).to_be_visible()
    assert_right(board, hall)
    assert_heard(board, times=3)


def test_five_minutes_without_a_line_are_said_and_then_made_good(
    hall, portal, open_screen, hall_time
):
    for _each in range(4):
        hall.issue()
    second = Ticket.objects.get(number=2)
    board = open_screen(BOARD, clock=True)
    phone = open_screen(ticket_page(second.pk), "phone", clock=True)
    hall.call()
    expect(number(board)).to_have_text("A-001")
    expect(phone.get_by_text("Anda berikutnya").first).to_be_visible()
    ink = "getComputedStyle(document.querySelector('.call .number, .figure')).color"
    black = {page.evaluate(ink) for page in (board, phone)}
    assert_heard(board, times=1)  # a line cut while the clips are on their way cuts the call off

    portal.line.cut()
    for page in (board, phone):
        page.clock.fast_forward(5_000)
        expect(banner(page)).to_be_hidden()
        page.clock.fast_forward(7_000)
        expect(banner(page)).to_be_visible()
        expect(banner(page)).to_contain_text("09.00")
        expect(page.locator("html[data-old]")).to_have_count(0)
        page.clock.fast_forward(50_000)
        expect(page.locator("html[data-old]")).to_have_count(1)
        page.clock.fast_forward(238_000)
    assert not black & {page.evaluate(ink) for page in (board, phone)}
    hall_time(at(9, 5))
    hall.call(seat=1, now=at(9, 1))
    hall.call(seat=2, now=at(9, 4, 55))
    portal.line.restore()

    expect(number(board)).to_have_text("A-003")
    expect(called(phone)).to_be_visible()
    for page in (board, phone):
        expect(banner(page)).to_be_hidden()
        expect(page.locator("html[data-old]")).to_have_count(0)
    assert_right(board, hall)
    # A-001 was fresh, and so is A-003; A-002 was called four minutes ago.
    assert_heard(board, times=2)


def test_a_line_that_died_without_a_word_is_noticed_and_opened_anew(hall, portal, open_screen):
    hall.issue()
    board = open_screen(BOARD, clock=True)
    streams = streams_of(board)

    portal.line.half_open()
    hall.call()
    board.clock.run_for(30_000)
    expect(banner(board)).to_be_visible()
    portal.line.restore()
    streams.clear()
    board.clock.run_for(FETCH_LIMIT)

    expect(number(board)).to_have_text("A-001")
    expect(banner(board)).to_be_hidden()
    board.clock.run_for(STREAM_RETRY)
    wait_until(lambda: board.evaluate("1") and streams, "the dead stream is not replaced")
    assert_right(board, hall)


def test_twin_a_silent_stream_that_is_never_given_up_stays_dead(hall, portal, open_screen):
    board = open_screen(BOARD, clock=True, script=[GIVING_UP])
    streams = streams_of(board)

    portal.line.half_open()
    board.clock.run_for(30_000)
    portal.line.restore()
    board.clock.run_for(FETCH_LIMIT + STREAM_RETRY)

    board.wait_for_timeout(1000)
    assert streams == []


def streams_of(page):
    """The streams that a page asks for from now on."""
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/live/" in request.url else 0)
    return asked


def test_a_reload_in_between_loses_and_repeats_nothing(hall, portal, open_screen):
    for _each in range(3):
        hall.issue()
    board = open_screen(BOARD)
    hall.call()
    expect(number(board)).to_have_text("A-001")
    assert_heard(board, times=1)

    portal.line.cut()
    hall.call(seat=1)
    portal.line.restore()
    board.reload()
    expect(number(board)).to_have_text("A-002")
    board.reload()
    hall.call(seat=2)
    expect(number(board)).to_have_text("A-003")

    assert_heard(board, times=3)
    assert_right(board, hall)


def test_a_slow_line_shows_the_calls_late_but_in_order(hall, portal, open_screen):
    for _each in range(9):
        hall.issue()
    board = open_screen(BOARD)

    portal.line.delay = 0.2
    for _each in range(3):
        for seat in range(3):
            hall.call(seat=seat)
            board.wait_for_timeout(60)
        for ticket in Ticket.objects.at_counter():
            hall.done(ticket.pk, seat=ticket.number % 3 - 1)
    portal.line.delay = 0

    expect(number(board)).to_have_text("A-009")
    wait_until(lambda: shown(board) == in_database(hall), "the board stays behind")
    assert_right(board, hall)


def test_a_fetch_that_fails_is_asked_again_and_not_passed_off_as_fresh(
    hall, portal, open_screen, watch
):
    watch.allow("status of 502")
    hall.issue()
    board = open_screen(BOARD, clock=True)

    board.route("**/papan/**", lambda route: route.fulfill(status=502))
    hall.call()
    board.clock.fast_forward(12_000)
    expect(banner(board)).to_be_visible()
    board.unroute("**/papan/**")

    expect(number(board)).to_have_text("A-001")
    expect(banner(board)).to_be_hidden()
    assert_right(board, hall)


def test_twin_a_failed_fetch_that_is_forgotten_leaves_the_board_behind(
    hall, portal, open_screen, watch
):
    watch.allow("status of 502")
    hall.issue()
    hall.issue()
    board = open_screen(BOARD, clock=True, script=[OWED])
    hall.call()
    expect(number(board)).to_have_text("A-001")
    board.wait_for_timeout(1000)  # whatever else was asked for has come

    board.route("**/papan/**", lambda route: route.fulfill(status=502))
    with board.expect_response("**/papan/**"):
        hall.call(seat=1)
    board.unroute("**/papan/**")
    stay_a_while(board)

    expect(number(board)).to_have_text("A-001")


def test_twin_without_catching_up_a_reconnected_board_stays_behind(hall, portal, open_screen):
    hall.issue()
    board = open_screen(BOARD, clock=True, script=[POLLING, CATCH_UP, RESYNC])

    portal.line.cut()
    wait_until(lambda: not portal.listeners(), "the stream survives the cut")
    hall.call()
    board.wait_for_timeout(300)  # the hint goes to nobody
    portal.line.restore()
    wait_until(portal.listeners, "the stream does not come back")
    stay_a_while(board)

    expect(number(board)).to_have_count(0)


def test_twin_with_the_hint_lost_and_without_polling_a_board_stays_behind(
    hall, portal, open_screen, watch
):
    watch.allow("403")
    hall.issue()
    board = open_screen(BOARD, clock=True, script=[POLLING])
    board.route("**/live/*", lambda route: route.fulfill(status=403))
    board.reload()

    hall.call()
    stay_a_while(board)

    expect(number(board)).to_have_count(0)


def test_without_a_stream_a_board_asks_within_three_seconds(hall, portal, open_screen, watch):
    watch.allow("403")
    for _each in range(2):
        hall.issue()
    board = open_screen(BOARD, clock=True)
    board.route("**/live/*", lambda route: route.fulfill(status=403))
    board.reload()
    board.clock.pause_at(board.evaluate("Date.now() + 1_000"))
    board.clock.run_for(RIGHT_WITHIN * 1000)
    expect(board.locator("html[data-stale]")).to_have_count(0)
    board.evaluate("sessionStorage.removeItem('notes')")

    for seat, text in enumerate(["A-001", "A-002"]):
        hall.call(seat=seat)
        board.clock.run_for(RIGHT_WITHIN * 1000)
        expect(number(board)).to_have_text(text)
    assert_right(board, hall)
    assert not notes_of(board).was_stale
