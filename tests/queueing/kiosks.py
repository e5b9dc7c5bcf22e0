"""The three pages of the kiosk, and the press that takes a number."""

from uuid import uuid4

from django.urls import reverse


def start(hall):
    return reverse("kiosk", args=[hall.mall.slug])


def question(hall, service=None):
    return reverse("kiosk_service", args=[hall.mall.slug, (service or hall.service).pk])


def press(client, hall, *, priority="0", key=None, **extra):
    """One touch on the question."""
    page = question(hall, extra.pop("service", None))
    data = {"priority": priority, "key": str(key or uuid4()), **extra}
    return client.post(f"{page}?ambil=1", data, headers={"Referer": f"http://testserver{page}"})
