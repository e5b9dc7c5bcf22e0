"""Numbers on paper: who prints them, and when they count. No other module writes a print job.

A kiosk without a printer of its own prints by its browser and says itself that the paper is out.
One with a printer leaves both to it: the printer's agent asks for work, prints and confirms.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import get_language

from hall import devices
from hall.models import Device
from queueing import tickets
from queueing.models import PrintJob, Ticket
from queueing.states import OPEN, PRINT_WITHIN, Priority, State

# Paper, button and scan all say the same: with one key for them the number is confirmed once.
CONFIRMED = UUID("6f1e5f0a-3c0b-4f57-9a35-2f0e7c5d8b14")
# To print and confirm takes time: what is withdrawn sooner than this is not begun.
PAPER_TAKES = timedelta(seconds=20)


class By(StrEnum):
    """Who puts a number on paper."""

    BROWSER = "browser"
    PRINTER = "printer"
    NOBODY = "nobody"  # a printer that is not heard any more


PENDING = frozenset({State.PRINTING, State.WITHDRAWN})


def issue(
    service_id: int, *, priority: Priority, kiosk: Device | None, now: datetime, key: UUID
) -> int:
    """Give out a number that counts once its paper is in a hand; return the ticket's id.

    A kiosk's own printer finds it among its work. Raises what tickets.issue raises.
    """

    def give() -> int:
        return tickets.issue(service_id, priority=priority, now=now, key=key, on_paper=True)

    return put(give, kiosk=kiosk, now=now)


@transaction.atomic
def put(give: Callable[[], int], *, kiosk: Device | None, now: datetime) -> int:
    """Have the ticket that `give` answers with printed by the kiosk's own printer, if it has one.

    The number and the job are stored together or not at all.
    """
    if kiosk is not None:
        # First of all, as in devices.py: there too the device is locked before the mall's version.
        list(Device.objects.select_for_update(of=("self",), no_key=True).filter(pk=kiosk.pk))
    pk = give()
    if kiosk is not None and printer_at(kiosk.pk) is not None:
        job = {"kiosk": kiosk, "language": get_language() or "", "asked_at": now}
        PrintJob.objects.get_or_create(ticket_id=pk, defaults=job)
    return pk


def printer_at(kiosk_id: int) -> Device | None:
    """The printer of a kiosk; of several the first, or each number would be printed twice."""
    printers = Device.objects.in_use().filter(kind=Device.Kind.PRINTER, kiosk=kiosk_id)
    return printers.order_by("pk").first()


def by(ticket: Ticket, *, now: datetime) -> By:
    """Who puts this number on paper."""
    job = PrintJob.objects.filter(ticket=ticket.pk).first()
    if job is None:
        return By.BROWSER
    printer = printer_at(job.kiosk_id)
    is_heard = printer is not None and not devices.is_silent(printer, now=now)
    return By.PRINTER if is_heard else By.NOBODY


def next_for(printer: Device, *, now: datetime) -> PrintJob | None:
    """The next number to print, oldest first; none that would no longer help anybody."""
    if printer.kiosk_id is None or printer_at(printer.kiosk_id) != printer:
        return None
    waiting = PrintJob.objects.filter(kiosk=printer.kiosk_id, printed_at=None)
    asked = waiting.filter(asked_at__gt=now - PRINT_WITHIN, ticket__state__in=OPEN)
    in_time = Q(ticket__issued_at__gt=now - PRINT_WITHIN + PAPER_TAKES)
    helpful = asked.filter(in_time | ~Q(ticket__state=State.PRINTING))
    return helpful.order_by("asked_at", "pk").first()


@transaction.atomic
def printed(job: PrintJob, *, now: datetime) -> None:
    """The paper is out: the number counts. A copy of the message changes nothing.

    Raises WrongState when the number has been withdrawn meanwhile.
    """
    confirm(job.ticket, now=now)
    PrintJob.objects.filter(pk=job.pk, printed_at=None).update(printed_at=now)


def confirm(ticket: Ticket, *, now: datetime) -> None:
    """Somebody holds the number, on paper or on a phone: it counts from its place on.

    Said again it changes nothing. Raises WrongState when it has been withdrawn meanwhile.
    """
    if ticket.state in PENDING:
        tickets.confirm(ticket.pk, now=now, key=CONFIRMED)


def is_of(ticket: Ticket, kiosk: Device | None) -> bool:
    """Whether this kiosk has the number printed; one without a job is printed by any browser."""
    job = PrintJob.objects.filter(ticket=ticket.pk).first()
    return job is None or (kiosk is not None and job.kiosk_id == kiosk.pk)


def again(ticket: Ticket, *, now: datetime) -> None:
    """Ask the kiosk's printer for the same number once more, because no paper came out."""
    jobs = PrintJob.objects.filter(ticket=ticket, ticket__state__in=OPEN)
    jobs.update(asked_at=now, printed_at=None)
