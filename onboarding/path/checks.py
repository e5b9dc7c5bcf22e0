"""The question of verify_invariants about the way of a mall."""

from agencies.models import Mall
from core.proof import Breach, Outcome, Scope
from onboarding.models import Milestone
from onboarding.states import MOVES, Act

IN_SCOPE = "(%(mall)s IS NULL OR milestone.mall_id = %(mall)s) AND %(since)s IS NOT NULL"
COUNT = f"SELECT COUNT(*) FROM onboarding_milestone AS milestone WHERE {IN_SCOPE}"  # noqa: S608
STEPS = f"""
    SELECT milestone.mall_id, milestone.id, milestone.act, milestone.came_from, milestone.led_to,
        LAG(milestone.led_to) OVER way, LEAD(milestone.id) OVER way, mall.stage
    FROM onboarding_milestone AS milestone
    JOIN agencies_mall AS mall ON mall.id = milestone.mall_id
    WHERE {IN_SCOPE}
    WINDOW way AS (PARTITION BY milestone.mall_id ORDER BY milestone.id)"""  # noqa: S608


def ways(scope: Scope) -> Outcome:
    """Each mall stands where its last milestone led, and each began where the one before ended."""
    wrong: list[Breach] = []
    for mall_id, pk, act, came_from, led_to, before, after, stage in scope.rows(STEPS):
        if before is not None and before != came_from:
            wrong.append(Breach(Milestone, pk, "begins where the one before did not end"))
        step = MOVES[Act(act)]
        if step.target is not None and led_to != step.target and led_to != came_from:
            wrong.append(Breach(Milestone, pk, "leads where its act does not"))
        if after is None and led_to != stage:
            wrong.append(Breach(Mall, mall_id, "is not in the stage of its last milestone"))
    return Outcome(scope.count(COUNT), wrong)
