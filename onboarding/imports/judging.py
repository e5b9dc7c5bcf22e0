"""What a row of a sheet means: its cells as values, or a sentence about what is wrong in them."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from django.db.models import TextChoices
from django.utils.text import slugify
from django.utils.translation import gettext as _

from agencies.models import Weekday
from agencies.terms import EARLIEST, LATEST
from core.tables import Column, Problem, Row

Value = TypeVar("Value")
Other = TypeVar("Other")
DATES = ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%Y-%m-%d %H:%M")
TIMES = ("%H.%M", "%H:%M", "%Y-%m-%d %H:%M")
PARTS = re.compile(r"\s*[,;]\s*|\s*\n\s*")
EVERY_DAY = "setiap hari kerja"
YES, NO = {"ya", "yes", "1", "true"}, {"tidak", "no", "0", "false", ""}


class Unclear(Exception):
    """A cell says something that cannot be meant; the sentence says what would be."""


@dataclass
class Cells:
    """A row being read; what is wrong in it is gathered, so that all of it is told at once."""

    row: Row
    columns: Mapping[str, Column]
    problems: list[Problem] = field(default_factory=list)

    def text(self, name: str, *, most: int = 200) -> str:
        """The words of a cell; a required one is not empty, and none is longer than its place."""
        found = self.row.values[name]
        if not found and self.columns[name].required:
            self.wrong(name, _("Isian ini wajib."))
        if len(found) > most:
            self.wrong(name, _("Paling panjang %(most)d huruf.") % {"most": most})
            return found[:most]
        return found

    def read(self, name: str, parse: Callable[[str], Value], default: Other) -> Value | Other:
        """A cell as a value; the default where it is empty or wrong."""
        found = self.text(name, most=2_000)
        if not found:
            return default
        try:
            return parse(found)
        except Unclear as unclear:
            self.wrong(name, str(unclear))
            return default

    def wrong(self, name: str, sentence: str) -> None:
        self.problems.append(Problem(self.row.number, self.columns[name].title, sentence))


def slug(text: str) -> str:
    if slugify(text) != text or len(text) > 40:
        raise Unclear(_("Tulis dengan huruf kecil, angka, dan tanda hubung, paling panjang 40."))
    return text


def day(text: str) -> date:
    for form in DATES:
        try:
            found = datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        if EARLIEST <= found <= LATEST:
            return found
        raise Unclear(_("Tulis tahun 2000 sampai 2099; untuk tanpa batas, kosongkan."))
    raise Unclear(_("Tulis tanggal seperti 2026-03-09 atau 09/03/2026."))


def clock(text: str) -> time:
    for form in TIMES:
        try:
            return datetime.strptime(text, form).time()  # noqa: DTZ007 - a time has no zone
        except ValueError:
            continue
    raise Unclear(_("Tulis jam seperti 08.00."))


def whole(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", text):
        raise Unclear(_("Tulis bilangan bulat seperti 15."))
    return int(text)


def rupiah(text: str) -> Decimal:
    """An amount as people write it: 350000, 350.000 or Rp350.000."""
    digits = re.sub(r"^rp\.?\s*", "", text.strip(), flags=re.IGNORECASE)
    if not re.fullmatch(r"[0-9]{1,12}|[0-9]{1,3}(\.[0-9]{3}){1,3}", digits):
        raise Unclear(_("Tulis rupiah tanpa sen seperti 350000 atau Rp350.000."))
    try:
        return Decimal(digits.replace(".", ""))
    except InvalidOperation as fault:
        raise Unclear(_("Tulis rupiah tanpa sen seperti 350000 atau Rp350.000.")) from fault


def yes(text: str) -> bool:
    if text.casefold() not in YES | NO:
        raise Unclear(_("Tulis Ya atau Tidak."))
    return text.casefold() in YES


def parts(text: str) -> tuple[str, ...]:
    """What stands between commas, semicolons or line breaks."""
    return tuple(part for part in PARTS.split(text.strip()) if part)


def code(text: str) -> str:
    """The code of a service: letters, digits and hyphens."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", text):
        raise Unclear(_("Tulis dengan huruf, angka, dan tanda hubung, paling panjang 40."))
    return text


def lines(text: str) -> tuple[str, ...]:
    """What stands on lines of its own."""
    return tuple(line.strip() for line in text.split("\n") if line.strip())


def entries(text: str) -> list[dict[str, str]]:
    """Lines, each with its note after a bar: "KTP-el | Asli"."""
    found = (line.partition("|") for line in lines(text))
    return [{"text": words.strip(), "note": note.strip()} for words, _bar, note in found]


def weekdays(text: str) -> tuple[int, ...]:
    """Days as people write them: "Senin, Kamis", "Senin–Jumat", "setiap hari kerja"."""
    if text.casefold() == EVERY_DAY:
        return tuple(range(5))
    names = {str(label).casefold(): value for value, label in Weekday.choices}
    found: set[int] = set()
    for part in parts(text):
        ends = [names.get(end.strip().casefold()) for end in re.split(r"[-–]|\bs\.?d\.?\b", part)]
        if None in ends or len(ends) > 2:
            raise Unclear(_("Tulis hari seperti “Senin, Kamis” atau “Senin–Jumat”."))
        first, last = ends[0] or 0, ends[-1] or 0
        # "Sabtu–Senin" goes over the end of the week.
        found |= {(first + ahead) % 7 for ahead in range((last - first) % 7 + 1)}
    return tuple(sorted(found))


def one_of(choices: type[TextChoices]) -> Callable[[str], str]:
    """The value whose name or label this is."""

    def parse(text: str) -> str:
        for value, label in choices.choices:
            if text.casefold() in {str(value).casefold(), str(label).casefold()}:
                return str(value)
        labels = ", ".join(str(label) for label in choices.labels)
        raise Unclear(_("Pilih salah satu: %(labels)s.") % {"labels": labels})

    return parse


def emptied(name: str, value: object, titles: Mapping[str, str]) -> str:
    """A column that differs, as a trial names it; one that is emptied says so."""
    is_empty = value in ("", None, [], (), {})
    return _("%(title)s (dikosongkan)") % {"title": titles[name]} if is_empty else titles[name]


def repeated(rows: Sequence[tuple[int, object]], column: str) -> list[Problem]:
    """A sentence for every row whose key stands in an earlier row already."""
    first: dict[object, int] = {}
    found = []
    for number, key in rows:
        if first.setdefault(key, number) != number:
            sentence = _("Sama dengan baris %(row)d. Sisakan satu.") % {"row": first[key]}
            found.append(Problem(number, column, sentence))
    return found
