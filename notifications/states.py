"""The whole life of a message, as one table; channels, and the lanes they travel in.

Imports nothing of ours.
"""

from datetime import timedelta
from typing import NamedTuple

from django.db.models import IntegerChoices
from django.utils.translation import gettext_lazy as _


class Channel(IntegerChoices):
    INBOX = 1, _("Halaman portal")
    PUSH = 2, _("Pemberitahuan di peranti")
    WHATSAPP = 3, _("WhatsApp")
    TEXT = 4, _("SMS atau gerbang pesan")
    EMAIL = 5, _("Surel")


BY_PHONE = (Channel.WHATSAPP, Channel.TEXT)
OUTSIDE = (Channel.WHATSAPP, Channel.TEXT, Channel.EMAIL)  # one of them, the next where it fails
FREE = (Channel.INBOX, Channel.PUSH)  # beside them, at no cost


class Lane(IntegerChoices):
    """What waits behind what: a code never waits behind a hundred thousand reminders."""

    CODES = 1, _("Kode sekali pakai")
    CALLS = 2, _("Panggilan dan jawaban")
    REMINDERS = 3, _("Pengingat")
    REPORTS = 4, _("Laporan")


QUEUES = {
    Lane.CODES: "codes",
    Lane.CALLS: "calls",
    Lane.REMINDERS: "reminders",
    Lane.REPORTS: "reports",
}


class State(IntegerChoices):
    WAITING = 1, _("Menunggu")
    SENDING = 2, _("Sedang dikirim")
    SENT = 3, _("Diterima penyedia")
    DELIVERED = 4, _("Sampai")
    READ = 5, _("Dibaca")
    DEAD = 6, _("Gagal")
    STALE = 7, _("Kedaluwarsa")
    WITHDRAWN = 8, _("Ditarik")


ARRIVED = frozenset({State.SENT, State.DELIVERED, State.READ})  # a provider has it, or the person
ENDED = ARRIVED | {State.DEAD, State.STALE, State.WITHDRAWN}


class Move(IntegerChoices):
    CLAIM = 1, _("Diambil pengirim")
    ACCEPT = 2, _("Diterima penyedia")
    PUT_OFF = 3, _("Dicoba lagi nanti")
    GIVE_UP = 4, _("Gagal")
    EXPIRE = 5, _("Kedaluwarsa")
    WITHDRAW = 6, _("Ditarik")
    DELIVER = 7, _("Sampai")
    READ = 8, _("Dibaca")
    FAIL = 9, _("Gagal menurut penyedia")
    RETRY = 10, _("Dicoba lagi oleh petugas")


class Step(NamedTuple):
    origins: frozenset[State]
    target: State


def _step(*origins: State, to: State) -> Step:
    return Step(frozenset(origins), to)


MOVES = {
    Move.CLAIM: _step(State.WAITING, to=State.SENDING),
    Move.ACCEPT: _step(State.SENDING, to=State.SENT),
    Move.PUT_OFF: _step(State.SENDING, to=State.WAITING),
    Move.GIVE_UP: _step(State.SENDING, to=State.DEAD),
    Move.EXPIRE: _step(State.WAITING, State.SENDING, to=State.STALE),
    Move.WITHDRAW: _step(State.WAITING, State.SENDING, to=State.WITHDRAWN),
    # What a provider reports: an older word never overwrites a newer one.
    Move.DELIVER: _step(State.SENT, to=State.DELIVERED),
    Move.READ: _step(State.SENT, State.DELIVERED, to=State.READ),
    Move.FAIL: _step(State.SENT, to=State.DEAD),
    Move.RETRY: _step(State.DEAD, to=State.WAITING),
}

TRIES = 8  # then it is dead, with a reason
LEASE = timedelta(seconds=40)  # a killed worker's message is free again after it
TIMEOUT = timedelta(seconds=10)  # for a provider's whole answer
# Seconds to wait after each try: patient, and quick where what is said is soon over.
PATIENT = (15, 30, 60, 240, 900, 2700, 4500)
QUICK = (2, 4, 8, 10, 10, 10, 10)
BRIEF = timedelta(minutes=10)  # what is worth no longer than that is in a hurry
