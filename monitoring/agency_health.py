"""One mall from near: which of its agencies and counters are open now, as promised or late."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from agencies.models import Mall, Presence, Term
from agencies.opening import Hours, Phase
from monitoring import attendance, health, pulse
from monitoring.pulse import LATE_AFTER, SILENT_AFTER, UNOPENED_AFTER, Pulse, Span, Trouble
from onboarding.staff.attendance import Kept
from queueing.access import Floor
from queueing.floor import reading
from queueing.floor.now import AgencyNow, FloorNow


@dataclass(frozen=True)
class AgencyPulse:
    """An agency that has counters today: its promised hours, and who has been there so far."""

    floor: AgencyNow
    span: Span
    kept: Kept | None
    phase: Phase
    now: datetime

    @property
    def presence(self) -> Presence:
        return self.floor.presence

    @property
    def is_due(self) -> bool:
        """Whether somebody should be there now."""
        return self.phase == Phase.OPEN and self.span.opens <= self.now < self.span.closes

    @property
    def is_over(self) -> bool:
        return self.now >= self.span.closes

    @property
    def trouble(self) -> Trouble | None:
        """What is wrong: nobody came, nobody calls, or everybody has gone while people wait."""
        if not self.is_due:
            return None
        passed = self.now - self.span.opens
        if self.kept is None:
            return Trouble.UNOPENED if passed >= UNOPENED_AFTER else None
        if not self.floor.waiting:
            return None
        if not self.floor.open_counters:
            return Trouble.UNATTENDED if passed >= LATE_AFTER else None
        return Trouble.SILENT if self.now - self.kept.last >= SILENT_AFTER else None

    @property
    def late(self) -> timedelta | None:
        """How long after its promised hour somebody came; None where nobody has, or soon enough."""
        if self.kept is None or self.kept.first - self.span.opens < LATE_AFTER:
            return None
        return self.kept.first - self.span.opens


@dataclass(frozen=True)
class MallHealth:
    """A mall, its floor, and its agencies: those in trouble first."""

    pulse: Pulse
    floor: FloorNow
    agencies: list[AgencyPulse]

    @property
    def troubled(self) -> int:
        return sum(each.trouble is not None for each in self.agencies)


def of_mall(mall: Mall, *, now: datetime) -> MallHealth:
    """A mall as it is now, with each of its agencies and counters; as many queries for any mall."""
    (found,) = health.of_malls([mall], now=now)
    active = Presence.objects.filter(mall=mall, is_active=True).values_list("pk", flat=True)
    shown = reading.picture(Floor(mall, frozenset(active), True), now=now)
    hours = found.status.day.hours
    if hours is None:
        return MallHealth(found, shown, [])
    agencies = shown.agencies
    terms = Term.objects.in_bulk({each.day.term_id for each in shown.counters if each.day.term_id})
    seen = attendance.seen_on([each.presence.pk for each in agencies], found.status.today)
    rows = [
        AgencyPulse(
            each,
            _span(found, hours, (terms.get(counter.day.term_id or 0) for counter in each.counters)),
            seen.get(each.presence.pk),
            found.status.phase,
            now,
        )
        for each in agencies
    ]
    order = [*Trouble, None]
    return MallHealth(found, shown, sorted(rows, key=lambda each: order.index(each.trouble)))


def _span(found: Pulse, hours: Hours, terms: Iterable[Term | None]) -> Span:
    """The hours of today that an agency has promised: within those of the mall."""
    said = next((term for term in terms if term is not None and term.opens and term.closes), None)
    if said is not None and said.opens and said.closes:
        opens, closes = max(said.opens, hours.opens), min(said.closes, hours.closes)
        hours = replace(hours, opens=opens, closes=closes)
    span = pulse.span(hours, found.status.today, found.mall)
    assert span is not None  # noqa: S101 - the hours are known
    return span
