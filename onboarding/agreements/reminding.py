"""Telling those concerned that a document ends soon and nothing signed follows."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.roles import Act
from agencies import opening
from agencies.models import Agreement, Zone
from core import formats
from notifications import watch
from notifications.models import Message
from onboarding.agreements import endings
from onboarding.agreements.endings import Ending

KIND = "agreement_ending"


def remind(*, now: datetime) -> int:
    """Tell of each document whose end is near, once for each step; through how many channels.

    Told are those who run the agreements of its mall and the admins of the agencies in it.
    """
    return sum(_tell(ending, now=now) for zone in Zone.values for ending in _near(zone, now))


def _near(zone: str, now: datetime) -> list[Ending]:
    """What ends soon at the malls of a zone, by what is today there."""
    documents = Agreement.objects.filter(mall__region__zone=zone)
    return endings.near(documents, on=opening.local_date(now, ZoneInfo(zone)))


@transaction.atomic
def _tell(ending: Ending, *, now: datetime) -> int:
    agreement = ending.agreement
    event = f"agreement-ending:{agreement.pk}:{ending.last}:{ending.step}"
    if Message.objects.filter(event=event).exists():
        return 0
    agencies = [each.agency for each in agreement.parties.select_related("agency") if each.agency]
    with override(settings.LANGUAGE_CODE):
        names = ", ".join(each.short_name for each in agencies[:2])
        if len(agencies) > 2:
            names = _("%(count)d instansi") % {"count": len(agencies)}
        values = {
            "perjanjian": agreement.title,
            "instansi": names,
            "batas": formats.long_date(ending.last),
            "hari": str(ending.days),
        }
    told = watch.tell(
        agreement.mall, KIND, Act.MANAGE_AGREEMENTS, event=event, values=values, now=now
    )
    return told + sum(
        watch.tell(
            agreement.mall,
            KIND,
            Act.READ_AGREEMENTS,
            event=event,
            values=values,
            now=now,
            agency_id=agency.pk,
        )
        for agency in agencies
    )
