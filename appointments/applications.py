"""Applications for a place: how one begins, and each move of its table.

draws.py, waitlist.py and stranded.py decide when; beside them only this module writes one.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments import booking, moves, people, telling
from appointments.application_states import BEGINS, MOVES, Move, State
from appointments.models import Application, ApplicationEvent, Booking
from appointments.people import TOKEN, Person
from appointments.plans import Bookable
from appointments.refusals import AlreadyBooked, SlotGone, WrongState
from core import vault
from queueing.states import Priority

ALREADY = gettext_lazy(
    "Sudah ada reservasi atau permohonan terbuka untuk NIK atau nomor telepon ini."
)


@dataclass(frozen=True)
class Wish:
    """What somebody applies for: a date, when the windows begin that suit, and the priority."""

    on: date
    windows: tuple[datetime, ...]
    priority: Priority = Priority.NONE


def begin(
    step: Move, plan: Bookable, wish: Wish, person: Person, *, now: datetime, **more: Any
) -> int:
    """Write down that somebody wants a place of a date. Raises Paused, TooMany, AlreadyBooked.

    Windows that the plan does not have on that date raise SlotGone.
    """
    if not wish.windows or not set(wish.windows) <= set(coming(plan, wish.on, now)):
        raise SlotGone(_("Waktu itu tidak dapat dipesan lagi. Pilih waktu lain."))
    known = people.sealed(person)
    people.refuse_paused(known["phone_index"], known["nik_index"], plan.offer.mall_id, now=now)
    if has_booked(plan.family, known["nik_index"]):
        raise AlreadyBooked(ALREADY)
    known["phone_place"] = people.phone_place(known["phone_index"], Application.objects.open())
    token = secrets.token_urlsafe(32)
    row = Application(
        service_id=plan.offer.service_id,
        date=wish.on,
        state=BEGINS[step],
        priority=wish.priority,
        wishes=sorted({int(begins.timestamp()) for begins in wish.windows}),
        token_hash=booking.hashed(token),
        sealed_token=vault.seal(token, column=TOKEN),
        created_at=now,
        family=plan.family,
        contact_id=people.contact_of(person, plan.offer.mall_id, now=now),
        **known,
        **more,
    )
    try:
        # Two at once may both have passed the questions: the constraint decides.
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise AlreadyBooked(ALREADY) from error
    _write(row, step, None, now)
    return row.pk


def coming(plan: Bookable, on: date, now: datetime) -> list[datetime]:
    """When the windows of a date begin that are still to come."""
    return [slot.starts_at for slot in plan.slots_on(on) if slot.starts_at > now]


def locked(application_id: int) -> Application:
    """The application, locked until the transaction ends."""
    found = Application.objects.select_related("service__presence")
    return found.select_for_update(of=("self",)).get(pk=application_id)


def apply(
    step: Move, row: Application, changes: dict[str, Any], *, now: datetime, reason: str = ""
) -> None:
    """Make one move of the table on a locked application. Raises WrongState."""
    if row.state not in MOVES[step].origins:
        raise WrongState(
            _("Permohonan ini sekarang berstatus “%(state)s”.") % {"state": State(row.state).label}
        )
    origin = State(row.state)
    for name, value in {**changes, "state": MOVES[step].target}.items():
        setattr(row, name, value)
    row.save(update_fields=[*(name.removesuffix("_id") for name in changes), "state"])
    _write(row, step, origin, now, reason)


def begun(what: str, key: UUID, act: Callable[[], int], now: datetime) -> int:
    """Begin an application once for its key; a copy gets the same answer."""
    with people.discreetly(None):
        return int(moves.answered("application", key, what, act, now))


def answered(
    application_id: int, key: UUID, what: str, act: Callable[[], int], now: datetime
) -> int:
    """Run an act once for its key; a copy gets the same answer."""
    return int(moves.answered(f"application:{application_id}", key, what, act, now))


def _write(
    row: Application, step: Move, origin: State | None, now: datetime, reason: str = ""
) -> None:
    event = ApplicationEvent.objects.create(
        application=row, move=step, origin=origin, target=row.state, at=now, reason=reason[:200]
    )
    telling.of_application(event, row, now=now)


def has_booked(family: str, nik_index: str) -> bool:
    """Whether somebody known by a NIK has an open booking of this family."""
    same = Booking.objects.open().filter(nik_index=nik_index, family=family)
    return bool(nik_index) and same.exists()
