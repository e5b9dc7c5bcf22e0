"""A mall that sends, people it reaches, and a provider that answers as a test says."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from model_bakery import baker

from notifications import contacts, delivery, outbox
from notifications.channels import Answer, Outcome, registry
from notifications.contacts import Reach
from notifications.models import Consent, Message, Messaging, Provider
from notifications.states import Channel, State
from tests.recipes import at

PHONE, MAIL = "+6281234567890", "siti@example.org"
FINE = Answer(Outcome.ACCEPTED, "diterima", reference="ref-1")
LATER = Answer(Outcome.FAILED, "coba lagi nanti")
DOWN = Answer(Outcome.FAILED, "tidak terjangkau", is_down=True)
NEVER = Answer(Outcome.REFUSED, "nomor tidak dikenal")
CALLED = {"nomor": "A-001", "loket": "3", "mal": "MPP Uji"}
BOOKED = {
    "nama": "Siti A.",
    "mal": "MPP Uji",
    "layanan": "Paspor",
    "instansi": "Imigrasi",
    "jadwal": "Senin",
    "jam": "09.00",
    "kode": "ABCD-2345",
    "syarat": "KTP",
    "alasan": "-",
    "tautan": "http://127.0.0.1/reservasi/rahasia/",
}


def sends_through(mall, *channels, price=0, budget=None, **arranged) -> None:
    """The mall has a provider for each of these channels, in this order."""
    order = [int(channel) for channel in channels]
    baker.make(Messaging, mall=mall, order=order, daily_budget=budget, **arranged)
    for channel in channels:
        baker.make(Provider, mall=mall, channel=channel, is_on=True, price=Decimal(price))


def contact_of(mall, *channels, phone=PHONE, email=MAIL, language="id"):
    """Somebody who wants to hear through these channels."""
    reach = Reach(phone, email, frozenset(channels), language)
    return contacts.add(mall.pk, reach, how=Consent.How.FORM, now=at(7))


def tell(contact, kind="ticket_called", *, event="ticket-event:1:1", now=None, **more):
    values = CALLED if kind.startswith("ticket") else BOOKED
    outbox.send(contact.pk, kind, event=event, values=values, now=now or at(9), **more)


def message(channel=Channel.TEXT, **about) -> Message:
    return Message.objects.get(channel=channel, **about)


def work(*, now, most: int = 100) -> int:
    """A worker that does all that is due; answers how many rows it claimed."""
    done = 0
    delivery.tidy(now=now)
    while found := delivery.claim(now=now):
        for claimed in found:
            delivery.send(claimed, now=now)
        done += len(found)
        assert done < most, "the same rows come back for ever"
    return done


class Line:
    """A channel that notes what it is given and answers as it is told."""

    def __init__(self, answer: Answer | Callable[[object], Answer] = FINE):
        self.answer, self.sent = answer, []

    def __call__(self, outgoing, _settings, _secrets):
        self.sent.append(outgoing)
        return self.answer(outgoing) if callable(self.answer) else self.answer


def plug_in(monkeypatch, channel=Channel.TEXT, answer=FINE) -> Line:
    line = Line(answer)
    monkeypatch.setitem(registry.SENDERS, channel, line)
    return line


def states(**about) -> set[State]:
    return {State(row.state) for row in Message.objects.filter(**about)}


def later(seconds: float):
    return at(9) + timedelta(seconds=seconds)
