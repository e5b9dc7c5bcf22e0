"""A mall is set up for seventeen agencies with the keyboard, and the submits are counted."""

from io import BytesIO

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import expect

from agencies.models import Counter, CounterDay, Mall, OpeningHours, Presence
from agencies.stages import Stage
from core import memo
from onboarding.setup import checking, progress
from services.models import Queue, Service
from tests.onboarding.setup.recipes import make_admin, make_mall
from tests.recipes import at, make_hall
from tests.stories.conftest import assert_accessible

pytestmark = pytest.mark.story
WIDTHS = (360, 768, 1280)
MOST = 25  # submits, of which a whole mall may ask
OFFICES = "Dukcapil Kesehatan Pendidikan Tenaga-Kerja Sosial Perizinan Perhubungan Pertanahan"
OTHERS = "Imigrasi Pajak BPJS-Kesehatan BPJS-Kerja Taspen Pos Bank-Daerah Air-Minum Listrik"
AGENCIES = [
    f"Kantor {each.replace('-', ' ')} Kabupaten Baru" for each in (OFFICES + " " + OTHERS).split()
]


class Officer:
    """Somebody who uses the keyboard and counts how often a form is sent."""

    def __init__(self, page):
        self.page, self.submits, self.pages = page, 0, 0

    def send(self, button="Simpan dan lanjut", *, last=False):
        found = self.page.get_by_role("button", name=button)
        found = found.last if last else found.first
        with self.page.expect_navigation():
            found.press("Enter")
        self.submits += 1
        self.look()

    def look(self):
        self.pages += 1
        assert_good(self.page)

    def follow(self, link):
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=link).first.press("Enter")
        self.look()


def assert_good(page):
    assert_accessible(page)
    kept = page.viewport_size
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 740})
        page.wait_for_function("document.documentElement.scrollWidth <= innerWidth")
    page.set_viewport_size(kept)


@pytest.fixture
def mall(portal):
    return make_mall()


@pytest.fixture
def officer(mall, open_page, sign_in):
    page = open_page("/masuk/")
    sign_in(page, make_admin(mall))
    page.goto(page.url.replace("/masuk/", f"/petugas/mal/{mall.slug}/penataan/"))
    return Officer(page)


def drawing():
    """The plan of a floor as a file somebody uploads."""
    picture = Image.new("RGB", (1200, 800), "white")
    ImageDraw.Draw(picture).rectangle((40, 40, 1160, 760), outline="black", width=6)
    written = BytesIO()
    picture.save(written, "PNG")
    return {"name": "denah.png", "mimeType": "image/png", "buffer": written.getvalue()}


def say_where_and_when(officer):
    page = officer.page
    page.get_by_label("Nama tempat").fill("Gedung Baru, lantai 1")
    page.get_by_label("Alamat").fill("Jl. Merdeka 1")
    officer.send()
    for name, time in (("Jam buka", "08:00"), ("Jam tutup", "15:00")):
        page.get_by_label(f"Senin: {name}").fill(time)
    officer.send("Pakai Senin untuk Selasa sampai Jumat")
    officer.send()


def put_up_counters(officer):
    page = officer.page
    for row, (zone, numbers) in enumerate({"Zona A": "1-8", "Zona B": "9-24"}.items()):
        page.get_by_label("Nama zona").nth(row).fill(zone)
        page.get_by_label("Nomor loket").nth(row).fill(numbers)
    officer.send()
    page.get_by_label("Nama denah").fill("Lantai 1")
    page.get_by_label("Gambar").set_input_files(drawing())
    officer.send()
    for number in range(24):
        page.locator("input[name^=cell_]").nth(number).fill(
            f"{'BDF'[number // 8]}{2 + number % 8 * 2}"
        )
    officer.send()


def write_agencies(officer):
    page = officer.page
    officer.follow("Tulis instansi baru")
    for row, name in enumerate(AGENCIES):
        page.locator(f"[name=name_{row}]").fill(name)
        page.locator(f"[name=short_{row}]").fill(
            name.removeprefix("Kantor ").removesuffix(" Kabupaten Baru")
        )
        page.locator(f"[name=category_{row}]").select_option("opd")
    officer.send()
    for each in page.locator("[name^=decree_]").all():
        each.fill("Keputusan Bupati 12/2026")
    officer.send()


def give_queues_services_and_days(officer):
    page = officer.page
    for each in page.locator("[name^=lines_]").all():
        each.fill("Permohonan baru | 10\nPengambilan | 3")
    officer.send()
    for row, each in enumerate(page.locator("[name^=counters_]").all()):
        each.fill("17-24" if row == 16 else str(row + 1))
    officer.send()


def test_seventeen_agencies_are_set_up_with_few_submits(officer, mall):
    officer.look()
    officer.follow("Lanjutkan")

    say_where_and_when(officer)
    put_up_counters(officer)
    write_agencies(officer)
    give_queues_services_and_days(officer)

    expect(officer.page.get_by_role("heading", name="Siap dibuka")).to_be_visible()
    memo.clear_all()
    mall.refresh_from_db()
    assert not checking.grave(checking.problems(progress.facts_of(mall, now=at(9))))
    assert [model.objects.count() for model in (Presence, Queue, Service, Counter)] == [
        17,
        17,
        34,
        24,
    ]
    assert CounterDay.objects.count() == 24 * 5
    print(f"submits {officer.submits}, pages {officer.pages}")  # noqa: T201 - the figure of the report
    assert officer.submits <= MOST
    officer.follow("Semua langkah")
    expect(officer.page.get_by_role("heading", name="8 dari 8 langkah selesai")).to_be_visible()


def test_a_counter_is_put_where_one_clicks_and_citizens_find_it(officer, mall, open_page):
    page = officer.page
    page.goto(page.url + "loket/")
    page.get_by_label("Nama zona").first.fill("Zona A")
    page.get_by_label("Nomor loket").first.fill("7")
    officer.send()
    page.get_by_label("Nama denah").fill("Lantai 1")
    page.get_by_label("Gambar").set_input_files(drawing())
    officer.send()

    with page.expect_navigation():
        page.locator("input[type=image]").click(position={"x": 360, "y": 240})

    found = Counter.objects.get()
    assert (found.plan_x, found.plan_y) == pytest.approx((500, 500), abs=3)
    Mall.objects.update(stage=Stage.SOFT_LAUNCH)
    memo.clear_all()
    citizen = open_page(f"/mal/{mall.slug}/", "phone")
    citizen.get_by_role("link", name="Denah").click()
    expect(citizen.locator(".pin")).to_have_text("7")
    assert_good(citizen)


def test_hours_change_from_a_day_on_and_the_change_is_withdrawn(portal, open_page, sign_in):
    hall = make_hall()
    page = open_page("/masuk/")
    sign_in(page, make_admin(hall.mall))
    page.goto(page.url.replace("/masuk/", f"/petugas/mal/{hall.mall.slug}/penataan/jam/"))
    officer = Officer(page)

    page.get_by_label("Jumat: Jam tutup").fill("11:30")
    for name in ("Istirahat dari", "Istirahat sampai"):
        page.get_by_label(f"Jumat: {name}").fill("")
    officer.send()
    page.go_back()
    page.reload()
    expect(page.locator("#nanti")).to_be_visible()
    officer.send("Batalkan")

    expect(page.locator("#nanti")).to_have_count(0)
    assert OpeningHours.objects.filter(mall=hall.mall).count() == 5


def test_a_mall_takes_over_what_another_has(officer, mall):
    make_hall()
    page = officer.page

    officer.follow("Salin dari mal lain")
    page.get_by_label("Salin dari").select_option(index=1)
    officer.send("Lihat dahulu apa yang disalin")
    officer.send("Salin sekarang")

    expect(page.locator("#flash")).to_contain_text("8 hal disalin.")
    assert Service.objects.filter(presence__mall=mall).count() == 1
