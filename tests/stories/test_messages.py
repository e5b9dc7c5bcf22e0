"""What the portal tells people: a code by phone, what was told, and how one wants to be told."""

import json
from urllib.parse import urlsplit

import pytest
from model_bakery import baker
from playwright.sync_api import expect

from appointments import people
from appointments.models import ArrivalRule, Booking
from appointments.states import State
from core import memo
from notifications import contacts, outbox
from notifications.models import Message, Provider, Subscription
from notifications.states import Channel
from queueing.models import Visit
from tests.appointments.recipes import hold, make_plan
from tests.recipes import at, make_hall, make_officer, ticket
from tests.stories.conftest import assert_accessible, wait_until
from tests.stories.test_applying import assert_fits, assert_good

pytestmark = pytest.mark.story
# A push service stands somewhere else; here the browser keeps what it would be given. It says
# that notifications are denied wherever no person sits in front of it.
PUSH_SERVICE = """
  Object.defineProperty(Notification, "permission", { get: () => "granted" });
  const bytes = (size) => new Uint8Array(size).fill(4).buffer;
  const made = (key) => ({
    endpoint: "https://fcm.googleapis.com/abc", options: { applicationServerKey: key },
    getKey: (name) => bytes(name === "auth" ? 16 : 65), unsubscribe: async () => true,
  });
  const key = () => sessionStorage.getItem("subscribed");
  const raw = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0)).buffer;
  PushManager.prototype.getSubscription = async () => key() && made(raw(key()));
  PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
    sessionStorage.setItem("subscribed", applicationServerKey);
    return made(raw(key()));
  };
"""
# What is dark is as wide as what is light; without a script axe cannot look.
LOOKS = pytest.mark.parametrize(
    ("look", "options"),
    [
        (assert_good, {"color_scheme": "light"}),
        (assert_accessible, {"color_scheme": "dark"}),
        (assert_good, {"color_scheme": "light", "language": "en"}),
        (assert_fits, {"java_script_enabled": False}),
    ],
    ids=["light", "dark", "english", "no script"],
)


@pytest.fixture
def hall(portal):
    hall = make_hall()
    make_plan(hall.service)
    for channel in (Channel.WHATSAPP, Channel.TEXT, Channel.EMAIL):
        baker.make(Provider, mall=hall.mall, channel=channel, is_on=True)
    baker.make(ArrivalRule, mall=hall.mall, asks_code=True, early_minutes=30, late_minutes=10)
    memo.clear_all()
    return hall


def last_code():
    return outbox.values_of(Message.objects.filter(kind="code").latest("pk"))["angka"]


def held(hall):
    pk = hold(hall.service)
    return pk, f"/reservasi/{people.link(Booking.objects.get(pk=pk))}/"


def say_who(page, phone="0812 3456 7890"):
    page.locator("#id_name").fill("Siti Aminah")
    page.locator("#id_phone").fill(phone)
    page.locator("form.who button.primary").click()


@LOOKS
def test_a_place_is_promised_with_a_code_by_phone(hall, open_page, watch, look, options):
    watch.allow("status of 4(22|29)")
    pk, path = held(hall)
    page = open_page(path, "phone", reduced_motion="reduce", **options)
    look(page)
    say_who(page)
    code = page.locator("#id_code")
    expect(code).to_be_visible()
    expect(page.locator(".proof")).to_contain_text("••••••••••7890")
    look(page)

    code.fill("000000" if last_code() != "000000" else "111111")
    code.press("Enter")
    expect(page.locator(".field.bad .error")).to_be_visible()
    look(page)
    page.locator("button[name=again]").click()
    expect(page.locator(".proof .banner")).to_be_visible()
    page.locator("form.who summary").click()
    expect(page.locator("#id_name")).to_have_value("Siti Aminah")
    look(page)

    code.fill(last_code())
    code.press("Enter")
    expect(page.locator(".pass .code")).to_be_visible()
    assert Booking.objects.get(pk=pk).state == State.CONFIRMED
    expect(page.locator(".news details[open]")).to_have_count(1)
    look(page)


def test_another_number_gets_another_code(hall, open_page):
    _pk, path = held(hall)
    page = open_page(path, "phone")
    say_who(page)
    expect(page.locator(".proof")).to_contain_text("••••••••••7890")
    first = last_code()
    page.get_by_text("Lihat atau ubah data").click()

    say_who(page, "0812 3456 7999")

    expect(page.locator(".proof")).to_contain_text("••••••••••7999")
    assert Message.objects.filter(kind="code").count() == 2
    page.get_by_label("Kode 6 angka").fill(first if first == last_code() else last_code())
    page.get_by_role("button", name="Pesan tempat ini").click()
    expect(page.locator("h1")).to_have_text("Tempat Anda Sudah Dipesan")


@LOOKS
def test_how_to_be_told_is_chosen_on_the_ticket(hall, open_page, watch, look, options):
    watch.allow("status of 422")
    token = ticket(hall.issue()).visit.token
    page = open_page(f"/antrean/{token}/", "phone", reduced_motion="reduce", **options)
    look(page)
    page.locator(".tell > a").click()
    expect(page.locator(".none")).to_be_visible()
    look(page)

    page.get_by_label("WhatsApp").check()
    page.locator(".reach button.primary").click()
    expect(page.get_by_role("alert")).to_be_visible()
    look(page)
    page.locator("#id_phone").fill("0812 3456 7890")
    page.locator(".reach button.primary").click()
    expect(page.locator(".ways")).to_contain_text("••••••••••7890")
    assert contacts.wanted(Visit.objects.get().contact) == {Channel.WHATSAPP}

    hall.call()
    page.reload()
    expect(page.locator(".news")).to_contain_text("A-001")
    look(page)
    page.locator("button[name=do]").click()
    expect(page.locator(".ways")).to_have_count(0)
    assert contacts.wanted(Visit.objects.get().contact) == set()


def test_a_change_of_mind_on_the_page_of_a_booking(hall, portal, open_page):
    pk, path = held(hall)
    page = open_page(path, "phone", reduced_motion="reduce")
    page.get_by_label("Surel (boleh kosong)").fill("siti@contoh.id")
    say_who(page)
    expect(page.locator(".proof")).to_be_visible()
    page.get_by_label("Kode 6 angka").fill(last_code())
    page.get_by_role("button", name="Pesan tempat ini").click()
    page.get_by_role("link", name="Atur cara kami mengabari").click()
    expect(page.locator(".ways")).to_contain_text("Surel ke s•••@c•••.id")
    assert_good(page)

    page.get_by_label("SMS").uncheck()
    page.get_by_role("button", name="Simpan").click()
    expect(page.locator("#flash")).to_contain_text("Tersimpan.")
    contact = Booking.objects.get(pk=pk).contact
    assert contacts.wanted(contact) == {Channel.WHATSAPP, Channel.EMAIL}

    page.goto(portal.url(urlsplit(contacts.stop_link(contact, Channel.EMAIL)).path))
    assert_good(page)
    page.get_by_role("button", name="Ya, berhenti").click()
    expect(page.locator("h1")).to_have_text("Sudah Berhenti")
    assert_good(page)
    assert contacts.wanted(contact) == {Channel.WHATSAPP}


def told_by(page):
    """A page whose browser can be told, by a push service of its own."""
    page.context.grant_permissions(["notifications"])
    page.context.add_init_script(PUSH_SERVICE)
    page.reload()
    return page


def test_one_touch_and_the_phone_is_told(hall, open_page):
    token = ticket(hall.issue()).visit.token
    page = told_by(open_page(f"/antrean/{token}/", "phone"))
    switch = page.get_by_role("switch", name="Kabari di peranti ini")
    expect(switch).not_to_be_checked()
    assert_good(page)

    switch.check()
    wait_until(lambda: Subscription.objects.filter(gone_at=None).exists(), "nothing is stored")
    assert Subscription.objects.get().contact == Visit.objects.get().contact
    expect(switch).to_be_enabled()
    page.reload()
    expect(switch).to_be_checked()
    stored = page.evaluate("JSON.stringify([localStorage, sessionStorage])")
    assert '"on"' in stored
    assert token not in stored

    switch.uncheck()
    wait_until(lambda: not Subscription.objects.filter(gone_at=None).exists(), "it goes on")


def test_a_line_that_is_cut_leaves_the_switch_as_it_was(hall, open_page, watch):
    watch.cut_line()
    token = ticket(hall.issue()).visit.token
    page = told_by(open_page(f"/antrean/{token}/", "phone"))
    page.route("**/kabar/peranti/", lambda route: route.abort())

    page.get_by_role("switch", name="Kabari di peranti ini").click()

    expect(page.get_by_text("Belum berhasil.")).to_be_visible()
    expect(page.get_by_role("switch", name="Kabari di peranti ini")).not_to_be_checked()
    assert Subscription.objects.count() == 0


# A browser without a person in front of it shows nothing; here the worker keeps what it would.
SCREEN = """() => {
  self.shown = []; self.opened = [];
  registration.showNotification = async (title, more) => { self.shown.push([title, more.body, more.data, more.tag]); };
  clients.openWindow = async (url) => { self.opened.push(url); };
}"""
PUSHED = "(data) => { dispatchEvent(new PushEvent('push', { data })); return self.shown; }"
TOUCHED = """(data) => {
  const event = new ExtendableEvent("notificationclick");
  dispatchEvent(Object.assign(event, { notification: { data, close: () => {} } }));
}"""


def test_what_is_pushed_is_shown_and_a_touch_leads_to_it(hall, portal, open_page):
    path = f"/antrean/{ticket(hall.issue()).visit.token}/"
    page = open_page(path, "phone")
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    (worker,) = page.context.service_workers
    worker.evaluate(SCREEN)
    told = {"title": "Giliran Anda", "body": "Loket 1", "url": portal.url(path), "tag": "mpp-1"}

    worker.evaluate(PUSHED, json.dumps(told))
    shown = worker.evaluate(PUSHED, "no JSON")

    assert shown == [
        ["Giliran Anda", "Loket 1", portal.url(path), "mpp-1"],
        ["MPP", None, None, None],
    ]
    elsewhere = portal.url("/reservasi/x/")
    worker.evaluate(TOUCHED, elsewhere)
    wait_until(lambda: worker.evaluate("() => self.opened") == [elsewhere], "nothing is opened")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_officer_reads_what_the_portal_told(hall, portal, open_page, sign_in, hall_time, scheme):
    officer = make_officer(hall.presence)
    officer.email = "petugas@contoh.id"
    officer.save()
    values = {"perangkat": "Papan pintu utara", "mal": "MPP Uji", "jam": "08.40 WIB"}
    contact = contacts.of_user(officer, now=at(8))
    page = open_page("/masuk/", color_scheme=scheme)
    sign_in(page, officer)
    page.goto(portal.url("/petugas/kabar/"))
    expect(page.locator(".none")).to_be_visible()
    assert_good(page)
    outbox.send(contact.pk, "device_silent", event="alarm:1", values=values, now=at(9, 1))

    hall_time(at(9, 2))
    page.goto(portal.url("/petugas/"))
    expect(page.locator(".to-news .tag")).to_have_text("1 baru")
    assert_good(page)
    page.get_by_role("link", name="Kabar untuk Anda").click()
    assert_good(page)
