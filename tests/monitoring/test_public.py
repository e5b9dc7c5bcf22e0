"""What everybody may know of a mall: of days that are over, of five people and more."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.conf import settings
from django.urls import reverse

from feedback.models import Opinion
from feedback.questions import Element
from monitoring import public, rollups
from monitoring.models import Month
from monitoring.tallies import Counts, Tally, histogram, packed
from queueing import sweeps
from tests.recipes import MONDAY, at, later, make_hall

pytestmark = pytest.mark.django_db
FEBRUARY = MONDAY.replace(month=2, day=1)


@pytest.fixture
def hall():
    """Six people at nine and five at ten, called one after the other from half past ten on."""
    return busy()


def busy(late=0):
    hall = make_hall()
    for hour, people in ((9, 6), (10, 5), (11, late)):
        for minute in range(people):
            hall.issue(now=at(hour, minute))
    for number in range(11 + late):
        now = later(at(10, 30), minutes=5 * number)
        hall.done(hall.call(now=now), now=later(now, minutes=4))
    closed()
    return hall


def closed():
    midnight = at(0, 5, on=MONDAY + timedelta(1))
    sweeps.close_days(now=midnight)
    rollups.refresh(now=midnight)


def record(hall, on=MONDAY + timedelta(1)):
    return public.of_mall(hall.mall, now=at(9, on=on))


def counted(hall, month=FEBRUARY, visits=40, **more):
    counts = Counts(issued=visits, visits=visits, called=visits, served=visits, within=visits)
    tally = Tally(counts, histogram([600] * visits), histogram([300] * visits))
    known = {"is_stale": False, "days": 20, "until": month + timedelta(26), **more}
    return Month.objects.create(mall=hall.mall, month=month, totals=packed(tally), **known)


def page(hall, on=MONDAY + timedelta(1), **query):
    with time_machine.travel(at(9, on=on), tick=False):
        return pytest.client.get(reverse("performance", args=[hall.mall.slug]), query)


@pytest.fixture(autouse=True)
def _client(client):
    pytest.client = client


def test_a_typical_day_says_how_long_people_waited_by_the_hour(hall):
    chart = record(hall).hours

    rows = [(row.name, *(cell.value for cell in row.cells)) for row in chart.sheet.rows]
    assert [row[:2] for row in rows] == [("09.00", 6), ("10.00", 5)]
    # Of a distribution: within its error of 98 and 110, of 68 and 76 minutes.
    exact = [98, 110, 68, 76]
    assert [float(each) for row in rows for each in row[2:]] == pytest.approx(exact, rel=0.025)
    assert [bool(each.height) for each in chart.drawn.columns] == [True, True]
    assert chart.title.startswith("Paling sebentar pukul 10.00: separuh dipanggil dalam 6")


def test_an_hour_to_which_fewer_than_five_came_is_not_told_nor_what_would_give_it_away():
    chart = record(busy(late=1)).hours

    rows = [(row.name, row.cells[0].text) for row in chart.sheet.rows]
    assert rows == [("09.00", "6"), ("10.00", "disamarkan"), ("11.00", "<5")]
    assert [bool(each.height) for each in chart.drawn.columns] == [True, False, False]


def test_days_of_more_than_four_weeks_ago_are_not_typical(hall):
    assert record(hall, on=MONDAY + timedelta(28)).hours is not None
    assert record(hall, on=MONDAY + timedelta(29)).hours is None


def test_the_last_month_that_is_over_is_told_and_the_running_one_is_not(hall):
    counted(hall)

    found = record(hall)

    assert str(found.last) == "Februari 2026"
    texts = {key: shown.text for key, _title, shown in found.headlines}
    assert texts.pop("wait_median") == texts.pop("wait_p90")
    assert texts == {
        "visits": "40",
        "served": "40",
        "within_share": "100,0 %",
        "service_days": "20",
    }
    assert [row.cells[0].text for row in found.year.sheet.rows][-1] == "40"


def test_a_month_of_four_visits_is_not_told(hall):
    counted(hall, visits=4)

    found = record(hall)

    assert found.headlines == []
    assert found.year.sheet.rows[-1].cells[0].text == "<5"


@pytest.mark.parametrize(("respondents", "value"), [(4, None), (5, Decimal("100.00"))])
def test_the_index_is_told_from_five_answers_on(hall, respondents, value):
    sums = [4 * respondents] * len(Element)
    said = {str(hall.presence.pk): [respondents, *sums]}
    counted(hall, voices={"opinions": said, "complaints": {}, "incidents": [0, 0, 0]})

    index = record(hall).index

    assert (index.value if index else None) == value
    assert Opinion.objects.count() == 0  # it is what was counted, not what is written down now


def test_agencies_say_on_which_days_they_come_and_whether_they_did(hall):
    kept = [20, 19, 0, 20, 19, 0, 0, 0, 0, 19, 19]
    counted(hall, attendance={str(hall.presence.pk): kept})

    (row,) = record(hall).agencies

    assert (row.name, row.days, row.share) == ("Dinas Uji", "Senin–Jumat", "95,0 %")
    assert "19 dari 20 hari" in page(hall).content.decode()


def test_a_new_mall_says_that_there_is_nothing_yet():
    found = page(make_hall()).content.decode()

    assert "Belum ada angka untuk bulan lalu" in found
    assert "Belum cukup jawaban" in found


def test_its_tables_are_downloaded_as_shown(hall):
    counted(hall)

    file = page(hall, unduh="bulan.csv")

    lines = b"".join(file.streaming_content).decode().splitlines()
    assert lines[-1].split(",")[:3] == ["Februari 2026", "40", "40"]
    assert page(hall, unduh="rahasia.csv").status_code == 404


def test_it_can_be_read_in_english(hall, client):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    assert page(hall).headers["Content-Language"] == "en"


def test_a_mall_that_is_not_public_has_no_page(hall):
    type(hall.mall).objects.update(stage="preparation")

    assert page(hall).status_code == 404


@pytest.mark.parametrize("months", [1, 3])
def test_a_year_takes_as_many_statements_as_a_month(hall, months, django_assert_num_queries):
    for number in range(months):
        counted(hall, month=FEBRUARY.replace(year=2025, month=12 - number))
    page(hall)  # what is remembered of the mall and its calendar

    with django_assert_num_queries(4):
        found = page(hall)

    assert len(found.context["record"].months) == months
