"""The page of the ministry and of a province: all its malls, compared with care.

The cells of malls are hidden where they are small; the whole country's are sums of so many people
that nobody is known by them.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies.models import Mall
from agencies.stages import HIDDEN
from core.memo import briefly
from monitoring import figures, periods, privacy
from monitoring.account import Account
from monitoring.charts import atlas
from monitoring.charts.heat import Kind as SpotKind
from monitoring.charts.heat import Spot
from monitoring.dashboards import drawing, findings, ranking, sheets
from monitoring.dashboards.sheets import Column, Entry, Row, Sheet
from monitoring.definitions import BY_KEY, FEWEST
from monitoring.figures import Line
from monitoring.periods import Kind, Period
from monitoring.privacy import Shown
from monitoring.tallies import Tally, grouped

MALL = (
    *("visits", "service_days", "wait_median", "wait_p90", "wait_quick", "service_median"),
    *("within_share", "complete_share", "absent_share", "attended_share"),
    *("ikm", "respondents", "complaints", "complaints_late"),
)
TOTAL = (
    *("visits", "served", "service_days", "wait_median", "wait_p90", "wait_mean", "wait_quick"),
    *("service_median", "within_share", "complete_share", "absent_share", "attended_share"),
    *("ikm", "respondents", "complaints", "complaints_answered", "complaints_late"),
)
FAR_OUT = ("wait_median", "absent_share", "within_share")
BY_DEFAULT = "wait_median"
MONTHS = 12  # in a course


class Said(NamedTuple):
    """A mall far outside the others, in words."""

    mall: Mall
    text: str
    is_worse: bool


def page(watched: Collection[Mall], period: Period, *, province: str, by: str) -> dict[str, Any]:
    """Everything the page of a country or a province shows."""
    provinces = sorted({mall.region.province for mall in watched})
    province = province if province in provinces else ""
    malls = [
        mall
        for mall in watched
        if mall.stage not in HIDDEN and province in {"", mall.region.province}
    ]
    by = by if by.removeprefix("-") in MALL else BY_DEFAULT
    lines = [line for line in figures.of_malls(malls, period) if line.account.tally]
    now, (then, ago) = figures.together(lines), _earlier(malls, period)
    titles = str(period), str(then.period)
    groups = ranking.groups(ranking.compared(lines, period.kind), by.removeprefix("-"))
    table = _malls(lines, now, period, by, groups)
    tables = [_main(now, then, period), table, _provinces(lines, now, period)]
    return {
        "provinces": provinces,
        "province": province,
        "by": by,
        "malls": len(malls),
        "reporting": len(lines),
        "finding": findings.of_waits(now, then.account, ago=ago, fewest=FEWEST),
        "waits": drawing.waits(now, then.account, titles=titles, ago=ago, fewest=FEWEST),
        "course": _course(malls, period, now),
        "multiples": _multiples(lines, period),
        "outliers": _outliers(lines, period),
        "groups": groups,
        "ranked": BY_KEY[by.removeprefix("-")],
        "enough": ranking.ENOUGH[period.kind],
        "least": ranking.LEAST,
        "compared": len(ranking.compared(lines, period.kind)),
        "map": _map(malls, lines, province),
        "tables": tables,
    }


class Then(NamedTuple):
    """The period that is compared with."""

    period: Period
    account: Account


def _earlier(malls: Collection[Mall], period: Period) -> tuple[Then, str]:
    """A year ago where there is one, else the period just before."""
    a_year_ago = figures.together(figures.of_malls(malls, period.year_before))
    if a_year_ago.tally:
        return Then(period.year_before, a_year_ago), str(findings.A_YEAR_AGO)
    before = figures.together(figures.of_malls(malls, period.before))
    return Then(period.before, before), findings.ago_of(period)


def _main(now: Account, then: Then, period: Period) -> Sheet:
    columns = [(str(period), now)]
    if then.account.tally:
        columns.append((str(then.period), then.account))
    return sheets.of_figures("angka", _("Angka utama"), TOTAL, columns, fewest=FEWEST)


def _malls(
    lines: Sequence[Line],
    whole: Account,
    period: Period,
    by: str,
    groups: Mapping[int, ranking.Group],
) -> Sheet:
    entries = [_entry(line, period) for line in lines]
    sheet = sheets.of_accounts("mal", _("Mal"), _("Mal"), MALL, entries, fewest=FEWEST, total=whole)
    rows = [
        Row(row.name, [_quarter(groups.get(line.mall.pk)), *row.cells], row.url, row.note)
        for row, line in zip(sheet.rows, lines, strict=True)
    ]
    columns = [Column(_("Kelompok (1–4)")), *sheet.columns]
    total = Row(_("Seluruhnya"), [Shown(None, "–"), *(sheet.total.cells if sheet.total else [])])
    return sheets.ordered(Sheet("mal", sheet.title, sheet.head, columns, rows, total), by)


def _quarter(group: ranking.Group | None) -> Shown:
    if group is None:
        return Shown(None, "–")
    # As a text also in files: a spreadsheet takes "1–2" for a date.
    return Shown(group.best, str(group)) if group.best == group.worst else Shown(None, str(group))


def _entry(line: Line, period: Period) -> Entry:
    url = f"{reverse('mall_figures', args=[line.mall.slug])}?masa={period.code}"
    return Entry(line.mall.short_name, line.account, url, line.mall.region.province)


def _provinces(lines: Collection[Line], whole: Account, period: Period) -> Sheet:
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(line.mall.region.province, []).append(line)
    entries = [
        Entry(
            province,
            figures.together(there),
            f"?{urlencode({'masa': period.code, 'provinsi': province})}",
            ngettext("%d mal", "%d mal", len(there)) % len(there),
        )
        for province, there in sorted(found.items())
    ]
    return sheets.of_accounts(
        "provinsi", _("Provinsi"), _("Provinsi"), MALL, entries, fewest=FEWEST, total=whole
    )


# --- Their course ----------------------------------------------------------------------------


def months_until(period: Period) -> list[date]:
    """The twelve months that end with a period."""
    found = [periods.of(Kind.MONTH, period.last)]
    while len(found) < MONTHS:
        found.append(found[-1].before)
    return [month.first for month in reversed(found)]


@briefly(300, most=50)
def _trend(malls: tuple[Mall, ...], months: tuple[date, ...]) -> dict[date, Tally]:
    """All malls together by month; closed days change seldom, and they are many rows."""
    found = figures.trend(malls, months)
    return grouped(pair for months_of in found.values() for pair in months_of.items())


def _course(malls: Sequence[Mall], period: Period, now: Account) -> drawing.Multiples | None:
    months = months_until(period)
    known = _trend(tuple(malls), tuple(months))
    entry = Entry(_("Semua mal"), now)
    return drawing.small_multiples(
        _("Lama menunggu dalam dua belas bulan"),
        [entry],
        lambda _at: known,
        months,
        fewest=FEWEST,
        by_month=True,
        code="arah",
    )


def _multiples(lines: Collection[Line], period: Period) -> drawing.Multiples | None:
    """The malls where people wait longest, twelve months of each."""
    enough = ranking.compared(lines, period.kind)
    chosen = sorted(enough, key=_median, reverse=True)[: drawing.PANELS]
    months = months_until(period)
    known = figures.trend([line.mall for line in chosen], months)
    over = sum(_median(line) > drawing.LIMIT for line in enough)
    title = ngettext(
        "%d mal dengan tunggu tengah di atas 30 menit",
        "%d mal dengan tunggu tengah di atas 30 menit",
        over,
    )
    return drawing.small_multiples(
        title % over if over else _("Tidak ada mal dengan tunggu tengah di atas 30 menit"),
        [_entry(line, period) for line in chosen],
        lambda at: known.get(chosen[at].mall.pk, {}),
        months,
        fewest=FEWEST,
        by_month=True,
    )


def _median(line: Line) -> int | Decimal:
    return BY_KEY[BY_DEFAULT].of(line.account) or 0


# --- Who stands out, and where ---------------------------------------------------------------


def _outliers(lines: Collection[Line], period: Period) -> list[Said]:
    enough = ranking.compared(lines, period.kind)
    return [
        Said(each.line.mall, _said(each), each.is_worse)
        for each in ranking.outliers(enough, FAR_OUT)
        if privacy.shown(BY_KEY[each.key], each.line.account, FEWEST).value is not None
    ]


def _said(outlier: ranking.Outlier) -> str:
    figure = BY_KEY[outlier.key]
    return _("%(figure)s %(value)s, separuh mal lain antara %(low)s dan %(high)s.") % {
        "figure": figure,
        "value": figure.written(outlier.value),
        "low": figure.written(outlier.low),
        "high": figure.written(outlier.high),
    }


def _map(malls: Sequence[Mall], lines: Collection[Line], province: str) -> atlas.Atlas:
    levels = {line.mall.pk: _level(line) for line in lines}
    return atlas.drawn(malls, levels, province=province)


def _level(line: Line) -> tuple[int, str]:
    cell = privacy.shown(BY_KEY[BY_DEFAULT], line.account, FEWEST)
    if cell.value is None:
        return 0, cell.text
    return Spot(SpotKind.VALUE, float(cell.value)).level, cell.text
