"""The whole life of an application for a place, as one table. Imports nothing of ours.

Somebody applies for a place of a day that has none to give at once: to take part in a draw, or to
wait for a place that comes back.
"""

from datetime import timedelta
from typing import NamedTuple

from django.db.models import IntegerChoices
from django.utils.translation import gettext_lazy as _


class State(IntegerChoices):
    APPLIED = 1, _("Ikut undian")
    WAITING = 2, _("Menunggu tempat")
    OFFERED = 3, _("Ditawari tempat")
    PLACED = 4, _("Mendapat tempat")
    WITHDRAWN = 5, _("Ditarik")
    ENDED = 6, _("Selesai tanpa tempat")


OPEN = frozenset({State.APPLIED, State.WAITING, State.OFFERED})
HAS_BOOKING = frozenset({State.OFFERED, State.PLACED})


class Move(IntegerChoices):
    APPLY = 1, _("Ikut undian")
    JOIN = 2, _("Masuk daftar tunggu")
    WIN = 3, _("Mendapat tempat dalam undian")
    LOSE = 4, _("Belum mendapat tempat dalam undian")
    OFFER = 5, _("Tempat ditawarkan")
    ACCEPT = 6, _("Tawaran diambil")
    DECLINE = 7, _("Tawaran ditolak")
    LAPSE = 8, _("Tawaran tidak dijawab")
    WITHDRAW = 9, _("Ditarik pemohon")
    END = 10, _("Selesai tanpa tempat")
    CALL_OFF = 11, _("Dihentikan kantor")


class Step(NamedTuple):
    origins: frozenset[State]
    target: State


def _step(*origins: State, to: State) -> Step:
    return Step(frozenset(origins), to)


BEGINS = {Move.APPLY: State.APPLIED, Move.JOIN: State.WAITING}
MOVES = {
    Move.WIN: _step(State.APPLIED, to=State.PLACED),
    Move.LOSE: _step(State.APPLIED, to=State.WAITING),
    Move.OFFER: _step(State.WAITING, to=State.OFFERED),
    Move.ACCEPT: _step(State.OFFERED, to=State.PLACED),
    Move.DECLINE: _step(State.OFFERED, to=State.WAITING),
    Move.LAPSE: _step(State.OFFERED, to=State.WAITING),
    Move.WITHDRAW: _step(State.APPLIED, State.WAITING, State.OFFERED, to=State.WITHDRAWN),
    Move.END: _step(State.APPLIED, State.WAITING, to=State.ENDED),
    Move.CALL_OFF: _step(State.APPLIED, State.WAITING, State.OFFERED, to=State.ENDED),
}

OFFERS = 3  # so many offers at most, then others are asked
OFFER_STANDS = timedelta(hours=3)  # by day; one made in the evening stands until the morning
OFFERED_BEFORE = timedelta(hours=1)  # nobody is offered a window that begins sooner
COLLECTED_FOR = timedelta(hours=24)  # applications of a draw
