"""The pages of one mall's onboarding, for whoever may open them."""

from datetime import date
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.roles import Act, roles_that_may
from agencies import access
from agencies.models import Assignment, Mall


class Tab(NamedTuple):
    """A page of a mall: its route with the mall's slug, and the acts that open it."""

    route: str
    title: str | Promise
    acts: frozenset[Act]


def _tab(route: str, title: str | Promise, *acts: Act) -> Tab:
    return Tab(route, title, frozenset(acts))


TABS: tuple[Tab, ...] = (
    # In this order: kesiapan, penataan, instansi, perjanjian, layanan, petugas, impor.
    _tab("readiness", gettext_lazy("Kesiapan"), Act.PREPARE_MALL, Act.COACH_MALLS),
    _tab("setup", gettext_lazy("Penataan"), Act.PREPARE_MALL),
    _tab("mall_agencies", gettext_lazy("Instansi"), Act.READ_AGREEMENTS),
    _tab("agreements", gettext_lazy("Perjanjian"), Act.READ_AGREEMENTS),
    _tab("standards", gettext_lazy("Layanan"), Act.WRITE_STANDARDS),
    _tab("people", gettext_lazy("Petugas"), Act.MANAGE_STAFF),
    _tab("imports", gettext_lazy("Impor"), Act.PREPARE_MALL),
)


def malls_for(user: User, *, on: date) -> QuerySet[Mall]:
    """The malls at which the user may open any of the tabs."""
    acts = frozenset().union(*(tab.acts for tab in TABS))
    roles = {role for act in acts for role in roles_that_may(act)}
    held = Assignment.objects.valid(on).filter(user=user, role__in=roles)
    malls = Mall.objects.select_related("region").order_by("short_name", "pk")
    if held.filter(mall=None).exists():
        return malls
    return malls.filter(pk__in=held.values("mall"))


def of(user: User, mall: Mall, *, on: date) -> list[Tab]:
    """The tabs the user may open at this mall."""
    acts = access.acts_at(user, mall, on=on)
    return [tab for tab in TABS if tab.acts & acts]
