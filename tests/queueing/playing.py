"""A small mall to be played, and a database that is sometimes busy."""

from itertools import count

from django.db import OperationalError
from model_bakery import baker

from agencies.models import Counter, CounterDay
from core import memo
from queueing import desks
from services.models import CounterQueue, Service
from tests import recipes
from tests.recipes import at


def two_agencies(*, counters=2):
    """A hall with two agencies, whose desks are free."""
    hall = recipes.make_hall(counters=counters)
    for counter, officer in zip(hall.counters, hall.officers, strict=True):
        desks.leave(counter, by=officer, now=at(9))
    presence = recipes.make_presence(hall.mall, "Kantor Uji")
    queue = recipes.make_queue(presence, "B")
    hall.extra["service"] = recipes.make_service(queue, "Layanan Lain")
    counter = baker.make(Counter, mall=hall.mall, number="9", place="Lantai 1")
    for weekday in range(5):
        baker.make(CounterDay, counter=counter, presence=presence, weekday=weekday)
    baker.make(CounterQueue, counter=counter, queue=queue, rank=None)
    # What people want hangs on the code of a service: with one by chance each run is another day.
    for service, code in ((hall.service, "layanan-uji"), (hall.extra["service"], "layanan-lain")):
        Service.objects.filter(pk=service.pk).update(code=code)
    memo.clear_all()
    return hall


def sometimes_busy(move):
    """The same function, whose every third call finds the database locked."""
    calls = count(1)

    def unlucky(*args, **kwargs):
        if next(calls) % 3 == 0:
            raise OperationalError("database is locked")
        return move(*args, **kwargs)

    return unlucky
