"""What goes out of the portal as a sheet comes back in as the same text, and runs nowhere."""

import csv
from datetime import UTC, date, datetime, time
from decimal import Decimal
from io import BytesIO, StringIO

import pytest
from django.core.files.base import ContentFile
from django.utils import translation
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from core import tables
from core.tables import Column, Table, writing
from core.tables.columns import cleaned
from tests.recipes import at

PAIR = [Column("code", "Kode"), Column("name", "Nama Layanan")]
local = datetime.fromisoformat  # a workbook knows no zones
TITLES = ["Kode", "Nama Layanan"]
KINDS = ["csv", "xlsx"]


def content_of(response):
    return response.getvalue()


def exported(kind, rows, titles=TITLES):
    if kind == "csv":
        return content_of(tables.csv_response("Layanan", titles, rows))
    return content_of(tables.xlsx_response("Layanan", [Table("Layanan", titles, rows)]))


def read(content, columns=PAIR):
    return tables.read(ContentFile(content), columns=columns)


def cells(content):
    """What CSV holds, cell by cell."""
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline="")))


def page(content):
    return load_workbook(BytesIO(content)).worksheets[0]


NASTY = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from("=+-@\t\r\n'\",;<>&_x0041\u200b\u202e\ufeff\x00\x0b\x85\u2028\uffff＝"),
    ),
    max_size=12,
)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(NASTY, NASTY), max_size=4))
@example([("'=1", "''+1"), ("\t=1", "\r=1"), (" =1", "'\x00=1")])
@example([("<r>", "<r><t>x</t></r>"), ("<r>&</r>", "_x000D_x"), ("_x0041_", "a_x005F_")])
@example([("a\r\nb\rc\nd", ' "x", y;z '), ("e\u0301", "＝1"), ("'", "''")])
def test_every_text_survives_the_way_out_and_in(kind, rows):
    found = read(exported(kind, rows)).rows

    clean = [{"code": cleaned_text(a), "name": cleaned_text(b)} for a, b in rows]
    assert [row.values for row in found] == [each for each in clean if any(each.values())]


def cleaned_text(text):
    """What the reader makes of a text that nobody had to guard."""
    return cleaned(f"x{text}").removeprefix("x").strip()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "text",
    [
        *("=1+1", "+62812", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "  =1", "'=1", "＝1"),
        '=HYPERLINK("https://jahat.example","x")',
    ],
)
def test_a_text_that_a_spreadsheet_would_run_gets_an_apostrophe(kind, text):
    content = exported(kind, [["a", text]], [f"{text} judul", "b"])

    found = cells(content) if kind == "csv" else list(page(content).values)
    plain = text.replace("\r", "\n")
    assert (found[0][0], found[1][1]) == (f"'{plain} judul", f"'{plain}")


@pytest.mark.parametrize("text", ["'", "'a", "a=1", "1-2", "Jalan @", ""])
def test_a_harmless_text_is_left_alone(text):
    assert cells(exported("csv", [["a", text]]))[1] == ["a", text]


def test_no_cell_of_a_workbook_is_a_formula_or_a_link():
    rows = [["=1+1", "https://jahat.example"], ["{=1}", "mailto:a@b"]]

    sheet = page(exported("xlsx", rows))

    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s"}
    assert not any(cell.hyperlink for row in sheet.iter_rows() for cell in row)


def test_csv_opens_as_unicode_in_excel():
    assert exported("csv", [["é", "图"]]).startswith(b"\xef\xbb\xbfKode,Nama Layanan\r\n")


def test_csv_is_sent_while_its_rows_are_read():
    seen = []

    def rows():
        for number in range(3):
            seen.append(number)
            yield [number, "x"]

    parts = iter(tables.csv_response("Layanan", TITLES, rows()))
    next(parts), next(parts), next(parts)

    assert seen == [0]


VALUES = [
    *(None, True, 7, -7, Decimal("-1.50"), 0.25, date(2026, 3, 9)),
    *(datetime(2026, 3, 9, 14, 30, tzinfo=UTC), local("2026-03-09 14:30:05"), time(8, 5)),
]


def test_numbers_and_dates_are_no_text_in_csv():
    [_titles, row] = cells(exported("csv", [VALUES]))

    assert row == [
        *("", "TRUE", "7", "-7", "-1.50", "0.25", "2026-03-09"),
        *("2026-03-09 14:30", "2026-03-09 14:30:05", "08:05"),
    ]


def test_numbers_and_dates_stay_such_in_a_workbook():
    sheet = page(exported("xlsx", [VALUES], [f"k{n}" for n in range(len(VALUES))]))

    row = sheet[2]
    assert [cell.value for cell in row] == [
        *(None, True, 7, -7, -1.5, 0.25, local("2026-03-09")),
        *(local("2026-03-09 14:30"), local("2026-03-09 14:30:05"), time(8, 5)),
    ]
    assert [cell.number_format for cell in row[2:8]] == [
        *("0", "0", "#,##0.00", "#,##0.00", "yyyy-mm-dd", "yyyy-mm-dd hh:mm")
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_numbers_and_dates_come_back_alike_from_both(kind):
    titles = [f"k{n}" for n in range(len(VALUES))]
    columns = [Column(title, title) for title in titles]

    [row] = read(exported(kind, [VALUES], titles), columns).rows

    found = [
        value.removesuffix("0") if value.startswith("-1.5") else value
        for value in row.values.values()
    ]
    assert found == [
        *("", "TRUE", "7", "-7", "-1.5", "0.25", "2026-03-09"),
        *("2026-03-09 14:30", "2026-03-09 14:30:05", "08:05"),
    ]


@pytest.mark.parametrize(
    "value", [3216012345678901, Decimal("12345678901234.56"), Decimal("NaN"), date(1845, 8, 17)]
)
def test_what_a_spreadsheet_would_garble_is_written_as_text(value):
    cell = page(exported("xlsx", [["a", value]]))["B2"]

    assert (cell.data_type, cell.value) == ("s", str(value))


def test_a_workbook_is_comfortable_to_read():
    sheet = page(exported("xlsx", [["a" * 20, "b" * 500], ["c", "d"]]))

    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:B3"
    assert 20 < sheet.column_dimensions["A"].width < 30
    assert 55 < sheet.column_dimensions["B"].width < 65
    assert sheet["A1"].font.bold


def test_a_sheet_has_a_title_that_excel_takes():
    long = "Rekap [2026]: antrean/loket * semua? 'benar'"
    sheets = [Table(title, ["a"], []) for title in (long, long, "", "a\\b")]

    book = load_workbook(BytesIO(content_of(tables.xlsx_response("Rekap", sheets))))

    titles = ["Rekap 2026 antrean loket semua", "Rekap 2026 antrean loket se 2", "Lembar 3", "a b"]
    assert book.sheetnames == titles


def test_more_rows_than_a_sheet_holds_are_refused_and_not_dropped(monkeypatch):
    monkeypatch.setattr(writing, "LAST_ROW", 2)
    assert page(exported("xlsx", [["a", "b"]] * 2)).max_row == 3

    with pytest.raises(tables.TooManyRows):
        exported("xlsx", [["a", "b"]] * 3)


@pytest.mark.parametrize(
    ("kind", "declared"), [("csv", "text/csv; charset=utf-8"), ("xlsx", writing.XLSX)]
)
def test_a_sheet_is_saved_under_a_safe_name(kind, declared):
    response = tables.template_response("../Data Layanan\r\n", PAIR, kind)

    assert response["Content-Type"] == declared
    assert response["Content-Disposition"] == f'attachment; filename="data-layanan.{kind}"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private"


FORM = [
    Column("code", "Kode", "Singkat dan unik", required=True, example="KTP-EL"),
    Column("phone", "Telepon", "Dengan kode negara", example="+62812"),
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["id", "en"])
def test_an_untouched_template_holds_no_row(kind, language):
    with translation.override(language):
        content = content_of(tables.template_response("Layanan", FORM, kind))

    sheet = read(content, FORM)
    assert (sheet.columns, sheet.rows, sheet.examples) == (("code", "phone"), (), (2,))


def test_the_example_row_shows_how_to_fill_in():
    content = content_of(tables.template_response("Layanan", FORM, "csv"))

    assert cells(content) == [["Kode", "Telepon"], ["# CONTOH: KTP-EL", "'+62812"]]


def test_the_example_row_that_somebody_wrote_over_counts():
    content = content_of(tables.template_response("Layanan", FORM, "csv"))

    sheet = read(content.replace(b"# CONTOH: KTP-EL", b"SIM"), FORM)

    assert [row.values for row in sheet.rows] == [{"code": "SIM", "phone": "+62812"}]
    assert sheet.examples == ()


@pytest.mark.parametrize("first", ["# CONTOH: X", "#contoh:", " # Contoh : X"])
def test_an_example_is_known_however_it_was_retyped(first):
    assert read(f"Kode\n{first}\nSIM\nContoh\n# CONTO\n".encode()).examples == (2,)


def test_the_workbook_explains_its_columns_on_a_second_sheet():
    content = content_of(tables.template_response("Layanan", FORM, "xlsx"))

    [form, guide] = load_workbook(BytesIO(content)).worksheets
    assert list(guide.values) == [
        ("Kolom", "Wajib", "Keterangan", "Contoh"),
        ("Kode", "Ya", "Singkat dan unik", "KTP-EL"),
        ("Telepon", "Tidak", "Dengan kode negara", "'+62812"),
    ]
    assert [form.column_dimensions[letter].number_format for letter in "AB"] == ["@", "@"]


def test_a_moment_is_written_in_the_zone_it_is_given_in():
    assert cells(exported("csv", [[at(9, 41), "x"]]))[1][0] == "2026-03-09 09:41"
    assert page(exported("xlsx", [[at(9, 41), "x"]]))["A2"].value == local("2026-03-09 09:41")
