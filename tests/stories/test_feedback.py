"""After the visit: nine questions on the phone, and a complaint from its writing to its answer."""

import re

import pytest
from playwright.sync_api import expect

from accounts.roles import Role
from feedback.models import Complaint, Opinion
from feedback.questions import QUESTIONS
from feedback.states import State
from tests.feedback.conftest import appoint
from tests.feedback.recipes import ANSWER, TEXT, serve
from tests.notifications.posts import sends_through
from tests.recipes import at, make_hall
from tests.stories.conftest import assert_accessible
from tests.stories.test_applying import assert_good

pytestmark = pytest.mark.story


@pytest.fixture
def hall(portal):
    return make_hall()


@pytest.mark.parametrize("script", [True, False])
def test_nine_answers_with_one_thumb(hall, open_page, hall_time, watch, script):
    watch.allow("status of 422")  # what was left out is said
    ticket = serve(hall, now=at(9))
    hall_time(at(9, 40))
    page = open_page(f"/antrean/{ticket.visit.token}/", "phone", java_script_enabled=script)
    page.get_by_role("link", name="Nilai layanan ini").click()
    expect(page.locator("h1")).to_have_text("Bagaimana Layanan Kami?")

    page.get_by_role("button", name="Kirim jawaban").click()
    expect(page.get_by_role("alert")).to_contain_text("Belum terkirim")
    if script:
        assert_good(page)
    for question in QUESTIONS:
        page.locator(f"input[name={question.element.field}][value='4']").check()
    page.get_by_label("Saran atau cerita").fill("Terima kasih, cepat sekali.")
    page.get_by_text("Tentang Anda (boleh dilewati)").click()
    page.get_by_label("Usia").select_option("30–39 tahun")
    page.get_by_role("button", name="Kirim jawaban").click()

    expect(page.get_by_text("Terima kasih, jawaban Anda tercatat")).to_be_visible()
    assert Opinion.objects.get().u9 == 4
    page.get_by_role("link", name="Kembali ke tiket").click()
    page.get_by_role("link", name="Nilai layanan ini").click()
    expect(page.get_by_text("Terima kasih, jawaban Anda tercatat")).to_be_visible()


def test_a_complaint_is_written_handled_and_its_answer_read(hall, open_page, hall_time, sign_in):
    sends_through(hall.mall)
    admin = appoint(Role.MALL_ADMIN, mall=hall.mall)
    phone = open_page("/mal/mpp-uji/", "phone")
    phone.get_by_role("link", name="Pengaduan, pertanyaan, dan aspirasi").click()
    assert_good(phone)
    phone.get_by_label("Tentang instansi atau layanan").select_option("Layanan Uji")
    phone.get_by_label("Isi", exact=True).fill(TEXT)
    phone.get_by_role("button", name="Kirim").click()
    expect(phone.locator("h1")).to_have_text(re.compile(r"Pengaduan ADU-\w{4}-\w{4}"))
    expect(phone.get_by_text("Tanggapan paling lambat Jumat, 27 Maret 2026")).to_be_visible()
    assert_good(phone)

    desk = open_page("/masuk/", "desktop")
    sign_in(desk, admin)
    desk.goto(desk.url.replace("/masuk/", "/petugas/"))
    desk.get_by_role("link", name=re.compile("^Pengaduan")).first.click()
    assert_accessible(desk)
    desk.get_by_role("link", name=re.compile("^ADU-")).click()
    expect(desk.get_by_text(TEXT)).to_be_visible()
    desk.get_by_role("button", name="Mulai tangani").click()
    desk.get_by_role("textbox", name="Jawaban").fill(ANSWER)
    assert_accessible(desk)
    desk.get_by_role("button", name="Kirim jawaban").click()
    expect(desk.get_by_text("Dijawab").first).to_be_visible()

    phone.reload()
    expect(phone.get_by_role("heading", name="Jawaban")).to_be_visible()
    expect(phone.get_by_text(ANSWER)).to_be_visible()
    assert_good(phone)
    assert Complaint.objects.get().state == State.ANSWERED
    desk.get_by_role("button", name="Selesai").click()
    expect(desk.get_by_role("button", name="Selesai")).to_have_count(0)
    assert Complaint.objects.get().state == State.CLOSED


def test_the_figures_of_a_mall(hall, open_page, sign_in):
    admin = appoint(Role.MALL_ADMIN, mall=hall.mall)
    page = open_page("/masuk/", "desktop")
    sign_in(page, admin)
    address = page.url.replace("/masuk/", "/petugas/kepuasan/")
    page.goto(address)
    expect(page.get_by_text("Belum cukup jawaban", exact=True)).to_be_visible()

    for _each in range(5):
        opinion_of(hall)
    page.goto(address)

    expect(page.get_by_text("Sangat baik").first).to_be_visible()
    assert_accessible(page)
    page.set_viewport_size({"width": 360, "height": 740})
    assert_accessible(page)


def opinion_of(hall):
    """Stored as the survey does it; the visits behind it are those of another story."""
    scores = {question.element.field: 4 for question in QUESTIONS}
    place = {"mall": hall.mall, "presence": hall.presence, "service": hall.service}
    mark = f"{Opinion.objects.count():064d}"
    Opinion.objects.create(**place, **scores, date=at(9).date(), half_day=1, mark=mark)
