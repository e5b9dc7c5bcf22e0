"""What somebody who starts the demonstration wants to know: where to look and how to sign in."""

from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from agencies.models import Mall
from mpp import seed


class Login(NamedTuple):
    """An account of the demonstration, with its password that everybody knows."""

    title: str
    username: str
    password: str


def faces(base_url: str) -> list[tuple[str, str]]:
    """The five faces of the demo mall, each with an address that answers."""
    mall = Mall.objects.get(slug=seed.BEKASI)
    pages = [
        (_("Pemohon"), reverse("home")),
        (_("Mesin nomor"), reverse("kiosk", args=[mall.slug])),
        (_("Papan panggil"), reverse("board", args=[mall.slug])),
        (_("Loket"), reverse("counters")),
        (_("Admin"), reverse("admin:index")),
    ]
    return [(title, f"{base_url}{path}") for title, path in pages]


def logins() -> list[Login]:
    """The seeded accounts that can still sign in, from the widest role to the counter."""
    names = [person.username for person in seed.PEOPLE]
    usable = set(
        User.objects.filter(username__in=names, is_active=True).values_list("username", flat=True)
    )
    return [
        Login(str(person.role.label), person.username, seed.DEMO_PASSWORD)
        for person in seed.PEOPLE
        if person.username in usable
    ]
