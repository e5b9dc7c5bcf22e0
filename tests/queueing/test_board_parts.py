"""A board for a part of the mall, and a board that is enrolled."""

import pytest
import time_machine
from model_bakery import baker

from agencies.models import CounterDay
from core import memo
from hall import access as hall_access
from hall import devices
from hall.models import Device
from tests.queueing.boards import address, place
from tests.recipes import add_counter, at, make_hall, make_presence, make_queue, make_service

pytestmark = pytest.mark.django_db
PART = {"headers": {"HX-Request": "true"}}


@pytest.fixture
def hall():
    return make_hall(counters=2)


@pytest.fixture(autouse=True)
def _nine_o_clock():
    with time_machine.travel(at(9), tick=False):
        yield


def another_agency(hall, letter="B"):
    presence = make_presence(hall.mall, "Dinas Lain")
    queue = make_queue(presence, letter)
    service = make_service(queue)
    counter = add_counter(hall, queues=[queue])
    CounterDay.objects.filter(counter=counter).update(presence=presence)
    memo.clear_all()
    return presence, service


def enrolled(client, hall, **settings):
    """A board of the mall with these settings, whose cookie the client has."""
    device = baker.make(Device, mall=hall.mall, kind=Device.Kind.BOARD, name="Papan", **settings)
    code = devices.new_code(device, by=hall.officer, now=at(9))
    device, token = devices.enrol(code, now=at(9))
    client.cookies[hall_access.COOKIE] = token
    return device


def test_a_board_of_one_place_shows_its_counters_and_their_queues(client, hall):
    place(hall, 1, "Lantai 2")
    another_agency(hall)
    hall.issue()
    hall.issue()
    hall.call()
    hall.call(seat=1)

    shown = client.get(address(hall), {"letak": "Lantai 2"}, **PART).text

    assert "</span>002</span>" in shown
    assert "</span>001</span>" not in shown
    assert '<span class="k">A</span>' in shown
    assert '<span class="k">B</span>' not in shown
    assert "</b>Lantai 2</p>" in shown
    assert "?letak=Lantai+2&amp;p=" in shown


def test_a_board_of_one_agency_shows_its_calls_and_queues(client, hall):
    presence, service = another_agency(hall)
    hall.issue()
    hall.issue(service=service)
    hall.call()
    hall.call(seat=2)

    shown = client.get(address(hall), {"instansi": presence.pk}, **PART).text

    assert '<span class="tno">B<span class="h">-</span>001</span>' in shown
    assert '<span class="tno">A<span class="h">-</span>001</span>' not in shown
    assert '<span class="k">A</span>' not in shown
    assert "</b>Dinas Lain</p>" in shown


def test_boards_of_different_parts_are_never_mistaken_for_each_other(client, hall):
    place(hall, 1, "Lantai 2")
    hall.issue()
    hall.call()

    pictures = {
        client.get(address(hall), query, **PART)["ETag"]
        for query in (
            {},
            {"letak": "Lantai 1"},
            {"letak": "Lantai 2"},
            {"instansi": hall.presence.pk},
            {"letak": "Lantai 1", "instansi": hall.presence.pk},
        )
    }

    assert len(pictures) == 5


@pytest.mark.parametrize(
    "query",
    [
        {"letak": "Lantai 9"},
        {"letak": "lantai 1"},
        {"instansi": "0"},
        {"instansi": "x"},
        {"instansi": "²"},
        {"instansi": "9" * 30},
        {"instansi": "9" * 5000},
        {"letak": "\x00"},
        {"letak": "Lantai 1", "instansi": "0"},
    ],
)
def test_a_part_that_is_not_there_is_not_found(client, hall, query):
    assert client.get(address(hall), query).status_code == 404


def test_no_part_of_another_mall_is_found(client, hall):
    other = make_hall(slug="mpp-lain")
    place(other, 0, "Lantai 7")

    for query in ({"letak": "Lantai 7"}, {"instansi": other.presence.pk}):
        assert client.get(address(hall), query).status_code == 404


def test_an_enrolled_board_shows_what_was_set_for_it(client, hall):
    place(hall, 1, "Lantai 2")
    enrolled(client, hall, zone="Lantai 2", theme="light", voice="browser", speaks_english=True)

    shown = client.get(address(hall)).text

    assert 'data-board="light" data-voice="browser" data-second="en"' in shown
    assert "</b>Lantai 2</p>" in shown
    assert "data-device>" in shown
    assert "js/device.js" in shown


def test_a_board_nobody_enrolled_is_dark_and_speaks_indonesian_clips(client, hall):
    shown = client.get(address(hall)).text

    assert 'data-board="dark" data-voice="clips"\n' in shown
    assert "js/device.js" not in shown


def test_its_address_has_the_last_word_on_the_part(client, hall):
    place(hall, 1, "Lantai 2")
    enrolled(client, hall, zone="Lantai 2", theme="light")

    shown = client.get(address(hall), {"letak": "Lantai 1"}).text

    assert "</b>Lantai 1</p>" in shown
    assert 'data-board="light"' in shown


def test_a_place_that_was_renamed_does_not_leave_a_wall_blank(client, hall):
    other = make_presence(hall.mall, "Dinas Lain")
    enrolled(client, hall, zone="Lantai 5", presence=other)
    other.is_active = False
    other.save()
    memo.clear_all()
    hall.issue()
    hall.call()

    assert "</span>001</span>" in client.get(address(hall)).text


@pytest.mark.parametrize("kind", [Device.Kind.KIOSK, Device.Kind.PRINTER])
def test_a_device_that_is_no_board_changes_nothing(client, hall, kind):
    device = enrolled(client, hall, theme="light")
    Device.objects.filter(pk=device.pk).update(kind=kind)

    assert 'data-board="dark"' in client.get(address(hall)).text


def test_a_board_of_another_mall_is_a_stranger_here(client, hall):
    enrolled(client, make_hall(slug="mpp-lain"), theme="light")

    assert 'data-board="dark"' in client.get(address(hall)).text


@pytest.mark.parametrize(
    ("hour", "theme"), [(5, "dark"), (6, "light"), (17, "light"), (18, "dark")]
)
def test_a_board_that_follows_the_day_is_light_from_six_to_six(client, hall, hour, theme):
    enrolled(client, hall, theme=Device.Theme.DAY)

    with time_machine.travel(at(hour), tick=False):
        shown = client.get(address(hall)).text

    assert f'data-board="{theme}"' in shown


def test_a_board_hears_of_its_new_settings_without_an_event(client, hall):
    device = enrolled(client, hall)
    page = client.get(address(hall))
    known = {"v": page.context["version"], "p": page.context["phase"]}
    assert client.get(address(hall), known, **PART).status_code == 204

    Device.objects.filter(pk=device.pk).update(voice=Device.Voice.SILENT)

    assert 'data-voice="silent"' in client.get(address(hall), known, **PART).text


def test_an_enrolled_board_costs_one_query_more(client, hall, django_assert_num_queries):
    enrolled(client, hall, zone="Lantai 1", presence=hall.presence)
    page = client.get(address(hall))
    known = {"v": page.context["version"], "p": page.context["phase"]}

    with django_assert_num_queries(2):
        client.get(address(hall), known, **PART)
