"""The later steps of the sequence: plans, agencies, queues, days, the check and the copy."""

import re

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from agencies.models import Agency, Counter, CounterDay, FloorPlan, Mall, Presence
from agencies.stages import Stage
from core import memo
from onboarding.setup.arranging import plans
from services.models import Queue, Service
from tests.onboarding.setup.recipes import (
    make_admin,
    make_agency,
    make_counters,
    make_mall,
    picture,
)
from tests.recipes import at, make_hall, make_queue
from tests.test_bad_input import TEXTS, encoded

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday():
    with time_machine.travel(at(9), tick=False):
        yield


@pytest.fixture
def mall():
    return make_mall()


@pytest.fixture
def admin(client, mall):
    client.force_login(make_admin(mall))
    return client


@pytest.fixture
def hall(client):
    hall = make_hall()
    client.force_login(make_admin(hall.mall))
    return hall


def url(mall, page="", *args):
    return reverse(f"setup_{page}" if page else "setup", args=[mall.slug, *args])


def upload(client, mall, content, name="denah.png"):
    file = SimpleUploadedFile(name, content, "image/png")
    return client.post(url(mall, "plans"), {"name": "Lantai 1", "picture": file})


def test_a_plan_is_uploaded_and_counters_put_on_it_by_click_and_by_cell(admin, mall):
    one, two = make_counters(mall, "1", "2")

    answer = upload(admin, mall, picture().content)
    plan = FloorPlan.objects.get()
    admin.post(url(mall, "plan_click", plan.pk), {"counter": one.pk, "at.x": 360, "at.y": 90})
    cells = {f"cell_{one.pk}": plans.cell_of(plan, Counter.objects.get(pk=one.pk))}
    admin.post(url(mall, "plan", plan.pk), {**cells, f"cell_{two.pk}": "a1"})

    assert answer.url == url(mall, "plan", plan.pk)
    found = list(Counter.objects.order_by("pk").values_list("plan_x", "plan_y"))
    assert found == [(500, 250), (25, 50)]


def test_what_is_no_picture_is_refused_in_words(admin, mall):
    answer = upload(admin, mall, b"%PDF-1.7 x")

    assert answer.status_code == 422
    assert "Jenis berkas itu tidak diterima" in answer.content.decode()
    assert not FloorPlan.objects.exists()


def test_a_click_without_a_counter_is_explained(admin, mall):
    upload(admin, mall, picture().content)
    plan = FloorPlan.objects.get()

    answer = admin.post(url(mall, "plan_click", plan.pk), {"at.x": 1}, follow=True)

    assert "Pilih satu loket" in answer.content.decode()


def test_citizens_see_the_plan_of_a_public_mall_only(client, admin, mall):
    upload(admin, mall, picture().content)
    pk = FloorPlan.objects.get().pk
    pages = [
        reverse("mall_plan", args=[mall.slug]),
        reverse("mall_plan_picture", args=[mall.slug, pk]),
    ]
    client.logout()
    assert [client.get(page).status_code for page in pages] == [404, 404]

    Mall.objects.update(stage=Stage.SOFT_LAUNCH)
    memo.clear_all()

    assert "Lantai 1" in client.get(pages[0]).content.decode()
    assert client.get(pages[1])["Content-Disposition"].startswith("inline")
    assert client.get(f"{pages[1]}?unduh")["Content-Disposition"].startswith("attachment")
    assert pages[0] in client.get(reverse("mall", args=[mall.slug])).content.decode()


def test_agencies_are_ticked_in_the_list_that_was_searched(admin, mall):
    make_agency(make_mall(slug="mpp-lain"), "Badan Pajak")
    bank = make_agency(make_mall(slug="mpp-lain-lagi"), "Bank Uji").agency

    found = admin.get(url(mall, "agencies"), {"q": "bank"}).context["found"]
    answer = admin.post(url(mall, "agencies") + "?q=bank", {"agencies": [bank.pk]})

    assert list(found) == [bank]
    assert answer.url == url(mall, "details")
    assert Presence.objects.get(mall=mall).agency == bank


def test_nothing_ticked_is_said(admin, mall):
    answer = admin.post(url(mall, "agencies"), {})

    assert answer.status_code == 422
    assert "Centang paling sedikit satu instansi." in answer.content.decode()


def test_new_agencies_are_written_row_by_row(admin, mall):
    rows = {"name_0": "Dinas Baru", "short_0": "Disbar", "category_0": "opd"}

    half = admin.post(url(mall, "agency_new"), rows | {"name_1": "Setengah"})
    whole = admin.post(url(mall, "agency_new"), rows)

    assert (half.status_code, whole.url) == (422, url(mall, "details"))
    assert Agency.objects.get().presences.get().board_name == "Disbar"


def test_queues_and_services_of_all_agencies_are_one_form(admin, mall):
    first, second = make_agency(mall), make_agency(mall, "Dinas Dua")
    shown = admin.get(url(mall, "queues")).context["form"]
    typed = {name: shown[name].value() or "" for name in shown.fields}
    typed[f"lines_{first.pk}"] = "KTP-el, cetak | 8\nKartu Keluarga; 12 menit\nAkta"

    answer = admin.post(url(mall, "queues"), typed)

    assert answer.url == url(mall, "days")
    assert dict(Queue.objects.values_list("presence", "letter")) == {second.pk: "A", first.pk: "B"}
    assert dict(Service.objects.values_list("name", "minutes")) == {
        "KTP-el, cetak": 8,
        "Kartu Keluarga": 12,
        "Akta": 10,
    }


def test_one_agency_gets_a_second_queue_and_its_services_move(client, hall):
    page = url(hall.mall, "queues_agency", hall.presence.pk)
    shown = client.get(page).context["form"]
    typed = {name: shown[name].value() or "" for name in shown.fields}
    typed |= {"new_letter": "b", "new_queue": "Pengambilan", "new_lines": "Ambil KTP | 3"}
    typed |= {f"minutes_{hall.service.pk}": "20"}

    answer = client.post(page, typed)

    assert answer.url == url(hall.mall, "queues")
    assert set(Queue.objects.values_list("letter", flat=True)) == {"A", "B"}
    minutes = dict(Service.objects.values_list("name", "minutes"))
    assert minutes == {"Layanan Uji": 20, "Ambil KTP": 3}


def test_days_of_all_agencies_are_one_form(admin, mall):
    presence = make_agency(mall)
    make_counters(mall, "1", "2")
    typed = {"from_date": "2026-03-09", f"days_{presence.pk}": [0, 2]}

    wrong = admin.post(url(mall, "days"), {**typed, f"counters_{presence.pk}": "1-3"})
    right = admin.post(url(mall, "days"), {**typed, f"counters_{presence.pk}": "1-2"})

    assert "Loket 3 tidak ada di mal ini." in wrong.content.decode()
    assert right.url == url(mall, "check")
    assert set(CounterDay.objects.values_list("weekday", "counter__number")) == {
        *((0, "1"), (0, "2"), (2, "1"), (2, "2"))
    }


def test_days_that_differ_are_set_day_by_day_and_queues_by_counter(admin, mall):
    presence = make_agency(mall)
    one, _two = make_counters(mall, "1", "2")
    queue = make_queue(presence, "A")
    page = url(mall, "days_agency", presence.pk)

    admin.post(page, {"hari": 1, "from_date": "2026-03-09", "counters_0": "1", "counters_2": "2"})
    admin.post(page, {"antrean": 1, f"queues_{one.pk}": [queue.pk]})

    assert dict(CounterDay.objects.values_list("weekday", "counter__number")) == {0: "1", 2: "2"}
    assert [each.number for each in queue.counters.all()] == ["1"]


def test_an_agency_by_agreement_has_no_days_to_edit(client, hall):
    Presence.objects.update(basis=Presence.Basis.AGREEMENT)
    page = url(hall.mall, "days_agency", hall.presence.pk)

    shown = client.get(page).content.decode()
    client.post(page, {"hari": 1, "from_date": "2026-03-10", "counters_5": "1"})

    assert "mengikuti perjanjian" in shown
    assert not CounterDay.objects.filter(weekday=5).exists()


def test_the_check_names_what_is_missing_and_what_opens(client, hall):
    CounterDay.objects.filter(weekday=0).delete()
    Mall.objects.update(place_name="Gedung A", address="Jl. Satu 1")
    make_agency(hall.mall, "Dinas Kosong")
    memo.clear_all()

    context = client.get(url(hall.mall, "check")).context

    found = {each.title: each.names for each in context["problems"] if each.is_grave}
    assert found == {
        "Instansi tanpa antrean": ("Dinas Kosong",),
        "Instansi tanpa hari dan loket": ("Dinas Kosong",),
    }
    assert str(context["day"]) == "2026-03-10"
    assert [(each.counters, each.letters, each.services) for each in context["opens"]] == [
        ("1", "A", 1)
    ]


def test_a_copy_is_shown_before_it_is_made(client, hall, admin, mall):
    Mall.objects.filter(pk=hall.mall.pk).update(stage=Stage.SOFT_LAUNCH)
    admin.force_login(make_admin(make_mall(slug="mpp-ketiga")))
    target = Mall.objects.get(slug="mpp-ketiga")
    sent = {"source": hall.mall.pk, "parts": ["counters", "agencies"]}

    shown = admin.post(url(target, "copy"), sent)
    before = target.counters.count()
    admin.post(url(target, "copy"), {**sent, "do": "save"})

    assert shown.context["new"] == 2
    assert (before, target.counters.count(), target.presences.count()) == (0, 1, 1)


def test_a_mall_that_is_not_public_is_no_example(admin, mall):
    hidden = make_mall(slug="mpp-lain")

    answer = admin.post(url(mall, "copy"), {"source": hidden.pk, "parts": ["hours"]})

    assert answer.status_code == 422
    assert "Pilih malnya." in answer.content.decode()


def test_whatever_is_typed_into_whatever_form_is_answered(client, hall):
    plan = plans.save(hall.mall, "Lantai 1", picture(), by=make_admin(make_mall()), now=at(9))
    pages = [url(hall.mall, page) for page in (*EMPTY, "zone", "hours_withdraw")]
    pages += [url(hall.mall, page, hall.presence.pk) for page in ("queues_agency", "days_agency")]
    pages += [url(hall.mall, "counter", hall.counter.pk)]
    pages += [url(hall.mall, page, plan.pk) for page in ("plan", "plan_click")]
    client.raise_request_exception = False

    answers = [
        (page, row, send(client, page, text)) for page in pages for row, text in TEXTS.items()
    ]

    assert [each[:2] for each in answers if each[2].status_code >= 500] == []


def send(client, page, text):
    body = "&".join(f"{encoded(name)}={encoded(text)}" for name in names_on(client, page))
    return client.post(page, body, "application/x-www-form-urlencoded")


EMPTY = ("place", "hours", "special", "counters", "plans", "agencies", "agency_new", "details")
EMPTY += ("queues", "days", "copy")


def names_on(client, page):
    """The names of the fields of a page, and those that buttons and pictures send."""
    found = re.findall(r'name="([^"]+)"', client.get(page).content.decode())
    return {*found, "copy", "do", "hari", "antrean", "at.x", "at.y", "old", "new", "from_date"}
