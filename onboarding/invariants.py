"""What must always hold of agreements, of the way of a mall, its changes and its people."""

from django.utils.translation import gettext_lazy as _

from core.proof import Invariant
from onboarding.agreements.checks import counters, days
from onboarding.path.checks import ways
from onboarding.setup.checks import planned, rests
from onboarding.staff.checks import roles

INVARIANTS = (
    Invariant("I25", _("Satu loket satu instansi pada satu hari"), counters),
    Invariant("I26", _("Loket buka menurut perjanjian yang berlaku"), days),
    Invariant("I27", _("Peran hanya menyebut loket malnya sendiri"), roles),
    Invariant("I28", _("Setiap mal berada di tahap tonggak terakhirnya"), ways),
    Invariant("I30", _("Yang sedang tidak dipakai tidak melayani"), rests),
    Invariant("I31", _("Perubahan terencana berlaku pada harinya"), planned),
)
