"""The gates to the people of a mall, an agency or the nation; a stranger gets 404."""

from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404

from accounts.models import User
from accounts.roles import SCOPE_OF, Act, Role, Scope
from agencies import access
from agencies.models import Agency, Assignment, ContactPerson, Mall, Presence
from onboarding.access import only
from onboarding.models import Invitation
from onboarding.staff import mandates

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Realm:
    """Whose people somebody looks after: all of a mall, some agencies there, or the nation."""

    mall: Mall | None
    agency_ids: frozenset[int] | None = None  # None: every one

    @property
    def is_whole(self) -> bool:
        return self.agency_ids is None

    def assignments(self) -> QuerySet[Assignment]:
        """The roles of these people, those that are over too."""
        return self._within(Assignment.objects.select_related("user", "mall__region", "agency"))

    def invitations(self) -> QuerySet[Invitation]:
        """What was offered to people and stands open, even if it is too old by now."""
        return self._within(
            Invitation.objects.open().select_related("mall__region", "agency", "by")
        )

    def presences(self) -> QuerySet[Presence]:
        """The agencies at the mall within it."""
        found = Presence.objects.select_related("agency", "mall__region").filter(mall=self.mall)
        if self.agency_ids is not None:
            found = found.filter(agency__in=self.agency_ids)
        return found.order_by("board_name", "pk")

    def agencies(self) -> list[Agency]:
        """Those that are there now."""
        return [each.agency for each in self.presences().filter(is_active=True)]

    def roles(self, by: User, *, on: date) -> list[Role]:
        """What somebody may give here, in any agency of it."""
        wanted = {Scope.AGENCY, Scope.MALL} if self.mall else {Scope.NATION, Scope.PROVINCE}
        mall_id = self.mall.pk if self.mall else None
        agency_ids = [None] if self.is_whole else sorted(self.agency_ids or ())
        return [
            role
            for role in Role
            if SCOPE_OF[role] in wanted
            and (self.is_whole or SCOPE_OF[role] == Scope.AGENCY)
            and any(mandates.may_give(by, role, mall_id, each, on=on) for each in agency_ids)
        ]

    def _within(self, rows: QuerySet[M]) -> QuerySet[M]:
        found = rows.filter(mall=self.mall)
        return found if self.agency_ids is None else found.filter(agency__in=self.agency_ids)


def realm_for(user: User, slug: str | None, *, on: date) -> Realm:
    """The people of a mall that the user looks after; without a mall those of the nation."""
    act = Act.MANAGE_STAFF
    if slug is None:
        if not access.is_national(user, act, on=on):
            raise Http404
        return Realm(None)
    mall = access.whole_malls_for(user, act, on=on).filter(slug=slug).first()
    if mall is not None:
        return Realm(mall)
    # Also of an agency that has left the mall: its people are let go by somebody.
    presences = list(access.presences_for(user, act, on=on).filter(mall__slug=slug))
    if not presences:
        raise Http404
    return Realm(presences[0].mall, frozenset(each.agency_id for each in presences))


def assignment_in(realm: Realm, pk: int) -> Assignment:
    """A role of somebody within it."""
    return only(realm.assignments().filter(pk=pk))


def invitation_in(realm: Realm, pk: int) -> Invitation:
    """An open invitation within it."""
    return only(realm.invitations().filter(pk=pk))


def presence_in(realm: Realm, pk: int) -> Presence:
    """An agency within it."""
    return only(realm.presences().filter(pk=pk))


def contact_in(realm: Realm, pk: int) -> ContactPerson:
    """A contact person of an agency within it."""
    people = ContactPerson.objects.select_related("presence__agency", "presence__mall__region")
    return only(people.filter(presence__in=realm.presences(), pk=pk))
