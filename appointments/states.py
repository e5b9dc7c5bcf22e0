"""The whole life of a booking, as one table. Imports nothing of ours."""

from datetime import timedelta
from typing import NamedTuple

from django.db.models import IntegerChoices
from django.utils.translation import gettext_lazy as _


class State(IntegerChoices):
    HELD = 1, _("Ditahan")
    CONFIRMED = 2, _("Dipesan")
    ARRIVED = 3, _("Sudah datang")
    RELEASED = 4, _("Dilepas")
    CANCELLED = 5, _("Dibatalkan")
    NO_SHOW = 6, _("Tidak datang")
    CALLED_OFF = 7, _("Kantor berhalangan")


# Called off: the office owes another time, and the person chooses.
OPEN = frozenset({State.HELD, State.CONFIRMED, State.CALLED_OFF})
# A place that nobody came for is over with its window: it is counted, not sold again.
TAKES_PLACE = frozenset({State.HELD, State.CONFIRMED, State.ARRIVED, State.NO_SHOW})


class Move(IntegerChoices):
    HOLD = 1, _("Tempat ditahan")
    CONFIRM = 2, _("Dipesan")
    MOVE = 3, _("Dipindah")
    RELEASE = 4, _("Dilepas")
    CANCEL = 5, _("Dibatalkan pemohon")
    CANCEL_BY_OFFICE = 6, _("Dibatalkan kantor")
    ARRIVE = 7, _("Datang")
    MISS = 8, _("Tidak datang")
    ARRIVE_AGAIN = 9, _("Nomor yang tidak tercetak diganti")
    CALL_OFF = 10, _("Kantor berhalangan")


class Step(NamedTuple):
    origins: frozenset[State]
    target: State


def _step(*origins: State, to: State) -> Step:
    return Step(frozenset(origins), to)


MOVES = {
    Move.CONFIRM: _step(State.HELD, to=State.CONFIRMED),
    Move.MOVE: _step(State.CONFIRMED, State.CALLED_OFF, to=State.CONFIRMED),
    Move.RELEASE: _step(State.HELD, to=State.RELEASED),
    Move.CANCEL: _step(State.CONFIRMED, State.CALLED_OFF, to=State.CANCELLED),
    Move.CANCEL_BY_OFFICE: _step(State.CONFIRMED, State.CALLED_OFF, to=State.CANCELLED),
    Move.CALL_OFF: _step(State.CONFIRMED, to=State.CALLED_OFF),
    Move.ARRIVE: _step(State.CONFIRMED, to=State.ARRIVED),
    Move.ARRIVE_AGAIN: _step(State.ARRIVED, to=State.ARRIVED),
    Move.MISS: _step(State.CONFIRMED, to=State.NO_SHOW),
}


OFFICE = frozenset({Move.CALL_OFF, Move.CANCEL_BY_OFFICE})  # the office says why


class Share(IntegerChoices):
    """Whose places of a window they are."""

    ONLINE = 1, _("daring")
    PRIORITY = 2, _("prioritas")
    STAFF = 3, _("petugas")


class Mode(IntegerChoices):
    """How the places of a day are shared out among those who want one."""

    FIRST_COME = 1, _("Siapa cepat")
    DRAW = 2, _("Undian")


HELD_FOR = timedelta(minutes=10)  # a place waits so long for the rest of the form
OFFER_STANDS = timedelta(hours=24)  # so long at least somebody called off may choose anew
MOST_PER_PHONE = 3  # open bookings of one phone: a parent's, and those for two others
MISSES = 2  # so many no-shows
WITHIN = timedelta(days=90)  # in so long
PAUSE = timedelta(days=14)  # keep somebody from booking online for so long
