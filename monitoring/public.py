"""What everybody may know of a mall: its waits by hour, its months, its survey, its agencies.

Only days and months that are over: a sum that grew by one would tell of one person. And no group
of fewer than FEWEST people (privacy.py).
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import NamedTuple

from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from agencies import opening, sentences
from agencies.models import Mall, Presence
from agencies.opening import Attendance
from feedback.satisfaction import Index
from monitoring import attendance, cubes, periods, privacy, voices
from monitoring.account import Account
from monitoring.attendance import Kept
from monitoring.charts import columns
from monitoring.charts.columns import Columns
from monitoring.dashboards import sheets
from monitoring.dashboards.sheets import Entry, Sheet
from monitoring.definitions import BY_KEY, FEWEST
from monitoring.models import Day, Month
from monitoring.periods import Kind, Period
from monitoring.privacy import Shown
from monitoring.tallies import Tally, grouped, merged, unpacked
from services import offers

TYPICAL = timedelta(weeks=4)  # days of which a typical one is made
MONTHS = 12
TELLING = 1  # minutes between the best and the worst hour from which they are worth naming
OF_AN_HOUR = ["issued", "wait_median", "wait_p90"]
OF_A_MONTH = ["visits", "served", "wait_median", "within_share"]
HEADLINES = ["visits", "served", "wait_median", "wait_p90", "within_share", "service_days"]


class Chart(NamedTuple):
    """A chart with its finding and the same figures as a table."""

    title: str
    drawn: Columns
    sheet: Sheet


class AgencyRow(NamedTuple):
    """An agency: on which days it comes, and how it kept to them in the last month."""

    name: str
    days: str
    kept: Kept | None

    @property
    def share(self) -> str:
        """The days it came of those it had promised, in percent."""
        figure = BY_KEY["attended_share"]
        return figure.written(figure.of(Account(kept=self.kept)))


@dataclass(frozen=True)
class Record:
    """A mall as everybody may know it."""

    mall: Mall
    today: date
    by_hour: dict[int, Tally]
    months: list[Month]
    presences: list[Presence]

    @property
    def last(self) -> Period:
        """The last month that is over."""
        return periods.of(Kind.MONTH, self.today).before

    @property
    def spans(self) -> list[Period]:
        """The months that are shown, the earliest first."""
        found = [self.last]
        while len(found) < MONTHS:
            found.append(found[-1].before)
        return found[::-1]

    @cached_property
    def accounts(self) -> dict[date, Account]:
        """The months that were counted."""
        return {each.month: Account(unpacked(each.totals), days=each.days) for each in self.months}

    @property
    def latest(self) -> Account | None:
        """The account of the last month; None where too few people came to speak of it."""
        found = self.accounts.get(self.last.first)
        return found if found and found.tally.counts.visits >= FEWEST else None

    @property
    def headlines(self) -> list[tuple[str, str, Shown]]:
        """The figures of the last month: key, title and value."""
        if self.latest is None:
            return []
        figures = [BY_KEY[key] for key in HEADLINES]
        return [(f.key, str(f), privacy.shown(f, self.latest, FEWEST)) for f in figures]

    @property
    def index(self) -> Index | None:
        """What people thought in all these months; None of fewer than five."""
        return voices.together(
            [voices.unpacked(each.voices) for each in self.months]
        ).satisfaction()

    @cached_property
    def hours(self) -> Chart | None:
        """How long people waited by the hour; None where too few came."""
        if merged(self.by_hour.values()).waits.count < FEWEST:
            return None
        rows = [(f"{hour:02d}.00", Account(tally)) for hour, tally in sorted(self.by_hour.items())]
        entries = [Entry(name, account) for name, account in rows]
        title, head = _("Menunggu menurut jam"), _("Jam ambil nomor")
        sheet = sheets.of_accounts("jam", title, head, OF_AN_HOUR, entries, fewest=FEWEST)
        drawn = columns.drawn(
            [(row.name[:2], _float(row.cells[1]), _float(row.cells[2])) for row in sheet.rows]
        )
        return Chart(_busiest(sheet) or title, drawn, sheet)

    @cached_property
    def year(self) -> Chart | None:
        """How many came in each month; None where nobody has."""
        if not any(account.tally for account in self.accounts.values()):
            return None
        accounts = [self.accounts.get(span.first, Account()) for span in self.spans]
        entries = [Entry(str(s), each) for s, each in zip(self.spans, accounts, strict=True)]
        title = _("Kunjungan menurut bulan")
        sheet = sheets.of_accounts("bulan", title, _("Bulan"), OF_A_MONTH, entries, fewest=FEWEST)
        named = [format_date(span.first, "M") for span in self.spans]
        drawn = columns.drawn(
            [(n, _float(r.cells[0]), None) for n, r in zip(named, sheet.rows, strict=True)]
        )
        return Chart(_most(sheet) or title, drawn, sheet)

    @property
    def sheets(self) -> list[Sheet]:
        """What may be downloaded."""
        return [chart.sheet for chart in (self.hours, self.year) if chart is not None]

    @cached_property
    def agencies(self) -> list[AgencyRow]:
        """Every agency with the days on which it comes."""
        attended = offers.attended_at(self.mall.pk)
        last = next((each for each in self.months if each.month == self.last.first), None)
        kept = attendance.read(last.attendance) if last is not None else {}
        return [
            AgencyRow(
                presence.agency.name,
                sentences.attended_days(attended.get(presence.pk, Attendance()), self.today),
                kept.get(presence.pk),
            )
            for presence in self.presences
        ]

    @property
    def punctual(self) -> tuple[int, int] | None:
        """How many agencies kept every day they had promised, and how many had promised any."""
        kept = [row.kept for row in self.agencies if row.kept and row.kept.promised_days]
        return (sum(k.attended_days == k.promised_days for k in kept), len(kept)) if kept else None


def of_mall(mall: Mall, *, now: datetime) -> Record:
    """Everything that is public of a mall, in as many queries for a year as for a day."""
    today = opening.local_date(now, mall.zone)
    begins = today.replace(day=1)
    since = begins.replace(year=begins.year - 1)
    months = Month.objects.filter(mall=mall, month__gte=since, month__lt=begins).order_by("month")
    presences = Presence.objects.filter(mall=mall, is_active=True).select_related("agency")
    return Record(
        mall,
        today,
        _by_hour(mall, today),
        list(months.defer("parts", "hours", "agency_hours")),
        list(presences.order_by("agency__name")),
    )


def _by_hour(mall: Mall, today: date) -> dict[int, Tally]:
    days = Day.objects.filter(
        mall=mall, date__gte=today - TYPICAL, date__lt=today, is_closed=True
    ).values_list("cells", flat=True)
    return grouped(
        (cell.hour, tally) for stored in days for cell, tally in cubes.read_cells(stored)
    )


def _busiest(sheet: Sheet) -> str:
    """The hour with the shortest wait and the one with the longest, as a finding."""
    known = [(row.cells[1].value, row.name, row.cells[1].text) for row in sheet.rows]
    found = sorted((value, name, text) for value, name, text in known if value is not None)
    if not found:
        return ""
    (least, best, short), (most, worst, long) = found[0], found[-1]
    if most - least < TELLING:
        return _("Pada jam apa pun separuh pengunjung dipanggil dalam %(long)s") % {"long": long}
    return _(
        "Paling sebentar pukul %(best)s: separuh dipanggil dalam %(short)s;"
        " paling lama pukul %(worst)s, %(long)s"
    ) % {"best": best, "short": short, "worst": worst, "long": long}


def _most(sheet: Sheet) -> str:
    known = [(row.cells[0].value, row) for row in sheet.rows if row.cells[0].value is not None]
    if not known:
        return ""
    _value, row = max(known, key=lambda pair: pair[0])
    words = _("Paling ramai %(month)s: %(visits)s kunjungan")
    return words % {"month": row.name, "visits": row.cells[0].text}


def _float(cell: Shown) -> float | None:
    return None if cell.value is None else float(cell.value)
