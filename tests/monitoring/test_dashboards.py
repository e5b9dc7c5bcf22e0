"""The pages of figures: what they say, to whom, and from how few statements."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from agencies.models import Region
from core import memo
from monitoring.definitions import FIGURES
from monitoring.facts import Channel
from tests.feedback.conftest import appoint
from tests.monitoring.counted import NOW, TUESDAY, cell, counted, some_halls, tally
from tests.recipes import MONDAY, at, make_hall, make_presence, make_service

pytestmark = pytest.mark.django_db
FEBRUARY = MONDAY - timedelta(28)


@pytest.fixture
def hall():
    """A hall with two days of March and one of February."""
    hall = make_hall()
    counted(hall.mall, FEBRUARY, (cell(hall), tally(*[40] * 10)))
    counted(hall.mall, MONDAY, (cell(hall), tally(*[10] * 30, *[50] * 4, absent=6)))
    counted(hall.mall, TUESDAY, (cell(hall, hour=10, channel=Channel.PHONE), tally(*[20] * 8)))
    return hall


@pytest.fixture
def admin(hall):
    return appoint(Role.MALL_ADMIN, mall=hall.mall)


@pytest.fixture
def ministry():
    return appoint(Role.MINISTRY_MONITOR)


@pytest.fixture
def read(client):
    def get(user, name, *args, **query):
        client.force_login(user)
        memo.clear_all()
        with time_machine.travel(NOW, tick=False), CaptureQueriesContext(connection) as captured:
            answer = client.get(reverse(name, args=args), query)
        answer.statements = [each["sql"] for each in captured.captured_queries]
        return answer

    return get


def words(answer):
    """What a page says, without its markup."""
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return " ".join(text.split())


# --- A mall ----------------------------------------------------------------------------------


def test_a_mall_begins_with_what_changed(hall, admin, read):
    said = words(read(admin, "mall_figures", "mpp-uji", masa="2026-03"))

    assert "Antrean Makin Singkat" in said
    assert "Separuh pengunjung dipanggil dalam 10,2 menit, sebulan sebelumnya 41,0 menit." in said
    assert "91,7 % dipanggil di bawah 30 menit, sebulan sebelumnya 0,0 %" in said


def test_without_a_period_the_latest_month_is_shown(hall, admin, read):
    answer = read(admin, "mall_figures", "mpp-uji")

    assert answer.context["choice"].period.code == "2026-03"
    assert answer.context["until"] is None


def test_a_month_that_goes_on_says_until_when_it_is_counted(hall, admin, client):
    client.force_login(admin)

    with time_machine.travel(at(9, on=TUESDAY + timedelta(1)), tick=False):
        answer = client.get(reverse("mall_figures", args=["mpp-uji"]))

    assert answer.context["until"] == TUESDAY
    assert "dihitung sampai Selasa, 10 Maret 2026" in words(answer)


def test_of_a_month_that_has_just_begun_the_one_before_is_shown(hall, admin, read):
    counted(hall.mall, MONDAY + timedelta(24), (cell(hall), tally(*[10] * 30)))

    assert read(admin, "mall_figures", "mpp-uji").context["choice"].period.code == "2026-03"


@pytest.mark.parametrize("code", ["2026-13", "kemarin", "\x00", "9999", "2026-W60"])
def test_a_period_there_is_not_is_the_latest(hall, admin, read, code):
    assert (
        read(admin, "mall_figures", "mpp-uji", masa=code).context["choice"].period.code == "2026-03"
    )


@pytest.mark.parametrize(
    ("code", "visits"),
    [("2026-03-09", "40"), ("2026-W11", "48"), ("2026-03", "48"), ("2026", "58")],
)
def test_every_kind_of_period_adds_up(hall, admin, read, code, visits):
    sheet = read(admin, "mall_figures", "mpp-uji", masa=code).context["sheets"]["angka"]

    assert (sheet.rows[0].name, sheet.rows[0].cells[0].text) == ("Kunjungan", visits)


def test_an_empty_period_says_so(hall, admin, read):
    said = words(read(admin, "mall_figures", "mpp-uji", masa="2025-01"))

    assert "Belum Ada Angka" in said


def test_the_week_says_when_people_wait_longest(hall, admin, read):
    answer = read(admin, "mall_figures", "mpp-uji", masa="2026-03")

    assert answer.context["week"].title.startswith("Selasa pukul 10.00 paling lama")
    assert "rehat" in words(answer)


def test_the_outcomes_add_up_to_the_numbers(hall, admin, read):
    outcomes = read(admin, "mall_figures", "mpp-uji", masa="2026-03").context["outcomes"]

    assert outcomes.title == "42 dari 48 nomor dilayani"
    assert sum(row.cells[0].value for row in outcomes.sheet.rows) == 48


def test_a_mall_without_others_like_it_is_told_so(hall, admin, read):
    said = words(read(admin, "mall_figures", "mpp-uji"))

    assert "Belum ada perbandingan dengan mal serupa" in said


def test_a_mall_sees_the_middle_of_malls_like_it_and_no_name(admin, hall, read):
    some_halls(4, waited=5, people=24)

    answer = read(admin, "mall_figures", "mpp-uji", masa="2026-03")

    sheet = answer.context["sheets"]["angka"]
    assert sheet.columns[-1].title == "Mal serupa (tengah)"
    assert sheet.rows[0].cells[-1].text == "24"
    assert "MPP 1" not in words(answer)


def test_the_agencies_are_sorted_by_any_figure(hall, admin, read):
    other = make_presence(hall.mall, "Dinas Lambat")
    counted(hall.mall, TUESDAY + timedelta(1), (cell(hall, presence=other), tally(*[70] * 6)))

    answer = read(admin, "mall_figures", "mpp-uji", masa="2026-03", urut="wait_median")

    assert [row.name for row in answer.context["sheets"]["instansi"].rows] == [
        "Dinas Lambat",
        "Dinas Uji",
    ]


def test_a_table_can_be_downloaded_and_says_the_same(hall, admin, read):
    query = {"masa": "2026-03", "unduh": "instansi.csv"}

    answer = read(admin, "mall_figures", "mpp-uji", **query)

    content = b"".join(answer.streaming_content).decode()
    assert content.splitlines()[1].startswith("Dinas Uji,48,48,42,6,12.5,0,")


def test_no_coordinate_has_a_comma(hall, admin, read):
    html = read(admin, "mall_figures", "mpp-uji", masa="2026-03").content.decode()

    numbers = re.findall(r'\s(?:x|y|x1|x2|y1|y2|width|height|cx|cy|r)="([^"]*)"', html)
    assert len(numbers) > 50
    assert [each for each in numbers if not re.fullmatch(r"-?[\d.]+%?", each)] == []


# --- Who watches from outside ----------------------------------------------------------------


def test_the_ministry_sees_no_cell_of_a_few(hall, ministry, read):
    lonely = make_service(hall.queue, "Layanan Langka")
    counted(hall.mall, TUESDAY + timedelta(1), (cell(hall, service=lonely), tally(3, 4)))

    sheet = read(ministry, "mall_figures", "mpp-uji", masa="2026-03").context["sheets"]["layanan"]

    rows = {row.name: row.cells[0].text for row in sheet.rows}
    assert rows == {"Layanan Langka": "<5", "Layanan Uji": "disamarkan"}
    assert sheet.total.cells[0].text == "50"


def test_an_agency_of_a_few_is_hidden_on_its_own_page_too(hall, ministry, admin, read):
    other = make_presence(hall.mall, "Dinas Sepi")
    counted(hall.mall, TUESDAY + timedelta(1), (cell(hall, presence=other), tally(3, 4)))

    for presence in (other, hall.presence):
        said = words(read(ministry, "agency_figures", "mpp-uji", presence.pk, masa="2026-03"))
        assert "Belum Cukup Angka" in said
        assert "menit" not in said.split("Belum Cukup Angka")[1].split("Semua pantauan")[0]
    said = words(read(admin, "agency_figures", "mpp-uji", other.pk, masa="2026-03"))
    assert "Separuh pengunjung dipanggil dalam" in said


def test_the_hours_of_a_few_are_hidden(hall, ministry, read):
    counted(hall.mall, TUESDAY + timedelta(1), (cell(hall, hour=14), tally(3, 4)))

    answer = read(ministry, "mall_figures", "mpp-uji", masa="2026-03")

    spots = answer.context["week"].chart.rows[2].spots
    assert [str(spot.kind) for spot in spots if spot.kind not in {"closed", "break", "nobody"}] == [
        "hidden"
    ]


def test_no_row_tells_how_few_were_not_served(hall, ministry, read):
    counted(hall.mall, MONDAY + timedelta(7), (cell(hall), tally(*[20] * 50, absent=2)))

    answer = read(ministry, "mall_figures", "mpp-uji", masa="2026-03-16")

    rows = {row.key: row.cells[0].text for row in answer.context["sheets"]["angka"].rows}
    assert (rows["issued"], rows["called"], rows["served"]) == ("52", "disamarkan", "disamarkan")
    assert (rows["absent"], rows["absent_share"]) == ("<5", "disamarkan")
    steps = answer.context["waits"].sheet.rows
    assert {row.cells[0].text for row in steps if row.cells[0].value} == set()
    assert answer.context["outcomes"].title == "Akhir setiap nomor"


# --- An agency -------------------------------------------------------------------------------


def test_an_agency_sees_its_own_figures(hall, read):
    answer = read(hall.officer, "agency_figures", "mpp-uji", hall.presence.pk, masa="2026-03")

    assert answer.context["sheets"]["angka"].rows[0].cells[0].text == "48"
    assert [row.name for row in answer.context["sheets"]["kanal"].rows] == [
        "Mesin antrean",
        "Ponsel, tanpa kertas",
    ]


def test_today_is_beside_the_same_weekday(hall, client):
    client.force_login(hall.officer)
    now = NOW.replace(month=3, day=16)
    hall.issue(now=now)

    with time_machine.travel(now, tick=False):
        answer = client.get(reverse("agency_today", args=["mpp-uji", hall.presence.pk]))

    sheet = answer.context["sheets"]["hari_ini"]
    assert [column.title for column in sheet.columns] == [
        "Hari ini, sampai sekarang",
        "Senin, 9 Maret",
    ]
    assert [cell.text for cell in sheet.rows[0].cells] == ["1", "40"]
    assert answer.context["counters"] == (1, 1, 0)


# --- The country -----------------------------------------------------------------------------


def test_the_ministry_sees_all_malls_together(ministry, read):
    some_halls(3)

    answer = read(ministry, "nation_figures", masa="2026-03")

    assert (answer.context["reporting"], answer.context["malls"]) == (3, 3)
    assert answer.context["sheets"]["angka"].rows[0].cells[0].text == "60"
    assert [each.mall.slug for each in answer.context["map"].symbols] == ["mpp-0", "mpp-1", "mpp-2"]


def test_malls_are_compared_with_care(ministry, read):
    some_halls(9, people=30)

    answer = read(ministry, "nation_figures", masa="2026-03-09", urut="-wait_median")

    rows = answer.context["sheets"]["mal"].rows
    assert [row.name for row in rows] == [f"MPP {number}" for number in range(9)]
    assert rows[0].cells[0].text == "1"
    assert rows[8].cells[0].text == "4"
    assert "Bukan peringkat" in words(answer)


def test_a_mall_far_outside_is_said_in_words(ministry, read):
    some_halls(9, people=30)
    slow = make_hall(slug="mpp-lambat")
    counted(slow.mall, MONDAY, (cell(slow), tally(*[110] * 30)))

    answer = read(ministry, "nation_figures", masa="2026-03-09")

    (outlier,) = answer.context["outliers"]
    assert (outlier.mall, outlier.is_worse) == (slow.mall, True)
    assert "separuh mal lain antara" in outlier.text


def test_a_province_is_chosen(ministry, read):
    some_halls(1)
    bali = make_hall(slug="mpp-bali")
    Region.objects.filter(pk=bali.mall.region_id).update(province="Bali")
    counted(bali.mall, MONDAY, (cell(bali), tally(*[5] * 9)))

    answer = read(ministry, "nation_figures", masa="2026-03", provinsi="Bali")

    assert [row.url for row in answer.context["sheets"]["mal"].rows] == [
        "/petugas/pantauan/mpp-bali/?masa=2026-03"
    ]
    assert answer.context["provinces"] == ["Bali", "Jawa Barat"]
    assert [row.url for row in answer.context["sheets"]["provinsi"].rows] == [
        "?masa=2026-03&provinsi=Bali"
    ]


def test_a_monitor_of_one_province_sees_no_other(read):
    some_halls(1)
    make_hall(slug="mpp-bali")
    Region.objects.filter(malls__slug="mpp-bali").update(province="Bali")
    monitor = appoint(Role.PROVINCE_MONITOR, province="Bali")

    assert read(monitor, "nation_figures").context["provinces"] == ["Bali"]
    assert read(monitor, "mall_figures", "mpp-bali").status_code == 200
    assert read(monitor, "mall_figures", "mpp-0").status_code == 404


def test_whoever_watches_nothing_has_no_country(hall, admin, read):
    assert read(admin, "nation_figures").status_code == 404
    assert read(hall.officer, "nation_figures").status_code == 404


def test_another_malls_admin_sees_nothing(hall, read):
    other = appoint(Role.MALL_ADMIN, mall=make_hall(slug="mpp-lain").mall)

    assert read(other, "mall_figures", "mpp-uji").status_code == 404
    assert read(other, "agency_figures", "mpp-uji", hall.presence.pk).status_code == 404
    assert read(other, "agency_today", "mpp-uji", hall.presence.pk).status_code == 404


def test_an_officer_does_not_see_the_whole_mall(hall, read):
    assert read(hall.officer, "mall_figures", "mpp-uji").status_code == 404


# --- Everybody -------------------------------------------------------------------------------


def test_each_reader_is_led_to_theirs(hall, admin, ministry, read):
    assert "Semua mal yang Anda pantau" in words(read(ministry, "figures"))
    assert reverse("mall_figures", args=["mpp-uji"]) in read(admin, "figures").content.decode()
    own = reverse("agency_today", args=["mpp-uji", hall.presence.pk])
    assert own in read(hall.officer, "figures").content.decode()


def test_everybody_reads_what_each_figure_means(client):
    html = client.get(reverse("definitions")).content.decode()

    assert [figure.key for figure in FIGURES if f'id="{figure.key}"' not in html] == []


# --- Statements ------------------------------------------------------------------------------


@pytest.mark.parametrize("halls", [1, 3])
def test_the_country_takes_as_many_statements_for_three_malls(ministry, read, halls):
    some_halls(halls)

    assert len(read(ministry, "nation_figures", masa="2026-03").statements) == 9


@pytest.mark.parametrize("agencies", [1, 3])
def test_a_mall_takes_as_many_statements_for_three_agencies(hall, admin, read, agencies):
    for number in range(1, agencies):
        other = make_presence(hall.mall, f"Dinas {number}")
        on = TUESDAY + timedelta(number)
        counted(hall.mall, on, (cell(hall, presence=other), tally(*[7] * 6)))

    assert len(read(admin, "mall_figures", "mpp-uji", masa="2026-03").statements) == 19


@pytest.mark.parametrize("days", [1, 3])
def test_an_agency_takes_as_many_statements_for_three_days(hall, read, days):
    for number in range(1, days):
        counted(hall.mall, TUESDAY + timedelta(number), (cell(hall), tally(*[7] * 6)))

    asked = ("agency_figures", "mpp-uji", hall.presence.pk)
    assert len(read(hall.officer, *asked, masa="2026-03").statements) == 26


@pytest.mark.parametrize("code", ["2026-03-09", "2026-W11", "2026-03", "2026"])
def test_no_ticket_is_read_for_a_period(hall, admin, ministry, read, code):
    asked = [
        (ministry, "nation_figures"),
        (admin, "mall_figures", "mpp-uji"),
        (hall.officer, "agency_figures", "mpp-uji", hall.presence.pk),
    ]

    made = [sql for each in asked for sql in read(*each, masa=code).statements]

    assert made
    assert [sql for sql in made if "queueing_ticket" in sql or "queueing_visit" in sql] == []
