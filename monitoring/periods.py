"""The days, weeks, months and years that figures are asked for; pure, and typed as in ISO 8601."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

DAY = timedelta(days=1)
FIRST_YEAR, LAST_YEAR = 2015, 2100
CODE = re.compile(r"(\d{4})(?:-(?:W(\d{2})|(\d{2})(?:-(\d{2}))?))?", re.ASCII)


class Kind(TextChoices):
    DAY = "day", gettext_lazy("Hari")
    WEEK = "week", gettext_lazy("Minggu")
    MONTH = "month", gettext_lazy("Bulan")
    YEAR = "year", gettext_lazy("Tahun")


@dataclass(frozen=True)
class Period:
    """A day, a week from Monday, a month or a year; both ends are included."""

    kind: Kind
    first: date
    last: date

    @property
    def code(self) -> str:
        """As it stands in an address: 2026-03-09, 2026-W11, 2026-03 or 2026."""
        if self.kind == Kind.WEEK:
            year, number, _weekday = self.first.isocalendar()
            return f"{year}-W{number:02d}"
        lengths = {Kind.DAY: 10, Kind.MONTH: 7, Kind.YEAR: 4}
        return self.first.isoformat()[: lengths[self.kind]]

    @property
    def before(self) -> "Period":
        """The one of the same kind just before."""
        return of(self.kind, self.first - DAY)

    @property
    def after(self) -> "Period":
        """The one of the same kind just after."""
        return of(self.kind, self.last + DAY)

    @property
    def year_before(self) -> "Period":
        """The same one a year earlier: a week by its number, so that weekdays match."""
        if self.kind in {Kind.WEEK, Kind.DAY}:
            return of(self.kind, self.first - 364 * DAY)
        return of(self.kind, self.first.replace(year=self.first.year - 1))

    @property
    def months(self) -> list[date]:
        """The first day of every month of a month or a year."""
        return [
            self.first.replace(month=each) for each in range(self.first.month, self.last.month + 1)
        ]

    @property
    def days(self) -> list[date]:
        return [self.first + ahead * DAY for ahead in range((self.last - self.first).days + 1)]

    def __contains__(self, on: date) -> bool:
        return self.first <= on <= self.last

    def __str__(self) -> str:
        """As people say it: "Maret 2026", "Minggu 9–15 Maret 2026"."""
        if self.kind == Kind.DAY:
            return format_date(self.first, "l, j F Y")
        if self.kind == Kind.MONTH:
            return format_date(self.first, "F Y")
        if self.kind == Kind.YEAR:
            return _("Tahun %(year)d") % {"year": self.first.year}
        same = self.first.month == self.last.month
        first = format_date(self.first, "j" if same else "j F")
        return _("Minggu %(first)s–%(last)s") % {
            "first": first,
            "last": format_date(self.last, "j F Y"),
        }


def of(kind: Kind, on: date) -> Period:
    """The period of that kind in which a day lies."""
    if kind == Kind.DAY:
        return Period(kind, on, on)
    if kind == Kind.WEEK:
        monday = on - on.weekday() * DAY
        return Period(kind, monday, monday + 6 * DAY)
    if kind == Kind.MONTH:
        return Period(kind, on.replace(day=1), end_of_month(on))
    return Period(kind, date(on.year, 1, 1), date(on.year, 12, 31))


def parsed(code: str) -> Period | None:
    """The period that an address names; None for what names none."""
    found = CODE.fullmatch(code)
    if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        return None
    week, month, day = (int(part) if part else None for part in found.groups()[1:])
    try:
        if week is not None:
            return of(Kind.WEEK, date.fromisocalendar(int(found[1]), week, 1))
        on = date(int(found[1]), *(1 if part is None else part for part in (month, day)))
    except ValueError:
        return None
    kind = Kind.YEAR if month is None else Kind.MONTH if day is None else Kind.DAY
    return of(kind, on)


def end_of_month(on: date) -> date:
    """The last day of the month in which a day lies."""
    return (on.replace(day=28) + 4 * DAY).replace(day=1) - DAY
