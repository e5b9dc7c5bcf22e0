"""What must always hold of stored opinions and complaints, as one table beside the others."""

from django.utils.translation import gettext_lazy as _

from core.proof import Invariant
from feedback import checks

INVARIANTS = (
    Invariant("I2u", _("Setiap pengaduan berada di keadaan peristiwa terakhirnya"), checks.lives),
    Invariant("I8u", _("Setiap peristiwa pengaduan dikabarkan"), checks.told),
    Invariant("I24", _("Satu jawaban survei untuk satu kunjungan"), checks.opinions),
)
