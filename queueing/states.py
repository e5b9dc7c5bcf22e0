"""The whole life of a ticket, as one table. Imports nothing of ours."""

from datetime import timedelta
from typing import NamedTuple

from django.db.models import IntegerChoices
from django.utils.translation import gettext_lazy as _


class State(IntegerChoices):
    WAITING = 1, _("Menunggu")
    CALLED = 2, _("Dipanggil")
    SERVING = 3, _("Sedang dilayani")
    HOLD = 4, _("Ditunda")
    NO_SHOW = 5, _("Tidak hadir")
    DONE = 6, _("Selesai")
    CANCELLED = 7, _("Dibatalkan")
    TRANSFERRED = 8, _("Dialihkan")
    EXPIRED = 9, _("Kedaluwarsa")
    PRINTING = 10, _("Sedang dicetak")
    WITHDRAWN = 11, _("Ditarik, tidak pernah tercetak")


AT_COUNTER = frozenset({State.CALLED, State.SERVING})
OPEN = AT_COUNTER | {State.PRINTING, State.WAITING, State.HOLD, State.NO_SHOW}
ENDED = frozenset(State) - OPEN


class Move(IntegerChoices):
    ISSUE = 1, _("Nomor diambil")
    CALL = 2, _("Dipanggil")
    RECALL = 3, _("Dipanggil ulang")
    UNDO = 4, _("Panggilan dibatalkan")
    SERVE = 5, _("Mulai dilayani")
    HOLD = 6, _("Ditunda")
    RESUME = 7, _("Dipanggil kembali")
    SKIP = 8, _("Tidak hadir")
    RETURN = 9, _("Kembali mengantre")
    FINISH = 10, _("Selesai")
    TRANSFER = 11, _("Dialihkan")
    CANCEL = 12, _("Dibatalkan")
    EXPIRE = 13, _("Kedaluwarsa")
    CONFIRM = 14, _("Cetakan dipastikan")
    WITHDRAW = 15, _("Ditarik, tidak pernah tercetak")


class Step(NamedTuple):
    origins: frozenset[State]
    target: State


def _step(*origins: State, to: State) -> Step:
    return Step(frozenset(origins), to)


MOVES = {
    Move.CALL: _step(State.WAITING, to=State.CALLED),
    Move.RECALL: _step(State.CALLED, to=State.CALLED),
    Move.UNDO: _step(State.CALLED, to=State.WAITING),
    Move.SERVE: _step(State.CALLED, to=State.SERVING),
    Move.HOLD: _step(State.SERVING, to=State.HOLD),
    Move.RESUME: _step(State.HOLD, to=State.CALLED),
    Move.SKIP: _step(State.CALLED, to=State.NO_SHOW),
    Move.RETURN: _step(State.NO_SHOW, to=State.WAITING),
    Move.FINISH: _step(State.SERVING, to=State.DONE),
    Move.TRANSFER: _step(State.SERVING, to=State.TRANSFERRED),
    Move.CANCEL: _step(State.WAITING, to=State.CANCELLED),
    Move.EXPIRE: _step(State.WAITING, State.HOLD, State.NO_SHOW, to=State.EXPIRED),
    Move.CONFIRM: _step(State.PRINTING, to=State.WAITING),
    Move.WITHDRAW: _step(State.PRINTING, to=State.WITHDRAWN),
}

BEGINS = frozenset({State.WAITING, State.PRINTING})  # a kiosk's number waits for its print first
MAX_RECALLS = 3
PRINT_WITHIN = timedelta(minutes=2)  # until then a print or a scan must be confirmed
UNDO_WITHIN = timedelta(seconds=30)
MAX_RETURNS = 1
RETURN_BEHIND = 3  # so many people of the same class stay in front of somebody who comes back


class Priority(IntegerChoices):
    """Why somebody has priority, without proof. Source: UU 25/2009 on special treatment."""

    NONE = 0, _("Reguler")
    ELDERLY = 1, _("Lansia")
    DISABILITY = 2, _("Penyandang disabilitas")
    PREGNANT = 3, _("Ibu hamil")
    TODDLER = 4, _("Membawa balita")


class Rule(IntegerChoices):
    """Why this person and nobody else was called."""

    FIRST = 1, _("paling dahulu datang")
    PRIORITY_TURN = 2, _("giliran jalur prioritas")
    REGULAR_TURN = 3, _("giliran jalur reguler")
    COUNTER_ORDER = 4, _("urutan antrean loket")
    OUT_OF_ORDER = 5, _("dipanggil di luar urutan")


class Reason(IntegerChoices):
    """The only reasons for calling somebody out of order; counted in public."""

    URGENT_HEALTH = 1, _("Keadaan kesehatan mendesak")
    CANNOT_WAIT = 2, _("Penyandang disabilitas yang tidak dapat menunggu")
    PAPERS_COMPLETED = 3, _("Kembali setelah melengkapi berkas")
    OFFICE_MISTAKE = 4, _("Memperbaiki kekeliruan kantor")
    SYSTEM_TROUBLE = 5, _("Gangguan alat atau jaringan")
