"""Reports of providers in any order, twice, and before we know the message: the newest word stays."""

import random
from functools import partial
from threading import Event

import pytest

from notifications import delivery, receipts
from notifications.channels import Answer, Outcome
from notifications.channels.reports import Report, Word
from notifications.models import Message, Provider, Receipt
from notifications.states import MOVES, Channel, State
from tests.notifications.posts import contact_of, later, plug_in, sends_through, states, tell
from tests.races.crowd import errors, together
from tests.recipes import at

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
TEXT = Channel.TEXT
ROWS, THREADS = 20, 8
WORDS = [State.SENT, State.DELIVERED, State.READ] * 2


@pytest.fixture
def provider(hall, monkeypatch):
    """Answers with a reference of its own for each message."""
    sends_through(hall.mall, TEXT)
    accepted = partial(Answer, Outcome.ACCEPTED, "diterima")
    plug_in(monkeypatch, answer=lambda outgoing: accepted(reference=f"ref-{outgoing.key}"))
    return Provider.objects.get()


def fill(rows=ROWS):
    contact = contact_of(Provider.objects.get().mall, TEXT)
    for number in range(rows):
        tell(contact, event=f"ticket-event:{number}:1", not_after=at(23))
    return [f"ref-mpp-{pk}" for pk in Message.objects.waiting().values_list("pk", flat=True)]


def send_all():
    while found := delivery.claim(now=later(1)):
        for claimed in found:
            delivery.send(claimed, now=later(1))


def reports(references, words=WORDS):
    """Every word about every message, shuffled, in as many heaps as there are threads."""
    told = [Report(words=(Word(each, word),)) for each in references for word in words]
    random.shuffle(told)
    return [told[start::THREADS] for start in range(THREADS)]


def hear(provider, heap):
    for report in heap:
        receipts.take(provider, report, now=later(5))


def test_whatever_the_order_the_newest_word_stays(provider):
    references = fill()
    send_all()

    results = together(*[partial(hear, provider, heap) for heap in reports(references)])

    assert errors(results) == []
    assert states(channel=TEXT) == {State.READ}
    assert Receipt.objects.count() == 3 * ROWS


def test_a_report_that_comes_before_we_wrote_the_reference_down_is_not_lost(provider):
    """The provider reports while its answer is still on the way to us."""
    references = fill()
    heaps = reports(references)

    results = together(*[partial(hear, provider, heap) for heap in heaps], *[send_all] * 3)

    assert errors(results) == []
    assert states(channel=TEXT) == {State.READ}


def test_a_word_of_failure_never_undoes_that_it_was_read(provider):
    references = fill()
    send_all()
    hear(provider, [Report(words=(Word(each, State.READ),)) for each in references])

    together(*[partial(hear, provider, heap) for heap in reports(references, [State.DEAD])])

    assert states(channel=TEXT) == {State.READ}


def test_twin_saved_as_it_was_read_an_older_word_overwrites_the_newer(provider, guard_off):
    """Who looks first and saves later holds a state that others have left meanwhile."""
    is_held, is_read = Event(), Event()

    def save(message, move, _text, *, now):
        row = Message.objects.get(pk=message.pk)
        if row.state not in MOVES[move].origins:
            return
        if not is_held.is_set():
            is_held.set()
            assert is_read.wait(10)
        row.state = MOVES[move].target
        row.save()

    def read():
        assert is_held.wait(10)
        hear(provider, [Report(words=(Word(reference, State.READ),))])
        is_read.set()

    guard_off.setattr(receipts, "_move", save)
    (reference,) = fill(1)
    send_all()
    delivered = Report(words=(Word(reference, State.DELIVERED),))

    assert errors(together(partial(hear, provider, [delivered]), read)) == []

    assert states(channel=TEXT) == {State.DELIVERED}


def test_twin_without_the_look_back_an_early_report_is_lost(provider, guard_off):
    """Who only applies reports that find their message leaves those that came before it."""
    guard_off.setattr(receipts, "catch_up", lambda *_asked, **_more: None)
    references = fill(1)
    hear(provider, [Report(words=(Word(references[0], State.DELIVERED),))])

    send_all()

    assert states(channel=TEXT) == {State.SENT}
