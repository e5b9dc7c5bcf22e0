"""The version of a mall's screens, and the record of what raised it beside the moves of tickets.

Every act in the hall is one event with the version it made: what an officer, a supervisor or an
admin did, when, and in which order with the calls.
"""

from collections.abc import Iterable
from datetime import datetime

from accounts.models import User
from core import live, sql
from hall.models import Board, HallEvent

RAISE = """
    INSERT INTO queueing_board (mall_id, version) VALUES (%(mall)s, 1)
    ON CONFLICT (mall_id) DO UPDATE SET version = queueing_board.version + 1
    RETURNING version"""
READ = "SELECT version FROM queueing_board WHERE mall_id = %(mall)s"


def raise_version(mall_id: int, *, subject: int = 0, line: int = 0) -> int:
    """Raise and return the version, last in the transaction: its row is locked until the end.

    `subject` is the ticket it is about, whose own screen must learn of it first, and `line` its
    queue's day. Whoever raises it writes an event with it; verify_invariants finds a version
    without one.
    """
    raised = sql.row(RAISE, mall=mall_id)
    assert raised is not None  # noqa: S101 - RETURNING of an unconditional upsert
    version = int(raised[0])
    live.announce(mall_id, version, subject=subject, line=line)
    return version


def version_of(mall_id: int) -> int:
    """The version of what the mall's screens show; 0 before its first event."""
    found = sql.row(READ, mall=mall_id)
    return int(found[0]) if found else 0


def versions_of(mall_ids: Iterable[int]) -> dict[int, int]:
    """The same for several malls at once."""
    rows = Board.objects.filter(mall__in=mall_ids).values_list("mall_id", "version")
    return dict.fromkeys(mall_ids, 0) | dict(rows)


def write(
    act: str, subject_id: int, *, mall_id: int, by: User | None, now: datetime, detail: str = ""
) -> None:
    """Write the event of an act in the hall; `detail` names things, never people."""
    HallEvent.objects.create(
        mall_id=mall_id,
        version=raise_version(mall_id),
        act=act,
        subject_id=subject_id,
        by=by,
        at=now,
        detail=detail,
    )
