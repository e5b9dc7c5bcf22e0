"""Each thing that must hold of counters and terms is seen when it does not."""

from datetime import timedelta

import pytest

from agencies.models import CounterDay, Term
from core.proof import Scope
from onboarding.agreements import checks, register
from tests.onboarding.agreements.recipes import ON, document, neighbour, promise, signed
from tests.recipes import at, make_hall

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall():
    return make_hall(counters=2)


@pytest.fixture
def court(hall):
    return neighbour(hall.mall)


@pytest.fixture
def agreed(hall, court):
    base = signed(hall, promise(court, hall.counter, 5, 6))
    first = ON + timedelta(days=7)
    signed(hall, promise(court, hall.counter, 5), amends_id=base.pk, from_date=first)
    return base


def wrong(check):
    return [breach.what for breach in check(Scope()).breaches]


def test_a_sound_hall_has_nothing_wrong(hall, agreed):
    register.terminate(
        agreed, on=ON + timedelta(days=20), reason="Pindah", by=hall.officer, now=at(9)
    )

    assert (wrong(checks.counters), wrong(checks.days)) == ([], [])
    assert checks.counters(Scope()).checked == 13
    assert checks.days(Scope()).checked == 3


def test_a_counter_given_twice_is_seen(hall, agreed, court):
    row = CounterDay.objects.filter(presence=hall.presence, counter=hall.counter).first()
    CounterDay.objects.create(
        counter=row.counter, presence=court, weekday=row.weekday, from_date=ON, until_date=ON
    )

    assert wrong(checks.counters) == ["gives a counter away a second time"]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"weekday": 4}, "is on a day that no term promises"),
        ({"until_date": None}, "is on a day that no term promises"),
        ({"from_date": ON - timedelta(days=3)}, "is on a day that no term promises"),
    ],
)
def test_a_day_that_nobody_promised_is_seen(hall, court, change, found):
    signed(hall, promise(court, hall.counter, 5))

    CounterDay.objects.filter(presence=court).update(**change)

    assert found in wrong(checks.days)


def test_a_promised_day_that_is_missing_is_seen(hall, court):
    signed(hall, promise(court, hall.counter, 5, 6))

    CounterDay.objects.filter(presence=court, weekday=6).delete()

    assert wrong(checks.days) == ["lacks a day that its term promises"]


def test_a_day_without_a_term_that_goes_on_is_seen(hall, court):
    signed(hall, promise(court, hall.counter, 5))

    CounterDay.objects.create(counter=hall.counters[1], presence=court, weekday=5)

    assert wrong(checks.days) == ["goes on without a term"]


def test_a_day_on_the_term_of_another_agency_is_seen(hall, court):
    signed(hall, promise(court, hall.counter, 5))
    term = Term.objects.get()

    CounterDay.objects.filter(presence=hall.presence, weekday=0).update(term=term)

    assert set(wrong(checks.days)) == {"stands on the term of another"}


def test_only_the_mall_that_is_asked_for_is_looked_at(hall, court):
    far = make_hall(slug="mpp-jauh")
    signed(hall, promise(court, hall.counter, 5))
    CounterDay.objects.filter(presence=court).update(weekday=4)

    assert checks.days(Scope(far.mall.pk)).breaches == []
    assert len(checks.days(Scope(hall.mall.pk)).breaches) == 2


def test_a_document_that_was_over_when_it_was_signed_opens_nothing_and_lacks_nothing(hall, court):
    past = ON - timedelta(days=60)
    hall.issue()
    drafted = register.draft(
        hall.mall,
        document(
            promise(hall.presence, hall.counters[1], 5),
            from_date=past,
            until_date=past + timedelta(days=30),
        ),
        by=hall.officer,
        now=at(8),
    )
    register.sign([drafted], register.Signing(past, "Aula"), by=hall.officer, now=at(9))

    assert wrong(checks.days) == []
