"""What the tests of the floor look at and press."""

import time_machine
from django.urls import reverse

from agencies.models import CounterDay
from core import memo
from hall import closures, devices
from hall.models import Closure, Device
from queueing import access, floor
from queueing.floor import troubles
from tests.recipes import add_counter, at, make_presence, make_queue, make_service

MEETING = Closure.Reason.MEETING


def picture(hall, user, now):
    memo.clear_all()
    return floor.picture(access.floor_for(user, hall.mall.slug, now=now), now=now)


def wrong(hall, user, now):
    return troubles.found_on(picture(hall, user, now))


def kinds(hall, user, now):
    return [each.kind for each in wrong(hall, user, now)]


def board(hall, admin, *, name="Papan utara", now=None, version=None):
    device = Device(mall=hall.mall, kind=Device.Kind.BOARD, name=name)
    devices.save(device, by=admin, now=at(8))
    devices.enrol(devices.new_code(device, by=admin, now=now or at(9)), now=now or at(9))
    devices.beat(device, version=version, now=now or at(9))
    return device


def second_agency(hall, letter="B"):
    presence = make_presence(hall.mall, f"Instansi {letter}")
    queue = make_queue(presence, letter)
    counter = add_counter(hall, queues=[queue])
    CounterDay.objects.filter(counter=counter).update(presence=presence)
    return presence, queue, make_service(queue)


def look(client, user, hall, name="floor", *rest, now=None, query="", **headers):
    client.force_login(user)
    memo.clear_all()
    with time_machine.travel(now or at(9), tick=False):
        return client.get(reverse(name, args=[hall.mall.slug, *rest]) + query, headers=headers)


def press(client, user, hall, act, *, now=None, **form):
    client.force_login(user)
    memo.clear_all()
    with time_machine.travel(now or at(9), tick=False):
        return client.post(reverse("floor_act", args=[hall.mall.slug, act]), form)


def asked(hall, seat=0):
    return closures.request(
        *(hall.counters[seat],), reason=MEETING, until=at(11), by=hall.officers[seat], now=at(9)
    )
