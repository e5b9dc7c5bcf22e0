"""The gates to the agencies and agreements of a mall; a stranger gets 404."""

from datetime import date, datetime
from typing import NamedTuple

from django.db.models import QuerySet
from django.http import Http404

from accounts.models import User
from accounts.roles import Act
from agencies import access as agency_access
from agencies.models import Agreement, AgreementFile, Ceremony, Mall, Presence
from core.models import StoredFile
from onboarding.access import only, there
from onboarding.agreements.register import amendable, bases
from queueing.access import workday


class Reach(NamedTuple):
    """What somebody reads of the agreements of a mall: all of them, or those of their agencies."""

    mall: Mall
    presences: QuerySet[Presence]
    is_whole: bool
    manages: bool  # drafts, signs and ends them


def reach_of_agreements(user: User, slug: str, *, now: datetime) -> Reach:
    """The agencies of a mall whose agreements the user reads; at least one, or all of the mall."""
    on, act = workday(now), Act.READ_AGREEMENTS
    whole = agency_access.whole_malls_for(user, act, on=on).filter(slug=slug).first()
    reach = agency_access.presences_for(user, act, on=on).filter(mall__slug=slug)
    manages = agency_access.whole_malls_for(user, Act.MANAGE_AGREEMENTS, on=on)
    own = whole or getattr(reach.first(), "mall", None)
    if own is None:
        raise Http404
    return Reach(own, reach, whole is not None, manages.filter(pk=own.pk).exists())


def mall_for_agreements(user: User, slug: str, *, now: datetime) -> Mall:
    """A mall whose agreements the user drafts, signs and ends."""
    on, act = workday(now), Act.MANAGE_AGREEMENTS
    return only(agency_access.whole_malls_for(user, act, on=on).filter(slug=slug))


def agreements_for(reach: Reach) -> QuerySet[Agreement]:
    """The documents in reach; for an agency those in which it is a party, drafts too."""
    found = Agreement.objects.filter(mall=reach.mall).select_related("amends", "renews", "mall")
    if reach.is_whole:
        return found
    own = Agreement.objects.filter(parties__agency__in=reach.presences.values("agency"))
    return found.filter(pk__in=own.values("pk"))


def agreement_for(reach: Reach, pk: int) -> Agreement:
    """One of them."""
    return only(agreements_for(reach).select_related("ceremony", "by").filter(pk=pk))


def agreement_in(mall: Mall, pk: int) -> Agreement:
    """A document of a mall that passed its own gate, to be changed."""
    return only(Agreement.objects.select_related("mall__region").filter(mall=mall, pk=pk))


def base_at(mall: Mall, pk: int) -> Agreement:
    """A signed document of a mall that passed its own gate, to be renewed."""
    return only(bases(mall).select_related("amends").filter(pk=pk))


def amended_at(mall: Mall, pk: int, *, on: date) -> Agreement:
    """One that still holds on a day or later, to be amended."""
    return only(amendable(mall, on=on).select_related("amends").filter(pk=pk))


def scan_of(agreement: Agreement, pk: int) -> AgreementFile:
    """A file of a document that passed its own gate, unless it was withdrawn."""
    return only(agreement.files.select_related("file").filter(pk=pk, withdrawn_at=None))


def signing_for(reach: Reach, pk: int) -> Ceremony:
    """A signing at which one of the documents in reach was signed."""
    held = Ceremony.objects.filter(pk__in=agreements_for(reach).values("ceremony"))
    return only(held.select_related("by").filter(pk=pk))


def minutes_of(ceremony: Ceremony) -> StoredFile:
    """The photograph or minutes of a signing that passed its own gate."""
    return there(ceremony.document)


def presence_in(reach: Reach, pk: int) -> Presence:
    """One of the agencies in reach."""
    return only(reach.presences.select_related("agency__parent").filter(pk=pk))
