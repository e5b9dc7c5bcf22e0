"""The life of an agreement. What is recorded are the acts of people; the rest the calendar says."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

WARNED = (90, 60, 30, 7)  # days before the last one on which the mall is told
ENDING = timedelta(days=WARNED[0])


class Recorded(TextChoices):
    """What somebody has done with it."""

    DRAFT = "draft", _("Draf")
    SIGNED = "signed", _("Ditandatangani")
    TERMINATED = "terminated", _("Diakhiri")


class State(TextChoices):
    """Where it stands on a day."""

    DRAFT = "draft", _("Draf")
    SIGNED = "signed", _("Ditandatangani, belum berlaku")
    IN_FORCE = "in_force", _("Berlaku")
    ENDING = "ending", _("Akan berakhir")
    ENDED = "ended", _("Berakhir")


class Act(TextChoices):
    SIGN = "sign", _("Tanda tangani")
    TERMINATE = "terminate", _("Akhiri")


class Step(NamedTuple):
    origin: Recorded
    target: Recorded


MOVES: Mapping[Act, Step] = {
    Act.SIGN: Step(Recorded.DRAFT, Recorded.SIGNED),
    Act.TERMINATE: Step(Recorded.SIGNED, Recorded.TERMINATED),
}


def state_of(recorded: str, from_date: date, last_day: date | None, *, on: date) -> State:
    """Where an agreement stands on a day; the last day is the one on which it still holds."""
    if recorded == Recorded.DRAFT:
        return State.DRAFT
    if last_day is not None and on > last_day:
        return State.ENDED
    if on < from_date:
        return State.SIGNED
    if last_day is not None and last_day - on <= ENDING:
        return State.ENDING
    return State.IN_FORCE
