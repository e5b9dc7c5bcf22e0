"""The way in: one sign-in for pages and admin, a clear sentence when it fails."""

import pytest
from django.urls import reverse

from accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return User.objects.create_user("petugas", password="rahasia-di-loket-7")


def sign_in(client, **fields):
    form = {"username": "petugas", "password": "rahasia-di-loket-7", **fields}
    return client.post(reverse("login"), form)


def test_an_officer_signs_in_and_stands_in_the_room_of_the_staff(client, officer):
    answer = sign_in(client)
    assert (answer.status_code, answer.url) == (302, reverse("staff"))


def test_a_wrong_password_is_said_in_indonesian_and_the_name_stays(client, officer):
    page = sign_in(client, password="salah").content.decode()

    assert "Nama pengguna atau sandi tidak cocok." in page
    assert 'value="petugas"' in page
    assert "salah" not in page.replace("salah ketik", "")


def test_an_unknown_name_and_a_switched_off_account_read_the_same(client, officer):
    wrong = sign_in(client, password="salah").context["form"].errors
    unknown = sign_in(client, username="siapa").context["form"].errors
    officer.is_active = False
    officer.save()
    switched_off = sign_in(client).context["form"].errors

    assert wrong == unknown == switched_off


def test_after_signing_in_one_goes_on_where_one_wanted_but_never_elsewhere(client, officer):
    assert sign_in(client, next="/loket/").url == "/loket/"
    client.logout()
    assert sign_in(client, next="https://example.org/").url == reverse("staff")


def test_the_admin_uses_the_same_way_in(client, officer):
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0] == "/masuk/?next=/admin/"

    answer = client.get("/admin/login/?next=/admin/")
    assert (answer.status_code, answer.url) == (302, "/masuk/?next=/admin/")


def test_whoever_may_not_enter_the_admin_is_told_so_without_a_loop(client, officer):
    client.force_login(officer)

    answer = client.get("/admin/", follow=True)

    assert answer.status_code == 403


def test_signing_out_needs_a_press_and_ends_the_session(client, officer):
    client.force_login(officer)

    assert client.get(reverse("logout")).status_code == 405
    client.post(reverse("logout"))
    assert client.get(reverse("staff")).status_code == 302
