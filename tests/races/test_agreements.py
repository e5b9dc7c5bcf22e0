"""Many sign at once: a counter is given to one agency, a document is signed once."""

import time
from datetime import timedelta

import pytest
from django.db.models import QuerySet

from agencies import rota
from agencies.models import Agreement, CounterDay
from agencies.rota import CounterTaken
from appointments import booking, disruption
from appointments.models import Booking
from appointments.states import State
from core import memo
from onboarding.agreements import drafting, register
from onboarding.agreements.drafting import PartsChanged
from onboarding.agreements.register import WrongState
from tests.appointments.recipes import book, hold, make_plan, person
from tests.onboarding.agreements.recipes import SIGNING, document, neighbour, promise, signed
from tests.races.crowd import broken_within, deferred, errors, processes, together
from tests.recipes import MONDAY, at, key

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
SATURDAY = 5
LOST = MONDAY + timedelta(days=8)  # a Tuesday
NINE = at(9, on=LOST)


def drafts_for_one_counter(hall, number, *, apart=0):
    """Agencies that were all promised the same counter on the same weekday, some days apart."""
    return [
        register.draft(
            hall.mall,
            document(
                promise(neighbour(hall.mall, f"Instansi {place}"), hall.counter, SATURDAY),
                from_date=MONDAY + timedelta(days=place * apart),
            ),
            by=hall.officer,
            now=at(8),
        )
        for place in range(number)
    ]


def signing(hall, drafted, sign=None):
    return lambda: (sign or register.sign)([drafted], SIGNING, by=hall.officer, now=at(9))


def without_locks(guard_off):
    """Signing as it would be if nobody waited in line."""
    deferred(guard_off)
    guard_off.setattr(QuerySet, "select_for_update", lambda found, **more: found.all())
    planned = rota.planned

    def slowly(*args):
        found = planned(*args)
        time.sleep(0.1)
        return found

    guard_off.setattr(rota, "planned", slowly)
    guard_off.setattr(rota, "lay", rota.lay.__wrapped__)
    return register.sign.__wrapped__


def test_of_six_agencies_promised_one_counter_one_gets_it(hall):
    drafts = drafts_for_one_counter(hall, 6)

    results = together(*[signing(hall, each) for each in drafts])

    assert [type(error) for error in errors(results)] == [CounterTaken] * 5
    assert CounterDay.objects.filter(weekday=SATURDAY).count() == 1
    assert Agreement.objects.filter(state="signed").count() == 1


# With one first day the constraint would stop them; these begin a week apart.
def test_twin_without_waiting_in_line_a_counter_is_given_twice(hall, guard_off):
    sign = without_locks(guard_off)

    def goes_wrong():
        Agreement.objects.all().update(state="draft", signed_on=None)
        CounterDay.objects.filter(weekday=SATURDAY).delete()
        drafts = list(Agreement.objects.all()) or drafts_for_one_counter(hall, 3, apart=7)
        together(*[signing(hall, each, sign) for each in drafts])
        return CounterDay.objects.filter(weekday=SATURDAY).count() > 1

    assert broken_within(6, goes_wrong)


def test_a_document_is_signed_once_however_often_it_is_pressed(hall):
    (drafted,) = drafts_for_one_counter(hall, 1)

    results = together(*[signing(hall, drafted)] * 6)

    assert [type(error) for error in errors(results)] == [WrongState] * 5
    assert CounterDay.objects.filter(weekday=SATURDAY).count() == 1


def test_signing_and_ending_at_once_leaves_what_the_terms_say(hall):
    base = signed(hall, promise(neighbour(hall.mall), hall.counter, SATURDAY))
    drafts = drafts_for_one_counter(hall, 2)

    def end():
        register.terminate(base, on=MONDAY, reason="Pindah", by=hall.officer, now=at(9))

    results = together(end, *[signing(hall, each) for each in drafts])

    assert errors(results[:1]) == []
    assert all(isinstance(error, CounterTaken) for error in errors(results))


def test_of_those_who_fill_in_one_agency_at_once_one_is_kept(hall):
    court = neighbour(hall.mall)
    what = document(promise(court, hall.counter, SATURDAY))
    drafted = register.draft(hall.mall, what, by=hall.officer, now=at(8))
    part = drafting.content_part(court.pk)
    seen = {part: drafting.names_of(drafting.document_of(drafted))[part]}

    def fill_in(weekday):
        what = promise(court, hall.counter, weekday)
        drafting.change(drafted, lambda was: drafting.with_promises(was, [what]), seen=seen)

    results = together(*[lambda day=day: fill_in(day) for day in range(4)])

    assert {type(error) for error in errors(results)} == {PartsChanged}
    assert len(errors(results)) == 3
    assert drafted.terms.get().weekdays == [results.index(None)]


def test_processes_that_sign_at_once_give_a_counter_to_one(hall):
    drafts = drafts_for_one_counter(hall, 3)

    told = processes(
        *[{"act": "sign", "draft": each.pk, "officer": hall.officer.pk} for each in drafts]
    )

    assert sorted(told) == [["counter_taken"], ["counter_taken"], ["signed"]]


def test_who_books_while_the_days_move_keeps_no_promise_that_cannot_be_kept(hall):
    make_plan(hall.service, ahead=30)
    base = signed(hall, promise(hall.presence, hall.counter, 1, 3))
    drafted = register.draft(
        hall.mall,
        document(
            promise(hall.presence, hall.counter, 0),
            amends_id=base.pk,
            from_date=MONDAY + timedelta(days=1),
        ),
        by=hall.officer,
        now=at(8),
    )
    early = book(hall.service, NINE)
    held = [hold(hall.service, NINE) for _ in range(6)]

    together(signing(hall, drafted), *[lambda pk=pk: confirm(pk) for pk in held])
    memo.clear_all()
    disruption.catch_up(now=at(9, on=LOST - timedelta(days=3)))

    states = dict(Booking.objects.filter(slot__date=LOST).values_list("pk", "state"))
    assert states[early] == State.CALLED_OFF
    assert State.CONFIRMED not in states.values()


def confirm(pk):
    return booking.confirm(pk, person(pk), now=at(9), key=key())
