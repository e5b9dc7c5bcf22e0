"""The people of a mall, an agency or the nation as a list, and a week of their attendance."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from agencies.models import Assignment, Presence
from onboarding.staff import attendance
from onboarding.staff.access import Realm
from onboarding.staff.attendance import Kept, Sums

WEEK = 7
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed to; nothing chosen means everything."""

    text: str = ""
    role: Role | None = None
    agency_id: int | None = None


@dataclass(frozen=True)
class Line:
    """An agency or an officer through a week; None where they were not there."""

    name: str
    about: str
    days: list[tuple[date, Kept | None]]

    @property
    def sums(self) -> Sums:
        return attendance.sums([kept for _on, kept in self.days if kept is not None])

    @property
    def lasted(self) -> str:
        """How long all of it was, in words."""
        minutes = self.sums.lasted // timedelta(minutes=1)
        hours, rest = divmod(minutes, 60)
        return _("%(hours)d jam %(minutes)d menit") % {"hours": hours, "minutes": rest}


@dataclass(frozen=True)
class Sheet:
    """A week: the agencies, those who stayed away too, and the officers who came."""

    days: list[date]
    agencies: list[Line]
    officers: list[Line]

    @property
    def before(self) -> date:
        return self.days[0] - ONE_DAY * WEEK

    @property
    def after(self) -> date:
        return self.days[0] + ONE_DAY * WEEK


def people(realm: Realm, wanted: Wanted) -> QuerySet[Assignment]:
    """The roles that people hold; in the nation's list a search looks through every mall."""
    found = realm.assignments()
    if realm.mall is None and wanted.text:
        found = Assignment.objects.select_related("user", "mall__region", "agency")
    for word in wanted.text.split():
        names = ("first_name", "last_name", "username", "email")
        named = (Q(**{f"user__{name}__icontains": word}) for name in names)
        found = found.filter(_any(named))
    if wanted.role is not None:
        found = found.filter(role=wanted.role)
    if wanted.agency_id is not None:
        found = found.filter(agency=wanted.agency_id)
    in_order = found.order_by("user__first_name", "user__last_name", "user__username", "role", "pk")
    return in_order.prefetch_related("counters")


def sheet(presences: Iterable[Presence], monday: date) -> Sheet:
    """A week of these agencies, from its Monday on."""
    days = [monday + ONE_DAY * place for place in range(WEEK)]
    boards = {each.pk: each.board_name for each in presences}
    signs = attendance.signs(list(boards), days[0], days[-1])
    by_day, by_officer = attendance.by_day(signs), attendance.by_officer(signs)
    names = {user.pk: str(user) for user in User.objects.filter(pk__in={s.user_id for s in signs})}
    agencies = [
        Line(
            board, "", _through(days, {on: kept for (pk, on), kept in by_day.items() if pk == key})
        )
        for key, board in boards.items()
    ]
    officers = [
        Line(names[user_id], boards[key], _through(days, kept))
        for (key, user_id), kept in by_officer.items()
    ]
    return Sheet(days, agencies, sorted(officers, key=lambda line: (line.name, line.about)))


def _through(days: list[date], kept: Mapping[date, Kept]) -> list[tuple[date, Kept | None]]:
    return [(on, kept.get(on)) for on in days]


def _any(conditions: Iterable[Q]) -> Q:
    found = Q(pk__in=[])
    for each in conditions:
        found |= each
    return found
