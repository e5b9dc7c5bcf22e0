"""The pages of the sequence as somebody at the mall uses them."""

import pytest
import time_machine
from django.urls import reverse

from agencies.models import Counter, CounterDay, DatedHours, OpeningHours
from core import memo
from tests.appointments.recipes import book, make_plan
from tests.onboarding.setup.recipes import make_admin, make_agency, make_counters, make_mall
from tests.recipes import at, make_hall, make_queue, make_service

pytestmark = pytest.mark.django_db
STEPS = ("place", "hours", "counters", "plans", "agencies", "queues", "days", "check")
BESIDE = ("special", "agency_new", "details", "copy")


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


def week(**typed):
    times = {"opens": "08:00", "break_from": "12:00", "break_until": "13:00", "closes": "15:00"}
    monday = {f"{name}_0": value for name, value in times.items()}
    return {"from_date": "2026-03-10", **monday, **typed}


@pytest.mark.parametrize("page", ["", *STEPS, *BESIDE])
def test_every_page_opens_for_a_mall_of_which_nothing_is_known(admin, mall, page):
    answer = admin.get(url(mall, page))

    assert answer.status_code == 200
    assert "Penataan" in answer.content.decode()


@pytest.mark.parametrize("page", ["", *STEPS, *BESIDE])
def test_every_page_opens_for_a_mall_that_serves(client, hall, page):
    assert client.get(url(hall.mall, page)).status_code == 200


def test_the_overview_counts_what_is_there(client, hall):
    said = [each.said for each in client.get(url(hall.mall)).context["standings"]]

    assert said[1:3] == ["Senin–Jumat 08.00–15.00", "1 loket di 1 zona"]
    assert said[5] == "1 dari 1 instansi punya antrean, 1 layanan"


def add_agency(hall, letter):
    presence = make_agency(hall.mall, f"Dinas {letter}")
    make_service(make_queue(presence, letter))
    (counter,) = make_counters(hall.mall, str(ord(letter)))
    CounterDay.objects.create(counter=counter, presence=presence, weekday=0)


@pytest.mark.parametrize(
    ("page", "queries"),
    [("", 16), ("check", 16), ("counters", 5), ("details", 5), ("queues", 9), ("days", 8)],
)
def test_lists_ask_the_same_for_one_and_for_three(
    client, hall, page, queries, django_assert_num_queries
):
    for letters in ("", "BC"):
        for letter in letters:
            add_agency(hall, letter)
        memo.clear_all()
        with django_assert_num_queries(queries):
            client.get(url(hall.mall, page))


# Each step


def test_the_place_is_kept_and_the_next_step_follows(admin, mall):
    form = {"name": "MPP", "short_name": "MPP", "organiser": "DPMPTSP", "place_name": "Gedung A"}
    form |= {"address": "Jl. Satu 1", "facilities": "Musala\n\nLift", "priority_ratio": "3"}

    answer = admin.post(url(mall, "place"), form)

    mall.refresh_from_db()
    assert answer.url == url(mall, "hours")
    assert (mall.place_name, mall.facilities, mall.priority_ratio) == (
        *("Gedung A", ["Musala", "Lift"], 3),
    )


def test_a_wrong_place_is_said_and_nothing_is_kept(admin, mall):
    answer = admin.post(url(mall, "place"), {"name": "Diganti", "priority_ratio": "99"})

    mall.refresh_from_db()
    assert answer.status_code == 422
    assert mall.name == "Mal Pelayanan Publik mpp-baru"


def test_the_week_is_kept(admin, mall):
    answer = admin.post(url(mall, "hours"), week())

    assert answer.url == url(mall, "counters")
    assert OpeningHours.objects.get().weekday == 0


def test_a_day_is_made_like_the_one_before_without_being_kept(admin, mall):
    copied = admin.post(url(mall, "hours"), week(copy="1")).context["form"]
    all_of_them = admin.post(url(mall, "hours"), week(copy="all")).context["form"]

    assert (copied["opens_1"].value(), copied["opens_2"].value()) == ("08:00", None)
    assert all_of_them["closes_4"].value() == "15:00"
    assert not OpeningHours.objects.exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"closes_0": "07:00"}, "Jam buka harus sebelum jam tutup."),
        ({"closes_0": ""}, "Isi jam buka dan jam tutup"),
        ({"break_until_0": ""}, "Istirahat perlu awal dan akhirnya."),
        ({"break_until_0": "16:00"}, "Istirahat harus di antara"),
        ({"from_date": "2099-01-01"}, "Tanggal itu terlalu jauh."),
        ({"opens_0": "8.00", "opens_1": "pagi"}, "Isi jamnya, misalnya 09.00."),
    ],
)
def test_hours_that_make_no_sense_are_said_beside_them(admin, mall, typed, said):
    answer = admin.post(url(mall, "hours"), week(**typed))

    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_reservations_in_the_way_are_named_before_anything_is_kept(client, hall):
    make_plan(hall.service)
    book(hall.service)
    shut = {"reason": "Banjir", "from_date": "2026-03-10", "until_date": "2026-03-10"}

    first = client.post(url(hall.mall, "special"), shut)
    kept = DatedHours.objects.count()
    second = client.post(url(hall.mall, "special"), {**shut, "do": "save"})

    assert "1 reservasi jatuh di luar jam yang baru" in first.content.decode()
    assert (kept, DatedHours.objects.count(), second.url) == (0, 1, url(hall.mall, "hours"))


def test_special_days_are_removed(client, hall):
    shut = {"reason": "Banjir", "from_date": "2026-03-11", "until_date": "2026-03-11"}
    client.post(url(hall.mall, "special"), shut)

    client.post(url(hall.mall, "special_remove", DatedHours.objects.get().pk))

    assert not DatedHours.objects.exists()


def test_a_planned_week_is_withdrawn(client, hall):
    client.post(url(hall.mall, "hours"), week(opens_0="07:00"))
    assert "Mulai Selasa, 10 Maret 2026" in client.get(url(hall.mall, "hours")).content.decode()

    client.post(url(hall.mall, "hours_withdraw"), {"from_date": "2026-03-10"})

    assert OpeningHours.objects.count() == 5


def test_counters_are_added_by_zone_and_a_taken_number_keeps_the_form(admin, mall):
    typed = {"place_0": "Zona A", "numbers_0": "1-8, 12A"}

    assert admin.post(url(mall, "counters"), typed).url == url(mall, "plans")
    again = admin.post(url(mall, "counters"), {"place_0": "Zona B", "numbers_0": "8-9"})

    assert Counter.objects.filter(place="Zona A").count() == 9
    assert again.status_code == 422
    assert "Loket 8 sudah ada" in again.content.decode()
    assert 'value="8-9"' in again.content.decode()


def test_a_zone_is_renamed_and_a_counter_changed_and_put_out_of_use(admin, mall):
    (counter,) = make_counters(mall, "1")

    admin.post(url(mall, "zone"), {"old": "Zona A", "new": "Lantai 1"})
    admin.post(url(mall, "counter", counter.pk), {"number": "2A", "place": "Lantai 1"})
    admin.post(url(mall, "counter_switch", counter.pk), {"aktif": "0"})

    counter.refresh_from_db()
    assert (counter.place, counter.number, counter.is_active) == ("Lantai 1", "2A", False)
