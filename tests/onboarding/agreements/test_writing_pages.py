"""Drafting, signing and ending agreements on their pages."""

from datetime import date, timedelta

import pytest
import time_machine

from accounts.roles import Role
from agencies.models import Agreement, Ceremony, CounterDay
from onboarding.agreements import drafting
from onboarding.agreements.register import Promised
from tests.onboarding.agreements.agreeing import admin_of, drafted, person, scan, seen, url
from tests.onboarding.agreements.recipes import ON, YEAR_END, neighbour, promise, signed
from tests.recipes import at, make_hall

pytestmark = pytest.mark.django_db
NEXT_MONDAY = ON + timedelta(days=7)
WRITING = ("agreement_edit", "agreement_parties", "agreement_terms", "agreement_end")


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


def head(*agencies, **extra):
    what = {"kind": "cooperation", "title": "PKS Baru", "from_date": "2026-03-10"}
    what |= {"until_date": "2026-12-31", "agencies": [str(each) for each in agencies]}
    return what | extra


def wrong(answer):
    assert answer.status_code == 422
    return answer.context["form"].errors


def test_a_document_is_drafted_step_by_step(client, hall, court):
    begun = client.post(url("agreement_new", hall), head(court.agency_id))
    draft = Agreement.objects.get()
    assert begun.url == url("agreement_parties", hall, draft.pk)

    signs = {"p0-number": "1/MPP", "p0-signatory": "Airin", "p0-position": "Wali Kota"}
    prefix = f"p{court.agency_id}"
    signs |= {f"{prefix}-number": "B-1", f"{prefix}-signatory": "Budi"}
    signs[f"{prefix}-position"] = "Kepala"
    to_terms = client.post(url("agreement_parties", hall, draft.pk), seen(draft, signs))
    assert to_terms.url == url("agreement_terms", hall, draft.pk)

    row = f"i{court.pk}"
    said = {f"{row}-weekdays": [0, 3], f"{row}-counters": "1, 2", f"{row}-staff": "2"}
    done = client.post(url("agreement_terms", hall, draft.pk), seen(draft, said))
    assert done.url == url("agreement", hall, draft.pk)

    found = drafting.document_of(draft)
    assert [each.number for each in found.parties] == ["1/MPP", "B-1"]
    counters = tuple(each.pk for each in hall.counters)
    assert found.promises == (Promised(court.pk, (0, 3), counters, staff=2),)
    assert client.get(done.url).context["shown"].lacks == ()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": ""}, "title"),
        ({"from_date": "besok"}, "from_date"),
        ({"until_date": "2026-03-09"}, "until_date"),
        ({"kind": "addendum"}, "amends"),
        ({"kind": "lain"}, "kind"),
        ({"agencies": ["999999"]}, "agencies"),
    ],
)
def test_what_is_wrong_with_a_head_is_said_and_the_rest_is_kept(client, hall, court, change, field):
    answer = client.post(url("agreement_new", hall), head(court.agency_id, **change))

    assert field in wrong(answer)
    assert not Agreement.objects.exists()
    assert 'value="2026-12-31"' in answer.content.decode() or field == "until_date"


def test_only_an_addendum_amends(client, hall, court):
    base = signed(hall, promise(court, hall.counter, 5))

    answer = client.post(url("agreement_new", hall), head(court.agency_id, amends=base.pk))

    assert wrong(answer)["amends"] == ["Hanya adendum yang mengubah dokumen lain."]


@pytest.mark.parametrize(
    ("query", "kind", "first", "weekdays"),
    [
        ("adendum", "addendum", date(2026, 3, 9), (5,)),
        ("perpanjang", "cooperation", date(2027, 1, 1), (5,)),
        ("salin", "cooperation", date(2026, 3, 9), (5,)),
    ],
)
def test_a_document_begins_from_another(client, hall, court, query, kind, first, weekdays):
    base = signed(hall, promise(court, hall.counter, 5))
    address = f"{url('agreement_new', hall)}?{query}={base.pk}"
    form = client.get(address).context["form"]
    assert (form["kind"].value(), form["from_date"].value()) == (kind, first)

    amends = {"amends": base.pk} if kind == "addendum" else {}
    client.post(address, head(court.agency_id, kind=kind, title="Turunan", **amends))

    made = drafting.document_of(Agreement.objects.get(title="Turunan"))
    assert [each.weekdays for each in made.promises] == [weekdays]
    assert [each.name for each in made.parties] == ["Budi Santoso", "Budi Santoso"]


def test_a_head_is_changed_and_the_content_stays(client, hall, court):
    draft = drafted(hall, promise(court, hall.counter, 5))

    what = seen(draft, head(court.agency_id, title="Lain"))
    client.post(url("agreement_edit", hall, draft.pk), what)

    draft.refresh_from_db()
    assert (draft.title, draft.terms.get().weekdays) == ("Lain", [5])


def test_a_table_row_without_anything_promises_nothing(client, hall, court):
    draft = drafted(hall, promise(court, hall.counter, 5))

    what = seen(draft, {f"i{court.pk}-counters": ""})
    client.post(url("agreement_terms", hall, draft.pk), what)

    assert not draft.terms.exists()


def test_a_table_row_keeps_the_details(client, hall, court):
    draft = drafted(hall, promise(court, hall.counter, 5, facilities="Meja"))

    client.post(
        url("agreement_terms", hall, draft.pk),
        seen(draft, {f"i{court.pk}-weekdays": [0], f"i{court.pk}-counters": "2"}),
    )

    term = draft.terms.get()
    assert (term.weekdays, term.facilities) == ([0], "Meja")
    assert term.counters.get() == hall.counters[1]


def test_a_counter_that_is_not_there_is_named(client, hall, court):
    draft = drafted(hall, promise(court, hall.counter, 5))

    answer = client.post(url("agreement_terms", hall, draft.pk), {f"i{court.pk}-counters": "1, 9"})

    assert answer.status_code == 422
    assert "Tidak ada loket 9 di mal ini." in answer.content.decode()
    assert 'value="1, 9"' in answer.content.decode()


def test_an_empty_table_begins_with_what_the_agencies_have(client, hall):
    draft = drafted(hall, kind="memorandum", parties=parties(hall.presence))

    [row] = client.get(url("agreement_terms", hall, draft.pk)).context["rows"]

    assert row["weekdays"].value() == (0, 1, 2, 3, 4)
    assert row["counters"].value() == "1, 2"
    assert not draft.terms.exists()


def parties(*presences):
    return drafting.with_head(
        drafting.blank(ON),
        drafting.Head(
            Agreement.Kind.MEMORANDUM,
            *("Memo", ON, YEAR_END, None, None, ""),
            tuple(each.agency_id for each in presences),
        ),
        mall=presences[0].mall,
    ).parties


def detail(**extra):
    what = {"weekdays": [1], "opens": "09.00", "closes": "14.00", "staff": "2"}
    what |= {"charge": "750000", "charge_note": "listrik", "covers_all": "1"}
    return {**what, **extra}


def test_everything_promised_of_one_agency_is_filled_in(client, hall, court):
    draft = drafted(hall, promise(court, hall.counter, 5))

    form = seen(draft, detail(counters=[hall.counter.pk], facilities="Meja"))
    client.post(url("agreement_term", hall, draft.pk, court.pk), form)

    term = draft.terms.get()
    assert (term.weekdays, term.opens.hour, term.closes.hour, term.staff) == ([1], 9, 14, 2)
    assert (term.charge, term.charge_note, term.facilities) == (750_000, "listrik", "Meja")


def test_some_services_may_be_chosen(client, hall):
    draft = drafted(hall, promise(hall.presence, hall.counter, 0))

    some = {"covers_all": "0", "services": [hall.service.pk]}
    form = seen(draft, detail(counters=[hall.counter.pk], **some))
    client.post(url("agreement_term", hall, draft.pk, hall.presence.pk), form)

    assert [scope.service for scope in draft.terms.get().scopes.all()] == [hall.service]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"closes": "08.00"}, "closes"),
        ({"closes": ""}, "closes"),
        ({"staff": "0"}, "staff"),
        ({"charge": "-1"}, "charge"),
        ({"charge": "1,5"}, "charge"),
        ({"covers_all": "0"}, "services"),
        ({"counters": ["999999"]}, "counters"),
        ({"weekdays": ["7"]}, "weekdays"),
    ],
)
def test_what_is_wrong_with_a_promise_is_said(client, hall, court, change, field):
    draft = drafted(hall, promise(court, hall.counter, 5))

    answer = client.post(url("agreement_term", hall, draft.pk, court.pk), detail(**change))

    assert field in wrong(answer)
    assert draft.terms.get().weekdays == [5]


def test_the_next_agency_comes_after_the_one_before(client, hall, court):
    draft = drafted(hall, promise(court, hall.counter, 5), promise(hall.presence, hall.counter, 0))
    # By name: Dinas Uji, then Kejaksaan Negeri.
    first = url("agreement_term", hall, draft.pk, hall.presence.pk)

    onward = client.post(first, seen(draft, detail(do="next")))
    last = client.post(onward.url, seen(draft, detail(do="next")))

    assert onward.url == url("agreement_term", hall, draft.pk, court.pk)
    assert last.url == url("agreement_terms", hall, draft.pk)


def test_an_agency_that_is_no_party_has_no_page(client, hall, court):
    draft = drafted(hall, promise(court, hall.counter, 5))

    address = url("agreement_term", hall, draft.pk, hall.presence.pk)

    assert client.get(address).status_code == 404


def test_a_draft_is_thrown_away(client, hall, court):
    draft = drafted(hall, promise(court, hall.counter, 5))

    assert client.post(url("agreement_discard", hall, draft.pk)).url == url("agreements", hall)

    assert not Agreement.objects.exists()


@pytest.mark.parametrize("name", ["agreement_edit", "agreement_parties", "agreement_terms"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_what_is_signed_is_not_edited(client, hall, court, name, method):
    found = signed(hall, promise(court, hall.counter, 5))

    answer = getattr(client, method)(url(name, hall, found.pk), headers={"HX-Request": "true"})

    assert answer.status_code == 409
    assert found.terms.count() == 1


@pytest.mark.parametrize("role", [Role.AGENCY_ADMIN, Role.MINISTRY_MONITOR])
def test_who_reads_does_not_write(client, hall, role):
    draft = drafted(hall, promise(hall.presence, hall.counter, 0))
    place = (hall.mall, hall.presence.agency) if role == Role.AGENCY_ADMIN else ()
    client.force_login(person(role, *place))
    assert client.get(url("agreement", hall, draft.pk)).status_code == 200

    for name in WRITING:
        assert client.get(url(name, hall, draft.pk)).status_code == 404
        assert client.post(url(name, hall, draft.pk)).status_code == 404
    for name in ("agreement_new", "signing"):
        assert client.get(url(name, hall)).status_code == 404
        assert client.post(url(name, hall), head()).status_code == 404
    for name in ("agreement_discard", "agreement"):
        assert client.post(url(name, hall, draft.pk)).status_code == 404

    assert Agreement.objects.get().state == "draft"


def test_a_scan_is_kept_and_taken_away_again(client, hall, court):
    draft = drafted(hall, promise(court, hall.counter, 5))
    client.post(url("agreement", hall, draft.pk), {"title": "Naskah", "file": scan()})
    file = draft.files.select_related("file").get()
    assert (file.title, file.file.kind) == ("Naskah", "application/pdf")

    client.post(url("scan_detach", hall, draft.pk, file.pk))

    assert not draft.files.exists()


def test_a_scan_of_what_is_signed_stays(client, hall, court):
    found = signed(hall, promise(court, hall.counter, 5))
    client.post(url("agreement", hall, found.pk), {"title": "Naskah", "file": scan()})

    client.post(url("scan_detach", hall, found.pk, found.files.get().pk))

    assert found.files.count() == 1


@pytest.mark.parametrize("sent", [{"title": "Naskah"}, {"title": ""}])
def test_a_scan_needs_a_title_and_a_file(client, hall, court, sent):
    draft = drafted(hall, promise(court, hall.counter, 5))

    answer = client.post(url("agreement", hall, draft.pk), sent)

    assert "file" in wrong(answer)


def test_no_page_of_a_form_writes_when_it_is_only_read(client, hall, court):
    draft = drafted(hall, promise(court, hall.counter, 5))
    names = ("agreement_edit", "agreement_parties", "agreement_terms")

    statuses = {client.get(url(name, hall, draft.pk)).status_code for name in names}

    assert statuses == {200}
    assert (Ceremony.objects.count(), CounterDay.objects.filter(presence=court).count()) == (0, 0)
