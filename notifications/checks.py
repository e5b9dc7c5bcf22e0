"""The questions of verify_invariants about messages, each answered by one statement.

That every event which must be told has its message (I8) is asked where the events are known:
queueing/told_checks.py and appointments/told_checks.py.
"""

# ruff: noqa: S608 - the statements are put together from the constants of this file

from core.proof import Breach, Outcome, Scope
from notifications.models import Message, Provider, Spending
from notifications.states import OUTSIDE, TRIES, Channel, Lane, State

IN_SCOPE = "(%(mall)s IS NULL OR message.mall_id = %(mall)s) AND message.created_at >= %(since)s"
COUNT = f"SELECT COUNT(*) FROM notifications_message AS message WHERE {IN_SCOPE}"
ARRIVED = f"({int(State.SENT)}, {int(State.DELIVERED)}, {int(State.READ)})"
CARRIED = ", ".join(str(int(channel)) for channel in (*OUTSIDE, Channel.PUSH))

UNPROVEN = f"""
    SELECT message.id, CASE WHEN message.state IN {ARRIVED} THEN 'arrived without a try'
        ELSE 'has ended without a reason' END
    FROM notifications_message AS message WHERE {IN_SCOPE} AND (
        message.state IN {ARRIVED} AND message.channel IN ({CARRIED}) AND NOT EXISTS (
            SELECT 1 FROM notifications_attempt AS attempt
            WHERE attempt.message_id = message.id AND attempt.outcome = 1)
        OR message.state IN ({int(State.DEAD)}, {int(State.STALE)}) AND message.reason = '')"""
STALE = f"""
    SELECT DISTINCT message.id, 'was sent after its time'
    FROM notifications_message AS message
    JOIN notifications_attempt AS attempt ON attempt.message_id = message.id
    WHERE {IN_SCOPE} AND attempt.at > message.not_after"""
WORN = f"""
    SELECT message.id, 'was tried too often'
    FROM notifications_message AS message WHERE {IN_SCOPE} AND message.attempts > {TRIES}"""
UNASKED = f"""
    SELECT message.id, 'went where nobody wanted it'
    FROM notifications_message AS message WHERE {IN_SCOPE}
        AND message.state IN {ARRIVED} AND message.channel IN ({CARRIED})
        AND message.lane <> {int(Lane.CODES)}
        AND NOT EXISTS (SELECT 1 FROM notifications_consent AS consent
            WHERE consent.contact_id = message.contact_id AND consent.channel = message.channel)"""
# What was reserved for a worker that died before it wrote its try down stays spent.
SPENT = """
    SELECT spending.mall_id, SUM(spending.spent), COALESCE((
        SELECT SUM(attempt.cost) FROM notifications_attempt AS attempt
        JOIN notifications_message AS message ON message.id = attempt.message_id
        WHERE message.mall_id = spending.mall_id), 0)
    FROM notifications_spending AS spending
    WHERE (%(mall)s IS NULL OR spending.mall_id = %(mall)s) GROUP BY spending.mall_id"""


def outcomes(scope: Scope) -> Outcome:
    return _asked(scope, UNPROVEN)


def times(scope: Scope) -> Outcome:
    return _asked(scope, STALE)


def tries(scope: Scope) -> Outcome:
    return _asked(scope, WORN)


def consents(scope: Scope) -> Outcome:
    return _asked(scope, UNASKED)


def budgets(scope: Scope) -> Outcome:
    """No mall has sent more than it has written down as spent."""
    found = scope.rows(SPENT)
    wrong = [
        Breach(Provider, provider.pk, f"{tried} rupiah tried, {spent} written down")
        for mall_id, spent, tried in found
        if spent < tried
        for provider in Provider.objects.filter(mall=mall_id)[:1]
    ]
    return Outcome(Spending.objects.count(), wrong)


def _asked(scope: Scope, statement: str) -> Outcome:
    wrong = [Breach(Message, pk, what) for pk, what in scope.rows(statement)]
    return Outcome(scope.count(COUNT), wrong)
