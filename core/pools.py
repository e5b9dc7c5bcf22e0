"""Lines to Redis, shared by all threads of a process: used again and again, none left behind.

Django keeps lines of its own for each thread, and where a server gives every request a thread they
would be opened for each page, and closed by nobody when it ends.
"""

import threading
from typing import Any, ClassVar

import redis

_making = threading.Lock()


class Shared(redis.ConnectionPool):
    """The one pool of this process for an address and its options."""

    known: ClassVar[dict[tuple[object, ...], "Shared"]] = {}

    @classmethod
    def from_url(cls, url: str, **options: Any) -> "Shared":
        key = (url, *sorted(options.items()))
        # Two that begin at once must not make two: one of them would be lost with its lines.
        with _making:
            if key not in cls.known:
                cls.known[key] = super().from_url(url, **options)
            return cls.known[key]
