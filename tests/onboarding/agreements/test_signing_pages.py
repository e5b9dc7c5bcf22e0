"""Signing and ending on their pages: shown first, then done, all or none."""

from datetime import timedelta

import pytest
import time_machine

from agencies.models import Agreement, Ceremony, CounterDay
from onboarding.agreements import fingerprints, register
from tests.appointments.recipes import book, make_plan
from tests.onboarding.agreements.agreeing import admin_of, drafted, scan, url
from tests.onboarding.agreements.recipes import ON, document, neighbour, promise, signed
from tests.onboarding.path.recipes import scan as photo
from tests.recipes import at, make_hall

pytestmark = pytest.mark.django_db
NEXT_MONDAY = ON + timedelta(days=7)


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


def event(*drafts, **extra):
    what = {"drafts": [each.pk for each in drafts], "on": "2026-03-09", "place": "Aula"}
    seen = fingerprints.of(drafts)
    return {**what, "title": "", "present": "", "seen": seen, **extra}


def states():
    return list(Agreement.objects.order_by("pk").values_list("state", flat=True))


def test_one_document_is_signed_after_a_look_at_what_it_does(client, hall, court):
    draft = drafted(hall, promise(court, hall.counter, 5))
    asked = client.get(f"{url('signing', hall)}?draf={draft.pk}").context["form"]
    assert asked["drafts"].value() == [str(draft.pk)]

    looked = client.post(url("signing", hall), event(draft))
    assert (looked.status_code, states()) == (200, ["draft"])
    assert [each.after for each in looked.context["effects"]] == [{5}]
    done = client.post(url("signing", hall), event(draft, do="sign"))

    assert (done.url, states()) == (url("agreement", hall, draft.pk), ["signed"])
    assert not Ceremony.objects.exists()


def test_many_are_signed_in_one_ceremony(client, hall, court):
    drafts = [
        drafted(hall, promise(court, hall.counter, 5)),
        drafted(hall, promise(neighbour(hall.mall, "Imigrasi"), hall.counter, 6)),
    ]

    present = "Menteri PANRB\nWali Kota"
    done = client.post(
        url("signing", hall), event(*drafts, do="sign", title="Peluncuran", present=present)
    )

    held = Ceremony.objects.get()
    assert (done.url, states()) == (url("ceremony", hall, held.pk), ["signed", "signed"])
    assert (held.title, held.present) == ("Peluncuran", ["Menteri PANRB", "Wali Kota"])
    rows = client.get(done.url).context["rows"]
    assert {row.agreement for row in rows} == set(drafts)


def test_a_counter_that_is_taken_is_shown_before_and_refused_after(client, hall, court):
    draft = drafted(hall, promise(court, hall.counter, 0))

    looked = client.post(url("signing", hall), event(draft))
    done = client.post(url("signing", hall), event(draft, do="sign"))

    sentence = "Loket 1 pada hari Senin sudah dipakai Dinas Uji."
    assert looked.context["taken"] == [sentence]
    assert (done.status_code, done["X-Refusal"]) == (409, "counter_taken")
    assert sentence in done.content.decode()
    assert (states(), CounterDay.objects.filter(presence=court).count()) == (["draft"], 0)


def test_what_changed_since_the_preview_is_looked_at_again_before_it_is_signed(client, hall, court):
    draft = drafted(hall, promise(court, hall.counter, 5))
    looked = client.post(url("signing", hall), event(draft)).context["seen"]
    register.redraft(draft, document(promise(court, hall.counter, 6)))

    answer = client.post(url("signing", hall), event(draft, do="sign", seen=looked))

    assert (answer.status_code, answer["X-Refusal"]) == (409, "changed_meanwhile")
    assert "Draf berubah sejak pratinjau" in answer.content.decode()
    assert ([each.after for each in answer.context["effects"]], states()) == ([{6}], ["draft"])
    again = answer.context["seen"]
    assert f'name="seen" value="{again}"' in answer.content.decode()
    client.post(url("signing", hall), event(draft, do="sign", seen=again))
    assert states() == ["signed"]


def test_nothing_is_signed_without_a_preview(client, hall, court):
    draft = drafted(hall, promise(court, hall.counter, 5))

    answer = client.post(url("signing", hall), event(draft, do="sign", seen=""))

    assert (answer["X-Refusal"], states()) == ("changed_meanwhile", ["draft"])


def test_what_lacks_something_is_shown_with_what_and_cannot_be_chosen(client, hall, court):
    draft = drafted(hall, promise(court, hall.counter))

    shown = client.get(url("signing", hall)).content.decode()
    answer = client.post(url("signing", hall), event(draft, do="sign"))

    assert "hari hadir dan loket bagi Kejaksaan Negeri" in shown
    assert (answer.status_code, states()) == (422, ["draft"])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"drafts": []}, "drafts"),
        ({"on": "2026-03-10"}, "on"),
        ({"on": ""}, "on"),
        ({"place": ""}, "place"),
    ],
)
def test_what_is_wrong_is_said_and_the_rest_is_kept(client, hall, court, change, field):
    draft = drafted(hall, promise(court, hall.counter, 5))

    answer = client.post(url("signing", hall), event(draft, title="Acara", do="sign", **change))

    assert (answer.status_code, states()) == (422, ["draft"])
    assert set(answer.context["form"].errors) == {field}
    assert 'value="Acara"' in answer.content.decode()


def test_another_change_is_made_before_signing(client, hall, court):
    draft = drafted(hall, promise(court, hall.counter, 5))

    answer = client.post(url("signing", hall), event(draft, do="edit", place="Serpong"))

    assert (answer.status_code, states()) == (200, ["draft"])
    assert 'value="Serpong"' in answer.content.decode()


def test_drafts_of_another_mall_are_not_offered(client, hall):
    far = make_hall(slug="mpp-jauh")
    theirs = drafted(far, promise(far.presence, far.counter, 0))

    answer = client.post(url("signing", hall), event(theirs, do="sign"))

    assert (answer.status_code, states()) == (422, ["draft"])


def test_a_photograph_of_the_ceremony_is_kept_and_replaced(client, hall, court):
    draft = drafted(hall, promise(court, hall.counter, 5))
    client.post(url("signing", hall), event(draft, do="sign", present="Wali Kota"))
    held = Ceremony.objects.get()
    assert client.get(url("ceremony_file", hall, held.pk)).status_code == 404

    for file in (photo(), scan()):
        client.post(url("ceremony", hall, held.pk), {"file": file})

    held.refresh_from_db()
    answer = client.get(url("ceremony_file", hall, held.pk))
    assert (held.document.kind, answer["Content-Type"]) == ("application/pdf", "application/pdf")
    assert client.post(url("ceremony", hall, held.pk)).status_code == 422


def test_a_document_is_ended_after_a_look_at_whom_it_touches(client, hall):
    make_plan(hall.service)
    found = signed(hall, promise(hall.presence, hall.counter, 0, 1))
    book(hall.service, at(9, on=NEXT_MONDAY + timedelta(days=1)))
    form = {"on": NEXT_MONDAY.isoformat(), "reason": "Pindah gedung"}

    looked = client.post(url("agreement_end", hall, found.pk), form)
    assert [each.called_off for each in looked.context["effects"]] == [1]
    assert states() == ["signed"]
    done = client.post(url("agreement_end", hall, found.pk), {**form, "do": "end"})

    assert done.url == url("agreement", hall, found.pk)
    found.refresh_from_db()
    assert (found.state, found.ended_on) == ("terminated", NEXT_MONDAY)


@pytest.mark.parametrize(
    ("change", "field"),
    [({"on": "2026-03-08"}, "on"), ({"on": "2026-12-31"}, "on"), ({"reason": " "}, "reason")],
)
def test_an_end_that_cannot_be_is_said_so(client, hall, court, change, field):
    found = signed(hall, promise(court, hall.counter, 5))
    form = {"on": NEXT_MONDAY.isoformat(), "reason": "Pindah", "do": "end", **change}

    answer = client.post(url("agreement_end", hall, found.pk), form)

    assert (answer.status_code, states()) == (422, ["signed"])
    assert set(answer.context["form"].errors) == {field}


def test_an_end_that_needs_a_counter_again_is_shown_before_and_refused_after(client, hall, court):
    base = signed(hall, promise(court, hall.counter, 5))
    moved = signed(hall, promise(court, hall.counter, 6), amends_id=base.pk)
    signed(hall, promise(neighbour(hall.mall, "Imigrasi"), hall.counter, 5))
    form = {"on": NEXT_MONDAY.isoformat(), "reason": "Pindah gedung"}

    looked = client.post(url("agreement_end", hall, moved.pk), form).content.decode()
    done = client.post(url("agreement_end", hall, moved.pk), {**form, "do": "end"})

    sentence = "Loket 1 pada hari Sabtu masih dipakai Imigrasi"
    assert sentence in looked
    assert 'value="end"' not in looked
    assert (done.status_code, done["X-Refusal"]) == (409, "counter_taken")
    assert all(each in done.content.decode() for each in (sentence, 'value="Pindah gedung"'))
    assert states() == ["signed"] * 3


def test_a_draft_is_not_ended(client, hall, court):
    draft = drafted(hall, promise(court, hall.counter, 5))

    answer = client.get(url("agreement_end", hall, draft.pk), headers={"HX-Request": "true"})

    assert (answer.status_code, states()) == (409, ["draft"])
