"""What was done with people and their roles: at a mall an event of its hall, names left out."""

from datetime import datetime

from django.contrib.admin.models import CHANGE, LogEntry

from accounts.models import User
from agencies.models import Assignment
from hall import record
from onboarding.models import Invitation


def write(act: str, row: Invitation | Assignment, *, by: User, now: datetime) -> None:
    """Record an act on an invitation, or on a role of somebody: then the row meant is theirs."""
    subject = row if isinstance(row, Invitation) else row.user
    place = row.agency.slug if row.agency else row.province
    detail = " ".join(filter(None, [row.role, place]))
    if row.mall_id is not None:
        record.write(act, subject.pk, mall_id=row.mall_id, by=by, now=now, detail=detail)
        return
    # The nation has no hall: there changes of reference data stand.
    rows = type(subject)._default_manager.filter(pk=subject.pk)
    LogEntry.objects.log_actions(by.pk, rows, CHANGE, change_message=f"{act} {detail}")
