"""Pressing the buttons of a console, and looking at it."""

from uuid import uuid4

import time_machine
from django.urls import reverse

from tests.recipes import at


def press(client, counter, act, *, now=None, htmx=True, **form):
    """Press a button of the console as the page sends it."""
    address = reverse("desk_act", args=[counter.pk, act])
    headers = {"HX-Request": "true"} if htmx else {}
    with time_machine.travel(now or at(9), tick=False):
        return client.post(address, {"key": uuid4(), **form}, headers=headers)


def look(client, counter, *, now=None, **headers):
    with time_machine.travel(now or at(9), tick=False):
        return client.get(reverse("desk", args=[counter.pk]), headers=headers)
