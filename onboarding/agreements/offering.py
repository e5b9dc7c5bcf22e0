"""What the forms of a draft offer: documents, parties, agencies, their counters and services."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from agencies import sentences
from agencies.calendars import calendar_of
from agencies.models import Agency, Agreement, Counter, CounterDay, Mall, Presence, Weekday
from onboarding import ranges
from onboarding.agreements import drafting, register
from onboarding.agreements.register import Promised
from queueing.lines import by_number
from services.models import Service


class Holder(NamedTuple):
    """An agency that has a counter."""

    presence_id: int
    name: str


@dataclass(frozen=True)
class Place:
    """Where in the row of agencies somebody is, and which comes next."""

    presence_id: int
    name: str
    number: int
    count: int
    next_id: int | None


@dataclass(frozen=True)
class Offer:
    """What may be promised of the agencies that are parties to a draft."""

    presences: tuple[Presence, ...]
    counters: tuple[Counter, ...]
    known: Mapping[int, Promised]
    names: Mapping[str, str]  # of what the parts of the draft say
    open_on: tuple[int, ...]
    held: Mapping[int, Mapping[Holder, set[int]]]  # by counter: who has it on which weekdays

    @property
    def table(self) -> dict[str, Any]:
        """What each row of the table needs."""
        return {
            "open_on": self.open_on,
            "names": self.names,
            "numbers": {each.number: each.pk for each in self.counters},
        }

    @property
    def numbers(self) -> str:
        """The numbers of all counters: "1–20"."""
        return ranges.write(each.number for each in self.counters)

    def place_of(self, presence_id: int) -> Place | None:
        """Where an agency stands in the row; None for one that is no party."""
        ids = [each.pk for each in self.presences]
        if presence_id not in ids:
            return None
        place = ids.index(presence_id)
        following = ids[place + 1] if place + 1 < len(ids) else None
        name = self.presences[place].agency.name
        return Place(presence_id, name, place + 1, len(ids), following)

    def promised_of(self, presence_id: int) -> Promised:
        """What the draft promises of an agency; before it does, what that has already."""
        return self.known.get(presence_id) or self._held_by(presence_id)

    def _held_by(self, presence_id: int) -> Promised:
        counters, weekdays = [], set()
        for counter_id, holders in self.held.items():
            for holder in holders:
                if holder.presence_id == presence_id:
                    counters.append(counter_id)
                    weekdays |= holders[holder]
        return Promised(presence_id, tuple(sorted(weekdays)), tuple(counters))

    @property
    def guesses(self) -> bool:
        """Whether something is filled in that the draft does not say yet."""
        return any(
            each.pk not in self.known and self._held_by(each.pk).weekdays for each in self.presences
        )

    def form_of(self, presence_id: int) -> dict[str, Any]:
        """What the page of one agency needs."""
        services = Service.objects.filter(presence=presence_id, is_active=True).order_by("name")
        return {
            "promised": self.promised_of(presence_id),
            "open_on": self.open_on,
            "names": self.names,
            "counters": [(each, self._said(each, presence_id)) for each in self.counters],
            "services": list(services),
        }

    def _said(self, counter: Counter, presence_id: int) -> str:
        """A counter with those who have it already: "Loket 3 (BPJS: Senin, Rabu)"."""
        others = [
            f"{holder.name}: {sentences.weekdays(weekdays)}"
            for holder, weekdays in self.held.get(counter.pk, {}).items()
            if holder.presence_id != presence_id
        ]
        return f"{counter} ({'; '.join(others)})" if others else str(counter)


def of(mall: Mall, draft: Agreement, *, on: date) -> Offer:
    """What may be promised in a draft, as the counters are given away on its first day."""
    parties = draft.parties.exclude(agency=None).values("agency")
    presences = Presence.objects.filter(mall=mall, agency__in=parties).select_related("agency")
    counters = Counter.objects.filter(mall=mall, is_active=True)
    document = drafting.document_of(draft)
    return Offer(
        presences=tuple(presences.order_by("agency__name", "pk")),
        counters=tuple(sorted(counters, key=lambda each: by_number(each.number))),
        known={each.presence_id: each for each in document.promises},
        names=drafting.names_of(document),
        open_on=tuple(sorted(calendar_of(mall.pk).weekly)) or tuple(Weekday.values),
        held=_held(mall, on),
    )


def _held(mall: Mall, on: date) -> dict[int, dict[Holder, set[int]]]:
    """Who has which counter on which weekdays from a day on."""
    rows = CounterDay.objects.filter(counter__mall=mall).exclude(until_date__lt=on)
    found: dict[int, dict[Holder, set[int]]] = {}
    named = ("counter_id", "presence_id", "presence__board_name", "weekday")
    for counter_id, presence_id, name, weekday in rows.order_by("presence__board_name").values_list(
        *named
    ):
        holders = found.setdefault(counter_id, {})
        holders.setdefault(Holder(presence_id, name), set()).add(weekday)
    return found


def bases(mall: Mall) -> list[Agreement]:
    """The signed documents of a mall that a new one may renew, newest first."""
    return list(register.bases(mall).order_by("-from_date", "-pk"))


def amendable(mall: Mall, *, on: date) -> list[Agreement]:
    """Those of them that hold on a day or later, so that an addendum may change them."""
    return list(register.amendable(mall, on=on).order_by("-from_date", "-pk"))


def to_copy(mall: Mall) -> list[Agreement]:
    """The documents of a mall whose content may be copied, newest first."""
    return list(Agreement.objects.filter(mall=mall).order_by("-from_date", "-pk"))


def agencies(mall: Mall) -> list[Agency]:
    """The agencies at a mall, of whom a document may be with."""
    return list(Agency.objects.filter(presences__mall=mall).order_by("name", "pk"))


def names(draft: Agreement) -> dict[int | None, str]:
    """What the parties of a draft are called; None is the organiser."""
    parties = draft.parties.exclude(agency=None).values_list("agency_id", "agency__name")
    return {**dict(parties), None: draft.mall.organiser}
