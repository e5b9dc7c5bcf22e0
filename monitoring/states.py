"""The whole life of a report, as one table. Imports nothing of ours.

A version is frozen once and never changed: what is wrong in it is put right by the next version.
"""

from collections.abc import Mapping
from typing import NamedTuple

from django.db.models import IntegerChoices
from django.utils.translation import gettext_lazy as _


class State(IntegerChoices):
    BUILDING = 1, _("Sedang disusun")
    READY = 2, _("Siap dikirim")
    SUBMITTED = 3, _("Dikirim")
    RETURNED = 4, _("Dikembalikan")
    ACCEPTED = 5, _("Diterima")
    FAILED = 6, _("Gagal disusun")
    REPLACED = 7, _("Diganti versi baru")


# Of a mall's reports of one period one is in hand at most; what is accepted stands beside it.
IN_HAND = frozenset(
    {State.BUILDING, State.READY, State.SUBMITTED, State.RETURNED, State.FAILED},
)
FROZEN = frozenset(
    {State.READY, State.SUBMITTED, State.RETURNED, State.ACCEPTED, State.REPLACED},
)
# What has left the mall; until then it is nobody else's to read.
SENT = frozenset({State.SUBMITTED, State.RETURNED, State.ACCEPTED})
DONE = frozenset({State.SUBMITTED, State.ACCEPTED})  # nothing is left for the mall to do


class Move(IntegerChoices):
    BEGIN = 1, _("Penyusunan dimulai")
    FREEZE = 2, _("Selesai disusun")
    FAIL = 3, _("Gagal disusun")
    RETRY = 4, _("Disusun sekali lagi")
    SUBMIT = 5, _("Dikirim")
    GIVE_BACK = 6, _("Dikembalikan")
    ACCEPT = 7, _("Diterima")
    REPLACE = 8, _("Diganti versi baru")


class Step(NamedTuple):
    origins: frozenset[State]
    target: State


def _step(*origins: State, to: State) -> Step:
    return Step(frozenset(origins), to)


BEGINS: Mapping[Move, State] = {Move.BEGIN: State.BUILDING}
MOVES: Mapping[Move, Step] = {
    Move.FREEZE: _step(State.BUILDING, to=State.READY),
    Move.FAIL: _step(State.BUILDING, to=State.FAILED),
    Move.RETRY: _step(State.FAILED, to=State.BUILDING),
    Move.SUBMIT: _step(State.READY, to=State.SUBMITTED),
    Move.GIVE_BACK: _step(State.SUBMITTED, to=State.RETURNED),
    Move.ACCEPT: _step(State.SUBMITTED, to=State.ACCEPTED),
    # By the version that follows: when it is begun; of an accepted one, when that is accepted too.
    Move.REPLACE: _step(
        *(State.READY, State.SUBMITTED, State.RETURNED, State.ACCEPTED), to=State.REPLACED
    ),
}
ONCE = frozenset(Move) - {Move.FAIL, Move.RETRY}  # in the life of a version


class Stage(IntegerChoices):
    """How far the building of a report has come, in the words people read meanwhile."""

    WAITING = 0, _("Menunggu giliran")
    FIGURES = 10, _("Membaca angka")
    TABLES = 40, _("Menyusun tabel")
    FINDINGS = 60, _("Mencari yang perlu perhatian")
    PAPERS = 80, _("Mencoba berkas PDF dan lembar kerja")
    DONE = 100, _("Selesai")
