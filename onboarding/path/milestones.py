"""The rows that the way of a mall is written in. Only way.py calls this, after it has judged."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from accounts.models import User
from agencies.models import Ceremony, Mall
from core import uploads
from core.models import StoredFile
from core.uploads import Accepted
from hall import record
from onboarding.models import Location, Milestone
from onboarding.states import MOVES, Act, Stage


@dataclass(frozen=True)
class Told:
    """What is told of a milestone beside its day."""

    place: str = ""
    present: tuple[str, ...] = ()
    document_number: str = ""
    document: Accepted | None = None
    note: str = ""


class Place(NamedTuple):
    """Where a mall is."""

    name: str
    address: str


class Event(NamedTuple):
    """A milestone about to be written: its day, its writer and the moment of writing."""

    on: date
    by: User
    now: datetime
    told: Told = Told()
    ceremony: Ceremony | None = None


def step(mall: Mall, act: Act, event: Event, *, to: Stage | None = None) -> Milestone:
    """Bring a mall that is held to where an act leads, and write its milestone."""
    came_from = mall.stage
    mall.stage = to or MOVES[act].target or Stage(came_from)
    mall.save(update_fields=["stage", "suspended_from", "suspended_for"])
    return write(mall, act, came_from, mall.stage, event)


def write(mall: Mall, act: Act, came_from: str, led_to: str, event: Event) -> Milestone:
    """Write a milestone, with its document and the event that tells the screens of the mall."""
    told = event.told
    milestone = Milestone.objects.create(
        mall=mall,
        act=act,
        came_from=came_from,
        led_to=led_to,
        on=event.on,
        place=told.place,
        ceremony=event.ceremony,
        document_number=told.document_number,
        document=_kept(told.document, f"{mall.short_name} {act.label}", event.now),
        present=list(told.present),
        note=told.note,
        by=event.by,
        at=event.now,
    )
    record.write(f"path.{act}", milestone.pk, mall_id=mall.pk, by=event.by, now=event.now)
    return milestone


def locate(mall: Mall, place: Place, since: date, milestone: Milestone | None) -> None:
    """Write where a mall is from a day on."""
    Location.objects.create(
        mall=mall,
        from_date=since,
        place_name=place.name,
        address=place.address,
        milestone=milestone,
    )


def hold(
    kind: Ceremony.Kind, title: str, held_on: date, told: Told, by: User, now: datetime
) -> Ceremony:
    """Write an occasion with its document."""
    return Ceremony.objects.create(
        kind=kind,
        title=title,
        held_on=held_on,
        place=told.place,
        present=list(told.present),
        document=_kept(told.document, title, now),
        by=by,
        at=now,
    )


def _kept(document: Accepted | None, title: str, now: datetime) -> StoredFile | None:
    return None if document is None else uploads.keep(document, title=title[:160], now=now)


def locked(malls: Iterable[Mall]) -> list[Mall]:
    """The malls for as long as something happens to them; two who record it wait in line here."""
    found = Mall.objects.select_related("region").select_for_update(of=("self",))
    return list(found.filter(pk__in=[mall.pk for mall in malls]).order_by("pk"))
