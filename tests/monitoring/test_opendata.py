"""Open data: columns that stay, real numbers, no group of fewer than five, the same marks."""

import csv
import json
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse

from agencies.models import Mall
from core import memo
from feedback.models import Opinion
from monitoring import privacy
from monitoring.cubes import Hour, Part
from monitoring.facts import Channel
from monitoring.models import Month
from monitoring.opendata import columns
from monitoring.opendata.datasets import DATASETS
from monitoring.tallies import Counts, Tally, histogram, packed
from monitoring.views import opendata
from tests.recipes import MONDAY, at, make_hall, make_presence, make_queue, make_service

pytestmark = pytest.mark.django_db
FEBRUARY, JANUARY = date(2026, 2, 1), date(2026, 1, 1)

# Somebody's program reads these by name: nothing here may be renamed or taken away.
FROZEN = {
    "mal": "mall name kind region_code region province zone stage monday tuesday wednesday thursday"
    " friday saturday sunday licence",
    "kunjungan": "mall month agency agency_name service service_name channel visits issued served"
    " wait_median wait_p90 within_share is_hidden",
    "jam": "mall weekday hour first_month last_month issued wait_median wait_p90 is_hidden",
}


@pytest.fixture
def hall():
    return make_hall()


def tally(people, wait=600):
    counts = Counts(issued=people, visits=people, called=people, served=people, within=people)
    return Tally(counts, histogram([wait] * people), histogram([300] * people))


def counted(hall, people, month=FEBRUARY, hours=()):
    """A month with so many people by channel; or by service and channel."""
    parts = [
        [*Part(service.presence_id, service.queue_id, service.pk, channel, 0), *packed(tally(n))]
        for (service, channel), n in people.items()
    ]
    rows = [[*Hour(*hour), *packed(tally(n))] for hour, n in hours]
    digest = f"{month}{sorted(people.values())}".ljust(64, "0")
    known = {"is_stale": False, "days": 20, "counted_at": at(9), "digest": digest}
    return Month.objects.create(mall=hall.mall, month=month, parts=parts, hours=rows, **known)


@pytest.fixture
def get(client):
    def ask(name, form="json", now=None, **query):
        headers = query.pop("headers", None)
        with time_machine.travel(now or at(9), tick=False):
            return client.get(reverse(f"open_data_{form}", args=[name]), query, headers=headers)

    return ask


def text(answer):
    return b"".join(answer.streaming_content).decode() if answer.streaming else answer.text


def rows(answer):
    return json.loads(text(answer))["rows"]


@pytest.mark.parametrize("name", FROZEN)
def test_no_column_is_renamed_taken_away_or_moved(name):
    assert [column.name for column in DATASETS[name].columns] == FROZEN[name].split()


@pytest.mark.parametrize("name", FROZEN)
def test_csv_and_json_have_the_columns_and_the_same_rows(hall, get, name):
    counted(hall, {(hall.service, Channel.KIOSK): 12}, hours=[((0, 9), 12)])

    lines = list(csv.reader(text(get(name, "csv")).removeprefix("\ufeff").splitlines()))
    found = rows(get(name))

    assert lines[0] == FROZEN[name].split() == list(found[0])
    assert [[said(value) for value in row.values()] for row in found] == lines[1:]
    assert len(found) == 1


def said(value):
    """A value of JSON as it stands in CSV."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return f"{Decimal(str(value)).normalize():f}"
    return "" if value is None else str(value)


@pytest.mark.parametrize("name", FROZEN)
def test_every_number_is_a_real_one(hall, get, name):
    counted(hall, {(hall.service, Channel.KIOSK): 12}, hours=[((0, 9), 12)])
    kinds = {"text": str, "integer": int, "number": float, "boolean": bool}

    (row,) = rows(get(name))

    assert {key: type(value) for key, value in row.items()} == {
        column.name: kinds[column.type] for column in DATASETS[name].columns
    }


def test_every_column_is_explained_on_the_page(client):
    page = client.get(reverse("open_data")).content.decode()

    named = [column.name for each in DATASETS.values() for column in each.columns]
    assert [name for name in [*named, *(c.name for c in columns.NOW)] if name not in page] == []
    assert "CC BY 4.0" in page


def test_visits_are_told_by_month_agency_service_and_channel(hall, get):
    counted(hall, {(hall.service, Channel.KIOSK): 12, (hall.service, Channel.BOOKED): 7})

    kiosk, booked = rows(get("kunjungan"))

    waits = [kiosk.pop("wait_median"), kiosk.pop("wait_p90")]
    assert waits == pytest.approx([10, 10], rel=0.025)
    assert kiosk == {
        "mall": "mpp-uji",
        "month": "2026-02",
        "agency": hall.presence.agency.slug,
        "agency_name": "Dinas Uji",
        "service": hall.service.code,
        "service_name": "Layanan Uji",
        "channel": "kiosk",
        "visits": 12,
        "issued": 12,
        "served": 12,
        "within_share": 100.0,
        "is_hidden": False,
    }
    assert (booked["channel"], booked["issued"]) == ("booked", 7)


def test_fewer_than_five_people_and_what_would_tell_of_them_are_left_out(hall, get):
    people = {
        (hall.service, Channel.KIOSK): 40,
        (hall.service, Channel.BOOKED): 9,
        (hall.service, Channel.OFFICER): 4,
    }
    counted(hall, people)

    found = {row["channel"]: (row["issued"], row["is_hidden"]) for row in rows(get("kunjungan"))}

    assert found == {"kiosk": (40, False), "booked": (None, True), "officer": (None, True)}


def test_a_hidden_row_has_no_figure_at_all(hall, get):
    counted(hall, {(hall.service, Channel.KIOSK): 4})

    (row,) = rows(get("kunjungan"))

    figures = [row[key] for key in columns.FIGURES_OF_VISITS]
    assert (figures, row["is_hidden"]) == ([None] * 6, True)


def test_what_one_sum_hides_no_other_sum_tells():
    # By row and by column: 3 hides 8 beside it and 6 below, and these need company of their own.
    counts = {("a", 1): 3, ("a", 2): 8, ("a", 3): 50, ("b", 1): 6, ("b", 2): 9, ("b", 3): 70}

    gone = privacy.hidden_in_all(counts, lambda cell: (("row", cell[0]), ("column", cell[1])), 5)

    assert gone == {("a", 1), ("a", 2), ("b", 1), ("b", 2)}


def test_the_month_that_is_running_is_nobodys_yet(hall, get):
    counted(hall, {(hall.service, Channel.KIOSK): 12}, month=MONDAY.replace(day=1))

    assert rows(get("kunjungan", sampai="2026-03", dari="2026-03")) == []
    assert len(rows(get("kunjungan", now=at(9, on=date(2026, 4, 2))))) == 1


def test_hours_of_several_months_are_added_up(hall, get):
    for month in (JANUARY, FEBRUARY):
        counted(hall, {}, month=month, hours=[((0, 9), 12), ((4, 13), 20)])

    found = rows(get("jam", mal="mpp-uji"))

    assert [(row["weekday"], row["hour"], row["issued"]) for row in found] == [
        (1, 9, 24),
        (5, 13, 40),
    ]
    assert (found[0]["first_month"], found[0]["last_month"]) == ("2026-01", "2026-02")


def test_malls_say_when_they_are_open_and_under_which_licence(hall, get, settings):
    settings.OPEN_DATA_LICENCES = {hall.mall.region.code: "CC0 1.0"}

    body = json.loads(text(get("mal")))

    (row,) = body["rows"]
    assert (row["monday"], row["sunday"]) == ("08:00-12:00 13:00-15:00", "")
    assert (row["licence"], body["licence"]["name"]) == ("CC0 1.0", "CC BY 4.0")
    assert body["licences"] == {"mpp-uji": {"name": "CC0 1.0", "url": DEED}}


DEED = "https://creativecommons.org/publicdomain/zero/1.0/"


def test_only_what_is_public_is_told(hall, get):
    Mall.objects.update(stage="preparation")
    memo.clear_all()

    assert rows(get("mal")) == []
    assert get("kunjungan", mal="mpp-uji").status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        {"dari": "kemarin"},
        {"dari": "2026"},
        {"sampai": "2026-02-01"},
        {"dari": "2026-02", "sampai": "2026-01"},
        {"dari": "2025-11", "sampai": "2026-02"},
    ],
)
def test_what_cannot_be_read_is_said_to_the_program(hall, get, query):
    answer = get("kunjungan", "csv", **query)

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert answer["X-Refusal"] == "invalid"


@pytest.mark.parametrize("name", ["kunjungan", "sekarang"])
@pytest.mark.parametrize("slug", ["\x00", "a" * 200, "mpp uji", "\ud800".encode(errors="replace")])
def test_a_mall_that_cannot_be_is_nowhere(hall, get, name, slug):
    assert get(name, mal=slug).status_code == 404


def test_one_mall_may_be_asked_for_more_months_than_all(hall, get):
    counted(hall, {(hall.service, Channel.KIOSK): 12}, month=JANUARY.replace(year=2025))

    found = rows(get("kunjungan", mal="mpp-uji", dari="2024-01", sampai="2026-02"))

    assert [row["month"] for row in found] == ["2025-01"]


def test_a_name_that_looks_like_a_formula_is_harmless(hall, get):
    hall.presence.agency.name = '=HYPERLINK("http://evil")'
    hall.presence.agency.save()
    counted(hall, {(hall.service, Channel.KIOSK): 12})

    assert "'=HYPERLINK" in text(get("kunjungan", "csv"))


@pytest.mark.parametrize("form", ["csv", "json"])
def test_a_copy_that_is_still_the_same_is_not_sent_again(hall, get, form):
    counted(hall, {(hall.service, Channel.KIOSK): 12})
    first = get("kunjungan", form)
    known = {"If-None-Match": first["ETag"]}

    again = get("kunjungan", form, headers=known)
    Month.objects.update(digest="b" * 64)
    changed = get("kunjungan", form, headers=known)

    assert (again.status_code, changed.status_code) == (304, 200)
    assert again["Last-Modified"] == "Mon, 09 Mar 2026 02:00:00 GMT"
    assert again["Access-Control-Allow-Origin"] == first["Access-Control-Allow-Origin"] == "*"
    assert first["Cache-Control"] == "public, max-age=3600"


def test_a_new_name_is_a_new_file(hall, get):
    counted(hall, {(hall.service, Channel.KIOSK): 12})
    known = {"If-None-Match": get("kunjungan")["ETag"]}
    hall.service.name = "Layanan Baru"
    hall.service.save()

    assert get("kunjungan", headers=known).status_code == 200


@pytest.mark.parametrize("malls", [1, 3])
@pytest.mark.parametrize("name", ["kunjungan", "jam"])
def test_a_file_of_many_malls_takes_as_few_statements(get, malls, name, django_assert_num_queries):
    for number in range(malls):
        hall = make_hall(slug=f"mpp-{number}")
        counted(hall, {(hall.service, Channel.KIOSK): 12}, hours=[((0, 9), 12)])

    with django_assert_num_queries({"kunjungan": 5, "jam": 3}[name]):
        found = rows(get(name))

    assert len(found) == malls


def test_no_ticket_and_no_answer_of_anybody_is_read(hall, get, django_assert_max_num_queries):
    counted(hall, {(hall.service, Channel.KIOSK): 12})

    with django_assert_max_num_queries(10) as asked:
        rows(get("kunjungan"))

    tables = ("queueing_ticket", Opinion._meta.db_table)
    assert [q for q in asked.captured_queries if any(name in q["sql"] for name in tables)] == []


# --- Now ---------------------------------------------------------------------------------------


def test_the_feed_says_who_waits_where(hall, get):
    hall.issue(now=at(8, 50))
    hall.issue(now=at(8, 51))

    body = get("sekarang").json()

    (row,) = body["rows"]
    (queue,) = row.pop("queues")
    assert row == {"mall": "mpp-uji", "is_open": True, "phase": "open", "waiting": 2}
    assert (queue["letter"], queue["waiting"], queue["counters_open"]) == ("A", 2, 1)
    assert 0 <= queue["wait_low"] <= queue["wait_high"]
    said = {column.name for column in columns.NOW}
    assert {*row, "queues", *(f"queues.{key}" for key in queue)} == said


def test_a_closed_mall_has_nobody_waiting(hall, get):
    (row,) = get("sekarang", now=at(18)).json()["rows"]

    assert (row["is_open"], row["phase"], row["waiting"], row["queues"]) == (False, "after", 0, [])


def test_the_feed_is_the_same_until_something_happens(hall, get):
    first = get("sekarang")
    known = {"If-None-Match": first["ETag"]}

    again = get("sekarang", now=at(9, 0, 20), headers=known)
    hall.issue(now=at(9, 0, 30))
    changed = get("sekarang", now=at(9, 0, 40), headers=known)

    assert (again.status_code, changed.status_code) == (304, 200)
    assert first["Cache-Control"] == "public, max-age=5"


def test_all_malls_are_read_anew_three_times_a_minute_and_one_of_them_every_five_seconds(hall, get):
    get("sekarang"), get("sekarang", mal="mpp-uji")
    hall.issue(now=at(9, 0, 5))

    whole, one = (get("sekarang", now=at(9, 0, 6), **each) for each in ({}, {"mal": "mpp-uji"}))

    assert [found.json()["rows"][0]["waiting"] for found in (whole, one)] == [0, 1]


def test_the_feed_of_many_malls_foretells_nothing(hall, get, monkeypatch):
    monkeypatch.setattr("monitoring.opendata.live.MOST_FORETOLD", 0)

    (row,) = get("sekarang").json()["rows"]

    assert row["queues"][0]["wait_high"] is None


@pytest.mark.parametrize("malls", [1, 3])
def test_the_feed_takes_as_few_statements_for_many_malls(get, malls, django_assert_num_queries):
    for number in range(malls):
        make_hall(slug=f"mpp-{number}").issue(now=at(8, 50))
    memo.clear_all()

    with django_assert_num_queries(21):
        found = get("sekarang").json()["rows"]

    assert [row["waiting"] for row in found] == [1] * malls


def test_there_is_no_feed_as_a_sheet_and_nothing_of_another_name(hall, get):
    assert [get("sekarang", "csv").status_code, get("rahasia").status_code] == [404, 404]


def test_who_asks_too_often_is_told_so_as_json(hall, get):
    cache.clear()
    for _each in range(opendata.MOST):
        get("mal")

    answer = get("sekarang")

    assert (answer.status_code, answer.json()["code"]) == (429, "too_many")


def test_agencies_and_services_that_have_left_are_still_named(hall, get):
    presence = make_presence(hall.mall, "Instansi Lama")
    service = make_service(make_queue(presence, "B"))
    counted(hall, {(service, Channel.KIOSK): 12})
    type(presence).objects.update(is_active=False)

    (row,) = rows(get("kunjungan"))

    assert row["agency_name"] == "Instansi Lama"
