"""The gates to services and their standards, as those who write them see them."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.http import Http404

from accounts.models import User
from accounts.roles import Act
from agencies import access as agency_access
from agencies.models import Mall, Presence
from services import pledges
from services.models import Pledge, Service, Standard
from services.standard_states import IN_WORK, State


@dataclass(frozen=True)
class Reach:
    """The agencies of a mall for which somebody writes standards; all of them, or their own."""

    mall: Mall
    presences: tuple[Presence, ...]
    is_whole: bool


def reach_for(user: User, slug: str, *, on: date) -> Reach:
    """A mall at which the user writes standards, for the whole of it or for an agency."""
    act = Act.WRITE_STANDARDS
    whole = agency_access.whole_malls_for(user, act, on=on).filter(slug=slug).first()
    own = agency_access.presences_for(user, act, on=on).filter(mall__slug=slug)
    presences = tuple(own.order_by("board_name", "pk"))
    if whole is None and not presences:
        raise Http404
    return Reach(whole or presences[0].mall, presences, whole is not None)


def malls_for(user: User, *, on: date) -> list[Mall]:
    """The malls at which the user writes standards, by name."""
    act = Act.WRITE_STANDARDS
    whole = agency_access.whole_malls_for(user, act, on=on)
    own = agency_access.presences_for(user, act, on=on)
    found = Mall.objects.filter(Q(pk__in=whole) | Q(presences__in=own)).select_related("region")
    return list(found.distinct().order_by("short_name"))


def service_in(reach: Reach, pk: int) -> Service:
    """A service of one of these agencies, offered or not."""
    found = (
        Service.objects.select_related("presence__mall__region", "presence__agency", "queue")
        .filter(pk=pk, presence__in=reach.presences)
        .first()
    )
    if found is None:
        raise Http404
    return found


def version_of(service: Service, version: int) -> Standard:
    """One version of a service's standard, unless it was given up as a draft."""
    known = service.standards.select_related("author", "reviewer").exclude(state=State.DISCARDED)
    found = known.filter(version=version).first()
    if found is None:
        raise Http404
    return found


def presence_in(reach: Reach, pk: int) -> Presence:
    """One of these agencies."""
    found = next((each for each in reach.presences if each.pk == pk), None)
    if found is None:
        raise Http404
    return found


def refuse_part(reach: Reach) -> None:
    """What holds for the whole mall is for those who run all of it."""
    if not reach.is_whole:
        raise Http404


def in_work(service: Service) -> Standard:
    """The version of a service's standard that is being written or reviewed."""
    found = service.standards.select_related("author", "reviewer").filter(state__in=IN_WORK).first()
    if found is None:
        raise Http404
    return found


def published_at(mall: Mall, service_id: int) -> Standard:
    """The standard in force of a service offered at a mall, for anybody."""
    offered = Service.objects.offered().filter(pk=service_id, presence__mall=mall)
    found = (
        Standard.objects.select_related("service__presence__mall__region")
        .select_related("service__presence__agency")
        .filter(service__in=offered, state=State.PUBLISHED)
        .first()
    )
    if found is None:
        raise Http404
    return found


def pledge_at(mall: Mall, presence_id: int | None = None) -> Pledge:
    """The pledge in force of a mall, or of an agency there, for anybody."""
    found = pledges.in_force(mall.pk, presence_id)
    if found is None or (found.presence and not found.presence.is_active):
        raise Http404
    return found


def pledge_of(mall: Mall, presence: Presence | None, *, is_draft: bool) -> Pledge:
    """The pledge being worded, or the one in force, for whoever passed the gate of its mall."""
    presence_id = presence.pk if presence else None
    found = pledges.draft_of(mall, presence) if is_draft else pledges.in_force(mall.pk, presence_id)
    if found is None:
        raise Http404
    return found
