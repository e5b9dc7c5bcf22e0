"""What signing or ending would do, shown before it is done."""

from datetime import date, timedelta

import pytest

from appointments.models import Booking
from appointments.states import State
from onboarding.agreements import promises, register
from tests.appointments.recipes import book, make_plan
from tests.onboarding.agreements.recipes import (
    ON,
    SIGNING,
    YEAR_END,
    document,
    neighbour,
    promise,
    signed,
)
from tests.recipes import at, make_hall, make_service

pytestmark = pytest.mark.django_db
NEXT_MONDAY = ON + timedelta(days=7)
TUESDAY = ON + timedelta(days=1)


@pytest.fixture
def hall():
    return make_hall(counters=2)


@pytest.fixture
def court(hall):
    return neighbour(hall.mall)


def draft(hall, *promised, **extra):
    return register.draft(hall.mall, document(*promised, **extra), by=hall.officer, now=at(8))


def effects(hall, *drafts):
    return promises.effects(hall.mall, [each.pk for each in drafts], now=at(8))


def test_a_first_document_shows_from_when_the_agency_is_there(hall, court):
    drafted = draft(hall, promise(court, hall.counter, 5), from_date=NEXT_MONDAY)

    [effect], taken = effects(hall, drafted)

    assert (effect.presence, effect.first) == (court, NEXT_MONDAY)
    assert (effect.before, effect.after, effect.called_off, taken) == (frozenset(), {5}, 0, [])


def test_an_addendum_shows_the_day_of_its_change_and_not_the_next(hall):
    hall.issue()
    base = signed(hall, promise(hall.presence, hall.counter, 1, 3))
    change = draft(
        hall, promise(hall.presence, hall.counter, 0), amends_id=base.pk, from_date=NEXT_MONDAY
    )

    [effect], _taken = effects(hall, change)

    assert effect.first == NEXT_MONDAY
    assert (effect.before, effect.after) == ({1, 3}, {0})
    assert (effect.said_before, effect.said_after) == ("Selasa, Kamis", "Senin")


def test_a_renewal_goes_on_as_before(hall, court):
    old = signed(hall, promise(court, hall.counter, 5), until_date=date(2026, 3, 31))
    follows = draft(
        hall, promise(court, hall.counter, 5), from_date=date(2026, 4, 1), renews_id=old.pk
    )

    [effect], _taken = effects(hall, follows)

    assert (effect.first, effect.before, effect.after) == (date(2026, 4, 1), {5}, {5})


def test_reservations_of_days_that_are_lost_are_counted(hall):
    make_plan(hall.service)
    book(hall.service)  # on Tuesday
    only_mondays = draft(hall, promise(hall.presence, hall.counter, 0))

    [effect], _taken = effects(hall, only_mondays)

    assert effect.called_off == 1


def test_a_counter_of_somebody_else_is_named(hall, court):
    drafted = draft(hall, promise(court, hall.counter, 0))

    _shown, taken = effects(hall, drafted)

    assert taken == ["Loket 1 pada hari Senin sudah dipakai Dinas Uji."]


def test_ending_early_shows_the_day_after_the_last(hall):
    make_plan(hall.service)
    found = signed(hall, promise(hall.presence, hall.counter, 0, 1))
    book(hall.service, at(9, on=NEXT_MONDAY + timedelta(days=1)))

    [effect], _taken = promises.effects_of_ending(found, on=NEXT_MONDAY, now=at(8))

    assert (effect.first, effect.before) == (NEXT_MONDAY + timedelta(days=1), {0, 1})
    assert (effect.after, effect.called_off) == (frozenset(), 1)


def test_ending_shows_what_its_addenda_lose_too(hall, court):
    base = signed(hall, promise(hall.presence, hall.counter, 0))
    signed(hall, promise(court, hall.counters[1], 5), amends_id=base.pk)

    shown, _taken = promises.effects_of_ending(base, on=NEXT_MONDAY, now=at(8))

    assert {effect.presence for effect in shown} == {hall.presence, court}
    assert all(not effect.after for effect in shown)


def test_ending_names_a_counter_that_would_be_needed_again_and_is_taken(hall, court):
    base = signed(hall, promise(court, hall.counter, 5))
    moved = signed(hall, promise(court, hall.counter, 6), amends_id=base.pk)
    signed(hall, promise(neighbour(hall.mall, "Imigrasi"), hall.counter, 5))

    _shown, taken = promises.effects_of_ending(moved, on=NEXT_MONDAY, now=at(8))

    assert taken == [
        "Loket 1 pada hari Sabtu masih dipakai Imigrasi sampai Kamis, 31 Desember 2026."
    ]


def test_looking_changes_nothing(hall, court):
    found = signed(hall, promise(court, hall.counter, 5))

    promises.effects_of_ending(found, on=NEXT_MONDAY, now=at(8))

    assert promises.reigns_of(court.pk)[-1].last == YEAR_END


def of_some(hall):
    """Two services of the agency, each with a reservation for the same Tuesday."""
    other = make_service(hall.queue, name="Layanan lain")
    for service in (hall.service, other):
        make_plan(service)
        book(service)
    return other


def test_as_many_are_called_off_as_was_said_where_some_services_stay(hall):
    other = of_some(hall)
    kept = draft(hall, promise(hall.presence, hall.counter, 1, services=(other.pk,)))

    [effect], _taken = effects(hall, kept)
    register.sign([kept], SIGNING, by=hall.officer, now=at(8))

    gone = Booking.objects.filter(state=State.CALLED_OFF)
    assert (effect.before, effect.after) == (frozenset(range(5)), {1})
    assert [each.service for each in gone] == [hall.service]
    assert effect.called_off == gone.count() == 1


def test_as_many_are_called_off_as_was_said_where_the_only_counter_rests(hall):
    of_some(hall)
    hall.counter.rests_from = TUESDAY
    hall.counter.save()
    kept = draft(hall, promise(hall.presence, hall.counter, 1))

    [effect], _taken = effects(hall, kept)
    register.sign([kept], SIGNING, by=hall.officer, now=at(8))

    gone = Booking.objects.filter(state=State.CALLED_OFF)
    assert effect.called_off == gone.count() == 2
