"""The week of a mall's agencies and officers, and whom to call at each."""

import pytest
import time_machine
from django.urls import reverse

from accounts.roles import Role
from agencies.models import ContactPerson
from tests.onboarding.staff.recipes import MAIL, appoint
from tests.recipes import at, make_hall, make_presence

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nine_o_clock():
    with time_machine.travel(at(9), tick=False):
        yield


@pytest.fixture
def hall():
    return make_hall(counters=2)


@pytest.fixture
def admin(hall, client):
    admin = appoint(Role.MALL_ADMIN, mall=hall.mall)
    client.force_login(admin)
    return admin


def url(name, hall, *more):
    return reverse(name, args=[hall.mall.slug, *more])


def test_a_week_of_attendance(client, hall, admin):
    page = client.get(url("attendance", hall), {"hari": "2026-03-11"})

    sheet = page.context["sheet"]
    assert str(sheet.days[0]) == "2026-03-09"
    assert sheet.agencies[0].sums.days == 1
    assert len(sheet.officers) == 2
    assert "08.00–08.00" in page.text


@pytest.mark.parametrize(
    "query", ["", "?hari=x", "?hari=0001-01-01", "?instansi=x", "?hari=9999-12-31"]
)
def test_a_week_that_makes_no_sense_is_this_one(client, hall, admin, query):
    page = client.get(url("attendance", hall) + query)

    assert str(page.context["sheet"].days[0]) == "2026-03-09"


def test_attendance_of_one_agency(client, hall, admin):
    other = make_presence(hall.mall, "Kejaksaan")

    page = client.get(url("attendance", hall), {"instansi": other.pk})

    assert [line.name for line in page.context["sheet"].agencies] == ["Kejaksaan"]
    assert page.context["sheet"].officers == []


def test_contact_people_are_kept_changed_and_forgotten(client, hall, admin):
    form = {"name": "Budi Santoso", "position": "Kepala Seksi", "phone": "0812 3456 7890"}
    client.post(url("contact_person_new", hall, hall.presence.pk), form)
    contact = ContactPerson.objects.get()

    client.post(url("contact_person", hall, contact.pk), {**form, "phone": "", "email": MAIL})
    page = client.get(url("contact_people", hall))

    contact.refresh_from_db()
    assert (contact.name, contact.phone, contact.email) == ("Budi Santoso", "", MAIL)
    assert "mailto:siti.aminah@uji.go.id" in page.text
    client.post(url("contact_person_remove", hall, contact.pk))
    assert ContactPerson.objects.count() == 0


def test_a_contact_without_phone_and_mail_is_of_no_use(client, hall, admin):
    answer = client.post(
        url("contact_person_new", hall, hall.presence.pk), {"name": "Budi Santoso"}
    )

    assert answer.status_code == 422
    assert "Isi telepon atau surelnya." in answer.text
    assert ContactPerson.objects.count() == 0


@pytest.mark.parametrize("agencies", [1, 3])
def test_contact_people_ask_as_much_for_many(
    client, hall, admin, django_assert_num_queries, agencies
):
    for number in range(agencies):
        presence = make_presence(hall.mall, f"Dinas {number}")
        ContactPerson.objects.create(presence=presence, name="Budi", phone="021 123456")

    with django_assert_num_queries(6):
        client.get(url("contact_people", hall))
