"""Many guesses at one code, and many presses that ask for one."""

import time
from collections import Counter

import pytest

from core import throttle
from notifications import codes, outbox
from notifications.contacts import Reach
from notifications.models import Code, Message
from notifications.states import Channel, Lane
from tests.notifications.posts import PHONE, later, sends_through
from tests.races.crowd import broken_within, errors, together
from tests.recipes import at

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
PURPOSE = "booking:1"
GUESSES = 20
WRONG, OVER = "Kode itu tidak cocok. Periksa pesan yang terakhir.", "Minta kode baru."


@pytest.fixture
def mall(hall):
    sends_through(hall.mall, Channel.TEXT)
    return hall.mall


def ask(mall, now=None):
    codes.send(PURPOSE, mall, Reach(phone=PHONE), now=now or at(9))


def sent_digits():
    (row,) = Message.objects.filter(lane=Lane.CODES)
    return outbox.values_of(row)["angka"]


def guess(digits):
    codes.prove(PURPOSE, PHONE, digits, now=later(1))


def guesses(digits):
    """Twenty at once; how many of them were compared with the code."""
    results = together(*[lambda: guess(digits)] * GUESSES)
    answers = Counter(
        str(error).removeprefix("Kode itu sudah tidak berlaku. ") for error in results
    )
    assert set(answers) <= {WRONG, OVER}
    return answers[WRONG]


def test_twenty_guesses_at_once_are_five(mall):
    ask(mall)
    right = sent_digits()

    assert guesses(f"{(int(right) + 1) % 10**6:06}") == codes.TRIES

    assert Code.objects.get().tries == codes.TRIES
    with pytest.raises(codes.CodeWrong):
        guess(right)
    assert not codes.is_proven(PURPOSE, PHONE, now=later(2))


def test_ten_presses_at_once_send_one_code_and_it_is_the_right_one(mall):
    results = together(*[lambda: ask(mall)] * 10)

    assert {type(error) for error in errors(results)} <= {codes.CodeTooSoon, throttle.TooMany}
    assert len(errors(results)) == 9
    guess(sent_digits())
    assert codes.is_proven(PURPOSE, PHONE, now=later(2))


def test_ten_presses_for_a_new_code_send_one_and_it_is_the_right_one(mall):
    ask(mall)
    Message.objects.all().delete()
    later_on = at(9, 2)

    results = together(*[lambda: ask(mall, later_on)] * 10)

    assert len(errors(results)) == 9
    codes.prove(PURPOSE, PHONE, sent_digits(), now=at(9, 3))


def test_twin_tries_looked_up_before_they_are_counted_are_more(mall, guard_off):
    def looked_up(purpose, phone, digits, *, now):
        found = Code.objects.get(purpose=purpose)
        time.sleep(0.01)
        if found.tries >= codes.TRIES:
            raise codes.CodeWrong(OVER)
        Code.objects.filter(pk=found.pk).update(tries=found.tries + 1)
        raise codes.CodeWrong(WRONG)

    ask(mall)
    guard_off.setattr(codes, "prove", looked_up)

    def goes_wrong():
        Code.objects.update(tries=0)
        return guesses("000000") > codes.TRIES

    assert broken_within(5, goes_wrong)
