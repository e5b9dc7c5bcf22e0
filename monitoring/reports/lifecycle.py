"""The life of a report. No other module writes one or its events.

Every function is one transaction that holds the row of the report; behind the lock stand the
constraints: one version in hand, one accepted, each version number and each move once.
"""

from datetime import date, datetime, timedelta
from typing import Any

from celery import current_app
from django.db import transaction
from django.db.models import Max
from kombu.exceptions import OperationalError

from accounts.models import User
from agencies.models import Mall
from monitoring.models import Kind, Report, ReportEvent
from monitoring.models.reports import ReportQuerySet
from monitoring.periods import Period
from monitoring.reports import telling
from monitoring.reports.editions import Letter
from monitoring.reports.refusals import in_hand, wrong_state
from monitoring.states import BEGINS, IN_HAND, MOVES, Move, State

# The day of the next month by which a monthly report is due. That malls report monthly to the
# ministry is known practice; no norm with a date was found, so this one is the portal's.
DUE_DAY = 10
BUILD, QUEUE = "monitoring.tasks.build_report", "reports"


def due_on(kind: Kind, period: Period) -> date | None:
    """By when a report should be sent; weekly and yearly ones are sent when somebody asks."""
    return period.last + timedelta(DUE_DAY) if kind == Kind.MONTH else None


@transaction.atomic
def begin(
    mall: Mall | None, kind: Kind, period: Period, *, by: User | None, now: datetime
) -> tuple[Report, bool]:
    """The first version of a report, and whether it is new: of several who ask one begins it."""
    known = {"mall": mall, "kind": kind, "first": period.first, "version": 1}
    report, is_new = Report.objects.get_or_create(
        **known,
        defaults={"state": BEGINS[Move.BEGIN], "asked_at": now, "due_on": due_on(kind, period)},
    )
    if is_new:
        _write(report, Move.BEGIN, None, by=by, now=now)
        poke(report)
    return report, is_new


@transaction.atomic
def submit(report: Report, letter: Letter, *, by: User, now: datetime) -> None:
    """Send a report to the ministry under a letter. Raises WrongState."""
    row = _locked(report)
    row.letter_number, row.signatory, row.position = letter
    _move(row, Move.SUBMIT, by=by, now=now)


@transaction.atomic
def give_back(report: Report, note: str, *, by: User, now: datetime) -> None:
    """Return a report with what is to be put right. Raises WrongState."""
    _move(_locked(report), Move.GIVE_BACK, by=by, now=now, note=note)


@transaction.atomic
def accept(report: Report, *, by: User, now: datetime) -> None:
    """Accept a report, in place of the version that was accepted before. Raises WrongState."""
    row = _locked(report)
    others = _versions(row).filter(state=State.ACCEPTED)
    for earlier in others.select_for_update(of=("self",)).with_names():
        _move(earlier, Move.REPLACE, by=by, now=now)
    _move(row, Move.ACCEPT, by=by, now=now)


@transaction.atomic
def rebuild(report: Report, *, by: User, now: datetime) -> Report:
    """Begin the next version; an accepted one stays until that is accepted too.

    Raises WrongState where the version was replaced or is being built, ReportInHand where the next
    one is begun already.
    """
    row = _locked(report)
    state = State(row.state)
    if state != State.ACCEPTED:
        _move(row, Move.REPLACE, by=by, now=now)
    elif _versions(row).filter(state__in=IN_HAND).exists():
        raise in_hand()
    latest = _versions(row).aggregate(latest=Max("version"))["latest"]
    again = Report.objects.create(
        mall=row.mall,
        kind=row.kind,
        first=row.first,
        version=latest + 1,
        state=BEGINS[Move.BEGIN],
        asked_at=now,
        due_on=row.due_on,
    )
    _write(again, Move.BEGIN, None, by=by, now=now)
    poke(again)
    return again


@transaction.atomic
def retry(report: Report, *, by: User, now: datetime) -> None:
    """Build a version that failed once more. Raises WrongState."""
    row = _locked(report)
    row.tries, row.progress, row.asked_at = 0, 0, now
    row.lease, row.leased_until = "", None
    _move(row, Move.RETRY, by=by, now=now)
    poke(row)


@transaction.atomic
def freeze(report: Report, lease: str, what: dict[str, Any], *, now: datetime) -> bool:
    """Freeze what was built; False when the building of it was taken by somebody else meanwhile."""
    row = _locked(report)
    if row.lease != lease or row.state != State.BUILDING:
        return False
    for name, value in what.items():
        setattr(row, name, value)
    row.built_at, row.lease, row.leased_until = now, "", None
    _move(row, Move.FREEZE, by=None, now=now)
    return True


@transaction.atomic
def fail(report: Report, *, now: datetime) -> None:
    """Give up building after too many tries. Raises WrongState."""
    row = _locked(report)
    row.lease, row.leased_until = "", None
    _move(row, Move.FAIL, by=None, now=now)


def poke(report: Report) -> None:
    """After the commit, have a worker build it; where none hears, the sweep of the minute does."""
    pk = report.pk

    def run() -> None:
        try:
            current_app.send_task(BUILD, [pk], queue=QUEUE, retry=False, expires=60)
        except (OperationalError, OSError):
            return

    transaction.on_commit(run, robust=True)


def _locked(report: Report) -> Report:
    """The row as it is now, held until the end of the transaction."""
    return Report.objects.select_for_update(of=("self",)).with_names().get(pk=report.pk)


def _versions(report: Report) -> ReportQuerySet:
    """Every version of the same report."""
    return Report.objects.filter(mall=report.mall_id, kind=report.kind, first=report.first)


def _move(row: Report, move: Move, *, by: User | None, now: datetime, note: str = "") -> None:
    """Make one move of the table on a row that is held, and write its event."""
    origin = State(row.state)
    if origin not in MOVES[move].origins:
        raise wrong_state(origin)
    row.state = MOVES[move].target
    # Whatever the caller has changed of it goes with the state.
    row.save()
    _write(row, move, origin, by=by, now=now, note=note)


def _write(
    report: Report,
    move: Move,
    origin: State | None,
    *,
    by: User | None,
    now: datetime,
    note: str = "",
) -> None:
    """The event of a move, and what is told of it."""
    ReportEvent.objects.create(
        report=report, move=move, origin=origin, target=report.state, at=now, by=by, note=note
    )
    telling.of_move(report, move, now=now)
