"""What people said and what went wrong in a period: survey, complaints, closures. It only reads.

These rows may come late or change after their day (an answer, a deadline that passes), so they are
read for a period as it stands now; a month keeps them as they stood when it was counted.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, Min, Q, Sum

from agencies import opening
from agencies.models import Mall
from feedback.models import Complaint, Opinion
from feedback.questions import Element
from feedback.satisfaction import Index, index_of
from feedback.states import SAYS
from hall.models import Alarm, Closure
from monitoring.account import Complaints, Incidents

HOUSE = 0  # what is a matter of the mall and of none of its agencies
ONE_DAY = timedelta(days=1)
_SUMS: dict[str, Any] = {each.field: Sum(each.field) for each in Element}


class Voices(NamedTuple):
    """By agency at the mall: respondents and sums of the nine elements; complaints. And incidents.

    Whole numbers only, so that months and malls can be added up.
    """

    opinions: Mapping[int, tuple[int, ...]]
    complaints: Mapping[int, Complaints]
    incidents: Incidents

    def satisfaction(self, presence: int | None = None) -> Index | None:
        """The index of one agency, or of all answers together."""
        rows = [each for pk, each in self.opinions.items() if presence in {None, pk}]
        respondents, *sums = map(sum, zip(*rows, strict=True)) if rows else [0]
        return index_of(respondents, dict(zip(Element, sums, strict=True))) if rows else None

    def complained(self, presence: int | None = None) -> Complaints:
        """The complaints that one agency answers, or all."""
        rows = [each for pk, each in self.complaints.items() if presence in {None, pk}]
        return Complaints(*map(sum, zip(Complaints(), *rows, strict=True)))


NOTHING = Voices({}, {}, Incidents())


def of(mall: Mall, first: date, last: date, *, now: datetime) -> Voices:
    """A mall from one date to another, both included, as it stands now."""
    return Voices(
        _opinions(mall, first, last),
        _complaints(mall, first, last, today=opening.local_date(now, mall.zone)),
        _incidents(mall, first, last),
    )


def together(found: list[Voices]) -> Voices:
    """Several months, or malls, added up; the agencies of one mall are those of no other."""
    opinions: dict[int, tuple[int, ...]] = {}
    complaints: dict[int, Complaints] = {}
    for each in found:
        for pk, row in each.opinions.items():
            before = opinions.get(pk, (0,) * len(row))
            opinions[pk] = tuple(map(sum, zip(before, row, strict=True)))
        for pk, known in each.complaints.items():
            both = zip(complaints.get(pk, Complaints()), known, strict=True)
            complaints[pk] = Complaints(*map(sum, both))
    incidents = Incidents(
        *map(sum, zip(Incidents(), *(each.incidents for each in found), strict=True))
    )
    return Voices(opinions, complaints, incidents)


def packed(voices: Voices) -> dict[str, Any]:
    """As a month keeps them."""
    return {
        "opinions": {str(pk): [*row] for pk, row in sorted(voices.opinions.items())},
        "complaints": {str(pk): [*row] for pk, row in sorted(voices.complaints.items())},
        "incidents": [*voices.incidents],
    }


def unpacked(stored: Mapping[str, Any]) -> Voices:
    """What a month keeps; nothing of one that was never counted."""
    if not stored:
        return NOTHING
    return Voices(
        {int(pk): tuple(row) for pk, row in stored["opinions"].items()},
        {int(pk): Complaints(*row) for pk, row in stored["complaints"].items()},
        Incidents(*stored["incidents"]),
    )


def _opinions(mall: Mall, first: date, last: date) -> dict[int, tuple[int, ...]]:
    found = Opinion.objects.filter(presence__mall=mall, date__range=(first, last))
    rows = found.order_by().values_list("presence").annotate(count=Count("pk"), **_SUMS)
    return {pk: tuple(figures) for pk, *figures in rows}


def _complaints(mall: Mall, first: date, last: date, *, today: date) -> dict[int, Complaints]:
    rows = Complaint.objects.filter(mall=mall, date__range=(first, last)).annotate(
        answered_at=Min("events__at", filter=Q(events__move__in=sorted(SAYS)))
    )
    found: dict[int, Complaints] = {}
    for presence, due_on, answered_at in rows.values_list("presence", "due_on", "answered_at"):
        ended = opening.local_date(answered_at, mall.zone) if answered_at else today
        one = Complaints(1, int(answered_at is not None), int(ended > due_on))
        both = zip(found.get(presence or HOUSE, Complaints()), one, strict=True)
        found[presence or HOUSE] = Complaints(*map(sum, both))
    return found


def _incidents(mall: Mall, first: date, last: date) -> Incidents:
    begins = datetime.combine(first, time(), mall.zone)
    ends = datetime.combine(last + ONE_DAY, time(), mall.zone)
    closures = Closure.objects.filter(
        counter__mall=mall, decided_at__gte=begins, decided_at__lt=ends
    ).exclude(state=Closure.State.REFUSED)
    lasted = [
        max(int(((ended or until) - decided).total_seconds()), 0)
        for decided, until, ended in closures.values_list("decided_at", "until", "ended_at")
        if decided
    ]
    alarms = Alarm.objects.filter(counter__mall=mall, at__gte=begins, at__lt=ends).count()
    return Incidents(len(lasted), sum(lasted), alarms)
