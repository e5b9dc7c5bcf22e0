"""Plans in the admin to edit within one's reach; what was booked only to look at, nameless."""

from datetime import date, time

import pytest
import time_machine
from model_bakery import baker

from accounts.models import User
from accounts.roles import Role
from agencies.models import Assignment
from appointments import people, plans
from appointments.models import (
    Application,
    ArrivalRule,
    Booking,
    BookingEvent,
    Draw,
    Plan,
    Slot,
    Window,
)
from tests.appointments.recipes import NIK, apply_for_a_place, at, book, person
from tests.recipes import make_hall, make_presence

pytestmark = pytest.mark.django_db
PAST = [Booking, BookingEvent, Slot, Application, Draw]
SECRETS = (
    *("sealed_name", "sealed_phone", "sealed_nik", "sealed_token"),
    *("phone_index", "nik_index", "token_hash"),
)


@pytest.fixture(autouse=True)
def nine_o_clock():
    with time_machine.travel(at(9), tick=False):
        yield


@pytest.fixture
def mine(hall, plan):
    Plan.objects.update(needs_nik=True)
    booked = book(hall.service, who=person(7, nik=NIK))
    apply_for_a_place(hall)
    return Booking.objects.get(pk=booked)


def sign_in(client, role, *, mall=None, agency=None):
    user = User.objects.create_user(f"{role}", is_staff=True)
    baker.make(Assignment, user=user, role=role, mall=mall, agency=agency)
    client.force_login(user)


def address(model, *rest):
    return "/".join(["/admin", model._meta.app_label, model._meta.model_name, *map(str, rest), ""])


def plan_form(plan, **more):
    """The form of a plan as the admin sends it, nothing changed."""
    sent = {
        "service": plan.service_id,
        "is_active": "on",
        "family": "uji",
        "mode": plan.mode,
        "release_at": "08:00",
    }
    for prefix, rows in (("tranches", plan.tranches.all()), ("windows", plan.windows.all())):
        sent |= {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": len(rows)}
        for place, row in enumerate(rows):
            values = {field.name: field.value_from_object(row) for field in row._meta.fields}
            sent |= {f"{prefix}-{place}-{k}": v for k, v in values.items() if v is not None}
    return sent | more


@pytest.mark.parametrize("model", PAST)
@pytest.mark.parametrize("role", [Role.OPERATOR, Role.MALL_ADMIN])
def test_what_was_booked_is_seen_but_not_edited(client, hall, mine, model, role):
    sign_in(client, role, mall=hall.mall if role == Role.MALL_ADMIN else None)
    row = model.objects.first()
    before = model.objects.filter(pk=row.pk).values().get()

    assert client.get(address(model)).status_code == 200
    assert client.get(address(model, row.pk, "change")).status_code == 200
    assert client.get(address(model, "add")).status_code == 403
    assert client.post(address(model, row.pk, "change"), {"state": 5}).status_code == 403
    assert client.post(address(model, row.pk, "delete"), {"post": "yes"}).status_code == 403
    assert model.objects.filter(pk=row.pk).values().get() == before


def test_nothing_of_a_person_is_in_the_admin(client, mine):
    sign_in(client, Role.OPERATOR)
    secrets = {"Siti", "Aminah", NIK, "+62812", people.link(mine)}
    secrets |= {getattr(mine, name) for name in SECRETS}

    for model in PAST:
        for page in (address(model), address(model, model.objects.first().pk, "change")):
            shown = client.get(page).text
            assert {secret for secret in secrets if secret in shown} == set()


def test_what_is_hidden_is_not_searched_either(client, mine):
    sign_in(client, Role.OPERATOR)

    asked = [client.get(f"{address(Booking)}?{name}__startswith=a") for name in SECRETS]

    assert {answer.status_code for answer in asked} == {400}


@pytest.mark.parametrize("model", [*PAST, Plan])
def test_another_mall_or_agency_is_out_of_reach(client, hall, mine, model):
    sign_in(client, Role.MALL_ADMIN, mall=make_hall(slug="mpp-lain").mall)
    row = model.objects.first()
    assert client.get(address(model, row.pk, "change")).status_code == 404

    other = make_presence(hall.mall, "Lain")
    sign_in(client, Role.AGENCY_ADMIN, mall=hall.mall, agency=other.agency)

    assert client.get(address(model, row.pk, "change")).status_code == 404
    assert list(client.get(address(model)).context["cl"].queryset) == []


def test_a_plan_is_edited_and_the_slots_follow(client, hall, plan, mine):
    sign_in(client, Role.MALL_ADMIN, mall=hall.mall)
    tuesday = Window.objects.get(weekday=1, begins=time(9))
    place = list(plan.windows.all()).index(tuesday)

    sent = plan_form(plan, **{f"windows-{place}-online": 4})
    answer = client.post(address(Plan, plan.pk, "change"), sent)

    assert answer.status_code == 302
    assert Slot.objects.get().online == 4
    on = plans.bookable(hall.service.pk).slots_on(date(2026, 3, 10))
    assert [each.shares.online for each in on] == [4, 10, 10]


def test_windows_that_overlap_are_refused_in_the_admin_too(client, hall, plan):
    sign_in(client, Role.MALL_ADMIN, mall=hall.mall)

    sent = plan_form(plan, **{"windows-0-ends": "10:30"})
    answer = client.post(address(Plan, plan.pk, "change"), sent)

    assert answer.status_code == 200
    assert "bertumpuk" in answer.text
    assert Window.objects.filter(ends=time(10, 30)).count() == 0


def test_only_a_mall_admin_says_how_early_people_come(client, hall, plan):
    rule = baker.make(ArrivalRule, mall=hall.mall, early_minutes=30, late_minutes=10)
    sign_in(client, Role.AGENCY_ADMIN, mall=hall.mall, agency=hall.presence.agency)
    assert client.get(address(ArrivalRule, rule.pk, "change")).status_code == 404

    sign_in(client, Role.MALL_ADMIN, mall=hall.mall)

    sent = {"mall": hall.mall.pk, "early_minutes": 45, "late_minutes": 5}
    assert client.post(address(ArrivalRule, rule.pk, "change"), sent).status_code == 302
    rule.refresh_from_db()
    assert rule.early_minutes == 45
