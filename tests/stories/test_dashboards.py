"""Figures as their readers meet them: a headline, charts with tables, and the way to the next."""

import re

import pytest
from playwright.sync_api import expect

from accounts.roles import Role
from tests.feedback.conftest import appoint
from tests.monitoring.counted import NOW, TUESDAY, cell, counted, some_halls, tally
from tests.recipes import MONDAY, make_presence
from tests.stories.conftest import assert_accessible
from tests.stories.test_applying import assert_good

pytestmark = pytest.mark.story


@pytest.fixture
def halls(portal, hall_time):
    hall_time(NOW)
    halls = some_halls(10, people=30)
    mall = halls[0].mall
    slow = cell(halls[0], hour=13, presence=make_presence(mall, "Dinas Lambat"))
    counted(
        mall, TUESDAY, (cell(halls[0]), tally(*range(5, 45), absent=6)), (slow, tally(*[50] * 9))
    )
    return halls


def test_the_ministry_finds_the_slow_mall_and_looks_into_it(halls, open_page, sign_in):
    page = open_page("/masuk/", "desktop")
    sign_in(page, appoint(Role.MINISTRY_MONITOR))
    page.goto(page.url.replace("/masuk/", "/petugas/"))
    page.get_by_role("link", name=re.compile("^Pantauan")).click()
    page.get_by_role("link", name=re.compile("^Semua mal")).click()
    expect(page.get_by_role("img").first).to_be_visible()
    assert_good(page)

    page.get_by_role("link", name="Hari", exact=True).click()
    expect(page.get_by_text("dari 10 mal punya angka")).to_be_visible()
    page.goto(re.sub(r"masa=[\d-]+", f"masa={MONDAY}", page.url))
    page.get_by_role("link", name="Tunggu tengah", exact=True).first.click()
    table = page.get_by_role("region", name="Mal", exact=True)
    expect(table.locator("tbody tr th").first).to_contain_text("MPP 0")
    table.get_by_role("link", name="MPP 9").click()
    expect(page.locator("h1")).to_have_text("Lama Menunggu")
    assert_good(page)


@pytest.mark.parametrize(("size", "script"), [("phone", True), ("phone", False), ("tablet", True)])
def test_a_mall_reads_its_month_on_a_small_screen(halls, open_page, sign_in, size, script):
    page = open_page("/masuk/", size, java_script_enabled=script)
    sign_in(page, appoint(Role.MALL_ADMIN, mall=halls[0].mall))
    page.goto(page.url.replace("/masuk/", "/petugas/pantauan/mpp-0/"))
    expect(page.locator("h1")).to_be_visible()

    page.get_by_text("Tabel").first.click()
    expect(page.get_by_role("region", name="Lama menunggu", exact=True)).to_be_visible()
    if script:
        assert_good(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV Instansi").click()
    assert download.value.suggested_filename.endswith(".csv")
    page.get_by_role("link", name="Dinas Lambat").last.click()
    expect(page.get_by_text("Dinas Lambat, MPP 0")).to_be_visible()
    if script:
        assert_good(page)


def test_an_officer_sees_today_and_everybody_what_a_figure_means(halls, open_page, sign_in):
    page = open_page("/masuk/", "phone")
    sign_in(page, halls[0].officer)
    page.goto(page.url.replace("/masuk/", "/petugas/pantauan/"))
    assert_accessible(page)
    page.get_by_role("link", name=re.compile("^Hari ini")).click()
    expect(page.get_by_text("dari 1 loket")).to_be_visible()
    assert_good(page)

    page.get_by_role("link", name="Tunggu tengah").click()
    expect(page.locator("#wait_median")).to_contain_text("Separuh pengunjung yang dipanggil")
    assert_good(page)
