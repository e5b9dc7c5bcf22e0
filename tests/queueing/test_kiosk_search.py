"""Finding a service at the kiosk by its words."""

import pytest
import time_machine
from django.urls import reverse

from core import memo
from tests.recipes import at, make_hall, make_service

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall():
    return make_hall()


@pytest.fixture(autouse=True)
def _nine_o_clock():
    with time_machine.travel(at(9), tick=False):
        yield


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
