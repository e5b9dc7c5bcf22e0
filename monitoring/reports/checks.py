"""The question of verify_invariants about reports: is what was frozen still what was frozen?"""

# ruff: noqa: S608 - the statements are put together from the constants of this file

from core.proof import Breach, Outcome, Scope
from monitoring.models import Report
from monitoring.reports.tables import checksum
from monitoring.states import BEGINS, FROZEN, MOVES

BEGUN = ", ".join(str((int(move), int(state))) for move, state in BEGINS.items())
LEGAL = ", ".join(
    str((int(move), int(origin), int(step.target)))
    for move, step in MOVES.items()
    for origin in sorted(step.origins)
)
# A month is asked for by the days that were looked at.
IN_SCOPE = """(%(mall)s IS NULL OR report.mall_id = %(mall)s)
    AND (report.asked_at >= %(since)s OR report.built_at >= %(since)s
        OR EXISTS (SELECT 1 FROM monitoring_reportevent AS late
            WHERE late.report_id = report.id AND late.at >= %(since)s))"""
REPORTS = f"SELECT report.id FROM monitoring_report AS report WHERE {IN_SCOPE}"
LIVES = f"""
    SELECT report_id, wrong FROM (
        SELECT report.id AS report_id, CASE
            WHEN event.id IS NULL THEN 'has no event'
            WHEN LAG(event.id) OVER life IS NULL AND (event.origin IS NOT NULL
                OR (event.move, event.target) NOT IN (VALUES {BEGUN})) THEN 'was never begun'
            WHEN LAG(event.id) OVER life IS NOT NULL AND event.origin IS NULL
                THEN 'was begun twice'
            WHEN event.origin IS NOT NULL AND (event.move, event.origin, event.target)
                NOT IN (VALUES {LEGAL}) THEN 'has a move that is not in the table'
            WHEN event.origin <> LAG(event.target) OVER life
                THEN 'moved from a state it was not in'
            WHEN LEAD(event.id) OVER life IS NOT NULL THEN NULL
            WHEN event.target <> report.state THEN 'is not in the state of its last event'
        END AS wrong
        FROM monitoring_report AS report
        LEFT JOIN monitoring_reportevent AS event ON event.report_id = report.id
        WHERE {IN_SCOPE}
        WINDOW life AS (PARTITION BY report.id ORDER BY event.id)
    ) AS step WHERE wrong IS NOT NULL"""
# Versions of one report are numbered from 1 without a gap; every version is there for ever.
GAPS = """
    SELECT MAX(report.id) FROM monitoring_report AS report
    WHERE (%(mall)s IS NULL OR report.mall_id = %(mall)s)
    GROUP BY report.mall_id, report.kind, report.first
    HAVING COUNT(*) <> MAX(report.version) OR MIN(report.version) <> 1"""


def frozen(scope: Scope) -> Outcome:
    """Frozen reports have the checksum of their content; states follow events, versions 1, 2, …"""
    ids = [pk for (pk,) in scope.rows(REPORTS)]
    breaches = [Breach(Report, pk, what) for pk, what in scope.rows(LIVES)]
    breaches += [
        Breach(Report, pk, "has versions that are not numbered from 1")
        for (pk,) in scope.rows(GAPS)
    ]
    rows = Report.objects.filter(pk__in=ids, state__in=FROZEN).order_by("pk")
    breaches += [
        Breach(Report, row.pk, "is not what its checksum was made of")
        for row in rows.iterator(chunk_size=50)
        if checksum(row.content) != row.checksum
    ]
    return Outcome(len(ids), breaches)
