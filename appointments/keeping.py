"""Which days of services the office cannot keep, and why: one answer for all that was promised."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from services import attending
from services.attending import AS_LAID, AS_STORED, Coming, Rests
from services.models import Service

Day = tuple[int, date]  # of a service


def lost(
    days: Iterable[Day], *, rests: Rests = AS_STORED, coming: Coming = AS_LAID
) -> dict[Day, str]:
    """Those of these days on which the service is not to be had, each with the reason.

    It may rest until further notice, rest on that day, or its agency is not there then.
    """
    asked = sorted(set(days))
    services = sorted({service for service, _on in asked})
    offered = set(Service.objects.offered().filter(pk__in=services).values_list("pk", flat=True))
    attended = attending.attended(services, rests=rests, coming=coming)
    resting = attending.resting(services, rests=rests)
    found: dict[Day, str] = {}
    for service, on in asked:
        if service not in offered:
            found[service, on] = _("Layanan ini sedang tidak dibuka di mal ini.")
        elif any(rest.covers(on) for rest in resting[service]):
            found[service, on] = _("Layanan ini tidak dibuka di mal ini pada hari itu.")
        elif on not in attended[service]:
            found[service, on] = _("Jadwal hadir instansi ini di mal berubah.")
    return found
