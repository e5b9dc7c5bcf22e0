"""What a report says: its tables, sentences and findings, frozen the same everywhere."""

import json
from datetime import date
from decimal import Decimal

import pytest
from model_bakery import baker

from accounts.models import User
from agencies.models import Counter, CounterDay
from monitoring import periods
from monitoring.models import Day, Kind
from monitoring.reports import content
from monitoring.reports.tables import Withheld, canonical, checksum, thawed
from queueing.models import Ticket
from tests.feedback.recipes import complain
from tests.monitoring.reports.recipes import APRIL_2, MARCH, close, counted
from tests.onboarding.agreements.recipes import neighbour, promise, signed
from tests.recipes import MONDAY, at, make_presence, make_queue, make_service

pytestmark = pytest.mark.django_db
WEEK = periods.of(periods.Kind.WEEK, MONDAY)
YEAR = periods.of(periods.Kind.YEAR, MONDAY)
# Of the March of recipes.py, on every machine and both databases; it changes with SCHEMA, with the
# definitions, and with the words of a report.
KNOWN = "5fc61e586c2a550a715352bf957f21c6bc2e6420a5868e843743b1a217aecc1f"


def assembled(hall, kind=Kind.MONTH, period=MARCH, now=APRIL_2):
    return content.of_mall(hall.mall, kind, period, now=now).content


def tables(found):
    return {each["key"]: thawed(each) for each in found["tables"]}


def codes(found):
    return [each["code"] for each in found["findings"]]


def test_the_figures_are_those_of_the_month(march):
    agencies = tables(assembled(march))["agencies"]

    assert agencies.figures[:4] == ("visits", "served", "wait_median", "wait_p90")
    [row] = agencies.rows
    assert (row.key, row.names) == ("dinas-uji", ("Dinas Uji",))
    assert row.cells[:4] == (8, 8, Decimal("20.5"), Decimal("20.5"))
    assert agencies.total.cells[:2] == (8, 8)


def test_the_same_days_have_one_checksum_everywhere(march):
    assert checksum(assembled(march)) == KNOWN


def test_reading_it_twice_is_the_same_to_the_letter(march):
    assert canonical(assembled(march)) == canonical(assembled(march))


def test_a_day_that_changes_changes_the_checksum(march):
    before = checksum(assembled(march))
    day = Day.objects.get(date=MONDAY)
    day.cells[0][6][0] += 1
    Day.objects.filter(pk=day.pk).update(cells=day.cells)

    assert checksum(assembled(march)) != before


def test_the_summary_says_it_in_words(march):
    assert assembled(march)["summary"] == [
        "8 kunjungan tercatat dan 8 nomor selesai dilayani.",
        "Separuh pengunjung dipanggil dalam 20,5 menit, 9 dari 10 dalam 20,5 menit.",
    ]


@pytest.mark.parametrize(
    ("kind", "period", "keys"),
    [
        (Kind.WEEK, WEEK, ["periods", "weeks", "days", "agencies", "channels", "hours"]),
        (
            Kind.MONTH,
            MARCH,
            [
                *("periods", "agencies", "services", "channels", "priorities", "hours", "waits"),
                *("outcomes", "survey", "complaints", "attendance", "incidents", "days"),
            ],
        ),
        (
            Kind.YEAR,
            YEAR,
            [
                *("periods", "months", "agencies", "services", "channels", "priorities", "hours"),
                *("waits", "outcomes", "survey", "complaints", "attendance", "incidents"),
            ],
        ),
    ],
)
def test_each_kind_has_its_tables_and_they_agree_on_the_visits(march, kind, period, keys):
    found = tables(assembled(march, kind, period, now=at(9, on=date(2027, 1, 4))))

    assert [*found] == keys
    said = {found[key].total.cells[0] for key in ("agencies", "channels", "hours")}
    assert said == {8}
    assert found["periods"].rows[0].cells[0] == 8


def test_every_figure_it_names_is_explained_in_it(march):
    found = assembled(march)

    explained = {each["key"] for each in found["definitions"]["figures"]}
    assert {key for table in found["tables"] for key in table["figures"]} <= explained
    assert all(each["meaning"] for each in found["definitions"]["figures"])


def test_no_person_and_no_row_of_a_database_is_named_in_it(march):
    Day.objects.update(is_stale=False)
    text = canonical(assembled(march)).decode()

    people = User.objects.values_list("username", flat=True)
    tokens = Ticket.objects.values_list("visit__token", flat=True)
    assert [word for word in [*people, *tokens] if word in text] == []
    assert '"id"' not in text
    assert '"pk"' not in text


# --- Groups so small that people would be known -------------------------------------------------


def with_a_small_agency(*, visitors=3):
    hall = counted(days=0)
    small = make_presence(hall.mall, "Kantor Kecil")
    counter = baker.make(Counter, mall=hall.mall, number="9")
    CounterDay.objects.create(counter=counter, presence=small, weekday=MONDAY.weekday())
    service = make_service(make_queue(small, "B"), "Layanan Kecil")
    for number in range(8):
        hall.issue(now=at(9, number))
    for number in range(visitors):
        hall.issue(now=at(10, number), service=service)
    close(date(2026, 4, 1))
    return hall


def test_a_small_group_is_hidden_and_cannot_be_worked_out():
    found = tables(assembled(with_a_small_agency()))

    for key in ("agencies", "services"):
        values = [*found[key].column("visits").values()]
        assert sorted(map(str, values)) == [Withheld.FEW, Withheld.MASKED]
        assert found[key].total.cells[0] == 11


def test_five_people_are_shown():
    found = tables(assembled(with_a_small_agency(visitors=5)))

    assert sorted(found["agencies"].column("visits").values()) == [5, 8]


def test_a_service_never_gives_away_what_is_hidden_of_its_agency():
    hall = with_a_small_agency()

    found = tables(assembled(hall))

    hidden = {key for key, cell in found["agencies"].column("visits").items() if cell in Withheld}
    services = found["services"].column("visits")
    shown = {key.partition("/")[0] for key, cell in services.items() if cell not in Withheld}
    assert hidden & shown == set()


# --- What wants attention -----------------------------------------------------------------------


def test_a_long_wait_wants_attention():
    found = assembled(counted(wait=40))["findings"]

    assert found[0] == {
        "code": "wait_long",
        "sentence": "Dinas Uji: separuh pengunjung menunggu 41,0 menit atau lebih.",
    }


def test_days_without_the_agency_want_attention(march):
    [attendance] = [each for each in assembled(march)["findings"] if each["code"] == "attendance"]

    assert attendance["sentence"].startswith("Dinas Uji: hadir pada ")


def test_those_who_were_not_served_want_attention():
    hall = counted(days=0)
    for number in range(6):
        hall.issue(now=at(9, number))
    close(date(2026, 4, 1))

    assert "unserved" in codes(assembled(hall))


def test_an_agreement_that_ends_soon_wants_attention(march):
    court = neighbour(march.mall)
    signed(march, promise(court, march.counter, 5), until_date=date(2026, 6, 30))

    assert "agreement_ending" in codes(assembled(march))


def test_a_complaint_that_is_late_wants_attention(march):
    complain(march, now=at(10))

    assert "complaints_late" not in codes(assembled(march, now=at(9, on=date(2026, 3, 12))))
    found = assembled(march)
    assert "complaints_late" in codes(found)
    assert tables(found)["complaints"].total.cells == (1, 0, 1)


def test_a_month_in_which_nobody_came_says_so():
    hall = counted(visitors=1)
    april = periods.of(periods.Kind.MONTH, date(2026, 4, 1))
    close(date(2026, 5, 1))

    found = assembled(hall, period=april, now=at(9, on=date(2026, 5, 2)))

    assert found["summary"] == ["Tidak ada kunjungan yang tercatat dalam masa ini."]
    assert json.dumps(found)
