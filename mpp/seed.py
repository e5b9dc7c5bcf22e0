"""Loads the demonstration's malls, agencies, services and people from demo_data.json.

What a row calls "example" is invented or from memory: it goes to `example_fields`, so that no
page shows it as fact. The "sources" of the rest are for readers of the file and stay there.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import date, time
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import MAY, Act, Role
from agencies.calendars import hours_of
from agencies.models import (
    Agency,
    Assignment,
    Counter,
    CounterDay,
    DatedHours,
    Holiday,
    Mall,
    OpeningHours,
    Presence,
    Region,
)
from appointments import planning
from appointments.planning import Layout
from appointments.slots import Release, Shares, Tranche, Window
from core import memo
from core.errors import Refused
from services.models import CounterQueue, Fee, Queue, Service

DATA_FILE = Path(__file__).with_name("demo_data.json")
DEMO_PASSWORD = "mpp-demo-2026"  # noqa: S105 - public on purpose, refused outside DEMO and DEBUG
PLANNED_FROM = date(2026, 1, 1)
WINDOW_MINUTES = 60

Row = dict[str, Any]
M = TypeVar("M", bound=models.Model)


class Person(NamedTuple):
    """A demonstration account: its role at each of these malls, or for the nation."""

    username: str
    name: str
    role: Role
    malls: tuple[str, ...] = ()
    agency: str = ""


BEKASI = "mpp-kabupaten-bekasi"
DELTAMAS = "gpp-aeon-deltamas"
DUKCAPIL = "disdukcapil-kab-bekasi"
PEOPLE = (
    Person("operator", "Operator Sistem", Role.OPERATOR),
    Person("kementerian", "Pemantau Kementerian", Role.MINISTRY_MONITOR),
    Person("admin.bekasi", "Admin DPMPTSP Bekasi", Role.MALL_ADMIN, (BEKASI, DELTAMAS)),
    Person("admin.dukcapil", "Admin Disdukcapil", Role.AGENCY_ADMIN, (BEKASI, DELTAMAS), DUKCAPIL),
    Person("penyelia.bekasi", "Penyelia Disdukcapil", Role.SUPERVISOR, (BEKASI,), DUKCAPIL),
    Person("petugas", "Petugas Disdukcapil", Role.COUNTER_OFFICER, (BEKASI,), DUKCAPIL),
)


def read() -> Row:
    """The demonstration data as it stands in the file."""
    data: Row = json.loads(DATA_FILE.read_text(encoding="utf-8"))
    return data


def load(*, force: bool = False) -> bool:
    """Load the file unless all its malls are there; say whether anything was written.

    With `force` the file's rows are written over what was edited since; nothing is deleted
    that a ticket could refer to.
    """
    if not (settings.DEMO or settings.DEBUG):
        raise Refused(
            _("Data contoh dan sandinya yang terbuka hanya dimuat bila DEMO=1 atau DEBUG=1."),
            code="not_a_demo",
        )
    data = read()
    slugs = [mall["slug"] for mall in data["malls"]]
    if not force and Mall.objects.filter(slug__in=slugs).count() == len(slugs):
        return False
    with transaction.atomic():
        _write(data)
        transaction.on_commit(memo.clear_all)
    return True


def _write(data: Row) -> None:
    rows: list[Row] = data["malls"]
    regions = _upsert([Region(**row) for row in data["regions"]], "code")
    _upsert([_holiday(row) for row in data["holidays"]], "day", "name")
    region_of = {region.code: region for region in regions}
    malls = _upsert([_mall(row, region_of[row["region"]]) for row in rows], "slug")
    known = {row["agency"]["slug"]: Agency(**row["agency"]) for row in _presence_rows(rows)}
    agencies = {agency.slug: agency for agency in _upsert(known.values(), "slug")}
    _write_hours(malls, rows)
    for mall, row in zip(malls, rows, strict=True):
        _write_presences(mall, row["presences"], agencies)
    _write_people({mall.slug: mall for mall in malls}, agencies)


def _presence_rows(malls: Iterable[Row]) -> Iterator[Row]:
    return chain.from_iterable(row["presences"] for row in malls)


def _holiday(row: Row) -> Holiday:
    return Holiday(day=row["date"], name=row["name"], is_joint_leave=row["joint_leave"])


def _mall(row: Row, region: Region) -> Mall:
    same = ("slug", "name", "short_name", "kind", "stage", "place_name", "address", "organiser")
    return Mall(
        **{name: row[name] for name in same},
        region=region,
        facilities=row["facilities"],
        closes_on_joint_leave=row["closes_on_joint_leave"],
        example_fields=row["example"],
    )


def _write_hours(malls: list[Mall], rows: list[Row]) -> None:
    times = ("opens", "closes", "break_from", "break_until")
    pairs = list(zip(malls, rows, strict=True))
    weekly = [
        OpeningHours(mall=mall, weekday=weekday, **{name: hours[name] for name in times})
        for mall, row in pairs
        for hours in row["hours"]
        for weekday in hours["weekdays"]
    ]
    dated = [
        DatedHours(
            mall=mall,
            from_date=hours["from"],
            until_date=hours["until"],
            reason=hours["reason"],
            **{name: hours[name] for name in times},
        )
        for mall, row in pairs
        for hours in row["dated_hours"]
    ]
    _upsert(weekly, "mall", "weekday", "from_date")
    DatedHours.objects.filter(mall__in=malls).delete()
    DatedHours.objects.bulk_create(dated)


def _write_presences(mall: Mall, rows: list[Row], agencies: dict[str, Agency]) -> None:
    presences = _upsert([_presence(mall, row, agencies) for row in rows], "mall", "agency")
    pairs = list(zip(presences, rows, strict=True))
    queues = [
        Queue(mall=mall, presence=presence, **queue)
        for presence, row in pairs
        for queue in row["queues"]
    ]
    queue_of = {queue.letter: queue for queue in _upsert(queues, "mall", "letter")}
    _write_counters(mall, pairs, queue_of)
    _write_services(pairs, queue_of)


def _presence(mall: Mall, row: Row, agencies: dict[str, Agency]) -> Presence:
    """An agency at the mall; one that has signed something stays on that."""
    agency = agencies[row["agency"]["slug"]]
    known = Presence.objects.filter(mall=mall, agency=agency).first()
    return Presence(
        mall=mall,
        agency=agency,
        board_name=row["board_name"],
        place=row["place"],
        icon=row["icon"],
        basis=known.basis if known else Presence.Basis.DECREE,
        example_fields=[*row["example"], "basis"],
    )


def _write_counters(
    mall: Mall, pairs: list[tuple[Presence, Row]], queue_of: dict[str, Queue]
) -> None:
    """Write the counters; one that agencies share stands in the rows of each of them."""
    used = [(presence, counter) for presence, row in pairs for counter in row["counters"]]
    places = {counter["number"]: presence.place for presence, counter in used}
    counters = _upsert(
        [Counter(mall=mall, number=number, place=place) for number, place in places.items()],
        "mall",
        "number",
    )
    counter_of = {counter.number: counter for counter in counters}
    hours = {row.weekday: row for row in OpeningHours.objects.filter(mall=mall)}
    days = [
        CounterDay(
            counter=counter_of[counter["number"]],
            presence=presence,
            weekday=weekday,
            **_rota(hours.get(weekday), int("".join(filter(str.isdigit, counter["number"])))),
        )
        for presence, counter in used
        if presence.basis == Presence.Basis.DECREE  # others have the days of their terms
        for weekday in counter["weekdays"]
    ]
    serves = [
        CounterQueue(counter=counter_of[counter["number"]], queue=queue_of[letter])
        for _presence, counter in used
        for letter in counter["queues"]
    ]
    _upsert(days, "counter", "weekday", "from_date")
    CounterQueue.objects.bulk_create(serves, ignore_conflicts=True)


def _rota(hours: OpeningHours | None, place: int) -> dict[str, time]:
    """Half of the mall's break for each counter, in turns, so that somebody is always there."""
    if hours is None or hours.break_from is None or hours.break_until is None:
        return {}
    begins, ends = (_minute(hours.break_from), _minute(hours.break_until))
    middle = (begins + ends) // 2
    turn = (begins, middle) if place % 2 else (middle, ends)
    return {"break_from": _clock(turn[0]), "break_until": _clock(turn[1])}


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def _clock(minute: int) -> time:
    return time(*divmod(minute, 60))


def _write_services(pairs: list[tuple[Presence, Row]], queue_of: dict[str, Queue]) -> None:
    rows = [(presence, service) for presence, row in pairs for service in row["services"]]
    services = _upsert(
        [_service(presence, service, queue_of) for presence, service in rows], "presence", "code"
    )
    fees = [
        Fee(service=service, name=fee["name"], amount=fee["rupiah"], rank=rank)
        for service, (_presence, row) in zip(services, rows, strict=True)
        for rank, fee in enumerate(row["fees"])
    ]
    Fee.objects.filter(service__in=services).delete()
    Fee.objects.bulk_create(fees)
    for service, (_presence, row) in zip(services, rows, strict=True):
        if "reservation" in row:
            planning.write(service, _layout(service, row["reservation"]))


def _layout(service: Service, row: Row) -> Layout:
    """Windows of an hour while the mall is open and the agency is there."""
    days = CounterDay.objects.filter(presence=service.presence)
    present = set(days.values_list("weekday", flat=True))
    hours = OpeningHours.objects.filter(mall=service.presence.mall_id, weekday__in=present)
    windows = [
        Window(each.weekday, begins, ends, Shares(**row["shares"]), PLANNED_FROM)
        for each in hours
        if (day := hours_of(each)) is not None
        for begins, ends in planning.spans(day, WINDOW_MINUTES)
    ]
    tranches = tuple(Tranche(*each) for each in row["tranches"])
    at, by_draw = time.fromisoformat(row["release_at"]), row.get("by_draw", False)
    release = Release(at, tranches, by_draw)
    return Layout(True, row["family"], row["needs_nik"], release, tuple(windows))


def _service(presence: Presence, row: Row, queue_of: dict[str, Queue]) -> Service:
    other = {"queue", "fees", "reservation", "sources", "example"}
    return Service(
        presence=presence,
        queue=queue_of[row["queue"]],
        example_fields=row["example"],
        **{name: value for name, value in row.items() if name not in other},
    )


def _write_people(malls: dict[str, Mall], agencies: dict[str, Agency]) -> None:
    password = make_password(DEMO_PASSWORD)
    for person in PEOPLE:
        user, _created = User.objects.get_or_create(
            username=person.username,
            defaults={
                "first_name": person.name,
                "password": password,
                "is_staff": Act.EDIT_REFERENCE in MAY[person.role],
            },
        )
        agency = agencies.get(person.agency)
        # A role for the nation has no mall, which is one assignment too.
        places: list[Mall | None] = [malls[slug] for slug in person.malls]
        for mall in places or [None]:
            Assignment.objects.get_or_create(user=user, role=person.role, mall=mall, agency=agency)


def _upsert(rows: Iterable[M], *unique: str) -> list[M]:
    """Insert the rows, or overwrite those the unique fields find, keeping their keys."""
    new = list(rows)
    model = type(new[0])
    fields = [field.name for field in model._meta.concrete_fields if not field.primary_key]
    return model._default_manager.bulk_create(
        new,
        update_conflicts=True,
        unique_fields=unique,
        update_fields=[name for name in fields if name not in unique],
    )
