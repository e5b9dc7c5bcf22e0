"""The tables of a mall's report, each from the figures of its period."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from agencies.models import Mall, Presence
from monitoring import figures, names, periods
from monitoring.account import Account
from monitoring.definitions import BY_KEY, OUTCOMES
from monitoring.figures import Picture
from monitoring.periods import Kind, Period
from monitoring.reports.tables import (
    Cell,
    Named,
    Row,
    Table,
    rows_of,
    withheld_in,
    withheld_inside,
)
from monitoring.tallies import Counts, Histogram, Tally, grouped
from monitoring.voices import HOUSE
from services.models import Service

WEEKS = 8  # of a weekly report, with its own
STEP, LONGEST = 5, 60  # minutes of the distribution of waits

WAITS = ("wait_median", "wait_p90")
WHOLE = ("visits", "served", *WAITS, "within_share", "absent_share", "ikm")
AGENCIES = ("visits", "served", *WAITS, "within_share", "ikm")
SERVICES = ("visits", "served", *WAITS, "service_median", "within_share")
PARTS = ("issued", "served", *WAITS, "within_share", "absent_share")
HOURS = ("issued", "called", *WAITS)
TREND = ("visits", "served", *WAITS, "within_share")
SURVEY = ("ikm", "respondents")
COMPLAINTS = ("complaints", "complaints_answered", "complaints_late")
ATTENDANCE = ("attended_share", "counters_share", "hours_share", "staff_share")
INCIDENTS = ("closures", "closed_minutes", "alarms")


@dataclass(frozen=True)
class Source:
    """What is known of a mall in a period, and what its agencies and services are called."""

    mall: Mall
    period: Period
    picture: Picture
    presences: Mapping[int, Presence]
    services: Mapping[int, Service]

    def agency(self, presence: int) -> str:
        return self.presences[presence].agency.name

    @property
    def in_order(self) -> list[int]:
        """The agencies by name; the same names come in the same order everywhere."""
        slugs = {pk: each.agency.slug for pk, each in self.presences.items()}
        return sorted(self.presences, key=lambda pk: (self.agency(pk), slugs[pk]))


def source_of(mall: Mall, period: Period, picture: Picture) -> Source:
    """A picture with the names of what is in it."""
    known = {*picture.by("presence"), *picture.kept, *picture.voices.opinions}
    known |= {*picture.voices.complaints} - {HOUSE}
    presences = Presence.objects.select_related("agency").in_bulk(known)
    services = Service.objects.in_bulk([*picture.by("service")])
    return Source(mall, period, picture, presences, services)


def of(source: Source) -> list[Table]:
    """The tables of a report, in their order."""
    return [table for make in MADE[source.period.kind] if (table := make(source)) is not None]


def of_rows(
    key: str,
    title: str,
    heads: tuple[str, ...],
    keys: Sequence[str],
    named: Sequence[Named],
    *,
    total: Account | None = None,
    withheld: Mapping[str, set[str]] | None = None,
    note: str = "",
) -> Table:
    """A table of those rows; beside a sum some are hidden so that none can be worked out."""
    if withheld is None:
        withheld = withheld_in(named, keys) if total else {}
    rows = rows_of(named, keys, withheld)
    return Table(key, title, heads, tuple(keys), rows, _total(heads, keys, total), note)


def _total(heads: tuple[str, ...], keys: Sequence[str], account: Account | None) -> Row | None:
    """What all of it comes to, which is never hidden."""
    if account is None:
        return None
    cells: tuple[Cell, ...] = tuple(BY_KEY[key].of(account) for key in keys)
    return Row("total", (_("Seluruhnya"), *[""] * (len(heads) - 1)), cells)


# --- The mall as a whole -----------------------------------------------------------------------


def _periods(source: Source) -> Table:
    period = source.period
    found = [(period, source.picture.account)]
    for other in (period.before, period.year_before):
        [line] = figures.of_malls([source.mall], other)
        if line.until is not None:
            found.append((other, line.account))
    rows = tuple(
        Row(each.code, (str(each),), tuple(BY_KEY[key].of(account) for key in WHOLE))
        for each, account in found
    )
    note = _(
        "Pembanding adalah masa sebelumnya dan masa yang sama setahun lalu, bila ada angkanya."
    )
    return Table("periods", _("Ringkasan"), (_("Masa"),), WHOLE, rows, note=note)


def _outcomes(source: Source) -> Table:
    """Where the numbers ended: each row is one end, all of them are the numbers given out."""
    counts = source.picture.tally.counts
    named = [
        Named(key, (str(BY_KEY[key]),), _with(issued=getattr(counts, key)))
        for key in OUTCOMES
        if key != "open" or counts.open
    ]
    title = _("Ke mana nomor berakhir")
    total = Account(source.picture.tally)
    return of_rows("outcomes", title, (_("Akhir"),), ("issued",), named, total=total)


def _waits(source: Source) -> Table:
    waits = source.picture.tally.waits
    counts = waits.steps(STEP * 60, LONGEST * 60)
    words = [
        _("%(low)d–%(high)d menit") % {"low": low, "high": low + STEP}
        for low in range(0, LONGEST, STEP)
    ] + [_("≥ %(low)d menit") % {"low": LONGEST}]
    named = [
        Named(f"{place * STEP:02d}", (name,), _with(called=count))
        for place, (name, count) in enumerate(zip(words, counts, strict=True))
    ]
    title, total = _("Sebaran waktu tunggu"), _with(called=waits.count)
    note = _("Batas atas tiap baris tidak termasuk di dalamnya.")
    return of_rows("waits", title, (_("Tunggu"),), ("called",), named, total=total, note=note)


def _incidents(source: Source) -> Table:
    account = source.picture.account
    title = _("Kejadian")
    row = Row("mall", (_("Seluruh mal"),), tuple(BY_KEY[key].of(account) for key in INCIDENTS))
    return Table("incidents", title, (_("Tempat"),), INCIDENTS, (row,))


# --- Its parts ---------------------------------------------------------------------------------


def _agencies(source: Source) -> Table:
    title = _("Kunjungan dan waktu tunggu per instansi")
    named, total = _named_agencies(source), source.picture.account
    return of_rows("agencies", title, (_("Instansi"),), AGENCIES, named, total=total)


def _named_agencies(source: Source) -> list[Named]:
    accounts = source.picture.agencies()
    return [_agency(source, pk, accounts[pk]) for pk in source.in_order if pk in accounts]


def _agency(source: Source, presence: int, account: Account) -> Named:
    agency = source.presences[presence].agency
    return Named(agency.slug, (agency.name,), account)


def _services(source: Source) -> Table:
    found: dict[str, list[Named]] = {}
    for pk, tally in source.picture.by("service").items():
        service = source.services[pk]
        agency = source.presences[service.presence_id].agency
        key, called = f"{agency.slug}/{service.code}", (service.name, agency.name)
        found.setdefault(agency.slug, []).append(Named(key, called, Account(tally)))
    groups = {
        slug: sorted(each, key=lambda row: (row.names, row.key)) for slug, each in found.items()
    }
    slugs = [source.presences[pk].agency.slug for pk in source.in_order]
    named = [row for slug in slugs for row in groups.get(slug, [])]
    title, heads = _("Per layanan"), (_("Layanan"), _("Instansi"))
    withheld = withheld_inside(_named_agencies(source), groups, SERVICES)
    total = Account(source.picture.tally)
    return of_rows("services", title, heads, SERVICES, named, total=total, withheld=withheld)


def _channels(source: Source) -> Table:
    named = _numbered(source.picture.by("channel"), names.channels())
    return of_rows(
        *("channels", _("Per kanal"), (_("Kanal"),), PARTS, named),
        total=Account(source.picture.tally),
    )


def _priorities(source: Source) -> Table:
    named = _numbered(source.picture.by("priority"), names.priorities())
    return of_rows(
        *("priorities", _("Per kelompok prioritas"), (_("Kelompok"),), PARTS, named),
        total=Account(source.picture.tally),
    )


def _numbered(tallies: Mapping[int, Tally], called: Mapping[int, str]) -> list[Named]:
    return [
        Named(str(number), (name,), Account(tallies[number]))
        for number, name in called.items()
        if number in tallies
    ]


def _hours(source: Source) -> Table:
    by_hour = grouped((hour.hour, tally) for hour, tally in source.picture.by_hour.items())
    named = [
        Named(f"{hour:02d}", (f"{hour:02d}.00–{hour + 1:02d}.00",), Account(tally))
        for hour, tally in sorted(by_hour.items())
    ]
    title, head = _("Per jam pengambilan nomor"), _("Jam")
    total = Account(source.picture.tally)
    return of_rows("hours", title, (head,), HOURS, named, total=total)


def _survey(source: Source) -> Table:
    heads, title = (_("Instansi"),), _("Kepuasan masyarakat (SKM)")
    asked = source.picture.voices.opinions
    named = [row for row in _named_agencies(source) if _pk_of(source, row) in asked]
    note = _("Instansi dengan kurang dari lima jawaban tidak ditampilkan nilainya.")
    total = source.picture.account
    return of_rows("survey", title, heads, SURVEY, named, total=total, note=note)


def _complaints(source: Source) -> Table:
    voices = source.picture.voices
    named = [
        _agency(source, pk, Account(complaints=voices.complained(pk)))
        for pk in source.in_order
        if pk in voices.complaints
    ]
    if HOUSE in voices.complaints:
        house = Account(complaints=voices.complained(HOUSE))
        named.append(Named("mall", (_("Pengelola mal"),), house))
    heads, title = (_("Yang menjawab"),), _("Pengaduan")
    total = source.picture.account
    return of_rows("complaints", title, heads, COMPLAINTS, named, total=total)


def _attendance(source: Source) -> Table:
    kept = source.picture.kept
    named = [row for row in _named_agencies(source) if _pk_of(source, row) in kept]
    heads, title = (_("Instansi"),), _("Kehadiran menurut perjanjian")
    total = source.picture.account
    return of_rows("attendance", title, heads, ATTENDANCE, named, total=total)


def _pk_of(source: Source, row: Named) -> int:
    return next(pk for pk, each in source.presences.items() if each.agency.slug == row.key)


# --- Along time --------------------------------------------------------------------------------


def _days(source: Source) -> Table:
    named = _dated(source, "l, j F")
    total = source.picture.account
    return of_rows("days", _("Per hari"), (_("Hari"),), TREND, named, total=total)


def _months(source: Source) -> Table:
    named = _dated(source, "F Y")
    total = source.picture.account
    return of_rows("months", _("Per bulan"), (_("Bulan"),), TREND, named, total=total)


def _dated(source: Source, how: str) -> list[Named]:
    return [
        Named(on.isoformat(), (format_date(on, how),), Account(tally))
        for on, tally in sorted(source.picture.by_date.items())
    ]


def _weeks(source: Source) -> Table:
    """The last weeks up to this one; those before the first number are not there."""
    named = []
    for ago in reversed(range(WEEKS)):
        week = periods.of(Kind.WEEK, source.period.first - ago * timedelta(7))
        [line] = figures.of_malls([source.mall], week)
        if line.until is not None:
            named.append(Named(week.code, (_week(week.first, week.last),), line.account))
    return of_rows("weeks", _("Arah delapan minggu"), (_("Minggu"),), TREND, named)


def _week(first: date, last: date) -> str:
    return f"{format_date(first, 'j M')} – {format_date(last, 'j M Y')}"


def _with(*, issued: int = 0, called: int = 0) -> Account:
    """An account of so many numbers and of nothing else."""
    waits = Histogram(0, {0: called} if called else {})
    return Account(Tally(Counts(issued=issued, called=called), waits, Histogram()))


Make = Callable[[Source], Table | None]
_PARTS: tuple[Make, ...] = (_services, _channels, _priorities, _hours, _waits, _outcomes)
_KEPT: tuple[Make, ...] = (_survey, _complaints, _attendance, _incidents)
MADE: Mapping[Kind, Iterable[Make]] = {
    Kind.WEEK: (_periods, _weeks, _days, _agencies, _channels, _hours),
    Kind.MONTH: (_periods, _agencies, *_PARTS, *_KEPT, _days),
    Kind.YEAR: (_periods, _months, _agencies, *_PARTS, *_KEPT),
}
