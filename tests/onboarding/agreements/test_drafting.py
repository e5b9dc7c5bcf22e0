"""A document begins anew or from another one, and is filled in part by part."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from agencies.models import Agreement
from onboarding.agreements import drafting, register
from onboarding.agreements.drafting import Head
from onboarding.agreements.register import Promised, Signatory, WrongState
from tests.onboarding.agreements.recipes import ON, YEAR_END, document, neighbour, promise, signed
from tests.recipes import at, make_hall

pytestmark = pytest.mark.django_db
NEXT_MONDAY = ON + timedelta(days=7)


@pytest.fixture
def hall():
    return make_hall(counters=2)


@pytest.fixture
def court(hall):
    return neighbour(hall.mall)


def head(*agencies, kind="cooperation", **extra):
    what = {"from_date": ON, "until_date": YEAR_END, "amends_id": None, "renews_id": None}
    what |= {"title": "PKS", "renewal_terms": "", **extra}
    return Head(kind=Agreement.Kind(kind), agencies=tuple(agencies), **what)


def draft(hall, *promised, **extra):
    return register.draft(hall.mall, document(*promised, **extra), by=hall.officer, now=at(8))


def test_a_document_reads_back_as_it_was_written(hall, court):
    said = document(
        promise(court, hall.counter, 5, staff=2, facilities="Meja", charge=None),
        promise(hall.presence, hall.counters[1], 0, services=(hall.service.pk,)),
        renewal_terms="tertulis",
    )

    found = drafting.document_of(register.draft(hall.mall, said, by=hall.officer, now=at(8)))

    assert set(found.promises) == set(said.promises)
    assert replace(found, promises=()) == replace(said, promises=())


def test_a_new_head_keeps_who_stays_and_forgets_who_goes(hall, court):
    was = document(promise(court, hall.counter, 5), promise(hall.presence, hall.counters[1], 0))

    found = drafting.with_head(was, head(court.agency_id, title="Lain"), mall=hall.mall)

    assert (found.title, [each.presence_id for each in found.promises]) == ("Lain", [court.pk])
    assert found.parties == was.parties[:2]


def test_whoever_signed_last_is_proposed_without_a_number(hall, court):
    signed(hall, promise(court, hall.counter, 5))

    found = drafting.with_head(drafting.blank(ON), head(court.agency_id), mall=hall.mall)

    assert found.parties == (
        Signatory(None, "", "Budi Santoso", "Kepala"),
        Signatory(court.agency_id, "", "Budi Santoso", "Kepala"),
    )


def test_an_addendum_begins_with_what_holds_then(hall, court):
    base = signed(hall, promise(court, hall.counter, 5, 6))
    signed(hall, promise(court, hall.counter, 5), amends_id=base.pk, from_date=NEXT_MONDAY)

    later = drafting.addendum_to(base, on=NEXT_MONDAY)

    assert [each.weekdays for each in later.promises] == [(5,)]
    assert (later.kind, later.amends_id, later.until_date) == ("addendum", base.pk, None)
    assert {each.number for each in later.parties} == {""}


def test_an_addendum_may_be_for_one_agency_of_many(hall, court):
    base = signed(hall, promise(court, hall.counter, 5), promise(hall.presence, hall.counter, 0))

    one = drafting.addendum_to(base, on=ON, presence_id=court.pk)

    assert [each.agency_id for each in one.parties] == [None, court.agency_id]
    assert [each.presence_id for each in one.promises] == [court.pk]


def test_a_renewal_begins_the_day_after_and_lasts_as_long(hall, court):
    old = signed(hall, promise(court, hall.counter, 5), from_date=ON, until_date=date(2026, 3, 31))

    new = drafting.renewal_of(old)

    assert (new.from_date, new.until_date) == (date(2026, 4, 1), date(2026, 4, 23))
    assert (new.renews_id, new.promises) == (old.pk, (promise(court, hall.counter, 5),))


def test_a_copy_has_the_content_and_neither_numbers_nor_an_end(hall, court):
    base = signed(hall, promise(court, hall.counter, 5), renewal_terms="tertulis")

    copied = drafting.copy_of(base, today=NEXT_MONDAY)

    assert copied.promises == (promise(court, hall.counter, 5),)
    assert (copied.from_date, copied.until_date, copied.renews_id) == (NEXT_MONDAY, None, None)
    assert {each.number for each in copied.parties} == {""}


def test_agencies_are_filled_in_one_after_the_other(hall, court):
    drafted = draft(hall, promise(court, hall.counter, 5))
    other = Promised(hall.presence.pk, (0,), (hall.counters[1].pk,))

    drafting.change(drafted, lambda was: drafting.with_promises(was, [other]))

    assert set(drafting.document_of(drafted).promises) == {promise(court, hall.counter, 5), other}


def test_what_is_promised_of_an_agency_is_taken_back(hall, court):
    drafted = draft(hall, promise(court, hall.counter, 5))

    drafting.change(drafted, lambda was: drafting.with_promises(was, [], without={court.pk}))

    assert drafting.document_of(drafted).promises == ()


def test_a_signed_document_is_not_changed(hall, court):
    found = signed(hall, promise(court, hall.counter, 5))

    with pytest.raises(WrongState):
        drafting.change(found, lambda was: drafting.with_promises(was, [], without={court.pk}))

    assert found.terms.count() == 1
