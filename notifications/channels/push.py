"""Notifications to browsers: encrypted for one of them (RFC 8291), signed by the portal (RFC 8292).

The words are readable to the browser alone; its push service learns when and to whom, not what.
"""

import base64
import functools
import hashlib
import json

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from django.conf import settings as portal
from django.utils.translation import gettext as _
from webpush import WebPush, WebPushMessage, WebPushSubscription

from notifications.channels import Answer, Outgoing, Secrets, Settings, answers, http

# The services of the browsers there are; a subscription may name no other.
SERVICES = (
    *(".googleapis.com", ".google.com", ".push.services.mozilla.com"),
    *(".notify.windows.com", ".push.apple.com"),
)
GONE = "gone"  # the answer's text when this browser will never be told anything again
LONGEST = 600  # letters; a push service takes 4096 bytes in all
SOON = 600  # seconds; what is over sooner wakes a sleeping phone
LASTS = 3600  # seconds for which the portal's signature is good
# The order of the curve P-256; a private key is a number below it.
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def is_known(host: str) -> bool:
    """Whether a subscription may be there: a browser's service, or one that we have listed."""
    return host.lower().endswith(SERVICES) or host in portal.PUSH_PRIVATE_HOSTS


def send(outgoing: Outgoing, settings: Settings, secrets: Secrets) -> Answer:
    """Send one notification to one browser; `outgoing.to` is its subscription as JSON."""
    if not portal.VAPID_KEY:
        return answers.refused(_("Pemberitahuan peramban tidak dinyalakan di peladen ini."))
    try:
        subscription = WebPushSubscription.model_validate_json(outgoing.to)
        message = _sealed(outgoing, subscription)
    except ValueError:
        return answers.refused(_("Langganan peramban ini rusak."))
    headers = {
        "Authorization": message.headers["authorization"],
        "Content-Encoding": message.headers["content-encoding"],
        "Content-Type": "application/octet-stream",
        "TTL": str(max(0, outgoing.seconds_left)),
        "Urgency": "high" if outgoing.seconds_left <= SOON else "normal",
        "Topic": _topic(outgoing.key),
    }
    try:
        # Its own list: a browser's word must not reach the gateways of the region.
        reply = http.post(
            str(subscription.endpoint),
            message.encrypted,
            headers,
            listed=portal.PUSH_PRIVATE_HOSTS,
        )
    except http.Unreached as failure:
        return failure.answer
    if reply.status in {404, 410}:
        return answers.refused(GONE)
    return answers.by_status(reply.status) or answers.accepted()


def public_key() -> str:
    """What a page needs to subscribe a browser; empty while notifications are off."""
    if not portal.VAPID_KEY:
        return ""
    point = _key(portal.VAPID_KEY).public_key()
    raw = point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _sealed(outgoing: Outgoing, subscription: WebPushSubscription) -> WebPushMessage:
    """Raises ValueError for a subscription whose keys are none."""
    shown = {
        "title": outgoing.subject,
        "body": outgoing.body[:LONGEST],
        "url": outgoing.url,
        "tag": outgoing.key,
    }
    private, public = _pair(portal.VAPID_KEY)
    # A new one each time: it remembers what it was told last.
    sender = WebPush(private, public, portal.VAPID_CONTACT.removeprefix("mailto:"))
    payload = json.dumps(shown, ensure_ascii=False).encode()
    return sender.get(payload, subscription, expiration=LASTS)


def _topic(key: str) -> str:
    """The same for the same message: a second try replaces the first while nobody has seen it."""
    digest = hashlib.sha256(key.encode()).digest()
    return base64.urlsafe_b64encode(digest)[:32].decode()


@functools.cache
def _key(text: str) -> ec.EllipticCurvePrivateKey:
    """Any text of the environment as a key of the curve."""
    digest = int.from_bytes(hashlib.sha256(text.encode()).digest())
    return ec.derive_private_key(digest % (ORDER - 1) + 1, ec.SECP256R1())


@functools.cache
def _pair(text: str) -> tuple[bytes, bytes]:
    key = _key(text)
    return (
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
    )
