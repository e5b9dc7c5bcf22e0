"""What is true for a while only and told when found: a turn that is near, a floor's troubles.

Looked for every few seconds. Each finding has a name under which it is told once, so that looking
never, twice or from two places at once does no harm.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import override

from accounts.roles import Act
from agencies import opening
from agencies.models import Mall, Presence
from core import formats
from hall import record
from notifications import outbox, watch
from notifications.models import Message
from queueing import lines, sentences, telling
from queueing.access import Floor
from queueing.floor import reading, troubles
from queueing.models import Ticket
from queueing.states import State

NEAR = 3  # people still before somebody


def tell_near(*, now: datetime) -> int:
    """Tell those whose turn is near; return how many. Safe at any time, any number of times."""
    waiting = Ticket.objects.with_names().filter(
        state=State.WAITING, visit__contact__isnull=False, day__closed_at=None
    )
    found = [
        ticket
        for ticket in waiting.select_related("visit__contact")
        if ticket.day.date == opening.local_date(now, ticket.day.mall.zone)
    ]
    names = {telling.near_of(ticket.pk): ticket for ticket in found}
    told = Message.objects.filter(event__in=names).values_list("event", flat=True)
    for event in set(told):
        del names[event]
    return sum(_tell_near(ticket, event, now=now) for event, ticket in names.items())


def _tell_near(ticket: Ticket, event: str, *, now: datetime) -> bool:
    contact = ticket.visit.contact
    version = record.version_of(ticket.day.mall_id)
    line = lines.line_of(ticket.day_id, version=version, now=now)
    ahead = line.ahead.get(ticket.pk)
    if contact is None or ahead is None or not 0 < ahead <= NEAR:
        return False
    with override(contact.language):
        values = {
            "nomor": str(ticket),
            "jumlah": str(ahead),
            "loket": sentences.counters(line.counters, either=True),
            "mal": ticket.day.mall.short_name,
            "tautan": telling.link_of(ticket),
        }
    with transaction.atomic():
        outbox.send(contact.pk, "ticket_near", event=event, values=values, now=now)
    return True


def tell_staff(*, now: datetime) -> int:
    """Tell those who run a hall of devices that went silent and lines that became too long.

    Each silence once, and a long line once an hour, however often one looks.
    """
    return sum(_tell_of_floor(mall, now=now) for mall in Mall.objects.select_related("region"))


def _tell_of_floor(mall: Mall, *, now: datetime) -> int:
    presences = Presence.objects.filter(mall=mall, is_active=True).values_list("pk", flat=True)
    found = troubles.found_on(reading.picture(Floor(mall, frozenset(presences), True), now=now))
    told = 0
    for each in found:
        if each.kind == troubles.Kind.SILENT_DEVICE and each.device:
            device = each.device.device
            last = int(each.since.timestamp()) if each.since else 0
            event = f"device-silent:{device.pk}:{last}"
            values = {"perangkat": device.name, "jam": formats.clock(each.since, mall.zone)}
            told += watch.tell(
                mall, "device_silent", Act.MANAGE_DEVICES, event=event, values=values, now=now
            )
        elif each.kind == troubles.Kind.LONG_WAIT and each.line:
            line = each.line
            event = f"queue-slow:{line.queue.pk}:{now:%Y-%m-%dT%H}"
            values = {
                "antrean": f"{line.queue.letter} ({line.queue.name})",
                "menit": str(line.longest),
                "jumlah": str(line.waiting),
            }
            told += watch.tell(
                mall, "queue_slow", Act.RUN_FLOOR, event=event, values=values, now=now
            )
    return told
