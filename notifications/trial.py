"""A wording tried out on whoever writes it, before anybody else reads it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from agencies.models import Mall
from core import throttle, vault
from core.errors import Refused
from hall import record
from notifications import contacts, messaging, phrasing, providers, wording
from notifications.catalogue import KINDS
from notifications.channels import Answer, Outgoing, Template
from notifications.channels.registry import SENDERS
from notifications.states import BY_PHONE, Channel
from notifications.wording import Words

MOST = 5  # a minute and person: each of them costs the mall what a message costs


class NotTried(Refused):
    code = "not_tried"


def ways(kind: str, mall: Mall) -> list[Channel]:
    """The channels through which a kind can be tried out: those the mall uses."""
    used = providers.on(mall.pk)
    return [channel for channel in KINDS[kind].channels if channel in used]


def send(
    kind: str,
    words: Words,
    channel: Channel,
    *,
    language: str,
    mall: Mall,
    by: User,
    now: datetime,
) -> Answer:
    """Send it with example values to the writer's own address. Raises NotTried, TooMany.

    Calls the provider, so never inside a transaction.
    """
    provider = providers.of(mall.pk, channel)
    if provider is None or channel not in KINDS[kind].channels:
        raise NotTried(_("Saluran ini tidak dipakai di mal."))
    own = contacts.of_user(by, now=now)
    to = contacts.phone_of(own) if channel in BY_PHONE else contacts.email_of(own)
    if not to:
        raise NotTried(_("Akun Anda belum punya nomor atau alamat untuk saluran ini."))
    throttle.spend("trial", str(by.pk), most=MOST)
    try:
        secrets = providers.secrets_of(provider)
    except vault.Unreadable as error:
        raise NotTried(_("Rahasia penyedia tidak dapat dibuka. Isi lagi di pengaturan.")) from error
    key = f"mpp-trial-{by.pk}-{int(now.timestamp())}"
    outgoing = _example(words, channel, key=key, to=to, language=language, mall=mall)
    answer = SENDERS[channel](outgoing, provider.settings, secrets)
    detail = f"{kind} {language}"
    with transaction.atomic():
        record.write("wording.tried", provider.pk, mall_id=mall.pk, by=by, now=now, detail=detail)
    return answer


def _example(
    words: Words, channel: Channel, *, key: str, to: str, language: str, mall: Mall
) -> Outgoing:
    """The wording with example values, as the channel would carry it to somebody."""
    values = phrasing.examples(language, mall)
    template = None
    if words.template_name:
        template = Template(words.template_name, tuple(values[name] for name in words.names()))
    return Outgoing(
        key=key,
        to=to,
        subject=wording.filled(words.subject, values),
        body=wording.closed(wording.filled(words.body, values), channel, language),
        language=language,
        sender_name=messaging.of(mall).sender_name,
        template=template,
    )
