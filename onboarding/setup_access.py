"""The gates to what is set up at a mall that passed its own gate; a stranger gets 404."""

from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404

from agencies.models import Counter, DatedHours, FloorPlan, Mall, Presence

Row = TypeVar("Row", bound=Model)


def counter_in(mall: Mall, pk: int) -> Counter:
    """A counter of the mall, in use or not."""
    return _only(Counter.objects.filter(mall=mall, pk=pk).select_related("mall__region"))


def presence_in(mall: Mall, pk: int) -> Presence:
    """An agency at the mall, resting or not."""
    found = Presence.objects.filter(mall=mall, pk=pk)
    return _only(found.select_related("agency", "mall__region"))


def plan_in(mall: Mall, pk: int) -> FloorPlan:
    """A floor plan of the mall; its picture is read only where it is handed out."""
    found = FloorPlan.objects.filter(mall=mall, pk=pk).select_related("mall__region", "picture")
    return _only(found.defer("picture__content"))


def special_in(mall: Mall, pk: int) -> DatedHours:
    """Special days of the mall."""
    return _only(DatedHours.objects.filter(mall=mall, pk=pk).select_related("mall__region"))


def _only(rows: QuerySet[Row]) -> Row:
    found = rows.first()
    if found is None:
        raise Http404
    return found
