"""Who carries a mall's messages; only this module writes a provider."""

import json
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Case, DateTimeField, F, Q, Value, When
from django.utils.translation import gettext as _

from accounts.models import User
from agencies.models import Mall
from core import throttle, vault
from core.errors import Refused
from hall import record
from notifications.channels import Answer, Outcome, Outgoing, Template
from notifications.channels.registry import COMPLAINERS, FIELDS, SENDERS
from notifications.models import Provider
from notifications.states import Channel

log = logging.getLogger(__name__)
SECRETS = "provider.secrets"
IN_A_ROW = 5  # failures that blame the provider, and then nobody asks it for a moment
PAUSE = timedelta(seconds=8)  # and a sweep: a code is there fifteen seconds after the provider
TESTS, WITHIN = 5, timedelta(minutes=10)
# Every account of WhatsApp Business comes with this one, approved.
SAMPLE, SAMPLE_LANGUAGE = Template("hello_world", ()), "en_US"


class Incomplete(Refused):
    """What was filled in makes no sense; `complaints` says so field by field."""

    code = "provider_incomplete"

    def __init__(self, complaints: Mapping[str, str]) -> None:
        super().__init__(_("Pengaturan penyedia belum lengkap atau tidak sah."))
        self.complaints = complaints


def of(mall_id: int, channel: Channel) -> Provider | None:
    """The provider of a mall for a channel, if it is in use."""
    return Provider.objects.filter(mall=mall_id, channel=channel, is_on=True).first()


def on(mall_id: int) -> set[Channel]:
    """The channels for which the mall has a provider in use."""
    rows = Provider.objects.filter(mall=mall_id, is_on=True)
    return {Channel(each) for each in rows.values_list("channel", flat=True)}


def secrets_of(provider: Provider) -> dict[str, str]:
    """The credentials. Raises Unreadable without the key."""
    if not provider.sealed_secrets:
        return {}
    found: dict[str, str] = json.loads(vault.reveal(provider.sealed_secrets, column=SECRETS))
    return found


@transaction.atomic
def save(
    mall: Mall,
    channel: Channel,
    *,
    is_on: bool,
    price: Decimal,
    settings: Mapping[str, Any],
    secrets: Mapping[str, str],
    by: User,
    now: datetime,
) -> Provider:
    """Arrange a channel; an empty secret keeps the one there is. Raises Incomplete.

    What is off may be half filled in, so that somebody can fetch the missing key tomorrow.
    """
    Provider.objects.get_or_create(mall=mall, channel=channel)
    provider = Provider.objects.select_for_update(of=("self",)).get(mall=mall, channel=channel)
    fields = FIELDS[channel]
    plain = {each.name for each in fields if not each.is_secret}
    kept = {name: value for name, value in settings.items() if name in plain}
    known = _merged(provider, channel, secrets)
    complaints = COMPLAINERS[channel](kept, known)
    if is_on and complaints:
        raise Incomplete(complaints)
    provider.is_on, provider.price, provider.settings = is_on, price, kept
    provider.sealed_secrets = vault.seal(json.dumps(known), column=SECRETS) if known else ""
    # Other settings deserve another chance.
    provider.failures, provider.paused_until = 0, None
    provider.save()
    said = f"{channel.label}: {_('dipakai') if is_on else _('tidak dipakai')}"
    record.write("provider.saved", provider.pk, mall_id=mall.pk, by=by, now=now, detail=said)
    return provider


def test(provider: Provider, *, to: str, by: User, now: datetime) -> Answer:
    """Send one message that says what it is, used or not; what came of it is kept. May be TooMany.

    Never inside a transaction: it waits for the provider.
    """
    throttle.spend_surely(
        "provider-test", str(provider.mall_id), most=TESTS, within=WITHIN, now=now
    )
    channel = Channel(provider.channel)
    answer = SENDERS[channel](
        _sample(provider, channel, to, now), provider.settings, _known(provider)
    )
    with transaction.atomic():
        tested = Provider.objects.filter(pk=provider.pk)
        tested.update(tested_at=now, test_answer=answer.text)
        said = f"{channel.label}: {Outcome(answer.outcome).label}"
        mall_id = provider.mall_id
        record.write("provider.tested", provider.pk, mall_id=mall_id, by=by, now=now, detail=said)
    return answer


def failed(provider: Provider, *, now: datetime) -> None:
    """It was not there; the fifth time in a row nobody asks it for a while."""
    is_enough = When(failures__gte=IN_A_ROW - 1, then=Value(now + PAUSE, DateTimeField()))
    Provider.objects.filter(pk=provider.pk).update(
        failures=F("failures") + 1,
        paused_until=Case(is_enough, default=F("paused_until")),
    )


def worked(provider: Provider) -> None:
    """It answered, whatever it was; the count begins anew."""
    counted = Q(failures__gt=0) | Q(paused_until__isnull=False)
    Provider.objects.filter(counted, pk=provider.pk).update(failures=0, paused_until=None)


def _merged(provider: Provider, channel: Channel, secrets: Mapping[str, str]) -> dict[str, str]:
    """The secrets that were there with those that were typed; unknown names are dropped."""
    names = {each.name for each in FIELDS[channel] if each.is_secret}
    typed = {name: value for name, value in secrets.items() if value}
    both = {**_known(provider), **typed}
    return {name: value for name, value in both.items() if name in names}


def _known(provider: Provider) -> dict[str, str]:
    """The credentials, or none where the key that sealed them is lost: they are typed anew."""
    try:
        return secrets_of(provider)
    except vault.Unreadable as error:
        log.error("the credentials of provider %s do not open: %s", provider.pk, error)
        return {}


def _sample(provider: Provider, channel: Channel, to: str, now: datetime) -> Outgoing:
    mall = provider.mall
    text = _("Ini pesan uji dari portal antrean %s. Tidak perlu dibalas.") % mall.short_name
    is_template = channel == Channel.WHATSAPP
    return Outgoing(
        key=f"uji-{provider.pk}-{int(now.timestamp())}",
        to=to,
        subject=_("Pesan uji %s") % mall.short_name,
        body=text,
        language=SAMPLE_LANGUAGE if is_template else "id",
        sender_name=mall.short_name,
        template=SAMPLE if is_template else None,
        seconds_left=600,
    )
