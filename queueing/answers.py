"""One effect per key: what was answered and what happened are the same list.

The words of an answer are the fingerprints of tickets.py and notes.py; those of the hall's
announcements move no ticket.
"""

import json
from collections import Counter as Tally
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TypeAlias

from core import sql
from core.models import Answer
from core.proof import Breach, Outcome, Scope
from queueing.checks import EVENTS, IN_SCOPE, TICKETS
from queueing.models import Note, Ticket, Visit
from queueing.states import Move

Effect: TypeAlias = tuple[int, int]  # a move of a ticket
Given: TypeAlias = tuple[int, str, str, str | None]  # id, scope, fingerprint and body of an answer

NEWEST = "SELECT MAX(created_at) FROM core_answer"
LOOKED_BACK = timedelta(days=1)  # answers are forgotten after two
OLD_DAYS = timedelta(days=3)  # what is moved with a key belongs to a day younger than that
ANSWERS = """
    SELECT id, scope, fingerprint, body FROM core_answer WHERE created_at >= %(after)s"""
# The closing of a day and the withdrawal of what was not printed have no key.
EFFECTS = f"""
    SELECT event.move, event.ticket_id, COUNT(*) {EVENTS}
    WHERE {IN_SCOPE} AND day.date >= %(oldest)s AND event.at >= %(after)s
        AND event.move NOT IN (13, 15) AND NOT (event.move IN (8, 10) AND event.counter_id IS NULL)
    GROUP BY event.move, event.ticket_id"""
SEEN = f"SELECT ticket.id {TICKETS} WHERE {IN_SCOPE} AND day.date >= %(oldest)s"
NOTES = """
    SELECT note.id, note.visit_id FROM queueing_note AS note
    JOIN queueing_visit AS visit ON visit.id = note.visit_id
    WHERE (%(mall)s IS NULL OR visit.mall_id = %(mall)s) AND note.at >= %(after)s"""
BY_MOVE = {move.name: move for move in Move}
ELSEWHERE = (
    "announce:",
    "book",
    "application",
    "complaint",
)  # scopes of requests that move no ticket by themselves
BRINGS = {"ISSUE": Move.ISSUE, "TRANSFER": Move.ISSUE, "CALL": Move.CALL}  # to the answered ticket


def effects(scope: Scope) -> Outcome:
    """Compare the last day of answers with the events and notes of that time, both ways."""
    newest = sql.row(NEWEST)
    if newest is None or newest[0] is None:
        return Outcome(0, [])
    after = sql.moment(newest[0]) - LOOKED_BACK
    answers = sql.rows(ANSWERS, after=after)
    wrong = [Breach(Answer, pk, "has no answer") for pk, _kind, _what, body in answers if not body]
    expected: Tally[Effect] = Tally()
    for _pk, kind, what, body in answers:
        expected.update(_expected(kind, what.split(), json.loads(body or "null")))
    happened = _happened(scope, after)
    # Tickets outside the scope are nobody's business here, tickets that are nowhere are.
    elsewhere = _elsewhere(scope, after, [ticket_id for _move, ticket_id in expected - happened])
    wrong += [
        Breach(Ticket, ticket_id, f"{Move(move).name} happened without a key of its own")
        for move, ticket_id in happened - expected
    ]
    wrong += [
        Breach(Ticket, ticket_id, f"{Move(move).name} was answered but did not happen")
        for move, ticket_id in expected - happened
        if ticket_id not in elsewhere
    ]
    return Outcome(len(answers), wrong + _wrong_notes(scope, after, answers))


def _expected(kind: str, what: list[str], body: int | None) -> Iterator[Effect]:
    """The moves of one answered request; a note, an announcement, a reservation moves nothing."""
    if kind.startswith(ELSEWHERE):
        return
    act = "ISSUE" if kind == "issue" else what[0].upper()
    subject = what[1] if len(what) > 1 else kind.partition(":")[2]
    if act == "PICK" or (act in BY_MOVE and act not in {"ISSUE", "CALL"}):
        yield BY_MOVE.get(act, Move.CALL), int(subject)
    if act == "CALL" and subject != "None":
        yield Move.FINISH, int(subject)
    if act in BRINGS and body is not None:
        yield BRINGS[act], body


def _happened(scope: Scope, after: datetime) -> Tally[Effect]:
    found = scope.rows(EFFECTS, after=after, oldest=after.date() - OLD_DAYS)
    return Tally({(move, ticket_id): count for move, ticket_id, count in found})


def _elsewhere(scope: Scope, after: datetime, wanted: list[int]) -> set[int]:
    if not wanted:
        return set()
    seen = {pk for (pk,) in scope.rows(SEEN, oldest=after.date() - OLD_DAYS)}
    return set(Ticket.objects.filter(pk__in=wanted).values_list("pk", flat=True)) - seen


def _wrong_notes(scope: Scope, after: datetime, answers: list[Given]) -> list[Breach]:
    """Every note was answered once, every answered note is there; the text is named nowhere."""
    answered = Tally(
        (json.loads(body), int(kind.partition(":")[2]))
        for _pk, kind, _what, body in answers
        if kind.startswith("note:") and body
    )
    visits = dict(scope.rows(NOTES, after=after))
    kept = set(
        Note.objects.filter(pk__in=[pk for pk, _ticket in answered]).values_list("pk", flat=True)
    )
    wrong = [
        Breach(Visit, visits[pk], "has a note without a key of its own")
        for pk in visits.keys() - {pk for pk, _ticket in answered}
    ]
    wrong += [
        Breach(Ticket, ticket_id, "has a key for a note more than once or for none")
        for (pk, ticket_id), times in answered.items()
        if times > 1 or pk not in kept
    ]
    return wrong
