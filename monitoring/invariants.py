"""What must always hold of the figures."""

from django.utils.translation import gettext_lazy as _

from core.proof import Invariant
from monitoring import checks
from monitoring.reports import checks as report_checks

INVARIANTS = (
    Invariant("I15", _("Angka hari yang ditutup sama dengan hitungan ulang tiketnya"), checks.days),
    Invariant("I15a", _("Jumlah tiap hari adalah jumlah selnya"), checks.whole),
    Invariant("I15b", _("Angka tiap bulan adalah jumlah hari-harinya"), checks.months),
    Invariant("I32", _("Laporan beku sesuai sidiknya"), report_checks.frozen),
)
