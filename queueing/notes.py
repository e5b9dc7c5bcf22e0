"""What is said at a counter about a visit: a word for the next agency, and papers not brought.

No other module writes a note or a shortfall. Both belong to the moment at the counter: they are
written by whoever serves the person, and a note is read again only where the same person stands.
Neither raises the version of the screens, because no screen but the writer's own shows them.
"""

import re
from datetime import date, datetime
from hashlib import sha256
from unicodedata import normalize
from uuid import UUID

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from accounts.models import User
from agencies.models import Counter, CounterDay
from core.idempotency import once
from queueing import desks, tickets
from queueing.models import Note, Shortfall, Ticket
from queueing.refusals import NotRequired, PersonalData, TextMissing, TextTooLong, WrongState
from queueing.states import State
from services.models import Service

LONGEST = 200
# A day written in figures is no number of a person, though a time behind it may look like one.
DAY = re.compile(r"(?<!\d)\d{1,2}[-/. ]\d{1,2}[-/. ](?:19|20)\d{2}(?!\d)")
# NIK, family card and telephone, also written in groups: ten figures and what stands in gaps.
PERSONAL = re.compile(r"\d(?:[-–/. ()]{0,3}\d){9}")


def add(ticket_id: int, text: str, *, counter: Counter, by: User, now: datetime, key: UUID) -> int:
    """Leave a word for the next counter of this visit; return the note's id.

    Raises TextMissing, TextTooLong, PersonalData, NotAtDesk, or WrongState when the person is
    not being served here.
    """
    text = _fit(text)

    def act() -> int:
        ticket = _served(ticket_id, counter, by)
        note = Note.objects.create(
            visit_id=ticket.visit_id, counter=counter, by=by, at=now, text=text
        )
        return note.pk

    # The answer is kept for days and must not repeat the words.
    fingerprint = f"note {ticket_id} {sha256(text.encode()).hexdigest()[:16]}"
    return int(once(f"note:{ticket_id}", key, fingerprint, act, now=now)[0])


@transaction.atomic
def transfer(
    ticket_id: int,
    *,
    text: str,
    service_id: int,
    counter: Counter,
    by: User,
    now: datetime,
    key: UUID,
) -> int:
    """Transfer somebody with a word for the next agency, both or neither; no text is no note."""
    if _squeezed(text):
        add(ticket_id, text, counter=counter, by=by, now=now, key=key)
    return tickets.transfer(
        ticket_id, service_id=service_id, counter=counter, by=by, now=now, key=key
    )


def of(ticket: Ticket) -> QuerySet[Note]:
    """The notes of the ticket's visit with the `agency` of each; only for the counter it is at."""
    held = CounterDay.objects.on(ticket.day.date).filter(counter=OuterRef("counter"))
    days = held.values("presence__agency__name")
    notes = Note.objects.filter(visit=ticket.visit_id).select_related("counter")
    return notes.annotate(agency=Subquery(days[:1]))


@transaction.atomic
def mark_missing(
    ticket_id: int, requirement: str, *, counter: Counter, by: User, now: datetime
) -> None:
    """Record that the person did not bring this; a second time changes nothing.

    Raises NotRequired for what the service does not ask for, else as add does.
    """
    ticket = _served(ticket_id, counter, by)
    if requirement not in required(ticket.service):
        raise NotRequired(_("Persyaratan itu tidak ada pada layanan ini."))
    Shortfall.objects.get_or_create(
        ticket=ticket, requirement=requirement, defaults={"by": by, "at": now}
    )


@transaction.atomic
def unmark_missing(ticket_id: int, requirement: str, *, counter: Counter, by: User) -> None:
    """Take a slip of the finger back while the person is still here.

    It is no event of the ticket's life but a mark on it, so it is deleted and leaves no trace.
    """
    ticket = _served(ticket_id, counter, by)
    Shortfall.objects.filter(ticket=ticket, requirement=requirement).delete()


def required(service: Service) -> list[str]:
    """What the service asks people to bring, in the words that a shortfall keeps."""
    return [entry["text"][:LONGEST] for entry in service.requirements]


def missing_at(counter: Counter, *, on: date) -> dict[int, set[str]]:
    """What was missing at this counter on a day, by ticket."""
    found: dict[int, set[str]] = {}
    at_counter = Shortfall.objects.filter(
        ticket__counter=counter, ticket__day__date=on, ticket__day__mall=counter.mall_id
    )
    for ticket_id, requirement in at_counter.values_list("ticket_id", "requirement"):
        found.setdefault(ticket_id, set()).add(requirement)
    return found


def _served(ticket_id: int, counter: Counter, by: User) -> Ticket:
    """The ticket, if this officer serves it at this counter now.

    The desk is locked and every move at a counter locks it too: the ticket stays till the end.
    """
    desks.lock(counter, by)
    ticket = Ticket.objects.select_related("service").get(pk=ticket_id)
    if ticket.counter_id != counter.pk or ticket.state != State.SERVING:
        raise WrongState(_("Nomor itu tidak sedang dilayani di loket ini."))
    return ticket


def _fit(text: str) -> str:
    """The words as they are kept, or why they are not."""
    text = _squeezed(text)
    if not text:
        raise TextMissing(_("Tulis catatannya dahulu."))
    if len(text) > LONGEST:
        raise TextTooLong(_("Catatan paling panjang 200 huruf. Persingkat, lalu simpan lagi."))
    if PERSONAL.search(DAY.sub(" ", text)):
        raise PersonalData(
            _(
                "Catatan tidak boleh memuat NIK, nomor KK, atau nomor telepon. Hapus angkanya,"
                " lalu simpan lagi."
            )
        )
    return text


def _squeezed(text: str) -> str:
    """One line of signs that can be seen: a sign without width could hide a number."""
    shown = "".join(sign for sign in text if sign.isprintable() or sign.isspace())
    return normalize("NFC", " ".join(shown.split()))
