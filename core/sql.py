"""Single statements for the hot paths, where one ORM query would cost a millisecond of Python.

The statements are the same on PostgreSQL and SQLite; only how a moment is written differs.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection


def rows(statement: str, **values: Any) -> list[tuple[Any, ...]]:
    """Run one statement with named values (%(name)s) and return its rows, if it has any."""
    with connection.cursor() as cursor:
        cursor.execute(statement, _adapted(values))
        return cursor.fetchall() if cursor.description else []


def row(statement: str, **values: Any) -> tuple[Any, ...] | None:
    """The first row, or None."""
    found = rows(statement, **values)
    return found[0] if found else None


def moment(value: datetime | str) -> datetime:
    """A moment as the database gave it, aware; SQLite gives text in UTC."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def for_update(*, no_key: bool = False) -> str:
    """The row lock where the database has one; on SQLite the immediate transaction is the lock.

    With `no_key` whoever only refers to the row need not wait: rows whose keys never change.
    """
    wanted = "FOR NO KEY UPDATE" if no_key else "FOR UPDATE"
    return wanted if connection.features.has_select_for_update else ""


def _adapted(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _adapt(value) for name, value in values.items()}


def _adapt(value: Any) -> Any:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    return value
