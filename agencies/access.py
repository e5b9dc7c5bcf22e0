"""The gates to malls and counters: you get the object you may have, a stranger gets 404."""

from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import Http404

from accounts.models import User
from accounts.roles import Act, roles_that_may
from agencies.models import Assignment, Counter, Mall, Presence
from core.memo import briefly


def public_malls() -> QuerySet[Mall]:
    """Malls that citizens may see: from the soft launch on."""
    open_stages = [Mall.Stage.SOFT_LAUNCH, Mall.Stage.INAUGURATED]
    return Mall.objects.select_related("region").filter(stage__in=open_stages)


def public_mall(slug: str) -> Mall:
    """A mall for anybody, by its address; an edit shows after at most five seconds."""
    mall = _public_mall(slug)
    if mall is None:
        raise Http404
    return mall


@briefly(5)
def _public_mall(slug: str) -> Mall | None:
    return public_malls().filter(slug=slug).first()


def presence_at(mall: Mall, pk: int) -> Presence:
    """An agency at a mall, for anybody."""
    found = Presence.objects.select_related("agency").filter(mall=mall, pk=pk, is_active=True)
    presence = found.first()
    if presence is None:
        raise Http404
    return presence


def _scopes(user: User, act: Act, on: date) -> list[tuple[int | None, int | None]]:
    held = Assignment.objects.valid(on).filter(user=user, role__in=roles_that_may(act))
    return list(held.values_list("mall_id", "agency_id"))


def assignments_of(user: User, *, on: date) -> list[Assignment]:
    """What the user has been made, with the places."""
    held = Assignment.objects.valid(on).filter(user=user)
    return list(held.select_related("mall", "agency"))


def may(user: User, act: Act, *, on: date) -> bool:
    """Whether the user may do it anywhere at all."""
    return bool(_scopes(user, act, on))


def malls_for(user: User, act: Act, *, on: date) -> QuerySet[Mall]:
    """The malls in which the user may do it."""
    scopes = _scopes(user, act, on)
    malls = Mall.objects.select_related("region")
    if (None, None) in scopes:
        return malls
    return malls.filter(pk__in={mall for mall, _agency in scopes})


def whole_malls_for(user: User, act: Act, *, on: date) -> QuerySet[Mall]:
    """The malls in which the user may do it for every agency, not only for their own."""
    scopes = _scopes(user, act, on)
    malls = Mall.objects.select_related("region")
    if (None, None) in scopes:
        return malls
    return malls.filter(pk__in={mall for mall, agency in scopes if agency is None})


def is_national(user: User, act: Act, *, on: date) -> bool:
    """Whether the user may do it everywhere."""
    return (None, None) in _scopes(user, act, on)


def presences_for(user: User, act: Act, *, on: date) -> QuerySet[Presence]:
    """The agencies at malls for which the user may do it."""
    scopes = _scopes(user, act, on)
    presences = Presence.objects.select_related("mall__region", "agency")
    if (None, None) in scopes:
        return presences
    reach = Q(pk__in=[])
    for mall_id, agency_id in scopes:
        reach |= Q(mall=mall_id) & (Q(agency=agency_id) if agency_id else Q())
    return presences.filter(reach)


def counters_for(user: User, *, on: date) -> QuerySet[Counter]:
    """The counters the user may work at on that day: those their agency has then.

    One query, because every press of a button at a counter passes here.
    """
    held = Assignment.objects.valid(on).filter(
        Q(mall=None) | Q(mall=OuterRef("mall")),
        Q(agency=None) | Q(agency=OuterRef("agency")),
        user=user,
        role__in=roles_that_may(Act.WORK_COUNTER),
    )
    return (
        Counter.objects.select_related("mall__region")
        .filter(is_active=True, days__weekday=on.weekday())
        .annotate(agency=F("days__presence__agency"))
        .filter(Exists(held))
        .order_by("mall", "number")
    )


def counter_for(user: User, pk: int, *, on: date) -> Counter:
    """A counter to work at."""
    counter = counters_for(user, on=on).filter(pk=pk).first()
    if counter is None:
        raise Http404
    return counter
