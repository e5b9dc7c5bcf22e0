"""Page, workbook, PDF, CSV and API say the same figures, to the bit and for ever."""

import csv
import io
import re
from decimal import Decimal
from html.parser import HTMLParser

import pytest
from django.test import Client
from openpyxl import load_workbook

from monitoring.reports import editions, paper, sheet
from monitoring.reports.csv import lines, value_of
from monitoring.reports.tables import Withheld, bare
from tests import papers
from tests.monitoring.reports.recipes import again, counted, ready, sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(march, admin):
    return editions.of(sent(march, by=admin))


@pytest.fixture
def client(admin):
    client = Client()
    client.force_login(admin)
    return client


@pytest.fixture
def report(march, admin):
    return sent(march, by=admin)


def said(edition):
    """Every value of a report by its table, row and figure, as people read it."""
    return {
        (table.key, line.row.key, key): text
        for table in edition.tables
        for line in edition.lines(table)
        for key, text in zip(table.figures, line.texts, strict=True)
    }


class Tables(HTMLParser):
    """The cells of the tables of a page, by table and row."""

    def __init__(self):
        super().__init__()
        self.found, self.table, self.row, self.cell = {}, None, None, None

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.table = given.get("data-table", self.table)
        if tag == "tr":
            self.row = given.get("data-row")
        if tag == "td" and self.row and given.get("class") == "num":
            self.cell = self.found.setdefault((self.table, self.row), [])
            self.cell.append("")

    def handle_endtag(self, tag):
        if tag == "td":
            self.cell = None

    def handle_data(self, data):
        if self.cell is not None:
            self.cell[-1] += data


def test_the_page_says_what_was_frozen(report, client):
    edition, reader = editions.of(report), Tables()

    reader.feed(client.get(f"/petugas/laporan/{report.pk}/").content.decode())

    shown = {
        (table.key, row, key): text
        for table in edition.tables
        for (name, row), texts in reader.found.items()
        if name == table.key
        for key, text in zip(table.figures, texts, strict=True)
    }
    assert shown == said(edition)


def test_the_page_says_so_in_english_too(report, client):
    client.cookies["mpp_language"] = "en"
    reader = Tables()

    reader.feed(client.get(f"/petugas/laporan/{report.pk}/").content.decode())

    assert reader.found["agencies", "total"][2] == "20,5 menit"


def test_the_workbook_holds_real_numbers_of_the_same(report, client):
    edition = editions.of(report)
    answer = client.get(f"/petugas/laporan/{report.pk}/unduh/xlsx/")

    book = load_workbook(io.BytesIO(answer.content))

    assert answer.content == sheet.written(edition)
    for table in edition.tables:
        page = book[table.title[:31].strip()]
        rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=2)]
        wanted = [*table.rows, *([table.total] if table.total else [])]
        assert [row[len(table.heads) :] for row in rows] == [
            [numeric(cell) for cell in row.cells] for row in wanted
        ]


def numeric(cell):
    value = value_of(cell)
    return float(value) if isinstance(value, Decimal) else value


def test_the_workbook_has_formats_and_no_formula(edition):
    book = load_workbook(io.BytesIO(sheet.written(edition)))

    row = book["Kunjungan dan waktu tunggu per"][2]
    assert [cell.number_format for cell in row[1:4]] == ["0", "0", "#,##0.0"]
    kinds = {cell.data_type for page in book for row in page for cell in row}
    assert kinds <= {"n", "s", "d"}


def test_the_csv_says_it_line_by_line(report, client):
    edition = editions.of(report)
    answer = client.get(f"/petugas/laporan/{report.pk}/unduh/csv/")

    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    [titles, *rows] = csv.reader(io.StringIO(text))

    assert titles == ["tabel", "baris", "nama", "angka", "judul", "satuan", "nilai"]
    found = {(row[0], row[1], row[3]): row[6] for row in rows}
    assert found == {
        (table, row, key): plain(value) for table, row, _n, key, _t, _u, value in lines(edition)
    }


def plain(value):
    """As a program reads it: a whole decimal is written without its nought."""
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return str(int(value))
    return "" if value is None else str(value)


def test_the_paper_says_the_same_in_the_same_order(edition):
    text = papers.text(paper.written(edition))

    for table in edition.tables:
        for row in table.rows:
            said = [bare(cell, edition.meanings[key].unit) for key, cell in row.values_of(table)]
            assert papers.in_order(text, [*row.names, *said])


def test_the_api_gives_the_content_itself(report, client):
    answer = client.get(f"/api/laporan/{report.pk}/")

    assert answer.json()["content"] == report.content
    assert answer.json()["checksum"] == report.checksum
    assert answer.json()["state"] == "submitted"
    assert answer["Cache-Control"] == "private, no-store"


def test_strangers_get_json_and_no_report(report):
    assert Client().get(f"/api/laporan/{report.pk}/").status_code == 403


# --- The same bytes -----------------------------------------------------------------------------


def test_files_of_the_same_content_are_the_same_bytes(march, admin):
    report = ready(march, by=admin)
    first, second = (editions.of(again(report)) for _each in "ab")

    assert paper.written(first) == paper.written(second)
    assert sheet.written(first) == sheet.written(second)


def test_the_letter_stands_on_the_paper(edition):
    text = papers.text(paper.written(edition))

    assert "Nomor: 500.16/12/DPMPTSP/2026" in text
    assert "Siti Rahayu" in text
    assert "Halaman 1 dari" in text
    assert edition.checksum in text.replace(" ", "")


def test_a_paper_that_was_not_sent_says_so(march, admin):
    text = papers.text(paper.written(editions.of(ready(march, by=admin))))

    assert "draf, belum dikirim" in text


def test_a_value_that_is_hidden_is_hidden_in_all(admin_of_small):
    edition = editions.of(admin_of_small)

    csv_text = "\n".join(str(line[6]) for line in lines(edition))
    assert "<5" in csv_text
    assert "<5" in papers.text(paper.written(edition))
    assert Withheld.FEW in edition.table("days").column("visits").values()


@pytest.fixture
def admin_of_small(db):
    return ready(counted(days=2, visitors=3))


def test_nothing_in_a_file_of_a_spreadsheet_runs(march, admin):
    march.presence.agency.name = "=1+1"
    march.presence.agency.save()

    book = load_workbook(io.BytesIO(sheet.written(editions.of(ready(march, by=admin)))))

    values = [cell.value for page in book for row in page for cell in row]
    assert "'=1+1" in values
    assert not any(re.match("=", value) for value in values if isinstance(value, str))
