"""Sheets people import and export: CSV and XLSX in, CSV and XLSX out, harmless both ways."""

from core.tables.columns import EXAMPLE, ROWS, Column, Problem
from core.tables.reading import Row, Sheet, read
from core.tables.refusals import NotASheet, TooManyRows, WrongColumns
from core.tables.writing import (
    Table,
    csv_response,
    template_response,
    workbook,
    workbook_response,
    xlsx_response,
)

__all__ = [
    "EXAMPLE",
    "ROWS",
    "Column",
    "NotASheet",
    "Problem",
    "Row",
    "Sheet",
    "Table",
    "TooManyRows",
    "WrongColumns",
    "csv_response",
    "read",
    "template_response",
    "workbook",
    "workbook_response",
    "xlsx_response",
]
