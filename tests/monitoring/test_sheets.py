"""Tables of figures, on pages and in files alike."""

from decimal import Decimal
from io import BytesIO

import pytest
from django.http import StreamingHttpResponse
from openpyxl import load_workbook

from monitoring.account import Account
from monitoring.dashboards import sheets
from monitoring.dashboards.sheets import Entry
from tests.monitoring.counted import tally

KEYS = ["issued", "absent", "absent_share", "wait_median"]


def entry(name, *waited, **counts):
    return Entry(name, Account(tally(*waited, **counts)))


def sheet(*entries, fewest=0, keys=KEYS, total=None):
    return sheets.of_accounts("mal", "Mal", "Mal", keys, entries, fewest=fewest, total=total)


def values(table):
    return {row.name: [cell.value for cell in row.cells] for row in table.rows}


def texts(table):
    return {row.name: [cell.text for cell in row.cells] for row in table.rows}


def test_a_row_has_its_figures():
    found = values(sheet(entry("Bekasi", *[12] * 90, absent=10)))

    assert found == {"Bekasi": [100, 10, Decimal("10.0"), Decimal("11.8")]}


def test_who_watches_sees_no_row_of_a_few_people_and_cannot_work_it_out():
    table = sheet(entry("a", 5, 5), entry("b", *[5] * 9), entry("c", *[5] * 90), fewest=5)

    found = texts(table)
    assert found["a"][0] == "<5"
    assert found["b"][0] == "disamarkan"
    assert found["c"][0] == "90"
    assert values(table)["b"] == [None, None, None, None]
    assert table.is_masked


def test_a_hidden_count_is_not_told_by_its_share():
    rows = [entry("a", *[5] * 50, absent=2), entry("b", *[5] * 50, absent=8)]
    rows.append(entry("c", *[5] * 50, absent=20))

    found = values(sheet(*rows, fewest=5))

    assert [found[name][1:3] for name in "ab"] == [[None, None], [None, None]]
    assert found["c"][1] == 20


def test_their_own_people_see_everything():
    assert values(sheet(entry("a", 5, 5)))["a"][0] == 2


def order(by):
    table = sheet(
        entry("b", *[20] * 9), entry("none"), entry("a", *[30] * 9), entry("c", *[10] * 9)
    )
    return [row.name for row in sheets.ordered(table, by).rows]


@pytest.mark.parametrize(
    ("by", "names"),
    [
        ("wait_median", ["a", "b", "c", "none"]),
        ("-wait_median", ["c", "b", "a", "none"]),
        ("no_such", ["b", "none", "a", "c"]),
        ("", ["b", "none", "a", "c"]),
    ],
)
def test_rows_are_ordered_by_a_figure_and_those_without_it_come_last(by, names):
    assert order(by) == names


def test_the_order_tells_nothing_of_what_is_hidden():
    table = sheet(entry("a", 5, 5), entry("b", *[5] * 3), entry("c", *[5] * 90), fewest=5)

    assert [row.name for row in sheets.ordered(table, "issued").rows] == ["c", "a", "b"]


def lines(response):
    content = b"".join(response.streaming_content).decode("utf-8-sig")
    return [line.split(",") for line in content.splitlines()]


def test_a_csv_has_the_numbers_of_the_page():
    table = sheet(
        entry("=Bekasi", *[12] * 90, absent=10), total=Account(tally(*[12] * 90, absent=10))
    )

    response = sheets.download([table], "mal.csv", name="uji")

    assert isinstance(response, StreamingHttpResponse)
    assert lines(response) == [
        ["Mal", "Nomor terbit", "Tidak hadir", "Bagian tidak hadir (%)", "Tunggu tengah (menit)"],
        ["'=Bekasi", "100", "10", "10", "11.8"],
        ["Seluruhnya", "100", "10", "10", "11.8"],
    ]


def test_a_workbook_has_real_numbers_and_says_what_is_hidden():
    table = sheet(entry("a", 5, 5), entry("b", *[12] * 90), fewest=5)

    response = sheets.download([table], "mal.xlsx", name="uji")

    page = load_workbook(BytesIO(response.content)).active
    rows = list(page.iter_rows(min_row=2, values_only=True))
    assert rows[0][:2] == ("a", "<5")
    assert rows[1][:2] == ("b", "disamarkan")


@pytest.mark.parametrize("asked", ["", "mal", "mal.pdf", "lain.csv", "mal.csv\x00", ".csv"])
def test_what_no_table_is_called_is_no_file(asked):
    assert sheets.download([sheet(entry("a", 5))], asked, name="uji") is None
