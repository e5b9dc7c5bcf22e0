"""Telling the people of a mall what becomes of its reports, once for each event."""

from datetime import datetime

from django.conf import settings
from django.utils.translation import override

from accounts.roles import Act
from monitoring.models import Report
from monitoring.states import Move
from notifications import watch

KINDS = {
    Move.FREEZE: "report_ready",
    Move.GIVE_BACK: "report_returned",
    Move.ACCEPT: "report_accepted",
}
EVENT = "report"


def of_move(report: Report, move: Move, *, now: datetime) -> int:
    """Tell whoever makes the mall's reports of a move; through how many channels."""
    if report.mall is None or move not in KINDS:
        return 0
    event = f"{EVENT}:{report.pk}:{move.name.lower()}"
    values = {"laporan": name_of(report)}
    return watch.tell(
        report.mall, KINDS[move], Act.MAKE_REPORTS, event=event, values=values, now=now
    )


def name_of(report: Report) -> str:
    """What messages call a report; they are Indonesian until the mall words them otherwise."""
    with override(settings.LANGUAGE_CODE):
        return str(report)
