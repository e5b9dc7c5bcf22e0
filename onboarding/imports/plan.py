"""What an import would do, worked out before anything is written."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.utils.functional import Promise

from accounts.models import User
from agencies.models import Mall
from core.tables import Column, Problem, Sheet


class Fate(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True)
class Step:
    """A row of the sheet, what becomes of it, and what it is about in a few words."""

    row: int
    fate: Fate
    subject: str
    changes: tuple[str, ...] = ()  # the titles of the columns that differ


@dataclass
class Plan:
    """All steps of a sheet, or the problems that keep it from being imported at all."""

    steps: list[Step] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    write: Callable[[User, datetime], None] = lambda by, now: None

    def count(self, fate: str) -> int:
        return sum(step.fate == fate for step in self.steps)

    @property
    def writes_anything(self) -> bool:
        return any(step.fate != Fate.SAME for step in self.steps)


@dataclass(frozen=True)
class Kind:
    """One kind of sheet: its columns, how it is judged, and the rows of what is there."""

    slug: str
    title: str | Promise
    columns: tuple[Column, ...]
    judge: Callable[[Mall, Sheet], Plan]
    rows: Callable[[Mall], list[list[object]]]
