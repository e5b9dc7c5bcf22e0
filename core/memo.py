"""Remember what is asked again and again: readings for seconds, drawings for all processes."""

import functools
import logging
import threading
import time
from collections.abc import Callable, Hashable
from typing import ParamSpec, TypeVar

import redis
from django.core.cache import cache

log = logging.getLogger(__name__)
P = ParamSpec("P")
T = TypeVar("T")
K = TypeVar("K", bound=Hashable)
REMEMBERED = 10_000  # answers of one reading
_stores: list[dict[Hashable, tuple[float, object]]] = []


def briefly(
    seconds: float, *, most: int = REMEMBERED
) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Answer again from memory for so many seconds; arguments must be hashable and positional.

    An edit in the admin is therefore seen everywhere after at most that time. `most` answers are
    kept: few of large ones.
    """

    def wrap(read: Callable[P, T]) -> Callable[P, T]:
        store: dict[Hashable, tuple[float, T]] = {}
        _stores.append(store)  # type: ignore[arg-type]  # a dict is invariant, we only clear it

        @functools.wraps(read)
        def remembered(*args: P.args, **kwargs: P.kwargs) -> T:
            known = store.get(args)
            if known is not None and known[0] > time.monotonic():
                return known[1]
            value = read(*args, **kwargs)
            # Addresses are made up by anybody: what nobody has must not fill the memory.
            if len(store) >= most:
                store.clear()
            store[args] = (time.monotonic() + seconds, value)
            return value

        return remembered

    return wrap


def briefly_each(
    seconds: float, *, most: int = REMEMBERED
) -> Callable[[Callable[[tuple[K, ...]], dict[K, T]]], Callable[[tuple[K, ...]], dict[K, T]]]:
    """The same for a reading of many keys at once: only those not remembered are read.

    Whatever the number of keys, the reading itself asks its few questions once.
    """

    def wrap(
        read: Callable[[tuple[K, ...]], dict[K, T]],
    ) -> Callable[[tuple[K, ...]], dict[K, T]]:
        store: dict[Hashable, tuple[float, T]] = {}
        _stores.append(store)  # type: ignore[arg-type]  # a dict is invariant, we only clear it

        @functools.wraps(read)
        def remembered(keys: tuple[K, ...]) -> dict[K, T]:
            now = time.monotonic()
            found = {key: known[1] for key in keys if (known := store.get(key)) and known[0] > now}
            missing = tuple(key for key in keys if key not in found)
            if not missing:
                return found
            fresh = read(missing)
            if len(store) + len(fresh) > most:
                store.clear()
            store.update({key: (time.monotonic() + seconds, value) for key, value in fresh.items()})
            return found | fresh

        return remembered

    return wrap


NEAR = 64  # drawings kept in this process
_near: dict[Hashable, tuple[float, object]] = {}
_stores.append(_near)
# A call wakes every board of a mall at once: one of them draws, the others wait for it.
_drawing = threading.Lock()


def drawn_once(key: str, draw: Callable[[], str], *, seconds: int) -> str:
    """Draw it unless it is known under this key, here or in the cache all processes share.

    The key names everything the drawing depends on. Without Redis it is drawn once per process.
    """
    with _drawing:
        known = _near.get(key)
        if known is not None and known[0] > time.monotonic():
            return str(known[1])
        drawn = _look_up(key)
        if drawn is None:
            drawn = draw()
            _hand_on(key, drawn, seconds)
        if len(_near) >= NEAR:
            _near.clear()
        _near[key] = (time.monotonic() + seconds, drawn)
        return drawn


def _look_up(key: str) -> str | None:
    try:
        known: str | None = cache.get(key)
    except redis.RedisError as error:
        log.warning("the shared cache does not answer: %s", type(error).__name__)
        return None
    return known


def _hand_on(key: str, drawn: str, seconds: int) -> None:
    try:
        cache.set(key, drawn, seconds)
    except redis.RedisError as error:
        log.warning("the shared cache does not answer: %s", type(error).__name__)


def clear_all() -> None:
    """Forget everything at once, for tests and after reference data was loaded."""
    for store in _stores:
        store.clear()
