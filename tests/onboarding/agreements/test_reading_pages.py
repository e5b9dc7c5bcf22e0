"""Who reads which agreements of a mall, and what the list and one of them show."""

from datetime import date, timedelta
from io import BytesIO

import pytest
import time_machine
from pypdf import PdfReader

from accounts.roles import Role
from agencies.models import Agreement
from core import memo
from onboarding.agreements import documents, register
from tests.onboarding.agreements.agreeing import admin_of, drafted, person, scan, url
from tests.onboarding.agreements.recipes import ON, SIGNING, neighbour, promise, signed
from tests.recipes import at, make_hall

pytestmark = pytest.mark.django_db
NEXT_MONDAY = ON + timedelta(days=7)
PAGES = ("agreement", "agreement_paper")


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
def own(hall):
    """A document with the hall's own agency."""
    return signed(hall, promise(hall.presence, hall.counter, 0), title="PKS Dinas Uji")


@pytest.fixture
def other(hall, court):
    return signed(hall, promise(court, hall.counters[1], 5), title="PKS Kejaksaan")


def titles(client, hall, **query):
    memo.clear_all()
    page = client.get(url("agreements", hall), query).context["page"]
    return [row.agreement.title for row in page.object_list]


@pytest.mark.parametrize("role", [Role.MALL_ADMIN, Role.MINISTRY_MONITOR, Role.OPERATOR])
def test_the_mall_and_the_nation_read_all_of_them(client, hall, own, other, role):
    client.force_login(person(role, hall.mall if role == Role.MALL_ADMIN else None))

    assert set(titles(client, hall)) == {"PKS Dinas Uji", "PKS Kejaksaan"}


def test_an_admin_of_an_agency_reads_those_with_it_and_no_other(client, hall, own, other):
    client.force_login(person(Role.AGENCY_ADMIN, hall.mall, hall.presence.agency))

    assert titles(client, hall) == ["PKS Dinas Uji"]
    assert client.get(url("agreement", hall, own.pk)).status_code == 200
    for page in PAGES:
        assert client.get(url(page, hall, other.pk)).status_code == 404


@pytest.mark.parametrize("who", ["officer", "admin elsewhere", "agency elsewhere"])
def test_a_stranger_gets_404(client, hall, own, who):
    far = make_hall(slug="mpp-jauh")
    user = {
        "officer": lambda: hall.officer,
        "admin elsewhere": lambda: admin_of(far),
        "agency elsewhere": lambda: person(Role.AGENCY_ADMIN, far.mall, hall.presence.agency),
    }[who]()
    client.force_login(user)

    assert client.get(url("agreements", hall)).status_code == 404
    for page in PAGES:
        assert client.get(url(page, hall, own.pk)).status_code == 404


def test_a_document_of_another_mall_is_not_found_in_this_one(client, hall):
    far = make_hall(slug="mpp-jauh")
    theirs = signed(far, promise(far.presence, far.counter, 0))
    client.force_login(person(Role.OPERATOR))

    assert client.get(url("agreement", hall, theirs.pk)).status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "kejaksaan"}, ["PKS Kejaksaan"]),
        ({"q": "NOMOR/1"}, ["PKS Dinas Uji", "PKS Kejaksaan"]),
        ({"q": "tidak ada"}, []),
        ({"jenis": "memorandum"}, []),
        ({"jenis": "cooperation"}, ["PKS Dinas Uji", "PKS Kejaksaan"]),
        ({"keadaan": "in_force"}, ["PKS Dinas Uji", "PKS Kejaksaan"]),
        ({"keadaan": "draft"}, []),
        ({"segera": "on"}, []),
        ({"jenis": "x", "keadaan": "y", "instansi": "z"}, ["PKS Dinas Uji", "PKS Kejaksaan"]),
    ],
)
def test_the_list_is_searched_and_filtered(client, hall, own, other, query, found):
    client.force_login(admin_of(hall))

    assert sorted(titles(client, hall, **query)) == found


def test_the_list_is_filtered_by_agency(client, hall, court, own, other):
    client.force_login(admin_of(hall))

    assert titles(client, hall, instansi=court.agency_id) == ["PKS Kejaksaan"]


def test_drafts_come_first_then_what_ends_soonest_then_the_past(client, hall, court):
    far = {"until_date": date(2027, 12, 31), "kind": "memorandum"}
    for title, extra in (
        ("lama", {"from_date": date(2025, 1, 1), "until_date": date(2025, 12, 31)}),
        ("jauh", {}),
        ("segera", {"until_date": date(2026, 4, 1)}),
    ):
        signed(hall, title=title, **{**far, **extra, "parties": parties(court)})
    drafted(hall, title="draf", **far)
    client.force_login(admin_of(hall))

    assert titles(client, hall) == ["draf", "segera", "jauh", "lama"]
    assert titles(client, hall, segera="on") == ["segera"]


def parties(presence):
    sides = (None, presence.agency_id)
    return tuple(register.Signatory(each, "1", "Budi", "Kepala") for each in sides)


@pytest.mark.parametrize("more", [0, 2])
def test_the_list_asks_as_much_for_one_row_as_for_three(
    client, hall, court, django_assert_num_queries, more
):
    for number in range(1 + more):
        signed(hall, title=f"Memo {number}", kind="memorandum", parties=parties(court))
    client.force_login(admin_of(hall))
    memo.clear_all()

    with django_assert_num_queries(14):
        page = client.get(url("agreements", hall)).context["page"]

    assert page.paginator.count == 1 + more


def test_what_waits_is_said_at_the_top(client, hall, court, own):
    signed(hall, promise(court, hall.counters[1], 5), until_date=date(2026, 4, 1), title="Segera")
    drafted(hall, promise(court, hall.counters[1], 6))
    drafted(hall, promise(court, hall.counters[1]))
    client.force_login(admin_of(hall))

    todo = client.get(url("agreements", hall)).context["todo"]

    assert (todo.complete, todo.incomplete) == (1, 1)
    assert [(each.agreement.title, each.days) for each in todo.ending] == [("Segera", 23)]


def test_an_empty_list_says_what_to_do_next(client, hall):
    client.force_login(admin_of(hall))

    assert "Buat perjanjian" in client.get(url("agreements", hall)).content.decode()


@pytest.mark.parametrize("more", [0, 2])
def test_a_document_asks_as_much_for_one_agency_as_for_three(hall, django_assert_num_queries, more):
    agencies = [neighbour(hall.mall, f"Instansi {number}") for number in range(1 + more)]
    days = [promise(each, hall.counter, 5) for each in agencies[:1]]
    days += [promise(each, hall.counters[1], 5 + n) for n, each in enumerate(agencies[1:])]
    found = Agreement.objects.select_related("amends").get(pk=signed(hall, *days).pk)

    with django_assert_num_queries(16):
        shown = documents.shown(found, on=ON, among=Agreement.objects.all())

    assert len(shown.contents) == 1 + more


def test_a_document_says_what_holds_when(hall, court):
    base = signed(hall, promise(court, hall.counter, 5, 6))
    signed(hall, promise(court, hall.counters[1], 5), amends_id=base.pk, from_date=NEXT_MONDAY)

    [content] = documents.shown(base, on=ON, among=Agreement.objects.all()).contents

    assert [(each.said, each.is_now) for each in content.reigns] == [
        ("Sabtu, Minggu; loket 1", True),
        ("Sabtu; loket 2", False),
    ]
    assert content.said == "Sabtu, Minggu; loket 1"


def test_a_document_names_its_addenda_renewals_and_history(client, hall, court):
    base = signed(hall, promise(court, hall.counter, 5), until_date=date(2026, 4, 30))
    signed(hall, promise(court, hall.counter, 6), amends_id=base.pk, title="Adendum I")
    drafted(
        hall,
        promise(court, hall.counter, 5),
        from_date=date(2026, 5, 1),
        renews_id=base.pk,
        title="Lanjutan",
    )
    register.terminate(base, on=NEXT_MONDAY, reason="Pindah gedung", by=hall.officer, now=at(8, 30))
    client.force_login(admin_of(hall))

    said = client.get(url("agreement", hall, base.pk)).content.decode()

    for part in ("Adendum I", "Lanjutan", "Pindah gedung", "Penandatanganan dicatat"):
        assert part in said


def test_the_timeline_of_other_agencies_is_not_for_an_agency(client, hall, court):
    both = signed(
        hall, promise(court, hall.counters[1], 5), promise(hall.presence, hall.counter, 0)
    )
    signed(
        hall,
        promise(court, hall.counters[1], 6),
        amends_id=both.pk,
        title="Rahasia Kejaksaan",
        parties=parties(court),
        from_date=NEXT_MONDAY,
    )
    client.force_login(person(Role.AGENCY_ADMIN, hall.mall, hall.presence.agency))

    said = client.get(url("agreement", hall, both.pk)).content.decode()

    assert "Kejaksaan Negeri" in said
    assert "Rahasia Kejaksaan" not in said


def test_a_party_downloads_the_scan_and_a_stranger_does_not(client, hall, own, court):
    client.force_login(admin_of(hall))
    client.post(url("agreement", hall, own.pk), {"title": "Naskah", "file": scan()})
    file = own.files.get()
    address = url("agreement_file", hall, own.pk, file.pk)
    answers = {}
    for name, agency in (("party", hall.presence.agency), ("stranger", court.agency)):
        client.force_login(person(Role.AGENCY_ADMIN, hall.mall, agency))
        answers[name] = client.get(address)

    assert answers["party"].content == bytes(file.file.content)
    assert answers["party"]["Content-Disposition"] == 'attachment; filename="naskah.pdf"'
    assert answers["stranger"].status_code == 404


def test_a_file_of_another_document_has_no_address_here(client, hall, own, other):
    client.force_login(admin_of(hall))
    client.post(url("agreement", hall, own.pk), {"title": "Naskah", "file": scan()})

    assert client.get(url("agreement_file", hall, other.pk, own.files.get().pk)).status_code == 404


def test_the_summary_on_paper_says_what_was_agreed(client, hall, court):
    found = signed(
        hall,
        promise(court, hall.counter, 5, staff=2, charge=750_000, charge_note="listrik"),
        title="PKS Kejaksaan",
        renewal_terms="tertulis",
    )
    client.force_login(admin_of(hall))

    answer = client.get(url("agreement_paper", hall, found.pk))

    said = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
    for part in ("PKS Kejaksaan", "NOMOR/1", "Sabtu", "Rp750.000 per bulan", "tertulis"):
        assert part in said
    assert answer["Content-Disposition"] == 'attachment; filename="pks-kejaksaan.pdf"'


def test_a_ceremony_is_seen_by_those_whose_document_was_signed_there(client, hall, own, court):
    draft = drafted(hall, promise(court, hall.counters[1], 5))
    signing = register.Signing(ON, "Aula", present=("Wali Kota",))
    held = register.sign([draft], signing, by=hall.officer, now=at(8))
    seen = {}
    for name, agency in (("party", court.agency), ("stranger", hall.presence.agency)):
        client.force_login(person(Role.AGENCY_ADMIN, hall.mall, agency))
        seen[name] = client.get(url("ceremony", hall, held.pk)).status_code

    assert seen == {"party": 200, "stranger": 404}
    assert SIGNING.on == held.held_on
