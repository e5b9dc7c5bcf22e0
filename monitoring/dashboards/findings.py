"""What the figures say, in a sentence; the same words wherever the same thing is found."""

from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from monitoring import privacy
from monitoring.account import Account, Value
from monitoring.definitions import BY_KEY
from monitoring.periods import Kind, Period
from monitoring.tallies import ERROR

AGO = {
    Kind.DAY: gettext_lazy("sehari sebelumnya"),
    Kind.WEEK: gettext_lazy("seminggu sebelumnya"),
    Kind.MONTH: gettext_lazy("sebulan sebelumnya"),
    Kind.YEAR: gettext_lazy("setahun sebelumnya"),
}
A_YEAR_AGO = gettext_lazy("setahun sebelumnya")
NOTABLE = Decimal(1)  # minutes; less of a change nobody feels


class Finding(NamedTuple):
    """The headline of a page."""

    title: str
    text: str
    is_better: bool | None = None


def of_waits(now: Account, before: Account, *, ago: str, fewest: int) -> Finding:
    """Whether people wait less than before, and how long."""
    median, before_median = (_median(each, fewest) for each in (now, before))
    if median.value is None:
        return _nothing(now, fewest)
    said = _("Separuh pengunjung dipanggil dalam %(median)s.") % {"median": median.text}
    if before_median.value is not None:
        said = _("Separuh pengunjung dipanggil dalam %(median)s, %(ago)s %(before)s.") % {
            "median": median.text,
            "ago": ago,
            "before": before_median.text,
        }
    most = privacy.shown(BY_KEY["wait_p90"], now, fewest)
    said = f"{said} " + _("Sembilan dari sepuluh dipanggil dalam %(most)s.") % {"most": most.text}
    changed = change(median.value, before_median.value)
    titles = {
        -1: _("Antrean Makin Singkat"),
        1: _("Antrean Makin Panjang"),
        0: _("Lama Antrean Tetap"),
        None: _("Lama Menunggu"),
    }
    return Finding(titles[changed], said, None if not changed else changed < 0)


def change(now: Value, before: Value) -> int | None:
    """-1, 0 or 1: whether a wait in minutes fell or rose by more than histograms may err."""
    if now is None or before is None:
        return None
    rise, was = Decimal(now) - Decimal(before), Decimal(before)
    if abs(rise) < max(NOTABLE, was * 2 * ERROR.numerator / ERROR.denominator):
        return 0
    return 1 if rise > 0 else -1


def of_distribution(now: Account, before: Account, *, ago: str, fewest: int) -> str:
    """How many were called soon, and how many before."""
    share, was = (privacy.shown(BY_KEY["wait_quick"], each, fewest) for each in (now, before))
    if share.value is None:
        return _("Lama menunggu")
    words = {"share": share.text, "ago": ago, "was": was.text}
    if was.value is None:
        return _("%(share)s dipanggil di bawah 30 menit") % words
    return _("%(share)s dipanggil di bawah 30 menit, %(ago)s %(was)s") % words


def of_outcomes(now: Account, fewest: int) -> str:
    """How many of those who took a number were served."""
    issued, served = (privacy.beside(BY_KEY[key], now, fewest) for key in ("issued", "served"))
    if issued.value is None or served.value is None:
        return _("Akhir setiap nomor")
    return _("%(served)s dari %(issued)s nomor dilayani") % {
        "served": served.text,
        "issued": issued.text,
    }


def ago_of(period: Period) -> str:
    """How the period just before is called."""
    return str(AGO[period.kind])


def too_few() -> Finding:
    """Instead of figures that would name people."""
    return Finding(
        _("Belum Cukup Angka"),
        _(
            "Nomor dalam masa ini terlalu sedikit untuk ditampilkan kepada pemantau, agar tidak ada"
            " pengunjung yang dikenali."
        ),
    )


def _nothing(now: Account, fewest: int) -> Finding:
    if now.tally.waits.count and fewest:
        return too_few()
    if now.tally:
        text = _("Ada nomor yang diambil, tetapi belum ada yang dipanggil.")
        return Finding(_("Belum Ada yang Dipanggil"), text)
    text = _("Tidak ada nomor yang diambil pada hari yang sudah ditutup dalam masa ini.")
    return Finding(_("Belum Ada Angka"), text)


def _median(account: Account, fewest: int) -> privacy.Shown:
    return privacy.shown(BY_KEY["wait_median"], account, fewest)
