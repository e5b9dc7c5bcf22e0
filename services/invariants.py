"""What must always hold of services, beside the tables of the other apps."""

from django.utils.translation import gettext_lazy as _

from core.proof import Invariant
from services import checks

INVARIANTS = (Invariant("I29", _("Layanan menampilkan isi standarnya yang terbit"), checks.shown),)
