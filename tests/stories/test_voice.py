"""The board's voice: each call once, in order, never two at a time, and none that is old.

Sound itself is stubbed: what a player is asked to play, when, and how fast is written down, and
each clip ends after a moment. Whatever asks another host fails the story by itself.
"""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.conf import settings
from model_bakery import baker
from playwright.sync_api import expect

from accounts.roles import Role
from core import clock
from hall import access, devices, recordings
from hall.models import Device
from queueing import tickets
from tests.hall.conftest import appoint
from tests.hall.test_recordings import MP3, sound
from tests.recipes import make_hall
from tests.stories.conftest import assert_accessible, wait_until

BOARD = "/papan/mpp-uji/"
STUB = """
  window.heard = [];
  window.pace = 30;
  HTMLMediaElement.prototype.play = function () {
    if (window.refused) return Promise.reject(new DOMException("touch first", "NotAllowedError"));
    const clip = new URL(this.src).pathname.replace(/^.*\\/audio\\/|\\.mp3$/g, "");
    const entry = { clip, rate: this.playbackRate, from: performance.now() };
    if (this.volume === 1) window.heard.push(entry);
    const end = () => {
      if (window.held) return setTimeout(end, 10);
      entry.until = performance.now();
      this.dispatchEvent(new Event("ended"));
    };
    setTimeout(end, window.pace);
    return Promise.resolve();
  };
"""


@pytest.fixture
def hall(portal):
    return make_hall(counters=5)


@pytest.fixture
def open_board(open_page, portal, hall):
    """Open the board with its sound written down; settings are those of an enrolled device."""

    def open_(path=BOARD, *, script="", **settings):
        page = open_page("/masuk/", "board")
        if settings:
            enrol(page, hall, settings)
        page.add_init_script(STUB + script)
        page.goto(portal.url(path))
        wait_until(portal.listeners, "the board opens no stream")
        return page

    def enrol(page, hall, settings):
        device = baker.make(Device, mall=hall.mall, kind=Device.Kind.BOARD, name="x", **settings)
        code = devices.new_code(device, by=hall.officer, now=clock.now())
        _device, token = devices.enrol(code, now=clock.now())
        page.context.add_cookies([{"name": access.COOKIE, "value": token, "url": portal.url()}])

    return open_


def call(hall, *, seat=0):
    hall.issue(now=clock.now())
    return hall.call(now=clock.now(), seat=seat)


def sentence(digit, counter, language="id"):
    number = ["number", "letter-a", "digit-0", "digit-0", f"digit-{digit}"]
    return [f"{language}/{clip}" for clip in [*number, "counter", f"count-{counter}"]]


def twice(digit, counter):
    return ["chime", *sentence(digit, counter), *sentence(digit, counter)]


def heard(page):
    return [entry["clip"] for entry in page.evaluate("window.heard")]


def silence_after(page, count):
    """All that was heard once so many clips have been, and a second later nothing more."""
    wait_until(lambda: len(heard(page)) >= count, f"fewer than {count} clips are played")
    page.wait_for_timeout(1000)
    return heard(page)


def test_a_call_is_spoken_twice_and_never_again(hall, open_board, portal):
    page = open_board()
    call(hall)

    assert silence_after(page, 15) == twice(1, 1)
    hall.issue(now=clock.now())  # another picture with the same call in it
    expect(page.locator(".waits b").first).to_have_text("1")
    page.wait_for_timeout(500)
    assert heard(page) == twice(1, 1)
    page.reload()
    wait_until(portal.listeners, "the board opens no stream")
    page.wait_for_timeout(1000)
    assert heard(page) == []


def test_after_a_cut_line_nothing_is_said_twice(hall, open_board, portal, watch):
    watch.cut_line()
    page = open_board()
    call(hall)
    silence_after(page, 15)

    portal.stop()
    second = call(hall, seat=1)
    portal.start()
    wait_until(portal.listeners, "the board does not come back")

    assert silence_after(page, 30) == [*twice(1, 1), *twice(2, 2)]
    assert second


def test_two_calls_at_once_are_spoken_one_after_the_other(hall, open_board):
    page = open_board()
    call(hall)
    call(hall, seat=1)

    assert silence_after(page, 30) == [*twice(1, 1), *twice(2, 2)]
    played = page.evaluate("window.heard")
    assert all(earlier["until"] <= later["from"] for earlier, later in pairwise(played))


def test_a_crowd_of_calls_is_said_once_each_until_it_is_gone(hall, open_board):
    page = open_board(script="window.held = true;")
    for seat in range(5):
        call(hall, seat=seat)
    expect(page.locator("#suara p")).to_have_count(5)

    page.evaluate("window.held = false")

    said = silence_after(page, 5 * 8 + 3 * 7)
    assert said.count("chime") == 5
    assert [said.count(f"id/digit-{digit}") for digit in range(1, 6)] == [1, 1, 2, 2, 2]


def test_a_slow_recall_is_a_call_of_its_own_at_three_quarters_of_the_speed(hall, open_board):
    page = open_board()
    called = call(hall)
    silence_after(page, 15)
    page.evaluate("window.heard.length = 0")
    hall.act(tickets.recall, called, now=clock.now(), slow=True)

    again = ["id/again-2", *sentence(1, 1)]
    assert silence_after(page, 17) == ["chime", *again, *again]
    rates = [entry["rate"] for entry in page.evaluate("window.heard")]
    assert (rates[0], set(rates[1:])) == (1, {0.75})


def test_a_call_older_than_twenty_seconds_stays_silent(hall, open_board, hall_time):
    call(hall)
    hall_time(clock.now() + timedelta(seconds=30))
    call(hall, seat=1)

    page = open_board()

    expect(page.locator("#suara p")).to_have_count(2)
    assert silence_after(page, 15) == twice(2, 2)


def test_the_age_of_a_call_is_told_by_the_clock_of_the_hall(hall, open_board):
    wrong = "const real = Date.now; Date.now = () => real() - 3_600_000;"
    page = open_board(script=wrong)

    call(hall)

    assert silence_after(page, 15) == twice(1, 1)


def test_a_call_undone_before_its_turn_is_not_spoken(hall, open_board):
    page = open_board(script="window.held = true;")
    call(hall)
    mistaken = call(hall, seat=1)
    expect(page.locator("#suara p")).to_have_count(2)
    hall.act(tickets.undo, mistaken, now=clock.now(), seat=1)
    expect(page.locator("#suara p")).to_have_count(1)

    page.evaluate("window.held = false")

    assert silence_after(page, 15) == twice(1, 1)


def test_the_english_round_comes_last(hall, open_board):
    page = open_board(speaks_english=True)
    call(hall, seat=1)

    assert silence_after(page, 22) == [*twice(1, 2), *sentence(1, 2, "en")]


def test_a_silent_board_says_nothing_and_asks_nobody_for_sound(hall, open_board):
    page = open_board(voice=Device.Voice.SILENT)
    call(hall)

    expect(page.locator("#suara p")).to_have_count(1)
    page.wait_for_timeout(1000)
    assert heard(page) == []
    expect(page.locator("[data-sound-on]")).to_be_hidden()


def test_a_browser_that_wants_a_touch_first_gets_a_button(hall, open_board):
    page = open_board(script="window.refused = true;")
    button = page.get_by_role("button", name="Nyalakan suara")
    expect(button).to_be_visible()
    call(hall)
    expect(page.locator("#suara p")).to_have_count(1)

    page.evaluate("window.refused = false")
    button.click()

    expect(button).to_be_hidden()
    # Both players are tried by the touch; then the call that came meanwhile.
    assert silence_after(page, 17) == ["chime", "chime", *twice(1, 1)]


def test_a_clip_that_does_not_load_silences_its_call_and_not_the_board(hall, open_board, watch):
    watch.allow("status of 404")
    page = open_board()
    page.route("**/id/digit-1.mp3", lambda route: route.fulfill(status=404))
    call(hall)
    expect(page.locator(".call .who .number")).to_have_text("A-001")
    page.wait_for_timeout(500)
    assert heard(page) == []

    call(hall, seat=1)

    assert silence_after(page, 15) == twice(2, 2)


def test_the_mall_s_own_recording_is_played(hall, open_board):
    # Real sound: the browser loads it although nothing is heard, and noise would be an error of it.
    spoken = (settings.BASE_DIR / "static/audio/en/digit-1.mp3").read_bytes()
    recordings.save(hall.mall, "id/digit-1", sound(spoken), by=hall.officer, now=clock.now())
    page = open_board()
    call(hall)

    own = recordings.addresses(hall.mall)["id/digit-1"]
    assert silence_after(page, 15) == [
        own if clip == "id/digit-1" else clip for clip in twice(1, 1)
    ]


def test_the_device_s_own_indonesian_voice_says_the_same_words(hall, open_board):
    speech = """
      window.words = [];
      const voices = [{ lang: "id-ID", localService: false }, { lang: "id-ID", localService: true }];
      Object.defineProperty(window, "speechSynthesis", { value: {
        getVoices: () => voices,
        speak: (said) => { window.words.push([said.text, said.voice === voices[1]]); setTimeout(said.onend, 30); },
      } });
      window.SpeechSynthesisUtterance = function (text) { this.text = text; };
    """
    page = open_board(script=speech, voice=Device.Voice.BROWSER)
    call(hall)

    assert silence_after(page, 1) == ["chime"]
    words = page.locator("#suara p").inner_text()
    assert page.evaluate("window.words") == [[words, True], [words, True]]


def test_without_an_indonesian_voice_the_clips_are_played(hall, open_board):
    page = open_board(voice=Device.Voice.BROWSER)
    call(hall)

    assert silence_after(page, 15) == twice(1, 1)


@pytest.mark.parametrize("how", ["key", "button"])
def test_the_last_call_is_repeated_slowly_on_request(hall, open_board, how):
    page = open_board()
    call(hall)
    silence_after(page, 15)
    page.evaluate("window.heard.length = 0")
    button = page.get_by_role("button", name="Ulangi pelan")

    if how == "key":
        page.keyboard.press("u")
    else:
        button.focus()
        page.keyboard.press("Enter")

    assert silence_after(page, 8) == ["chime", *sentence(1, 1)]
    assert page.evaluate("window.heard.at(-1).rate") == 0.75


def test_a_board_of_one_place_speaks_only_its_calls(hall, open_board):
    hall.counters[1].place = "Lantai 2"
    hall.counters[1].save()
    page = open_board(f"{BOARD}?letak=Lantai%202")
    call(hall)
    call(hall, seat=1)

    assert silence_after(page, 15) == twice(2, 2)


def test_what_was_spoken_is_remembered_in_a_bounded_list(hall, open_board):
    page = open_board(script="window.pace = 0;")
    page.evaluate(
        "localStorage.setItem(`spoken ${location.pathname}`, JSON.stringify([...Array(200).keys()]))"
    )
    call(hall)
    silence_after(page, 15)

    kept = page.evaluate("JSON.parse(localStorage.getItem(`spoken ${location.pathname}`))")
    assert len(kept) == 60
    assert [str(each).count("-") for each in kept[-2:]] == [0, 1]


def test_the_words_of_the_voice_are_those_of_the_live_region(hall, open_board):
    page = open_board()
    call(hall, seat=1)

    region = page.locator("#suara")
    expect(region).to_have_attribute("aria-live", "polite")
    expect(region.locator("p")).to_have_text(
        "Nomor antrean A, nol, nol, satu, silakan menuju loket dua."
    )


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_an_admin_gives_the_boards_a_voice_of_their_own(hall, open_page, sign_in, portal, size):
    page = open_page("/masuk/", size)
    sign_in(page, appoint(Role.MALL_ADMIN, mall=hall.mall))
    page.goto(portal.url("/petugas/mal/mpp-uji/suara/"))
    assert_accessible(page)

    page.get_by_text("Angka nomor antrean (bahasa Indonesia)").click()
    row = page.get_by_role("listitem").filter(has_text="nol")
    row.get_by_label("Berkas rekaman: nol").set_input_files(
        {"name": "nol.mp3", "mimeType": "audio/mpeg", "buffer": MP3}
    )
    row.get_by_role("button", name="Simpan").click()

    expect(page.get_by_text("Rekaman tersimpan dan langsung dipakai.")).to_be_visible()
    assert list(recordings.addresses(hall.mall)) == ["id/digit-0"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
