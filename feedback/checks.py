"""The questions of verify_invariants about opinions and complaints, one function each."""

# ruff: noqa: S608 - the statements are put together from the constants of this file

from core.proof import Breach, Outcome, Scope
from feedback.models import Complaint, Opinion
from feedback.states import BEGINS, MOVES
from feedback.telling import EVENT, TOLD

BEGUN = ", ".join(str((int(move), int(state))) for move, state in BEGINS.items())
LEGAL = ", ".join(
    str((int(move), int(origin), int(step.target)))
    for move, step in MOVES.items()
    for origin in sorted(step.origins)
)
IN_SCOPE = "(%(mall)s IS NULL OR complaint.mall_id = %(mall)s) AND complaint.date >= %(since)s"
COMPLAINTS = f"SELECT COUNT(*) FROM feedback_complaint AS complaint WHERE {IN_SCOPE}"
LIVES = f"""
    SELECT complaint_id, wrong FROM (
        SELECT complaint.id AS complaint_id, CASE
            WHEN event.id IS NULL THEN 'has no event'
            WHEN LAG(event.id) OVER life IS NULL AND (event.origin IS NOT NULL
                OR (event.move, event.target) NOT IN (VALUES {BEGUN})) THEN 'was never received'
            WHEN LAG(event.id) OVER life IS NOT NULL AND event.origin IS NULL
                THEN 'was received twice'
            WHEN event.origin IS NOT NULL AND (event.move, event.origin, event.target)
                NOT IN (VALUES {LEGAL}) THEN 'has a move that is not in the table'
            WHEN event.origin <> LAG(event.target) OVER life
                THEN 'moved from a state it was not in'
            WHEN LEAD(event.id) OVER life IS NOT NULL THEN NULL
            WHEN event.target <> complaint.state THEN 'is not in the state of its last event'
            WHEN event.due_on <> complaint.due_on THEN 'has not the deadline of its last event'
            WHEN COALESCE(event.presence_id, 0) <> COALESCE(complaint.presence_id, 0)
                THEN 'is not where its last event says'
        END AS wrong
        FROM feedback_complaint AS complaint
        LEFT JOIN feedback_complaintevent AS event ON event.complaint_id = complaint.id
        WHERE {IN_SCOPE}
        WINDOW life AS (PARTITION BY complaint.id ORDER BY event.id)
    ) AS step WHERE wrong IS NOT NULL"""
FOLLOWED = f"""
    FROM feedback_complaintevent AS event
    JOIN feedback_complaint AS complaint ON complaint.id = event.complaint_id
    WHERE {IN_SCOPE} AND complaint.contact_id IS NOT NULL
        AND event.move IN ({", ".join(str(int(move)) for move in TOLD)})"""
UNTOLD = f"""
    SELECT complaint.id {FOLLOWED} AND NOT EXISTS (
        SELECT 1 FROM notifications_message AS message
        WHERE message.contact_id = complaint.contact_id
            AND message.event = '{EVENT}' || event.id)"""
OPINIONS = """
    FROM feedback_opinion AS opinion
    WHERE (%(mall)s IS NULL OR opinion.mall_id = %(mall)s) AND opinion.date >= %(since)s"""
# The constraint knows equal marks only: one that is written otherwise would pass it.
MARKS = f"""
    SELECT opinion.id {OPINIONS} AND (LENGTH(opinion.mark) <> 64
        OR LOWER(opinion.mark) <> opinion.mark OR EXISTS (
            SELECT 1 FROM feedback_opinion AS other
            WHERE other.mark = LOWER(opinion.mark) AND other.id <> opinion.id))"""
STRANGE = f"""
    SELECT opinion.id {OPINIONS} AND NOT EXISTS (
        SELECT 1 FROM services_service AS service
        JOIN agencies_presence AS presence ON presence.id = service.presence_id
        WHERE service.id = opinion.service_id AND presence.id = opinion.presence_id
            AND presence.mall_id = opinion.mall_id)"""


def lives(scope: Scope) -> Outcome:
    """Every complaint is where its events have led it."""
    wrong = [Breach(Complaint, pk, what) for pk, what in scope.rows(LIVES)]
    return Outcome(scope.count(COMPLAINTS), wrong)


def told(scope: Scope) -> Outcome:
    """Whoever can be told was told of every event of their complaint that must be told."""
    rows = scope.rows(UNTOLD)
    wrong = [Breach(Complaint, pk, "changed and nobody was told") for (pk,) in rows]
    return Outcome(scope.count(f"SELECT COUNT(*) {FOLLOWED}"), wrong)


def opinions(scope: Scope) -> Outcome:
    """Every visit has said its opinion once at most, of a service that is there."""
    wrong = [Breach(Opinion, pk, "has a mark of another") for (pk,) in scope.rows(MARKS)]
    wrong += [
        Breach(Opinion, pk, "is of a service of another place") for (pk,) in scope.rows(STRANGE)
    ]
    return Outcome(scope.count(f"SELECT COUNT(*) {OPINIONS}"), wrong)
