"""Who is let go while signed in has nothing left on the very next request, whatever they press."""

import json
from uuid import uuid4

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY
from django.core.cache import caches
from django.test import Client
from django.urls import reverse
from model_bakery import baker

from accounts.models import User
from accounts.roles import Role
from agencies.models import Assignment
from core import live, memo
from onboarding.staff import staffing
from queueing.models import Ticket, TicketEvent
from queueing.states import State
from tests.onboarding.staff.recipes import appoint, role_of
from tests.recipes import at, make_hall

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _nine_o_clock():
    with time_machine.travel(at(9), tick=False):
        yield


@pytest.fixture
def hall():
    hall = make_hall()
    hall.issue(now=at(8, 30))
    return hall


@pytest.fixture
def leaver(hall, client):
    """The officer of the counter, at work in a browser that has just shown the console."""
    client.force_login(hall.officer)
    assert client.get(reverse("desk", args=[hall.counter.pk])).status_code == 200
    return hall.officer


def let_go(hall, user):
    by = appoint(Role.MALL_ADMIN, mall=hall.mall)
    staffing.let_go(role_of(user, mall=hall.mall), by=by, now=at(9))


def elsewhere(hall, user):
    """A role at another mall, so that the account stays open."""
    there = make_hall(slug="mpp-lain")
    place = {"mall": there.mall, "agency": there.presence.agency}
    baker.make(Assignment, user=user, role=Role.COUNTER_OFFICER, **place)


def answers(client, hall):
    """Every way an officer has to their counter: page, fragment, button, API."""
    page, call = (reverse("desk", args=[hall.counter.pk]), ("desk_act", "panggil"))
    act = reverse(call[0], args=[hall.counter.pk, call[1]])
    body, api = json.dumps({}), reverse("api_call_next", args=[hall.counter.pk])
    key = {"Idempotency-Key": str(uuid4())}
    return {
        "page": client.get(page).status_code,
        "fragment": client.get(page, headers=HTMX).status_code,
        "button": client.post(act, {"key": uuid4()}).status_code,
        "htmx": client.post(act, {"key": uuid4()}, headers=HTMX).status_code,
        "api": client.post(api, body, "application/json", headers=key).status_code,
    }


def test_with_the_last_role_everything_leads_to_the_sign_in(client, hall, leaver):
    let_go(hall, leaver)

    asked = answers(client, hall)

    assert asked == {"page": 302, "fragment": 302, "button": 302, "htmx": 302, "api": 403}
    assert TicketEvent.objects.filter(by=leaver).count() == 0
    assert Ticket.objects.get().state == State.WAITING


def test_with_another_role_left_only_that_one_opens_anything(client, hall, leaver):
    elsewhere(hall, leaver)
    let_go(hall, leaver)

    asked = answers(client, hall)

    assert asked == dict.fromkeys(asked, 404)
    assert client.get(reverse("staff")).status_code == 200
    assert Ticket.objects.get().state == State.WAITING


def test_a_counter_that_is_no_longer_named_is_closed_at_once(client, hall, leaver):
    held, by = role_of(leaver), appoint(Role.MALL_ADMIN, mall=hall.mall)
    second = baker.make("agencies.Counter", mall=hall.mall, number="7")
    baker.make("agencies.CounterDay", counter=second, presence=hall.presence, weekday=0)
    known = {"role": Role(held.role), "until": None}

    staffing.arrange(held, **known, counters=[second], by=by, now=at(9))

    assert set(answers(client, hall).values()) == {404}
    assert client.get(reverse("desk", args=[second.pk])).status_code == 200


def test_a_session_that_ended_does_not_come_back_with_the_account(client, hall, leaver):
    """Also where Redis holds a copy of it: what it is signed with is no longer true."""
    let_go(hall, leaver)
    User.objects.filter(pk=leaver.pk).update(is_active=True)
    elsewhere(hall, leaver)

    answer = client.get(reverse("staff"))

    assert answer.url.startswith(reverse("login"))
    assert SESSION_KEY not in client.session


def test_the_copy_of_a_session_alone_opens_nothing(client, hall, leaver):
    key = client.session.session_key
    copy = dict(client.session.items())
    let_go(hall, leaver)

    # Somebody else's process wrote its copy a moment too late.
    caches["sessions"].set(f"django.contrib.sessions.cached_db{key}", copy, 60)

    assert client.get(reverse("staff")).status_code == 302


def test_a_new_sign_in_is_refused(hall):
    hall.officer.set_password("sandi-yang-panjang")
    hall.officer.save()
    let_go(hall, hall.officer)

    form = {"username": hall.officer.username, "password": "sandi-yang-panjang"}
    answer = Client().post(reverse("login"), form)

    assert answer.status_code == 200
    assert "tidak cocok" in answer.text


def test_a_stream_that_is_still_open_says_numbers_only_and_what_they_mean_is_closed(
    client, hall, leaver
):
    """A token of the stream is signed for a mall, not for a person: it outlives the role, and
    all it tells is "mall 7 is now at version 8123", which the board in the hall tells anybody."""
    token = live.token_for(hall.mall.pk)
    let_go(hall, leaver)
    memo.clear_all()

    heard = live.signing.loads(token, salt=live.CHANNEL)

    assert heard == hall.mall.pk
    assert answers(client, hall)["fragment"] == 302


def test_the_admin_of_a_mall_manages_nobody_any_more(client, hall):
    admin = appoint(Role.MALL_ADMIN, mall=hall.mall)
    client.force_login(admin)
    assert client.get(reverse("people", args=[hall.mall.slug])).status_code == 200
    let_go(hall, admin)
    held = role_of(hall.officer)

    pages = [reverse("people", args=[hall.mall.slug]), reverse("attendance", args=[hall.mall.slug])]
    asked = [client.get(page).status_code for page in pages]
    asked.append(client.post(reverse("person_let_go", args=[hall.mall.slug, held.pk])).status_code)

    assert asked == [302] * 3
    assert role_of(hall.officer) == held
