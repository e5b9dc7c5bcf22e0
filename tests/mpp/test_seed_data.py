"""The file of the demonstration: legible, complete, honest about its sources."""

import json
import re
from collections import Counter as Tally

import pytest
from django.conf import settings

from mpp import seed

DATA = seed.read()
MALLS = DATA["malls"]
PRESENCES = [(mall, presence) for mall in MALLS for presence in mall["presences"]]
SERVICES = [(presence, service) for _, presence in PRESENCES for service in presence["services"]]
CLAIMS = {
    "name",
    "requirements",
    "procedure",
    "completion_time",
    "fees",
    "fee_basis",
    "product",
    "complaint_channel",
    "limits",
}


@pytest.mark.parametrize("mall", MALLS, ids=lambda mall: mall["slug"])
def test_letters_are_unique_in_a_mall_and_legible(mall):
    letters = [queue["letter"] for p in mall["presences"] for queue in p["queues"]]

    assert [letter for letter, times in Tally(letters).items() if times > 1] == []
    assert [letter for letter in letters if not re.fullmatch("[A-HJ-LNPR-VX-Z]{1,2}", letter)] == []


def test_board_names_fit_the_board():
    assert [p["board_name"] for _, p in PRESENCES if not 0 < len(p["board_name"]) <= 40] == []


@pytest.mark.parametrize("mall", MALLS, ids=lambda mall: mall["slug"])
def test_a_counter_belongs_to_one_agency_a_day_and_stands_in_one_place(mall):
    days = Tally(
        (counter["number"], weekday)
        for presence in mall["presences"]
        for counter in presence["counters"]
        for weekday in counter["weekdays"]
    )
    places = {(c["number"], p["place"]) for p in mall["presences"] for c in p["counters"]}

    assert [day for day, times in days.items() if times > 1] == []
    assert len(places) == len({number for number, _ in places})


@pytest.mark.parametrize(
    ("mall", "presence"),
    PRESENCES,
    ids=[f"{mall['slug']}:{presence['agency']['slug']}" for mall, presence in PRESENCES],
)
def test_every_service_has_a_counter_on_a_day_the_mall_is_open(mall, presence):
    open_days = {day for hours in mall["hours"] for day in hours["weekdays"]}
    served = {
        letter
        for counter in presence["counters"]
        if open_days >= set(counter["weekdays"]) != set()
        for letter in counter["queues"]
    }

    assert {queue["letter"] for queue in presence["queues"]} == served
    assert {service["queue"] for service in presence["services"]} == served


def test_every_service_says_what_to_bring_and_what_happens():
    assert [s["code"] for _, s in SERVICES if not isinstance(s["requirements"], list)] == []
    assert [s["code"] for _, s in SERVICES if not 3 <= len(s["procedure"]) <= 6] == []
    assert [s["code"] for _, s in SERVICES if not (s["fees"] and s["keywords"])] == []
    assert [s["code"] for _, s in SERVICES if not (s["name_en"] and s["completion_time"])] == []


def test_what_has_no_source_is_marked_as_an_example():
    # What another regency publishes shows that such papers are free, and nothing more.
    vouch = {"ingatan": set(), "lamongan": {"fees", "fee_basis"}}
    unmarked = [
        (service["name"], field)
        for _, service in SERVICES
        for field in CLAIMS - set(service["example"])
        if service[field]
        and not any(field in vouch.get(source, CLAIMS) for source in service["sources"])
    ]

    assert unmarked == []


def test_minutes_codes_and_seating_are_never_shown_as_fact():
    assert [s["name"] for _, s in SERVICES if not {"code", "minutes"} <= set(s["example"])] == []
    assert [p["board_name"] for _, p in PRESENCES if "counters" not in p["example"]] == []
    assert [mall["slug"] for mall in MALLS if "hours" not in mall["example"]] == []


def test_marks_and_sources_name_things_that_exist():
    rows = [*MALLS, *(p for _, p in PRESENCES), *(s for _, s in SERVICES)]

    assert [row["example"] for row in rows if not set(row) >= _heads(row["example"])] == []
    assert {key for row in rows for key in row["sources"]} <= set(DATA["sources"])
    assert [row["name"] for row in MALLS if not row["sources"]] == []
    assert [p["board_name"] for _, p in PRESENCES if not p["sources"]] == []


def _heads(names):
    return {name.split(".")[0] for name in names}


def test_an_agency_is_described_the_same_wherever_it_appears():
    known = {}
    for _, presence in PRESENCES:
        agency = presence["agency"]

        assert known.setdefault(agency["slug"], agency) == agency


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("bikin paspor", {"IM-01"}),
        ("perpanjang paspor", {"IM-01", "IM-02"}),
        ("perpanjang sim", {"POL-01"}),
        ("ktp hilang", {"DUK-01"}),
        ("kk hilang", {"DUK-02"}),
        ("akta lahir", {"DUK-03"}),
        ("pindah domisili", {"DUK-05"}),
        ("bayar pajak motor", {"SAM-01"}),
        ("kartu kuning", {"NKR-01"}),
        ("izin usaha", {"PTSP-01"}),
    ],
)
def test_plain_words_lead_to_the_right_service(words, codes):
    assert {s["code"] for _, s in SERVICES if words in s["keywords"]} == codes


def test_the_holidays_are_those_of_the_decree():
    tally = Tally((row["date"][:4], row["joint_leave"]) for row in DATA["holidays"])

    assert tally == {
        ("2026", False): 17,
        ("2026", True): 8,
        ("2027", False): 18,
        ("2027", True): 8,
    }


def test_every_icon_is_in_the_sprite():
    sprite = (settings.BASE_DIR / "static/img/icons.svg").read_text(encoding="utf-8")

    assert {p["icon"] for _, p in PRESENCES} <= set(re.findall(r'id="([^"]+)"', sprite))


def test_the_spelling_is_the_official_one():
    wrong = r"antrian|praktek|cacat|resiko|ijin|sertifikat tanah|Mal[l] P|akte|mesjid|mushola"
    # What people type into the search is spelt as they spell it.
    shown = [{**service, "keywords": []} for _, service in SERVICES]
    text = json.dumps(
        [shown, DATA["holidays"], DATA["notes"], [p for m in MALLS for p in m["facilities"]]]
    )

    assert re.findall(wrong, text, re.IGNORECASE) == []
