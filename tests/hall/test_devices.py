"""Devices: one code, one token, seen while they live."""

import pytest
from django.test import RequestFactory

from core import memo
from core.throttle import TooMany
from hall import access, devices, record
from hall.devices import Standing
from hall.models import Device, HallEvent
from hall.refusals import CodeUnknown, NameTaken
from tests.hall.conftest import assert_sound
from tests.recipes import at, later, make_hall

pytestmark = pytest.mark.django_db


@pytest.fixture
def board(hall, admin):
    return add(hall.mall, admin)


def add(mall, by, *, kind=Device.Kind.BOARD, name="Papan utara"):
    device = Device(mall=mall, kind=kind, name=name)
    devices.save(device, by=by, now=at(8))
    return device


def enrolled(device, by, *, now=None):
    return devices.enrol(devices.new_code(device, by=by, now=now or at(8)), now=now or at(8))


def standing(device, now=None):
    return devices.standing(Device.objects.get(pk=device.pk), now=now or at(8))


def asking(**extra):
    return RequestFactory().get("/", **extra)


def test_a_code_is_traded_once_for_a_token_that_only_the_device_has(board, admin):
    code = devices.new_code(board, by=admin, now=at(8))

    found, token = devices.enrol(f" {code[:4].lower()}-{code[4:]} ", now=at(8, 10))

    assert found == board
    assert devices.known_by(token) == board
    with pytest.raises(CodeUnknown):
        devices.enrol(code, now=at(8, 11))
    row = Device.objects.values().get()
    assert code not in str(row)
    assert token not in str(row)
    assert_sound()


def test_a_code_is_of_no_use_after_a_quarter_of_an_hour(board, admin):
    code = devices.new_code(board, by=admin, now=at(8))

    with pytest.raises(CodeUnknown):
        devices.enrol(code, now=at(8, 15))
    assert devices.enrol(code, now=at(8, 14))[0] == board


def test_a_second_code_ends_the_first_and_the_token(board, admin):
    _device, token = enrolled(board, admin)
    first = devices.new_code(board, by=admin, now=at(9))
    devices.new_code(board, by=admin, now=at(9))

    assert devices.known_by(token) is None
    with pytest.raises(CodeUnknown):
        devices.enrol(first, now=at(9))


def test_a_revoked_token_opens_nothing_and_a_new_code_opens_again(board, admin):
    _device, token = enrolled(board, admin)

    devices.revoke(board, by=admin, now=at(9))

    assert devices.known_by(token) is None
    assert standing(board) == Standing.REVOKED
    assert devices.known_by(enrolled(board, admin, now=at(9))[1]) == board
    assert_sound()


@pytest.mark.parametrize("token", ["", "x", "x" * 43, "x" * 500])
def test_a_guessed_token_is_nobodys(board, admin, token):
    enrolled(board, admin)

    assert devices.known_by(token) is None


def test_a_device_is_known_by_its_cookie_or_its_header(board, admin):
    _device, token = enrolled(board, admin)

    by_cookie, by_header, by_basic = asking(), asking(), asking()
    by_cookie.COOKIES[access.COOKIE] = token
    by_header.META["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    by_basic.META["HTTP_AUTHORIZATION"] = f"Basic {token}"

    found = [access.device_of(each) for each in (by_cookie, by_header, by_basic, asking())]
    assert found == [board, board, None, None]


def test_a_device_stands_where_its_life_has_brought_it(board, admin):
    assert standing(board) == Standing.NEW

    code = devices.new_code(board, by=admin, now=at(8))
    assert (standing(board), standing(board, at(8, 20))) == (Standing.INVITED, Standing.NEW)

    devices.enrol(code, now=at(8))
    assert standing(board) == Standing.IN_USE


def test_three_missed_heartbeats_make_it_silent_and_one_brings_it_back(board, admin):
    enrolled(board, admin)
    seen = [standing(board, later(at(8), seconds=seconds)) for seconds in (15, 45, 46)]

    devices.beat(board, version=7, now=at(8, 5))

    assert seen == [Standing.IN_USE, Standing.IN_USE, Standing.SILENT]
    assert standing(board, at(8, 5)) == Standing.IN_USE
    assert Device.objects.get().seen_version == 7


def test_a_heartbeat_of_a_revoked_device_changes_nothing(board, admin):
    enrolled(board, admin)
    devices.revoke(board, by=admin, now=at(9))

    devices.beat(board, version=7, now=at(9))

    assert Device.objects.get().seen_version is None


def test_a_name_is_given_once_in_a_mall(board, admin, hall):
    with pytest.raises(NameTaken):
        add(hall.mall, admin)

    elsewhere = make_hall(slug="mpp-lain")
    assert add(elsewhere.mall, admin).pk
    assert Device.objects.count() == 2
    assert_sound()


def test_new_settings_never_bring_an_old_token_back(board, admin):
    stale = Device.objects.get(pk=board.pk)
    _device, token = enrolled(board, admin)
    stale.theme = Device.Theme.LIGHT

    devices.save(stale, by=admin, now=at(9))

    assert devices.known_by(token).theme == Device.Theme.LIGHT


def test_every_act_is_written_and_raises_the_version(board, admin, hall):
    before = record.version_of(hall.mall.pk)
    enrolled(board, admin)
    devices.save(board, by=admin, now=at(9))
    devices.revoke(board, by=admin, now=at(9))

    acts = HallEvent.objects.filter(version__gte=before).order_by("version")
    assert [(each.act, each.by) for each in acts] == [
        ("device.added", admin),
        ("device.code", admin),
        ("device.enrolled", None),
        ("device.settings", admin),
        ("device.revoked", admin),
    ]
    assert_sound()


def test_the_eleventh_wrong_code_of_a_minute_is_not_even_looked_at(board, admin):
    code = devices.new_code(board, by=admin, now=at(8))
    for _each in range(devices.WRONG_CODES):
        with pytest.raises(CodeUnknown):
            devices.enrol_from("10.0.0.1", "AAAA AAAA", now=at(8))

    with pytest.raises(TooMany) as refused:
        devices.enrol_from("10.0.0.1", code, now=at(8))

    assert (refused.value.status, refused.value.retry_after) == (429, 60)
    assert devices.enrol_from("10.0.0.2", code, now=at(8))[0] == board


def test_right_codes_are_not_counted(board, admin):
    for _each in range(devices.WRONG_CODES + 1):
        code = devices.new_code(board, by=admin, now=at(8))
        assert devices.enrol_from("10.0.0.1", code, now=at(8))[0] == board


def test_only_enrolled_kiosks_give_numbers_once_there_is_one(hall, admin):
    assert devices.may_give_numbers(None, hall.mall)

    kiosk = add(hall.mall, admin, kind=Device.Kind.KIOSK, name="Mesin 1")
    known = devices.known_by(enrolled(kiosk, admin)[1])
    other = make_hall(slug="mpp-lain").mall
    memo.clear_all()

    assert devices.may_give_numbers(known, hall.mall)
    assert not devices.may_give_numbers(None, hall.mall)
    assert devices.may_give_numbers(known, other)
