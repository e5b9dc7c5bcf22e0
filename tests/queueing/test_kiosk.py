from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from model_bakery import baker

from core import memo
from core.proof import Scope
from hall import access, devices
from hall.models import Device
from queueing import invariants, sweeps, tickets
from queueing.models import Ticket, TicketEvent, Visit
from queueing.states import Move, Priority, State
from tests.queueing.kiosks import press, question, start
from tests.recipes import at, key, make_hall, ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall():
    return make_hall()


@pytest.fixture(autouse=True)
def _nine_o_clock():
    with time_machine.travel(at(9), tick=False):
        yield


def confirm(client, page):
    """What the page says by itself once its paper is out."""
    token = page.context["ticket"].visit.token
    return client.post(reverse("kiosk_printed", args=[page.context["mall"].slug, token]))


def test_three_pages_lead_to_a_number(client, hall):
    first = client.get(start(hall))
    agency = reverse("kiosk_agency", args=[hall.mall.slug, hall.presence.pk])
    assert f'href="{agency}"' in first.text
    assert f'href="{question(hall)}"' in client.get(agency).text
    assert 'name="priority"' in client.get(question(hall)).text

    answer = press(client, hall, priority="1")

    ticket = Ticket.objects.get()
    shown = reverse("kiosk_ticket", args=[hall.mall.slug, ticket.visit.token])
    assert (answer.status_code, answer["Location"]) == (302, shown)
    assert ticket.priority == Priority.ELDERLY


def test_the_number_page_shows_the_number_the_place_and_the_code_of_the_phone_page(client, hall):
    hall.issue()
    number = client.get(press(client, hall)["Location"])

    assert (
        '<p class="figure"><span class="tno">A<span class="h">-</span>002</span></p>' in number.text
    )
    assert "Lantai 1" in number.text
    assert "1 orang" in number.text
    phone = reverse("ticket", args=[Visit.objects.order_by("-pk")[0].token])
    assert number.context["address"] == f"http://testserver{phone}"
    assert number.text.count("<svg") >= 2
    assert "style=" not in number.text


def test_a_number_of_the_kiosk_counts_only_once_its_print_is_confirmed(client, hall):
    shown = press(client, hall)["Location"]
    page = client.get(shown)
    assert "Nomor Anda Sedang Dicetak" in page.text
    assert 'data-stage="printing"' in page.text
    assert ticket(Ticket.objects.get().pk).state == State.PRINTING

    first, second = confirm(client, page), confirm(client, page)

    assert (first["Location"], second["Location"]) == (shown, shown)
    assert Ticket.objects.get().state == State.WAITING
    assert [event.move for event in TicketEvent.objects.order_by("pk")] == [
        Move.ISSUE,
        Move.CONFIRM,
    ]
    assert "Nomor ini berlaku." in client.get(shown).text
    assert [verdict.id for verdict in invariants.verify(Scope()) if verdict.breaches] == []


def test_a_number_whose_print_never_came_is_withdrawn_and_says_what_to_do(client, hall):
    shown = press(client, hall)["Location"]
    page = client.get(shown)
    sweeps.withdraw_unprinted(now=at(9, 2, 1))

    refused = confirm(client, page)

    assert refused["X-Refusal"] == "wrong_state"
    after = client.get(shown)
    assert "Nomor A-001 tidak berlaku lagi" in after.text
    assert f'href="{question(hall)}"' in after.text
    assert "paper80" not in after.text
    # What was refused is said here and follows nobody.
    assert "berstatus" not in client.get(question(hall)).text
    assert Ticket.objects.get().state == State.WITHDRAWN
    assert [verdict.id for verdict in invariants.verify(Scope()) if verdict.breaches] == []


def test_a_number_confirmed_by_a_phone_is_not_refused_at_the_kiosk(client, hall):
    page = client.get(press(client, hall)["Location"])
    tickets.confirm(Ticket.objects.get().pk, now=at(9), key=key())

    assert confirm(client, page).status_code == 302
    assert TicketEvent.objects.count() == 2


@pytest.mark.parametrize("address", ["kiosk_printed", "kiosk_again"])
def test_a_number_of_another_mall_is_neither_confirmed_nor_printed_here(client, hall, address):
    client.get(press(client, hall)["Location"])
    other = make_hall(slug="mpp-lain")
    token = Visit.objects.get(mall=hall.mall).token

    assert client.post(reverse(address, args=[other.mall.slug, token])).status_code == 404
    assert client.post(reverse(address, args=[hall.mall.slug, "x" * 22])).status_code == 404
    assert Ticket.objects.get().state == State.PRINTING


def test_a_screen_that_shows_the_state_of_a_number_gets_nothing_new(client, hall):
    page = client.get(press(client, hall)["Location"])
    address = page.request["PATH_INFO"]
    known = {"v": page.context["version"], "p": page.context["phase"]}
    asked = {"headers": {"HX-Request": "true"}}

    assert client.get(address, known, **asked).status_code == 204
    confirm(client, page)
    assert client.get(address, known, **asked).status_code == 200


def test_the_question_lists_the_papers_and_offers_six_answers_at_most(client, hall):
    page = client.get(question(hall))

    assert "Dokumen Sudah Lengkap?" in page.text
    assert "KTP-el" in page.text
    assert page.text.count('name="priority"') + page.text.count('class="lacking"') == 6
    assert reverse("kiosk_missing", args=[hall.mall.slug, hall.service.pk]) in page.text


def test_a_service_without_papers_asks_for_the_group_only(client, hall):
    hall.service.requirements = []
    hall.service.save()

    page = client.get(question(hall))

    assert "Jalur Mana untuk Anda?" in page.text
    assert 'class="lacking"' not in page.text


def test_whoever_lacks_a_paper_reads_what_to_bring_and_takes_it_along(client, hall):
    address = reverse("kiosk_missing", args=[hall.mall.slug, hall.service.pk])

    page = client.get(f"{address}?rendah=1")

    assert "KTP-el" in page.text
    phone = reverse("service", args=[hall.mall.slug, hall.service.pk])
    assert page.context["address"] == f"http://testserver{phone}"
    assert f'href="{question(hall)}?rendah=1"' in page.text
    assert Ticket.objects.count() == 0


def test_what_a_service_of_another_mall_needs_is_not_shown_here(client, hall):
    other = make_hall(slug="mpp-lain")

    address = reverse("kiosk_missing", args=[hall.mall.slug, other.service.pk])

    assert client.get(address).status_code == 404


def test_the_aids_stay_on_from_page_to_page_until_the_next_person(client, hall):
    agency = reverse("kiosk_agency", args=[hall.mall.slug, hall.presence.pk])

    page = client.get(f"{start(hall)}?besar=1&rendah=1&semua=1&v=3&p=x")

    assert 'class="kiosk kiosk--low kiosk--large ' in page.text
    assert f'href="{agency}?rendah=1&amp;besar=1"' in page.text
    aids = page.context["aids"]
    assert aids.turn_low == "?besar=1&semua=1"
    assert aids.turn_large == "?rendah=1&semua=1"
    answer = client.post(f"{question(hall)}?ambil=1&besar=1", {"priority": "0", "key": key()})
    assert answer["Location"].endswith("?besar=1")
    assert client.get(f"{start(hall)}?awal=1&besar=1")["Location"] == start(hall)


def enrol(hall, kind=Device.Kind.KIOSK, **more):
    """An enrolled device and the token it holds."""
    device = baker.make(Device, mall=hall.mall, kind=kind, name=f"{kind} {uuid4().hex[:6]}", **more)
    token = devices.enrol(devices.new_code(device, by=hall.officer, now=at(9)), now=at(9))[1]
    memo.clear_all()
    return device, token


def test_in_a_mall_with_enrolled_kiosks_no_other_screen_gives_out_numbers(client, hall):
    enrol(hall)

    for address in (start(hall), question(hall), reverse("kiosk_search", args=[hall.mall.slug])):
        page = client.get(address)
        assert "Layar Ini Belum Terdaftar" in page.text
        assert reverse("device_enrol") in page.text
        assert 'name="priority"' not in page.text
    assert press(client, hall)["X-Refusal"] == "not_enrolled"
    body = {"service": hall.service.pk}
    headers = {"Idempotency-Key": str(uuid4())}
    api = reverse("api_tickets", args=[hall.mall.slug])
    refused = client.post(api, body, "application/json", headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (409, "not_enrolled")
    assert Ticket.objects.count() == 0


def test_an_enrolled_kiosk_gives_out_numbers_of_its_own_mall_only(client, hall):
    other = make_hall(slug="mpp-lain")
    enrol(other)
    kiosk, token = enrol(hall)
    client.cookies[access.COOKIE] = token

    page = client.get(start(hall))

    assert f'data-device="{kiosk.pk}"' in page.text
    assert "js/device.js" in page.text
    assert press(client, hall).status_code == 302
    assert "Layar Ini Belum Terdaftar" in client.get(start(other)).text
    assert press(client, other)["X-Refusal"] == "not_enrolled"


def test_a_revoked_kiosk_is_a_stranger(client, hall):
    kiosk, token = enrol(hall)
    enrol(hall)
    client.cookies[access.COOKIE] = token
    devices.revoke(kiosk, by=hall.officer, now=at(9))

    assert "Layar Ini Belum Terdaftar" in client.get(start(hall)).text
    assert press(client, hall)["X-Refusal"] == "not_enrolled"


def test_a_board_is_no_kiosk(client, hall):
    enrol(hall)
    _board, token = enrol(hall, Device.Kind.BOARD)
    client.cookies[access.COOKIE] = token

    assert press(client, hall)["X-Refusal"] == "not_enrolled"


def test_reading_the_number_page_again_takes_no_second_number(client, hall):
    address = press(client, hall)["Location"]

    client.get(address)
    client.get(address)

    assert Ticket.objects.count() == 1
    assert TicketEvent.objects.count() == 1


def test_a_double_tap_takes_one_number(client, hall):
    key = uuid4()

    first, second = press(client, hall, key=key), press(client, hall, key=key)

    assert first["Location"] == second["Location"]
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize("key", ["", "x", "0" * 400, "\x00", "' OR 1=1 --"])
def test_a_broken_key_is_not_found_and_takes_nothing(client, hall, key):
    answer = client.post(question(hall), {"priority": "0", "key": key})

    assert answer.status_code == 404
    assert Ticket.objects.count() == 0


def test_a_missing_key_is_not_found(client, hall):
    assert client.post(question(hall), {"priority": "0"}).status_code == 404


@pytest.mark.parametrize("priority", ["", "5", "-1", "x", "99999999999999999999", "\x00", "1.0"])
def test_an_unknown_priority_is_asked_again_in_words(client, hall, priority):
    answer = press(client, hall, priority=priority)

    assert answer.status_code == 422
    assert "Pilih reguler atau salah satu jalur prioritas." in answer.text
    assert Ticket.objects.count() == 0


def test_a_service_of_another_mall_is_not_found(client, hall):
    other = make_hall(slug="mpp-lain")
    address = reverse("kiosk_service", args=[hall.mall.slug, other.service.pk])

    assert client.get(address).status_code == 404
    assert client.post(address, {"priority": "0", "key": str(uuid4())}).status_code == 404
    assert Ticket.objects.count() == 0


def test_an_agency_of_another_mall_is_not_found(client, hall):
    other = make_hall(slug="mpp-lain")
    address = reverse("kiosk_agency", args=[hall.mall.slug, other.presence.pk])

    assert client.get(address).status_code == 404


def test_a_ticket_of_another_mall_is_not_shown_here(client, hall):
    other = make_hall(slug="mpp-lain")
    token = Ticket.objects.get(pk=other.issue()).visit.token

    assert client.get(reverse("kiosk_ticket", args=[hall.mall.slug, token])).status_code == 404
