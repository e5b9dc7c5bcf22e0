"""Memoranda and joint agreements are frameworks: no counter follows them; and what may be amended."""

from datetime import date, timedelta

import pytest
import time_machine

from agencies.models import Agreement, Presence
from onboarding.agreements import drafting, endings, promises, register
from onboarding.agreements.register import WrongDay
from tests.onboarding.agreements.agreeing import admin_of, drafted, url
from tests.onboarding.agreements.recipes import (
    ON,
    SIGNING,
    days_of,
    document,
    neighbour,
    promise,
    signed,
)
from tests.recipes import at, make_hall

pytestmark = pytest.mark.django_db
FRAMEWORKS = ["memorandum", "joint"]
LAST = ON + timedelta(days=3)
WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def _nine_o_clock():
    with time_machine.travel(at(9), tick=False):
        yield


@pytest.fixture
def hall():
    return make_hall(counters=2)


@pytest.fixture
def court(hall):
    return neighbour(hall.mall)


@pytest.fixture
def client(client, hall):
    client.force_login(admin_of(hall))
    return client


# --- Frameworks --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", FRAMEWORKS)
def test_no_counter_follows_a_framework(hall, court, kind):
    before, basis = days_of(hall.presence), hall.presence.basis

    signed(hall, promise(hall.presence, hall.counter, 5), kind=kind)
    signed(hall, promise(court, hall.counters[1], 5), kind=kind)

    assert (days_of(hall.presence), days_of(court)) == (before, [])
    assert promises.reigns_of(court.pk) == []
    hall.presence.refresh_from_db()
    assert hall.presence.basis == basis == Presence.Basis.DECREE


def test_nor_what_amends_it(hall, court):
    base = signed(hall, promise(court, hall.counter, 5), kind="memorandum")

    signed(hall, promise(court, hall.counter, 6), amends_id=base.pk)

    assert days_of(court) == []


def test_a_framework_takes_the_place_of_no_cooperation_agreement(hall, court):
    signed(hall, promise(court, hall.counter, 5))
    before = days_of(court)

    memo = signed(hall, promise(court, hall.counter, 6), kind="memorandum")
    register.terminate(memo, on=LAST, reason="Selesai", by=hall.officer, now=at(9))

    assert days_of(court) == before


def test_the_preview_of_a_framework_shows_no_effect(hall, court):
    memo = drafted(hall, promise(court, hall.counter, 5), kind="memorandum")

    assert promises.effects(hall.mall, [memo.pk], now=at(9)) == ([], [])


def test_a_framework_may_leave_days_and_counters_open(hall, court):
    memo = drafted(hall, promise(court, hall.counter), kind="memorandum")

    assert register.missing_in(memo) == []


def test_a_copy_as_a_cooperation_agreement_opens_what_the_framework_meant(hall, court):
    memo = signed(hall, promise(court, hall.counter, 5), kind="memorandum")
    copied = drafting.copy_of(memo, today=ON)

    signed(hall, *copied.promises)

    assert [weekday for weekday, *_rest in days_of(court)] == [5]


def test_a_framework_that_is_renewed_is_told_no_more(hall, court):
    about = {"kind": "memorandum", "until_date": LAST}
    old = signed(hall, promise(court, hall.counter, 5), **about)
    assert [each.agreement for each in endings.near(Agreement.objects.all(), on=ON)] == [old]

    signed(
        hall, promise(court, hall.counter, 5), from_date=LAST, kind="memorandum", renews_id=old.pk
    )

    assert old not in [each.agreement for each in endings.near(Agreement.objects.all(), on=ON)]


@pytest.mark.parametrize(("kind", "is_said"), [("memorandum", True), ("cooperation", False)])
def test_a_page_says_that_no_counter_follows(client, hall, court, kind, is_said):
    draft = drafted(hall, promise(court, hall.counter, 5), kind=kind)

    pages = [url("agreement", hall, draft.pk), url("agreement_terms", hall, draft.pk)]
    pages.append(url("agreement_term", hall, draft.pk, court.pk))

    assert {"tidak membuka loket" in client.get(page).text for page in pages} == {is_said}


# --- What may be amended -----------------------------------------------------------------------


@pytest.fixture
def over(hall, court):
    """A document that was ended early, and by now is over."""
    then = at(8, on=ON - WEEK)
    found = signed(hall, promise(court, hall.counter, 5), from_date=ON - WEEK, now=then)
    register.terminate(found, on=ON - WEEK, reason="Pindah", by=hall.officer, now=then)
    found.refresh_from_db()
    return found


def test_what_is_over_is_not_amended(hall, court, over):
    what = document(promise(court, hall.counter, 6), amends_id=over.pk, from_date=ON)

    with pytest.raises(WrongDay, match="tidak berlaku"):
        register.draft(hall.mall, what, by=hall.officer, now=at(9))


@pytest.mark.parametrize("last", [LAST, None])
def test_what_holds_or_will_hold_is_amended(hall, court, last):
    base = signed(hall, promise(court, hall.counter, 5), until_date=last)

    what = document(promise(court, hall.counter, 6), amends_id=base.pk, from_date=LAST)
    register.sign(
        [register.draft(hall.mall, what, by=hall.officer, now=at(9))],
        *(SIGNING,),
        by=hall.officer,
        now=at(9),
    )

    assert [each.weekdays for each in promises.reigns_of(court.pk)][:2] == [(5,), (6,)]


def test_only_what_holds_is_offered_to_be_amended(client, hall, court, over):
    coming = signed(hall, promise(court, hall.counter, 6), from_date=date(2026, 6, 1))

    form = client.get(url("agreement_new", hall)).context["form"]
    begun = client.get(url("agreement_new", hall) + f"?adendum={over.pk}")

    assert list(form.fields["amends"].queryset) == [coming]
    assert set(form.fields["renews"].queryset) == {coming, over}
    assert begun.status_code == 404


def test_a_forged_number_of_what_is_over_is_refused(client, hall, court, over):
    what = {"kind": "addendum", "title": "Adendum", "from_date": "2026-03-10", "amends": over.pk}

    answer = client.post(url("agreement_new", hall), what)

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["amends"])
    assert Agreement.objects.get() == over
