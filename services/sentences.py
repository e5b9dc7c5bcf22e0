"""How a service's tariff is said in one line."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from core import formats
from services.models import Fee


def fee(fees: Iterable[Fee]) -> str:
    """What a service costs, from the cheapest to the dearest case; a list says the rest."""
    amounts = [fee.amount for fee in fees]
    known = sorted(amount for amount in amounts if amount is not None)
    if not amounts:
        return _("Belum dicantumkan")
    if not known:
        return _("Tergantung kasus")
    if known[-1] == 0:
        return _("Gratis") if len(known) == len(amounts) else _("Gratis atau tergantung kasus")
    if len(known) < len(amounts):
        return _("Mulai %(amount)s") % {"amount": formats.rupiah(known[0])}
    if known[0] == known[-1]:
        return formats.rupiah(known[0])
    cheapest = _("Gratis") if known[0] == 0 else formats.rupiah(known[0])
    return f"{cheapest}–{formats.rupiah(known[-1])}"
