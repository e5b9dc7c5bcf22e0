"""What screens show of opinions and complaints."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, Count, IntegerField, QuerySet, Sum, Value, When
from django.utils.functional import Promise

from agencies import opening
from agencies.models import Mall, Presence
from feedback import sealing
from feedback.forms import ListForm
from feedback.models import Complaint, ComplaintEvent, Opinion
from feedback.questions import BEST, Element
from feedback.satisfaction import Index, index_of
from feedback.states import MOVES, OPEN, SAYS, Kind, Move, State

SHOWN = 50  # texts
SUMS: dict[str, Any] = {each.field: Sum(each.field) for each in Element}


@dataclass(frozen=True)
class Row:
    """What people think of one mall or agency; no index where too few have said."""

    subject: Mall | Presence
    index: Index | None


@dataclass(frozen=True)
class Bar:
    """The mean of one element, as a bar from nothing to the best."""

    element: Element
    mean: str
    value: str  # for the bar, in the notation of a machine
    best: int = BEST


@dataclass(frozen=True)
class Remark:
    """What somebody wrote beside their answers."""

    text: str
    service: str
    on: date


@dataclass(frozen=True)
class Listed:
    """A complaint in a list, and whether its deadline has passed."""

    complaint: Complaint
    is_late: bool


@dataclass(frozen=True)
class Step:
    """One event of a complaint, with what was said."""

    event: ComplaintEvent
    label: str | Promise
    text: str

    @property
    def is_forward(self) -> bool:
        return self.event.move == Move.FORWARD

    @property
    def is_inquiry(self) -> bool:
        """Whether it put the deadline off."""
        return self.event.move == Move.INQUIRE


def since(days: int, *, on: date) -> date:
    """The first of so many days that end today."""
    return on - timedelta(days=days - 1)


def index(presences: QuerySet[Presence], *, first: date) -> Index | None:
    """The index of all answers about these agencies together, not the mean of theirs."""
    found = _opinions(presences, first).aggregate(count=Count("pk"), **SUMS)
    return _index(found)


def by_mall(presences: QuerySet[Presence], *, first: date) -> list[Row]:
    """Each mall of these agencies."""
    malls = Mall.objects.select_related("region").filter(presences__in=presences).distinct()
    found = _grouped(presences, first, "mall")
    return [Row(mall, found.get(mall.pk)) for mall in malls.order_by("name", "pk")]


def by_agency(presences: QuerySet[Presence], *, first: date) -> list[Row]:
    """Each of these agencies."""
    found = _grouped(presences, first, "presence")
    return [Row(each, found.get(each.pk)) for each in presences.order_by("board_name", "pk")]


def bars(shown: Index) -> list[Bar]:
    """The nine elements in the order of the regulation."""
    return [
        Bar(element, str(mean).replace(".", ","), str(mean))
        for element, mean in shown.means.items()
    ]


def remarks(presences: QuerySet[Presence], *, first: date) -> list[Remark]:
    """What was written lately, the newest first."""
    said = _opinions(presences, first).exclude(sealed_text="").select_related("service")
    return [
        Remark(
            sealing.opened(each.sealed_text, column=sealing.OPINION),
            each.service.title,
            each.date,
        )
        for each in said.order_by("-date", "-pk")[:SHOWN]
    ]


def listed(found: QuerySet[Complaint], *, state: str, kind: int | None) -> QuerySet[Complaint]:
    """Complaints that are asked for: who waits longest past the deadline first."""
    if kind in Kind.values:
        found = found.filter(kind=kind)
    if state == ListForm.ANSWERED:
        found = found.filter(state=State.ANSWERED)
    elif state == ListForm.CLOSED:
        found = found.filter(state=State.CLOSED)
    elif state != ListForm.ALL:
        found = found.filter(state__in=sorted(OPEN))
    waits = When(state__in=sorted(OPEN), then=Value(0))
    is_over = Case(waits, default=Value(1), output_field=IntegerField())
    return found.order_by(is_over, "due_on", "pk")


def with_lateness(found: Iterable[Complaint], *, now: datetime) -> list[Listed]:
    return [Listed(each, is_late(each, now=now)) for each in found]


def is_late(complaint: Complaint, *, now: datetime) -> bool:
    """Whether it should have been answered by now, on the day it is at its mall."""
    today = opening.local_date(now, complaint.mall.zone)
    return complaint.is_open and complaint.due_on < today


def history(complaint: Complaint) -> list[Step]:
    """What has become of a complaint, the newest first."""
    rows = complaint.events.select_related("presence__agency").order_by("-pk")
    return [
        Step(
            event,
            Move(event.move).label,
            sealing.opened(event.sealed_text, column=sealing.ANSWER),
        )
        for event in rows
    ]


def possible(complaint: Complaint, steps: Iterable[Step]) -> set[str]:
    """The moves to offer by name: those of the table, a look on the spot once."""
    found = {move for move, step in MOVES.items() if complaint.state in step.origins}
    if any(step.is_inquiry for step in steps):
        found -= {Move.INQUIRE}
    return {move.name.lower() for move in found}


def answer_in(steps: Iterable[Step]) -> Step | None:
    """What was answered last."""
    return next((step for step in steps if step.event.move in SAYS), None)


def _opinions(presences: QuerySet[Presence], first: date) -> QuerySet[Opinion]:
    return Opinion.objects.filter(presence__in=presences, date__gte=first)


def _grouped(presences: QuerySet[Presence], first: date, by: str) -> dict[int, Index | None]:
    rows = _opinions(presences, first).values(by).annotate(count=Count("pk"), **SUMS).order_by(by)
    return {row[by]: _index(row) for row in rows}


def _index(row: dict[str, Any]) -> Index | None:
    return index_of(row["count"], {each: row[each.field] or 0 for each in Element})
