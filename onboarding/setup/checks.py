"""The questions of verify_invariants about rests and planned changes."""

# ruff: noqa: S608 - the statements are put together from the constants of this file

from agencies.models import Counter, Mall
from appointments.application_states import OPEN
from appointments.states import State
from core.proof import Breach, Outcome, Scope
from onboarding.models import PlannedChange
from onboarding.setup.arranging import turning
from onboarding.setup.arranging.changes import FIELDS
from onboarding.setup.arranging.turning import Kind
from queueing.models import Ticket
from services.models import Service

OPENS = ", ".join(str(int(state)) for state in sorted(OPEN))
HERE = "(%(mall)s IS NULL OR mall_id = %(mall)s) AND %(since)s IS NOT NULL"
# A rest that begins at once has a morning before it.
COVERED = "{on} > {it}.rests_from AND ({it}.rests_until IS NULL OR {on} <= {it}.rests_until)"
IN_MALL = "(%(mall)s IS NULL OR presence.mall_id = %(mall)s)"
COUNT = f"""
    SELECT (SELECT COUNT(*) FROM agencies_counter WHERE rests_from IS NOT NULL AND {HERE})
        + (SELECT COUNT(*) FROM services_queue WHERE rests_from IS NOT NULL AND {HERE})
        + (SELECT COUNT(*) FROM services_service AS service
            JOIN agencies_presence AS presence ON presence.id = service.presence_id
            WHERE rests_from IS NOT NULL AND {IN_MALL})"""
ISSUED = f"""
    SELECT ticket.id FROM queueing_ticket AS ticket
    JOIN queueing_queueday AS day ON day.id = ticket.day_id
    JOIN services_queue AS queue ON queue.id = day.queue_id
    JOIN services_service AS service ON service.id = ticket.service_id
    WHERE (%(mall)s IS NULL OR day.mall_id = %(mall)s) AND day.date >= %(since)s
        AND ({COVERED.format(on="day.date", it="queue")}
            OR {COVERED.format(on="day.date", it="service")})"""
CALLED = f"""
    SELECT DISTINCT event.counter_id FROM queueing_ticketevent AS event
    JOIN queueing_ticket AS ticket ON ticket.id = event.ticket_id
    JOIN queueing_queueday AS day ON day.id = ticket.day_id
    JOIN agencies_counter AS counter ON counter.id = event.counter_id
    WHERE (%(mall)s IS NULL OR day.mall_id = %(mall)s) AND day.date >= %(since)s
        AND {COVERED.format(on="day.date", it="counter")}"""
PROMISED = f"""
    SELECT service.id, COUNT(*) FROM appointments_booking AS booking
    JOIN appointments_slot AS slot ON slot.id = booking.slot_id
    JOIN services_service AS service ON service.id = booking.service_id
    JOIN services_queue AS queue ON queue.id = service.queue_id
    JOIN agencies_presence AS presence ON presence.id = service.presence_id
    WHERE {IN_MALL} AND slot.date >= %(since)s AND booking.state = {int(State.CONFIRMED)}
        AND ({COVERED.format(on="slot.date", it="queue")}
            OR {COVERED.format(on="slot.date", it="service")})
    GROUP BY service.id"""
APPLIED = f"""
    SELECT service.id, COUNT(*) FROM appointments_application AS application
    JOIN services_service AS service ON service.id = application.service_id
    JOIN services_queue AS queue ON queue.id = service.queue_id
    JOIN agencies_presence AS presence ON presence.id = service.presence_id
    WHERE {IN_MALL} AND application.date >= %(since)s AND application.state IN ({OPENS})
        AND ({COVERED.format(on="application.date", it="queue")}
            OR {COVERED.format(on="application.date", it="service")})
    GROUP BY service.id"""
LATE = f"""
    SELECT planned.id FROM onboarding_plannedchange AS planned
    WHERE {HERE.replace("mall_id", "planned.mall_id")} AND planned.applied_at IS NULL AND EXISTS (
        SELECT 1 FROM queueing_queueday AS day WHERE day.mall_id = planned.mall_id
            AND day.date > planned.from_date AND day.last_number > 0)"""
ASTRAY = f"""
    SELECT planned.id FROM onboarding_plannedchange AS planned
    LEFT JOIN agencies_counter AS counter ON counter.id = planned.counter_id
    LEFT JOIN services_queue AS queue ON queue.id = planned.queue_id
    WHERE {HERE.replace("mall_id", "planned.mall_id")}
        AND (counter.mall_id <> planned.mall_id OR queue.mall_id <> planned.mall_id)"""


def rests(scope: Scope) -> Outcome:
    """Nothing that rests gives out numbers, calls, or keeps a promise open."""
    wrong = [Breach(Ticket, pk, "was given out while it rests") for (pk,) in scope.rows(ISSUED)]
    wrong += [Breach(Counter, pk, "called while it rests") for (pk,) in scope.rows(CALLED)]
    wrong += [Breach(Service, pk, f"rests on {n} reservations") for pk, n in scope.rows(PROMISED)]
    wrong += [Breach(Service, pk, f"rests on {n} applications") for pk, n in scope.rows(APPLIED)]
    return Outcome(scope.count(COUNT), wrong)


def planned(scope: Scope) -> Outcome:
    """Each planned change is one that can be made, and was made on its day."""
    rows = PlannedChange.objects.select_related("mall__region", "counter", "queue")
    if scope.mall_id is not None:
        rows = rows.filter(mall=scope.mall_id)
    wrong = [Breach(PlannedChange, pk, "was not made on its day") for (pk,) in scope.rows(LATE)]
    wrong += [
        Breach(PlannedChange, pk, "is of something elsewhere") for (pk,) in scope.rows(ASTRAY)
    ]
    known = list(rows)
    for row in known:
        if not row.values or not row.values.keys() <= set(FIELDS[Kind(row.kind)]):
            wrong.append(Breach(PlannedChange, row.pk, "changes what cannot be changed"))
        made_on = row.applied_at and row.applied_at.astimezone(row.mall.zone).date()
        if made_on and made_on < row.from_date:
            wrong.append(Breach(PlannedChange, row.pk, "was made before its day"))
    malls = {row.mall_id: row.mall for row in known if row.applied_at is None}
    wrong += [breach for mall in malls.values() for breach in _clashes(mall)]
    return Outcome(len(known), wrong)


def _clashes(mall: Mall) -> list[Breach]:
    """Labels that two would have on a day."""
    found = [
        turning.clash(turning.labels_of(mall, kind), turning.turns_of(mall, kind))
        for kind in (Kind.COUNTER, Kind.QUEUE)
    ]
    return [Breach(Mall, mall.pk, f"has {each.label} twice on a day") for each in found if each]
