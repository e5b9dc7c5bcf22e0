"""Names, phone numbers and NIK at rest: encrypted each by itself, found again by a keyed index.

The keys stand in the environment, never in the database. A sealed value begins with the id of its
key, so that keys are changed one value at a time; it is bound to its column, so that a value that
somebody moves elsewhere in the database does not open.
"""

import base64
import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

NONCE = 12  # bytes, as AES-GCM wants them


class Unreadable(Exception):
    """A sealed value does not open: another key, another column, or somebody changed it."""


def seal(text: str, *, column: str) -> str:
    """Encrypt a value for one column such as "booking.phone"; an empty one stays empty."""
    if not text:
        return ""
    key_id, key = next(iter(_keys().items()))
    nonce = secrets.token_bytes(NONCE)
    sealed = nonce + AESGCM(key).encrypt(nonce, text.encode(), column.encode())
    return f"{key_id}.{base64.urlsafe_b64encode(sealed).decode()}"


def reveal(sealed: str, *, column: str) -> str:
    """The value behind `seal`. Raises Unreadable."""
    if not sealed:
        return ""
    key_id, _dot, body = sealed.partition(".")
    key = _keys().get(key_id)
    if key is None:
        raise Unreadable(f"no key {key_id}")
    try:
        raw = base64.urlsafe_b64decode(body)
        return AESGCM(key).decrypt(raw[:NONCE], raw[NONCE:], column.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise Unreadable(column) from error


def blind_index(text: str, *, purpose: str) -> str:
    """The same for the same text and purpose, and nothing that could be tried out without the key.

    A plain hash of a NIK would be found again in hours: there are only so many.
    """
    key = _bytes(settings.INDEX_KEY)
    return hmac.new(key, f"{purpose}:{text}".encode(), hashlib.sha256).hexdigest()


def _keys() -> dict[str, bytes]:
    """The keys by their ids, the one that seals first."""
    pairs = (entry.partition(":") for entry in settings.VAULT_KEYS)
    found = {key_id: _bytes(key) for key_id, _colon, key in pairs}
    if not found:
        raise ImproperlyConfigured("VAULT_KEYS is empty")
    return found


def _bytes(key: str) -> bytes:
    """Any text of the environment as a key of 256 bits."""
    return hashlib.sha256(key.encode()).digest()
