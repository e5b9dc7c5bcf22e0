"""What a report says in words: its summary, and what in it wants attention. From figures only."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from agencies.models import Agreement, Mall
from core import formats
from feedback.satisfaction import Band, band_of
from monitoring.account import Account, in_minutes
from monitoring.definitions import BY_KEY, QUICK
from monitoring.reports.tables import Cell, Stored, Table, Withheld
from onboarding.agreements import endings

LONG = in_minutes(QUICK) or Decimal(0)
WHOLE = Decimal(100)
MOST = 10  # findings of one kind; behind the first ten the table is the better list


def summary(tables: Mapping[str, Table]) -> list[str]:
    """The period in at most four sentences."""
    table = tables["periods"]
    rows = [dict(zip(table.figures, row.cells, strict=True)) for row in table.rows]
    said, before = _said(rows[0]), _said(rows[1]) if len(rows) > 1 else {}
    if not rows[0]["visits"]:
        return [_("Tidak ada kunjungan yang tercatat dalam masa ini.")]
    found = [_("%(visits)s kunjungan tercatat dan %(served)s nomor selesai dilayani.") % said]
    if "wait_median" in said:
        words = _(
            "Separuh pengunjung dipanggil dalam %(wait_median)s, 9 dari 10 dalam %(wait_p90)s."
        )
        found.append(words % said)
    if "wait_median" in said and "wait_median" in before:
        words = _("Dalam masa sebelumnya separuhnya dipanggil dalam %s.")
        found.append(words % before["wait_median"])
    index = rows[0]["ikm"]
    if isinstance(index, Decimal):
        words = _("Indeks Kepuasan Masyarakat %(ikm)s (%(band)s).")
        found.append(words % {"ikm": said["ikm"], "band": _band(index)})
    return found


def findings(
    mall: Mall, tables: Mapping[str, Table], *, account: Account, on: date
) -> list[Stored]:
    """What wants attention, the most urgent first; each with its code and its sentence."""
    return [
        *_each("wait_long", _waiting(tables)),
        *_each("attendance", _absent(tables)),
        *_each("satisfaction", _unsatisfied(tables)),
        *_each("complaints_late", _late(account)),
        *_each("unserved", _unserved(account)),
        *_each("agreement_ending", _ending(mall, on)),
    ]


def _each(code: str, sentences: Iterable[str]) -> list[Stored]:
    return [{"code": code, "sentence": sentence} for sentence in [*sentences][:MOST]]


def _waiting(tables: Mapping[str, Table]) -> Iterable[str]:
    """Agencies at which half of all waited longer than a visitor should, the longest first."""
    for name, value in sorted(_decimals(tables, "agencies", "wait_median"), key=lambda x: -x[1]):
        if value > LONG:
            yield _("%(agency)s: separuh pengunjung menunggu %(minutes)s atau lebih.") % {
                "agency": name,
                "minutes": BY_KEY["wait_median"].written(value),
            }


def _absent(tables: Mapping[str, Table]) -> Iterable[str]:
    """Agencies that were not there on all the days they had promised."""
    rows = _decimals(tables, "attendance", "attended_share")
    for name, value in sorted(rows, key=lambda x: x[1]):
        if value < WHOLE:
            yield _("%(agency)s: hadir pada %(share)s hari yang dijanjikan.") % {
                "agency": name,
                "share": BY_KEY["attended_share"].written(value),
            }


def _unsatisfied(tables: Mapping[str, Table]) -> Iterable[str]:
    for name, value in sorted(_decimals(tables, "survey", "ikm"), key=lambda x: x[1]):
        if band_of(value) in {Band.C, Band.D}:
            yield _("%(agency)s: IKM %(ikm)s (%(band)s).") % {
                "agency": name,
                "ikm": BY_KEY["ikm"].written(value),
                "band": _band(value),
            }


def _late(account: Account) -> Iterable[str]:
    late = BY_KEY["complaints_late"].of(account)
    if late:
        yield _("%s pengaduan lewat tenggat.") % BY_KEY["complaints_late"].written(late)


def _unserved(account: Account) -> Iterable[str]:
    left = BY_KEY["unserved"].of(account)
    if left:
        yield _("%s nomor tidak sempat dilayani sampai mal tutup.") % BY_KEY["unserved"].written(
            left
        )


def _ending(mall: Mall, on: date) -> Iterable[str]:
    """Documents that end within ninety days without anything signed that follows."""
    for ending in endings.near(Agreement.objects.filter(mall=mall), on=on):
        yield _("Perjanjian “%(title)s” berakhir %(day)s dan belum ada lanjutannya.") % {
            "title": ending.agreement.title,
            "day": formats.long_date(ending.last),
        }


def _decimals(
    tables: Mapping[str, Table], table: str, figure: str
) -> Iterable[tuple[str, Decimal]]:
    """The names of a table with those of their values that are shown."""
    if table not in tables:
        return
    at = tables[table].figures.index(figure)
    for row in tables[table].rows:
        value = row.cells[at]
        if isinstance(value, Decimal):
            yield row.names[0], value


def _said(row: Mapping[str, Cell]) -> dict[str, str]:
    """The values of a row that are there, as people read them."""
    return {
        key: BY_KEY[key].written(cell)
        for key, cell in row.items()
        if cell is not None and not isinstance(cell, Withheld)
    }


def _band(index: Decimal) -> str:
    return str(band_of(index).performance).lower()
