"""How somebody arrives on the test Tuesday, and reads what is answered."""

from datetime import timedelta
from uuid import uuid4

from django.urls import reverse

from appointments import people, presence
from tests.appointments.recipes import TUESDAY, at


def tuesday(hour, minute=0, second=0):
    return at(hour, minute, second, on=TUESDAY)


def sentence(answer):
    return answer.context["refusal"].sentence


def on_phone(client, mine, code, *, key=None):
    address = reverse("booking_arrive", args=[people.link(mine)])
    form = {"code": code, "key": str(key or uuid4())}
    return client.post(address, form, headers={"HX-Request": "true"})


def code_now(hall, *, ago=0):
    return presence.hall_code(hall.mall.pk, tuesday(8, 55) - timedelta(minutes=ago))
