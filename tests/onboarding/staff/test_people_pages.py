"""The pages on which people are listed, invited, arranged and let go, and which week they came."""

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from agencies.models import Assignment, ContactPerson, Counter
from notifications.models import Message
from notifications.states import Channel
from onboarding.models import Invitation
from tests.notifications.posts import sends_through
from tests.onboarding.staff.recipes import MAIL, NAME, appoint, invited, only, role_of
from tests.recipes import at, make_hall, make_presence
from tests.test_bad_input import TEXTS, encoded

pytestmark = pytest.mark.django_db
FORM = {"name": NAME, "email": MAIL, "role": Role.COUNTER_OFFICER}


@pytest.fixture(autouse=True)
def _nine_o_clock():
    with time_machine.travel(at(9), tick=False):
        yield


@pytest.fixture
def hall():
    return make_hall(counters=2)


@pytest.fixture
def admin(hall, client):
    admin = appoint(Role.MALL_ADMIN, mall=hall.mall, name="admin.mal")
    client.force_login(admin)
    return admin


def url(name, hall, *more):
    return reverse(name, args=[hall.mall.slug, *more])


def said(answer):
    return [str(each) for each in get_messages(answer.wsgi_request)]


def listed(client, hall, query=""):
    page = client.get(url("people", hall) + query)
    return [held.user.username for held, _url in page.context["rows"]]


# --- The list ----------------------------------------------------------------------------------


def test_everybody_of_the_mall_and_who_is_asked(client, hall, admin):
    invited(hall, admin)
    appoint(Role.SUPERVISOR, presence=make_hall(slug="mpp-lain").presence, name="orang.lain")

    page = client.get(url("people", hall))

    names = {held.user for held, _url in page.context["rows"]}
    assert names == {admin, *hall.officers}
    assert [offer.email for offer, _urls in page.context["offers"]] == [MAIL]
    assert "Petugas loket" in page.text


def test_an_agency_admin_sees_their_own_people(client, hall, admin):
    other = make_presence(hall.mall, "Kejaksaan")
    own = appoint(Role.AGENCY_ADMIN, presence=other, name="admin.jaksa")
    invited(hall, admin)
    client.force_login(own)

    assert listed(client, hall) == ["admin.jaksa"]
    assert client.get(url("people", hall)).context["offers"] == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=jaksa", ["jaksa.satu"]),
        ("?q=budi+SANTOSO", ["jaksa.satu"]),
        ("?q=kejari.go.id", ["jaksa.satu"]),
        ("?q=tidak+ada", []),
        ("?peran=mall_admin", ["admin.mal"]),
        ("?peran=bukan", ["admin.mal", "jaksa.satu"]),
        ("?instansi=0", ["admin.mal", "jaksa.satu"]),
        ("?hal=99", ["admin.mal", "jaksa.satu"]),
    ],
)
def test_the_list_is_narrowed(client, hall, admin, query, found):
    Assignment.objects.filter(role=Role.COUNTER_OFFICER).delete()
    presence = make_presence(hall.mall, "Kejaksaan")
    user = appoint(Role.SUPERVISOR, presence=presence, name="jaksa.satu", email="b@kejari.go.id")
    user.first_name, user.last_name = "Budi", "Santoso"
    user.save()

    assert sorted(listed(client, hall, query)) == found


def test_the_list_is_narrowed_to_an_agency(client, hall, admin):
    presence = make_presence(hall.mall, "Kejaksaan")
    appoint(Role.SUPERVISOR, presence=presence, name="jaksa.satu")

    assert listed(client, hall, f"?instansi={presence.agency_id}") == ["jaksa.satu"]


def test_the_list_asks_as_much_for_many_as_for_few(client, hall, admin, django_assert_num_queries):
    invited(hall, admin)
    with django_assert_num_queries(9):
        client.get(url("people", hall))

    for number in range(3):
        presence = make_presence(hall.mall, f"Dinas {number}")
        user = appoint(Role.COUNTER_OFFICER, presence=presence)
        role_of(user).counters.set(hall.counters)
        invited(hall, admin, email=f"{number}@uji.go.id")
    with django_assert_num_queries(9):
        client.get(url("people", hall))


# --- Inviting ----------------------------------------------------------------------------------


def test_an_invitation_goes_by_mail(client, hall, admin):
    sends_through(hall.mall, Channel.EMAIL)

    answer = client.post(url("people_invite", hall), {**FORM, "agency": hall.presence.agency_id})

    assert answer.url == url("people", hall)
    assert said(answer) == [f"Undangan dikirim ke {MAIL}. Berlaku tujuh hari."]
    assert Message.objects.get().kind == "staff_invitation"


def test_without_a_channel_the_link_is_shown_once(client, hall, admin):
    answer = client.post(url("people_invite", hall), {**FORM, "agency": hall.presence.agency_id})

    assert answer.status_code == 200
    assert answer.context["sent"].link in answer.text
    assert "no-store" in answer.headers["Cache-Control"]
    assert only().email == MAIL


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"email": "siti"}, "email"),
        ({"role": ""}, "role"),
        ({"role": "operator"}, "role"),
        ({"agency": ""}, "agency"),
        ({"agency": "999999"}, "agency"),
    ],
)
def test_what_is_filled_in_wrong_is_kept_and_said(client, hall, admin, wrong, field):
    form = {**FORM, "agency": hall.presence.agency_id, **wrong}

    answer = client.post(url("people_invite", hall), form)

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert Invitation.objects.count() == 0


def test_who_is_invited_already_is_said_at_the_address(client, hall, admin):
    invited(hall, admin)

    answer = client.post(url("people_invite", hall), {**FORM, "agency": hall.presence.agency_id})

    assert (answer.status_code, list(answer.context["form"].errors)) == (409, ["email"])


def test_an_agency_admin_is_offered_their_own_roles_only(client, hall, admin):
    client.force_login(appoint(Role.AGENCY_ADMIN, presence=hall.presence))

    form = client.get(url("people_invite", hall)).context["form"]

    assert [role for role, _label in form.fields["role"].choices] == list(Role)[:3]
    assert list(form.fields["agency"].queryset) == [hall.presence.agency]


def test_sent_again_withdrawn_and_handed_over(client, hall, admin):
    invitation, _token = invited(hall, admin, now=at(8))

    handed = client.post(url("people_resend", hall, invitation.pk), {"cara": "tautan"})
    gone = client.post(url("people_withdraw", hall, invitation.pk))

    assert handed.context["sent"].link in handed.text
    assert said(gone) == ["Undangan ditarik. Tautannya tidak membuka apa pun lagi."]
    assert client.post(url("people_resend", hall, invitation.pk)).status_code == 404


# --- One person --------------------------------------------------------------------------------


def test_a_person_is_arranged(client, hall, admin):
    held = role_of(hall.officer)
    form = {"role": "supervisor", "until": "2026-04-01", "counters": [hall.counters[1].pk]}

    answer = client.post(url("person", hall, held.pk), form)

    assert said(answer) == ["Tersimpan, dan berlaku mulai sekarang."]
    held = role_of(hall.officer)
    assert (held.role, str(held.until), held.counters.get()) == (
        *("supervisor", "2026-04-01"),
        hall.counters[1],
    )
    page = client.get(url("person", hall, held.pk))
    assert page.context["form"]["counters"].initial == [hall.counters[1].pk]


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"role": "mall_admin"}, "role"),
        ({"role": "supervisor", "until": "2026-03-08"}, "until"),
        ({"role": "supervisor", "until": "besok"}, "until"),
        ({"role": "supervisor", "counters": ["999"]}, "counters"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(client, hall, admin, form, field):
    held = role_of(hall.officer)

    answer = client.post(url("person", hall, held.pk), form)

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert role_of(hall.officer).role == Role.COUNTER_OFFICER


def test_a_person_is_let_go_after_a_question(client, hall, admin):
    held = role_of(hall.officer)

    asked = client.get(url("person_let_go", hall, held.pk))
    answer = client.post(url("person_let_go", hall, held.pk))

    assert asked.context["is_last"] is True
    assert said(answer) == [f"Tugas {hall.officer} berakhir sekarang juga, dan akunnya ditutup."]
    assert client.get(url("person", hall, held.pk)).status_code == 404


def test_the_last_admin_is_told_why_not(client, hall, admin):
    page = url("person_let_go", hall, role_of(admin).pk)
    back = f"http://testserver{url('person', hall, role_of(admin).pk)}"

    answer = client.post(page, headers={"Referer": back})

    assert (answer.url, answer["X-Refusal"]) == (back, "last_one")
    assert role_of(admin)


def test_whoever_leaves_by_themselves_is_led_out(client, hall, admin):
    appoint(Role.MALL_ADMIN, mall=hall.mall)

    answer = client.post(url("person_let_go", hall, role_of(admin).pk))

    assert answer.url == reverse("staff")
    assert client.get(answer.url).url.startswith(reverse("login"))


# --- Strangers ---------------------------------------------------------------------------------


PAGES = ("people", "people_invite", "attendance", "contact_people")


@pytest.mark.parametrize("role", [Role.COUNTER_OFFICER, Role.SUPERVISOR, Role.MINISTRY_MONITOR])
def test_whoever_manages_nobody_finds_nothing(client, hall, admin, role):
    nation = role == Role.MINISTRY_MONITOR
    client.force_login(appoint(role, presence=None if nation else hall.presence))

    assert [client.get(url(page, hall)).status_code for page in PAGES] == [404] * 4
    assert client.get(reverse("people_nation")).status_code == 404


def test_an_agency_admin_finds_nobody_of_another_agency(client, hall, admin):
    invitation, _token = invited(hall, admin)
    held = role_of(hall.officer)
    own = make_presence(hall.mall, "Kejaksaan")
    contact = ContactPerson.objects.create(presence=hall.presence, name="Budi", phone="021 123456")
    client.force_login(appoint(Role.AGENCY_ADMIN, presence=own))
    before = (*Assignment.objects.values(), *Invitation.objects.values())

    asked = [
        client.post(url(name, hall, pk)).status_code
        for name, pk in (
            *(("person", held.pk), ("person_let_go", held.pk)),
            *(("people_resend", invitation.pk), ("people_withdraw", invitation.pk)),
            *(("contact_person", contact.pk), ("contact_person_remove", contact.pk)),
            ("contact_person_new", hall.presence.pk),
        )
    ]

    assert asked == [404] * 7
    assert before == (*Assignment.objects.values(), *Invitation.objects.values())
    assert ContactPerson.objects.count() == 1


def test_an_admin_finds_nobody_of_another_mall(client, hall, admin):
    there = make_hall(slug="mpp-lain")
    held = role_of(there.officer)

    assert client.get(url("people", there)).status_code == 404
    assert client.post(url("person_let_go", there, held.pk)).status_code == 404
    assert client.post(url("person_let_go", hall, held.pk)).status_code == 404
    assert role_of(there.officer) == held


def test_a_leaver_is_not_called_back_by_a_link_in_hand(client, hall, admin):
    appoint(Role.SUPERVISOR, presence=hall.presence, email=MAIL).assignments.all().delete()
    User.objects.filter(email=MAIL).update(is_active=False)

    answer = client.post(url("people_invite", hall), {**FORM, "agency": hall.presence.agency_id})

    assert (answer.status_code, list(answer.context["form"].errors)) == (409, ["email"])
    assert Invitation.objects.count() == 0


def test_a_counter_out_of_use_is_not_offered(client, hall, admin):
    Counter.objects.filter(pk=hall.counter.pk).update(is_active=False)

    form = client.get(url("person", hall, role_of(hall.officer).pk)).context["form"]

    assert form.offered == hall.counters[1:]


# --- Whatever is typed -------------------------------------------------------------------------


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_any_text_in_any_field_is_an_answer(client, hall, admin, text):
    invitation, _token = invited(hall, admin)
    held, presence = role_of(hall.officer).pk, hall.presence.pk
    fields = (
        "name",
        "email",
        "role",
        "agency",
        "province",
        "until",
        "counters",
        "position",
        "phone",
        "cara",
    )
    form = "&".join(f"{name}={encoded(text)}" for name in fields)
    places = [url("people_invite", hall), url("person", hall, held)]
    places += [url("contact_person_new", hall, presence), url("people_resend", hall, invitation.pk)]

    for place in places:
        answer = client.generic("POST", place, form, "application/x-www-form-urlencoded")
        assert answer.status_code < 500, place
    for page in ("people", "attendance"):
        query = f"?q={encoded(text)}&peran={encoded(text)}&instansi={encoded(text)}&hari={encoded(text)}"
        assert client.get(url(page, hall) + query).status_code < 500
