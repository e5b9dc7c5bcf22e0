"""What the ministry's coach found on a visit, and what the mall made of it.

Only this module writes coach's notes. An answer is never overwritten: a coach who is not content
asks again with a note that follows the first.
"""

from collections.abc import Iterable
from datetime import date, datetime
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from agencies import opening
from agencies.models import Mall
from core.errors import Refused
from core.idempotency import once
from hall import record
from onboarding.models import CoachNote, Task


class WrongDay(Refused):
    code = "wrong_day"


class TextMissing(Refused):
    code = "text_missing"


class ClosedAlready(Refused):
    code = "closed_already"


class AnsweredAlready(Refused):
    code = "answered_already"


class NotAnswered(Refused):
    code = "not_answered"


def leave(
    mall: Mall,
    text: str,
    *,
    visited_on: date,
    due: date | None,
    task: Task | None,
    by: User,
    now: datetime,
    key: UUID,
) -> CoachNote:
    """Leave a note after a visit; a form's key leaves it once, however often it is sent.

    Raises TextMissing, WrongDay and KeyReused.
    """
    _refuse_empty(text)
    if visited_on > opening.local_date(now, mall.zone):
        raise WrongDay(_("Tanggal kunjungan itu belum tiba."))
    _refuse_order(visited_on, due)
    what = {"text": text.strip(), "visited_on": visited_on, "due": due, "task": task}

    def act() -> int:
        note = CoachNote.objects.create(mall=mall, by=by, at=now, **what)
        _tell("left", note, by, now)
        return note.pk

    fingerprint = f"coach {sha256(repr(what).encode()).hexdigest()[:16]}"
    pk, _is_new = once(f"coach:{mall.pk}", key, fingerprint, act, now=now)
    return CoachNote.objects.get(pk=pk)


@transaction.atomic
def answer(note: CoachNote, text: str, *, by: User, now: datetime) -> None:
    """Say what the mall did about a note. Raises TextMissing, ClosedAlready, AnsweredAlready."""
    _refuse_empty(text)
    note = _open(note)
    if note.answered_at is not None:
        raise AnsweredAlready(
            _("Catatan ini sudah dijawab. Pendamping menutupnya atau bertanya lagi.")
        )
    note.answer, note.answered_at, note.answered_by = text.strip(), now, by
    note.save(update_fields=["answer", "answered_at", "answered_by"])
    _tell("answered", note, by, now)


@transaction.atomic
def close(note: CoachNote, *, by: User, now: datetime) -> None:
    """The coach is content. Raises ClosedAlready."""
    _close(_open(note), by, now)


@transaction.atomic
def ask_again(
    note: CoachNote, text: str, *, due: date | None, by: User, now: datetime
) -> CoachNote:
    """The answer is not enough: close the note and leave another that follows it.

    Raises TextMissing, ClosedAlready, NotAnswered and WrongDay.
    """
    _refuse_empty(text)
    note = _open(note)
    if note.answered_at is None:
        raise NotAnswered(_("Mal belum menjawab catatan ini. Tunggu jawabannya, atau tutup."))
    _refuse_order(note.visited_on, due)
    _close(note, by, now)
    again = CoachNote.objects.create(
        mall_id=note.mall_id,
        task_id=note.task_id,
        visited_on=note.visited_on,
        text=text.strip(),
        due=due,
        by=by,
        at=now,
        follows=note,
    )
    _tell("asked", again, by, now)
    return again


class Row(NamedTuple):
    """A note with how it stands: who is to act on it, and whether that is late."""

    note: CoachNote
    is_open: bool
    is_answered: bool
    is_late: bool


def rows(notes: Iterable[CoachNote], *, on: date) -> list[Row]:
    """Notes as those who work on them see them: the open ones first, the latest visit on top."""
    found = sorted((_row(note, on) for note in notes), key=_visit, reverse=True)
    return sorted(found, key=lambda row: not row.is_open)


def _visit(row: Row) -> tuple[date, int]:
    return row.note.visited_on, row.note.pk


def _row(note: CoachNote, on: date) -> Row:
    is_open, is_answered = note.closed_at is None, note.answered_at is not None
    waits = is_open and not is_answered
    return Row(note, is_open, is_answered, waits and note.due is not None and note.due < on)


def _open(note: CoachNote) -> CoachNote:
    """The note, held until the end; two who decide on it wait in line here."""
    found = CoachNote.objects.select_for_update().get(pk=note.pk)
    if found.closed_at is not None:
        raise ClosedAlready(_("Catatan ini sudah ditutup. Muat ulang halamannya."))
    return found


def _close(note: CoachNote, by: User, now: datetime) -> None:
    note.closed_at = now
    note.save(update_fields=["closed_at"])
    _tell("closed", note, by, now)


def _tell(act: str, note: CoachNote, by: User, now: datetime) -> None:
    record.write(f"coaching.{act}", note.pk, mall_id=note.mall_id, by=by, now=now)


def _refuse_empty(text: str) -> None:
    if not text.strip():
        raise TextMissing(_("Tulis isinya."))


def _refuse_order(visited_on: date, due: date | None) -> None:
    if due is not None and due < visited_on:
        raise WrongDay(_("Tenggat tidak boleh sebelum tanggal kunjungan."))
