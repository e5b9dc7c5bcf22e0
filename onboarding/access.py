"""The gates to the onboarding of a mall: you get what you may have, a stranger gets 404."""

from datetime import datetime
from typing import NamedTuple, TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404

from accounts.models import User
from accounts.roles import Act
from agencies import access as agency_access
from agencies.models import Agreement, AgreementFile, Ceremony, Mall, Presence
from core.models import StoredFile
from onboarding.agreements import bases
from onboarding.models import CoachNote, Milestone, Task
from onboarding.states import OF_MINISTRY
from onboarding.states import Act as Happening
from queueing.access import workday

Row = TypeVar("Row", bound=Model)


def malls_for_setup(user: User, *, now: datetime) -> QuerySet[Mall]:
    """The malls that the user prepares and sets up."""
    return agency_access.whole_malls_for(user, Act.PREPARE_MALL, on=workday(now))


def mall_for_setup(user: User, slug: str, *, now: datetime) -> Mall:
    """One of them."""
    mall = malls_for_setup(user, now=now).filter(slug=slug).first()
    if mall is None:
        raise Http404
    return mall


class Hand(NamedTuple):
    """What somebody may do with the way of a mall."""

    prepares: bool
    coaches: bool


def malls_for_path(user: User, *, now: datetime) -> QuerySet[Mall]:
    """The malls whose way the user records."""
    return agency_access.whole_malls_for(user, Act.PREPARE_MALL, on=workday(now))


def malls_for_coach(user: User, *, now: datetime) -> QuerySet[Mall]:
    """Every mall, for whoever coaches them all."""
    return agency_access.whole_malls_for(user, Act.COACH_MALLS, on=workday(now))


def mall_for_path(user: User, slug: str, *, now: datetime) -> Mall:
    """A mall whose way the user sees: as one of its people, or as the ministry."""
    found = malls_for_path(user, now=now).filter(slug=slug).first()
    return found or mall_for_coach(user, slug, now=now)


def mall_for_preparing(user: User, slug: str, *, now: datetime) -> Mall:
    """A mall whose way the user records."""
    return _only(malls_for_path(user, now=now).filter(slug=slug))


def mall_for_coach(user: User, slug: str, *, now: datetime) -> Mall:
    """A mall that the user coaches."""
    return _only(malls_for_coach(user, now=now).filter(slug=slug))


def mall_for_act(user: User, slug: str, act: Happening, *, now: datetime) -> Mall:
    """A mall of which the user may record this; what the ministry holds it records itself."""
    if act in OF_MINISTRY:
        return mall_for_coach(user, slug, now=now)
    return mall_for_preparing(user, slug, now=now)


def hand_at(user: User, mall: Mall, *, now: datetime) -> Hand:
    """What the user may do with the way of a mall that passed the gate."""
    acts = agency_access.acts_at(user, mall, on=workday(now))
    return Hand(Act.PREPARE_MALL in acts, Act.COACH_MALLS in acts)


def refuse_uncoaching(user: User, *, now: datetime) -> None:
    """The country as a whole is for those who coach every mall."""
    if not agency_access.is_national(user, Act.COACH_MALLS, on=workday(now)):
        raise Http404


def task_in(mall: Mall, pk: int) -> Task:
    """An item of the preparation of a mall that passed its own gate."""
    return _only(Task.objects.filter(mall=mall, pk=pk))


def note_in(mall: Mall, pk: int) -> CoachNote:
    """A coach's note of a mall that passed its own gate."""
    return _only(CoachNote.objects.filter(mall=mall, pk=pk))


def evidence_in(mall: Mall, pk: int) -> StoredFile:
    """The file that proves an item of a mall that passed its own gate."""
    return _there(task_in(mall, pk).evidence)


def document_in(mall: Mall, pk: int) -> StoredFile:
    """The document of a milestone, or of the ceremony it belongs to."""
    milestone = _only(Milestone.objects.filter(mall=mall, pk=pk).select_related("ceremony"))
    ceremony = milestone.ceremony
    return _there(milestone.document or (ceremony.document if ceremony else None))


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
    return _only(agency_access.whole_malls_for(user, act, on=on).filter(slug=slug))


def agreements_for(reach: Reach) -> QuerySet[Agreement]:
    """The documents in reach; for an agency those in which it is a party, drafts too."""
    found = Agreement.objects.filter(mall=reach.mall).select_related("amends", "renews", "mall")
    if reach.is_whole:
        return found
    own = Agreement.objects.filter(parties__agency__in=reach.presences.values("agency"))
    return found.filter(pk__in=own.values("pk"))


def agreement_for(reach: Reach, pk: int) -> Agreement:
    """One of them."""
    return _only(agreements_for(reach).select_related("ceremony", "by").filter(pk=pk))


def agreement_in(mall: Mall, pk: int) -> Agreement:
    """A document of a mall that passed its own gate, to be changed."""
    return _only(Agreement.objects.select_related("mall__region").filter(mall=mall, pk=pk))


def base_at(mall: Mall, pk: int) -> Agreement:
    """A signed document of a mall that passed its own gate, to be amended or renewed."""
    return _only(bases(mall).select_related("amends").filter(pk=pk))


def scan_of(agreement: Agreement, pk: int) -> AgreementFile:
    """A file of a document that passed its own gate."""
    return _only(agreement.files.select_related("file").filter(pk=pk))


def signing_for(reach: Reach, pk: int) -> Ceremony:
    """A signing at which one of the documents in reach was signed."""
    held = Ceremony.objects.filter(pk__in=agreements_for(reach).values("ceremony"))
    return _only(held.select_related("by").filter(pk=pk))


def minutes_of(ceremony: Ceremony) -> StoredFile:
    """The photograph or minutes of a signing that passed its own gate."""
    return _there(ceremony.document)


def presence_in(reach: Reach, pk: int) -> Presence:
    """One of the agencies in reach."""
    return _only(reach.presences.select_related("agency__parent").filter(pk=pk))


def _only(rows: QuerySet[Row]) -> Row:
    found = rows.first()
    if found is None:
        raise Http404
    return found


def _there(file: StoredFile | None) -> StoredFile:
    if file is None:
        raise Http404
    return file
