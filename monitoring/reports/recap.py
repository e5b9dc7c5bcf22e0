"""The ministry's recap of a month: every mall, who reported, who did not, and the sums."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import override

from agencies.models import Mall
from monitoring import figures
from monitoring.account import Account
from monitoring.definitions import BY_KEY
from monitoring.figures import Line
from monitoring.models import Day, Kind, Report
from monitoring.periods import Period
from monitoring.reports import content
from monitoring.reports.content import Assembled, Tell, silent
from monitoring.reports.sections import of_rows
from monitoring.reports.tables import Named, Row, Stored, Table, frozen, withheld_inside
from monitoring.states import DONE, Stage, State
from queueing.access import workday

VISITS = ("visits", "served", "wait_median", "wait_p90", "within_share", "ikm")
SAID = ("service_days", "attended_share", "complaints", "complaints_answered", "complaints_late")


class Reading(NamedTuple):
    """What the tables are made of: malls by province, provinces, and all of them."""

    malls: Mapping[str, Sequence[Named]]
    provinces: Sequence[Named]
    country: Account


class Reported(NamedTuple):
    """A mall that reported, with the newest version that left it."""

    line: Line
    report: Report


@override("id")
def of_country(period: Period, *, now: datetime, tell: Tell = silent) -> Assembled:
    """All malls in a month as of the day of a moment; sums are those of the malls that reported."""
    tell(Stage.FIGURES)
    sources = _digests(period)
    malls = list(_malls(period))
    lines = {line.mall.pk: line for line in figures.of_malls(malls, period)}
    latest = _latest(period)
    tell(Stage.TABLES)
    sent = [
        Reported(lines[mall.pk], latest[mall.pk])
        for mall in malls
        if mall.pk in latest and latest[mall.pk].state in DONE
    ]
    there = {each.line.mall.pk for each in sent}
    missing = [mall for mall in malls if mall.pk not in there]
    read = _reading(sent)
    tables = [*_tables(read), _missing(missing, latest)]
    tell(Stage.FINDINGS)
    found: Stored = {
        **content.head(Kind.RECAP, period, workday(now)),
        "counted": {"days": len(sources), "until": max(sources, default=None)},
        "summary": _summary(sent, missing, read.country),
        "tables": [frozen(table) for table in tables],
        "findings": _changed(sent, period),
        "definitions": content.meanings(tables),
    }
    return Assembled(found, {})


def _malls(period: Period) -> Sequence[Mall]:
    """Every mall that counted a day in the period, province by province."""
    days = Day.objects.filter(date__range=(period.first, period.last), is_closed=True)
    found = Mall.objects.select_related("region").filter(pk__in=days.values("mall"))
    return list(found.order_by("region__province", "name", "slug"))


def _digests(period: Period) -> list[str]:
    days = Day.objects.filter(date__range=(period.first, period.last), is_closed=True)
    return [on.isoformat() for on in days.order_by().values_list("date", flat=True).distinct()]


def _latest(period: Period) -> dict[int, Report]:
    """The newest version of each mall that says something of it: one that left it, if any did."""
    rows = Report.objects.filter(kind=Kind.MONTH, first=period.first).exclude(state=State.REPLACED)
    found: dict[int, Report] = {}
    for row in rows.defer("content").order_by("version"):
        known = found.get(row.mall_id or 0)
        if known is None or row.state in DONE or known.state not in DONE:
            found[row.mall_id or 0] = row
    return found


def _reading(sent: Sequence[Reported]) -> Reading:
    """The malls that reported, by themselves, by province, and all together."""
    groups: dict[str, list[Reported]] = {}
    for each in sent:
        groups.setdefault(each.line.mall.region.province, []).append(each)
    return Reading(
        {name: [_mall(each) for each in there] for name, there in groups.items()},
        [
            Named(name, (name, str(len(there))), figures.together([each.line for each in there]))
            for name, there in sorted(groups.items())
        ],
        figures.together([each.line for each in sent]),
    )


def _mall(each: Reported) -> Named:
    mall, state = each.line.mall, State(each.report.state)
    names = (mall.name, mall.region.province, state.label.lower())
    return Named(mall.slug, names, each.line.account)


def _tables(read: Reading) -> list[Table]:
    """The same malls twice, by visits and by what else is known: one table would be too wide."""
    places = (_("Provinsi"), _("Mal yang melapor"))
    heads = (_("Mal"), _("Provinsi"), _("Laporan"))
    note = _("Angka dihitung dari hari-hari yang sudah ditutup ketika rekap ini disusun.")
    malls = [named for each in read.provinces for named in read.malls[each.key]]
    found = []
    for key, title, keys in (
        ("", _("Kunjungan"), VISITS),
        ("_said", _("Pengaduan dan kehadiran"), SAID),
    ):
        hidden = withheld_inside(read.provinces, read.malls, keys)
        found += [
            of_rows(
                *(f"provinces{key}", _("%s per provinsi") % title, places, keys, read.provinces),
                total=read.country,
            ),
            of_rows(
                *(f"malls{key}", _("%s per mal") % title, heads, keys, malls),
                total=read.country,
                withheld=hidden,
                note=note,
            ),
        ]
    return found


def _missing(missing: Sequence[Mall], latest: Mapping[int, Report]) -> Table:
    """Those whose report has not come, and how far each is with it."""
    rows = tuple(
        Row(mall.slug, (mall.name, mall.region.province, _standing(latest.get(mall.pk))), ())
        for mall in missing
    )
    heads = (_("Mal"), _("Provinsi"), _("Keadaan"))
    return Table("missing", _("Belum melapor"), heads, (), rows)


def _standing(report: Report | None) -> str:
    return State(report.state).label.lower() if report else _("belum dibuat")


def _summary(sent: Sequence[Reported], missing: Sequence[Mall], country: Account) -> list[str]:
    both = {"sent": len(sent), "all": len(sent) + len(missing)}
    found = [_("%(sent)d dari %(all)d mal sudah melapor.") % both]
    if country.tally:
        said = {key: BY_KEY[key].written(BY_KEY[key].of(country)) for key in VISITS}
        found.append(
            _(
                "Di mal yang melapor tercatat %(visits)s kunjungan; separuh pengunjung dipanggil"
                " dalam %(wait_median)s, 9 dari 10 dalam %(wait_p90)s."
            )
            % said
        )
    return found


def _changed(sent: Sequence[Reported], period: Period) -> list[Stored]:
    """Malls whose days were counted anew after their report was frozen."""
    days = Day.objects.filter(
        mall__in=[each.line.mall.pk for each in sent],
        date__range=(period.first, period.last),
        is_closed=True,
    )
    now: dict[int, dict[str, str]] = {}
    for pk, on, digest in days.values_list("mall", "date", "digest"):
        now.setdefault(pk, {})[on.isoformat()] = digest
    return [
        {
            "code": "changed",
            "sentence": _("%s: angkanya berubah sesudah laporannya disusun.") % each.line.mall.name,
        }
        for each in sent
        if now.get(each.line.mall.pk, {}) != each.report.sources
    ]
