"""The gates to figures: of the country, of a mall, of an agency at a mall; a stranger gets 404.

Whoever watches from outside, for the nation or a province, is shown no group of fewer than FEWEST
people (privacy.py); whoever belongs to the mall or the agency sees everything of their own.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.http import Http404

from accounts.models import User
from accounts.roles import Act, roles_that_may
from agencies import access as reach
from agencies.models import Assignment, Mall, Presence
from monitoring.definitions import FEWEST
from queueing.access import workday


@dataclass(frozen=True)
class SeenMall:
    """A mall whose figures somebody may see, and from how many people on."""

    mall: Mall
    fewest: int


@dataclass(frozen=True)
class SeenAgency:
    """An agency at a mall whose figures somebody may see, and from how many people on."""

    presence: Presence
    fewest: int

    @property
    def mall(self) -> Mall:
        return self.presence.mall


def country_for(user: User, *, now: datetime) -> QuerySet[Mall]:
    """The malls that somebody watches for the nation or for a province."""
    if not _held(user, now).filter(mall=None).exists():
        raise Http404
    return reach.whole_malls_for(user, Act.SEE_FIGURES, on=workday(now))


def is_watcher(user: User, *, now: datetime) -> bool:
    """Whether somebody watches malls for the nation or for a province."""
    return _held(user, now).filter(mall=None).exists()


def own_malls_for(user: User, *, now: datetime) -> QuerySet[Mall]:
    """The malls whose figures somebody sees as one of them."""
    mine = _held(user, now).filter(mall__isnull=False, agency=None)
    return Mall.objects.select_related("region").filter(pk__in=mine.values("mall"))


def own_agencies_for(user: User, *, now: datetime) -> QuerySet[Presence]:
    """The agencies at malls whose figures somebody sees as one of them."""
    mine = _held(user, now).filter(mall__isnull=False, agency__isnull=False)
    found = Presence.objects.none()
    for mall, agency in mine.values_list("mall", "agency"):
        found |= Presence.objects.filter(mall=mall, agency=agency)
    return found.select_related("mall__region", "agency")


def watched_malls_for(user: User, *, now: datetime) -> QuerySet[Mall]:
    """The malls in operation that somebody sees as a whole: one's own, a province's, all."""
    seen = reach.whole_malls_for(user, Act.SEE_FIGURES, on=workday(now))
    if not seen.exists():
        raise Http404
    return seen.filter(pk__in=reach.public_malls().values("pk"))


def mall_for(user: User, slug: str, *, now: datetime) -> SeenMall:
    """A mall whose figures the user may see as a whole."""
    malls = reach.whole_malls_for(user, Act.SEE_FIGURES, on=workday(now))
    mall = malls.filter(slug=slug).first()
    if mall is None:
        raise Http404
    is_own = own_malls_for(user, now=now).filter(pk=mall.pk).exists()
    return SeenMall(mall, fewest=0 if is_own else FEWEST)


def agency_for(user: User, slug: str, pk: int, *, now: datetime) -> SeenAgency:
    """An agency at a mall whose figures the user may see."""
    found = reach.presences_for(user, Act.SEE_FIGURES, on=workday(now))
    presence = found.filter(pk=pk, mall__slug=slug).first()
    if presence is None:
        raise Http404
    mine = _held(user, now).filter(mall=presence.mall_id)
    is_own = mine.filter(agency=None).exists() or mine.filter(agency=presence.agency_id).exists()
    return SeenAgency(presence, fewest=0 if is_own else FEWEST)


def _held(user: User, now: datetime) -> QuerySet[Assignment]:
    held = Assignment.objects.valid(workday(now))
    return held.filter(user=user, role__in=roles_that_may(Act.SEE_FIGURES))
