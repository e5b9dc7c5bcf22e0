"""The questions of verify_invariants about applications and draws."""

# ruff: noqa: S608 - the statements are put together from the constants of this file

from appointments import draws
from appointments.application_states import BEGINS, MOVES, OFFERS, OPEN
from appointments.checks import IN_SCOPE
from appointments.models import Application, Draw
from appointments.states import MOST_PER_PHONE
from core.proof import Breach, Outcome, Scope

OPENS = ", ".join(str(int(state)) for state in sorted(OPEN))
BEGINNINGS = ", ".join(str((int(move), int(target))) for move, target in BEGINS.items())
LEGAL = ", ".join(
    str((int(move), int(origin), int(step.target)))
    for move, step in MOVES.items()
    for origin in sorted(step.origins)
)
COUNT = f"""
    SELECT COUNT(*) FROM appointments_application AS application
    WHERE application.{IN_SCOPE} AND application.date >= %(since)s"""
LIVES = f"""
    SELECT application_id, wrong FROM (
        SELECT application.id AS application_id, CASE
            WHEN event.id IS NULL THEN 'without an event'
            WHEN LAG(event.id) OVER life IS NULL
                AND (event.move, event.target) NOT IN (VALUES {BEGINNINGS})
                THEN 'did not begin as one begins'
            WHEN LAG(event.id) OVER life IS NOT NULL AND event.origin IS NULL THEN 'began twice'
            WHEN event.origin IS NOT NULL AND (event.move, event.origin, event.target)
                NOT IN (VALUES {LEGAL}) THEN 'with a move that is not in the table'
            WHEN event.origin <> LAG(event.target) OVER life
                THEN 'moved from a state it was not in'
            WHEN LEAD(event.id) OVER life IS NULL AND event.target <> application.state
                THEN 'not in the state of its last event'
        END AS wrong
        FROM appointments_application AS application
        LEFT JOIN appointments_applicationevent AS event ON event.application_id = application.id
        WHERE application.{IN_SCOPE} AND application.date >= %(since)s
        WINDOW life AS (PARTITION BY application.id ORDER BY event.id)
    ) AS step WHERE wrong IS NOT NULL"""
OFFERED = f"""
    SELECT application.id, COUNT(event.id) FROM appointments_application AS application
    LEFT JOIN appointments_applicationevent AS event
        ON event.application_id = application.id AND event.move = 5
    WHERE application.{IN_SCOPE} AND application.date >= %(since)s GROUP BY application.id
    HAVING COUNT(event.id) > {OFFERS} OR COUNT(event.id) <> MAX(application.offers)"""
STRANGE = f"""
    SELECT application.id FROM appointments_application AS application
    JOIN appointments_booking AS booking ON booking.id = application.booking_id
    JOIN appointments_slot AS slot ON slot.id = booking.slot_id
    WHERE application.{IN_SCOPE} AND application.date >= %(since)s
        AND (application.state = 3 AND booking.state <> 1
            OR application.state = 3 AND slot.date <> application.date
            OR application.state = 4 AND booking.state = 1
            OR booking.service_id <> application.service_id)"""
NIKS = f"""
    SELECT MIN(application.id), COUNT(*) FROM appointments_application AS application
    WHERE application.{IN_SCOPE} AND nik_index <> '' AND state IN ({OPENS})
    GROUP BY nik_index, family HAVING COUNT(*) > 1"""
PHONES = f"""
    SELECT MIN(application.id), COUNT(*) FROM appointments_application AS application
    WHERE application.{IN_SCOPE} AND state IN ({OPENS})
    GROUP BY phone_index HAVING COUNT(*) > {MOST_PER_PHONE}"""
DRAWN = f"""
    SELECT draw.id FROM appointments_draw AS draw
    WHERE draw.{IN_SCOPE} AND draw.date >= %(since)s AND draw.drawn_at IS NOT NULL"""

NUMBERED = f"""
    SELECT draw.id, COUNT(application.id), MAX(draw.applied) FROM appointments_draw AS draw
    LEFT JOIN appointments_application AS application ON application.draw_id = draw.id
    WHERE draw.{IN_SCOPE} AND draw.date >= %(since)s GROUP BY draw.id
    HAVING COUNT(application.id) <> MAX(draw.applied)
        OR COALESCE(MAX(application.number), 0) <> COUNT(application.id)"""
FORGOTTEN = f"""
    SELECT draw.id, COUNT(*) FROM appointments_draw AS draw
    JOIN appointments_application AS application ON application.draw_id = draw.id
    WHERE draw.{IN_SCOPE} AND draw.date >= %(since)s AND application.state = 1
        AND (draw.done_at IS NOT NULL OR draw.drawn_at IS NOT NULL AND application.rank IS NULL)
    GROUP BY draw.id"""


def lives(scope: Scope) -> Outcome:
    """Every application is where its events have led it, and has the booking it should have."""
    wrong = [Breach(Application, pk, what) for pk, what in scope.rows(LIVES)]
    wrong += [
        Breach(Application, pk, f"offered {count} times") for pk, count in scope.rows(OFFERED)
    ]
    wrong += [
        Breach(Application, pk, "has a booking it should not") for (pk,) in scope.rows(STRANGE)
    ]
    wrong += [Breach(Application, pk, f"{n} open by one NIK") for pk, n in scope.rows(NIKS)]
    wrong += [Breach(Application, pk, f"{n} open by one phone") for pk, n in scope.rows(PHONES)]
    return Outcome(scope.count(COUNT), wrong)


def drawn(scope: Scope) -> Outcome:
    """Every draw, computed again from its revealed seed, has the result that was published."""
    rows = Draw.objects.filter(pk__in=[pk for (pk,) in scope.rows(DRAWN)])
    wrong = [
        Breach(Draw, row.pk, fault) for row in rows for fault in draws.faults(draws.protocol(row))
    ]
    wrong += [
        Breach(Draw, pk, f"{count} applications, {applied} numbers given")
        for pk, count, applied in scope.rows(NUMBERED)
    ]
    wrong += [Breach(Draw, pk, f"{n} drawn and forgotten") for pk, n in scope.rows(FORGOTTEN)]
    return Outcome(len(rows), wrong)
