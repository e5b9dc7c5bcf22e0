"""The way of a mall from the commitment to being coached, and what of it is a step back."""

from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from agencies.stages import HIDDEN
from agencies.stages import Stage as Stage


class Act(TextChoices):
    """What happens on the way, as a milestone records it."""

    COMMIT = "commit", _("Penandatanganan komitmen")
    PREPARE = "prepare", _("Persiapan dimulai")
    NEGOTIATE = "negotiate", _("Penyusunan kerja sama dimulai")
    LAUNCH = "launch", _("Pembukaan terbatas (soft launching)")
    INAUGURATE = "inaugurate", _("Peresmian")
    COACH = "coach", _("Pendampingan dan pemantauan dimulai")
    MOVE = "move", _("Pindah tempat")
    SUSPEND = "suspend", _("Dihentikan sementara")
    REOPEN = "reopen", _("Dibuka kembali")


class Step(NamedTuple):
    """Where an act may begin and where it ends; None: it ends where the mall stood before."""

    origins: frozenset[Stage]
    target: Stage | None


def _step(*origins: Stage, to: Stage | None) -> Step:
    return Step(frozenset(origins), to)


# A mall goes each of these steps once; the others as often as life wants it.
ONCE = (Act.COMMIT, Act.PREPARE, Act.NEGOTIATE, Act.LAUNCH, Act.INAUGURATE, Act.COACH)
# What the ministry holds and records itself; the rest the people of the mall record.
OF_MINISTRY = frozenset({Act.COMMIT, Act.INAUGURATE, Act.COACH})

OPEN = (Stage.SOFT_LAUNCH, Stage.INAUGURATED, Stage.COACHED)

MOVES: Mapping[Act, Step] = {
    Act.COMMIT: _step(to=Stage.COMMITMENT),  # with which a mall begins
    Act.PREPARE: _step(Stage.COMMITMENT, to=Stage.PREPARATION),
    Act.NEGOTIATE: _step(Stage.PREPARATION, to=Stage.AGREEMENT),
    Act.LAUNCH: _step(Stage.AGREEMENT, to=Stage.SOFT_LAUNCH),
    Act.INAUGURATE: _step(Stage.SOFT_LAUNCH, to=Stage.INAUGURATED),
    Act.COACH: _step(Stage.INAUGURATED, to=Stage.COACHED),
    Act.MOVE: _step(*HIDDEN, *OPEN, Stage.SUSPENDED, to=None),
    Act.SUSPEND: _step(*OPEN, to=Stage.SUSPENDED),
    Act.REOPEN: _step(Stage.SUSPENDED, to=None),
}

# How long a mall may stand in a stage before the ministry's board points at it.
STILL: Mapping[Stage, timedelta] = {
    Stage.COMMITMENT: timedelta(days=90),
    Stage.PREPARATION: timedelta(days=365),
    Stage.AGREEMENT: timedelta(days=180),
    Stage.SOFT_LAUNCH: timedelta(days=365),
    Stage.INAUGURATED: timedelta(days=90),
    Stage.SUSPENDED: timedelta(days=90),
}


class Half(TextChoices):
    """The two halves of the preparation."""

    POLICY = "policy", _("Kebijakan")
    FACILITIES = "facilities", _("Sarana dan prasarana")
