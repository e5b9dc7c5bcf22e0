"""The gates to bookings: by the token in the link, by the code at a kiosk, or as staff."""

import re
from datetime import datetime

from django.http import Http404

from accounts.models import User
from accounts.roles import Act
from agencies import access as agency_access
from agencies.models import Mall, Presence
from appointments import booking, plans
from appointments.models import Booking
from appointments.plans import Bookable
from queueing import access as queue_access
from services.models import Service

LINK = re.compile(r"/reservasi/([\w-]+)")  # what a scanner reads from a phone


def bookable_at(mall: Mall, service_id: int) -> Bookable:
    """A service of a mall that takes reservations, for anybody."""
    queue_access.offer_at(mall, service_id)
    found = plans.bookable(service_id)
    if found is None:
        raise Http404
    return found


def own(token: str) -> Booking:
    """A booking for whoever holds its link."""
    found = Booking.objects.with_names().filter(token_hash=booking.hashed(token)).first()
    if found is None:
        raise Http404
    return found


def by_code(mall: Mall, text: str) -> Booking | None:
    """The booking at this mall behind a code as people type it, or behind a scanned link."""
    found = Booking.objects.with_names().filter(service__presence__mall=mall)
    scanned = LINK.search(text)
    if scanned:
        return found.filter(token_hash=booking.hashed(scanned[1])).first()
    said = re.sub(r"[\s-]", "", text).upper()
    return found.filter(code=said).first()


def for_staff(user: User, pk: int, *, now: datetime) -> Booking:
    """A booking at a counter of the officer's own agency."""
    reach = agency_access.presences_for(user, Act.WORK_COUNTER, on=queue_access.workday(now))
    found = Booking.objects.with_names().filter(pk=pk, service__presence__in=reach).first()
    if found is None:
        raise Http404
    return found


def presences_for(user: User, *, now: datetime) -> list[Presence]:
    """The agencies at malls whose reservations the user looks after, by name; at least one."""
    reach = agency_access.presences_for(user, Act.WORK_COUNTER, on=queue_access.workday(now))
    found = list(reach.filter(is_active=True).order_by("mall__name", "board_name", "pk"))
    if not found:
        raise Http404
    return found


def service_for(user: User, pk: int, *, now: datetime) -> tuple[Service, Bookable]:
    """A service of the officer's own agency that takes reservations, and its plan."""
    reach = agency_access.presences_for(user, Act.WORK_COUNTER, on=queue_access.workday(now))
    offered = Service.objects.offered().select_related("presence__mall__region")
    service = offered.filter(pk=pk, presence__in=reach).first()
    plan = plans.bookable(service.pk) if service else None
    if service is None or plan is None:
        raise Http404
    return service, plan
