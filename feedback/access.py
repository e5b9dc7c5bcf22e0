"""The gates to opinions and complaints: by the token in a link, or as staff of mall and agency.

What people wrote is read by those who run the mall or the agency; the nation sees figures only.
"""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.http import Http404

from accounts.models import User
from accounts.roles import Act, roles_that_may
from agencies import access as agency_access
from agencies.models import Assignment, Mall, Presence
from appointments.booking import hashed
from feedback.models import Complaint
from queueing import access as queue_access


def own_complaint(token: str) -> Complaint:
    """A complaint for whoever holds its link."""
    found = Complaint.objects.with_names().filter(token_hash=hashed(token)).first()
    if found is None:
        raise Http404
    return found


def complaints_for(user: User, *, now: datetime) -> QuerySet[Complaint]:
    """The complaints the user handles: of a whole mall, or those that their agency answers."""
    on, act = queue_access.workday(now), Act.HANDLE_COMPLAINTS
    malls = agency_access.whole_malls_for(user, act, on=on)
    presences = agency_access.presences_for(user, act, on=on)
    if not agency_access.may(user, act, on=on):
        raise Http404
    # No national role may do it, so both are those of somebody of the place.
    reach = Q(mall__in=malls) | Q(presence__in=presences)
    return Complaint.objects.with_names().filter(reach)


def complaint_for(user: User, pk: int, *, now: datetime) -> Complaint:
    """A complaint that the user handles."""
    found = complaints_for(user, now=now).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def agencies_of(complaint: Complaint) -> list[Presence]:
    """The agencies of its mall, to one of which it may be forwarded."""
    here = Presence.objects.filter(mall=complaint.mall_id, is_active=True)
    return list(here.select_related("agency").order_by("board_name", "pk"))


def seen_by(user: User, *, now: datetime) -> QuerySet[Presence]:
    """The agencies at malls whose figures the user sees; at least one."""
    on = queue_access.workday(now)
    found = agency_access.presences_for(user, Act.SEE_FIGURES, on=on)
    if not found.exists():
        raise Http404
    return found


def read_by(user: User, *, now: datetime) -> QuerySet[Presence]:
    """Those of them whose texts the user may read: as somebody of the mall or the agency."""
    held = Assignment.objects.valid(queue_access.workday(now)).filter(
        user=user, mall__isnull=False, role__in=roles_that_may(Act.SEE_FIGURES)
    )
    reach = Q(pk__in=[])
    for mall_id, agency_id in held.values_list("mall", "agency"):
        reach |= Q(mall=mall_id) & (Q(agency=agency_id) if agency_id else Q())
    return Presence.objects.filter(reach)


def mall_in(presences: QuerySet[Presence], slug: str) -> Mall | None:
    """The mall that is asked for among those seen, or the only one; None to choose one."""
    malls = Mall.objects.select_related("region").filter(presences__in=presences).distinct()
    if slug:
        found = malls.filter(slug=slug).first()
        if found is None:
            raise Http404
        return found
    few = list(malls[:2])
    return few[0] if len(few) == 1 else None
