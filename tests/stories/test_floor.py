"""Somebody runs a hall from one page: it calls them, and what they press is done."""

import pytest
from playwright.sync_api import expect

from accounts.roles import Role
from core import clock
from hall import alarms, closures, devices
from hall.models import Alarm, Closure, Device
from tests.hall.conftest import appoint
from tests.recipes import at, make_hall
from tests.stories.conftest import assert_accessible, stand_still, wait_until

FLOOR = "/petugas/lantai/mpp-uji/"


@pytest.fixture
def hall(portal):
    return make_hall(counters=2)


@pytest.fixture
def admin(hall):
    return appoint(Role.MALL_ADMIN, mall=hall.mall)


@pytest.fixture
def open_floor(open_page, sign_in, portal, admin):
    def open_(size="desktop", path=FLOOR):
        page = open_page("/masuk/", size)
        sign_in(page, admin)
        page.goto(portal.url(path))
        wait_until(portal.listeners, "the floor opens no stream")
        return page

    return open_


def wrong(page, words):
    return page.locator(".trouble", has_text=words)


def make_board(hall, admin, name="Papan utara"):
    device = Device(mall=hall.mall, kind=Device.Kind.BOARD, name=name)
    devices.save(device, by=admin, now=clock.now())
    return device


def test_an_alarm_appears_without_a_reload_and_goes_with_its_answer(
    hall, portal, open_floor, admin
):
    page = open_floor()
    stand_still(page, portal)
    page.evaluate("window.same = true")
    page.locator("#perangkat > summary").click()

    alarms.raise_(hall.counter, by=hall.officer, now=at(9))

    expect(wrong(page, "Loket 1 memanggil bantuan")).to_be_visible()
    page.clock.resume()
    assert page.evaluate("window.same")
    assert page.evaluate("document.getElementById('perangkat').open")  # what was unfolded stays so
    assert_accessible(page)

    wrong(page, "Loket 1").get_by_role("button", name="Saya ke sana").click()
    expect(page.locator("#flash")).to_contain_text("Panggilan ditanggapi")
    expect(wrong(page, "memanggil bantuan")).to_have_count(0)
    assert Alarm.objects.get().answered_by == admin


def test_a_request_is_approved_by_keyboard_alone(hall, open_floor, admin):
    page = open_floor()
    closures.request(
        hall.counter,
        reason=Closure.Reason.PRAYER,
        until=clock.now().replace(hour=4),  # eleven o'clock here
        by=hall.officer,
        now=clock.now(),
    )
    expect(wrong(page, "minta ditutup sampai 11.00 WIB")).to_be_visible()

    reached = []
    while "Setujui" not in reached[-1:] and len(reached) < 40:
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.innerText.trim().split('\\n')[0]"))
        reached[-1] = reached[-1].split(":")[0].strip()
    page.keyboard.press("Enter")

    expect(page.locator("#flash")).to_contain_text("Penutupan disetujui")
    assert Closure.objects.get().state == Closure.State.APPROVED
    expect(page.locator(".sums")).to_contain_text("dari 2")


def test_a_screen_enrols_itself_lives_and_is_missed_when_it_falls_silent(
    hall, open_floor, open_page, portal, admin
):
    device = make_board(hall, admin)
    code = devices.new_code(device, by=admin, now=clock.now())
    wall = open_page("/perangkat/", "board")
    assert_accessible(wall)
    wall.get_by_label("Kode perangkat").fill(code)
    wall.get_by_role("button", name="Daftarkan").click()
    wall.wait_for_url("**/papan/mpp-uji/")
    wait_until(lambda: seen(device).seen_version is not None, "no heartbeat comes")

    page = open_floor()
    expect(page.locator(".trouble")).to_have_count(0)
    wall.goto("about:blank")
    past = clock.now() - devices.SILENT_AFTER
    Device.objects.update(seen_at=past)

    # No event tells of a silence: the page finds it by itself, well within a minute.
    expect(wrong(page, "Papan utara tidak ada kabar")).to_be_visible()
    wrong(page, "Papan utara").get_by_role("link", name="Lihat layarnya").click()
    expect(page.locator(".still .board .number, .still .notyet")).not_to_have_count(0)
    assert_accessible(page)


def seen(device):
    return Device.objects.get(pk=device.pk)


def test_a_revoked_screen_says_that_nobody_knows_it(hall, open_page, portal, admin, watch):
    watch.allow("status of 403")
    device = make_board(hall, admin)
    code = devices.new_code(device, by=admin, now=clock.now())
    wall = open_page("/perangkat/", "board")
    wall.clock.install()
    wall.get_by_label("Kode perangkat").fill(code)
    wall.get_by_role("button", name="Daftarkan").click()
    wall.wait_for_url("**/papan/mpp-uji/")
    wait_until(lambda: seen(device).seen_version is not None, "no heartbeat comes")

    devices.revoke(device, by=admin, now=clock.now())
    wall.clock.run_for(16_000)

    expect(wall.get_by_text("Layar ini tidak lagi terdaftar")).to_be_visible()


@pytest.mark.parametrize("size", ["phone", "tablet", "desktop"])
def test_every_page_of_the_hall_fits_and_can_be_used_by_everybody(
    hall, open_floor, admin, portal, size
):
    device = make_board(hall, admin, "Papan ruang tunggu lantai dua dekat pintu masuk utara")
    alarms.raise_(hall.counter, by=hall.officer, now=at(9))
    page = open_floor(size)
    for path in (
        FLOOR,
        f"{FLOOR}loket/{hall.counter.pk}/",
        f"{FLOOR}papan/",
        "/petugas/mal/mpp-uji/perangkat/",
        f"/petugas/mal/mpp-uji/perangkat/{device.pk}/",
        f"/petugas/mal/mpp-uji/perangkat/{device.pk}/cabut/",
        "/petugas/mal/mpp-uji/pengumuman/",
        "/petugas/",
    ):
        page.goto(portal.url(path))
        for fold in page.locator("details.fold").all():
            fold.evaluate("fold => { fold.open = true }")
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), path
        assert_accessible(page)


def test_it_all_works_without_javascript(hall, open_page, sign_in, portal, admin):
    page = open_page("/masuk/", java_script_enabled=False)
    sign_in(page, admin)
    page.goto(portal.url("/petugas/mal/mpp-uji/pengumuman/"))
    page.get_by_label("Pengumuman", exact=True).fill("Loket 1 pindah ke lantai 2.")
    page.get_by_role("button", name="Umumkan").click()
    expect(page.locator(".said")).to_contain_text("Loket 1 pindah ke lantai 2.")

    page.goto(portal.url("/petugas/mal/mpp-uji/perangkat/"))
    page.get_by_label("Papan antrean").check()
    page.get_by_label("Nama").fill("Papan timur")
    page.get_by_role("button", name="Tambah").click()
    page.get_by_role("button", name="Buat kode").click()
    expect(page.locator(".code")).to_be_visible()

    page.goto(portal.url(f"{FLOOR}loket/{hall.counter.pk}/"))
    page.get_by_label("Alasan").select_option(label="Ibadah")
    page.get_by_role("button", name="Tutup loket").click()
    expect(page.locator("#flash")).to_contain_text("Loket ditutup")
    assert Closure.objects.get().state == Closure.State.APPROVED
