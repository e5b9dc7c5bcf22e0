"""A March report: built, read, sent with a letter, given back with words, made anew, accepted."""

import re

import pytest
from playwright.sync_api import expect

from accounts.roles import Role
from core import clock
from monitoring.models import Report
from monitoring.reports import building
from monitoring.states import State
from monitoring.tasks import make_reports
from tests import papers
from tests.monitoring.reports.recipes import APRIL_2, counted, person
from tests.stories.test_applying import assert_good

pytestmark = pytest.mark.story


@pytest.fixture
def hall(portal):
    return counted(visitors=12, wait=40)


@pytest.fixture
def people(hall, hall_time):
    hall_time(APRIL_2)
    return person(Role.MALL_ADMIN, mall=hall.mall), person(Role.MINISTRY_MONITOR)


@pytest.fixture
def visit(open_page, sign_in):
    """A page somebody has signed in to."""

    def open_(user, path, size="desktop", **options):
        page = open_page("/masuk/", size, **options)
        sign_in(page, user)
        page.goto(re.sub(r"/masuk/.*", path, page.url))
        return page

    return open_


def build():
    building.build(Report.objects.get(state=State.BUILDING).pk, now=clock.now())


def send(page, number):
    page.get_by_label("Nomor surat").fill(number)
    page.get_by_label("Nama penanda tangan").fill("Siti Rahayu")
    page.get_by_label("Jabatan").fill("Kepala Dinas")
    page.get_by_role("button", name="Kirim laporan").click()
    expect(page.get_by_text("Menunggu penilaian kementerian")).to_be_visible()


def read_while_it_is_built(page):
    """The page shows how far it is and, once it is there, the report by itself."""
    page.get_by_role("link", name="Maret 2026", exact=True).click()
    expect(page.get_by_role("heading", name="Laporan sedang disusun")).to_be_visible()
    assert_good(page)
    build()  # as the worker does
    expect(page.get_by_role("heading", name="Yang perlu perhatian")).to_be_visible()
    expect(page.get_by_text("12 kunjungan tercatat")).to_be_visible()
    assert_good(page)


def give_back(page):
    expect(page.get_by_text("1 laporan menunggu penilaian")).to_be_visible()
    assert_good(page)
    page.locator("section", has=page.locator("#menunggu")).get_by_role("link").click()
    assert_good(page)
    page.get_by_label("Yang perlu diperbaiki").fill("Lampirkan hari libur bulan ini.")
    page.get_by_role("button", name="Kembalikan dengan catatan").click()
    expect(page.get_by_text("Tercatat.")).to_be_visible()


def test_a_report_from_its_beginning_to_its_acceptance(hall, people, visit, tmp_path):
    admin, judge = people
    make_reports()
    mall = visit(admin, "/petugas/laporan/")
    expect(mall.get_by_text("Sedang disusun, tunggu sebentar")).to_be_visible()
    read_while_it_is_built(mall)
    send(mall, "500.16/12/2026")

    ministry = visit(judge, "/petugas/laporan/")
    give_back(ministry)

    mall.reload()
    expect(mall.get_by_text("Lampirkan hari libur bulan ini.")).to_be_visible()
    mall.get_by_role("button", name="Susun versi baru").click()
    expect(mall.get_by_text("Versi 2", exact=True).first).to_be_visible()
    build()
    send(mall, "500.16/13/2026")

    ministry.goto(mall.url)
    ministry.get_by_role("button", name="Terima laporan").click()
    expect(ministry.locator(".tags").get_by_text("Diterima")).to_be_visible()
    with ministry.expect_download() as waiting:
        ministry.get_by_role("link", name="PDF").click()
    waiting.value.save_as(tmp_path / "laporan.pdf")
    assert "500.16/13/2026" in papers.text((tmp_path / "laporan.pdf").read_bytes())


def test_the_ministry_recaps_the_month(hall, people, visit):
    _admin, judge = people
    page = visit(judge, "/petugas/laporan/nasional/")

    page.get_by_role("button", name="Susun Maret 2026").click()
    expect(page.get_by_role("heading", name="Laporan sedang disusun")).to_be_visible()
    build()

    expect(page.get_by_text("0 dari 1 mal sudah melapor.")).to_be_visible()
    expect(page.get_by_role("rowheader", name="Mal Pelayanan Publik mpp-uji")).to_be_visible()
    assert_good(page)


def test_the_pages_of_reports_in_english_without_script(hall, people, visit):
    admin, _judge = people
    page = visit(admin, "/petugas/laporan/", "phone", language="en", java_script_enabled=False)

    page.get_by_role("button").filter(has_text=re.compile("2026")).first.click()
    build()
    page.reload()

    expect(page.locator("article[lang=id]")).to_be_visible()
    expect(page.get_by_text("12 kunjungan tercatat")).to_be_visible()
