"""Accounts in the admin: made by operators, passwords never shown."""

import pytest
from django.urls import reverse
from model_bakery import baker

from accounts.models import User
from accounts.roles import Role
from agencies.models import Assignment
from tests.recipes import make_hall

pytestmark = pytest.mark.django_db
USERS = "/admin/accounts/user/"


def staff(role, **place):
    user = User.objects.create_user(f"{role}", password="sandi-yang-panjang", is_staff=True)
    baker.make(Assignment, user=user, role=role, **place)
    return user


@pytest.fixture
def operator(client):
    user = staff(Role.OPERATOR)
    client.force_login(user)
    return user


def test_an_operator_makes_an_account(client, operator):
    form = {
        "username": "baru",
        "usable_password": "true",
        "password1": "sandi-loket-empat",
        "password2": "sandi-loket-empat",
    }
    client.post(f"{USERS}add/", form)

    assert User.objects.get(username="baru").check_password("sandi-loket-empat")


def test_no_page_shows_a_password_or_its_hash(client, operator):
    page = client.get(f"{USERS}{operator.pk}/change/").content.decode()

    assert "argon2" not in page
    assert "../password/" in page
    assert client.get(f"{USERS}{operator.pk}/password/").status_code == 200


def test_nobody_is_made_a_superuser_here(client, operator):
    form = {"username": "operator", "is_active": "on", "is_staff": "on", "is_superuser": "on"}
    client.post(f"{USERS}{operator.pk}/change/", form)
    operator.refresh_from_db()

    assert operator.is_superuser is False


def test_a_superuser_is_not_there_for_operators(client, operator):
    root = User.objects.create_superuser("akar", password="sandi-yang-panjang")

    for page in ("change", "password"):
        assert client.get(f"{USERS}{root.pk}/{page}/").status_code in {302, 404}
    assert "akar" not in client.get(USERS).content.decode()
    client.force_login(root)
    assert "akar" in client.get(USERS).content.decode()


def test_accounts_are_switched_off_not_deleted(client, operator):
    assert client.post(f"{USERS}{operator.pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("role", [Role.MALL_ADMIN, Role.AGENCY_ADMIN])
def test_only_operators_see_accounts_and_appoint(client, role):
    hall = make_hall(counters=0)
    agency = hall.presence.agency if role == Role.AGENCY_ADMIN else None
    client.force_login(staff(role, mall=hall.mall, agency=agency))

    for address in (USERS, f"{USERS}add/", "/admin/agencies/assignment/add/"):
        assert client.get(address).status_code == 403


def test_groups_have_no_page(client, operator):
    assert client.get("/admin/auth/group/").status_code == 404
    assert "Data Rujukan MPP" in client.get(reverse("admin:index")).content.decode()
