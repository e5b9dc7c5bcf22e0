"""Many guesses at once are as many guesses."""

from datetime import timedelta

import pytest

from core import sql, throttle
from core.models import Tries
from tests.races.crowd import broken_within, errors, together
from tests.recipes import at

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def guess():
    throttle.spend_surely("kode", "1", most=3, within=timedelta(minutes=1), now=at(9))


def test_thirty_guesses_at_once_are_three():
    results = together(*[guess] * 30)

    assert {type(error) for error in errors(results)} == {throttle.TooMany}
    assert (len(results) - len(errors(results)), Tries.objects.get().times) == (3, 30)


def test_twin_guesses_looked_up_before_they_are_counted_are_more(guard_off):
    """Without the one statement that counts and tells, many see the same count."""

    def apart(_statement, *, what, now, before):
        seen = Tries.objects.filter(what=what).values_list("times", flat=True).first() or 0
        Tries.objects.update_or_create(what=what, defaults={"times": seen + 1, "since": now})
        return seen + 1, now

    guess()
    guard_off.setattr(sql, "row", apart)

    def goes_wrong():
        Tries.objects.update(times=0)
        results = together(*[guess] * 30)
        return len(results) - len(errors(results)) > 3

    assert broken_within(20, goes_wrong)
