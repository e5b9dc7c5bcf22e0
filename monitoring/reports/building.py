"""Builds what was asked for: claim a version, assemble its content, freeze it.

A claim is a lease. A worker that is killed loses nothing: when its lease has ended another takes
the version and begins anew. Whoever freezes must still hold the lease, so a version is frozen once.
"""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q

from monitoring import definitions
from monitoring.models import Kind, Report
from monitoring.reports import content, lifecycle, paper, recap, sheet
from monitoring.reports.content import Assembled, Tell
from monitoring.reports.editions import Edition
from monitoring.reports.tables import checksum
from monitoring.states import Stage, State

# Longer than any worker may live with one task, so that two never build the same.
LEASE = timedelta(minutes=11)
TRIES = 3
POKED = timedelta(seconds=30)  # whoever was poked has come by then


def build(pk: int, *, now: datetime) -> bool:
    """Build a version unless somebody else has it in hand; whether it was frozen.

    Safe to run never, late, twice or by several workers at once.
    """
    report = claim(pk, now=now)
    if report is None:
        return False
    if report.tries > TRIES:
        lifecycle.fail(report, now=now)
        return False

    def tell(stage: Stage) -> None:
        # Seen at once by whoever waits: nothing of this is in a transaction.
        Report.objects.filter(pk=pk, lease=report.lease).update(progress=stage)

    found = _assembled(report, now=now, tell=tell)
    tell(Stage.PAPERS)
    mark = checksum(found.content)
    _try_papers(found.content, mark)
    frozen: dict[str, Any] = {"content": found.content, "sources": found.sources, "checksum": mark}
    frozen |= {"definitions": definitions.VERSION, "progress": Stage.DONE}
    return lifecycle.freeze(report, report.lease, frozen, now=now)


def waiting(*, now: datetime) -> list[int]:
    """What waits and nobody has in hand: lost pokes, killed workers; the oldest first."""
    begun = Report.objects.filter(state=State.BUILDING, asked_at__lte=now - POKED)
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    return list(begun.filter(free).order_by("asked_at").values_list("pk", flat=True))


def claim(pk: int, *, now: datetime) -> Report | None:
    """Take a version for as long as a lease lasts; None when it is not to be had."""
    lease = uuid.uuid4().hex
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    taken: dict[str, Any] = {"lease": lease, "leased_until": now + LEASE, "tries": F("tries") + 1}
    # One statement: of two that ask at once one finds it free.
    if not Report.objects.filter(free, pk=pk, state=State.BUILDING).update(**taken):
        return None
    return Report.objects.with_names().get(pk=pk)


def _assembled(report: Report, *, now: datetime, tell: Tell) -> Assembled:
    if report.mall is None:
        return recap.of_country(report.period, now=now, tell=tell)
    return content.of_mall(report.mall, Kind(report.kind), report.period, now=now, tell=tell)


def _try_papers(found: dict[str, Any], mark: str) -> None:
    """Write both files once: a report that cannot be set is not ready."""
    edition = Edition(found, 1, mark)
    paper.written(edition)
    sheet.written(edition)
