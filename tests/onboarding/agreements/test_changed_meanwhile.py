"""Two who fill in one draft: what somebody has not seen is not overwritten by them."""

import re
from dataclasses import replace

import pytest
import time_machine

from onboarding.agreements import drafting
from tests.onboarding.agreements.agreeing import admin_of, drafted, seen, url
from tests.onboarding.agreements.recipes import neighbour, promise
from tests.recipes import at, make_hall

pytestmark = pytest.mark.django_db


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
def draft(hall, court):
    return drafted(hall, promise(court, hall.counter, 5), promise(hall.presence, hall.counter, 0))


@pytest.fixture
def client(client, hall):
    client.force_login(admin_of(hall))
    return client


def shown(client, address):
    """What the form of a page sends beside what is typed."""
    found = re.findall(r'name="(seen-[^"]+)" value="([^"]*)"', client.get(address).text)
    return dict(found)


def rows(hall, court, **typed):
    """The table with Monday of the hall's agency, and what is typed of the court."""
    own = {"weekdays": [0], "counters": "1"}
    said = {f"i{hall.presence.pk}-{name}": value for name, value in own.items()}
    return said | {f"i{court.pk}-{name}": value for name, value in typed.items()}


def another_writes(draft, *promised):
    drafting.change(draft, lambda was: drafting.with_promises(was, promised))


def days(draft):
    return {each.presence: each.weekdays for each in draft.terms.select_related("presence")}


def test_a_row_that_another_filled_in_meanwhile_is_not_overwritten(client, hall, court, draft):
    address = url("agreement_terms", hall, draft.pk)
    opened = shown(client, address)
    another_writes(draft, promise(court, hall.counters[1], 1, 3, staff=4))

    answer = client.post(address, opened | rows(hall, court, weekdays=[2], counters="1"))

    assert (answer.status_code, answer["X-Refusal"]) == (409, "changed_meanwhile")
    assert days(draft) == {court: [1, 3], hall.presence: [0]}
    stale = [row for row in answer.context["rows"] if row.is_stale]
    assert [row.presence for row in stale] == [court]
    assert "Selasa, Kamis; loket 2; 4 petugas" in answer.text
    assert stale[0]["weekdays"].value() == ["2"]


def test_whoever_looked_again_replaces_it(client, hall, court, draft):
    address, typed = url("agreement_terms", hall, draft.pk), rows(hall, court, weekdays=[2])
    opened = shown(client, address)
    another_writes(draft, promise(court, hall.counters[1], 1, 3))
    refused = client.post(address, opened | typed)

    again = dict(re.findall(r'name="(seen-[^"]+)" value="([^"]*)"', refused.text))
    client.post(address, again | typed)

    assert days(draft)[court] == [2]


def test_an_agency_that_joined_meanwhile_is_not_emptied(client, hall, court, draft):
    address = url("agreement_terms", hall, draft.pk)
    opened = shown(client, address)
    fire = neighbour(hall.mall, "Damkar")
    joins = drafting.Signatory(fire.agency_id)
    drafting.change(draft, lambda was: replace(was, parties=(*was.parties, joins)))
    another_writes(draft, promise(fire, hall.counters[1], 4))

    answer = client.post(address, opened | rows(hall, court, weekdays=[5], counters="1"))

    assert answer.status_code == 409
    assert days(draft)[fire] == [4]


def test_two_who_fill_in_different_agencies_do_not_disturb_each_other(client, hall, court, draft):
    address = url("agreement_term", hall, draft.pk, court.pk)
    opened = shown(client, address)
    another_writes(draft, promise(hall.presence, hall.counters[1], 1))

    answer = client.post(address, opened | {"weekdays": [2], "covers_all": "1"})

    assert answer.status_code == 302
    assert days(draft) == {court: [2], hall.presence: [1]}


def test_the_content_of_one_agency_is_not_overwritten_unseen(client, hall, court, draft):
    address = url("agreement_term", hall, draft.pk, court.pk)
    opened = shown(client, address)
    another_writes(draft, promise(court, hall.counter, 1))

    answer = client.post(address, opened | {"weekdays": [2], "covers_all": "1"})

    assert (answer.status_code, answer.context["form"].is_stale) == (409, True)
    assert days(draft)[court] == [1]


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("agreement_parties", {"p0-number": "9/MPP"}),
        (
            *("agreement_edit",),
            {"kind": "cooperation", "title": "Lama", "from_date": "2026-03-09"},
        ),
    ],
)
def test_parties_and_head_are_not_overwritten_unseen(client, hall, draft, name, form):
    address = url(name, hall, draft.pk)
    opened = shown(client, address)
    signs = [drafting.Signatory(each.agency_id, "7/MPP") for each in before(draft).parties]
    client.post(url("agreement_edit", hall, draft.pk), seen(draft, head_of(draft, "Baru")))
    drafting.change(draft, lambda was: drafting.with_parties(was, signs))

    answer = client.post(address, opened | form)

    assert (answer.status_code, answer["X-Refusal"]) == (409, "changed_meanwhile")
    found = before(draft)
    assert (found.title, {each.number for each in found.parties}) == ("Baru", {"7/MPP"})


def before(draft):
    draft.refresh_from_db()
    return drafting.document_of(draft)


def head_of(draft, title):
    agencies = [str(each.agency_id) for each in before(draft).parties if each.agency_id]
    dates = {"from_date": "2026-03-09", "until_date": "2026-12-31"}
    return {"kind": "cooperation", "title": title, "agencies": agencies, **dates}
