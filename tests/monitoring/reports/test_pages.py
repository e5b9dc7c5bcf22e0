"""The pages of reports: who sees which, what each may press, and what is said when it is refused."""

from datetime import date

import pytest
import time_machine
from django.test import Client
from model_bakery import baker

from accounts.models import User
from accounts.roles import Role
from agencies.models import Assignment, Region
from monitoring.models import Day, Kind, Month, Report
from monitoring.reports import lifecycle
from monitoring.states import Move, Stage, State
from tests import papers
from tests.monitoring.reports.recipes import (
    APRIL_2,
    MARCH,
    accepted,
    again,
    person,
    ready,
    sent,
    standing,
)
from tests.recipes import make_hall, make_officer

pytestmark = pytest.mark.django_db
LIST, NATION = "/petugas/laporan/", "/petugas/laporan/nasional/"
LETTER = {"number": "500/1", "signatory": "Siti Rahayu", "position": "Kepala Dinas"}


@pytest.fixture(autouse=True)
def _second_of_april():
    with time_machine.travel(APRIL_2, tick=False):
        yield


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def page(user, address, **more):
    return signed_in(user).get(address, **more)


def text(answer):
    return answer.content.decode()


def at(report, rest=""):
    return f"/petugas/laporan/{report.pk}/{rest}"


def press(user, report, act, **data):
    return signed_in(user).post(at(report, f"{act}/"), data)


def a_month(hall, first=MARCH.first):
    return Month.objects.create(mall=hall.mall, month=first, until=first, days=1, is_stale=False)


# --- The list of a mall -------------------------------------------------------------------------


def test_the_list_says_what_is_due_and_what_comes_next(hall, admin):
    a_month(hall)

    said = text(page(admin, LIST))

    assert "Maret 2026" in said
    assert "Belum dibuat" in said
    assert "10 Apr 2026" in said
    assert "Susun sekarang" in said


@pytest.mark.parametrize(
    ("state", "step"),
    [
        (State.BUILDING, "Sedang disusun, tunggu sebentar"),
        (State.FAILED, "Coba lagi"),
        (State.READY, "Periksa dan kirim"),
        (State.SUBMITTED, "Menunggu penilaian kementerian"),
        (State.RETURNED, "Baca catatan, susun versi baru"),
        (State.ACCEPTED, "Tidak ada"),
    ],
)
def test_each_state_has_its_next_step(hall, admin, state, step):
    standing(hall.mall, state)

    assert step in text(page(admin, LIST))


def test_what_is_late_is_said(hall, admin):
    a_month(hall, date(2026, 2, 1))

    assert "lewat" in text(page(admin, LIST))


def test_an_empty_list_says_when_the_first_comes(hall, admin):
    assert "Belum ada yang dilaporkan" in text(page(admin, LIST))


def test_the_list_is_read_with_as_many_statements_for_three_months(
    hall, admin, django_assert_num_queries
):
    client = signed_in(admin)
    a_month(hall)
    standing(hall.mall, State.READY)
    with django_assert_num_queries(LISTED):
        client.get(LIST)
    for month in (1, 2):
        standing(hall.mall, State.ACCEPTED, first=date(2026, month, 1))
    standing(hall.mall, State.READY, kind=Kind.WEEK, first=date(2026, 3, 9))

    with django_assert_num_queries(LISTED):
        client.get(LIST)


LISTED = 6


def test_a_week_is_asked_for_and_its_page_shows_how_far_it_is(march, admin):
    answer = signed_in(admin).post(f"{LIST}buat/", {"mal": "mpp-uji", "masa": "2026-W11"})

    report = Report.objects.get()
    assert (report.kind, report.code) == (Kind.WEEK, "2026-W11")
    assert answer["Location"] == at(report)


@pytest.mark.parametrize("period", ["2026-03-09", "kemarin", "2026-W99", ""])
def test_what_is_no_period_of_a_report_is_not_made(hall, admin, period):
    answer = signed_in(admin).post(f"{LIST}buat/", {"mal": "mpp-uji", "masa": period})

    assert answer.status_code == 302
    assert not Report.objects.exists()


def test_a_month_that_is_not_over_is_refused_with_a_sentence(march, admin):
    answer = signed_in(admin).post(f"{LIST}buat/", {"mal": "mpp-uji", "masa": "2026-04"})

    assert answer.status_code == 409
    assert "April 2026 belum selesai" in text(answer)


# --- One report ---------------------------------------------------------------------------------


def test_while_it_is_built_the_page_says_how_far_and_asks_again(hall, admin):
    report = standing(hall.mall, State.BUILDING)
    Report.objects.update(progress=Stage.TABLES)

    said = text(page(admin, at(report)))

    assert "Menyusun tabel" in said
    assert 'hx-trigger="every 2s"' in said
    assert "Muat ulang untuk melihat kemajuannya" in said  # without script


def test_once_it_is_there_the_page_is_loaded_anew(hall, admin):
    report = standing(hall.mall, State.BUILDING)
    client, headers = signed_in(admin), {"HX-Request": "true"}
    assert "kemajuan" in text(client.get(at(report), headers=headers))
    lifecycle.fail(report, now=APRIL_2)

    assert client.get(at(report), headers=headers)["HX-Refresh"] == "true"


def test_a_report_is_sent_with_its_letter(march, admin):
    report = ready(march, by=admin)

    answer = press(admin, report, "kirim", **LETTER)

    assert answer.status_code == 302
    assert again(report).state == State.SUBMITTED
    assert "Surat nomor 500/1, ditandatangani Siti Rahayu, Kepala Dinas." in text(
        page(admin, at(report))
    )


def test_without_a_letter_nothing_is_sent_and_what_was_typed_stays(march, admin):
    report = ready(march, by=admin)

    answer = press(admin, report, "kirim", **{**LETTER, "number": ""})

    assert answer.status_code == 422
    assert 'value="Siti Rahayu"' in text(answer)
    assert again(report).state == State.READY


def test_the_ministry_gives_back_with_words_that_the_mall_reads(march, admin, judge):
    report = sent(march, by=admin)
    assert press(judge, report, "kembalikan", note="").status_code == 422

    press(judge, report, "kembalikan", note="Lampirkan hari libur.")

    assert again(report).state == State.RETURNED
    said = text(page(admin, at(report)))
    assert "Lampirkan hari libur." in said
    assert "Susun versi baru" in said


def test_the_ministry_accepts(march, admin, judge):
    report = sent(march, by=admin)

    press(judge, report, "terima")

    assert again(report).state == State.ACCEPTED
    assert "Diterima" in text(page(judge, NATION))


def test_a_second_press_is_refused_with_the_state_it_has_now(march, admin):
    report = sent(march, by=admin)

    answer = press(admin, report, "kirim", **LETTER)

    assert answer.status_code == 409
    assert "“Dikirim”" in text(answer)


def test_the_next_version_is_begun_from_the_page(march, admin):
    report = ready(march, by=admin)

    answer = signed_in(admin).post(at(report, "versi-baru/"))

    newest = Report.objects.latest("version")
    assert answer["Location"] == at(newest)
    assert "Semua versi" in text(page(admin, at(newest)))


def test_days_that_changed_after_the_freezing_are_said_and_a_new_version_offered(march, admin):
    report = ready(march, by=admin)
    assert "berubah sesudah" not in text(page(admin, at(report)))
    day = Day.objects.filter(is_closed=True).first()
    Day.objects.filter(pk=day.pk).update(digest="c" * 64)

    said = text(page(admin, at(report)))

    assert "Angka 1 hari berubah sesudah laporan ini disusun" in said
    assert "Susun versi baru agar angkanya mengikuti" in said


def test_what_failed_is_tried_again_from_the_page(hall, admin):
    report = standing(hall.mall, State.FAILED)

    press(admin, report, "coba-lagi")

    assert again(report).events.last().move == Move.RETRY


def test_a_paper_is_downloaded_under_a_name(march, admin):
    answer = page(admin, at(ready(march, by=admin), "unduh/pdf/"))

    assert answer["Content-Type"] == "application/pdf"
    assert "laporan-bulanan-mpp-uji-2026-03-v1.pdf" in answer["Content-Disposition"]
    assert "Laporan Bulanan" in papers.text(answer.content)


@pytest.mark.parametrize("form", ["docx", "pdfx", "html"])
def test_what_is_no_form_is_not_found(march, admin, form):
    assert page(admin, at(ready(march, by=admin), f"unduh/{form}/")).status_code == 404


def test_a_report_that_is_not_frozen_has_no_files(hall, admin):
    report = standing(hall.mall, State.BUILDING)

    assert page(admin, at(report, "unduh/pdf/")).status_code == 404


# --- Who may not --------------------------------------------------------------------------------


@pytest.fixture
def other_admin():
    return person(Role.MALL_ADMIN, mall=make_hall(slug="mpp-lain").mall)


ADDRESSES = ("", "unduh/pdf/", "unduh/csv/")
ACTS = ("kirim", "kembalikan", "terima", "coba-lagi", "versi-baru")


def test_another_mall_sees_and_does_nothing(march, admin, other_admin):
    report = sent(march, by=admin)

    assert [page(other_admin, at(report, rest)).status_code for rest in ADDRESSES] == [404] * 3
    assert [press(other_admin, report, act, note="x").status_code for act in ACTS] == [404] * 5
    assert again(report).events.count() == 3
    assert page(other_admin, f"/api/laporan/{report.pk}/").status_code == 404


def test_officers_have_no_reports(march, admin):
    officer = make_officer(march.presence)

    assert page(officer, LIST).status_code == 404
    assert page(officer, at(ready(march, by=admin))).status_code == 404


@pytest.mark.parametrize("state", [State.BUILDING, State.READY, State.FAILED, State.REPLACED])
def test_the_ministry_reads_nothing_that_has_not_left_the_mall(hall, judge, state):
    assert page(judge, at(standing(hall.mall, state))).status_code == 404


def test_the_ministry_makes_and_sends_no_reports_of_malls(march, admin, judge):
    report = sent(march, by=admin)

    assert [press(judge, report, act).status_code for act in ("kirim", "versi-baru")] == [404] * 2
    data = {"mal": "mpp-uji", "masa": "2026-03"}
    assert signed_in(judge).post(f"{LIST}buat/", data).status_code == 404


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.PROVINCE_MONITOR, Role.MALL_ADMIN])
def test_only_the_ministry_judges_and_recaps(march, admin, role):
    report = sent(march, by=admin)
    user = User.objects.create_user("orang-lain")
    place = {
        Role.OPERATOR: {},
        Role.PROVINCE_MONITOR: {"province": "Jawa Barat"},
        Role.MALL_ADMIN: {"mall": march.mall},
    }[role]
    baker.make(Assignment, user=user, role=role, agency=None, **{"mall": None, **place})

    assert page(user, at(report)).status_code == 200
    codes = [press(user, report, act, note="x").status_code for act in ("kembalikan", "terima")]
    assert codes == [404] * 2
    assert signed_in(user).post("/petugas/laporan/rekap/2026-03/").status_code == 404


def test_a_monitor_of_one_province_sees_no_other(march, admin):
    report = sent(march, by=admin)
    monitor = person(Role.PROVINCE_MONITOR, province="Bali")
    Region.objects.create(code="51.01", name="Kabupaten Bali", province="Bali")

    assert page(monitor, at(report)).status_code == 404
    assert march.mall.short_name not in text(page(monitor, NATION))


# --- The country --------------------------------------------------------------------------------


def test_the_matrix_shows_what_was_sent_and_hides_what_was_not(hall, judge):
    shown = standing(hall.mall, State.SUBMITTED)
    standing(hall.mall, State.READY, first=date(2026, 2, 1))

    said = text(page(judge, NATION))

    assert at(shown) in said
    assert said.count("belum dikirim") == 2  # in its cell, and in the key
    assert "1 laporan menunggu penilaian" in said
    assert "1/1" in said


def test_a_version_in_the_making_hides_none_that_was_accepted(hall, judge):
    shown = standing(hall.mall, State.ACCEPTED)
    standing(hall.mall, State.BUILDING, version=2)

    assert at(shown) in text(page(judge, NATION))


def test_the_month_that_runs_is_not_asked_for_yet(hall, judge):
    a_month(hall, date(2026, 4, 1))

    said = text(page(judge, NATION))

    assert said.count("belum dikirim") == 1  # in the key only
    assert "Susun" not in said


def test_the_matrix_is_narrowed_to_a_province_and_a_year(hall, judge):
    assert hall.mall.short_name in text(page(judge, f"{NATION}?tahun=2026"))

    said = text(page(judge, f"{NATION}?provinsi=Bali"))

    assert "Tidak ada mal" in said


@pytest.mark.parametrize("query", ["tahun=x", "tahun=99999", "provinsi=" + "a" * 99, "tahun=-1"])
def test_what_makes_no_sense_is_not_asked(hall, judge, query):
    assert page(judge, f"{NATION}?{query}").status_code == 200


def test_the_matrix_is_read_with_as_many_statements_for_three_malls(
    hall, judge, django_assert_num_queries
):
    client = signed_in(judge)
    standing(hall.mall, State.SUBMITTED)
    with django_assert_num_queries(MATRIX):
        client.get(NATION)
    for slug in ("mpp-b", "mpp-c"):
        standing(make_hall(slug=slug).mall, State.SUBMITTED)

    with django_assert_num_queries(MATRIX):
        client.get(NATION)


MATRIX = 10


def test_a_recap_is_asked_for_from_the_matrix(hall, judge):
    answer = signed_in(judge).post("/petugas/laporan/rekap/2026-03/")

    report = Report.objects.get(kind=Kind.RECAP)
    assert answer["Location"] == at(report)
    assert page(judge, at(report)).status_code == 200


@pytest.mark.parametrize("code", ["2026", "2026-W11", "besok", "2026-13"])
def test_a_recap_is_of_a_month(judge, code):
    assert signed_in(judge).post(f"/petugas/laporan/rekap/{code}/").status_code == 404


def test_whoever_makes_no_reports_is_led_to_those_of_all(hall, judge):
    assert page(judge, LIST)["Location"] == NATION


# --- The public ---------------------------------------------------------------------------------


def test_everybody_may_have_what_was_accepted(march, admin, judge):
    report = sent(march, by=admin)
    address = "/mal/mpp-uji/laporan/2026-03.pdf"
    assert Client().get(address).status_code == 404

    lifecycle.accept(report, by=judge, now=APRIL_2)

    assert Client().get(address)["Content-Type"] == "application/pdf"
    assert Client().get(address.replace("pdf", "docx")).status_code == 404
    assert Client().get(address.replace("2026-03", "2026")).status_code == 404


def test_the_public_gets_the_version_that_is_accepted_now(march, admin, judge):
    first = accepted(march, by=admin, judge=judge)
    lifecycle.rebuild(first, by=admin, now=APRIL_2)

    answer = Client().get("/mal/mpp-uji/laporan/2026-03.csv")

    assert "v1" in answer["Content-Disposition"]
