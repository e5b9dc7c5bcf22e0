"""The gates to the way of a mall and to the country; a stranger gets 404."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import QuerySet
from django.http import Http404

from accounts.models import User
from accounts.roles import Act
from agencies import access as agency_access
from agencies.models import Mall
from core.models import StoredFile
from onboarding.access import only, there
from onboarding.models import CoachNote, Milestone, Task
from onboarding.states import OF_MINISTRY
from onboarding.states import Act as Happening
from queueing.access import workday


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
    return only(malls_for_path(user, now=now).filter(slug=slug))


def mall_for_coach(user: User, slug: str, *, now: datetime) -> Mall:
    """A mall that the user coaches."""
    return only(malls_for_coach(user, now=now).filter(slug=slug))


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
    return only(Task.objects.filter(mall=mall, pk=pk))


def note_in(mall: Mall, pk: int) -> CoachNote:
    """A coach's note of a mall that passed its own gate."""
    return only(CoachNote.objects.filter(mall=mall, pk=pk))


def evidence_in(mall: Mall, pk: int) -> StoredFile:
    """The file that proves an item of a mall that passed its own gate."""
    return there(task_in(mall, pk).evidence)


def document_in(mall: Mall, pk: int) -> StoredFile:
    """The document of a milestone, or of the ceremony it belongs to."""
    milestone = only(Milestone.objects.filter(mall=mall, pk=pk).select_related("ceremony"))
    ceremony = milestone.ceremony
    return there(milestone.document or (ceremony.document if ceremony else None))
