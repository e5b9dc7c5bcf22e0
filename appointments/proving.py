"""The code by phone that somebody types before a reservation counts, where the mall asks for one.

It goes out and comes back outside of any transaction: what was tried stays counted.
"""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from agencies.models import Mall
from appointments import plans
from appointments.people import Person
from appointments.refusals import CodeNeeded
from notifications import codes
from notifications.contacts import Reach


def of_booking(booking_id: int) -> str:
    """What a code for a held place proves."""
    return f"booking:{booking_id}"


def of_application(key: UUID) -> str:
    """What a code for an application proves: there is no row yet, only its form."""
    return f"apply:{key}"


def refuse_unproven(purpose: str, mall_id: int, person: Person, *, now: datetime) -> None:
    """Whether the person may go on without a code. Raises CodeNeeded."""
    if not person.has_applied and is_needed(purpose, mall_id, person, now=now):
        raise CodeNeeded(_("Ketik dahulu kode yang dikirim ke nomor ponsel itu."))


def is_needed(purpose: str, mall_id: int, person: Person, *, now: datetime) -> bool:
    """Whether the mall asks for a code, and none was typed for this phone lately."""
    return plans.asks_code(mall_id) and not codes.is_proven(purpose, person.phone, now=now)


def take(
    purpose: str, mall: Mall, person: Person, typed: str, *, again: bool, now: datetime
) -> bool:
    """Take the code that was typed; send one where none was, or `again`. Says if it is proven.

    Raises CodeWrong, and what codes.send raises.
    """
    sent_at = codes.sent_at(purpose, person.phone)
    is_over = sent_at is not None and now >= sent_at + codes.LIVES
    # To another number than before no code has gone out yet, whatever was typed.
    if again or sent_at is None or (is_over and not typed):
        codes.send(purpose, mall, _reach(person), now=now)
        return False
    if not typed:
        return False
    codes.prove(purpose, person.phone, typed, now=now)
    return True


def _reach(person: Person) -> Reach:
    """Who gets the code: whoever asks for one has agreed to nothing else yet."""
    language = person.reach.language if person.reach else "id"
    return Reach(phone=person.phone, language=language)
