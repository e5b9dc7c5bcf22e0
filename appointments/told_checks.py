"""Whether people were told of every event of their reservations that must be told (I8)."""

# ruff: noqa: S608 - the statements are put together from the constants of this file

from appointments.models import Application, Booking
from appointments.telling import TOLD, TOLD_OF_APPLICATION
from core.proof import Breach, Outcome, Scope

MOVES = ", ".join(str(int(move)) for move in TOLD)
# The result of a draw says for itself that a place is promised.
BOOKED = f"""
    FROM appointments_bookingevent AS event
    JOIN appointments_booking AS owner ON owner.id = event.booking_id
    JOIN appointments_slot AS slot ON slot.id = event.slot_id
    JOIN notifications_contact AS contact ON contact.id = owner.contact_id
    WHERE (%(mall)s IS NULL OR contact.mall_id = %(mall)s) AND slot.date >= %(since)s
        AND event.move IN ({MOVES}) AND contact.created_at <= event.at
        AND NOT EXISTS (SELECT 1 FROM appointments_application AS application
            WHERE application.booking_id = owner.id AND application.rank IS NOT NULL)"""
APPLIED = f"""
    FROM appointments_applicationevent AS event
    JOIN appointments_application AS owner ON owner.id = event.application_id
    JOIN notifications_contact AS contact ON contact.id = owner.contact_id
    WHERE (%(mall)s IS NULL OR contact.mall_id = %(mall)s) AND owner.date >= %(since)s
        AND event.move IN ({", ".join(str(int(move)) for move in TOLD_OF_APPLICATION)})
        AND contact.created_at <= event.at"""
UNTOLD = """
    AND NOT EXISTS (SELECT 1 FROM notifications_message AS message
        WHERE message.contact_id = owner.contact_id AND message.event = '{name}:' || event.id)"""


def bookings(scope: Scope) -> Outcome:
    statement = f"SELECT owner.id {BOOKED} {UNTOLD.format(name='booking-event')}"
    wrong = [Breach(Booking, pk, "changed and nobody was told") for (pk,) in scope.rows(statement)]
    return Outcome(scope.count(f"SELECT COUNT(*) {BOOKED}"), wrong)


def applications(scope: Scope) -> Outcome:
    statement = f"SELECT owner.id {APPLIED} {UNTOLD.format(name='application-event')}"
    rows = scope.rows(statement)
    wrong = [Breach(Application, pk, "changed and nobody was told") for (pk,) in rows]
    return Outcome(scope.count(f"SELECT COUNT(*) {APPLIED}"), wrong)
