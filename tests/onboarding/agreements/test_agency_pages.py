"""The agencies at a mall on their pages: the list, one of them, promised against kept."""

from datetime import date, timedelta

import pytest
import time_machine
from model_bakery import baker

from accounts.roles import Role
from agencies.models import Agency, Category, ContactPerson, Presence
from core import memo
from onboarding.agreements import directory
from services.models import Service
from tests.onboarding.agreements.agreeing import admin_of, drafted, person, url
from tests.onboarding.agreements.recipes import ON, YEAR_END, neighbour, promise, signed
from tests.recipes import at, make_hall
from tests.services.recipes import published, writer

pytestmark = pytest.mark.django_db
YEAR = date(2026, 1, 1)
PAGES = ("mall_agency", "compliance")


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
def admin(hall):
    return admin_of(hall)


def entries(client, hall, **query):
    memo.clear_all()
    return client.get(url("mall_agencies", hall), query).context["entries"]


def names(client, hall, **query):
    return [entry.presence.board_name for entry in entries(client, hall, **query)]


def test_an_agency_in_the_list_has_its_days_counters_and_document(client, hall, court, admin):
    signed(hall, promise(court, hall.counter, 5), until_date=date(2026, 4, 8))
    ContactPerson.objects.create(presence=court, name="Budi", phone="0812 1111 2222")
    client.force_login(admin)

    entry = entries(client, hall, q="kejaksaan")[0]

    assert (entry.days, entry.counters) == ("Sabtu; mulai 9 April 2026: tidak hadir lagi", "1")
    assert (entry.standing.state, entry.standing.days) == ("ending", 30)
    assert [each.name for each in entry.contacts] == ["Budi"]


def test_an_agency_by_decree_has_no_document(client, hall, admin):
    client.force_login(admin)

    [entry] = entries(client, hall)

    assert (entry.days, entry.counters, entry.standing) == ("Senin–Jumat", "1, 2", None)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "jaksa"}, ["Kejaksaan Negeri"]),
        ({"kategori": "judiciary"}, ["Kejaksaan Negeri"]),
        ({"dasar": "decree"}, ["Dinas Uji"]),
        ({"keadaan": "tidak"}, ["Kejaksaan Negeri"]),
        ({"keadaan": "aktif"}, ["Dinas Uji"]),
        ({"q": "entah"}, []),
        ({"kategori": "x", "dasar": "y", "keadaan": "z"}, ["Dinas Uji", "Kejaksaan Negeri"]),
    ],
)
def test_the_list_is_searched_and_filtered(client, hall, court, admin, query, found):
    Agency.objects.filter(pk=court.agency_id).update(category=Category.JUDICIARY)
    Agency.objects.exclude(pk=court.agency_id).update(category=Category.OPD)
    Presence.objects.filter(pk=court.pk).update(is_active=False)
    Presence.objects.exclude(pk=court.pk).update(basis=Presence.Basis.DECREE)
    client.force_login(admin)

    assert names(client, hall, **query) == found


@pytest.mark.parametrize("more", [0, 2])
def test_the_list_asks_as_much_for_one_agency_as_for_three(hall, django_assert_num_queries, more):
    hall.issue()
    for number in range(more):
        other = neighbour(hall.mall, f"Instansi {number}")
        signed(hall, promise(other, hall.counters[1], 5 + number), from_date=YEAR)
    signed(hall, promise(hall.presence, hall.counter, 0), from_date=YEAR)
    memo.clear_all()
    found = list(Presence.objects.filter(mall=hall.mall).select_related("agency"))

    with django_assert_num_queries(20):
        shown = directory.listed(hall.mall, found, on=ON + timedelta(days=1))

    assert len(shown) == 1 + more


def test_an_agency_is_shown_with_all_that_is_known_of_it(client, hall, admin):
    parent = baker.make(Agency, name="Kementerian Uji", short_name="Kemen", slug="kemen")
    Agency.objects.filter(pk=hall.presence.agency_id).update(parent=parent)
    published(hall.service, by=writer(hall.presence), reviewer=writer(hall.presence))
    base = signed(hall, promise(hall.presence, hall.counter, 0, 1), title="PKS Dinas")
    ContactPerson.objects.create(presence=hall.presence, name="Budi", email="budi@contoh.id")
    client.force_login(admin)

    answer = client.get(url("mall_agency", hall, hall.presence.pk))

    shown, said = answer.context["shown"], answer.content.decode()
    assert (shown.days, shown.last_day) == ("Senin, Selasa", YEAR_END)
    assert shown.next_day.date() == ON + timedelta(days=1)
    assert [(each.term.agreement, each.is_now) for each in shown.reigns] == [(base, True)]
    assert (shown.standards.services, shown.standards.published) == (1, 1)
    for part in ("Kementerian Uji", "budi@contoh.id", "PKS Dinas"):
        assert part in said


def test_standards_are_counted_once_for_each_service(hall):
    services = [
        hall.service,
        baker.make(Service, presence=hall.presence, queue=hall.queue, code="b"),
    ]

    shown = directory.shown(hall.mall, hall.presence, on=ON, now=at(9))

    assert (shown.standards.services, shown.standards.published) == (len(services), 0)


def test_promised_and_kept_are_shown_day_by_day(client, hall, admin):
    hall.issue()
    signed(hall, promise(hall.presence, hall.counter, 0, 1), from_date=YEAR)
    with time_machine.travel(at(9, on=date(2026, 3, 12)), tick=False):
        client.force_login(admin)
        memo.clear_all()
        answer = client.get(url("compliance", hall, hall.presence.pk), {"minggu": "2026-03-11"})

    record = answer.context["record"]
    assert [(day.on.day, bool(day.kept)) for day in record.days] == [(9, True), (10, False)]
    for part in ("Hadir 1 dari 2 hari", "Tidak datang melayani", "50%", "Cara menghitung"):
        assert part in answer.content.decode()


@pytest.mark.parametrize(
    ("query", "first", "is_week"),
    [
        ({}, date(2026, 3, 1), False),
        ({"bulan": "2026-02"}, date(2026, 2, 1), False),
        ({"minggu": "2026-02-11"}, date(2026, 2, 9), True),
        ({"bulan": "1999-01"}, date(2026, 3, 1), False),
        ({"minggu": "2100-01-01", "bulan": "x"}, date(2026, 3, 1), False),
    ],
)
def test_a_month_or_a_week_is_asked_for(client, hall, admin, query, first, is_week):
    client.force_login(admin)

    period = client.get(url("compliance", hall, hall.presence.pk), query).context["period"]

    assert (period.first, period.is_week) == (first, is_week)


def test_nothing_to_measure_is_said_so(client, hall, court, admin):
    client.force_login(admin)

    answer = client.get(url("compliance", hall, court.pk))

    assert "Belum ada yang diukur" in answer.content.decode()


def test_an_admin_of_an_agency_sees_their_own_only(client, hall, court):
    drafted(hall, promise(court, hall.counter, 5), title="PKS Kejaksaan")
    client.force_login(person(Role.AGENCY_ADMIN, hall.mall, hall.presence.agency))

    assert names(client, hall) == ["Dinas Uji"]
    for page in PAGES:
        assert client.get(url(page, hall, hall.presence.pk)).status_code == 200
        assert client.get(url(page, hall, court.pk)).status_code == 404


def test_a_stranger_gets_404(client, hall):
    far = make_hall(slug="mpp-jauh")
    for user in (hall.officer, admin_of(far)):
        client.force_login(user)
        assert client.get(url("mall_agencies", hall)).status_code == 404
        for page in PAGES:
            assert client.get(url(page, hall, hall.presence.pk)).status_code == 404


def test_an_agency_of_another_mall_is_not_found_here(client, hall):
    far = make_hall(slug="mpp-jauh")
    client.force_login(person(Role.MINISTRY_MONITOR))

    for page in PAGES:
        assert client.get(url(page, hall, far.presence.pk)).status_code == 404


def test_an_empty_mall_says_what_to_do_next(client, hall, admin):
    empty = make_hall(slug="mpp-kosong")
    Presence.objects.filter(pk=empty.presence.pk).update(mall=hall.mall)
    client.force_login(admin_of(empty))

    assert "Belum ada instansi" in client.get(url("mall_agencies", empty)).content.decode()
