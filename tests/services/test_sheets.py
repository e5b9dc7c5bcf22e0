"""The papers: what stands on them is what is in force, and the internal part stays with staff."""

import io

import pytest
import time_machine
from django.urls import reverse
from pypdf import PdfReader

from accounts.roles import Role
from agencies.models import Mall
from core import memo
from services import pledges, sheets
from services.models import Service
from tests.recipes import at, make_hall
from tests.services.recipes import PROMISE, WITH_VARIANT, published, submitted, writer
from tests.services.test_pledges import promise

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nine_o_clock():
    with time_machine.travel(at(9), tick=False):
        yield


@pytest.fixture
def hall():
    return make_hall()


@pytest.fixture
def author(hall):
    return writer(hall.presence)


@pytest.fixture
def reviewer(hall):
    return writer(hall.presence, Role.MALL_ADMIN)


def text(content):
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


def public(hall, client):
    memo.clear_all()
    return client.get(reverse("service_sheet", args=[hall.mall.slug, hall.service.pk]))


def test_the_public_sheet_has_the_six_components_the_variants_and_the_decree(
    hall, author, reviewer, client
):
    published(hall.service, WITH_VARIANT, by=author, reviewer=reviewer)

    answer = public(hall, client)

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="standar-layanan-uji.pdf"'
    said = text(answer.content)
    for part in ("KTP-el (Asli)", "Rp350.000", "Rp650.000", "10 tahun", "500/12/2026", "Paspor"):
        assert part in said
    for part in ("UU 6/2011", "Ruang tunggu", "Data dirahasiakan"):
        assert part not in said


def test_without_a_standard_in_force_there_is_no_public_sheet(hall, author, client):
    submitted(hall.service, by=author)

    assert public(hall, client).status_code == 404


@pytest.mark.parametrize("change", [{"is_active": False}])
def test_a_service_that_is_not_offered_has_no_public_sheet(hall, author, reviewer, client, change):
    published(hall.service, by=author, reviewer=reviewer)
    Service.objects.update(**change)

    assert public(hall, client).status_code == 404


def test_a_mall_that_is_not_open_has_no_public_papers(hall, author, reviewer, client):
    published(hall.service, by=author, reviewer=reviewer)
    promise(hall, reviewer)
    Mall.objects.update(stage=Mall.Stage.PREPARATION)

    assert public(hall, client).status_code == 404
    assert client.get(reverse("pledge_poster", args=[hall.mall.slug, "a4"])).status_code == 404


def test_the_sheet_of_staff_has_all_fourteen_and_says_when_it_is_not_in_force(hall, author):
    row = submitted(hall.service, WITH_VARIANT, by=author)

    said = text(sheets.sheet_of(row, address="https://contoh.id/", now=at(9), internal=True))

    assert "UU 6/2011" in said
    assert "1 (Menunggu pemeriksa)" in said


@pytest.mark.parametrize(("size", "height"), [("a4", 842), ("a3", 1191)])
def test_the_poster_of_a_mall_comes_in_two_sizes(hall, reviewer, client, size, height):
    promise(hall, reviewer)
    memo.clear_all()

    answer = client.get(reverse("pledge_poster", args=[hall.mall.slug, size]))

    page = PdfReader(io.BytesIO(answer.content)).pages[0]
    assert round(float(page.mediabox.height)) == height
    said = text(answer.content)
    assert "Kami melayani setara." in said
    assert "Cikarang, Senin, 2 Maret 2026" in said


def test_a_poster_of_another_size_or_without_a_pledge_is_not_there(hall, reviewer, client):
    address = reverse("pledge_poster", args=[hall.mall.slug, "a4"])
    assert client.get(address).status_code == 404
    promise(hall, reviewer)

    assert client.get(address.replace("a4", "a0")).status_code == 404


def test_the_poster_of_an_agency_is_its_own(hall, reviewer, client):
    promise(hall, reviewer, hall.presence)
    memo.clear_all()
    args = [hall.mall.slug, hall.presence.pk, "a4"]

    assert "Dinas Uji" in text(client.get(reverse("pledge_agency_poster", args=args)).content)
    assert client.get(reverse("pledge_poster", args=[hall.mall.slug, "a4"])).status_code == 404

    hall.presence.is_active = False
    hall.presence.save()
    assert client.get(reverse("pledge_agency_poster", args=args)).status_code == 404


def test_a_draft_never_looks_as_if_it_were_in_force(hall, reviewer):
    pledges.save(hall.mall, None, PROMISE, by=reviewer, now=at(8))
    draft = pledges.draft_of(hall.mall, None)

    said = text(sheets.poster_of(draft, address="x", size=sheets.SIZES["a4"], now=at(9)))

    assert "DRAF, belum diterbitkan" in said
    assert "2 Maret 2026" not in said


# --- The pages that everybody reads ----------------------------------------------------------


def page(client, hall):
    memo.clear_all()
    answer = client.get(reverse("service", args=[hall.mall.slug, hall.service.pk]))
    return " ".join(answer.content.decode().split())


def test_citizens_see_variants_decree_and_version(hall, author, reviewer, client):
    assert "Unduh standar pelayanan" not in page(client, hall)
    published(hall.service, WITH_VARIANT, by=author, reviewer=reviewer)

    said = page(client, hall)

    assert "Akta kelahiran" in said
    assert "10 tahun, Penerbitan" in said
    assert "Rp650.000" in said
    assert "500/12/2026</span>, Senin, 2 Maret 2026" in said
    assert "1, berlaku sejak Senin, 9 Maret 2026" in said
    assert "Unduh standar pelayanan (PDF)" in said


@pytest.mark.parametrize("variants", [1, 3])
def test_the_page_costs_the_same_with_one_variant_and_with_three(
    hall, author, reviewer, client, django_assert_num_queries, variants
):
    kinds = tuple(
        type(each)(f"{each.name} {n}", each.requirements, each.completion_time, each.fees)
        for n in range(variants)
        for each in WITH_VARIANT.variants
    )
    content = type(WITH_VARIANT)(**{**vars(WITH_VARIANT), "variants": kinds})
    published(hall.service, content, by=author, reviewer=reviewer)
    memo.clear_all()

    with django_assert_num_queries(28):
        client.get(reverse("service", args=[hall.mall.slug, hall.service.pk]))


def test_the_pledge_stands_on_the_page_of_the_mall_and_its_agencys_on_that_of_the_service(
    hall, reviewer, client
):
    address = reverse("mall", args=[hall.mall.slug])
    assert "Maklumat pelayanan" not in client.get(address).content.decode()

    promise(hall, reviewer)
    promise(hall, reviewer, hall.presence)
    memo.clear_all()

    said = client.get(address).content.decode()
    assert "Kami melayani setara." in said
    assert reverse("pledge_poster", args=[hall.mall.slug, "a4"]) in said
    assert "Maklumat instansi (PDF)" in page(client, hall)


def test_a_service_booked_elsewhere_has_one_link_out_that_says_so(hall, client):
    Service.objects.update(booked_with="M-Paspor", booked_at="https://contoh.id/paspor")

    said = page(client, hall)

    assert said.count('href="https://contoh.id/paspor" rel="noopener noreferrer external"') == 1
    assert "Reservasi lewat M-Paspor" in said
    assert "meninggalkan portal ini" in said
