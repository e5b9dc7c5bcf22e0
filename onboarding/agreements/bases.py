"""By what right an agency is at a mall: from a decree to an agreement by hand, and back."""

from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from agencies.models import Presence
from onboarding.agreements import promises


def basis_refusal(presence: Presence, to: str, *, on: date) -> str:
    """Why an agency cannot be there by this right from a day on, in a sentence; "" when it can.

    Signing makes an agreement the basis whatever is said here: it ends the days of the decree.
    """
    if to == presence.basis:
        return ""
    said = {"agency": presence.agency.short_name}
    if to == Presence.Basis.DECREE and _is_bound(presence, on):
        return (
            _(
                "%(agency)s hadir menurut perjanjian yang masih berlaku. Akhiri perjanjiannya atau "
                "tunggu sampai masa berlakunya habis."
            )
            % said
        )
    if to == Presence.Basis.AGREEMENT and _has_days_of_its_own(presence, on):
        return (
            _(
                "%(agency)s masih punya hari loket tanpa perjanjian. Tandatangani perjanjiannya; "
                "dasarnya berubah dengan sendirinya."
            )
            % said
        )
    return ""


def _is_bound(presence: Presence, on: date) -> bool:
    """Whether a signed term holds on that day or a later one."""
    lasts = [each.last for each in promises.reigns_of(presence.pk)]
    return any(last is None or last >= on for last in lasts)


def _has_days_of_its_own(presence: Presence, on: date) -> bool:
    """Whether counters are the agency's without a term after that day; those no end would stop."""
    goes_on = Q(until_date=None) | Q(until_date__gt=on)
    return presence.counter_days.filter(goes_on, term=None).exists()
