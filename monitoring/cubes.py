"""The cells of days and months as they are stored, and how they are added up along their edges."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from monitoring.facts import Cell
from monitoring.tallies import Tally, grouped, packed, unpacked


class Part(NamedTuple):
    """A cell of a month without its hour."""

    presence: int
    queue: int
    service: int
    channel: int
    priority: int


class Hour(NamedTuple):
    """An hour of a weekday, Monday 0, on the mall's clock."""

    weekday: int
    hour: int


class AgencyHour(NamedTuple):
    """The same at one agency."""

    presence: int
    weekday: int
    hour: int


Dated = tuple[date, Cell, Tally]
Stored = list[list[Any]]


def read_cells(stored: Stored) -> Iterator[tuple[Cell, Tally]]:
    """The cells of a day."""
    return _read(stored, Cell._make, len(Cell._fields))


def read_parts(stored: Stored) -> Iterator[tuple[Part, Tally]]:
    """The cells of a month."""
    return _read(stored, Part._make, len(Part._fields))


def read_hours(stored: Stored) -> Iterator[tuple[Hour, Tally]]:
    """The hours of a month's weekdays."""
    return _read(stored, Hour._make, len(Hour._fields))


def read_agency_hours(stored: Stored) -> Iterator[tuple[AgencyHour, Tally]]:
    """The same of each agency."""
    return _read(stored, AgencyHour._make, len(AgencyHour._fields))


def parts_of(found: Iterable[Dated]) -> Stored:
    """Days without their hours, ready to be stored."""
    return _stored((Part(*cell[:5]), tally) for _on, cell, tally in found)


def hours_of(found: Iterable[Dated]) -> Stored:
    """Days by weekday and hour, ready to be stored."""
    return _stored((Hour(on.weekday(), cell.hour), tally) for on, cell, tally in found)


def agency_hours_of(found: Iterable[Dated]) -> Stored:
    """The same of each agency, ready to be stored."""
    return _stored(
        (AgencyHour(cell.presence, on.weekday(), cell.hour), tally) for on, cell, tally in found
    )


def _read(
    stored: Stored, make: Callable[[list[Any]], Any], width: int
) -> Iterator[tuple[Any, Tally]]:
    return ((make(row[:width]), unpacked(row[width:])) for row in stored)


def _stored(pairs: Iterable[tuple[Any, Tally]]) -> Stored:
    return [[*key, *packed(tally)] for key, tally in sorted(grouped(pairs).items())]
