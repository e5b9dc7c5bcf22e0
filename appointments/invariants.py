"""What must always hold of stored reservations, as one table beside that of the queues."""

from django.utils.translation import gettext_lazy as _

from appointments import application_checks, checks, told_checks
from core.proof import Invariant

INVARIANTS = (
    Invariant("I2r", _("Setiap reservasi berada di keadaan peristiwa terakhirnya"), checks.lives),
    Invariant("I3", _("Tidak ada tempat yang dipesan dua kali"), checks.places),
    Invariant("I17", _("Satu NIK satu reservasi per rumpun, satu telepon tiga"), checks.people),
    Invariant(
        "I22", _("Semua tempat tercatat: daring, langsung, petugas, belum dibuka"), checks.shares
    ),
    Invariant(
        "I2p",
        _("Setiap permohonan berada di keadaan peristiwa terakhirnya"),
        application_checks.lives,
    ),
    Invariant("I8r", _("Setiap peristiwa reservasi dikabarkan"), told_checks.bookings),
    Invariant("I8p", _("Setiap peristiwa permohonan dikabarkan"), told_checks.applications),
    Invariant("I23", _("Setiap undian dapat dihitung ulang"), application_checks.drawn),
)
