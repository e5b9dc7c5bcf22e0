"""The gates to a mall that is set up and to what is set up there; a stranger gets 404."""

from datetime import datetime

from django.db.models import QuerySet

from accounts.models import User
from accounts.roles import Act
from agencies import access as agency_access
from agencies.models import Counter, DatedHours, FloorPlan, Mall, Presence
from onboarding.access import only
from onboarding.models import PlannedChange
from queueing.access import workday
from services.models import Queue, Service


def malls_for_setup(user: User, *, now: datetime) -> QuerySet[Mall]:
    """The malls that the user prepares and sets up."""
    return agency_access.whole_malls_for(user, Act.PREPARE_MALL, on=workday(now))


def mall_for_setup(user: User, slug: str, *, now: datetime) -> Mall:
    """One of them."""
    return only(malls_for_setup(user, now=now).filter(slug=slug))


def counter_in(mall: Mall, pk: int) -> Counter:
    """A counter of the mall, in use or not."""
    return only(Counter.objects.filter(mall=mall, pk=pk).select_related("mall__region"))


def presence_in(mall: Mall, pk: int) -> Presence:
    """An agency at the mall, resting or not."""
    found = Presence.objects.filter(mall=mall, pk=pk)
    return only(found.select_related("agency", "mall__region"))


def plan_in(mall: Mall, pk: int) -> FloorPlan:
    """A floor plan of the mall; its picture is read only where it is handed out."""
    found = FloorPlan.objects.filter(mall=mall, pk=pk).select_related("mall__region", "picture")
    return only(found.defer("picture__content"))


def queue_in(mall: Mall, pk: int) -> Queue:
    """A queue of the mall, in use or not."""
    found = Queue.objects.filter(mall=mall, pk=pk)
    return only(found.select_related("mall__region", "presence__agency"))


def service_in(mall: Mall, pk: int) -> Service:
    """A service of the mall, offered or not."""
    found = Service.objects.filter(presence__mall=mall, pk=pk)
    return only(found.select_related("presence__mall__region", "queue"))


def change_in(mall: Mall, pk: int) -> PlannedChange:
    """A change of the mall, made or not."""
    return only(PlannedChange.objects.filter(mall=mall, pk=pk).select_related("mall__region"))


def special_in(mall: Mall, pk: int) -> DatedHours:
    """Special days of the mall."""
    return only(DatedHours.objects.filter(mall=mall, pk=pk).select_related("mall__region"))
