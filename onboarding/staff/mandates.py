"""Who may give which role where: nobody gives more than they look after themselves."""

from collections.abc import Mapping
from datetime import date

from accounts.models import User
from accounts.roles import SCOPE_OF, Act, Role, Scope, roles_that_may
from agencies.models import Agency, Assignment, Mall, Presence
from agencies.territory import provinces_in_use
from onboarding.staff.refusals import NotYours

AT_AN_AGENCY = frozenset(role for role, scope in SCOPE_OF.items() if scope == Scope.AGENCY)
# Where a role reaches, it may give these; a role that is not named here gives none.
GIVES: Mapping[Role, frozenset[Role]] = {
    Role.AGENCY_ADMIN: AT_AN_AGENCY,
    Role.MALL_ADMIN: AT_AN_AGENCY | {Role.MALL_ADMIN},
    Role.OPERATOR: frozenset(Role),
}
# Without one of these nobody would be left who may appoint another.
HEADS = frozenset({Role.MALL_ADMIN, Role.OPERATOR})


def may_give(by: User, role: Role, mall_id: int | None, agency_id: int | None, *, on: date) -> bool:
    """Whether somebody may give, change or take this role at this place."""
    held = Assignment.objects.valid(on).filter(user=by, role__in=roles_that_may(Act.MANAGE_STAFF))
    return any(
        role in GIVES[Role(own)] and mall in {None, mall_id} and agency in {None, agency_id}
        for own, mall, agency in held.values_list("role", "mall_id", "agency_id")
    )


def is_place_of(role: Role, mall: Mall | None, agency: Agency | None, province: str) -> bool:
    """Whether a role can be had there: at an agency that is present, at a mall, and so on up."""
    scope = SCOPE_OF[role]
    if scope == Scope.PROVINCE:
        return mall is None and agency is None and province in provinces_in_use()
    if province:
        return False
    if scope == Scope.AGENCY and mall is not None and agency is not None:
        return Presence.objects.filter(mall=mall, agency=agency, is_active=True).exists()
    if scope == Scope.MALL:
        return mall is not None and agency is None
    return scope == Scope.NATION and mall is None and agency is None


def refuse_beyond(
    by: User, role: Role, mall: Mall | None, agency: Agency | None, *, on: date
) -> None:
    """Raises NotYours where somebody may not give the role."""
    if not may_give(by, role, mall.pk if mall else None, agency.pk if agency else None, on=on):
        raise NotYours
