import pytest
from model_bakery import baker
from playwright.sync_api import expect

from accounts.models import User
from accounts.roles import Role
from agencies.models import Assignment
from appointments import booking, draws, people
from appointments.application_states import State
from appointments.models import Application, Booking, Plan
from appointments.states import Mode
from appointments.states import State as BookingState
from core import memo
from tests.appointments.recipes import TUESDAY, book, come_back, enter, make_plan, person, wait
from tests.appointments.test_demand import DAYS, crowd
from tests.recipes import MONDAY, at, key, make_hall
from tests.stories.conftest import assert_accessible

pytestmark = pytest.mark.story
WIDTHS = (320, 360, 768, 1280)
DRAWN_ON = MONDAY.replace(day=23)
CLOSED = at(8, on=TUESDAY)


@pytest.fixture
def hall(portal):
    hall = make_hall()
    make_plan(hall.service, online=1)
    return hall


@pytest.fixture
def full(hall):
    return [
        book(hall.service, at(hour, on=TUESDAY), who=person(900 + hour)) for hour in (9, 10, 11)
    ]


def assert_good(page):
    """Usable by everybody, and no wider than any screen."""
    assert_accessible(page)
    assert_fits(page)


def assert_fits(page):
    page.wait_for_load_state()  # without its sheets every page is wide
    kept = page.viewport_size
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 740})
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, width
    page.set_viewport_size(kept)


def begin(hall):
    return f"/mal/mpp-uji/layanan/{hall.service.pk}/reservasi/"


def choose(page, day):
    """From the papers to a day."""
    page.get_by_label("KTP-el").check()
    page.get_by_role("button", name="Lanjut pilih waktu").click()
    page.get_by_role("link", name=day).click()


def join(page):
    """From a full day to its waiting list."""
    choose(page, "Selasa, 10 Maret 2026")
    page.get_by_role("link", name="Masuk daftar tunggu hari ini").click()
    expect(page.locator("h1")).to_have_text("Masuk Daftar Tunggu")


def say_who(page):
    page.get_by_label("Nama yang datang").fill("Siti Aminah")
    page.get_by_label("Nomor ponsel").fill("0812 3456 7890")


def page_of(row):
    return f"/permohonan/{people.link(row)}/"


# What is dark is as wide as what is light; without a script axe cannot look.
@pytest.mark.parametrize(
    ("look", "options"),
    [
        (assert_good, {"color_scheme": "light"}),
        (assert_accessible, {"color_scheme": "dark"}),
        (assert_fits, {"java_script_enabled": False}),
    ],
    ids=["light", "dark", "no script"],
)
def test_from_a_full_day_to_a_reservation(hall, full, open_page, look, options):
    page = open_page(begin(hall), "phone", reduced_motion="reduce", **options)
    join(page)
    look(page)
    say_who(page)
    page.get_by_role("button", name="Masuk daftar tunggu").click()
    expect(page.locator("h1")).to_have_text("Anda di Daftar Tunggu")
    look(page)

    booking.cancel(full[0], now=at(9), key=key())
    come_back()
    page.reload()

    expect(page.locator("h1")).to_have_text("Ada Tempat untuk Anda")
    look(page)
    page.get_by_role("button", name="Ambil tempat ini").click()
    expect(page.locator("h1")).to_have_text("Anda Mendapat Tempat")
    look(page)
    page.get_by_role("link", name="Buka reservasi").click()
    expect(page.locator("h1")).to_have_text("Tempat Anda Sudah Dipesan")
    assert Booking.objects.get(pk=Application.objects.get().booking_id).state == (
        BookingState.CONFIRMED
    )


def test_who_waits_withdraws(hall, full, open_page):
    page = open_page(page_of(wait(hall.service)), "phone")

    page.get_by_text("Tarik permohonan", exact=True).click()
    assert_good(page)
    page.get_by_role("button", name="Ya, tarik permohonan").click()

    expect(page.locator("h1")).to_have_text("Permohonan Ini Ditarik")
    assert_good(page)
    assert Application.objects.get().state == State.WITHDRAWN


def test_a_refusal_keeps_what_was_typed(hall, full, open_page, watch):
    watch.allow("status of 4(09|22)")
    page = open_page(begin(hall), "phone")
    join(page)
    say_who(page)
    page.get_by_label("09.00–10.00").uncheck()
    page.get_by_label("Nomor ponsel").fill("12")
    page.get_by_role("button", name="Masuk daftar tunggu").click()
    expect(page.get_by_role("alert")).to_contain_text("Periksa isian ini")
    assert_good(page)

    booking.cancel(full[1], now=at(9), key=key())
    come_back()
    say_who(page)
    page.get_by_role("button", name="Masuk daftar tunggu").click()

    expect(page.get_by_role("alert")).to_contain_text("Masih ada tempat pada jam yang Anda pilih.")
    expect(page.get_by_label("Nama yang datang")).to_have_value("Siti Aminah")
    expect(page.get_by_label("09.00–10.00")).not_to_be_checked()
    assert_good(page)
    page.get_by_role("link", name="Lihat jam yang masih ada").click()
    page.get_by_role("link", name="10.00–11.00 sisa 1").click()
    expect(page.get_by_role("button", name="Lanjut ke data")).to_be_visible()


def take_part(page, look):
    """From a drawn day to a number in its draw."""
    choose(page, "Senin, 23 Maret 2026")
    look(page)
    page.get_by_role("link", name="Ikut undian hari ini").click()
    look(page)
    page.get_by_role("link", name="Bagaimana undian ini dapat diperiksa?").click()
    expect(page.locator("h1")).to_have_text("Undian untuk Senin, 23 Maret 2026")
    page.get_by_text("Bagaimana memeriksanya?").click()
    look(page)
    page.go_back()
    say_who(page)
    page.get_by_role("button", name="Ikut undian").click()
    expect(page.locator("h1")).to_have_text("Anda Ikut Undian")
    look(page)


@pytest.mark.parametrize(
    ("look", "scheme"), [(assert_good, "light"), (assert_accessible, "dark")], ids=["light", "dark"]
)
def test_from_a_drawn_day_to_its_result(hall, portal, open_page, hall_time, look, scheme):
    Plan.objects.update(mode=Mode.DRAW)
    memo.clear_all()
    page = open_page(begin(hall), "phone", color_scheme=scheme, reduced_motion="reduce")
    take_part(page, look)

    for number in range(1, 5):
        enter(hall.service, on=DRAWN_ON, number=number)
    draws.work(now=CLOSED)
    hall_time(CLOSED)
    won = Application.objects.filter(state=State.PLACED).first()
    lost = Application.objects.filter(state=State.WAITING).first()

    page.goto(portal.url(page_of(won)))
    expect(page.locator("h1")).to_have_text("Anda Mendapat Tempat")
    look(page)
    page.goto(portal.url(page_of(lost)))
    expect(page.locator("h1")).to_have_text("Belum Mendapat Tempat")
    look(page)
    page.get_by_role("link", name="Periksa undian ini").click()
    expect(page.get_by_role("row")).to_have_count(6)
    look(page)
    page.get_by_label("Nomor undian").fill("2")
    page.get_by_role("button", name="Cari").click()
    expect(page.get_by_role("row")).to_have_count(2)
    page.get_by_label("Nomor undian").fill("99")
    page.get_by_role("button", name="Cari").click()
    expect(page.locator(".state")).to_contain_text("Nomor itu tidak ikut diundi")
    look(page)


def test_it_is_all_there_in_english(hall, full, open_page):
    page = open_page(page_of(wait(hall.service)), "phone", language="en")
    expect(page.locator("h1")).to_have_text("You Are on the Waiting List")
    assert_good(page)

    booking.cancel(full[0], now=at(9), key=key())
    come_back()
    page.reload()

    expect(page.get_by_role("button", name="Take this place")).to_be_visible()
    assert_good(page)


def test_a_draw_is_proposed_and_decided(hall, open_page, sign_in, watch):
    watch.allow("status of 422")
    for on in DAYS:
        crowd(hall.service, on, waiting=2)
    admin = User.objects.create_user("admin.uji")
    baker.make(Assignment, user=admin, role=Role.MALL_ADMIN, mall=hall.mall, agency=None)
    page = open_page("/masuk/")
    sign_in(page, admin)

    page.goto(page.url.replace("/masuk/", f"/petugas/kapasitas/{hall.service.pk}/"))
    expect(page.locator(".banner.warn")).to_contain_text("Undian lebih adil untuk layanan ini")
    assert_good(page)
    page.get_by_role("link", name="Ubah ke undian").click()
    expect(page.get_by_label("Undian", exact=True)).to_be_checked()
    assert_good(page)
    page.get_by_role("button", name="Lihat dahulu akibatnya").click()
    expect(page.locator(".field.bad")).to_contain_text("Undian perlu meminta NIK")
    page.get_by_label("Meminta NIK").check()
    page.get_by_role("button", name="Lihat dahulu akibatnya").click()
    expect(page.locator("main")).to_contain_text("Mulai sekarang tempat diundi")
    assert_good(page)
    page.get_by_role("button", name="Simpan perubahan").click()

    expect(page.locator("#flash")).to_contain_text("Rencana tersimpan.")
    assert Plan.objects.get().mode == Mode.DRAW
