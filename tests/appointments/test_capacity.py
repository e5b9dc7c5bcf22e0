"""The pages on which somebody changes a plan."""

from datetime import date, time, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from accounts.roles import Role
from appointments import plans
from appointments.models import ArrivalRule, Plan, Slot, Tranche, Window
from appointments.slots import Release
from appointments.slots import Tranche as Phase
from appointments.states import State
from tests.appointments.layouts import appoint, form, pages, rules_form, saved, url, window_form
from tests.appointments.recipes import TUESDAY, at, book, booked, make_plan
from tests.recipes import MONDAY, make_presence, make_queue, make_service

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sound")]


@pytest.fixture(autouse=True)
def nine_o_clock():
    with time_machine.travel(at(9), tick=False) as clock:
        yield clock


@pytest.fixture
def admin(client, hall, plan):
    client.force_login(appoint(Role.MALL_ADMIN, mall=hall.mall))
    return client


def test_the_services_are_listed_with_and_without_a_plan(admin, hall):
    other = make_service(hall.queue, "Layanan lain")

    page = admin.get(reverse("capacity"))

    (part,) = page.context["parts"]
    assert [(row.service, row.windows, row.places) for row in part.rows] == [
        (hall.service, 15, 150),
        (other, 0, 0),
    ]
    assert "15 jendela, 150 tempat seminggu" in page.text
    assert f'href="{url("rules", other)}"' in page.text


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_the_same_few_queries(admin, hall, django_assert_num_queries, rows):
    for each in range(rows - 1):
        make_plan(make_service(hall.queue), family=f"uji-{each}")
    admin.get(reverse("capacity"))

    with django_assert_num_queries(6):
        admin.get(reverse("capacity"))


def test_the_week_shows_the_windows_and_their_sums(admin, hall):
    page = admin.get(url("week", hall.service))

    week = page.context["week"]
    assert [row[0].hour for row in week.rows] == [9, 10, 11]
    assert week.places == [30] * 5
    assert "daring 10, prioritas 0, petugas 0, datang langsung 0, semuanya" in page.text


@pytest.mark.parametrize("day", ["", "x", "2026-02-30", "0001-01-01", "9999-12-31"])
def test_a_day_that_does_not_exist_is_today(admin, hall, day):
    assert admin.get(url("week", hall.service), {"mulai": day}).context["week"].on == MONDAY


def test_a_plan_without_windows_says_what_to_do(admin, hall):
    Window.objects.all().delete()

    page = admin.get(url("week", hall.service))

    assert "Belum ada jendela waktu" in page.text
    assert url("hours", hall.service) in page.text


def test_a_window_is_changed_in_two_steps(admin, hall, plan):
    book(hall.service)
    address = url("window", hall.service)
    edit = admin.get(address, {"harike": 1, "jam": "09.00"})
    assert edit.context["form"].initial["online"] == 10

    sent = window_form()
    looked = admin.post(address, sent)
    assert looked.context["preview"].booked == 1
    assert "Tidak ada reservasi yang terganggu." in looked.text
    assert Window.objects.count() == 15
    answer = saved(admin, address, sent)

    assert answer["Location"] == url("week", hall.service)
    assert Slot.objects.get().online == 12
    changed = Window.objects.get(from_date=TUESDAY)
    assert (changed.weekday, changed.online, changed.walk_in) == (1, 12, 2)
    assert Window.objects.get(until_date=MONDAY).online == 10
    assert "Perubahan yang sudah direncanakan" in admin.get(url("week", hall.service)).text


def test_fewer_places_are_said_and_break_nothing(admin, hall, plan):
    pks = [book(hall.service) for _each in range(3)]
    address, sent = url("window", hall.service), window_form(online=1)

    looked = admin.post(address, sent)
    saved(admin, address, sent)

    assert "2 reservasi melebihi tempat yang baru." in looked.text
    assert {booked(pk).state for pk in pks} == {State.CONFIRMED}
    assert "1 jendela sudah menjanjikan lebih" in admin.get(url("week", hall.service)).text


def test_before_storing_one_may_go_back_and_lose_nothing(admin, hall):
    page = admin.post(url("window", hall.service), window_form(online=77) | {"do": "edit"})

    assert (page.status_code, 'value="77"' in page.text) == (200, True)


def test_a_window_is_added_and_removed(admin, hall):
    address = url("window", hall.service)
    saved(admin, address, window_form(begins="13:00", ends="14:00", was=False))
    assert Window.objects.get(begins=time(13)).online == 12

    saved(admin, address, window_form(begins="13:00", ends="14:00") | {"remove": "1"})

    assert Window.objects.filter(begins=time(13)).count() == 0


def test_windows_that_overlap_are_refused_with_a_sentence(admin, hall):
    sent = window_form(begins="09:30", ends="10:30", was=False)

    answer = admin.post(url("window", hall.service), sent)

    assert (answer.status_code, answer["X-Refusal"]) == (409, "windows_overlap")
    assert "Hari Selasa: jendela 09.00–10.00 dan 09.30–10.30 bertumpuk." in answer.text
    assert Window.objects.count() == 15


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"ends": "08:00"}, "Jam selesai harus setelah jam mulai."),
        ({"begins": "x"}, "Isi jamnya, misalnya 09.00."),
        ({"online": "-1"}, "Isi angka 0 sampai 500."),
        ({"from_date": "2026-03-08"}, "Tanggal itu sudah lewat. Paling cepat hari ini."),
        ({"from_date": "2030-03-08"}, "Paling jauh satu tahun ke depan."),
        ({"from_date": "kapan"}, "Isi tanggalnya, misalnya 2026-03-10."),
    ],
)
def test_what_is_filled_in_wrong_is_said_and_nothing_is_lost(admin, hall, wrong, said):
    answer = admin.post(url("window", hall.service), window_form(staff=33) | wrong)

    assert (answer.status_code, said in answer.text) == (422, True)
    assert 'value="33"' in answer.text
    assert Window.objects.count() == 15


def test_a_window_without_a_place_is_none(admin, hall):
    answer = admin.post(url("window", hall.service), window_form(online=0, walk_in=0))

    assert answer.status_code == 422
    assert "Isi paling sedikit satu tempat, atau hapus jendelanya." in answer.text


def test_somebody_else_was_quicker(admin, hall):
    address, sent = url("window", hall.service), window_form()
    known = admin.post(address, sent).context["known"]
    saved(admin, address, window_form(online=3))

    answer = admin.post(address, sent | {"known": known, "do": "save"})

    assert answer["X-Refusal"] == "plan_changed"
    assert Window.objects.get(from_date=TUESDAY).online == 3


@pytest.mark.parametrize("known", ["", "x" * 500, "\x00", "é 1"])
def test_what_nobody_has_seen_is_not_stored(admin, hall, known):
    sent = window_form() | {"known": known, "do": "save"}

    assert admin.post(url("window", hall.service), sent)["X-Refusal"] == "plan_changed"
    assert Window.objects.count() == 15


def test_storing_twice_stores_once(admin, hall):
    address, sent = url("window", hall.service), window_form()
    known = admin.post(address, sent).context["known"]

    answers = [admin.post(address, sent | {"known": known, "do": "save"}) for _each in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert Window.objects.filter(from_date=TUESDAY).count() == 1


def test_all_windows_of_a_day_are_set_at_once(admin, hall):
    address = url("day", hall.service, 1)
    assert "Semua jendela hari Selasa" in admin.get(address).text

    saved(admin, address, form(act="shares"))

    assert [each.online for each in Window.objects.filter(from_date=TUESDAY)] == [12] * 3


def test_a_day_is_copied_to_others(admin, hall):
    Window.objects.filter(weekday__in=[2, 3]).delete()
    sent = {"act": "copy", "weekdays": [2, 3], "from_date": "2026-03-10", "key": uuid4()}

    saved(admin, url("day", hall.service, 1), sent)

    copied = Window.objects.filter(from_date=TUESDAY).values_list("weekday", flat=True)
    assert list(copied) == [2, 2, 2, 3, 3, 3]


def test_copying_to_no_day_is_said(admin, hall):
    sent = {"act": "copy", "from_date": "2026-03-10", "key": uuid4()}

    answer = admin.post(url("day", hall.service, 1), sent)

    assert (answer.status_code, "Pilih paling sedikit satu hari." in answer.text) == (422, True)


@pytest.mark.parametrize("weekday", [5, 6, 7, 99])
def test_a_day_without_windows_has_no_page(admin, hall, weekday):
    assert admin.get(url("day", hall.service, weekday)).status_code == 404


def test_the_opening_hours_are_filled(admin, hall):
    Window.objects.all().delete()
    sent = form(weekdays=[0, 1], minutes=60)

    saved(admin, url("hours", hall.service), sent)

    found = Window.objects.filter(weekday=1).values_list("begins__hour", flat=True)
    assert list(found) == [8, 9, 10, 11, 13, 14]


def test_a_plan_is_made(admin, hall):
    other = make_service(hall.queue, "Layanan lain")
    assert 'value="layanan-lain"' in admin.get(url("rules", other)).text

    saved(admin, url("rules", other), rules_form(family="lain", needs_nik="on"))

    made = Plan.objects.get(service=other)
    assert (made.family, made.needs_nik, made.is_active) == ("lain", True, True)
    assert [str(each) for each in made.tranches.all()] == ["H-30: 10 %", "H-1: 100 %"]


def test_the_same_service_elsewhere_says_the_family(admin, hall, plan):
    other = make_service(make_queue(make_presence(hall.mall), "B"))
    type(other).objects.filter(pk=other.pk).update(code=hall.service.code)

    assert admin.get(url("rules", other)).context["form"].initial["family"] == plan.family


def test_the_tranches_are_changed_with_the_same_preview(admin, hall, plan):
    looked = admin.post(url("rules", hall.service), rules_form())
    assert "Tempat yang sudah dibuka untuk dipesan berubah dari" in looked.text
    assert Tranche.objects.count() == 1

    saved(admin, url("rules", hall.service), rules_form())

    assert plans.bookable(hall.service.pk).release == Release(
        time(8), (Phase(30, 10), Phase(1, 100))
    )


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"percent_1": 60}, "Tahap terakhir harus membuka 100 % tempat."),
        ({"percent_1": ""}, "Setiap tahap perlu hari dan persennya."),
        ({"days_1": 60}, "Makin dekat harinya, makin besar persennya."),
        ({"days_1": 30}, "Makin dekat harinya, makin besar persennya."),
        ({"days_0": 91}, "Isi angka 0 sampai 90."),
        ({"percent_0": 101}, "Isi angka 1 sampai 100."),
        ({"family": "Dua Kata"}, "Isi satu kata dengan huruf kecil, angka, atau tanda hubung."),
    ],
)
def test_rules_that_make_no_sense_are_said(admin, hall, wrong, said):
    answer = admin.post(url("rules", hall.service), rules_form() | wrong)

    assert (answer.status_code, said in answer.text) == (422, True)
    assert Tranche.objects.get().days_before == 14


def test_the_month_leads_to_its_days(admin, hall, plan):
    for _each in range(6):
        book(hall.service)
    page = admin.get(url("month", hall.service), {"bulan": "2026-03"})
    assert "?bulan=2026-02" in page.text
    assert "?bulan=2026-04" in page.text
    assert "<b>20 %</b><small>6/30</small>" in page.text

    day = admin.get(url("month", hall.service), {"bulan": "2026-03", "hari": "2026-03-10"})

    assert [each.booked for each in day.context["chosen"].spans] == [6, 0, 0]
    assert "09.00–10.00 WIB" in day.text


@pytest.mark.parametrize("month", ["", "x", "2026-13", "0001-01", "9999-12"])
def test_a_month_that_does_not_exist_is_this_one(admin, hall, month):
    page = admin.get(url("month", hall.service), {"bulan": month, "hari": month})

    assert page.context["month"].first == date(2026, 3, 1)


def test_a_month_without_windows_says_so(admin, hall):
    page = admin.get(url("month", hall.service), {"bulan": "2025-11"})

    assert "Bulan ini tanpa jendela waktu" in page.text


@pytest.mark.parametrize("rows", [1, 3])
def test_a_month_takes_the_same_few_queries(admin, hall, plan, django_assert_num_queries, rows):
    for each in range(rows):
        book(hall.service, at(9 + each, on=TUESDAY))
    admin.get(url("month", hall.service))

    with django_assert_num_queries(7):
        admin.get(url("month", hall.service))


def test_the_rule_of_coming_is_edited(admin, hall):
    address = reverse("capacity_grace", args=[hall.mall.slug])
    assert 'value="30"' in admin.get(address).text
    assert admin.post(address, {"early": 300, "late": 5}).status_code == 422
    assert ArrivalRule.objects.count() == 0

    answer = admin.post(address, {"early": 45, "late": 5})

    assert answer["Location"] == reverse("capacity")
    assert plans.grace(hall.mall.pk) == (timedelta(minutes=45), timedelta(minutes=5))


def test_a_service_without_a_plan_has_only_the_page_that_makes_one(admin, hall):
    other = make_service(hall.queue)

    answers = {page: admin.get(page).status_code for page in pages(other)}

    assert [page for page, status in answers.items() if status == 200] == [url("rules", other)]
    assert set(answers.values()) == {200, 404}
