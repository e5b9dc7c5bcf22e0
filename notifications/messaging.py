"""How a mall sends: in which order of channels, as whom, when not, and for how much a day.

Only this module writes it.
"""

from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal

from django.db import transaction
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from agencies.models import Mall
from core import vault
from hall import record
from notifications import providers
from notifications.channels import Secrets, Settings
from notifications.channels.fields import Complaints
from notifications.channels.registry import COMPLAINERS
from notifications.models import Messaging, Provider
from notifications.models.channels import usual_order
from notifications.states import Channel


class Standing(TextChoices):
    """How a channel of a mall stands at a moment, as those who look after it see it."""

    UNSET = "unset", _("Belum diatur")
    IN_USE = "in_use", _("Dipakai")
    OFF = "off", _("Dimatikan")
    PAUSED = "paused", _("Dijeda karena gagal")


@dataclass(frozen=True)
class Terms:
    """What a mall decides beside the order of its channels."""

    sender_name: str
    quiet_from: time
    quiet_until: time
    daily_budget: Decimal | None


@dataclass(frozen=True)
class Way:
    """A channel of a mall, with its provider where there is one."""

    channel: Channel
    provider: Provider | None
    standing: Standing

    @property
    def stored(self) -> frozenset[str]:
        """Which secrets are stored; they themselves are shown to nobody."""
        return frozenset(name for name, value in self.secrets.items() if value)

    @property
    def secrets(self) -> dict[str, str]:
        """The stored secrets; none where their key is lost, then they are typed anew."""
        if self.provider is None:
            return {}
        try:
            return providers.secrets_of(self.provider)
        except vault.Unreadable:
            return {}

    def complaints(self, settings: Settings, secrets: Secrets) -> Complaints:
        """What the channel finds wrong with settings, beside the secrets it has already."""
        return COMPLAINERS[self.channel](settings, {**self.secrets, **secrets})


def of(mall: Mall) -> Messaging:
    """What a mall has arranged, or what holds until it does."""
    return Messaging.objects.filter(mall=mall).first() or Messaging(mall=mall)


def order_of(arranged: Messaging) -> list[Channel]:
    """Every channel once, in the order in which they are tried."""
    known = [Channel(each) for each in arranged.order if each in usual_order()]
    return list(dict.fromkeys([*known, *map(Channel, usual_order())]))


def ways(mall: Mall, arranged: Messaging, *, now: datetime) -> list[Way]:
    """The channels of a mall as they stand, in the order in which they are tried."""
    known = {each.channel: each for each in Provider.objects.filter(mall=mall)}
    return [_way(channel, known.get(channel), now) for channel in order_of(arranged)]


def way(mall: Mall, channel: Channel, *, now: datetime) -> Way:
    """One of them."""
    return _way(channel, Provider.objects.filter(mall=mall, channel=channel).first(), now)


@transaction.atomic
def save(mall: Mall, terms: Terms, *, by: User, now: datetime) -> None:
    """Keep what a mall decided."""
    arranged = _locked(mall)
    for name, value in vars(terms).items():
        setattr(arranged, name, value)
    arranged.save()
    record.write("messaging.saved", arranged.pk, mall_id=mall.pk, by=by, now=now)


@transaction.atomic
def move(mall: Mall, channel: Channel, *, up: bool, by: User, now: datetime) -> None:
    """Try a channel one place earlier or later; at the end of the order nothing changes."""
    arranged = _locked(mall)
    order = order_of(arranged)
    here = order.index(channel)
    there = here + (-1 if up else 1)
    if not 0 <= there < len(order):
        return
    order[here], order[there] = order[there], order[here]
    arranged.order = [int(each) for each in order]
    arranged.save()
    detail = " ".join(each.name.lower() for each in order)
    record.write("messaging.order", arranged.pk, mall_id=mall.pk, by=by, now=now, detail=detail)


def _locked(mall: Mall) -> Messaging:
    """The row of a mall for as long as it is changed; two who change it wait in line here."""
    Messaging.objects.get_or_create(mall=mall)
    return Messaging.objects.select_for_update().get(mall=mall)


def _way(channel: Channel, provider: Provider | None, now: datetime) -> Way:
    if provider is None:
        return Way(channel, None, Standing.UNSET)
    if not provider.is_on:
        return Way(channel, provider, Standing.OFF)
    is_paused = provider.paused_until is not None and provider.paused_until > now
    return Way(channel, provider, Standing.PAUSED if is_paused else Standing.IN_USE)
