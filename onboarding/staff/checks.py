"""The question of verify_invariants about roles that name counters."""

from agencies.models import Mall
from core.proof import Breach, Outcome, Scope

NAMED = """
    SELECT COUNT(*) FROM agencies_assignment_counters AS named
    JOIN agencies_assignment AS held ON held.id = named.assignment_id
    WHERE (%(mall)s IS NULL OR held.mall_id = %(mall)s)"""
STRANGE_COUNTERS = """
    SELECT DISTINCT held.mall_id, held.id FROM agencies_assignment_counters AS named
    JOIN agencies_assignment AS held ON held.id = named.assignment_id
    JOIN agencies_counter AS counter ON counter.id = named.counter_id
    WHERE (%(mall)s IS NULL OR held.mall_id = %(mall)s)
        AND (held.agency_id IS NULL OR counter.mall_id <> held.mall_id)"""


def roles(scope: Scope) -> Outcome:
    """Counters named in a role are of its mall, and only a role at an agency names any."""
    strange = scope.rows(STRANGE_COUNTERS)
    # At the mall, by its number: the name of a role is that of a person.
    wrong = [Breach(Mall, mall, f"role {pk} names a counter elsewhere") for mall, pk in strange]
    return Outcome(scope.count(NAMED), wrong)
