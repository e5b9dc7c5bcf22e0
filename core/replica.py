"""Reading from a copy of the database that follows a moment behind.

Only what a model itself calls fit to be read late goes there, and only while a page has asked for
it: whatever is to be decided, written or counted reads the database that is written to. Without
DATABASE_REPLICA_URL there is no copy, and nothing here changes anything.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections
from django.db.models import Model

ALIAS = "replica"
log = logging.getLogger(__name__)
_reading = ContextVar("_reading", default=False)


class Router:
    """Asked by Django for every statement of a model."""

    def db_for_read(self, model: type[Model], **_hints: Any) -> str | None:
        return ALIAS if is_reading() and getattr(model, "may_be_late", False) else None

    def db_for_write(self, _model: type[Model], **_hints: Any) -> str:
        # Also of a row that was read from the copy.
        return DEFAULT_DB_ALIAS

    def allow_relation(self, _one: Model, _other: Model, **_hints: Any) -> bool:
        return True  # the same rows, from here or from there

    def allow_migrate(self, db: str, _app: str, **_hints: Any) -> bool | None:
        return False if db == ALIAS else None


@contextmanager
def reading() -> Iterator[None]:
    """Let what may be late be read from the copy; also the decorator of a page that only reads.

    A copy that does not answer is passed over: the page is then as fast as without one.
    """
    token = _reading.set(is_there() and answers())
    try:
        yield
    finally:
        _reading.reset(token)


def is_there() -> bool:
    """Whether there is a copy at all."""
    return ALIAS in connections.settings


def is_reading() -> bool:
    """Whether what may be late is read from the copy at this moment."""
    return _reading.get()


def answers() -> bool:
    """Whether the copy can be asked now."""
    try:
        connections[ALIAS].close_if_health_check_failed()
        connections[ALIAS].ensure_connection()
    except (OperationalError, InterfaceError):
        log.warning("the replica does not answer")
        return False
    return True
