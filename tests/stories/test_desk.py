"""An officer at the console: a morning by keyboard, by mouse, and what others do meanwhile."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from agencies.models import Counter, CounterDay
from core import memo
from queueing import tickets
from queueing.models import Desk, Ticket, TicketEvent
from queueing.states import Move, Priority, State
from tests.recipes import at, make_hall, make_presence, make_queue, make_service, ticket
from tests.stories.conftest import SIZES, assert_accessible, stand_still, wait_until


@pytest.fixture
def hall(portal):
    return make_hall(counters=2)


@pytest.fixture
def console(hall, open_page, sign_in):
    """The console of a seat, with its officer in front of it."""

    def sit_down(seat=0, size="desktop", **options):
        page = open_page("/masuk/", size, **options)
        sign_in(page, hall.officers[seat])
        page.goto(page.url.replace("/masuk/", address(hall, seat)))
        if options.get("java_script_enabled", True):
            expect(page.locator(".live-ok")).to_be_visible()
        return page

    return sit_down


def address(hall, seat=0):
    return reverse("desk", args=[hall.counters[seat].pk])


def number(page):
    return page.locator(".now .n, .now .none")


def primary(page):
    return page.locator(".do .big")


def press(page, key, shows):
    """Press a key no faster than a person, and wait for what it leads to."""
    page.wait_for_timeout(450)
    page.keyboard.press(key)
    expect(primary(page)).to_contain_text(shows)


def test_an_officer_works_a_morning_by_keyboard_only(hall, console):
    other = make_service(make_queue(hall.presence, "B"), "Pengambilan")
    for minute in range(3):
        hall.issue(now=at(8, 40 + minute))
    page = console()

    expect(primary(page)).to_be_focused()
    press(page, "Enter", "Mulai layani")
    expect(number(page)).to_have_text("A-001")
    page.wait_for_timeout(450)
    page.keyboard.press("u")
    expect(page.locator("#tekan-ulang")).to_contain_text("1 dari 3")
    press(page, "b", "Panggil berikutnya: A-001")
    press(page, "Enter", "Mulai layani")
    press(page, "Enter", "Selesai, panggil berikutnya: A-002")
    press(page, "Enter", "Mulai layani")
    expect(number(page)).to_have_text("A-002")
    press(page, "l", "Panggil berikutnya: A-003")
    press(page, "Enter", "Mulai layani")
    press(page, "Enter", "Selesai, panggil berikutnya")
    page.keyboard.press("a")
    expect(page.locator("#alihkan-layanan")).to_be_focused()
    page.keyboard.type("Pengambilan")
    page.wait_for_timeout(450)
    for key in ("Tab", "Tab", "Tab", "Enter"):  # past the note, which is not needed
        page.keyboard.press(key)
    expect(number(page)).to_have_text("Tidak ada nomor di loket")
    press(page, "i", "Lanjutkan tugas")
    press(page, "Enter", "Panggil berikutnya")
    page.keyboard.press("?")
    expect(page.locator("#tombol")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#tombol")).to_be_hidden()

    states = dict(Ticket.objects.values_list("number", "state").filter(day__queue=hall.queue))
    assert states == {1: State.DONE, 2: State.NO_SHOW, 3: State.TRANSFERRED}
    assert Ticket.objects.get(service=other).state == State.WAITING


def test_an_officer_works_by_mouse(hall, console):
    for minute in range(4):
        hall.issue(now=at(8, 40 + minute), priority=Priority.NONE)
    page = console()

    page.get_by_role("button", name="Dahulukan A-003").click()
    expect(page.locator("#pilih-nomor")).to_have_value(str(Ticket.objects.get(number=3).pk))
    page.select_option("#pilih-alasan", label="Keadaan kesehatan mendesak")
    page.locator("#pilih .primary").click()
    expect(number(page)).to_have_text("A-003")
    page.wait_for_timeout(450)
    page.get_by_role("button", name="Mulai layani").click()
    expect(primary(page)).to_contain_text("Selesai, panggil berikutnya: A-001")
    page.wait_for_timeout(450)
    page.get_by_role("button", name="Tunda").click()
    expect(page.locator(".away")).to_contain_text("Ditunda")
    page.wait_for_timeout(450)
    page.get_by_role("button", name="Panggil lagi").click()
    expect(number(page)).to_have_text("A-003")
    page.wait_for_timeout(450)
    page.get_by_role("button", name="Lewati").click()
    expect(page.locator(".away")).to_contain_text("Tidak hadir")
    page.wait_for_timeout(450)
    page.get_by_role("button", name="Kembalikan").click()
    expect(page.locator(".wait h2")).to_have_text("4 menunggu")
    page.wait_for_timeout(450)
    page.get_by_role("button", name="Selesai bertugas").click()
    expect(primary(page)).to_contain_text("Mulai bertugas")

    assert Desk.objects.get(counter=hall.counter).officer is None


def test_a_double_click_and_a_held_key_are_one_act(hall, console):
    for _ in range(3):
        hall.issue()
    page = console()

    page.locator(".do .big").dblclick()
    expect(number(page)).to_have_text("A-001")
    page.wait_for_timeout(600)
    assert ticket(Ticket.objects.get(number=1).pk).state == State.CALLED

    page.keyboard.down("Enter")
    for _ in range(20):
        page.keyboard.down("Enter")  # what a held key sends
    page.keyboard.up("Enter")
    expect(primary(page)).to_contain_text("Selesai, panggil berikutnya")
    page.wait_for_timeout(600)
    moves = list(TicketEvent.objects.exclude(move=Move.ISSUE).values_list("move", flat=True))
    assert moves == [Move.CALL, Move.SERVE]


def test_keys_are_quiet_while_somebody_chooses(hall, console):
    first = hall.issue()
    page = console()
    press(page, "Enter", "Mulai layani")
    press(page, "Enter", "Selesai, panggil berikutnya")

    page.keyboard.press("a")
    page.keyboard.press("s")
    page.wait_for_timeout(600)

    expect(page.locator("#alihkan")).to_be_visible()
    assert ticket(first).state == State.SERVING


def test_a_refusal_is_a_sentence_and_the_screen_stays(hall, console, watch):
    watch.allow("409")
    first = hall.issue()
    page = console()
    press(page, "Enter", "Mulai layani")
    # Behind the back of the screen, which therefore is old.
    Ticket.objects.filter(pk=first).update(state=State.DONE, ended_at=at(9))

    page.wait_for_timeout(450)
    page.keyboard.press("Enter")

    expect(page.locator("#flash")).to_contain_text("Nomor ini sudah berstatus Selesai.")
    expect(number(page)).to_have_text("A-001")
    expect(primary(page)).to_contain_text("Mulai layani")


def test_what_another_counter_does_is_seen_at_once(hall, portal, console):
    hall.issue(now=at(8, 50))
    hall.issue(now=at(8, 51))
    page = console()
    expect(page.locator(".wait h2")).to_have_text("2 menunggu")
    stand_still(page, portal)

    hall.call(seat=1)
    expect(page.locator(".wait h2")).to_have_text("1 menunggu")
    expect(primary(page)).to_contain_text("Panggil berikutnya: A-002")
    hall.issue()
    expect(page.locator(".wait h2")).to_have_text("2 menunggu")
    expect(primary(page)).to_be_focused()


def test_a_choice_being_made_is_not_taken_away_by_news(hall, console):
    for _ in range(3):
        hall.issue()
    page = console()
    page.get_by_role("button", name="Dahulukan A-003").click()
    page.select_option("#pilih-alasan", label="Memperbaiki kekeliruan kantor")

    hall.call(seat=1)
    page.wait_for_timeout(800)
    expect(page.locator("#pilih-alasan")).to_have_value("4")
    expect(page.locator(".wait h2")).to_have_text("3 menunggu")
    page.keyboard.press("Escape")

    expect(page.locator(".wait h2")).to_have_text("2 menunggu")


def test_taking_over_is_seen_by_who_sat_there(hall, console):
    hall.issue()
    sitting, coming = console(seat=1), console(seat=0)
    coming.goto(coming.url.replace(address(hall, 0), address(hall, 1)))
    expect(coming.locator(".do")).to_contain_text("Ambil alih dari")

    coming.get_by_role("button", name="Ambil alih dari").click()
    expect(primary(coming)).to_contain_text("Panggil berikutnya")

    expect(sitting.locator(".do")).to_contain_text("layarnya tidak dapat memanggil lagi")
    sitting.wait_for_timeout(450)
    sitting.keyboard.press("Enter")
    sitting.wait_for_timeout(450)
    assert ticket(Ticket.objects.get().pk).state == State.WAITING


def test_the_service_clock_ticks_and_undo_runs_out(hall, console, hall_time):
    hall.issue()
    page = console()
    press(page, "Enter", "Mulai layani")
    clock = page.locator("[data-begun]")
    begun = clock.text_content()
    expect(page.locator("#tekan-batalkan")).to_be_visible()

    wait_until(lambda: clock.text_content() > begun, "the clock stands still")
    page.evaluate(
        "document.querySelector('[data-until]').dataset.until ="
        " Number(document.getElementById('desk').dataset.now) - 1000"
    )
    expect(page.locator("#tekan-batalkan button")).to_be_hidden()


def test_without_a_script_the_console_works_by_its_forms(hall, console):
    first, second = hall.issue(now=at(8, 50)), hall.issue(now=at(8, 51))
    page = console(java_script_enabled=False)
    expect(page.locator("kbd").first).to_be_hidden()

    primary(page).click()
    expect(number(page)).to_have_text("A-001")
    primary(page).click()
    expect(primary(page)).to_contain_text("Selesai, panggil berikutnya: A-002")
    primary(page).click()

    expect(number(page)).to_have_text("A-002")
    assert (ticket(first).state, ticket(second).state) == (State.DONE, State.CALLED)


@pytest.mark.parametrize("size", ["phone", "tablet", "desktop"])
def test_the_console_fits_and_is_accessible_in_every_state(hall, console, size):
    presence = make_presence(hall.mall, "BPJS Ketenagakerjaan")
    presence.agency.name = "Badan Penyelenggara Jaminan Sosial Ketenagakerjaan Cabang Bekasi"
    presence.agency.save()
    make_service(make_queue(presence, "B"))
    other = Counter.objects.create(mall=hall.mall, number="9")
    CounterDay.objects.create(counter=other, presence=presence, weekday=0)
    memo.clear_all()
    for minute in range(12):
        hall.issue(now=at(8, 20 + minute), priority=Priority(minute % 5))
    hall.act(tickets.skip, hall.call(now=at(8, 45)), now=at(8, 46))
    page = console(size=size)

    for state in ("Mulai layani", "Selesai, panggil berikutnya"):
        assert_fits(page, size)
        assert_accessible(page)
        page.wait_for_timeout(450)
        primary(page).click()
        expect(primary(page)).to_contain_text(state)
    assert_fits(page, size)
    assert_accessible(page)
    page.get_by_role("button", name="Alihkan").first.click()
    assert_accessible(page)


def assert_fits(page, size):
    width, height = SIZES[size]
    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollWidth") <= width
    if size == "desktop":
        assert page.evaluate(f"{root}.scrollHeight") <= height
        for button in page.locator(".do .btn:visible").all():
            box = button.bounding_box()
            assert box["y"] + box["height"] <= height - 44


@pytest.mark.parametrize("name", ["staff", "counters", "staff_figures", "login"])
@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_the_rooms_of_the_staff_are_accessible(hall, open_page, sign_in, name, size):
    hall.done(hall.issue() and hall.call())
    page = open_page("/masuk/", size)
    if name != "login":
        sign_in(page, hall.officer)
        page.goto(page.url.replace("/masuk/", reverse(name)))

    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0]
    assert_accessible(page)


def test_an_officer_signs_in_and_out(hall, open_page, watch):
    hall.officer.set_password("rahasia-di-loket-7")
    hall.officer.save()
    page = open_page("/loket/")
    page.fill("#id_username", hall.officer.username)
    page.fill("#id_password", "salah")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Nama pengguna atau sandi tidak cocok.")
    expect(page.locator("#id_username")).to_have_value(hall.officer.username)

    page.fill("#id_password", "rahasia-di-loket-7")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Pilih Loket")).to_be_visible()
    page.get_by_role("button", name="Keluar").first.click()
    expect(page.get_by_role("heading", name="Masuk Petugas")).to_be_visible()


def test_the_admin_runs_under_the_same_policy(hall, portal, open_page, sign_in):
    hall.officer.is_superuser = hall.officer.is_staff = True
    hall.officer.save()
    page = open_page("/masuk/")
    sign_in(page, hall.officer)

    for path in (
        "/admin/",
        "/admin/agencies/mall/",
        f"/admin/agencies/mall/{hall.mall.pk}/change/",
    ):
        page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/", 3)[2] + path)
        expect(page.locator("#content")).to_be_visible()


def test_a_press_that_nobody_answers_is_said_until_the_line_is_back(hall, portal, console, watch):
    watch.cut_line()
    hall.issue(now=at(8, 40))
    page = console()
    said = page.get_by_text("Belum ada jawaban dari server.")

    expect(said).to_be_hidden()
    portal.stop()
    primary(page).click()
    expect(said).to_be_visible()
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    portal.start()

    expect(said).to_be_hidden()
    expect(primary(page)).to_contain_text("Panggil berikutnya: A-001")
