"""The counters of a mall and their zones: in bulk, by number, in use or not."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from agencies.models import Counter, CounterDay, Mall
from hall.models import Device
from onboarding import promises, ranges
from onboarding.arranging import noting
from onboarding.arranging.refusals import InUse, NotThere, NumberTaken
from queueing import desks
from queueing.models import Desk, Ticket


@transaction.atomic
def add(mall: Mall, zones: Mapping[str, Sequence[str]], *, by: User, now: datetime) -> int:
    """Put up counters by zone, all or none; return how many.

    Raises NumberTaken, naming the numbers that are there already or were written twice.
    """
    noting.locked(mall)
    numbers = [number for each in zones.values() for number in each]
    known = set(Counter.objects.filter(mall=mall).values_list("number", flat=True))
    twice = {number for number in numbers if numbers.count(number) > 1}
    refuse_taken((known & set(numbers)) | twice)
    Counter.objects.bulk_create(
        Counter(mall=mall, number=number, place=place)
        for place, each in zones.items()
        for number in each
    )
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
    counters = Counter.objects.filter(mall=mall, place=old)
    if not counters.update(place=new):
        raise NotThere(_("Letak itu tidak ada di mal ini (lagi)."))
    Device.objects.filter(mall=mall, zone=old).exclude(zone="").update(zone=new)
    noting.note("zone", mall.pk, mall=mall, by=by, now=now, detail=f"{old} → {new}")


@transaction.atomic
def change(counter: Counter, *, number: str, place: str, by: User, now: datetime) -> None:
    """Give a counter another number or zone. Raises NumberTaken, InUse while somebody is there."""
    mall = noting.locked(counter.mall)
    known = Counter.objects.select_for_update().get(pk=counter.pk)
    others = Counter.objects.filter(mall=mall, number=number).exclude(pk=known.pk)
    refuse_taken({number} if others.exists() else set())
    if number != known.number:
        _refuse_busy(known)
    Counter.objects.filter(pk=known.pk).update(number=number, place=place)
    noting.note("counter", known.pk, mall=mall, by=by, now=now, detail=f"{number} {place}")


@transaction.atomic
def switch(counter: Counter, *, is_active: bool, by: User, now: datetime) -> None:
    """Take a counter out of use from now on, or back; an officer without work ends the duty there.

    Reservations of days on which its agencies have no other counter are called off with a choice
    for each. Raises InUse while somebody is served.
    """
    mall = noting.locked(counter.mall)
    # Whoever calls to this counter waits in line here, at the row that a call locks.
    desk = Desk.objects.select_for_update(of=("self",)).filter(counter=counter).first()
    if not is_active:
        _refuse_busy(counter)
        if desk is not None and desk.officer is not None:
            # Out of use it is nobody's to leave: the officer would sit there for ever.
            desks.leave(counter, by=desk.officer, now=now)
    Counter.objects.filter(pk=counter.pk).update(is_active=is_active)
    act = "counter_on" if is_active else "counter_off"
    noting.note(act, counter.pk, mall=mall, by=by, now=now, detail=counter.number)
    holders = CounterDay.objects.filter(counter=counter).values_list("presence", flat=True)
    promises.keep_up(set(holders.order_by()), by=by, now=now)


def _refuse_busy(counter: Counter) -> None:
    if Ticket.objects.at_counter().filter(counter=counter.pk).exists():
        raise InUse(
            _("%(counter)s sedang melayani orang. Tunggu sampai selesai, lalu coba lagi.")
            % {"counter": counter}
        )
