"""The life of a complaint. No other module writes one.

Every function is one transaction under one key: a copy of the same request changes nothing and
gets the same answer. What must be told is written in the transaction of its event.
"""

import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from agencies import opening
from agencies.calendars import calendar_of
from agencies.models import Mall, Presence
from appointments.booking import ALPHABET, CODE, hashed
from core import vault
from core.errors import Refused
from core.idempotency import once
from feedback import deadlines, sealing, telling
from feedback.models import Complaint, ComplaintEvent
from feedback.states import BEGINS, DAYS, INQUIRY_DAYS, MOVES, Kind, Move, State
from notifications import contacts
from notifications.contacts import Reach
from notifications.models import Consent
from services.models import Service

SAME = "complaint.same"  # purpose of the index that knows a copy again


class WrongState(Refused):
    """The table has no such move from where the complaint is."""

    code = "wrong_state"


class NotOfThisMall(Refused):
    code = "not_of_this_mall"


@dataclass(frozen=True)
class Filed:
    """What somebody wrote, cleaned; who they are may be left out."""

    kind: Kind
    text: str
    presence: Presence | None = None
    service: Service | None = None
    name: str = ""
    reach: Reach = field(default_factory=Reach)


def receive(mall: Mall, filed: Filed, *, now: datetime, key: UUID) -> int:
    """Write a complaint down with its number and deadline; return its id."""

    def act() -> int:
        calendar = calendar_of(mall.pk)
        on = opening.local_date(now, calendar.zone)
        token = secrets.token_urlsafe(32)
        complaint = Complaint.objects.create(
            mall=mall,
            presence=filed.presence,
            service=filed.service,
            kind=filed.kind,
            state=BEGINS[Move.RECEIVE],
            code="".join(secrets.choice(ALPHABET) for _sign in range(CODE)),
            token_hash=hashed(token),
            sealed_token=vault.seal(token, column=sealing.TOKEN),
            date=on,
            received_at=now,
            due_on=deadlines.due_on(calendar, on, DAYS[filed.kind]),
            contact_id=_contact_of(mall, filed.reach, now),
            sealed_name=vault.seal(filed.name, column=sealing.NAME),
            sealed_text=vault.seal(filed.text, column=sealing.TEXT),
        )
        _write(complaint, Move.RECEIVE, None, now=now)
        return complaint.pk

    return int(once("complaint", key, _fingerprint(mall, filed), act, now=now)[0])


def take(complaint_id: int, *, by: User, now: datetime, key: UUID) -> None:
    """Somebody works on it from now on. Raises WrongState."""
    _act(Move.TAKE, complaint_id, {}, by=by, now=now, key=key)


def inquire(complaint_id: int, *, by: User, now: datetime, key: UUID) -> None:
    """Somebody has to look on the spot, for which the rule gives more time. Raises WrongState."""
    found = Complaint.objects.get(pk=complaint_id)
    due = deadlines.due_on(calendar_of(found.mall_id), found.date, INQUIRY_DAYS)
    _act(Move.INQUIRE, complaint_id, {"due_on": due}, by=by, now=now, key=key)


def forward(complaint_id: int, presence: Presence, *, by: User, now: datetime, key: UUID) -> None:
    """It is the matter of this agency of the mall. Raises WrongState, NotOfThisMall."""
    if Complaint.objects.get(pk=complaint_id).mall_id != presence.mall_id:
        raise NotOfThisMall(_("Instansi itu tidak ada di mal ini."))
    changes = {"presence_id": presence.pk}
    _act(Move.FORWARD, complaint_id, changes, by=by, now=now, key=key)


def answer(complaint_id: int, text: str, *, by: User, now: datetime, key: UUID) -> None:
    """Say what came of it. Raises WrongState."""
    _act(Move.ANSWER, complaint_id, {}, by=by, now=now, key=key, text=text)


def dismiss(complaint_id: int, text: str, *, by: User, now: datetime, key: UUID) -> None:
    """It cannot be dealt with here; the text says why and where instead. Raises WrongState."""
    _act(Move.DISMISS, complaint_id, {}, by=by, now=now, key=key, text=text)


def close(complaint_id: int, *, by: User, now: datetime, key: UUID) -> None:
    """It was answered and nothing is left to do. Raises WrongState."""
    _act(Move.CLOSE, complaint_id, {}, by=by, now=now, key=key)


@transaction.atomic
def _act(
    move: Move,
    complaint_id: int,
    changes: dict[str, Any],
    *,
    by: User,
    now: datetime,
    key: UUID,
    text: str = "",
) -> None:
    """Make one move of the table on a locked complaint, once for its key."""

    def act() -> int:
        rows = Complaint.objects.select_for_update(of=("self",))
        complaint = rows.get(pk=complaint_id)
        origin = State(complaint.state)
        if origin not in MOVES[move].origins:
            raise WrongState(
                _("Pengaduan ini sekarang berstatus “%(state)s”.") % {"state": origin.label}
            )
        for name, value in {**changes, "state": MOVES[move].target}.items():
            setattr(complaint, name, value)
        complaint.save(update_fields=[*(n.removesuffix("_id") for n in changes), "state"])
        _write(complaint, move, origin, now=now, by=by, text=text)
        return complaint_id

    said = vault.blind_index(text, purpose=SAME)[:32] if text else ""
    subject = changes.get("presence_id", "")
    once(f"complaint:{complaint_id}", key, f"{move.name} {subject} {said}", act, now=now)


def _write(
    complaint: Complaint,
    move: Move,
    origin: State | None,
    *,
    now: datetime,
    by: User | None = None,
    text: str = "",
) -> None:
    """The event of a move, and what is told of it."""
    event = ComplaintEvent.objects.create(
        complaint=complaint,
        move=move,
        origin=origin,
        target=complaint.state,
        presence_id=complaint.presence_id,
        due_on=complaint.due_on,
        at=now,
        by=by,
        sealed_text=vault.seal(text, column=sealing.ANSWER),
    )
    telling.of_event(event, now=now)


def _contact_of(mall: Mall, reach: Reach, now: datetime) -> int | None:
    """How the person is reached; none for somebody who wants to stay unknown."""
    if not (reach.phone or reach.email):
        return None
    return contacts.add(mall.pk, reach, how=Consent.How.FORM, now=now).pk


def _fingerprint(mall: Mall, filed: Filed) -> str:
    """What makes two requests the same; keyed, because it is kept for two days."""
    about = [filed.presence and filed.presence.pk, filed.service and filed.service.pk]
    person = [filed.name, filed.reach.phone, filed.reach.email, sorted(filed.reach.channels)]
    return vault.blind_index(
        json.dumps([mall.pk, filed.kind, filed.text, *about, *person]), purpose=SAME
    )
