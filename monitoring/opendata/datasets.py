"""The open files: what is in their rows, and the mark by which a copy is known to be the same."""

import json
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.calendars import calendars_of
from agencies.models import Mall, Presence
from agencies.opening import Hours
from monitoring import cubes, definitions, privacy
from monitoring.account import Account, Value
from monitoring.definitions import BY_KEY, FEWEST
from monitoring.facts import Channel
from monitoring.models import Month
from monitoring.opendata import SCHEMA, columns, licences
from monitoring.opendata.asking import Asked
from monitoring.opendata.columns import FIGURES_OF_HOURS, FIGURES_OF_VISITS, Column
from monitoring.tallies import Tally, grouped
from services.models import Service

OF_SERVED = {"within_share"}  # what would tell a withheld count of those served
AT_ONCE = 40  # months in memory at a time
Row = Sequence[str | bool | Value]
Cell = tuple[int, int, int]  # agency, service, channel
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Found:
    """The rows of a file, read while they are sent; the same rows have the same mark."""

    rows: Iterator[Row]
    mark: str
    counted_at: datetime | None = None
    malls: list[Mall] = field(default_factory=list)


@dataclass(frozen=True)
class Dataset:
    """An open file."""

    name: str
    title: str | Promise
    text: str | Promise
    columns: tuple[Column, ...]
    read: Callable[[Asked], Found]
    is_of_months: bool = True


def mark_of(*parts: object) -> str:
    """One mark for everything a file is made of, its schema and the meaning of its figures."""
    said = json.dumps([SCHEMA, definitions.VERSION, *parts], sort_keys=True, default=str)
    return sha256(said.encode()).hexdigest()


# --- Malls -----------------------------------------------------------------------------------


def _malls(asked: Asked) -> Found:
    calendars = calendars_of(tuple(mall.pk for mall in asked.malls))
    rows = [_mall(mall, calendars[mall.pk].weekly) for mall in asked.malls]
    return Found(iter(rows), mark_of("mal", rows), malls=asked.malls)


def _mall(mall: Mall, weekly: Mapping[int, Hours]) -> Row:
    region = mall.region
    place = [mall.slug, mall.name, mall.kind, region.code, region.name, region.province]
    hours = [_hours(weekly.get(day)) for day in range(7)]
    return [*place, region.zone, mall.stage, *hours, licences.of_mall(mall).name]


def _hours(hours: Hours | None) -> str:
    if hours is None:
        return ""
    ends = [hours.opens, hours.break_from, hours.break_until, hours.closes]
    known = [f"{each:%H:%M}" for each in ends if each is not None]
    return " ".join(f"{begin}-{end}" for begin, end in zip(known[::2], known[1::2], strict=True))


# --- Visits ----------------------------------------------------------------------------------


def _visits(asked: Asked) -> Found:
    months = _months(asked)
    presences = {
        pk: (slug, name)
        for pk, slug, name in Presence.objects.filter(mall__in=asked.malls)
        .order_by("pk")
        .values_list("pk", "agency__slug", "agency__name")
    }
    services = {
        pk: (code, name)
        for pk, code, name in Service.objects.filter(presence__mall__in=asked.malls)
        .order_by("pk")
        .values_list("pk", "code", "name")
    }
    names = Names({mall.pk: mall.slug for mall in asked.malls}, presences, services)
    mark = mark_of("kunjungan", months.digests, list(presences.items()), list(services.items()))
    rows = (row for month in _read(months.ids, "parts") for row in _visits_of(month, names))
    return Found(rows, mark, months.counted_at, asked.malls)


@dataclass(frozen=True)
class Names:
    """What malls, agencies and services are called in the files."""

    malls: Mapping[int, str]
    presences: Mapping[int, tuple[str, str]]
    services: Mapping[int, tuple[str, str]]


def _visits_of(month: Month, names: Names) -> Iterator[Row]:
    found = grouped(
        ((part.presence, part.service, part.channel), tally)
        for part, tally in cubes.read_parts(month.parts)
    )
    gone = {key: _hidden(found, key, _sums) for key in FIGURES_OF_VISITS if _is_count(key)}
    for cell, tally in sorted(found.items()):
        presence, service, channel = cell
        is_hidden = {key for key, cells in gone.items() if cell in cells}
        yield [
            names.malls[month.mall_id],
            f"{month.month:%Y-%m}",
            *names.presences[presence],
            *names.services[service],
            Channel(channel).name.lower(),
            *_values(FIGURES_OF_VISITS, tally, is_hidden),
        ]


def _sums(cell: Cell) -> Iterable[Hashable]:
    """The sums that are published elsewhere: of a service, of an agency, of a channel, of all."""
    presence, service, channel = cell
    return ("service", service), ("agency", presence), ("channel", channel), "all"


# --- Hours -----------------------------------------------------------------------------------


def _by_hour(asked: Asked) -> Found:
    months = _months(asked)
    names = {mall.pk: mall.slug for mall in asked.malls}
    mark = mark_of("jam", months.digests)
    return Found(_hours_of(months.ids, names), mark, months.counted_at, asked.malls)


def _hours_of(ids: Sequence[int], names: Mapping[int, str]) -> Iterator[Row]:
    together: list[Month] = []
    for month in _read(ids, "hours"):
        if together and together[0].mall_id != month.mall_id:
            yield from _hours_of_mall(together, names)
            together = []
        together.append(month)
    if together:
        yield from _hours_of_mall(together, names)


def _hours_of_mall(months: Sequence[Month], names: Mapping[int, str]) -> Iterator[Row]:
    found = grouped(pair for month in months for pair in cubes.read_hours(month.hours))
    gone = _hidden(found, "issued", lambda hour: (("day", hour[0]), ("hour", hour[1]), "all"))
    for hour, tally in sorted(found.items()):
        yield [
            names[months[0].mall_id],
            hour.weekday + 1,
            hour.hour,
            f"{months[0].month:%Y-%m}",
            f"{months[-1].month:%Y-%m}",
            *_values(FIGURES_OF_HOURS, tally, {"issued"} if hour in gone else set()),
        ]


# --- Both ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Months:
    """The counted months that are asked for, by mall and month."""

    ids: list[int]
    digests: list[tuple[str, date, str]]
    counted_at: datetime | None


def _months(asked: Asked) -> Months:
    rows = Month.objects.filter(
        mall__in=asked.malls, month__range=(asked.first, asked.last), days__gt=0
    ).order_by("mall__slug", "month")
    found = list(rows.values_list("pk", "mall__slug", "month", "digest", "counted_at"))
    latest = max((row[4] for row in found if row[4] is not None), default=None)
    return Months([row[0] for row in found], [row[1:4] for row in found], latest)


def _read(ids: Sequence[int], part: str) -> Iterator[Month]:
    """The months in their order, a few at a time: each may be long."""
    for at in range(0, len(ids), AT_ONCE):
        some = ids[at : at + AT_ONCE]
        found = Month.objects.only("mall_id", "month", part).in_bulk(some)
        yield from (found[pk] for pk in some)


def _hidden(
    found: Mapping[Key, Tally], key: str, lines: Callable[[Key], Iterable[Hashable]]
) -> set[Key]:
    """The rows in which a count is withheld: the small ones, and what would give them away."""
    counts = {each: int(BY_KEY[key].of(Account(tally)) or 0) for each, tally in found.items()}
    return privacy.hidden_in_all(counts, lines, FEWEST)


def _is_count(key: str) -> bool:
    return key in {"visits", "issued", "served"}


def _values(keys: Sequence[str], tally: Tally, gone: set[str]) -> list[Value | bool]:
    """The figures as everybody may see them, and whether anything was taken out of them."""
    account, is_hidden = Account(tally), False
    values: list[Value | bool] = []
    for key in keys:
        withheld = key in gone or "issued" in gone or (key in OF_SERVED and "served" in gone)
        shown = privacy.shown(BY_KEY[key], account, FEWEST, is_hidden=withheld)
        is_hidden |= shown.value is None and BY_KEY[key].of(account) is not None
        values.append(shown.value)
    return [*values, is_hidden]


DATASETS = {
    each.name: each
    for each in (
        Dataset(
            "mal",
            _("Mal"),
            _("Setiap mal yang dibuka untuk umum, tempatnya, dan jam biasanya."),
            columns.MALLS,
            _malls,
            is_of_months=False,
        ),
        Dataset(
            "kunjungan",
            _("Kunjungan"),
            _("Nomor antrean tiap bulan menurut instansi, layanan, dan cara memperolehnya."),
            columns.VISITS,
            _visits,
        ),
        Dataset(
            "jam",
            _("Jam"),
            _("Nomor antrean dan lama menunggu menurut hari dan jam."),
            columns.HOURS,
            _by_hour,
        ),
    )
}
