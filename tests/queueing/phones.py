"""A ticket as a phone sees it, and a number that the kiosk has just given out."""

import time_machine

from core import memo
from queueing import tickets
from queueing.states import Priority
from tests.queueing.pages import page_of
from tests.recipes import at, key


def see(client, pk, *, now=None, **query):
    """The part of the page as htmx fetches it."""
    with time_machine.travel(now or at(9), tick=False):
        memo.clear_all()
        return client.get(page_of(pk), query, headers={"HX-Request": "true"})


def paper(hall, *, now=None):
    """A number of a machine whose paper nobody has seen yet."""
    return tickets.issue(
        hall.service.pk, priority=Priority.NONE, now=now or at(9), key=key(), on_paper=True
    )
