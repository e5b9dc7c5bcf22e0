"""Reference data of malls: everybody edits what lies within their assignments, nothing else."""

from datetime import date

import pytest
from django.contrib import admin
from model_bakery import baker

from accounts.models import User
from accounts.roles import Role
from agencies.models import Assignment, Counter, Holiday, Mall, OpeningHours, Presence
from services.models import Queue, Service, Standard
from tests.recipes import make_hall, make_presence, make_queue, make_service

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall():
    return make_hall()


@pytest.fixture
def other():
    return make_hall(slug="mpp-lain")


def someone(role, *, mall=None, agency=None):
    user = User.objects.create_user(f"{role}", is_staff=True)
    baker.make(Assignment, user=user, role=role, mall=mall, agency=agency)
    return user


@pytest.fixture
def mall_admin(client, hall):
    client.force_login(someone(Role.MALL_ADMIN, mall=hall.mall))


@pytest.fixture
def agency_admin(client, hall):
    client.force_login(someone(Role.AGENCY_ADMIN, mall=hall.mall, agency=hall.presence.agency))


@pytest.fixture
def operator(client):
    client.force_login(someone(Role.OPERATOR))


def page_of(row, page="change"):
    meta = row._meta
    return f"/admin/{meta.app_label}/{meta.model_name}/{row.pk}/{page}/"


def list_of(model):
    return f"/admin/{model._meta.app_label}/{model._meta.model_name}/"


def listed(client, model):
    return set(client.get(list_of(model)).context["cl"].queryset)


def choices(client, row_or_model, field):
    """What the select of a form offers, without its empty line."""
    address = (
        list_of(row_or_model) + "add/" if isinstance(row_or_model, type) else page_of(row_or_model)
    )
    form = client.get(address).context["adminform"].form
    return set(form.fields[field].queryset)


def fields_of(client, row):
    """The form of a change page as a browser would send it back."""
    context = client.get(page_of(row)).context
    forms = [context["adminform"].form]
    for part in context["inline_admin_formsets"]:
        forms += [part.formset.management_form, *part.formset.initial_forms]
    return {
        bound.html_name: "" if bound.value() is None else bound.value()
        for form in forms
        for bound in form
        if bound.value() is not False
    }


MODELS = [Mall, Presence, Counter, Queue, Service]


@pytest.mark.parametrize("model", MODELS)
def test_a_mall_admin_sees_the_rows_of_the_mall_only(client, hall, other, mall_admin, model):
    mine = {Mall: hall.mall, Presence: hall.presence, Counter: hall.counter}
    mine |= {Queue: hall.queue, Service: hall.service}

    assert listed(client, model) == {mine[model]}


@pytest.mark.parametrize("model", [Presence, Queue, Service])
def test_an_agency_admin_sees_the_rows_of_the_agency_at_that_mall(
    client, hall, other, agency_admin, model
):
    neighbour = make_presence(hall.mall, "Instansi tetangga")
    make_service(make_queue(neighbour, "B"))
    mine = {Presence: hall.presence, Queue: hall.queue, Service: hall.service}

    assert listed(client, model) == {mine[model]}


def test_the_mall_and_its_counters_are_not_the_agencys_to_edit(client, hall, agency_admin):
    for row in (hall.mall, hall.counter):
        assert client.get(list_of(type(row))).status_code == 403
        assert client.get(page_of(row)).status_code in {403, 404}


@pytest.mark.parametrize("page", ["change", "delete", "history"])
def test_a_row_elsewhere_does_not_exist(client, hall, other, mall_admin, page):
    rows = [other.mall, other.presence, other.counter, other.queue, other.service]

    assert {client.get(page_of(row, page)).status_code for row in rows} <= {403, 404}


def test_a_foreign_row_is_not_changed_by_a_forged_form(client, hall, other, mall_admin):
    form = {"name": "Diambil alih", "minutes": 5}
    assert client.post(page_of(other.service), form).status_code == 404
    other.service.refresh_from_db()
    assert other.service.name == "Layanan Uji"


def test_the_choices_of_a_form_end_at_the_reach(client, hall, other, mall_admin):
    assert choices(client, hall.service, "presence") == {hall.presence}
    assert choices(client, hall.service, "queue") == {hall.queue}
    assert choices(client, hall.queue, "mall") == {hall.mall}
    assert choices(client, Presence, "mall") == {hall.mall}


def test_a_forged_choice_is_refused(client, hall, other, mall_admin):
    form = {**fields_of(client, hall.service), "queue": other.queue.pk}

    answer = client.post(page_of(hall.service), form)

    assert answer.status_code == 200
    assert "queue" in answer.context["adminform"].form.errors
    hall.service.refresh_from_db()
    assert hall.service.queue == hall.queue


def test_a_service_stands_in_a_queue_of_its_own_agency(client, hall, mall_admin):
    foreign = make_queue(make_presence(hall.mall, "Instansi tetangga"), "B")
    form = {**fields_of(client, hall.service), "queue": foreign.pk}

    errors = client.post(page_of(hall.service), form).context["adminform"].form.errors

    assert errors == {"queue": ["Antrean itu milik instansi lain."]}


def test_an_operator_edits_line_by_line_what_no_standard_says_yet(client, hall, operator):
    form = fields_of(client, hall.service)
    form["requirements"] = "KTP-el | Asli\n\n Kartu Keluarga \n"
    form["keywords"] = "ktp hilang\ncetak ulang"

    assert client.post(page_of(hall.service), form).status_code == 302
    hall.service.refresh_from_db()
    assert hall.service.requirements == [
        {"text": "KTP-el", "note": "Asli"},
        {"text": "Kartu Keluarga", "note": ""},
    ]
    assert hall.service.keywords == ["ktp hilang", "cetak ulang"]
    assert "KTP-el | Asli\nKartu Keluarga" in client.get(page_of(hall.service)).content.decode()


def type_a_standard(client, service):
    """Send what a standard says with the form of the service, with a tariff."""
    form = {**fields_of(client, service), "keywords": "ktp hilang", "product": "Diketik"}
    form |= {
        "fees-TOTAL_FORMS": 1,
        "fees-INITIAL_FORMS": 0,
        "fees-0-name": "Diketik",
        "fees-0-rank": 0,
    }
    form |= {"booked_with": "Lain", "booked_at": "https://contoh.id/"}
    assert client.post(page_of(service), form).status_code == 302
    service.refresh_from_db()


def test_an_agency_admin_edits_the_register_but_not_what_the_standard_says(
    client, hall, agency_admin
):
    type_a_standard(client, hall.service)

    assert hall.service.keywords == ["ktp hilang"]
    assert (hall.service.product, hall.service.booked_with) == ("", "")
    assert not hall.service.fees.exists()


def test_once_there_is_a_standard_nobody_types_it_here(client, hall, operator):
    type_a_standard(client, hall.service)
    assert (hall.service.product, hall.service.fees.count()) == ("Diketik", 1)
    baker.make(Standard, service=hall.service, content={}, _fill_optional=False)
    Service.objects.update(product="Menurut standar")

    page = client.get(page_of(hall.service))

    assert "product" not in page.context["adminform"].form.fields
    type_a_standard(client, hall.service)
    assert (hall.service.product, hall.service.fees.count()) == ("Menurut standar", 1)


def test_a_mall_admin_changes_the_hours_but_not_where_the_mall_belongs(client, hall, mall_admin):
    monday = OpeningHours.objects.get(mall=hall.mall, weekday=0)
    form = {**fields_of(client, hall.mall), "slug": "lain", "stage": "preparation"}
    opens = next(name for name, value in form.items() if name.startswith("weekly-0-opens"))
    form[opens] = "07:30"

    answer = client.post(page_of(hall.mall), form)

    assert answer.status_code == 302, answer.context and answer.context["errors"]
    monday.refresh_from_db()
    hall.mall.refresh_from_db()
    assert monday.opens.hour == 7
    assert (hall.mall.slug, hall.mall.stage) == ("mpp-uji", Mall.Stage.INAUGURATED)


def test_hours_that_end_before_they_begin_are_refused_in_words(client, hall, mall_admin):
    form = {**fields_of(client, hall.mall), "weekly-0-closes": "07:00"}

    page = client.post(page_of(hall.mall), form).content.decode()

    assert "Jam buka harus sebelum jam tutup" in page


def test_malls_agencies_regions_and_holidays_are_made_by_operators(client, mall_admin):
    for path in ("mall", "agency", "region", "holiday"):
        assert client.get(f"/admin/agencies/{path}/add/").status_code == 403


def test_an_operator_edits_everything_and_adds_a_holiday(client, hall, other, operator):
    assert listed(client, Mall) == {hall.mall, other.mall}
    client.post("/admin/agencies/holiday/add/", {"day": "2026-03-20", "name": "Idulfitri"})

    assert Holiday.objects.get().day == date(2026, 3, 20)
    for path in ("mall", "agency", "region", "assignment"):
        assert client.get(f"/admin/agencies/{path}/add/").status_code == 200


def test_a_superuser_is_the_first_operator_of_an_installation(client, hall):
    client.force_login(User.objects.create_superuser("akar"))

    assert listed(client, Mall) == {hall.mall}
    assert client.get("/admin/agencies/assignment/add/").status_code == 200


@pytest.mark.parametrize("role", [Role.COUNTER_OFFICER, Role.SUPERVISOR, Role.MINISTRY_MONITOR])
def test_other_roles_find_nothing_to_edit_even_if_they_may_enter(client, hall, role):
    national = role == Role.MINISTRY_MONITOR
    place = {} if national else {"mall": hall.mall, "agency": hall.presence.agency}
    client.force_login(someone(role, **place))

    for model in admin.site._registry:
        assert client.get(list_of(model)).status_code == 403


def test_an_ended_assignment_edits_nothing(client, hall, mall_admin):
    Assignment.objects.filter(role=Role.MALL_ADMIN).update(until=date(2020, 1, 1))

    assert client.get(list_of(Mall)).status_code == 403


@pytest.mark.parametrize("model", MODELS)
def test_rows_that_numbers_hang_on_are_switched_off_not_deleted(client, hall, operator, model):
    row = model.objects.first()

    assert client.post(page_of(row, "delete"), {"post": "yes"}).status_code == 403
    assert model.objects.filter(pk=row.pk).exists()


def test_every_list_opens_in_indonesian(client, hall, operator):
    hall.issue()
    hall.call()
    for model in admin.site._registry:
        assert client.get(list_of(model)).status_code == 200
    assert "Pengelolaan data rujukan" in client.get("/admin/").content.decode()
