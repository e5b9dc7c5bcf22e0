"""Who watches malls sees one fall silent by itself; everybody reads how a mall serves."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from accounts.roles import Role
from core import clock, memo
from monitoring import rollups
from queueing import desks, sweeps
from tests.hall.conftest import appoint
from tests.monitoring.test_health import begun, left
from tests.recipes import MONDAY, at, later
from tests.stories.conftest import assert_accessible

PULSE = "/petugas/pantauan/denyut/"


@pytest.fixture
def hall(portal):
    hall = begun(2)
    left(hall)
    desks.open_(hall.counter, by=hall.officer, now=at(8, 5))
    return hall


@pytest.fixture
def open_pulse(open_page, sign_in, portal, hall):
    def open_(size="desktop", path=PULSE, **options):
        page = open_page("/masuk/", size, **options)
        sign_in(page, appoint(Role.MINISTRY_MONITOR))
        page.goto(portal.url(path))
        return page

    return open_


def test_a_mall_that_falls_silent_appears_without_a_reload_and_goes_with_its_first_call(
    hall, open_pulse, hall_time
):
    hall_time(at(8, 34, 55))
    page = open_pulse()
    page.evaluate("window.same = true")
    silent = page.locator(".trouble", has_text="MPP Uji tidak memberi kabar sejak 08.05 WIB")

    expect(silent).to_be_visible(timeout=25_000)
    assert_accessible(page)

    hall.issue(now=clock.now())
    expect(silent).to_have_count(0, timeout=25_000)
    assert page.evaluate("window.same")


def test_a_watcher_comes_from_the_list_to_the_counters_of_a_mall(hall, open_pulse):
    page = open_pulse("phone")

    page.get_by_role("link", name="MPP Uji", exact=True).click()
    page.locator("details.fold", has_text="Dinas Uji").first.locator("summary").click()

    expect(page.get_by_role("row", name="Loket 1")).to_contain_text("Tanpa kegiatan sejak 08.05")
    expect(page.get_by_role("row", name="Loket 2")).to_contain_text("Belum dijaga")


def test_the_pulse_is_read_without_javascript(hall, open_pulse):
    page = open_pulse(java_script_enabled=False)

    expect(page.get_by_role("link", name="Muat ulang")).to_be_visible()
    expect(page.locator("tbody tr")).to_contain_text("MPP Uji")


def test_a_page_whose_line_is_cut_says_so(hall, open_pulse, portal, watch):
    page = open_pulse()
    expect(page.locator("[data-stale-banner]")).to_be_hidden()
    watch.cut_line()

    portal.stop()

    expect(page.locator("[data-stale-banner]")).to_be_visible(timeout=25_000)


@pytest.fixture
def month(hall):
    """A day of February with six people at nine, and one of last week."""
    for on in (MONDAY - timedelta(14), MONDAY - timedelta(7)):
        for minute in range(6):
            hall.issue(now=at(9, minute, on=on))
        for number in range(6):
            now = later(at(9, 30, on=on), minutes=6 * number)
            hall.done(hall.call(now=now), now=later(now, minutes=5))
    sweeps.close_days(now=at(1))
    rollups.refresh(now=at(1))
    memo.clear_all()


@pytest.mark.parametrize("size", ["phone", "tablet", "desktop"])
@pytest.mark.parametrize("language", ["id", "en"])
def test_every_page_fits_and_can_be_used_by_everybody(month, open_pulse, portal, size, language):
    page = open_pulse(size, language=language)
    of_staff = (PULSE, "/petugas/pantauan/mpp-uji/denyut/")
    for path in (*of_staff, "/mal/mpp-uji/kinerja/", "/data-terbuka/"):
        page.goto(portal.url(path))
        for fold in page.locator("details.fold").all():
            fold.evaluate("fold => { fold.open = true }")
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), path
        assert_accessible(page)


def test_somebody_sees_when_a_mall_is_quiet_and_takes_the_figures_home(month, open_page, portal):
    page = open_page("/mal/mpp-uji/", "phone")

    page.get_by_role("link", name="Kapan sepi").click()
    page.locator("summary", has_text="Menunggu menurut jam").click()
    expect(page.get_by_role("row", name="09.00")).to_contain_text("13")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV Menunggu menurut jam").click()

    assert "09.00,13" in download.value.path().read_text()
    page.get_by_role("link", name="data terbuka").click()
    expect(page.get_by_role("heading", name="Data Terbuka")).to_be_visible()
