"""The services of a mall: listed with their standards, added, edited, and linked out."""

import pytest
import time_machine
from django.urls import reverse
from model_bakery import baker

from accounts.models import User
from accounts.roles import Role
from agencies.models import Assignment
from core import memo
from services.models import Service, Standard
from tests.recipes import at, make_hall, make_officer, make_presence, make_queue, make_service
from tests.services.recipes import drafted, published, submitted, writer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nine_o_clock():
    with time_machine.travel(at(9), tick=False):
        yield


@pytest.fixture
def hall():
    return make_hall()


@pytest.fixture
def neighbour(hall):
    return make_service(make_queue(make_presence(hall.mall, "Dinas Tetangga"), "B"), "Milik lain")


@pytest.fixture
def author(hall, client):
    user = writer(hall.presence)
    client.force_login(user)
    return user


@pytest.fixture
def admin(hall, client):
    user = writer(hall.presence, Role.MALL_ADMIN)
    client.force_login(user)
    return user


def at_(name, hall, *args):
    return reverse(name, args=[hall.mall.slug, *args])


def listed(client, hall, query=""):
    shown = client.get(at_("standards", hall) + query).context["shown"]
    return [row.service.name for row in shown]


ENTRY = {"name": "Paspor baru", "minutes": "12", "keywords": "bikin paspor", "is_active": "on"}


# --- The list --------------------------------------------------------------------------------


def test_an_agency_sees_its_own_services_and_the_mall_all(hall, neighbour, client):
    client.force_login(writer(hall.presence))
    assert listed(client, hall) == ["Layanan Uji"]

    client.force_login(writer(hall.presence, Role.MALL_ADMIN))
    assert listed(client, hall) == ["Milik lain", "Layanan Uji"]


def test_the_list_is_filtered_by_state_agency_and_words(hall, neighbour, admin, client):
    other = writer(hall.presence)
    published(hall.service, by=admin, reviewer=other)
    submitted(neighbour, by=admin)
    make_service(hall.queue, "Kosong")

    assert listed(client, hall, "?keadaan=terbit") == ["Layanan Uji"]
    assert listed(client, hall, "?keadaan=periksa") == ["Milik lain"]
    assert listed(client, hall, "?keadaan=belum") == ["Kosong"]
    assert listed(client, hall, "?keadaan=draf") == []
    assert listed(client, hall, f"?instansi={neighbour.presence_id}") == ["Milik lain"]
    assert listed(client, hall, "?q=kOsOng") == ["Kosong"]
    assert listed(client, hall, f"?q={neighbour.code}") == ["Milik lain"]


def test_the_list_counts_what_is_missing(hall, admin, client):
    assert "13 komponen" in client.get(at_("standards", hall)).content.decode()

    published(hall.service, by=admin, reviewer=writer(hall.presence))

    said = client.get(at_("standards", hall)).content.decode()
    assert "Terbit, versi 1" in said
    assert "Lengkap" in said


def test_an_empty_list_says_what_to_do(hall, admin, client):
    Service.objects.all().delete()

    said = client.get(at_("standards", hall)).content.decode()
    assert "Tambahkan layanan pertama" in said
    said = client.get(at_("standards", hall) + "?q=zzz").content.decode()
    assert "Longgarkan saringannya" in said


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_with_one_service_and_with_three(
    hall, admin, client, django_assert_num_queries, count
):
    for n in range(count - 1):
        make_service(hall.queue, f"Layanan {n}")
    for service in Service.objects.all():
        drafted(service, by=admin)
    memo.clear_all()

    with django_assert_num_queries(10):
        client.get(at_("standards", hall))


# --- One service -----------------------------------------------------------------------------


def test_a_new_service_is_added_and_its_standard_comes_next(hall, author, client):
    form = {**ENTRY, "code": "IMI-01", "queue": hall.queue.pk}

    answer = client.post(at_("service_new", hall), form)

    made = Service.objects.get(code="IMI-01")
    assert answer["Location"] == at_("service_standard", hall, made.pk)
    assert (made.name, made.keywords, made.presence) == (
        *("Paspor baru", ["bikin paspor"], hall.presence),
    )


@pytest.mark.parametrize(
    "wrong",
    [{"code": ""}, {"code": "dua kata"}, {"minutes": "0"}, {"queue": ""}, {"name": "a" * 121}],
)
def test_what_is_wrong_with_a_new_service_is_said_with_its_values_kept(hall, author, client, wrong):
    form = {**ENTRY, "code": "IMI-01", "queue": hall.queue.pk} | wrong

    answer = client.post(at_("service_new", hall), form)

    assert (answer.status_code, Service.objects.count()) == (422, 1)
    assert set(answer.context["form"].errors) == set(wrong)
    assert answer.context["form"]["keywords"].value() == "bikin paspor"


def test_a_code_that_is_taken_is_said_at_its_field(hall, author, client):
    form = {**ENTRY, "code": hall.service.code, "queue": hall.queue.pk}

    answer = client.post(at_("service_new", hall), form)

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["code"])


def test_the_mall_says_first_whose_service_it_is(hall, neighbour, admin, client):
    said = client.get(at_("service_new", hall)).content.decode()
    assert f"?instansi={neighbour.presence_id}" in said

    address = f"{at_('service_new', hall)}?instansi={neighbour.presence_id}"
    queues = client.get(address).context["form"].fields["queue"].queryset
    assert list(queues) == [neighbour.queue]


def test_an_agency_without_a_queue_is_told_who_makes_one(hall, admin, client):
    empty = make_presence(hall.mall, "Dinas Baru")

    said = client.get(f"{at_('service_new', hall)}?instansi={empty.pk}").content.decode()

    assert "Dinas Baru belum punya antrean" in said


def test_a_service_is_edited_and_its_queue_stays_its_agencys(hall, neighbour, author, client):
    address = at_("service_edit", hall, hall.service.pk)
    foreign = client.post(address, {**ENTRY, "queue": neighbour.queue.pk})
    assert list(foreign.context["form"].errors) == ["queue"]

    client.post(address, {**ENTRY, "queue": hall.queue.pk, "limits": "Dewasa saja"})

    hall.service.refresh_from_db()
    assert (hall.service.name, hall.service.limits) == ("Paspor baru", "Dewasa saja")


def test_where_a_service_is_booked_is_decided_by_the_mall(hall, client):
    address = at_("service_link", hall, hall.service.pk)
    place = {"name": "M-Paspor", "address": "https://contoh.id/"}
    client.force_login(writer(hall.presence))
    assert client.post(address, place).status_code == 404
    assert (
        "Simpan tautan"
        not in client.get(at_("service_edit", hall, hall.service.pk)).content.decode()
    )

    client.force_login(writer(hall.presence, Role.MALL_ADMIN))
    client.post(address, place)

    hall.service.refresh_from_db()
    assert hall.service.booked_with == "M-Paspor"


@pytest.mark.parametrize(
    "place",
    [
        {"name": "M-Paspor", "address": ""},
        {"name": "", "address": "https://contoh.id/"},
        {"name": "M-Paspor", "address": "http://contoh.id/"},
    ],
)
def test_half_a_link_out_is_refused_in_words(hall, admin, client, place):
    answer = client.post(at_("service_link", hall, hall.service.pk), place)

    assert (answer.status_code, len(answer.context["link"].errors)) == (422, 1)
    hall.service.refresh_from_db()
    assert hall.service.booked_with == ""


# --- Strangers -------------------------------------------------------------------------------

ADDRESSES = ("standards", "service_new", "pledge")
OF_SERVICE = (
    *("service_standard", "service_edit", "service_link", "standard_begin", "standard_draft"),
    *("standard_withdraw", "standard_review", "standard_return", "standard_publish"),
)
OF_VERSION = ("standard_version", "standard_paper")


def addresses(hall):
    return (
        [at_(name, hall) for name in ADDRESSES]
        + [at_(name, hall, hall.service.pk) for name in OF_SERVICE]
        + [at_(name, hall, hall.service.pk, 1) for name in OF_VERSION]
        + [at_("pledge_publish", hall), at_("pledge_paper", hall, "draf")]
        + [at_("pledge_agency", hall, hall.presence.pk)]
    )


def strangers(hall):
    other = make_hall(slug="mpp-lain")
    national = User.objects.create_user("kementerian")
    baker.make(Assignment, user=national, role=Role.MINISTRY_MONITOR, mall=None, agency=None)
    return [
        writer(other.presence, Role.MALL_ADMIN),
        writer(other.presence),
        make_officer(hall.presence),
        make_officer(hall.presence, Role.SUPERVISOR),
        national,
    ]


def test_strangers_find_nothing_and_change_nothing(hall, client):
    submitted(hall.service, by=writer(hall.presence))
    before = list(Standard.objects.values()) + list(Service.objects.values())

    for user in strangers(hall):
        client.force_login(user)
        for address in addresses(hall):
            assert client.get(address).status_code in {404, 405}, (user, address)
            assert client.post(address, {**ENTRY, "remark": "x"}).status_code in {404, 405}

    assert (
        list(Standard.objects.values())
        + list(Service.objects.filter(presence__mall=hall.mall).values())
        == before
    )


def test_another_agency_of_the_same_mall_is_a_stranger_too(hall, neighbour, client):
    submitted(hall.service, by=writer(hall.presence))
    client.force_login(writer(neighbour.presence))

    for name in OF_SERVICE:
        address = at_(name, hall, hall.service.pk)
        assert client.get(address).status_code in {404, 405}
        assert client.post(address, ENTRY).status_code in {404, 405}
    assert client.get(f"{at_('service_new', hall)}?instansi={hall.presence.pk}").status_code == 404


# --- Odd input -------------------------------------------------------------------------------

ODD = ["", "\x00", "a" * 9_000, "<script>alert(1)</script>", "-1", "9" * 30, "1e400", "\u202e😀"]
FIELDS = (
    *("code", "name", "name_en", "queue", "minutes", "keywords", "limits", "is_active", "address"),
    *("requirements", "procedure", "completion_time", "product", "legal_basis", "do", "seen"),
    *("biaya-TOTAL_FORMS", "biaya-INITIAL_FORMS", "biaya-0-name", "biaya-0-amount"),
    *("varian-TOTAL_FORMS", "varian-0-name", "varian-0-biaya-TOTAL_FORMS"),
    *("number", "on", "signatory", "position", "remark", "sentences", "signed_on"),
)


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("do", ["save", "rows", "submit"])
def test_odd_input_of_those_who_may_write_breaks_nothing(hall, admin, client, odd, do):
    form = dict.fromkeys(FIELDS, odd) | {"do": do}
    for state in (drafted, submitted):
        Standard.objects.all().delete()
        state(hall.service, by=admin)
        for address in addresses(hall):
            assert client.post(address, form).status_code < 500, address
            query = {"q": odd, "instansi": odd, "keadaan": odd, "hal": odd}
            assert client.get(address, query).status_code < 500, address
