"""A change of mind: on the page of a booking or an application, by a link in an e-mail, as staff."""

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from model_bakery import baker

from accounts.models import User
from appointments import people, reaching
from appointments.models import Application, Booking
from core import memo
from notifications import contacts, outbox
from notifications.contacts import Reach
from notifications.models import Consent, Contact, Provider, Stop, Subscription
from notifications.states import Channel
from notifications.views.inbox import LOOKED
from tests.appointments.pages import reserve_for, say_who
from tests.appointments.recipes import apply_for_a_place, book, hold, make_plan, person
from tests.queueing.pages import text
from tests.queueing.test_reaching import BROWSER
from tests.races.crowd import errors, together
from tests.recipes import at, make_hall, make_officer

pytestmark = pytest.mark.django_db
EMAIL = "siti@contoh.id"


@pytest.fixture(autouse=True)
def _nine_on_the_test_monday():
    with time_machine.travel(at(9), tick=False):
        yield


@pytest.fixture
def hall():
    hall = make_hall()
    make_plan(hall.service)
    for channel in (Channel.WHATSAPP, Channel.TEXT, Channel.EMAIL):
        baker.make(Provider, mall=hall.mall, channel=channel, is_on=True)
    return hall


# --- the form of a reservation --------------------------------------------------------------------


def test_the_form_asks_only_for_what_the_mall_can_send_through(hall, client):
    pk = hold(hall.service)
    address = reverse("booking", args=[people.link(Booking.objects.get(pk=pk))])
    page = client.get(address)
    assert page.text.count('name="channels"') == 2
    assert page.text.count(" checked") == 3  # for myself, WhatsApp, SMS
    assert 'name="email"' in page.text

    Provider.objects.filter(channel=Channel.TEXT).update(is_on=False)
    assert client.get(address).text.count('name="channels"') == 1
    Provider.objects.update(is_on=False)
    assert 'name="channels"' not in client.get(address).text
    assert 'name="email"' not in client.get(address).text


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ({"channels": ["3", "4"]}, {Channel.WHATSAPP, Channel.TEXT}),
        ({"channels": ["4"], "email": EMAIL}, {Channel.TEXT, Channel.EMAIL}),
        ({}, set()),
    ],
)
def test_what_is_ticked_is_wanted_and_an_address_that_is_given(hall, client, typed, wanted):
    pk = hold(hall.service)
    say_who(client, pk, **typed)

    contact = Booking.objects.get(pk=pk).contact
    assert contacts.wanted(contact) == wanted
    assert contacts.phone_of(contact) == "+6281234567890"


@pytest.mark.parametrize("typed", [{"email": "siti"}, {"channels": ["5"]}, {"channels": ["x"]}])
def test_what_cannot_be_is_a_mistake_of_the_form(hall, client, typed):
    pk = hold(hall.service)

    assert say_who(client, pk, **typed).status_code == 422


# --- bookings and applications --------------------------------------------------------------------


@pytest.fixture(params=["booking", "application"])
def matter(request, hall):
    if request.param == "booking":
        return "booking_news", Booking.objects.get(pk=book(hall.service))
    apply_for_a_place(hall)
    return "application_news", Application.objects.get()


def page_of(matter, more=""):
    return reverse(matter[0] + more, args=[people.link(matter[1])])


def contact_of(matter):
    matter[1].refresh_from_db()
    return matter[1].contact


def test_what_is_wanted_is_chosen_and_changed_there(client, matter):
    page = client.post(page_of(matter), {"email": EMAIL}, follow=True)
    assert "Surel ke s•••@c•••.id" in text(page)
    assert contacts.wanted(contact_of(matter)) == {Channel.EMAIL}

    client.post(page_of(matter), {"channels": ["3", "5"], "phone": "081234567890"})
    assert contacts.wanted(contact_of(matter)) == {Channel.WHATSAPP, Channel.EMAIL}

    client.post(page_of(matter), {"do": "stop"})
    assert contacts.wanted(contact_of(matter)) == set()


def test_a_browser_may_be_told_of_it(client, matter):
    answer = client.post(page_of(matter, "_device"), BROWSER)

    assert answer.status_code == 204
    assert Subscription.objects.get().contact == contact_of(matter)


def test_a_contact_is_that_of_one_booking_alone(client, hall):
    mine, other = (
        ("booking_news", Booking.objects.get(pk=book(hall.service, who=person(number))))
        for number in (1, 2)
    )
    client.post(page_of(mine), {"email": EMAIL})

    assert (contact_of(mine) is None, contact_of(other)) == (False, None)


def test_an_address_whose_key_is_gone_is_dots_and_may_be_replaced(client, matter):
    client.post(page_of(matter), {"phone": "081234567890"})
    Contact.objects.update(sealed_phone="9.kaputt")
    assert "WhatsApp ke •••" in text(client.get(page_of(matter)))

    client.post(page_of(matter), {"channels": ["3"], "phone": "081234567891"})

    assert contacts.phone_of(contact_of(matter)) == "+6281234567891"


def test_who_said_stop_is_told_how_to_start(client, matter):
    client.post(page_of(matter), {"phone": "081234567890", "email": EMAIL})
    contacts.stop(Channel.WHATSAPP, "+6281234567890", now=at(9))
    contacts.stop(Channel.EMAIL, EMAIL, now=at(9))

    page = text(client.get(page_of(matter)))

    assert "Nomor ••••••••••7890 pernah membalas STOP." in page
    assert "Alamat s•••@c•••.id pernah meminta berhenti." in page
    assert "WhatsApp ke" not in page


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_several_tabs_of_a_booking_make_one_contact(hall):
    row = Booking.objects.get(pk=book(hall.service))

    answers = together(*[lambda: reaching.contact_of(row, now=at(9)).pk] * 8)

    assert errors(answers) == []
    assert set(answers) == {Contact.objects.get().pk}


# --- no more e-mail -------------------------------------------------------------------------------


@pytest.fixture
def reader(hall):
    reach = Reach(email=EMAIL, channels=frozenset({Channel.EMAIL}))
    return contacts.add(hall.mall.pk, reach, how=Consent.How.FORM, now=at(8))


@pytest.fixture
def link(reader, settings):
    settings.PUBLIC_URL = "https://mpp.example.go.id"
    link = contacts.stop_link(reader, Channel.EMAIL)
    assert link.startswith("https://mpp.example.go.id/kabar/berhenti/")
    return link.removeprefix("https://mpp.example.go.id")


def test_looking_at_the_link_changes_nothing(client, reader, link):
    page = client.get(link)
    client.head(link)

    assert "semua mal lewat surel ke s•••@c•••.id akan berhenti" in text(page)
    assert (Stop.objects.count(), contacts.wants(reader, Channel.EMAIL)) == (0, True)


def test_a_touch_ends_it_for_every_matter_of_that_address(client, hall, reader, link):
    reach = Reach(email=EMAIL, channels=frozenset({Channel.EMAIL}))
    other = contacts.add(hall.mall.pk, reach, how=Consent.How.FORM, now=at(8))

    page = client.post(link, {"do": "stop"}, follow=True)

    assert "Sudah Berhenti" in text(page)
    assert [contacts.wants(each, Channel.EMAIL) for each in (reader, other)] == [False, False]


def test_a_program_that_reads_mail_may_send_it_without_a_cookie(reader, link):
    client = Client(enforce_csrf_checks=True)
    body = {"List-Unsubscribe": "One-Click"}

    for _copy in range(2):
        assert client.post(link, body).status_code == 200  # it follows no redirect
    assert Stop.objects.count() == 1


def test_it_may_begin_again(client, reader, link):
    client.post(link)
    client.post(link, {"do": "start"})

    assert contacts.wants(reader, Channel.EMAIL)


def test_it_ends_what_the_message_went_to_even_after_the_address_has_changed(client, reader, link):
    new = Reach(email="baru@contoh.id", channels=frozenset({Channel.EMAIL}))
    contacts.change(reader, new, how=Consent.How.PAGE, now=at(9))
    assert "ke alamat yang menerima tautan ini akan berhenti" in text(client.get(link))

    client.post(link)

    assert Stop.objects.get().address_index == contacts.index_of(Channel.EMAIL, EMAIL)
    assert contacts.wants(Contact.objects.get(), Channel.EMAIL)


@pytest.mark.parametrize("changed", ["x", "", "aaa:bbb:ccc"])
def test_a_link_that_is_not_ours_is_none(client, link, changed):
    address = reverse("stop", args=["x"]).replace("/x/", f"/{link.split('/')[-2][:-3]}{changed}/")

    assert client.get(address).status_code == 404
    assert client.post(address).status_code == 404


# --- staff ----------------------------------------------------------------------------------------


@pytest.fixture
def officer(hall):
    officer = make_officer(hall.presence)
    officer.email = "petugas@contoh.id"
    officer.save()
    return officer


def warn(user, event="alarm:1", *, now=None):
    """The portal tells a member of staff that a device is silent."""
    contact = contacts.of_user(user, now=now or at(9))
    values = {"perangkat": "Papan pintu utara", "mal": "MPP Uji", "jam": "08.40 WIB"}
    outbox.send(contact.pk, "device_silent", event=event, values=values, now=now or at(9))


def test_looking_makes_no_contact(client, officer):
    client.force_login(officer)
    page = client.get(reverse("staff_news"))

    assert "Belum ada kabar." in text(page)
    assert Contact.objects.count() == 0


def test_the_home_of_staff_counts_what_is_new_until_they_look(client, officer):
    client.force_login(officer)
    home = reverse("staff")
    assert "baru" not in text(client.get(home)).split("Kabar untuk Anda")[1][:12]
    warn(officer)
    warn(officer, "alarm:2")
    assert "Kabar untuk Anda 2 baru" in text(client.get(home))

    page = client.get(reverse("staff_news"))

    assert "Papan pintu utara di MPP Uji tidak memberi kabar sejak 08.40 WIB." in text(page)
    assert "2 baru" not in text(client.get(home))
    with time_machine.travel(at(9, 5), tick=False):
        warn(officer, "alarm:3", now=at(9, 5))
        assert "1 baru" in text(client.get(home))


@pytest.mark.parametrize("cookie", ["", "x", "1", "1.x", "1.²", f"1.{'9' * 40}"])
def test_a_strange_cookie_is_no_look(client, officer, cookie):
    warn(officer)
    client.force_login(officer)
    client.cookies[LOOKED] = cookie.replace("1.", f"{officer.pk}.")

    assert client.get(reverse("staff")).status_code == 200


def test_somebody_elses_look_in_the_same_browser_is_not_mine(client, officer, hall):
    client.force_login(make_officer(hall.presence))
    client.get(reverse("staff_news"))
    warn(officer)
    client.force_login(officer)

    assert "1 baru" in text(client.get(reverse("staff")))


def test_nobody_reads_the_inbox_of_another(client, officer):
    warn(officer)
    client.force_login(User.objects.create_user("lain"))

    assert "Papan pintu utara" not in text(client.get(reverse("staff_news")))


def test_staff_choose_their_browser_and_their_address(client, officer):
    client.force_login(officer)
    page = client.get(reverse("staff_news"))
    assert "Surel ke p•••@c•••.id" in text(page)

    client.post(reverse("staff_news"), {"email": "rumah@contoh.id", "channels": ["5"]})
    client.post(reverse("staff_news_device"), BROWSER)
    contact = Contact.objects.get(user=officer)
    assert contacts.email_of(contact) == "rumah@contoh.id"
    assert contacts.wanted(contact) == {Channel.EMAIL, Channel.PUSH}
    assert Consent.objects.filter(how=Consent.How.STAFF).count() == 2

    client.post(reverse("staff_news"), {})
    assert contacts.wanted(contact) == {Channel.PUSH}


@pytest.mark.parametrize("form", [{}, {"do": "stop"}])
def test_staff_who_want_no_e_mail_get_none_from_the_first_day(client, officer, form):
    client.force_login(officer)
    client.post(reverse("staff_news"), form)

    assert contacts.wanted(contacts.of_user(officer, now=at(9))) == set()


def test_staff_who_leave_it_as_it_is_make_no_contact(client, officer):
    client.force_login(officer)
    client.post(reverse("staff_news"), {"channels": ["5"]})

    assert Contact.objects.count() == 0


# --- on behalf ------------------------------------------------------------------------------------


def test_an_officer_who_reserves_for_somebody_notes_their_wish(hall, client):
    hall.service.plan.windows.update(staff=1)
    memo.clear_all()
    client.force_login(hall.officer)

    answer = reserve_for(client, hall.service, channels=["3"], email=EMAIL)

    assert answer.status_code == 302
    contact = Booking.objects.get().contact
    assert contacts.wanted(contact) == {Channel.WHATSAPP, Channel.EMAIL}
    assert set(Consent.objects.values_list("how", flat=True)) == {Consent.How.OFFICER}
