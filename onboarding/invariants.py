"""What must always hold of agreements, of the way of a mall, and of its people."""

from django.utils.translation import gettext_lazy as _

from core.proof import Invariant
from onboarding import path_checks, staff_checks, term_checks

INVARIANTS = (
    Invariant("I25", _("Satu loket satu instansi pada satu hari"), term_checks.counters),
    Invariant("I26", _("Loket buka menurut perjanjian yang berlaku"), term_checks.days),
    Invariant("I27", _("Peran hanya menyebut loket malnya sendiri"), staff_checks.roles),
    Invariant("I28", _("Setiap mal berada di tahap tonggak terakhirnya"), path_checks.ways),
)
