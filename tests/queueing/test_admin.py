"""Numbers and events in the admin: to look at within one's reach, never to edit."""

import pytest
from model_bakery import baker

from accounts.models import User
from accounts.roles import Role
from agencies.models import Assignment
from hall.models import Board
from queueing.models import Desk, QueueDay, Ticket, TicketEvent, Visit
from tests.recipes import make_hall, make_presence, make_queue, make_service

pytestmark = pytest.mark.django_db
MODELS = [Board, Desk, QueueDay, Ticket, TicketEvent, Visit]


@pytest.fixture
def hall():
    hall = make_hall()
    hall.issue()
    hall.issue()
    hall.call()
    return hall


def sign_in(client, role, *, mall=None, agency=None):
    user = User.objects.create_user(f"{role}", is_staff=True)
    baker.make(Assignment, user=user, role=role, mall=mall, agency=agency)
    client.force_login(user)


def address(model, *rest):
    return "/".join(["/admin", model._meta.app_label, model._meta.model_name, *map(str, rest), ""])


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("role", [Role.OPERATOR, Role.MALL_ADMIN])
def test_what_happened_is_seen_but_not_edited(client, hall, model, role):
    sign_in(client, role, mall=hall.mall if role == Role.MALL_ADMIN else None)
    row = model.objects.first()
    before = model.objects.filter(pk=row.pk).values().get()

    assert client.get(address(model)).status_code == 200
    assert client.get(address(model, row.pk, "change")).status_code == 200
    assert client.get(address(model, "add")).status_code == 403
    assert client.post(address(model, row.pk, "change"), {"state": 6}).status_code == 403
    assert client.post(address(model, row.pk, "delete"), {"post": "yes"}).status_code == 403
    form = {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"}
    client.post(address(model), form)
    assert model.objects.filter(pk=row.pk).values().get() == before


def test_the_token_of_a_person_is_nowhere_in_the_admin(client, hall):
    sign_in(client, Role.OPERATOR)
    token = Visit.objects.first().token

    for model in MODELS:
        row = model.objects.first()
        for page in (address(model), address(model, row.pk, "change")):
            assert token not in client.get(page).content.decode()


def test_an_agency_admin_sees_the_numbers_of_the_agency(client, hall):
    other = make_presence(hall.mall, "Instansi lain")
    make_service(make_queue(other, "B"))
    sign_in(client, Role.AGENCY_ADMIN, mall=hall.mall, agency=other.agency)

    assert list(client.get(address(Ticket)).context["cl"].queryset) == []
    row = Ticket.objects.first()
    assert client.get(address(Ticket, row.pk, "change")).status_code == 404
    assert client.get(address(Desk)).status_code == 403


def test_another_mall_is_out_of_reach(client, hall):
    other = make_hall(slug="mpp-lain")
    sign_in(client, Role.MALL_ADMIN, mall=other.mall)

    for model in MODELS:
        row = model.objects.first()
        assert client.get(address(model, row.pk, "change")).status_code == 404
