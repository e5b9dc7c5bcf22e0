from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from model_bakery import baker

from agencies.models import CounterDay, DatedHours, Presence
from core import memo
from core.proof import Scope
from hall import access, devices
from hall.models import Device
from queueing import figures, invariants, sweeps, tickets
from queueing.models import Ticket, TicketEvent, Visit
from queueing.states import Move, Priority, State
from tests.recipes import (
    add_counter,
    at,
    key,
    make_hall,
    make_presence,
    make_queue,
    make_service,
    ticket,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall():
    return make_hall()


@pytest.fixture(autouse=True)
def _nine_o_clock():
    with time_machine.travel(at(9), tick=False):
        yield


def start(hall):
    return reverse("kiosk", args=[hall.mall.slug])


def question(hall, service=None):
    return reverse("kiosk_service", args=[hall.mall.slug, (service or hall.service).pk])


def press(client, hall, *, priority="0", key=None, **extra):
    """One touch on the question."""
    page = question(hall, extra.pop("service", None))
    data = {"priority": priority, "key": str(key or uuid4()), **extra}
    return client.post(f"{page}?ambil=1", data, headers={"Referer": f"http://testserver{page}"})


def confirm(client, page):
    """What the page says by itself once its paper is out."""
    token = page.context["ticket"].visit.token
    return client.post(reverse("kiosk_printed", args=[page.context["mall"].slug, token]))


def more_agencies(hall, count, *, weekdays=range(5)):
    for number in range(count):
        presence = make_presence(hall.mall, f"Dinas {number:02d}")
        queue = make_queue(presence, f"{'ABCDEFGH'[number // 8]}{'ABCDEFGH'[number % 8]}")
        make_service(queue)
        counter = add_counter(hall, queues=[queue])
        CounterDay.objects.filter(counter=counter).update(presence=presence)
        CounterDay.objects.filter(counter=counter).exclude(weekday__in=weekdays).delete()
    memo.clear_all()


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


def find(client, hall, **query):
    return client.get(reverse("kiosk_search", args=[hall.mall.slug]), query)


def test_a_service_is_found_by_its_words_with_its_agency_and_its_wait(client, hall):
    make_service(hall.queue, "Paspor baru")
    memo.clear_all()

    found = find(client, hall, q="pasport").context["tiles"]

    assert [(tile.title, tile.note) for tile in found] == [
        ("Paspor baru", "Dinas Uji · Tanpa menunggu")
    ]


def test_only_services_of_this_mall_are_found(client, hall):
    other = make_hall(slug="mpp-lain")
    make_service(other.queue, "Paspor baru")
    memo.clear_all()

    page = find(client, hall, q="paspor")

    assert page.context["tiles"] == []
    assert "Tidak ada layanan dengan kata itu di mal ini." in page.text


def test_the_keys_of_the_screen_type_without_a_script(client, hall):
    assert find(client, hall, q="PAS", tambah="P").context["question"] == "PASP"
    assert find(client, hall, q="PASP", hapus="1").context["question"] == "PAS"
    assert find(client, hall, q="x" * 500, tambah="Y").context["question"] == "x" * 40


@pytest.mark.parametrize("question", ["", " ", "\x00", "' OR 1=1 --", "<script>", "%", "ا" * 300])
def test_any_question_is_answered(client, hall, question):
    page = find(client, hall, q=question)

    assert page.status_code == 200
    assert "<script>" not in page.text


def test_a_closed_mall_has_nothing_to_search(client, hall):
    with time_machine.travel(at(16), tick=False):
        memo.clear_all()
        page = find(client, hall, q="layanan")

    assert "Buka lagi Selasa, 10 Maret 2026 pukul 08.00 WIB." in page.text
    assert page.context["tiles"] == []


@pytest.mark.parametrize("services", [1, 30])
def test_a_search_takes_the_same_few_queries(client, hall, django_assert_num_queries, services):
    for _each in range(services):
        make_service(hall.queue, "Paspor")
    memo.clear_all()
    find(client, hall, q="paspor")

    with django_assert_num_queries(7):
        find(client, hall, q="paspor")


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


@pytest.mark.parametrize("page", ["kiosk", "board"])
def test_a_mall_in_preparation_has_no_screens(client, hall, page):
    hall.mall.stage = hall.mall.Stage.PREPARATION
    hall.mall.save()

    assert client.get(reverse(page, args=[hall.mall.slug])).status_code == 404


def test_a_used_up_queue_is_dashed_and_says_so_and_refuses_with_the_next_day(client, hall):
    hall.queue.daily_quota = 1
    hall.queue.save()
    memo.clear_all()
    hall.issue()

    assert 'class="off"' in client.get(start(hall)).text
    assert "Nomor hari ini habis" in client.get(start(hall)).text
    sentence = "Nomor berikutnya dibuka Selasa, 10 Maret 2026 pukul 08.00 WIB."
    assert sentence in client.get(question(hall)).text
    refused = press(client, hall)
    assert refused["X-Refusal"] == "quota_used_up"
    assert client.get(refused["Location"]).text.count(sentence) == 1
    assert "Nomor untuk hari ini" not in client.get(start(hall)).text
    assert Ticket.objects.count() == 1


def test_an_agency_that_is_away_today_is_listed_with_its_days(client, hall):
    more_agencies(hall, 7, weekdays=[1, 3])

    shown = client.get(f"{start(hall)}?semua=1")

    assert shown.text.count("Tidak hadir hari ini. Hari hadir: Selasa, Kamis") == 7
    assert [tile.title for tile in client.get(start(hall)).context["tiles"]] == ["Dinas Uji"]


def test_the_first_screen_has_six_tiles_at_most_and_leads_to_all(client, hall):
    more_agencies(hall, 9)

    first, everything = client.get(start(hall)), client.get(f"{start(hall)}?semua=1")

    assert first.text.count("<a href") - first.text.count('class="more"') <= 6 + 1
    assert len(first.context["tiles"]) == 5
    assert "5 instansi, menurut abjad" in first.text
    names = [tile.title for tile in everything.context["tiles"]]
    assert len(names) == 10
    assert names == sorted(names)


def test_six_agencies_need_no_second_page(client, hall):
    more_agencies(hall, 5)

    first = client.get(start(hall))

    assert len(first.context["tiles"]) == 6
    assert "menurut abjad" not in first.text


def test_without_an_agency_the_kiosk_says_so(client, hall):
    Presence.objects.update(is_active=False)
    memo.clear_all()

    assert "Belum ada instansi hari ini" in client.get(start(hall)).text


def test_a_closed_mall_says_when_it_opens_again(client, hall):
    with time_machine.travel(at(16), tick=False):
        memo.clear_all()
        page = client.get(start(hall))
        refused = press(client, hall)

    sentence = "Buka lagi Selasa, 10 Maret 2026 pukul 08.00 WIB."
    assert sentence in page.text
    assert 'class="tiles"' not in page.text
    assert refused["X-Refusal"] == "not_open"
    assert Ticket.objects.count() == 0


def test_a_holiday_is_named(client, hall):
    DatedHours.objects.create(
        mall=hall.mall, from_date=at(9).date(), until_date=at(9).date(), reason="Hari Uji"
    )
    memo.clear_all()

    assert "Mal tutup hari ini: Hari Uji." in client.get(start(hall)).text


def test_low_buttons_stay_low_until_the_number(client, hall):
    agency = reverse("kiosk_agency", args=[hall.mall.slug, hall.presence.pk])

    first = client.get(f"{start(hall)}?rendah=1")
    assert "kiosk--low" in first.text
    assert f'href="{agency}?rendah=1"' in first.text
    answer = client.post(
        f"{question(hall)}?rendah=1&ambil=1", {"priority": "0", "key": str(uuid4())}
    )

    assert answer["Location"].endswith("?rendah=1")
    assert "kiosk--low" in client.get(answer["Location"]).text


def test_english_is_chosen_on_the_kiosk_and_gone_for_the_next_person(client, hall):
    client.post(reverse("set_language"), {"language": "en", "next": start(hall)})
    assert '<html lang="en"' in client.get(start(hall)).text
    assert client.get(start(hall)).context["idle"] == 60

    anew = client.get(f"{start(hall)}?awal=1", follow=True)

    assert anew.redirect_chain == [(start(hall), 302)]
    assert '<html lang="id"' in anew.text
    assert anew.context["idle"] == 0


def test_a_screen_that_knows_the_version_gets_nothing_new(client, hall):
    hall.issue()
    page = client.get(start(hall))
    known = {"v": page.context["version"], "p": page.context["phase"]}
    asked = {"headers": {"HX-Request": "true"}}

    assert client.get(start(hall), known, **asked).status_code == 204
    assert client.get(start(hall), {**known, "v": "0"}, **asked).status_code == 200
    assert client.get(start(hall), {**known, "p": "x"}, **asked).status_code == 200
    assert client.get(start(hall), known).status_code == 200


def test_a_get_writes_nothing(client, hall):
    for page in (start(hall), question(hall)):
        client.get(page)

    assert (Ticket.objects.count(), Visit.objects.count()) == (0, 0)


@pytest.mark.parametrize("agencies", [1, 30])
def test_the_start_takes_the_same_few_queries(client, hall, django_assert_num_queries, agencies):
    more_agencies(hall, agencies)
    client.get(start(hall))  # calendars and weekdays are remembered for five seconds

    with django_assert_num_queries(6):
        client.get(start(hall))


@pytest.mark.parametrize("services", [1, 30])
def test_an_agency_takes_the_same_few_queries(client, hall, django_assert_num_queries, services):
    for _each in range(services):
        make_service(hall.queue)
    address = reverse("kiosk_agency", args=[hall.mall.slug, hall.presence.pk])
    client.get(address)

    with django_assert_num_queries(8):
        client.get(address)


@pytest.mark.parametrize("waiting", [1, 30])
def test_the_number_takes_the_same_few_queries(client, hall, django_assert_num_queries, waiting):
    for _each in range(waiting):
        hall.issue()
    address = press(client, hall)["Location"]
    client.get(address)

    with django_assert_num_queries(4):
        client.get(address)


def test_a_service_whose_queue_has_just_been_closed_is_not_offered(client, hall, monkeypatch):
    monkeypatch.setattr(figures, "queues_of", lambda *args, **kwargs: [])

    page = client.get(reverse("kiosk_agency", args=[hall.mall.slug, hall.presence.pk]))

    assert page.status_code == 200
    assert page.context["tiles"] == []
