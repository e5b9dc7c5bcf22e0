"""The gates to malls and counters: you get the object you may have, a stranger gets 404."""

from datetime import date

from django.db.models import Q, QuerySet
from django.http import Http404

from accounts.models import User
from accounts.roles import MAY, Act, Role, roles_that_may
from agencies.models import Assignment, Counter, Mall, Presence, in_use_sql
from agencies.stages import Stage
from core import sql
from core.memo import briefly

REACHED = f"""
    SELECT counter.id, held.role FROM agencies_assignment AS held
    JOIN agencies_presence AS presence
        ON (held.mall_id IS NULL OR held.mall_id = presence.mall_id)
        AND (held.agency_id IS NULL OR held.agency_id = presence.agency_id)
    JOIN agencies_counterday AS day
        ON day.presence_id = presence.id AND day.weekday = %(weekday)s
        AND day.from_date <= %(on)s AND (day.until_date IS NULL OR day.until_date >= %(on)s)
    JOIN agencies_counter AS counter ON counter.id = day.counter_id AND {in_use_sql("counter")}
    LEFT JOIN agencies_assignment_counters AS named ON named.assignment_id = held.id
    WHERE held.user_id = %(user)s AND held.province = ''
        AND (held.until IS NULL OR held.until >= %(on)s)
        AND (named.id IS NULL OR named.counter_id = counter.id)"""  # noqa: S608 - put together from constants


def public_malls() -> QuerySet[Mall]:
    """Malls that citizens may see: from the soft launch on, and while one rests."""
    open_stages = [Stage.SOFT_LAUNCH, Stage.INAUGURATED, Stage.COACHED, Stage.SUSPENDED]
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


@briefly(5)
def mall_called(pk: int) -> Mall:
    """A mall for whoever holds something of it, also one that is not public (any more)."""
    return Mall.objects.select_related("region").get(pk=pk)


def presence_at(mall: Mall, pk: int) -> Presence:
    """An agency at a mall, for anybody."""
    found = Presence.objects.select_related("agency").filter(mall=mall, pk=pk, is_active=True)
    presence = found.first()
    if presence is None:
        raise Http404
    return presence


def _scopes(user: User, act: Act, on: date) -> list[tuple[int | None, int | None]]:
    """The (mall, agency) pairs the user reaches; (None, None) is the nation."""
    held = Assignment.objects.valid(on).filter(user=user, role__in=roles_that_may(act))
    rows = list(held.values_list("mall_id", "agency_id", "province"))
    provinces = {province for _mall, _agency, province in rows if province}
    there = (
        Mall.objects.filter(region__province__in=provinces) if provinces else Mall.objects.none()
    )
    found: list[tuple[int | None, int | None]] = [
        (pk, None) for pk in there.values_list("pk", flat=True)
    ]
    return found + [(mall, agency) for mall, agency, province in rows if not province]


def assignments_of(user: User, *, on: date) -> list[Assignment]:
    """What the user has been made, with the places."""
    held = Assignment.objects.valid(on).filter(user=user)
    return list(held.select_related("mall", "agency"))


def acts_at(user: User, mall: Mall, *, on: date) -> set[Act]:
    """What the user may do at this mall, for all of it or for an agency there."""
    here = Q(mall=mall) | Q(mall=None, province__in=["", mall.region.province])
    held = Assignment.objects.valid(on).filter(here, user=user)
    return {act for role in held.values_list("role", flat=True) for act in MAY[Role(role)]}


def may(user: User, act: Act, *, on: date) -> bool:
    """Whether the user may do it anywhere at all."""
    return bool(_scopes(user, act, on))


def whole_malls_for(user: User, act: Act, *, on: date) -> QuerySet[Mall]:
    """The malls in which the user may do it for every agency, not only for their own."""
    scopes = _scopes(user, act, on)
    malls = Mall.objects.select_related("region")
    if (None, None) in scopes:
        return malls
    return malls.filter(pk__in={mall for mall, agency in scopes if agency is None})


def people_who_may(
    act: Act, mall: Mall, *, on: date, agency_id: int | None = None
) -> QuerySet[User]:
    """Who may do it for the whole of one mall, or for an agency there: whom to tell of it."""
    held = Assignment.objects.valid(on).filter(
        mall=mall, agency=agency_id, role__in=roles_that_may(act)
    )
    return User.objects.filter(is_active=True, pk__in=held.values("user")).order_by("pk")


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

    Where the assignment names counters, only these of them.
    """
    return (
        Counter.objects.select_related("mall__region")
        .filter(pk__in=_reached(user, Act.WORK_COUNTER, on))
        .order_by("mall", "number")
    )


def may_work_at(user: User, counter: Counter, *, on: date) -> bool:
    """Whether the counter is one of them; asked with every press of a button, so one statement."""
    return may_at(user, Act.WORK_COUNTER, counter, on=on)


def may_at(user: User, act: Act, counter: Counter, *, on: date) -> bool:
    """Whether the user may do it at this counter, as what its agency of that day made them."""
    return counter.pk in _reached(user, act, on)


def _reached(user: User, act: Act, on: date) -> set[int]:
    found = sql.rows(REACHED, user=user.pk, weekday=on.weekday(), on=on)
    roles = roles_that_may(act)
    return {counter_id for counter_id, role in found if role in roles}


@briefly(60)
def counter_called(pk: int) -> Counter | None:
    """A counter for whoever has passed its gate; its number and place change once in years."""
    return Counter.objects.select_related("mall__region").filter(pk=pk).first()
