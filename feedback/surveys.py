"""One answer per visit to the satisfaction survey. No other module writes an opinion."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from agencies import opening
from core import vault
from core.errors import Refused
from feedback.models import Opinion
from feedback.questions import Element, HalfDay
from feedback.sealing import OPINION
from queueing.models import Ticket
from queueing.states import State

OPEN_FOR = timedelta(days=7)  # after somebody was served
MARK = "survey.visit"
NOON = 12


class NotAsked(Refused):
    """Nobody is asked about this visit: it is not over, or too long ago."""

    code = "survey_closed"


class Standing(Enum):
    """Whether a visit is asked for its opinion now."""

    OPEN = "open"
    ANSWERED = "answered"
    EARLY = "early"
    LATE = "late"
    NEVER = "never"  # it ended without being served


@dataclass(frozen=True)
class Said:
    """What somebody answered: a score from 1 to 4 for each element, and what else they like."""

    scores: Mapping[Element, int]
    profile: Mapping[str, int | None] = field(default_factory=dict)
    text: str = ""


def mark_of(token: str) -> str:
    """What is remembered of a visit that has answered: nothing that leads back without the key."""
    return vault.blind_index(token, purpose=MARK)


def standing(last: Ticket, *, now: datetime) -> Standing:
    """Whether the visit with this last ticket is asked for its opinion."""
    if last.is_open:
        return Standing.EARLY
    if last.state != State.DONE or last.ended_at is None:
        return Standing.NEVER
    if Opinion.objects.filter(mark=mark_of(last.visit.token)).exists():
        return Standing.ANSWERED
    return Standing.OPEN if now < last.ended_at + OPEN_FOR else Standing.LATE


def answer(last: Ticket, said: Said, *, now: datetime) -> bool:
    """Keep an opinion of the service last received; False where the visit has given one before.

    Raises NotAsked.
    """
    stands = standing(last, now=now)
    if stands == Standing.ANSWERED:
        return False
    if stands != Standing.OPEN:
        raise NotAsked(_("Survei untuk kunjungan ini tidak dibuka."))
    local = now.astimezone(last.day.mall.zone)
    opinion = Opinion(
        mall_id=last.day.mall_id,
        presence_id=last.service.presence_id,
        service_id=last.service_id,
        date=opening.local_date(now, last.day.mall.zone),
        half_day=HalfDay.MORNING if local.hour < NOON else HalfDay.AFTERNOON,
        mark=mark_of(last.visit.token),
        sealed_text=vault.seal(said.text, column=OPINION),
        **{element.field: score for element, score in said.scores.items()},
        **said.profile,
    )
    try:
        # Two tabs at once have both seen that nobody answered: the constraint decides.
        with transaction.atomic():
            opinion.save(force_insert=True)
    except IntegrityError:
        if not Opinion.objects.filter(mark=opinion.mark).exists():
            raise  # something else is wrong with it
        return False
    return True
