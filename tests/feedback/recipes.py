"""Visits that were served, what their holders think, and people who complain."""

from core import memo
from feedback import complaints, surveys
from feedback.complaints import Filed
from feedback.models import Complaint, Opinion
from feedback.questions import Element, HalfDay
from feedback.states import Kind
from feedback.surveys import Said
from notifications.contacts import Reach
from notifications.states import Channel
from queueing.models import Ticket
from tests.recipes import at, key

TEXT = "Antrean di loket 3 berhenti satu jam tanpa penjelasan."
ANSWER = "Terima kasih. Petugas pengganti sekarang ditugaskan saat istirahat."
REACH = Reach("+6281234567890", "", frozenset({Channel.TEXT}))


def serve(hall, *, now=None) -> Ticket:
    """Somebody whose number was called and served."""
    pk = hall.issue(now=now)
    hall.done(hall.call(now=now), now=now)
    return last(pk)


def last(pk) -> Ticket:
    return Ticket.objects.with_names().get(pk=pk)


def scores(value=3, **other) -> dict[Element, int]:
    """The same score for each element, but for those named u1 to u9."""
    return {each: other.get(each.field, value) for each in Element}


def think(hall, *, now=None, text="", said=None, value=3) -> Opinion:
    """Somebody is served and says what they think."""
    ticket = serve(hall, now=now or at(9))
    surveys.answer(ticket, said or Said(scores(value), {}, text), now=now or at(10))
    return Opinion.objects.latest("pk")


def complain(hall, *, now=None, text=TEXT, kind=Kind.COMPLAINT, **more) -> Complaint:
    """Somebody writes to the house."""
    memo.clear_all()
    filed = Filed(kind, text, **more)
    pk = complaints.receive(hall.mall, filed, now=now or at(9), key=key())
    return stored(pk)


def think_and_complain(hall) -> None:
    """One opinion and one complaint, as the pages of both show them."""
    row = Opinion(mall=hall.mall, presence=hall.presence, service=hall.service, mark="a" * 64)
    row.date, row.half_day, row.sealed_text = at(8).date(), HalfDay.MORNING, ""
    for each in Element:
        setattr(row, each.field, 3)
    row.save()
    complain(hall, now=at(8))


def stored(pk) -> Complaint:
    return Complaint.objects.with_names().get(pk=pk)


def do(move, complaint, *args, by, now=None) -> Complaint:
    """One of complaints.take, forward, …"""
    move(complaint.pk, *args, by=by, now=now or at(10), key=key())
    return stored(complaint.pk)


def answered(complaint, *, by, now=None) -> Complaint:
    do(complaints.take, complaint, by=by, now=now)
    return do(complaints.answer, complaint, ANSWER, by=by, now=now)


def form_of(value=3, **more) -> dict[str, object]:
    """The survey as a browser sends it."""
    return {each.field: value for each in Element} | more
