"""The console beyond calling: notes, missing papers, closing, help; by keyboard, without reload."""

from datetime import time

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.roles import Role
from agencies.models import Counter, CounterDay
from core import memo
from core.proof import Scope
from hall import alarms, announcements, closures
from hall.models import Alarm, Closure
from queueing import desks, invariants, notes, tickets
from queueing.models import Note, Shortfall, Ticket
from queueing.states import Priority, State
from services.models import CounterQueue
from tests.recipes import (
    at,
    make_hall,
    make_officer,
    make_presence,
    make_queue,
    make_service,
    ticket,
)
from tests.stories.conftest import assert_accessible, wait_until

TEXT = "Akta sudah dicetak, tinggal paspor."
PEACE = 450  # ms between two presses of a person


@pytest.fixture
def hall(portal):
    """A registry with two counters and an immigration office with one."""
    hall = make_hall(counters=2)
    hall.service.requirements = [
        {"text": "KTP-el", "note": "Asli"},
        {"text": "Kartu Keluarga", "note": "Asli dan fotokopi"},
        {"text": "Surat keterangan kelahiran dari rumah sakit atau bidan", "note": ""},
    ]
    hall.service.save()
    presence = make_presence(hall.mall, "Kantor Imigrasi Kelas I Non TPI Bekasi")
    queue = make_queue(presence, "B")
    hall.extra["paspor"] = make_service(queue, "Paspor baru")
    counter = Counter.objects.create(mall=hall.mall, number="12")
    CounterDay.objects.create(counter=counter, presence=presence, weekday=0)
    CounterQueue.objects.create(counter=counter, queue=queue)
    hall.counters.append(counter)
    hall.officers.append(make_officer(presence))
    memo.clear_all()
    desks.open_(counter, by=hall.officers[2], now=at(8))
    return hall


@pytest.fixture
def console(hall, open_page, sign_in):
    """The console of a seat, with its officer in front of it; a reload would lose the mark."""

    def sit_down(seat=0, size="desktop", **options):
        page = open_page("/masuk/", size, **options)
        sign_in(page, hall.officers[seat])
        page.goto(page.url.replace("/masuk/", reverse("desk", args=[hall.counters[seat].pk])))
        if options.get("java_script_enabled", True):
            expect(page.locator(".live-ok")).to_be_visible()
            page.evaluate("window.mark = true")
        return page

    return sit_down


def is_same_page(page):
    return page.evaluate("window.mark === true")


def press(page, *keys):
    """Press keys no faster than a person."""
    for each in keys:
        page.wait_for_timeout(PEACE)
        page.keyboard.press(each)


def primary(page):
    return page.locator(".do .big")


def news(page):
    return page.locator(".news")


def serve(hall, page):
    """Call and serve the next person by keyboard."""
    press(page, "Enter")
    expect(primary(page)).to_contain_text("Mulai layani")
    press(page, "Enter")
    expect(primary(page)).to_contain_text("Selesai")


def is_green():
    return [verdict.id for verdict in invariants.verify(Scope()) if verdict.breaches] == []


def test_a_visit_goes_on_to_the_next_agency_by_keyboard_only(hall, console):
    first = hall.issue()
    here, there = console(), console(seat=2)
    press(here, "Enter")
    expect(primary(here)).not_to_contain_text("Panggil berikutnya")
    press(here, "p")
    expect(here.locator("#tekan-ulang")).to_contain_text("1 dari 3")
    assert ticket(first).is_slow is True
    press(here, "Enter")
    expect(primary(here)).to_contain_text("Selesai")

    press(here, "k", "2")
    expect(here.locator(".papers .no")).to_contain_text("Kurang: Kartu Keluarga")
    expect(here.locator(".foot")).to_contain_text("Berkas kurang 1 orang")
    press(here, "k", "1")
    expect(here.locator(".papers .no")).to_have_count(2)
    press(here, "k", "1")
    expect(here.locator(".papers .no")).to_have_count(1)
    press(here, "c")
    expect(here.locator("#catat textarea")).to_be_focused()
    here.keyboard.type(TEXT)
    press(here, "Tab", "Tab", "Enter")
    expect(here.locator(".said")).to_contain_text(TEXT)
    press(here, "a")
    here.keyboard.type("Paspor")
    press(here, "Tab")
    here.keyboard.type("Kartu keluarga menyusul besok.")
    press(here, "Tab", "Tab", "Enter")
    expect(here.locator(".now .none")).to_have_text("Tidak ada nomor di loket")

    expect(primary(there)).to_contain_text("Panggil berikutnya: B-001")
    assert TEXT not in there.content()
    read_and_finish(there)
    assert [shortfall.requirement for shortfall in Shortfall.objects.all()] == ["Kartu Keluarga"]
    assert Ticket.objects.get(service=hall.extra["paspor"]).state == State.DONE
    assert is_same_page(here)
    assert is_same_page(there)
    assert is_green()


def read_and_finish(page):
    """The next officer calls, reads what was written, serves; then it is gone."""
    press(page, "Enter")
    expect(page.locator(".said")).to_have_count(2)
    expect(page.locator(".said").first).to_contain_text("Dinas Uji, Loket 1, 09.00 WIB")
    expect(page.locator(".said").first).to_contain_text(TEXT)
    press(page, "Enter")
    expect(primary(page)).to_contain_text("Selesai")  # keys wait for no answer
    press(page, "s")
    expect(page.locator(".now .none")).to_be_visible()
    assert TEXT not in page.content()


def test_a_counter_is_closed_with_the_supervisors_word_and_opens_by_itself(
    hall, console, hall_time
):
    supervisor = make_officer(hall.presence, Role.SUPERVISOR)
    first = hall.issue()
    page = console()
    press(page, "x")
    expect(page.locator("#tutup-alasan")).to_be_focused()
    page.keyboard.type("Ibadah")
    press(page, "Tab", "Tab", "Tab", "Enter")
    expect(news(page)).to_contain_text("Menunggu persetujuan penyelia: tutup sampai 09.15 WIB")
    press(page, "x")
    expect(news(page)).not_to_contain_text("Menunggu")
    press(page, "x")
    page.keyboard.type("Ibadah")
    press(page, "Tab", "Tab", "Tab", "Enter")
    expect(news(page)).to_contain_text("Menunggu persetujuan penyelia")
    serve(hall, page)

    asked = Closure.objects.get(state=Closure.State.REQUESTED)
    closures.decide(asked, approve=True, by=supervisor, now=at(9, 1))
    expect(news(page)).to_contain_text("Ditutup sampai 09.15 WIB")
    press(page, "Enter")
    expect(page.locator(".now .none")).to_have_text("Ditutup sampai 09.15 WIB")
    assert ticket(first).state == State.DONE
    expect(primary(page)).to_contain_text("Buka sekarang")
    assert_accessible(page)

    hall_time(at(9, 14, 57))
    hall.issue(now=at(9, 14, 57))
    expect(page.locator(".wait h2")).to_have_text("1 menunggu")
    expect(primary(page)).to_contain_text("Buka sekarang")
    expect(primary(page)).to_contain_text("Panggil berikutnya: A-002")
    press(page, "Enter")
    expect(primary(page)).to_contain_text("Mulai layani")
    assert is_same_page(page)
    assert is_green()


def test_opening_early_is_one_press_and_the_next_one_calls(hall, console):
    closures.close(
        hall.counter, reason=Closure.Reason.PRAYER, until=at(12), by=hall.officer, now=at(9)
    )
    hall.issue()
    page = console()

    press(page, "Enter")
    expect(primary(page)).to_contain_text("Panggil berikutnya: A-001")
    press(page, "Enter")

    expect(primary(page)).to_contain_text("Mulai layani")


def test_help_is_called_by_two_presses_and_never_by_one(hall, console):
    page = console()
    press(page, "!")
    expect(page.locator("#darurat")).to_be_visible()
    press(page, "Enter")
    expect(page.locator("#darurat")).to_be_hidden()
    assert Alarm.objects.count() == 0

    press(page, "!", "!")
    expect(news(page)).to_contain_text("Penyelia sudah dipanggil 09.00 WIB")
    press(page, "!")
    expect(page.locator("#darurat")).to_be_hidden()
    alarms.answer(Alarm.objects.get(), by=hall.officers[1], now=at(9, 4))

    expect(news(page)).to_contain_text("Panggilan darurat ditanggapi 09.04 WIB")
    assert is_same_page(page)


def test_a_draft_never_passes_to_another_note_or_person(hall, console):
    hall.issue()
    hall.issue()
    page = console()
    serve(hall, page)
    press(page, "c")
    page.keyboard.type(TEXT)
    press(page, "Tab", "Tab", "Enter")
    expect(page.locator(".said")).to_be_visible()
    expect(page.locator("#catat textarea")).to_have_value("")
    for dialog in ("c", "a"):
        press(page, dialog)
        page.locator(":popover-open textarea").fill("Hanya untuk orang ini")
        page.keyboard.press("Escape")
    press(page, "Enter")
    expect(primary(page)).to_contain_text("Mulai layani")
    press(page, "Enter")
    expect(primary(page)).to_contain_text("Selesai")

    assert [area.input_value() for area in page.locator("textarea").all()] == ["", ""]


def test_a_refused_note_stays_to_be_mended(hall, console, watch):
    watch.allow("422")
    hall.issue()
    page = console()
    serve(hall, page)
    press(page, "c")
    page.keyboard.type("Telepon 0812 3456 7890")
    press(page, "Tab", "Tab", "Enter")
    expect(page.locator("#flash")).to_contain_text("Catatan tidak boleh memuat NIK")

    press(page, "c")
    expect(page.locator("#catat textarea")).to_have_value("Telepon 0812 3456 7890")
    page.locator("#catat textarea").fill("Telepon ada di berkas")
    press(page, "Tab", "Tab", "Enter")

    expect(page.locator(".said")).to_contain_text("Telepon ada di berkas")
    expect(page.locator("#flash")).not_to_contain_text("NIK")
    assert Note.objects.count() == 1


def test_keys_of_the_console_are_quiet_in_a_dialog(hall, console):
    first = hall.issue()
    page = console()
    serve(hall, page)

    press(page, "k", "s", "x", "!")

    expect(page.locator("#berkas")).to_be_visible()
    expect(page.locator(":popover-open")).to_have_count(1)
    assert ticket(first).state == State.SERVING


def test_without_a_script_notes_and_papers_work_by_their_forms(hall, console):
    hall.issue()
    hall.act(tickets.serve, hall.call())
    page = console(java_script_enabled=False)

    page.get_by_role("button", name="Catatan").click()
    page.locator("#catat textarea").fill(TEXT)
    page.get_by_role("button", name="Simpan").click()
    expect(page.locator(".said")).to_contain_text(TEXT)
    page.get_by_role("button", name="Berkas kurang").click()
    page.locator("#berkas").get_by_role("button", name="KTP-el").click()

    expect(page.locator(".papers .no")).to_contain_text("KTP-el")


def test_a_console_that_lives_all_day_does_not_grow(hall, console):
    hall.issue()
    page = console()
    serve(hall, page)

    def hear(number):
        until = at(15)
        said = announcements.say(
            hall.mall,
            f"Pengumuman {number}",
            ends_at=until,
            on_boards=True,
            on_phones=False,
            by=hall.officer,
            now=at(9),
        )
        expect(news(page)).to_contain_text(f"Pengumuman {number}")
        announcements.withdraw(said, by=hall.officer, now=at(9))
        expect(news(page)).not_to_contain_text("Pengumuman")

    def nodes():
        walk = "document.createNodeIterator(document, NodeFilter.SHOW_ALL)"
        return page.evaluate(
            f"() => {{ let n = 0; const i = {walk}; while (i.nextNode()) n++; return n }}"
        )

    hear(0)
    before = nodes()
    for number in range(1, 26):
        hear(number)

    assert nodes() == before


@pytest.mark.parametrize(("theme", "width", "height"), [("light", 1280, 720), ("dark", 1024, 768)])
def test_everything_at_once_fits_without_scrolling(hall, console, theme, width, height):
    first = crowd(hall)
    page = console(color_scheme=theme)
    page.set_viewport_size({"width": width, "height": height})

    def check():
        page.wait_for_timeout(300)
        assert_fits(page, width, height)
        assert_accessible(page)

    check()
    alarms.raise_(hall.counter, by=hall.officer, now=at(9))
    until, reason = at(13), Closure.Reason.MEETING
    asked = closures.request(hall.counter, reason=reason, until=until, by=hall.officer, now=at(9))
    announcements.say(
        hall.mall,
        "Mulai pukul 14.00 listrik dipadamkan bergantian; simpan pekerjaan Anda lebih dahulu.",
        ends_at=at(15),
        on_boards=True,
        on_phones=False,
        by=hall.officer,
        now=at(9),
    )
    expect(news(page)).to_contain_text("listrik")
    check()
    while hall.call(now=at(9)) != Ticket.objects.get(came_from=first).pk:
        called = Ticket.objects.at_counter().get(counter=hall.counter).pk
        hall.act(tickets.skip, called, now=at(9))
    expect(page.locator(".said")).to_be_visible()
    check()
    press(page, "Enter")
    expect(primary(page)).to_contain_text("Selesai")
    check()
    for key in ("k", "c", "a", "?"):
        press(page, key)
        check()
        page.keyboard.press("Escape")
    closures.decide(asked, approve=True, by=hall.officers[1], now=at(9, 1))
    expect(news(page)).to_contain_text("Ditutup sampai 13.00 WIB")
    check()


def crowd(hall):
    """Long names, a long line, somebody absent, and a note coming from the other agency."""
    hall.presence.agency.name = "Dinas Kependudukan dan Pencatatan Sipil Kabupaten Bekasi"
    hall.presence.agency.save()
    CounterDay.objects.update(break_from=time(12), break_until=time(13))
    first = hall.issue(service=hall.extra["paspor"], now=at(8, 1))
    hall.call(seat=2, now=at(8, 2))
    hall.act(tickets.serve, first, seat=2, now=at(8, 3))
    words = {"text": "Paspor anak menunggu akta. " * 7, "service_id": hall.service.pk}
    hall.act(notes.transfer, first, seat=2, now=at(8, 20), **words)
    for minute in range(14):
        hall.issue(now=at(8, 21 + minute), priority=Priority(minute % 5))
    hall.act(tickets.skip, hall.call(seat=1, now=at(8, 40)), seat=1, now=at(8, 41))
    return first


def assert_fits(page, width, height):
    """Nothing scrolls but lists, and every button of the bars and of the card is in sight."""
    root = "document.documentElement"
    assert page.evaluate(f"[{root}.scrollWidth, {root}.scrollHeight]") == [width, height]
    buttons = page.locator(
        ":is(.bar, .news, .do, .foot) .btn:visible, .said:visible, :popover-open .btn:visible"
    )
    for box in (button.bounding_box() for button in buttons.all()):
        assert box["x"] >= 0
        assert box["y"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["y"] + box["height"] <= height
    covered = page.evaluate(
        "[...document.querySelectorAll('.now > *')].some((part) =>"
        " part.getBoundingClientRect().bottom"
        " > part.parentElement.getBoundingClientRect().bottom + 1)"
    )
    assert covered is False


def test_an_officer_who_lost_the_seat_reads_no_note(hall, console, watch):
    watch.allow("409")
    hall.issue()
    page = console()
    serve(hall, page)
    press(page, "c")
    page.keyboard.type(TEXT)
    press(page, "Tab", "Tab", "Enter")
    expect(page.locator(".said")).to_be_visible()

    desks.open_(
        hall.counter, by=make_officer(hall.presence, Role.SUPERVISOR), now=at(9), take_over=True
    )

    wait_until(lambda: TEXT not in page.content(), "the note is still there")
