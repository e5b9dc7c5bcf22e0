"""Sheets come from every spreadsheet there is; each is read as people see it, or refused clearly."""

from datetime import date, datetime, time, timedelta
from io import BytesIO
from random import Random
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from core import tables, uploads
from core.tables import Column, lines

COLUMNS = [
    Column("code", "Kode", required=True),
    Column("name", "Nama Layanan", required=True),
    Column("fee", "Biaya"),
]


def read(content, columns=COLUMNS, name="layanan.csv"):
    content = content.encode() if isinstance(content, str) else content
    return tables.read(SimpleUploadedFile(name, content), columns=columns)


def found(content, columns=COLUMNS):
    return [tuple(row.values.values()) for row in read(content, columns).rows]


def workbook(*rows, **entries):
    """A workbook; entries are cells by their address."""
    book = Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    for address, value in entries.items():
        sheet[address] = value
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def zipped(parts):
    content = BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


def unzipped(content):
    with ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


HEADER = ["Kode", "Nama Layanan", "Biaya"]
SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_csv_of_every_spreadsheet_is_read(separator, ending, encoding):
    rows = [HEADER, ["KTP", "Cetak é “baru”", "0"], ["SIM", "Lainnya", "100"]]
    text = ending.join(separator.join(row) for row in rows)

    assert found(text.encode(encoding)) == [
        ("KTP", "Cetak é “baru”", "0"),
        ("SIM", "Lainnya", "100"),
    ]


def test_the_separator_is_the_one_that_finds_the_titles():
    columns = [Column("a", "Nama, lengkap"), Column("b", "Telepon, HP, WA"), Column("c", "Kota")]

    assert found("Nama, lengkap;Telepon, HP, WA;Kota\nx, y;1, 2;z\n", columns) == [
        ("x, y", "1, 2", "z")
    ]


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_titles_in_quotation_marks_do_not_hide_the_separator(mark):
    text = f'{mark}"Kode";"Nama Layanan"\n"KTP";"Cetak; ulang"\n'

    assert found(text) == [("KTP", "Cetak; ulang", "")]


def test_a_line_break_in_quotation_marks_belongs_to_the_cell():
    sheet = read('Kode,Nama Layanan\nKTP,"satu\r\ndua ""tiga"""\nSIM,x\n')

    assert [row.values["name"] for row in sheet.rows] == ['satu\ndua "tiga"', "x"]
    assert [row.number for row in sheet.rows] == [2, 3]


def test_empty_lines_are_left_out_and_still_counted():
    sheet = read("\nKode,Nama Layanan\n\n , \u200b\nKTP,x\n,,\n\nSIM,y\n")

    assert [row.number for row in sheet.rows] == [5, 8]


def test_a_workbook_counts_its_rows_alike():
    sheet = read(workbook(HEADER, [], ["KTP", "x"], A6="SIM", B6="y"))

    assert [row.number for row in sheet.rows] == [3, 6]


@pytest.mark.parametrize(
    "title", ["nama layanan", "NAMALAYANAN", "  Nama   Layanan\u200b ", "name"]
)
def test_a_title_is_known_without_its_case_and_blanks_or_by_its_name(title):
    assert found(f"KODE;{title}\nKTP;x") == [("KTP", "x", "")]


def test_columns_may_stand_in_any_order_and_be_left_out():
    sheet = read("Biaya,Nama Layanan,Kode\n5,x,KTP")

    assert sheet.rows[0].values == {"code": "KTP", "name": "x", "fee": "5"}
    assert sheet.columns == ("fee", "name", "code")
    assert read("Kode,Nama Layanan\nKTP,x").columns == ("code", "name")


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("Kode,Nama Layanan,Warna,Bau", "Kolom “Warna”, “Bau” tidak dikenal."),
        ("Biaya,Kode", "Kolom “Nama Layanan” belum ada."),
        ("Kode,Warna", "Kolom “Nama Layanan” belum ada dan kolom “Warna” tidak dikenal."),
        ("Kode,Nama Layanan,kode", "Kolom “Kode” ada lebih dari sekali."),
        (f"Kode,Nama Layanan,{'x' * 90}", f"Kolom “{'x' * 39}…” tidak dikenal."),
        (
            "Kode,Nama Layanan,a,b,c,d,e,f,g",
            "Kolom “a”, “b”, “c”, “d”, “e”, … tidak dikenal.",
        ),
    ],
)
def test_wrong_columns_are_named_in_one_sentence(header, said):
    with pytest.raises(tables.WrongColumns) as refusal:
        read(f"{header}\nKTP,x")

    assert str(refusal.value).startswith(said)
    assert (refusal.value.code, refusal.value.status) == ("wrong_columns", 422)


def test_a_title_may_be_missing_where_nothing_stands_below():
    assert found("Kode,Nama Layanan,,\nKTP,x,,\n") == [("KTP", "x", "")]


@pytest.mark.parametrize("content", ["Kode,Nama Layanan\nKTP,x,y", "Kode,Nama Layanan,\nKTP,x,y"])
def test_a_cell_without_a_title_is_refused_and_not_dropped(content):
    with pytest.raises(tables.NotASheet) as refusal:
        read(content)

    assert str(refusal.value).startswith("Baris 2 punya isian di luar kolom yang berjudul.")


def test_a_short_line_has_empty_cells():
    assert found("Kode,Nama Layanan,Biaya\nKTP\n") == [("KTP", "", "")]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("  x  ", "x"),
        ("e\u0301", "é"),
        ("a\u200bb\u202ec\ufeff\u00add", "abcd"),
        ("a\x07b\x1b[31m", "ab[31m"),
        ("'=1+1", "=1+1"),
        ("'Umar", "'Umar"),
        ("''=1", "'=1"),
        ("=1+1", "=1+1"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ],
)
def test_a_cell_is_the_text_people_see(cell, text):
    assert found(f"Kode;Nama Layanan\nKTP;{cell}") == [("KTP", text, "")]


@pytest.mark.parametrize(
    ("content", "row"),
    [
        ('Kode,Nama Layanan\nKTP,"x\nSIM,y\n', 2),
        ('Kode,Nama Layanan\nKTP,x\nSIM,"y"z\n', 3),
        ('Kode,Nama Layanan\nKTP,"' + "x" * 200_000, 2),
        ('"Kode,Nama Layanan\n', 1),
    ],
)
def test_a_quotation_mark_that_is_never_closed_is_refused(content, row):
    with pytest.raises(tables.NotASheet) as refusal:
        read(content)

    assert str(refusal.value).startswith(f"Tanda kutip pada baris {row} tidak ditutup")


@pytest.mark.parametrize(
    "content",
    [
        "Kode,Nama Layanan\nK\0TP,x",
        "Kode,Nama Layanan\nKTP,x".encode("utf-16"),
        b"Kode,Nama Layanan\n\x81\x8d\xff,x",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512),
        b"%PDF-1.7\n\0",
        b"PK\x03\x04" + b"x" * 100,
        zipped({"a.txt": "x"}),
        zipped({"[Content_Types].xml": "<Types"}),
        zipped({"content.xml": "<office/>", "mimetype": "application/vnd.oasis"}),
        workbook(HEADER, ["KTP", "x"])[:-200],
    ],
)
def test_what_is_no_sheet_is_refused(content):
    with pytest.raises(tables.NotASheet) as refusal:
        read(content)

    assert str(refusal.value).startswith("Berkas itu bukan CSV atau XLSX yang dapat dibaca.")


@pytest.mark.parametrize("content", ["\n\n", " ; \n", workbook(), "\ufeff\n"])
def test_a_sheet_without_a_line_is_refused(content):
    with pytest.raises(tables.NotASheet) as refusal:
        read(content)

    assert str(refusal.value).startswith("Berkas itu tidak berisi satu baris pun.")


def test_a_header_alone_is_a_sheet_without_rows():
    assert read("Kode,Nama Layanan").rows == ()


def test_no_file_and_too_large_a_file_are_refused_as_any_upload():
    with pytest.raises(uploads.NotAFile):
        tables.read(None, columns=COLUMNS)
    with pytest.raises(uploads.TooLarge):
        read(b"x" * (uploads.LARGEST + 1))
    assert issubclass(tables.NotASheet, uploads.NotAccepted)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_five_thousand_rows_are_read_and_one_more_is_refused(kind):
    def sheet(count):
        if kind == "xlsx":
            return workbook(HEADER, *[["KTP", "x", 1]] * count)
        return "Kode,Nama Layanan\n" + "KTP,x\n" * count

    assert len(read(sheet(5_000)).rows) == 5_000
    with pytest.raises(tables.TooManyRows) as refusal:
        read(sheet(5_001))
    assert "5.000" in str(refusal.value)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_of_fifty_thousand_rows_only_the_first_are_read(kind, monkeypatch):
    rows = 50_000
    if kind == "csv":
        content = "Kode,Nama Layanan\n" + "KTP,x\n" * rows
    else:
        parts = unzipped(workbook(HEADER, ["KTP", "x"]))
        more = b"".join(b"<row><c><v>%d</v></c></row>" % number for number in range(rows))
        parts[SHEET] = parts[SHEET].replace(b"</sheetData>", more + b"</sheetData>")
        content = zipped(parts)
    seen = []
    cleaned = lines.cleaned
    monkeypatch.setattr(lines, "cleaned", lambda text: seen.append(text) or cleaned(text))

    with pytest.raises(tables.TooManyRows):
        read(content)
    assert len(seen) < 11_000


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_empty_lines_without_end_are_refused(kind):
    far = workbook(HEADER, ["KTP", "x"], A1048576="SIM")

    with pytest.raises(tables.TooManyRows):
        read("Kode,Nama Layanan\n" + "\n" * 1_000_000 if kind == "csv" else far)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (12, "12"),
        (12.0, "12"),
        (0.1, "0.1"),
        (1e21, "1000000000000000000000"),
        (3216012345678901, "3216012345678901"),
        (-5, "-5"),
        (True, "TRUE"),
        (date(2026, 3, 9), "2026-03-09"),
        (datetime.fromisoformat("2026-03-09 14:30"), "2026-03-09 14:30"),
        (time(8, 5), "08:05"),
        (timedelta(hours=30), "1 day, 6:00:00"),
        ("0012", "0012"),
        ("satu_x000D_\ndua", "satu\n\ndua"),
        ("'=1+1", "=1+1"),
        ("#N/A", "#N/A"),
    ],
)
def test_a_value_of_a_workbook_is_read_as_csv_would_have_it(value, text):
    assert found(workbook(HEADER, ["KTP", value])) == [("KTP", text, "")]


def test_a_formula_is_never_worked_out():
    content = workbook(HEADER, ["KTP", "=1+1", '=HYPERLINK("https://jahat.example")'])

    assert found(content) == [("KTP", "=1+1", '=HYPERLINK("https://jahat.example")')]


def test_of_a_formula_the_value_counts_that_the_spreadsheet_has_kept():
    parts = unzipped(workbook(HEADER, ["KTP", "=1+1", "=2+2"]))
    parts[SHEET] = parts[SHEET].replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>")

    assert found(zipped(parts)) == [("KTP", "2", "=2+2")]


def test_only_the_first_sheet_is_read():
    book = Workbook()
    book.active.append(["Kode", "Nama Layanan"])
    book.create_sheet("Petunjuk").append(["a", "b", "c"])
    content = BytesIO()
    book.save(content)

    assert read(content.getvalue()).rows == ()


def test_a_workbook_that_understates_its_size_is_read_whole():
    parts = unzipped(workbook(HEADER, ["KTP", "x", 5]))
    assert b'ref="A1:C2"' in parts[SHEET]
    parts[SHEET] = parts[SHEET].replace(b'ref="A1:C2"', b'ref="A1:B1"')

    assert found(zipped(parts)) == [("KTP", "x", "5")]


def test_a_cell_far_to_the_right_does_not_make_every_line_as_wide():
    [line] = [cells for _number, cells in lines.lines_of(workbook(XFD1="x", A1="y"), set())]

    assert len(line) == lines.WIDEST


def bomb(**parts):
    return zipped({**unzipped(workbook(HEADER, ["KTP", "x"])), **parts})


@pytest.mark.parametrize(
    "content",
    [
        bomb(**{"xl/media/a.bin": Random(1).randbytes(300_000) + bytes(20_000_000)}),
        bomb(**{"xl/media/a.bin": bytes(2_000_000)}),
        bomb(**{f"a{number}": "" for number in range(201)}),
    ],
)
def test_a_workbook_that_would_burst_is_refused_unopened(content, monkeypatch):
    monkeypatch.setattr(lines, "load_workbook", lambda *a, **k: pytest.fail("opened"))

    with pytest.raises(tables.NotASheet):
        read(content)


def test_a_part_that_understates_its_size_is_refused():
    content = bomb(**{"xl/styles.xml": bytes(2_000_000)})
    claimed = content.replace((2_000_000).to_bytes(4, "little"), (500).to_bytes(4, "little"))
    assert claimed != content

    with pytest.raises(tables.NotASheet):
        read(claimed)


def test_words_that_multiply_are_refused():
    entities = "".join(
        f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha" * 50}">' for n in range(9)
    )
    parts = unzipped(workbook(HEADER, ["KTP", "x"]))
    [name] = [name for name, part in parts.items() if b">KTP<" in part]
    part = parts[name].decode().replace(">KTP<", ">&e8;<")
    parts[name] = f"<!DOCTYPE words [{entities}]>{part}"

    with pytest.raises(tables.NotASheet):
        read(zipped(parts))
