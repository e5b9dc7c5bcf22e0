"""What must always hold of stored messages, as one table beside those of queue and reservation."""

from django.utils.translation import gettext_lazy as _

from core.proof import Invariant
from notifications import checks

INVARIANTS = (
    Invariant(
        "I9", _("Setiap pesan sampai di penyedia atau berakhir dengan sebab"), checks.outcomes
    ),
    Invariant("I9c", _("Tidak ada pesan ke saluran yang tidak diminta"), checks.consents),
    Invariant("I9b", _("Tidak ada pengeluaran yang tidak tercatat"), checks.budgets),
    Invariant("I10", _("Tidak ada pesan yang dikirim setelah waktunya"), checks.times),
    Invariant("I11", _("Tidak ada pesan yang dicoba lebih dari delapan kali"), checks.tries),
)
