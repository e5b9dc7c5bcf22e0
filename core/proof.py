"""What the nightly proof is made of: where to look, what was found, the tables of invariants."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Model
from django.utils.functional import Promise

from core import sql


@dataclass(frozen=True)
class Scope:
    """What to look at: one mall or all, queue-days from a date on."""

    mall_id: int | None = None
    since: date = date.min

    def rows(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        return sql.rows(statement, mall=self.mall_id, since=self.since, **values)

    def count(self, statement: str) -> int:
        return int(self.rows(statement)[0][0])


class Breach(NamedTuple):
    """Something impossible, and the row it was found at."""

    model: type[Model]
    pk: int
    what: str


class Outcome(NamedTuple):
    """How many things were checked and which were wrong."""

    checked: int
    breaches: list[Breach]


@dataclass(frozen=True)
class Invariant:
    id: str
    sentence: Promise
    check: Callable[[Scope], Outcome]


@dataclass(frozen=True)
class Verdict:
    """What became of one invariant."""

    id: str
    sentence: str
    checked: int
    breaches: int
    examples: list[str]
