"""The counters of a mall and their zones: in bulk, by number, in use or not."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from agencies.models import Counter, Mall
from hall.models import Device
from onboarding import ranges
from onboarding.setup.arranging import noting, turning
from onboarding.setup.arranging.refusals import InUse, NotThere, NumberTaken
from queueing import desks
from queueing.models import Desk, Ticket


@transaction.atomic
def add(
    mall: Mall,
    zones: Mapping[str, Sequence[str]],
    *,
    by: User,
    now: datetime,
    begins: date | None = None,
) -> int:
    """Put up counters by zone, all or none, to be used now or from a day on; return how many.

    Raises NumberTaken, naming the numbers that are there already or were written twice.
    """
    noting.locked(mall)
    numbers = [number for each in zones.values() for number in each]
    known = set(Counter.objects.filter(mall=mall).values_list("number", flat=True))
    twice = {number for number in numbers if numbers.count(number) > 1}
    refuse_taken((known & set(numbers)) | twice)
    Counter.objects.bulk_create(
        Counter(mall=mall, number=number, place=place, **noting.until(begins))
        for place, each in zones.items()
        for number in each
    )
    turning.refuse_number(mall)
    if numbers:
        said = ranges.write(numbers)
        noting.note("counters", mall.pk, mall=mall, by=by, now=now, detail=said)
    return len(numbers)


def refuse_taken(numbers: set[str]) -> None:
    """A number calls one counter only."""
    if numbers:
        raise NumberTaken(
            _("Loket %(numbers)s sudah ada di mal ini atau tertulis dua kali. Pakai nomor lain.")
            % {"numbers": ranges.write(numbers)}
        )


@transaction.atomic
def rename_zone(mall: Mall, old: str, new: str, *, by: User, now: datetime) -> None:
    """Call a zone otherwise, also for the boards that show it; two of one name become one.

    Raises NotThere when no counter stands in such a zone.
    """
    noting.locked(mall)
    if not call_zone(mall, old, new):
        raise NotThere(_("Letak itu tidak ada di mal ini (lagi)."))
    noting.note("zone", mall.pk, mall=mall, by=by, now=now, detail=f"{old} → {new}")


def call_zone(mall: Mall, old: str, new: str) -> int:
    """The rows of a zone and its boards called otherwise; how many counters stand there."""
    Device.objects.filter(mall=mall, zone=old).exclude(zone="").update(zone=new)
    return Counter.objects.filter(mall=mall, place=old).update(place=new)


@transaction.atomic
def change(counter: Counter, *, number: str, place: str, by: User, now: datetime) -> None:
    """Give a counter another number or zone. Raises NumberTaken, InUse while somebody is there."""
    mall = noting.locked(counter.mall)
    known = Counter.objects.select_for_update(no_key=True).get(pk=counter.pk)
    # Before the number changes: a call has the version of the screens first, and then the counter.
    noting.note("counter", known.pk, mall=mall, by=by, now=now, detail=f"{number} {place}")
    others = Counter.objects.filter(mall=mall, number=number).exclude(pk=known.pk)
    refuse_taken({number} if others.exists() else set())
    if number != known.number:
        _refuse_busy(known)
    Counter.objects.filter(pk=known.pk).update(number=number, place=place)
    turning.refuse_number(mall)


def hold(counter: Counter) -> None:
    """Let nobody be called to a counter until the transaction ends. Raises InUse."""
    # Whoever calls to this counter waits in line here, at the row that a call locks.
    Desk.objects.select_for_update(of=("self",)).filter(counter=counter).first()
    _refuse_busy(counter)


def vacate(counter: Counter, *, now: datetime) -> None:
    """End the duty of whoever sits at a counter that is held and goes out of use.

    Out of use it is nobody's to leave: the officer would sit there for ever.
    """
    desk = Desk.objects.select_related("officer").filter(counter=counter).first()
    if desk is not None and desk.officer is not None:
        desks.leave(counter, by=desk.officer, now=now)


def _refuse_busy(counter: Counter) -> None:
    if Ticket.objects.at_counter().filter(counter=counter.pk).exists():
        raise InUse(
            _("%(counter)s sedang melayani orang. Tunggu sampai selesai, lalu coba lagi.")
            % {"counter": counter}
        )
