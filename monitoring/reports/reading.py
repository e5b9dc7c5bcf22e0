"""What lists and pages show of reports. Only reads, as much for three hundred malls as for one."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db.models import QuerySet

from agencies import opening
from agencies.models import Mall
from monitoring import periods
from monitoring.models import Kind, Month, Report, ReportEvent
from monitoring.periods import Period
from monitoring.reports import content, lifecycle
from monitoring.states import DONE, FROZEN, SENT, State
from queueing.access import workday

LISTED = 12  # months of a mall
OTHERS = 12  # weekly and yearly reports of a mall


class Next(StrEnum):
    """What is to be done with a report, by the mall."""

    NOTHING = "nothing"  # the month is not over, or nobody came
    MAKE = "make"
    WAIT = "wait"  # it is being built
    RETRY = "retry"
    SEND = "send"
    PENDING = "pending"  # with the ministry
    REVISE = "revise"
    DONE = "done"


NEXT: Mapping[State, Next] = {
    State.BUILDING: Next.WAIT,
    State.FAILED: Next.RETRY,
    State.READY: Next.SEND,
    State.SUBMITTED: Next.PENDING,
    State.RETURNED: Next.REVISE,
    State.ACCEPTED: Next.DONE,
    State.REPLACED: Next.NOTHING,
}


@dataclass(frozen=True)
class Due:
    """A month of a mall, its report if there is one, and what comes next."""

    mall: Mall
    period: Period
    report: Report | None
    due_on: date | None
    left: int  # days until then; below zero it is late
    step: Next

    @property
    def is_late(self) -> bool:
        return self.left < 0 and self.step not in {Next.NOTHING, Next.PENDING, Next.DONE}

    @property
    def is_near(self) -> bool:
        return not self.is_late and self.left <= 5 and self.step in {Next.MAKE, Next.SEND}


@dataclass(frozen=True)
class MonthOfMall:
    """A cell of the ministry's table."""

    report: Report | None
    is_due: bool  # days were counted, so a report is expected
    is_sent: bool


@dataclass(frozen=True)
class MallRow:
    mall: Mall
    cells: list[MonthOfMall]


def due(malls: Collection[Mall], *, now: datetime) -> list[Due]:
    """The last months of these malls, the latest first."""
    this = periods.of(periods.Kind.MONTH, workday(now))
    months = _last(this.before, LISTED)
    counted = _counted(malls, months)
    reports = newest(_of_months(malls, months))
    return [
        _due(mall, period, reports.get((mall.pk, period.first)), counted, now)
        for period in months
        for mall in malls
        if (mall.pk, period.first) in counted or (mall.pk, period.first) in reports
    ]


def others(malls: Collection[Mall]) -> list[Report]:
    """The newest weekly and yearly reports of these malls, the latest first."""
    rows = Report.objects.filter(mall__in=malls, kind__in=[Kind.WEEK, Kind.YEAR])
    rows = rows.exclude(state=State.REPLACED).without_content().with_names()
    return list(rows.order_by("-first", "kind", "mall", "-version")[:OTHERS])


def matrix(malls: Sequence[Mall], year: int, *, now: datetime) -> list[MallRow]:
    """Malls by the months of a year, as somebody outside of them sees it."""
    today = workday(now)
    months = _months(year)
    found = list(_of_months(malls, months))
    # A version that is being made anew hides none that was sent before.
    reports = newest(found) | newest(row for row in found if row.state in SENT)
    counted = _counted(malls, months)
    return [
        MallRow(
            mall,
            [
                _cell(reports.get(place), is_due=place in counted and last < today)
                for place, last in (((mall.pk, each.first), each.last) for each in months)
            ],
        )
        for mall in malls
    ]


def waiting_for_judgement(malls: Collection[Mall]) -> list[Report]:
    """What was sent and is not judged yet, the oldest first."""
    rows = Report.objects.filter(state=State.SUBMITTED, mall__in=malls)
    return list(rows.without_content().with_names().order_by("first", "pk"))


def recaps(year: int, sums: Sequence[tuple[int, int]]) -> list[tuple[date, Report | None, int]]:
    """For each month of a year the newest recap, and of how many malls one could be made."""
    rows = Report.objects.filter(kind=Kind.RECAP, first__year=year).without_content()
    found = {row.first: row for row in rows.order_by("version")}
    counts = [expected for _sent, expected in sums] or [0] * 12
    return [
        (first, found.get(first), count)
        for first, count in zip(month_starts(year), counts, strict=True)
    ]


def published(mall: Mall, *, most: int = 12) -> list[Report]:
    """The accepted monthly reports of a mall, for everybody, the latest first."""
    rows = Report.objects.filter(mall=mall, kind=Kind.MONTH, state=State.ACCEPTED)
    return list(rows.without_content().order_by("-first")[:most])


def versions(report: Report) -> list[Report]:
    """Every version of the same report, the newest first."""
    same = Report.objects.filter(mall=report.mall_id, kind=report.kind, first=report.first)
    return list(same.without_content().order_by("-version"))


def history(report: Report) -> list[ReportEvent]:
    return list(report.events.order_by("pk"))


def changed_days(report: Report) -> list[date]:
    """The days that say something else by now than when a report was frozen, or are new in it."""
    if report.mall is None or report.state not in FROZEN - {State.REPLACED}:
        return []
    now = content.digests(report.mall, report.period)
    known: dict[str, str] = report.sources
    return [date.fromisoformat(on) for on in sorted({*now, *known}) if now.get(on) != known.get(on)]


def newest(rows: Iterable[Report]) -> dict[tuple[int, date], Report]:
    """Of each mall and month the version that is in hand, or else the latest."""
    return {(row.mall_id or 0, row.first): row for row in rows}


def _of_months(malls: Collection[Mall], months: Sequence[Period]) -> QuerySet[Report]:
    rows = Report.objects.filter(
        kind=Kind.MONTH, mall__in=malls, first__in=[period.first for period in months]
    )
    return rows.without_content().order_by("version")


def _counted(malls: Collection[Mall], months: Sequence[Period]) -> set[tuple[int, date]]:
    """The months in which a mall has counted days."""
    firsts = [period.first for period in months]
    rows = Month.objects.filter(mall__in=malls, month__in=firsts, until__isnull=False)
    return set(rows.values_list("mall", "month"))


def _due(
    mall: Mall,
    period: Period,
    report: Report | None,
    counted: set[tuple[int, date]],
    now: datetime,
) -> Due:
    due_on = lifecycle.due_on(Kind.MONTH, period)
    left = (due_on - opening.local_date(now, mall.zone)).days if due_on else 0
    step = NEXT[State(report.state)] if report else Next.MAKE
    return Due(mall, period, report, due_on, left, step)


def _cell(report: Report | None, *, is_due: bool) -> MonthOfMall:
    return MonthOfMall(report, is_due, report is not None and report.state in SENT)


def _last(period: Period, count: int) -> list[Period]:
    found = [period]
    while len(found) < count:
        found.append(found[-1].before)
    return found


def _months(year: int) -> list[Period]:
    whole = periods.of(periods.Kind.YEAR, date(year, 1, 1))
    return [periods.of(periods.Kind.MONTH, first) for first in whole.months]


def years(malls: Collection[Mall], *, now: datetime) -> list[int]:
    """The years in which any of these malls has counted days, and this one; the latest first."""
    found = Month.objects.filter(mall__in=malls, until__isnull=False).dates("month", "year")
    return sorted({*(on.year for on in found), workday(now).year}, reverse=True)


def month_starts(year: int) -> list[date]:
    return [period.first for period in _months(year)]


def reporting(rows: Sequence[MallRow]) -> list[tuple[int, int]]:
    """For each month how many malls have reported, and of how many it is expected."""
    return [
        (
            sum(cell.report is not None and cell.report.state in DONE for cell in column),
            sum(cell.is_due or cell.report is not None for cell in column),
        )
        for column in zip(*(row.cells for row in rows), strict=True)
    ]
