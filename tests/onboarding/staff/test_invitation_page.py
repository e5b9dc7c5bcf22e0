"""Where the link of an invitation leads whoever opens it."""

import re

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from onboarding.models import Invitation
from onboarding.staff import inviting, staffing
from tests.onboarding.staff.recipes import MAIL, PASSWORD, accepted, appoint, invited, only, role_of
from tests.recipes import at, make_hall

pytestmark = pytest.mark.django_db
FORM = {"username": "siti", "password": PASSWORD, "again": PASSWORD}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(at(9), tick=False) as set_to:
        yield set_to


@pytest.fixture
def hall():
    return make_hall()


@pytest.fixture
def admin(hall):
    return appoint(Role.MALL_ADMIN, mall=hall.mall)


@pytest.fixture
def link(hall, admin):
    return address(invited(hall, admin)[1])


def address(token):
    return reverse("invitation", args=[token])


def test_a_look_changes_nothing_and_tells_no_other_page(client, hall, link):
    before = Invitation.objects.values().get()

    page = client.get(link)

    assert page.status_code == 200
    assert (page["Referrer-Policy"], page["X-Robots-Tag"]) == ("no-referrer", "noindex")
    assert "no-store" in page["Cache-Control"]
    assert "Petugas loket" in page.text
    assert MAIL not in page.text.replace('value="siti.aminah"', "")
    assert Invitation.objects.values().get() == before


def test_a_name_to_sign_in_with_is_proposed(client, link):
    assert client.get(link).context["form"]["username"].value() == "siti.aminah"


def test_who_accepts_is_in(client, hall, link):
    answer = client.post(link, FORM)

    assert answer.url == reverse("staff")
    home = client.get(answer.url)
    assert [place.counter for place in home.context["places"]] == hall.counters
    assert int(client.session[SESSION_KEY]) == User.objects.get(email=MAIL).pk


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"username": ""}, "username"),
        ({"username": "admin mal"}, "username"),
        ({"password": "pendek", "again": "pendek"}, "password"),
        ({"again": "lain-sama-sekali"}, "again"),
        ({"password": ""}, "password"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(client, link, wrong, field):
    answer = client.post(link, {**FORM, **wrong})

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert answer.context["form"]["username"].value() == wrong.get("username", "siti")
    assert User.objects.filter(email=MAIL).count() == 0


def unknown(_hall, _admin, _clock):
    return "A" * 43


def used(hall, admin, _clock):
    _invitation, token = invited(hall, admin)
    Invitation.objects.update(accepted_at=at(9), accepted_by=admin)
    return token


def withdrawn(hall, admin, _clock):
    invitation, token = invited(hall, admin)
    inviting.withdraw(invitation, by=admin, now=at(9))
    return token


def expired(hall, admin, clock):
    _invitation, token = invited(hall, admin)
    clock.move_to(at(9) + inviting.LIVES)
    return token


def plain(answer, token):
    """A page without what is different on each: its own address, and the token of its forms."""
    return re.sub(r"\b[A-Za-z0-9]{64}\b", "", answer.text).replace(token, "")


@pytest.mark.parametrize("made", [unknown, used, withdrawn, expired])
def test_all_that_opens_nothing_look_alike(client, hall, admin, clock, made):
    token = made(hall, admin, clock)
    first = client.get(address("B" * 43))

    for answer in (client.get(address(token)), client.post(address(token), FORM)):
        assert answer.status_code == 404
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "Undangan Tidak Berlaku" in answer.text
    assert plain(client.get(address(token)), token) == plain(first, "B" * 43)
    assert User.objects.filter(email=MAIL).count() == 0


def test_guesses_are_counted(client, link):
    for number in range(inviting.WRONG_LINKS):
        assert client.get(address(f"{number}")).status_code == 404

    assert client.get(link).status_code == 429


def test_guessed_names_are_counted_too(client, link):
    for _number in range(inviting.WRONG_LINKS):
        client.post(link, {**FORM, "again": "lain"})

    assert client.post(link, FORM).status_code == 429


def test_whoever_has_an_account_is_led_to_the_sign_in_and_back(client, hall, admin, link):
    user = appoint(Role.SUPERVISOR, presence=hall.presence, email=MAIL)

    page = client.get(link)
    refused = client.post(link, FORM)
    client.force_login(user)
    answer = client.post(link)

    assert f"{reverse('login')}?next={link}" in page.text
    assert (refused.status_code, refused["X-Refusal"]) == (409, "wrong_account")
    assert answer.url == reverse("staff")
    assert user.assignments.count() == 2


def test_whoever_is_somebody_else_is_asked_to_sign_out(client, hall, admin, link):
    client.force_login(admin)

    page = client.get(link)
    answer = client.post(link)

    assert page.context["is_for"] is False
    assert reverse("logout") in page.text
    assert (answer.status_code, answer["X-Refusal"]) == (409, "wrong_account")
    assert only().accepted_at is None


def test_who_comes_back_chooses_a_password_only(client, hall, admin):
    user = accepted(hall, admin)
    staffing.let_go(role_of(user), by=admin, now=at(9))
    _invitation, token = invited(hall, appoint(Role.OPERATOR))

    page = client.get(address(token))
    client.post(address(token), {"password": PASSWORD, "again": PASSWORD})

    assert "username" not in page.context["form"].fields
    assert "Selamat datang kembali" in page.text
    assert int(client.session[SESSION_KEY]) == user.pk


def test_a_page_asks_for_no_other_token_than_its_own(client, link):
    """Forged requests are refused like everywhere: a form needs the page it came from."""
    strict = type(client)(enforce_csrf_checks=True)

    assert strict.post(link, FORM).status_code == 403
    assert only().accepted_at is None


def test_a_link_in_hand_says_that_it_opens_no_closed_account(client, hall, admin):
    user = appoint(Role.SUPERVISOR, presence=hall.presence, email=MAIL)
    _invitation, token = invited(hall, admin)
    user.assignments.all().delete()
    User.objects.filter(pk=user.pk).update(is_active=False)

    page = client.get(address(token))
    answer = client.post(address(token), FORM)

    assert "akun lama yang ditutup" in page.text
    assert 'type="password"' not in page.text
    assert answer["X-Refusal"] == "only_by_mail"
    assert User.objects.get(pk=user.pk).is_active is False
