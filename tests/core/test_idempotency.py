"""One effect per key."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import transaction

from core import idempotency
from core.idempotency import KeyReused, once
from core.models import Answer
from core.tasks import forget_answers
from tests.recipes import at, key

pytestmark = pytest.mark.django_db
KEY = UUID("7b2e4a36-9d0c-4f6b-8a51-2f1d3c5e7a90")


@pytest.fixture
def effects():
    return []


def act(effects, answer=7):
    def effect():
        effects.append(answer)
        return answer

    return effect


def test_the_same_key_has_one_effect_and_one_answer(effects):
    first = once("counter:1", KEY, "call", act(effects), now=at(9))
    second = once("counter:1", KEY, "call", act(effects, 8), now=at(10))

    assert (first, second, effects) == ((7, True), (7, False), [7])


@pytest.mark.parametrize("answer", [None, 0, "", [], {"a": [1, None]}, "é"])
def test_whatever_the_answer_it_comes_again(effects, answer):
    once("counter:1", KEY, "call", act(effects, answer), now=at(9))

    assert once("counter:1", KEY, "call", act(effects), now=at(9)) == (answer, False)


def test_other_keys_and_other_scopes_have_effects_of_their_own(effects):
    once("counter:1", KEY, "call", act(effects, 1), now=at(9))
    once("counter:2", KEY, "call", act(effects, 2), now=at(9))
    once("counter:1", key(), "call", act(effects, 3), now=at(9))

    assert effects == [1, 2, 3]


def test_a_key_used_for_something_else_is_refused(effects):
    once("counter:1", KEY, "call", act(effects), now=at(9))
    with pytest.raises(KeyReused) as refusal:
        once("counter:1", KEY, "skip 7", act(effects), now=at(9))

    assert (refusal.value.status, refusal.value.code, effects) == (422, "key_reused", [7])


def test_after_a_failure_the_key_is_free(effects):
    def fail():
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        once("counter:1", KEY, "call", fail, now=at(9))

    assert Answer.objects.count() == 0
    assert once("counter:1", KEY, "call", act(effects), now=at(9)) == (7, True)


def test_inside_a_larger_transaction_it_stands_or_falls_with_it(effects):
    with transaction.atomic():
        once("counter:1", KEY, "call", act(effects), now=at(9))
        transaction.set_rollback(True)

    assert once("counter:1", KEY, "call", act(effects), now=at(9)) == (7, True)
    assert effects == [7, 7]


def test_answers_are_forgotten_after_two_days(effects, time_machine):
    once("counter:1", KEY, "call", act(effects), now=at(9))
    old, young = at(9) + idempotency.KEPT, at(9) + idempotency.KEPT + timedelta(seconds=1)
    time_machine.move_to(old)
    forget_answers()
    assert Answer.objects.count() == 1
    time_machine.move_to(young)
    forget_answers()
    assert Answer.objects.count() == 0
