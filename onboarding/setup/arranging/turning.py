"""Numbers and letters over time: each names one counter or queue of a mall on every day.

What a change plans counts from its day on, so that nothing given now stands in its way then.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import groupby
from typing import NamedTuple

from django.utils.translation import gettext as _

from agencies.models import Counter, Mall
from core import formats
from onboarding.models import PlannedChange
from onboarding.setup.arranging.refusals import LetterTaken, NumberTaken
from services.models import Queue

Kind = PlannedChange.Kind
LABEL = {Kind.COUNTER: "number", Kind.QUEUE: "letter"}


class Turn(NamedTuple):
    """Something is called otherwise from a day on."""

    on: date
    pk: int
    label: str


class Clash(NamedTuple):
    """A label that two would have on a day; `on` None: from now on."""

    label: str
    on: date | None


def clash(standing: Mapping[int, str], turns: Iterable[Turn]) -> Clash | None:
    """The first label that two would have at once, None when there is none."""
    labels = dict(standing)
    if twice := _twice(labels):
        return Clash(twice, None)
    for on, each in groupby(sorted(turns), key=lambda turn: turn.on):
        labels |= {turn.pk: turn.label for turn in each if turn.pk in labels}
        if twice := _twice(labels):
            return Clash(twice, on)
    return None


def _twice(labels: Mapping[int, str]) -> str:
    known = list(labels.values())
    return next((label for label in known if known.count(label) > 1), "")


def turns_of(mall: Mall, kind: Kind) -> list[Turn]:
    """What is planned at a mall and not made yet."""
    name = LABEL[kind]
    rows = PlannedChange.objects.filter(mall=mall, kind=kind, applied_at=None)
    return [
        Turn(row.from_date, row.counter_id or row.queue_id or 0, row.values[name])
        for row in rows
        if name in row.values
    ]


def labels_of(mall: Mall, kind: Kind) -> dict[int, str]:
    """The numbers of its counters or the letters of its queues, as they are now."""
    model = Counter if kind == Kind.COUNTER else Queue
    return dict(model._default_manager.filter(mall=mall).values_list("pk", LABEL[kind]))


def refuse_number(mall: Mall) -> None:
    """Whether each number calls one counter on every day to come. Raises NumberTaken."""
    found = clash(labels_of(mall, Kind.COUNTER), turns_of(mall, Kind.COUNTER))
    if found is not None and found.on is None:
        raise NumberTaken(
            _("Loket %(number)s sudah ada di mal ini. Pakai nomor lain.") % {"number": found.label}
        )
    if found is not None:
        raise NumberTaken(
            _("Nomor %(number)s dipakai dua loket mulai %(day)s. Pakai nomor lain.")
            % {"number": found.label, "day": formats.long_date(found.on)}
        )


def refuse_letter(mall: Mall) -> None:
    """Whether each letter names one queue on every day to come. Raises LetterTaken."""
    found = clash(labels_of(mall, Kind.QUEUE), turns_of(mall, Kind.QUEUE))
    if found is not None:
        raise LetterTaken(
            _("Huruf %(letter)s dipakai dua antrean mulai %(day)s. Pilih huruf lain.")
            % {"letter": found.label, "day": formats.long_date(found.on) if found.on else _("kini")}
        )
