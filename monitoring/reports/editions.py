"""A frozen report as every rendering of it reads it: its content, its letter, nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils.translation import override

from core import formats
from monitoring.account import Unit
from monitoring.models import Kind, Report
from monitoring.reports.tables import Cell, Row, Stored, Table, text_of, thawed

FILES = ("pdf", "xlsx", "csv")


class Meaning(NamedTuple):
    """What a figure is called, counted in, and means, as it was frozen."""

    key: str
    title: str
    unit: Unit
    text: str


class Letter(NamedTuple):
    """With what a report was sent; empty before."""

    number: str = ""
    signatory: str = ""
    position: str = ""


NO_LETTER = Letter()


class Line(NamedTuple):
    """A row of a table as people read it."""

    row: Row
    texts: tuple[str, ...]
    is_total: bool


@dataclass(frozen=True)
class Edition:
    """One version of a report, ready to be shown, set and sent; known by its marks."""

    content: Stored = field(compare=False)
    version: int
    checksum: str
    letter: Letter = NO_LETTER

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        return tuple(map(thawed, self.content["tables"]))

    @cached_property
    def meanings(self) -> dict[str, Meaning]:
        return {
            each["key"]: Meaning(each["key"], each["title"], Unit(each["unit"]), each["meaning"])
            for each in self.content["definitions"]["figures"]
        }

    @property
    def title(self) -> str:
        with override("id"):
            return Kind(self.content["kind"]).named(self.content["period"]["name"])

    @property
    def place(self) -> Stored | None:
        """The mall; None for the whole country."""
        found: Stored | None = self.content.get("mall")
        return found

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.place["zone"] if self.place else "Asia/Jakarta")

    @property
    def as_of(self) -> date:
        return date.fromisoformat(self.content["as_of"])

    @property
    def moment(self) -> datetime:
        """The moment that papers carry: the same for the same content, whenever they are set."""
        return datetime.combine(self.as_of, time(), self.zone)

    @property
    def stem(self) -> str:
        """What its files are called, without their kind."""
        code = self.content["period"]["code"]
        place = self.place["slug"] if self.place else "nasional"
        return f"{self.content['title']} {place} {code} v{self.version}"

    @property
    def mark(self) -> str:
        """The beginning of its checksum, enough to compare two papers by eye."""
        return self.checksum[:12]

    @property
    def written_on(self) -> str:
        with override("id"):
            return formats.long_date(self.as_of)

    def table(self, key: str) -> Table | None:
        return next((table for table in self.tables if table.key == key), None)

    def text(self, figure: str, cell: Cell) -> str:
        """A value as people read it, in the language of the report."""
        with override("id"):
            return text_of(cell, self.meanings[figure].unit)

    def titles(self, table: Table) -> list[str]:
        """What stands above the columns of figures."""
        return [self.meanings[key].title for key in table.figures]

    def lines(self, table: Table) -> Iterator[Line]:
        """The rows of a table as people read them, what all comes to last."""
        rows = [*table.rows, *([table.total] if table.total else [])]
        for row in rows:
            texts = tuple(map(self.text, table.figures, row.cells))
            yield Line(row, texts, row is table.total)


def of(report: Report) -> Edition:
    """The edition of a report that is frozen."""
    letter = Letter(report.letter_number, report.signatory, report.position)
    return Edition(report.content, report.version, report.checksum, letter)
