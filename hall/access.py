"""The gates to what is in the hall: you get what you may have, a stranger gets 404."""

from datetime import date
from typing import TypeVar

from django.conf import settings
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest

from accounts.models import User
from accounts.roles import Act
from agencies import access as agency_access
from agencies.models import Mall
from hall import devices
from hall.models import Alarm, Announcement, Closure, Device

M = TypeVar("M", bound=Model)
COOKIE = "__Host-device" if settings.SESSION_COOKIE_SECURE else "mpp_device"
BEARER = "Bearer "


def device_of(request: HttpRequest) -> Device | None:
    """The device that asks, known by its cookie or its header; None for everybody else."""
    said = request.headers.get("Authorization", "")
    token = said.removeprefix(BEARER) if said.startswith(BEARER) else ""
    return devices.known_by(token or request.COOKIES.get(COOKIE, ""))


def managed_mall(user: User, slug: str, act: Act, *, on: date) -> Mall:
    """A mall in which the user may do it for every agency."""
    mall = managed_malls(user, act, on=on).filter(slug=slug).first()
    if mall is None:
        raise Http404
    return mall


def managed_malls(user: User, act: Act, *, on: date) -> QuerySet[Mall]:
    """The malls in which the user may do it for every agency."""
    return agency_access.whole_malls_for(user, act, on=on)


def device_for(user: User, slug: str, pk: int, *, on: date) -> Device:
    """A device of a mall whose devices the user manages."""
    mall = managed_mall(user, slug, Act.MANAGE_DEVICES, on=on)
    return _or_404(Device.objects.select_related("mall__region").filter(mall=mall, pk=pk))


def announcement_for(user: User, slug: str, pk: int, *, on: date) -> Announcement:
    """An announcement of a mall for which the user speaks."""
    mall = managed_mall(user, slug, Act.ANNOUNCE, on=on)
    return _or_404(Announcement.objects.filter(mall=mall, pk=pk))


def closure_in(counter_ids: list[int], pk: int) -> Closure:
    """A closure of one of the counters that passed the asker's own gate."""
    found = Closure.objects.select_related("counter__mall__region")
    return _or_404(found.filter(counter__in=counter_ids, pk=pk))


def alarm_in(counter_ids: list[int], pk: int) -> Alarm:
    """An alarm of one of the counters that passed the asker's own gate."""
    return _or_404(Alarm.objects.select_related("counter").filter(counter__in=counter_ids, pk=pk))


def _or_404(rows: QuerySet[M]) -> M:
    found = rows.first()
    if found is None:
        raise Http404
    return found
