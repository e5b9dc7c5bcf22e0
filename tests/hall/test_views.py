"""The pages of devices and announcements, and the screen that enrols itself."""

import re
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from model_bakery import baker

from accounts.roles import Role
from hall import access, announcements, devices, record
from hall.models import Announcement, Device, HallEvent
from tests.hall.conftest import appoint, assert_sound
from tests.recipes import at, make_hall, make_officer, make_presence

pytestmark = pytest.mark.django_db
HX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _nine_o_clock():
    with time_machine.travel(at(9), tick=False):
        yield


@pytest.fixture
def staff(client, admin):
    client.force_login(admin)
    return client


@pytest.fixture
def board(hall, admin):
    device = Device(mall=hall.mall, kind=Device.Kind.BOARD, name="Papan utara")
    devices.save(device, by=admin, now=at(8))
    return device


def address(hall, name, *rest):
    return reverse(name, args=[hall.mall.slug, *rest])


def code_for(client, hall, device):
    page = client.post(address(hall, "device_code", device.pk)).text
    return re.search(r'class="code">.*?</span>\s*([A-Z0-9]{4} [A-Z0-9]{4})<', page, re.DOTALL)[1]


def type_code(client, code):
    return client.post(reverse("device_trade"), {"code": code})


def test_a_device_is_added_and_then_set(staff, hall):
    form = {"kind": "board", "name": " Papan pintu utara "}
    added = staff.post(address(hall, "devices"), form)
    device = Device.objects.get()
    assert (added.url, device.name) == (address(hall, "device", device.pk), "Papan pintu utara")

    settings = {"name": "Papan A", "zone": "Lantai 1", "presence": hall.presence.pk}
    more = {"theme": "day", "voice": "silent", "speaks_english": "on"}
    staff.post(added.url, {**settings, **more})

    device.refresh_from_db()
    told = (device.name, device.zone, device.presence, device.theme, device.speaks_english)
    assert told == ("Papan A", "Lantai 1", hall.presence, "day", True)
    assert_sound()


def test_a_kiosk_has_no_theme_and_a_printer_belongs_to_a_kiosk_of_the_mall(staff, hall, admin):
    elsewhere = make_hall(slug="mpp-lain")
    rows = {"kiosk": hall, "printer": hall, "far": elsewhere}
    kinds = {"kiosk": "kiosk", "printer": "printer", "far": "kiosk"}
    made = {
        name: baker.make(Device, mall=place.mall, kind=kinds[name], name=name, presence=None)
        for name, place in rows.items()
    }
    assert 'name="theme"' not in staff.get(address(hall, "device", made["kiosk"].pk)).text

    page = address(hall, "device", made["printer"].pk)
    assert staff.post(page, {"name": "P", "kiosk": made["far"].pk}).status_code == 422
    assert staff.post(page, {"name": "P", "kiosk": made["kiosk"].pk}).status_code == 302
    made["printer"].refresh_from_db()
    assert made["printer"].kiosk == made["kiosk"]


@pytest.mark.parametrize(
    ("form", "wrong"),
    [({"kind": "board"}, "name"), ({"kind": "tv", "name": "x"}, "kind"), ({}, "kind")],
)
def test_a_device_that_is_not_described_is_not_added(staff, hall, form, wrong):
    answer = staff.post(address(hall, "devices"), form)

    assert (answer.status_code, wrong in answer.context["form"].errors) == (422, True)
    assert not Device.objects.exists()


def test_two_devices_of_a_mall_never_share_a_name(staff, hall, board):
    answer = staff.post(address(hall, "devices"), {"kind": "kiosk", "name": "Papan utara"})

    assert answer.status_code == 422
    assert "sudah dipakai perangkat lain" in answer.text


def test_the_code_is_shown_once_and_opens_the_board_of_its_mall(staff, hall, board, client):
    code = code_for(staff, hall, board)
    assert code not in staff.get(address(hall, "device", board.pk)).text
    client.logout()

    answer = type_code(client, code.lower())

    cookie = answer.cookies[access.COOKIE]
    assert answer.url == reverse("board", args=[hall.mall.slug])
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert cookie["max-age"] > 365 * 86400
    assert devices.known_by(cookie.value) == board
    assert "sudah terdaftar" in client.get(reverse("device_enrol")).text
    assert_sound()


def test_a_kiosk_goes_to_its_kiosk_and_a_printer_is_shown_its_token(staff, hall, admin):
    made = {}
    for kind in ("kiosk", "printer"):
        made[kind] = Device(mall=hall.mall, kind=kind, name=kind)
        devices.save(made[kind], by=admin, now=at(8))

    kiosk = type_code(staff, code_for(staff, hall, made["kiosk"]))
    printer = type_code(staff, code_for(staff, hall, made["printer"]))

    assert kiosk.url == reverse("kiosk", args=[hall.mall.slug])
    token = re.search(r"<code>(.+)</code>", printer.text)[1]
    assert (devices.known_by(token), access.COOKIE in printer.cookies) == (made["printer"], False)


def test_over_tls_the_cookie_says_so(staff, hall, board, settings):
    settings.SESSION_COOKIE_SECURE = True

    assert type_code(staff, code_for(staff, hall, board)).cookies[access.COOKIE]["secure"]


@pytest.mark.parametrize(("code", "status"), [("", 422), ("x" * 41, 422), ("AAAA AAAA", 409)])
def test_a_wrong_code_tells_nothing(client, hall, board, code, status):
    answer = type_code(client, code)

    assert (answer.status_code, access.COOKIE in answer.cookies) == (status, False)
    assert board.name not in answer.text


def test_a_wrong_code_leads_back_to_the_page_with_its_sentence(client, board):
    page = f"http://testserver{reverse('device_enrol')}"
    answer = client.post(
        reverse("device_trade"), {"code": "AAAA AAAA"}, headers={"Referer": page}, follow=True
    )

    assert "Kode itu tidak dikenal" in answer.text
    assert 'name="code"' in answer.text


def test_whoever_goes_on_guessing_has_to_wait(client, board):
    answers = [type_code(client, "AAAA AAAA") for _each in range(devices.WRONG_CODES + 1)]

    assert [each.status_code for each in answers] == [409] * devices.WRONG_CODES + [429]
    assert answers[-1]["Retry-After"] == "60"


def beat(client, version="7", **headers):
    return client.post(reverse("device_beat"), {"version": version}, headers=headers)


def test_a_heartbeat_says_that_the_screen_lives_and_what_it_shows(staff, hall, board):
    type_code(staff, code_for(staff, hall, board))

    assert beat(staff).status_code == 204
    board.refresh_from_db()
    assert (board.seen_at, board.seen_version) == (at(9), 7)


@pytest.mark.parametrize("version", ["", "x", "-1", "1e9", "9" * 40])
def test_a_heartbeat_with_an_odd_version_is_a_heartbeat(staff, hall, board, version):
    type_code(staff, code_for(staff, hall, board))

    assert beat(staff, version).status_code == 204
    board.refresh_from_db()
    assert (board.seen_at, board.seen_version) == (at(9), None)


def test_a_revoked_screen_is_told_so(staff, hall, board):
    type_code(staff, code_for(staff, hall, board))
    assert staff.get(address(hall, "device_revoke", board.pk)).status_code == 200
    assert devices.known_by(staff.cookies[access.COOKIE].value)

    staff.post(address(hall, "device_revoke", board.pk))

    assert beat(staff).status_code == 403
    assert "Dicabut" in staff.get(address(hall, "devices")).text


def test_a_heartbeat_needs_no_csrf_token_but_a_device(client, board, admin):
    strict = type(client)(enforce_csrf_checks=True)
    _device, token = devices.enrol(devices.new_code(board, by=admin, now=at(8)), now=at(8))

    assert beat(strict).status_code == 403
    assert beat(strict, Authorization=f"Bearer {token}").status_code == 204


def said(**more):
    form = {"text": "Sistem Samsat terganggu.", "minutes": "30", "on_boards": "on"}
    form |= {"key": str(uuid4()), **more}
    return {name: value for name, value in form.items() if value is not None}


def test_an_announcement_is_written_and_withdrawn(staff, hall):
    page = address(hall, "announcements")
    form = said(text_en="Samsat is down.", on_phones="on", is_running="on")
    assert staff.post(page, form).url == page
    (made,) = announcements.current(hall.mall.pk, now=at(9))
    assert (made.ends_at, made.on_phones, made.is_running) == (at(9, 30), True, True)
    assert "Samsat is down." in staff.get(page).text

    staff.post(address(hall, "announcement_withdraw", made.pk))

    assert not announcements.current(hall.mall.pk, now=at(9)).exists()
    assert "Tidak ada pengumuman" in staff.get(page).text
    assert_sound()


def test_each_form_has_its_key_and_a_double_tap_says_it_once(staff, hall):
    page = address(hall, "announcements")
    keys = [re.search('name="key" value="([^"]+)"', staff.get(page).text)[1] for _each in range(2)]

    for _tap in range(2):
        assert staff.post(page, said(key=keys[0])).url == page

    assert keys[0] != keys[1]
    assert Announcement.objects.count() == 1


@pytest.mark.parametrize("until", ["14:30", "14.30"])
def test_it_may_last_up_to_a_time_of_the_mall(client, until):
    east = make_hall(slug="mpp-timur", zone="Asia/Jayapura")
    client.force_login(appoint(Role.MALL_ADMIN, mall=east.mall))

    client.post(address(east, "announcements"), said(minutes="clock", until=until))

    assert Announcement.objects.get().ends_at == at(12, 30)  # 14.30 there


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "x" * 161}, "text"),
        ({"on_boards": None}, "on_boards"),
        ({"minutes": "clock"}, "until"),
        ({"minutes": "clock", "until": "07:00"}, "until"),
        ({"minutes": "clock", "until": "pagi"}, "until"),
        ({"minutes": "7"}, "minutes"),
        ({"key": "bukan kunci"}, "key"),
        ({"key": None}, "key"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(staff, hall, form, field):
    answer = staff.post(address(hall, "announcements"), said(**form))

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert not Announcement.objects.exists()


@pytest.mark.parametrize(
    ("route", "status"), [("devices_malls", "devices"), ("announcements_malls", "announcements")]
)
def test_whoever_has_one_mall_is_led_to_it_and_others_choose(client, hall, admin, route, status):
    client.force_login(admin)
    assert client.get(reverse(route)).url == address(hall, status)

    second = make_hall(slug="mpp-kedua")
    baker.make(
        "agencies.Assignment", user=admin, role=Role.MALL_ADMIN, mall=second.mall, agency=None
    )
    assert address(second, status) in client.get(reverse(route)).text

    client.force_login(hall.officer)
    assert client.get(reverse(route)).status_code == 404


def test_operators_look_after_the_devices_of_every_mall_but_do_not_speak_for_it(client, hall):
    client.force_login(appoint(Role.OPERATOR))

    assert client.get(address(hall, "devices")).status_code == 200
    assert client.get(address(hall, "announcements")).status_code == 404


STRANGERS = {
    "other mall": lambda hall: appoint(Role.MALL_ADMIN, mall=make_hall(slug="mpp-lain").mall),
    "other agency": lambda hall: make_officer(make_presence(hall.mall, "Lain"), Role.SUPERVISOR),
    "own supervisor": lambda hall: make_officer(hall.presence, Role.SUPERVISOR),
    "own officer": lambda hall: hall.officer,
    "agency admin": lambda hall: make_officer(hall.presence, Role.AGENCY_ADMIN),
    "ministry": lambda hall: appoint(Role.MINISTRY_MONITOR),
}


@pytest.mark.parametrize("who", STRANGERS)
def test_a_stranger_finds_none_of_it_and_changes_nothing(client, hall, admin, board, who):
    made = announcements.say(
        *(hall.mall, "Ada"), ends_at=at(10), on_boards=True, on_phones=False, by=admin, now=at(9)
    )
    user = STRANGERS[who](hall)
    client.force_login(user)
    before = picture()

    answers = [
        client.get(address(hall, "devices")),
        client.post(address(hall, "devices"), {"kind": "board", "name": "x"}),
        client.get(address(hall, "device", board.pk)),
        client.post(address(hall, "device", board.pk), {"name": "x"}),
        client.post(address(hall, "device_code", board.pk)),
        client.get(address(hall, "device_revoke", board.pk)),
        client.post(address(hall, "device_revoke", board.pk)),
        client.get(address(hall, "announcements")),
        client.post(address(hall, "announcements"), said()),
        client.post(address(hall, "announcement_withdraw", made.pk)),
    ]

    assert [answer.status_code for answer in answers] == [404] * len(answers)
    assert picture() == before


def picture():
    models = (Device, Announcement, HallEvent)
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_a_device_of_another_mall_is_not_reached_through_ones_own(staff, hall):
    other = make_hall(slug="mpp-lain")
    far = baker.make(Device, mall=other.mall, kind="board", name="Jauh", presence=None, kiosk=None)

    for answer in (
        staff.get(address(hall, "device", far.pk)),
        staff.post(address(hall, "device_revoke", far.pk)),
        staff.post(address(hall, "device_code", far.pk)),
    ):
        assert answer.status_code == 404


@pytest.mark.parametrize("rows", [1, 30])
def test_the_lists_take_the_same_queries_with_one_row_and_with_thirty(
    staff, hall, admin, rows, django_assert_num_queries
):
    for number in range(rows):
        baker.make(Device, mall=hall.mall, kind="board", name=str(number), presence=hall.presence)
        announcements.say(
            hall.mall,
            str(number),
            ends_at=at(10),
            on_boards=True,
            on_phones=False,
            by=admin,
            now=at(9),
        )

    with django_assert_num_queries(4):
        staff.get(address(hall, "devices"))
    with django_assert_num_queries(4):
        staff.get(address(hall, "announcements"))


def test_nobody_keeps_a_copy_of_what_these_pages_show(staff, hall, board):
    pages = [
        staff.get(address(hall, "devices")),
        staff.post(address(hall, "device_code", board.pk)),
        staff.get(reverse("device_enrol")),
    ]

    assert all("no-store" in page["Cache-Control"] for page in pages)
    assert record.version_of(hall.mall.pk) > 0
