"""The gates to bookings: by the token in the link, by the code at a kiosk, or as staff."""

import re
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Act
from agencies import access as agency_access
from agencies.models import Mall, Presence
from appointments import booking, plans
from appointments.application_forms import day_of
from appointments.models import Application, Booking, Draw
from appointments.plans import Bookable
from appointments.refusals import LinkOver
from appointments.states import State
from queueing import access as queue_access
from services.models import Service

LINK = re.compile(r"/reservasi/([\w-]+)")  # what a scanner reads from a phone
LINK_STAYS = timedelta(hours=24)  # so long after the day of a reservation its link still opens
# A place held for ten minutes belongs to nobody yet, one released to nobody any more.
LISTED = (State.CONFIRMED, State.ARRIVED, State.NO_SHOW, State.CANCELLED, State.CALLED_OFF)


def bookable_at(mall: Mall, service_id: int) -> Bookable:
    """A service of a mall that takes reservations, for anybody."""
    queue_access.offer_at(mall, service_id)
    found = plans.bookable(service_id)
    if found is None:
        raise Http404
    return found


def own(token: str, *, now: datetime) -> Booking:
    """A booking for whoever holds its link, as long as that opens. Raises LinkOver."""
    found = Booking.objects.with_names().filter(token_hash=booking.hashed(token)).first()
    if found is None:
        raise Http404
    if is_closed(found, now=now):
        raise LinkOver(
            _(
                "Tautannya sudah ditutup, karena hari reservasinya sudah lewat. Anda dapat memesan"
                " waktu lain kapan saja."
            )
        )
    return found


def is_closed(found: Booking, *, now: datetime) -> bool:
    """Whether the link of a booking opens nothing any more."""
    if found.state == State.CALLED_OFF:
        return False  # the office owes another time, and it is chosen there
    return now >= _link_ends(found.slot.date, found.service.presence.mall)


def _link_ends(on: date, mall: Mall) -> datetime:
    return datetime.combine(on + timedelta(days=1), time(), mall.zone) + LINK_STAYS


def own_application(token: str, *, now: datetime) -> Application:
    """An application for whoever holds its link, until the day after its date is over."""
    found = Application.objects.with_names().filter(token_hash=booking.hashed(token)).first()
    if found is None or now >= _link_ends(found.date, found.service.presence.mall):
        raise Http404
    return found


def draw_of(mall: Mall, service_id: int, day: str) -> Draw:
    """The draw of a service for a date, for anybody."""
    found = Draw.objects.filter(service=service_id, service__presence__mall=mall)
    on = day_of(day)
    draw = found.filter(date=on).first() if on else None
    if draw is None:
        raise Http404
    return draw


def by_code(mall: Mall, text: str) -> Booking | None:
    """The booking at this mall behind a code as people type it, or behind a scanned link."""
    found = Booking.objects.with_names().filter(service__presence__mall=mall)
    scanned = LINK.search(text)
    if scanned:
        return found.filter(token_hash=booking.hashed(scanned[1])).first()
    said = re.sub(r"[\s-]", "", text).upper()
    return found.filter(code=said).first()


def for_staff(user: User, pk: int, *, now: datetime) -> Booking:
    """A booking that the officer sees in the list of a day."""
    listed = Booking.objects.with_names().filter(state__in=LISTED)
    found = listed.filter(pk=pk, service__presence__in=_reach(user, now)).first()
    if found is None:
        raise Http404
    return found


def presences_for(user: User, *, now: datetime) -> list[Presence]:
    """The agencies at malls whose reservations the user looks after, by name; at least one."""
    found = list(_reach(user, now).order_by("mall__name", "board_name", "pk"))
    if not found:
        raise Http404
    return found


def service_for(user: User, pk: int, *, now: datetime) -> tuple[Service, Bookable]:
    """A service of the officer's own agency that takes reservations, and its plan."""
    offered = Service.objects.offered().select_related("presence__mall__region")
    service = offered.filter(pk=pk, presence__in=_reach(user, now)).first()
    plan = plans.bookable(service.pk) if service else None
    if service is None or plan is None:
        raise Http404
    return service, plan


def _reach(user: User, now: datetime) -> QuerySet[Presence]:
    """The agencies at malls at whose counters the user works."""
    reach = agency_access.presences_for(user, Act.WORK_COUNTER, on=queue_access.workday(now))
    return reach.filter(is_active=True)
