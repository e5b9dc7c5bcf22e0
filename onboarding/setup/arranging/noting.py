"""What every arrangement has in common: one at a time, on record, and seen by the screens."""

from datetime import date, datetime, timedelta

from django.db import transaction

from accounts.models import User
from agencies import opening
from agencies.models import BEGINNING, Mall
from agencies.stages import Stage
from core import memo
from hall import record

DAY = timedelta(days=1)
PUBLIC = frozenset({Stage.SOFT_LAUNCH, Stage.INAUGURATED, Stage.COACHED, Stage.SUSPENDED})


def locked(mall: Mall) -> Mall:
    """The row of a mall until the end: two who arrange it wait in line here."""
    rows = Mall.objects.select_for_update(no_key=True, of=("self",)).select_related("region")
    return rows.get(pk=mall.pk)


def note(
    act: str, subject_id: int, *, mall: Mall, by: User | None, now: datetime, detail: str = ""
) -> None:
    """Put an arrangement on record, which raises the version of the screens, and forget the old.

    What begins by itself on its day is done by nobody. After bookings are followed, as by whoever
    arrives: the version of the screens is taken last.
    """
    record.write(f"setup.{act}", subject_id, mall_id=mall.pk, by=by, now=now, detail=detail[:200])
    transaction.on_commit(memo.clear_all)


def until(begins: date | None) -> dict[str, date]:
    """The columns of something new that is in use from a day on; of what is at once, none."""
    return {"rests_from": BEGINNING, "rests_until": begins - DAY} if begins else {}


def is_public(mall: Mall) -> bool:
    """Whether citizens see the mall, so that they rely on what it says."""
    return mall.stage in PUBLIC


def earliest(mall: Mall, *, now: datetime) -> date:
    """The first day a change may begin: any as long as nobody relies on it, then tomorrow."""
    return opening.local_date(now, mall.zone) + DAY if is_public(mall) else BEGINNING
