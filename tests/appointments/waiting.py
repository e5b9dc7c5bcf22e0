"""Giving a place up on a waiting list, and the sweep that hands it on."""

from appointments import booking
from appointments.models import Application, ReturningPlace
from tests.appointments.recipes import at, key


def again(row):
    return Application.objects.with_names().get(pk=row.pk)


def cancel(pk, *, now=None):
    """Somebody gives a place up, and its random moment has come."""
    given_up(pk, now=now)
    ReturningPlace.objects.update(returns_at=now or at(9))


def given_up(pk, *, now=None):
    booking.cancel(pk, now=now or at(9), key=key())
