"""Remember a reading of slowly changing reference data for a few seconds, in this process."""

import functools
import time
from collections.abc import Callable, Hashable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
_stores: list[dict[Hashable, tuple[float, object]]] = []


def briefly(seconds: float) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Answer again from memory for so many seconds; arguments must be hashable and positional.

    An edit in the admin is therefore seen everywhere after at most that time.
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
            store[args] = (time.monotonic() + seconds, value)
            return value

        return remembered

    return wrap


def clear_all() -> None:
    """Forget everything at once, for tests and after reference data was loaded."""
    for store in _stores:
        store.clear()
