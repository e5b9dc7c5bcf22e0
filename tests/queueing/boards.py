"""A board by its address, and the picture behind it."""

from django.urls import reverse

from core import memo
from queueing import boards
from tests.recipes import at


def address(hall):
    return reverse("board", args=[hall.mall.slug])


def picture(hall, now=None):
    return boards.picture(hall.mall, now=now or at(9))


def place(hall, seat, where):
    hall.counters[seat].place = where
    hall.counters[seat].save()
    memo.clear_all()
