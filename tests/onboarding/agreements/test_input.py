"""Whatever those who pass the gates send about agreements: an answer, never a fault."""

import pytest
import time_machine
from django.test import Client

from accounts.roles import Role
from agencies.models import Agreement
from core import memo
from tests.onboarding.agreements.agreeing import agreed, of_agreements, person, url
from tests.recipes import at, make_hall
from tests.test_bad_input import PARTS, QUERIES, TEXTS, encoded, faults, send

pytestmark = [pytest.mark.django_db, pytest.mark.no_cover]
FIELDS = (
    "kind",
    "title",
    "from_date",
    "until_date",
    "amends",
    "renews",
    "agencies",
    "drafts",
    "on",
)
FIELDS += (
    "seen-head",
    "renewal_terms",
    "place",
    "present",
    "reason",
    "do",
    "file",
    "weekdays",
    "counters",
)
FIELDS += (
    "opens",
    "closes",
    "staff",
    "facilities",
    "charge",
    "charge_note",
    "covers_all",
    "services",
)
ASKED = ("q", "jenis", "keadaan", "instansi", "segera", "adendum", "perpanjang", "salin", "draf")
ASKED += ("kategori", "dasar", "bulan", "minggu", "hal")


@pytest.fixture(autouse=True)
def _nine_o_clock():
    with time_machine.travel(at(9), tick=False):
        yield


@pytest.fixture
def hall():
    hall = make_hall()
    agreed(hall)
    return hall


@pytest.fixture
def places(hall):
    rows = of_agreements()
    draft, presence = rows["draft"], hall.presence.pk
    signed = Agreement.objects.exclude(pk=draft).get().pk
    places = [
        url(name, hall) for name in ("mall_agencies", "agreements", "agreement_new", "signing")
    ]
    places += [url(name, hall, presence) for name in ("mall_agency", "compliance")]
    names = ("agreement", "agreement_edit", "agreement_parties", "agreement_terms", "agreement_end")
    places += [url(name, hall, pk) for name in names for pk in (draft, signed)]
    return [
        *places,
        url("agreement_term", hall, draft, presence),
        url("scan_withdraw", hall, draft, rows["scan"]),
        url("ceremony", hall, rows["held"]),
    ]


@pytest.fixture
def client():
    client = Client(raise_request_exception=False)
    client.force_login(person(Role.OPERATOR))
    memo.clear_all()
    return client


def fields(hall):
    row, party = f"i{hall.presence.pk}", f"p{hall.presence.agency_id}"
    rows = [f"{row}-{name}" for name in ("weekdays", "counters", "staff")]
    return [*FIELDS, *rows, *(f"{party}-{name}" for name in ("number", "signatory", "position"))]


@pytest.mark.parametrize("text", TEXTS)
def test_any_text_in_any_field(client, hall, places, text):
    form = "&".join(f"{name}={encoded(TEXTS[text])}" for name in fields(hall))

    assert not faults(((place,), send(client, "POST", place, form.encode())) for place in places)


@pytest.mark.parametrize("text", TEXTS)
def test_any_text_in_any_question(client, places, text):
    query = "&".join(f"{name}={encoded(TEXTS[text])}" for name in ASKED)

    assert not faults(((place,), client.get(f"{place}?{query}")) for place in places)


def test_any_query(client, places):
    assert not faults(
        ((row, place), client.get(f"{place}?{query}"))
        for row, query in QUERIES.items()
        for place in places
    )


def test_a_form_in_parts_that_has_nothing_of_ours(client, places):
    body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\na\r\n--x--\r\n'

    assert not faults(
        ((place,), send(client, "POST", place, body, **{"Content-Type": PARTS})) for place in places
    )
