"""What the screens of the kiosk show as the day goes, and what they cost."""

from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from agencies.models import CounterDay, DatedHours, Presence
from core import memo
from queueing import figures
from queueing.models import Ticket, Visit
from tests.queueing.kiosks import press, question, start
from tests.recipes import add_counter, at, make_hall, make_presence, make_queue, make_service

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall():
    return make_hall()


@pytest.fixture(autouse=True)
def _nine_o_clock():
    with time_machine.travel(at(9), tick=False):
        yield


def more_agencies(hall, count, *, weekdays=range(5)):
    for number in range(count):
        presence = make_presence(hall.mall, f"Dinas {number:02d}")
        queue = make_queue(presence, f"{'ABCDEFGH'[number // 8]}{'ABCDEFGH'[number % 8]}")
        make_service(queue)
        counter = add_counter(hall, queues=[queue])
        CounterDay.objects.filter(counter=counter).update(presence=presence)
        CounterDay.objects.filter(counter=counter).exclude(weekday__in=weekdays).delete()
    memo.clear_all()


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
