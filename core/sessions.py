"""Sessions are kept in the database; Redis holds copies of them, and may be gone at any moment."""

import logging
from typing import Any

import redis
from django.core.cache.backends.redis import RedisCache

log = logging.getLogger(__name__)
KEPT = 60  # seconds; so long may a copy outlive a sign-out that Redis did not hear of


class Copies(RedisCache):
    """A Redis that forgets instead of failing: officers go on calling without it."""

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        try:
            return super().get(key, default, version)
        except redis.RedisError as error:
            return _forgotten(error, default)

    def set(
        self, key: Any, value: Any, timeout: float | None = KEPT, version: int | None = None
    ) -> None:
        try:
            super().set(key, value, KEPT if timeout is None else min(KEPT, timeout), version)
        except redis.RedisError as error:
            _forgotten(error)

    def delete(self, key: Any, version: int | None = None) -> bool:
        try:
            return super().delete(key, version)
        except redis.RedisError as error:
            return bool(_forgotten(error))

    def has_key(self, key: Any, version: int | None = None) -> bool:
        try:
            return super().has_key(key, version)
        except redis.RedisError as error:
            return bool(_forgotten(error))


def _forgotten(error: redis.RedisError, instead: Any = None) -> Any:
    log.warning("no copies of sessions: %s", type(error).__name__)
    return instead
