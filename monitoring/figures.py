"""The figures of a mall, an agency or many malls in a period, read from what was counted.

Never from raw tickets: a week is a few days, a year a few months, whatever happened in them. Only
days that are closed count, so that a figure looked at twice is the same; today has its own pages.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Max, Min

from agencies.models import Mall
from monitoring import attendance, cubes, voices
from monitoring.account import Account
from monitoring.attendance import Kept
from monitoring.cubes import Hour, Part
from monitoring.models import Day, Month, Watermark
from monitoring.periods import Kind, Period
from monitoring.tallies import NOTHING, Flat, Tally, grouped, merged, unpacked
from monitoring.voices import NOTHING as NO_VOICES
from monitoring.voices import Voices


@dataclass(frozen=True)
class Picture:
    """A mall in a period, or one of its agencies; everything in it can be added up.

    `presence` narrows it to one agency, for which the lines of the others are not there.
    """

    mall: Mall
    period: Period
    parts: list[tuple[Part, Tally]]
    by_hour: dict[Hour, Tally]
    by_date: dict[date, Tally]  # of a year: by the first day of each month
    kept: Mapping[int, Kept]
    voices: Voices
    days: int
    until: date | None  # the last day that is counted in it
    presence: int | None = None
    # Of each date, or month of a year, by agency; not added up before somebody asks.
    dated: list[tuple[date, int, Tally]] = field(default_factory=list)

    @cached_property
    def tally(self) -> Tally:
        return merged(tally for _part, tally in self.parts)

    @cached_property
    def by_agency_date(self) -> dict[tuple[int, date], Tally]:
        """By agency and date; of a year by agency and month."""
        return grouped(((presence, on), tally) for on, presence, tally in self.dated)

    @property
    def account(self) -> Account:
        """All of it together."""
        kept = [each for pk, each in self.kept.items() if self.presence in {None, pk}]
        return Account(
            self.tally,
            kept=attendance.all_of(kept) if kept else None,
            index=self.voices.satisfaction(self.presence),
            complaints=self.voices.complained(self.presence),
            # Closures are of counters, which agencies share.
            incidents=self.voices.incidents if self.presence is None else None,
            days=self.days,
        )

    def by(self, name: str) -> dict[int, Tally]:
        """By a part of the cell: presence, queue, service, channel or priority."""
        place = Part._fields.index(name)
        return grouped((part[place], tally) for part, tally in self.parts)

    def agencies(self) -> dict[int, Account]:
        """Every agency that had a number, promised a day or was there."""
        tallies = self.by("presence")
        known = {*tallies, *self.kept, *self.voices.opinions}
        return {
            pk: Account(
                tallies.get(pk, NOTHING),
                kept=self.kept.get(pk),
                index=self.voices.satisfaction(pk),
                complaints=self.voices.complained(pk),
            )
            for pk in sorted(known)
        }


def of_mall(mall: Mall, period: Period, *, now: datetime, presence: int | None = None) -> Picture:
    """A mall in a period; a day, a week or a month from its days, a year from its months."""
    read = _from_months if period.kind == Kind.YEAR else _from_days
    found = read(mall, period, presence, now)
    parts = [pair for pair in found["parts"] if presence in {None, pair[0].presence}]
    return Picture(mall, period, **{**found, "parts": parts}, presence=presence)


def _from_days(mall: Mall, period: Period, presence: int | None, now: datetime) -> dict[str, Any]:
    rows = Day.objects.filter(
        mall=mall, date__range=(period.first, period.last), is_closed=True
    ).order_by("date")
    cells = [
        (day.date, cell, tally)
        for day in rows
        for cell, tally in cubes.read_cells(day.cells)
        if presence in {None, cell.presence}
    ]
    by_date = grouped((on, tally) for on, _cell, tally in cells)
    return {
        "parts": list(grouped((Part(*cell[:5]), tally) for _on, cell, tally in cells).items()),
        "by_hour": grouped((Hour(on.weekday(), cell.hour), t) for on, cell, t in cells),
        "by_date": {day.date: by_date.get(day.date, NOTHING) for day in rows},
        "kept": attendance.read(attendance.together(day.attendance for day in rows)),
        "voices": voices.of(mall, period.first, period.last, now=now),
        "days": sum(map(bool, by_date.values())),
        "until": max((day.date for day in rows), default=None),
        "dated": [(on, cell.presence, tally) for on, cell, tally in cells],
    }


def _from_months(mall: Mall, period: Period, presence: int | None, now: datetime) -> dict[str, Any]:
    rows = list(Month.objects.filter(mall=mall, month__in=period.months).order_by("month"))
    parts = [(row.month, part, t) for row in rows for part, t in cubes.read_parts(row.parts)]
    mine = [(month, part, t) for month, part, t in parts if presence in {None, part.presence}]
    return {
        "parts": list(grouped((part, tally) for _month, part, tally in mine).items()),
        "by_hour": grouped(_hours(rows, presence)),
        "by_date": {row.month: NOTHING for row in rows}
        | grouped((month, tally) for month, _part, tally in mine),
        "kept": attendance.read(attendance.together(row.attendance for row in rows)),
        "voices": voices.together([voices.unpacked(row.voices) for row in rows]),
        "days": sum(row.days for row in rows),
        "until": max((row.until for row in rows if row.until), default=None),
        "dated": [(month, part.presence, tally) for month, part, tally in mine],
    }


def _hours(rows: Iterable[Month], presence: int | None) -> Iterable[tuple[Hour, Tally]]:
    for row in rows:
        if presence is None:
            yield from cubes.read_hours(row.hours)
            continue
        for hour, tally in cubes.read_agency_hours(row.agency_hours):
            if hour.presence == presence:
                yield Hour(hour.weekday, hour.hour), tally


# --- Many malls ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One mall among many; of days and weeks without survey, complaints and attendance."""

    mall: Mall
    account: Account = field(default_factory=Account)
    voices: Voices = NO_VOICES
    until: date | None = None  # the last day that is counted in it


def of_malls(malls: Collection[Mall], period: Period) -> list[Line]:
    """Many malls in a period, with as many statements as for one."""
    by_pk = {mall.pk: mall for mall in malls}
    is_short = period.kind in {Kind.DAY, Kind.WEEK}
    found = _lines_of_days(by_pk, period) if is_short else _lines_of_months(by_pk, period)
    return [found.get(pk, Line(mall)) for pk, mall in by_pk.items()]


def _lines_of_days(malls: Mapping[int, Mall], period: Period) -> dict[int, Line]:
    rows = Day.objects.filter(
        mall__in=malls, date__range=(period.first, period.last), is_closed=True
    )
    found: dict[int, list[tuple[date, Tally]]] = {}
    for pk, on, totals in rows.values_list("mall", "date", "totals"):
        found.setdefault(pk, []).append((on, unpacked(totals)))
    return {
        pk: Line(
            malls[pk],
            Account(merged(tally for _on, tally in days), days=sum(bool(t) for _on, t in days)),
            until=max(on for on, _tally in days),
        )
        for pk, days in found.items()
    }


class _Month(NamedTuple):
    """What a line takes from a month; no more, because a year of a country has thousands."""

    mall: int
    days: int
    until: date | None
    totals: Flat
    attendance: attendance.Stored
    voices: dict[str, Any]


def _lines_of_months(malls: Mapping[int, Mall], period: Period) -> dict[int, Line]:
    rows = Month.objects.filter(mall__in=malls, month__in=period.months)
    found: dict[int, list[_Month]] = {}
    for row in map(_Month._make, rows.values_list(*_Month._fields)):
        found.setdefault(row.mall, []).append(row)
    return {pk: _line(malls[pk], months) for pk, months in found.items()}


def _line(mall: Mall, months: list[_Month]) -> Line:
    said = voices.together([voices.unpacked(row.voices) for row in months])
    kept = attendance.read(attendance.together(row.attendance for row in months))
    account = Account(
        merged(unpacked(row.totals) for row in months),
        kept=attendance.all_of(kept.values()) if kept else None,
        index=said.satisfaction(),
        complaints=said.complained(),
        incidents=said.incidents,
        days=sum(row.days for row in months),
    )
    until = max((row.until for row in months if row.until), default=None)
    return Line(mall, account, said, until)


def together(lines: Collection[Line]) -> Account:
    """Many malls as one; an index of all answers together is not the mean of theirs."""
    said = voices.together([line.voices for line in lines])
    kept = [line.account.kept for line in lines if line.account.kept]
    return Account(
        merged(line.account.tally for line in lines),
        kept=attendance.all_of(kept) if kept else None,
        index=said.satisfaction(),
        complaints=said.complained(),
        incidents=said.incidents,
        days=sum(line.account.days for line in lines),
    )


def trend(malls: Collection[Mall], months: Collection[date]) -> dict[int, dict[date, Tally]]:
    """The totals of each mall by month, for small multiples."""
    rows = Month.objects.filter(mall__in=malls, month__in=months)
    found: dict[int, dict[date, Tally]] = {}
    for pk, month, totals in rows.order_by("month").values_list("mall", "month", "totals"):
        found.setdefault(pk, {})[month] = unpacked(totals)
    return found


def busy_hours(malls: Collection[Mall], period: Period) -> dict[Hour, Tally]:
    """The hours of many malls on their own clocks together; of a month or a year."""
    rows = Month.objects.filter(mall__in=malls, month__in=period.months)
    found = rows.values_list("hours", flat=True)
    return grouped(pair for stored in found for pair in cubes.read_hours(stored))


def span(malls: Collection[Mall]) -> tuple[date, date] | None:
    """The first and the last day that has been counted; None before the first."""
    found = Day.objects.filter(mall__in=malls, is_closed=True).aggregate(
        first=Min("date"), last=Max("date")
    )
    return (found["first"], found["last"]) if found["first"] else None


def as_of() -> datetime | None:
    """When anything was last counted; from a copy, until when that has followed."""
    latest: datetime | None = Watermark.objects.aggregate(latest=Max("at"))["latest"]
    return latest
