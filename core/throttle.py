"""How often somebody may be wrong: guesses are counted by the address they come from."""

import logging
from datetime import datetime, timedelta
from math import ceil

import redis
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _

from core import formats, sql
from core.errors import Refused
from core.models import Tries

WINDOW = 60  # seconds
# The first of a new span begins to count anew; the row of whoever tries is their place in line.
COUNT = """
    INSERT INTO core_tries (what, since, times) VALUES (%(what)s, %(now)s, 1)
    ON CONFLICT (what) DO UPDATE SET
        times = CASE WHEN core_tries.since <= %(before)s THEN 1 ELSE core_tries.times + 1 END,
        since = CASE WHEN core_tries.since <= %(before)s THEN %(now)s ELSE core_tries.since END
    RETURNING times, since"""
KEPT = timedelta(days=1)
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


def spend_surely(what: str, who: str, *, most: int, within: timedelta, now: datetime) -> None:
    """Like spend, but counted in the database: for what a script could guess. Raises TooMany.

    Neither a dead Redis nor many processes without one open this door, and who tries a hundred
    times at once has tried a hundred times. Never inside a transaction that the refusal undoes.
    """
    found = sql.row(COUNT, what=_key(what, who), now=now, before=now - within)
    if found is None or found[0] <= most:
        return
    wait = ceil((sql.moment(found[1]) + within - now) / timedelta(minutes=1))
    raise TooMany(
        _("Terlalu banyak percobaan. Tunggu %(wait)s, lalu coba lagi.")
        % {"wait": formats.minutes(max(1, wait))}
    )


def forget(*, now: datetime) -> int:
    """Delete what was counted a day ago or more; return how much."""
    return Tries.objects.filter(since__lt=now - KEPT).delete()[0]


def _key(what: str, who: str) -> str:
    return f"wrong:{what}:{who}"
