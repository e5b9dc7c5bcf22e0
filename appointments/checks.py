"""The questions of verify_invariants about reservations, each answered by one function."""

# ruff: noqa: S608 - the statements are put together from the constants of this file

from appointments.ledger import COLUMN
from appointments.models import Slot
from appointments.states import MOST_PER_PHONE, MOVES, OPEN, TAKES_PLACE
from core.proof import Breach, Outcome, Scope

IN_SCOPE = """service_id IN (
        SELECT service.id FROM services_service AS service
        JOIN agencies_presence AS presence ON presence.id = service.presence_id
        WHERE %(mall)s IS NULL OR presence.mall_id = %(mall)s)"""
TAKES = ", ".join(str(int(state)) for state in sorted(TAKES_PLACE))
OPENS = ", ".join(str(int(state)) for state in sorted(OPEN))
LEGAL = ", ".join(
    str((int(move), int(origin), int(step.target)))
    for move, step in MOVES.items()
    for origin in sorted(step.origins)
)
COUNT_BOOKINGS = f"""
    SELECT COUNT(*) FROM appointments_booking AS booking
    JOIN appointments_slot AS slot ON slot.id = booking.slot_id
    WHERE slot.{IN_SCOPE} AND slot.date >= %(since)s"""
LIVES = f"""
    SELECT slot_id, wrong FROM (
        SELECT booking.slot_id, CASE
            WHEN event.id IS NULL THEN 'has a booking without an event'
            WHEN LAG(event.id) OVER life IS NULL AND event.move <> 1
                THEN 'has a booking that was never held'
            WHEN LAG(event.id) OVER life IS NOT NULL AND event.origin IS NULL
                THEN 'has a booking that was held twice'
            WHEN event.origin IS NOT NULL AND (event.move, event.origin, event.target)
                NOT IN (VALUES {LEGAL}) THEN 'has a booking with a move that is not in the table'
            WHEN event.origin <> LAG(event.target) OVER life
                THEN 'has a booking that moved from a state it was not in'
            WHEN LEAD(event.id) OVER life IS NOT NULL THEN NULL
            WHEN event.target <> booking.state
                THEN 'has a booking that is not in the state of its last event'
            WHEN event.slot_id <> booking.slot_id
                THEN 'has a booking that is not where its last event says'
        END AS wrong
        FROM appointments_booking AS booking
        JOIN appointments_slot AS slot ON slot.id = booking.slot_id
        LEFT JOIN appointments_bookingevent AS event ON event.booking_id = booking.id
        WHERE slot.{IN_SCOPE} AND slot.date >= %(since)s
        WINDOW life AS (PARTITION BY booking.id ORDER BY event.id)
    ) AS step WHERE wrong IS NOT NULL"""
# A place given up is taken until it comes back.
COUNTED = ", ".join(
    f"""SUM(CASE WHEN booking.share = {int(share)} THEN 1 ELSE 0 END) + (
        SELECT COUNT(*) FROM appointments_returningplace AS returning_
        WHERE returning_.slot_id = slot.id AND returning_.share = {int(share)})"""
    for share in COLUMN
)
PLACES = f"""
    SELECT slot.id, slot.online, slot.priority, slot.staff, slot.walk_in,
        slot.booked_online, slot.booked_priority, slot.booked_staff,
        {COUNTED}
    FROM appointments_slot AS slot
    LEFT JOIN appointments_booking AS booking
        ON booking.slot_id = slot.id AND booking.state IN ({TAKES})
    WHERE slot.{IN_SCOPE} AND slot.date >= %(since)s GROUP BY slot.id"""
NIKS = f"""
    SELECT MIN(slot_id), COUNT(*) FROM appointments_booking
    WHERE {IN_SCOPE} AND nik_index <> '' AND state IN ({OPENS})
    GROUP BY nik_index, family HAVING COUNT(*) > 1"""
PHONES = f"""
    SELECT MIN(slot_id), COUNT(*) FROM appointments_booking
    WHERE {IN_SCOPE} AND phone_index <> '' AND state IN ({OPENS})
    GROUP BY phone_index HAVING COUNT(*) > {MOST_PER_PHONE}"""
COUNT_OPEN = f"""
    SELECT COUNT(*) FROM appointments_booking WHERE {IN_SCOPE} AND state IN ({OPENS})"""


def lives(scope: Scope) -> Outcome:
    """Every booking is where its events have led it."""
    wrong = [Breach(Slot, pk, what) for pk, what in scope.rows(LIVES)]
    return Outcome(scope.count(COUNT_BOOKINGS), wrong)


def places(scope: Scope) -> Outcome:
    """Every place taken is a booking, and none is taken that does not exist."""
    found = scope.rows(PLACES)
    wrong = [
        Breach(Slot, pk, f"{sum(taken)} taken, {sum(counted)} counted, {sum(there)} there")
        for pk, there, taken, counted in _split(found)
        if taken != counted or any(a > b for a, b in zip(taken, there, strict=True))
    ]
    return Outcome(len(found), wrong)


def people(scope: Scope) -> Outcome:
    """Nobody holds more places than the rule allows; whose they are is said by nothing."""
    wrong = [Breach(Slot, pk, f"{count} open by one NIK") for pk, count in scope.rows(NIKS)]
    wrong += [Breach(Slot, pk, f"{count} open by one phone") for pk, count in scope.rows(PHONES)]
    return Outcome(scope.count(COUNT_OPEN), wrong)


def shares(scope: Scope) -> Outcome:
    """opened = sold + walk-in + free: nothing is sold from the places of those who walk in."""
    found = scope.rows(PLACES)
    wrong = [
        Breach(Slot, row[0], f"{sum(row[8:])} sold of {sum(row[1:5])}, {row[4]} for walk-ins")
        for row in found
        if sum(row[1:5]) - sum(row[8:]) < row[4]
    ]
    return Outcome(len(found), wrong)


def _split(
    found: list[tuple[int, ...]],
) -> list[tuple[int, tuple[int, ...], tuple[int, ...], tuple[int, ...]]]:
    return [(row[0], row[1:4], row[5:8], tuple(map(int, row[8:]))) for row in found]
