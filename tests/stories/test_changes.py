"""Somebody at the mall says today what is otherwise from a day on; citizens see it on its days."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from agencies.models import Counter
from appointments.models import Booking
from appointments.states import State
from onboarding.setup.arranging import changes
from tests.appointments.recipes import TUESDAY, book, make_plan
from tests.onboarding.setup.recipes import make_admin
from tests.recipes import at, make_hall
from tests.stories.conftest import assert_accessible
from tests.stories.test_agreements import days_to_book

pytestmark = pytest.mark.story
WIDTHS = (360, 768, 1280)


@pytest.fixture
def hall(portal):
    hall = make_hall(counters=2)
    make_plan(hall.service)
    return hall


@pytest.fixture
def setup(hall, open_page, sign_in):
    """A page of the sequence, for somebody who sets the mall up."""

    def open_at(path):
        page = open_page("/masuk/")
        sign_in(page, make_admin(hall.mall))
        page.goto(page.url.replace("/masuk/", f"/petugas/mal/{hall.mall.slug}/penataan/{path}"))
        return page

    return open_at


def assert_good(page):
    assert_accessible(page)
    kept = page.viewport_size
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 740})
        page.wait_for_function("document.documentElement.scrollWidth <= innerWidth")
    page.set_viewport_size(kept)


def press(page, button):
    with page.expect_navigation():
        page.get_by_role("button", name=button).first.press("Enter")
    assert_good(page)


def test_a_service_rests_and_whoever_booked_is_counted_first(hall, setup, open_page):
    pk = book(hall.service)
    before = days_to_book(open_page, hall)
    page = setup(f"antrean/{hall.presence.pk}/")
    assert_good(page)

    page.get_by_role("link", name="Atur kapan tidak dibuka").click()
    page.get_by_label("Tidak dipakai mulai").fill(TUESDAY.isoformat())
    page.get_by_label("Sampai").fill((TUESDAY + timedelta(days=1)).isoformat())
    press(page, "Simpan")
    expect(page.get_by_role("alert")).to_contain_text("1 reservasi dibatalkan kantor")
    press(page, "Ya, lanjutkan")

    expect(page.locator("#flash")).to_contain_text("1 reservasi dibatalkan")
    assert Booking.objects.get(pk=pk).state == State.CALLED_OFF
    left = days_to_book(open_page, hall)
    assert [day for day in before if day not in left] == ["2026-03-10", "2026-03-11"]
    press(page, "Batalkan")
    assert days_to_book(open_page, hall) == before


def test_a_counter_is_called_otherwise_on_its_day(hall, setup):
    page = setup(f"loket/{hall.counter.pk}/")
    page.get_by_label("Nomor loket").fill("12A")
    page.get_by_label("Berlaku mulai").fill(TUESDAY.isoformat())
    press(page, "Simpan")

    page.get_by_role("link", name="Perubahan terencana").click()
    expect(page.locator("#rencana + *, .said").first).to_contain_text("Loket 1: nomor 12A")
    assert_good(page)
    changes.make_due(now=at(0, 1, on=TUESDAY))

    page.reload()
    expect(page.get_by_text("Belum ada perubahan yang direncanakan.")).to_be_visible()
    assert Counter.objects.filter(number="12A").exists()


def test_a_planned_letter_is_taken_back(hall, setup):
    page = setup(f"antrean/baris/{hall.queue.pk}/")
    page.get_by_label("Huruf").fill("k")
    page.get_by_label("Kuota per hari").fill("40")
    page.get_by_label("Berlaku mulai").fill(TUESDAY.isoformat())
    press(page, "Simpan")
    expect(page.locator(".said")).to_contain_text("huruf K, kuota per hari 40")

    press(page, "Batalkan")

    expect(page.get_by_text("Belum ada perubahan yang direncanakan.")).to_be_visible()


def test_new_counters_begin_on_their_day_and_the_ratio_changes_then(hall, setup):
    page = setup("loket/")
    page.get_by_label("Nama zona").first.fill("Zona B")
    page.get_by_label("Nomor loket").first.fill("8-9")
    page.get_by_label("Dipakai mulai").fill(TUESDAY.isoformat())
    press(page, "Simpan dan lanjut")
    page.goto(page.url.replace("denah/", "perubahan/"))
    expect(page.get_by_text("dipakai mulai Selasa, 10 Maret 2026").first).to_be_visible()
    page.get_by_label("Prioritas per satu reguler").fill("5")
    page.get_by_label("Berlaku mulai").fill(TUESDAY.isoformat())
    press(page, "Simpan")

    expect(page.locator(".said").first).to_contain_text("Prioritas per satu reguler: 5")
    assert not Counter.objects.get(number="8").is_in_use(TUESDAY - timedelta(days=1))


def test_an_agency_does_not_leave_before_it_is_said_whom_that_touches(hall, setup):
    pk = book(hall.service)
    page = setup("instansi/")
    page.get_by_text("Menghentikan atau menghadirkan lagi").click()

    press(page, "Tidak hadir lagi")
    expect(page.get_by_role("alert")).to_contain_text("1 reservasi dibatalkan kantor")
    page.get_by_role("link", name="Jangan, kembali").click()
    assert Booking.objects.get(pk=pk).state == State.CONFIRMED
    page.get_by_text("Menghentikan atau menghadirkan lagi").click()
    press(page, "Tidak hadir lagi")
    press(page, "Ya, lanjutkan")

    assert Booking.objects.get(pk=pk).state == State.CALLED_OFF
