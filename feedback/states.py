"""The whole life of a complaint, as one table, and how long each kind may take.

Imports nothing of ours.
"""

from typing import NamedTuple

from django.db.models import IntegerChoices
from django.utils.translation import gettext_lazy as _


class State(IntegerChoices):
    RECEIVED = 1, _("Diterima")
    FORWARDED = 2, _("Diteruskan")
    IN_WORK = 3, _("Sedang ditangani")
    ANSWERED = 4, _("Dijawab")
    CLOSED = 5, _("Selesai")


OPEN = frozenset({State.RECEIVED, State.FORWARDED, State.IN_WORK})  # somebody waits for an answer


class Move(IntegerChoices):
    RECEIVE = 1, _("Diterima")
    FORWARD = 2, _("Diteruskan")
    TAKE = 3, _("Mulai ditangani")
    INQUIRE = 4, _("Perlu pemeriksaan lapangan")
    ANSWER = 5, _("Dijawab")
    DISMISS = 6, _("Tidak dapat ditangani di sini")
    CLOSE = 7, _("Selesai")


class Step(NamedTuple):
    origins: frozenset[State]
    target: State


def _step(*origins: State, to: State) -> Step:
    return Step(frozenset(origins), to)


MOVES = {
    Move.FORWARD: _step(*OPEN, to=State.FORWARDED),
    Move.TAKE: _step(State.RECEIVED, State.FORWARDED, to=State.IN_WORK),
    Move.INQUIRE: _step(State.IN_WORK, to=State.IN_WORK),
    Move.ANSWER: _step(State.IN_WORK, to=State.ANSWERED),
    Move.DISMISS: _step(*OPEN, to=State.CLOSED),
    Move.CLOSE: _step(State.ANSWERED, to=State.CLOSED),
}
BEGINS = {Move.RECEIVE: State.RECEIVED}
SAYS = frozenset({Move.ANSWER, Move.DISMISS})  # what nobody does without a word to the person


class Kind(IntegerChoices):
    """What somebody sends. Source: PermenPANRB 62/2018, SP4N-LAPOR!"""

    COMPLAINT = 1, _("Pengaduan")
    INFORMATION = 2, _("Permintaan informasi")
    ASPIRATION = 3, _("Aspirasi")


# Working days until the answer. Source: SP4N-LAPOR! under PermenPANRB 62/2018.
DAYS = {Kind.COMPLAINT: 14, Kind.INFORMATION: 5, Kind.ASPIRATION: 14}
INQUIRY_DAYS = 60  # where somebody has to look on the spot
