"""Ten parallel copies of a note, alone and with a transfer: one note, one answer."""

from functools import partial

import pytest

from queueing import notes, tickets
from queueing.models import Note, Ticket
from tests.races.crowd import errors, together
from tests.recipes import add_counter, at, key, make_queue, make_service

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def served(hall):
    pk = hall.issue(now=at(8, 30)) and hall.call()
    hall.act(tickets.serve, pk)
    return pk


def ten_times(hall, act, pk, **more):
    press = partial(act, pk, counter=hall.counter, by=hall.officer, now=at(9), key=key(), **more)
    return together(*[press] * 10)


def test_ten_copies_of_a_note_are_one_note(hall):
    answers = ten_times(hall, notes.add, served(hall), text="Berkas lengkap.")

    assert errors(answers) == []
    assert set(answers) == {Note.objects.get().pk}


def test_ten_copies_of_a_transfer_with_a_note_are_one_of_each(hall):
    service = make_service(make_queue(hall.presence, "B"))
    add_counter(hall, queues=[service.queue])
    first = served(hall)

    answers = ten_times(hall, notes.transfer, first, text="Lanjut.", service_id=service.pk)

    assert errors(answers) == []
    assert set(answers) == {Ticket.objects.get(came_from=first).pk}
    assert Note.objects.count() == 1
