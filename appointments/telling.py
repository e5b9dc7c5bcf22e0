"""What people are told of their reservation or application: which event says what, as two tables.

Called in the transaction of the event by moves.py and applications.py. What an earlier event still
wanted to say is dropped: nobody is reminded of a time that they have moved away from.
"""

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Manager, Model
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from appointments import application_states, people
from appointments.models import Application, ApplicationEvent, Booking, BookingEvent, Slot
from appointments.states import Move
from core import formats, identity, vault
from notifications import outbox
from services.models import Service

TOLD = {
    Move.CONFIRM: "booking_confirmed",
    Move.MOVE: "booking_moved",
    Move.CANCEL: "booking_cancelled",
    Move.CALL_OFF: "booking_called_off",
    Move.CANCEL_BY_OFFICE: "booking_cancelled_by_office",
    Move.MISS: "booking_missed",
}
TOLD_OF_APPLICATION = {
    application_states.Move.APPLY: "application_received",
    application_states.Move.JOIN: "application_received",
    application_states.Move.WIN: "draw_won",
    application_states.Move.LOSE: "draw_lost",
    application_states.Move.OFFER: "place_offered",
    application_states.Move.END: "application_ended",
    application_states.Move.CALL_OFF: "application_called_off",
}
REMINDED = (Move.CONFIRM, Move.MOVE)
PLACED = (Move.HOLD, Move.CONFIRM)
A_DAY, TWO_HOURS = timedelta(days=1), timedelta(hours=2)
# How long before the window each reminder goes out, and until when it is worth it.
REMINDERS = {
    "reminder_day": (A_DAY, timedelta(hours=4)),
    "reminder_hours": (TWO_HOURS, timedelta(minutes=30)),
}
log = logging.getLogger(__name__)
PAPERS = 4  # named in a message; the page has all of them


def of_booking(event: BookingEvent, booking: Booking, *, now: datetime) -> None:
    """Tell whoever holds a booking what has just become of it, and remind them in time."""
    if booking.contact_id is None:
        return
    _drop(booking.contact_id, _before(event, booking.events), "booking-event", now)
    if event.move not in PLACED:
        # The result of its draw, or its offer, names a time that is over as well.
        applied = ApplicationEvent.objects.filter(application__booking=booking)
        _drop(booking.contact_id, applied.values_list("pk", flat=True), "application-event", now)
    kind = TOLD.get(Move(event.move))
    if kind is None:
        return
    told = Booking.objects.with_names().select_related("contact").get(pk=booking.pk)
    values = _of_place(told, event.reason)
    name = f"booking-event:{event.pk}"
    if not _is_drawn(told, Move(event.move)):
        outbox.send(booking.contact_id, kind, event=name, values=values, now=now)
    if event.move in REMINDED:
        _remind(told, name, values, now)


def of_application(event: ApplicationEvent, row: Application, *, now: datetime) -> None:
    """Tell whoever applied what has just become of it."""
    if row.contact_id is None:
        return
    _drop(row.contact_id, _before(event, row.events), "application-event", now)
    kind = TOLD_OF_APPLICATION.get(application_states.Move(event.move))
    if kind is None:
        return
    told = Application.objects.with_names().select_related("contact").get(pk=row.pk)
    until = told.booking.held_until if told.booking and kind == "place_offered" else None
    outbox.send(
        row.contact_id,
        kind,
        event=f"application-event:{event.pk}",
        values=_of_wish(told, kind, event.reason),
        now=now,
        not_after=until,
    )


def _remind(told: Booking, event: str, values: Mapping[str, str], now: datetime) -> None:
    """Both reminders, written now and sent in time; one that would come at once is left out."""
    starts_at = told.slot.starts_at
    for kind, (before, least) in REMINDERS.items():
        due = starts_at - before
        if due > now and told.contact_id is not None:
            outbox.send(
                told.contact_id,
                kind,
                event=event,
                values=values,
                now=now,
                due_at=due,
                not_after=starts_at - least,
            )


def _drop(contact_id: int, earlier: Iterable[int], prefix: str, now: datetime) -> None:
    """Take back what these events have not said yet."""
    events = [f"{prefix}:{pk}" for pk in earlier]
    if events:
        outbox.withdraw(contact_id, events, now=now, reason=_("Sudah tidak berlaku lagi."))


def _before(event: Model, events: Manager[Any]) -> Iterable[int]:
    return events.exclude(pk=event.pk).values_list("pk", flat=True)


def _is_drawn(told: Booking, move: Move) -> bool:
    """Whether the result of a draw, which is being handed out, says it already."""
    waits = application_states.State.APPLIED
    drawn = Application.objects.filter(contact=told.contact_id, state=waits, rank__isnull=False)
    return move == Move.CONFIRM and drawn.exists()


def _of_place(told: Booking, reason: str) -> dict[str, str]:
    """What messages may name of a booking, in the language of its holder."""
    with override(told.contact.language if told.contact else None):
        zone = told.service.presence.mall.zone
        return {
            **_of_service(told, told.service),
            "jadwal": when(told.slot, zone),
            "jam": formats.clock(told.slot.starts_at, zone),
            "kode": str(told),
            "tautan": _link(told, "booking"),
            "syarat": _papers(told.service),
            "alasan": reason.rstrip("."),
        }


def _of_wish(told: Application, kind: str, reason: str) -> dict[str, str]:
    """What messages may name of an application, in the language of whoever applied."""
    with override(told.contact.language if told.contact else None):
        zone = told.service.presence.mall.zone
        held = told.booking
        return {
            **_of_service(told, told.service),
            "jadwal": when(held.slot, zone) if held else formats.long_date(told.date),
            "kode": str(held) if held else "",
            "batas": _moment(held.held_until, zone) if held and kind == "place_offered" else "",
            "urutan": str(told.rank or ""),
            "alasan": reason.rstrip("."),
            "tautan": _link(told, "application"),
        }


def _link(told: Booking | Application, page: str) -> str:
    """The private page; where its key is lost, the mall's: nobody's day ends over one row."""
    try:
        return settings.PUBLIC_URL + reverse(page, args=[people.link(told)])
    except vault.Unreadable as error:
        log.error("the link of %s %s does not open: %s", page, told.pk, error)
        return settings.PUBLIC_URL + reverse("mall", args=[told.service.presence.mall.slug])


def _of_service(told: Booking | Application, service: Service) -> dict[str, str]:
    presence = service.presence
    return {
        "nama": identity.short_name(people.name_of(told)),
        "mal": presence.mall.short_name,
        "layanan": service.title,
        "instansi": presence.agency.short_name,
    }


def when(slot: Slot, zone: ZoneInfo) -> str:
    """A window as messages name it: "Senin, 9 Maret 2026 pukul 09.00–10.00 WIB"."""
    return _("%(day)s pukul %(time)s") % {
        "day": formats.long_date(slot.starts_at, zone),
        "time": formats.clock_range(slot.starts_at, slot.ends_at, zone),
    }


def _moment(moment: datetime, zone: ZoneInfo) -> str:
    return _("%(day)s pukul %(time)s") % {
        "day": formats.long_date(moment, zone),
        "time": formats.clock(moment, zone),
    }


def _papers(service: Service) -> str:
    """What to bring, as far as a message has room for it."""
    texts = [each["text"] for each in service.requirements]
    shown = ", ".join(texts[:PAPERS])
    if len(texts) > PAPERS:
        return _("%(papers)s, dan %(more)d lainnya") % {
            "papers": shown,
            "more": len(texts) - PAPERS,
        }
    return shown or _("dokumen Anda")
