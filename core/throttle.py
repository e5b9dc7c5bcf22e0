"""How often somebody may be wrong: guesses are counted by the address they come from."""

import logging

import redis
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _

from core.errors import Refused

WINDOW = 60  # seconds
log = logging.getLogger(__name__)


class TooMany(Refused):
    code = "too_many"
    status = 429
    retry_after = WINDOW


def address_of(request: HttpRequest) -> str:
    """Where a request comes from: our own proxy says it, in a header that it sets itself."""
    seen = str(request.META.get("REMOTE_ADDR", ""))
    if settings.SECURE_PROXY_SSL_HEADER is None:
        return seen
    return request.headers.get("X-Forwarded-For", seen).rpartition(",")[2].strip()


def check(what: str, who: str, *, most: int) -> None:
    """Raise TooMany when somebody has been wrong so often within the last minute."""
    try:
        wrong = cache.get(_key(what, who), 0)
    except redis.RedisError as error:
        # What is guarded must be hard to guess by itself; a dead Redis must not close the door.
        log.warning("nothing is counted: %s", type(error).__name__)
        return
    if wrong >= most:
        raise TooMany(_("Terlalu banyak percobaan. Tunggu satu menit, lalu coba lagi."))


def count(what: str, who: str) -> None:
    """Somebody was wrong; the minute begins with the first time."""
    key = _key(what, who)
    try:
        if not cache.add(key, 1, WINDOW):
            cache.incr(key)
    except (redis.RedisError, ValueError) as error:
        # ValueError: the minute ended between the two.
        log.warning("not counted: %s", type(error).__name__)


def spend(what: str, who: str, *, most: int) -> None:
    """Count something that may be done so often a minute. Raises TooMany."""
    check(what, who, most=most)
    count(what, who)


def _key(what: str, who: str) -> str:
    return f"wrong:{what}:{who}"
