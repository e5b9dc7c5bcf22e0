"""Drafts have another fingerprint as soon as one of them says something else, and only then."""

from dataclasses import replace
from datetime import time

import pytest

from onboarding.agreements import fingerprints, register
from tests.onboarding.agreements.agreeing import drafted
from tests.onboarding.agreements.recipes import document, promise
from tests.recipes import make_hall

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall():
    return make_hall(counters=2)


def test_a_draft_that_is_kept_again_unchanged_and_in_another_order_is_the_same(hall):
    said = document(promise(hall.presence, hall.counter, 0, services=(hall.service.pk,)))
    drafts = [drafted(hall, promise(hall.presence, hall.counter, 1)) for _each in range(2)]
    register.redraft(drafts[0], said)
    before = fingerprints.of(drafts)

    register.redraft(drafts[0], said)

    assert fingerprints.of(reversed(drafts)) == before


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Lain"},
        {"renewal_terms": "Lain"},
        {"parties": ()},
        {"promises": ()},
    ],
)
def test_what_a_draft_says_of_itself_counts(hall, change):
    found = drafted(hall, promise(hall.presence, hall.counter, 0))
    before = fingerprints.of([found])

    said = document(promise(hall.presence, hall.counter, 0))
    register.redraft(found, replace(said, **change))

    assert fingerprints.of([found]) != before


@pytest.mark.parametrize(
    "change",
    [
        lambda hall: {"weekdays": (1,)},
        lambda hall: {"counters": (hall.counters[1].pk,)},
        lambda hall: {"services": (hall.service.pk,)},
        lambda hall: {"services": ()},
        lambda hall: {"opens": time(9), "closes": time(10)},
        lambda hall: {"staff": 3},
    ],
)
def test_what_a_draft_promises_counts(hall, change):
    promised = promise(hall.presence, hall.counter, 0)
    found = drafted(hall, promised)
    before = fingerprints.of([found])

    register.redraft(found, document(replace(promised, **change(hall))))

    assert fingerprints.of([found]) != before


def test_which_services_are_named_counts(hall):
    promised = promise(hall.presence, hall.counter, 0, services=())
    found = drafted(hall, promised)
    before = fingerprints.of([found])

    register.redraft(found, document(replace(promised, services=(hall.service.pk,))))

    assert fingerprints.of([found]) != before
