"""Which malls live now: opened, heard and attended, in as many statements for one as for three."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from model_bakery import baker

from accounts.roles import Role
from agencies.models import CounterDay, DatedHours, Mall, Term
from core import memo
from hall import closures
from hall.models import Closure, Device
from monitoring import agency_health, health, pulse, rollups
from monitoring import pulse_sentences as said
from monitoring.models import Day
from monitoring.pulse import Counters, Devices, Trouble
from queueing import desks, sweeps
from queueing.floor.now import Doing
from tests.hall.conftest import appoint
from tests.recipes import MONDAY, add_counter, at, make_hall, make_officer

pytestmark = pytest.mark.django_db
FRIDAY = MONDAY - timedelta(days=3)


@pytest.fixture
def hall():
    return begun(2)


def begun(counters=1, **place):
    """A hall that gave out numbers on Friday, so that it is known to use the queue."""
    hall = make_hall(counters=0, **place)
    for _each in range(counters):
        add_counter(hall, since=at(8, on=FRIDAY))
    hall.issue(now=at(9, on=FRIDAY))
    rollups.refresh(now=at(9, 1, on=FRIDAY))
    sweeps.close_days(now=at(1))
    return hall


def left(hall):
    """Nobody sits there since Friday."""
    for seat, counter in enumerate(hall.counters):
        desks.leave(counter, by=hall.officers[seat], now=at(15, on=FRIDAY))


def pulse_of(hall, now):
    memo.clear_all()
    (found,) = health.of_malls([hall.mall], now=now)
    return found


def test_a_mall_says_what_its_counters_do_and_who_waits(hall):
    hall.issue(now=at(8, 5))
    hall.issue(now=at(8, 6))
    hall.call(now=at(8, 10))
    desks.set_break(hall.counters[1], by=hall.officers[1], on_break=True, now=at(8, 15))

    found = pulse_of(hall, at(8, 20))

    assert found.counters == Counters(2, 2, 1, 0, 1, calling=1)
    assert (found.waiting, found.trouble, found.is_alive) == (1, None, True)


def test_a_closed_counter_is_not_open_though_somebody_sits_there(hall):
    admin = appoint(Role.MALL_ADMIN, mall=hall.mall)
    reason = Closure.Reason.MEETING
    closures.close(hall.counter, reason=reason, until=at(11), by=admin, now=at(9))

    before, after = (pulse_of(hall, now).counters for now in (at(10), at(11)))

    assert (before.closed, before.open, after.closed, after.open) == (1, 1, 0, 2)


def test_a_mall_nobody_opens_is_in_trouble_half_an_hour_after_its_opening(hall):
    left(hall)

    seen = [pulse_of(hall, now).trouble for now in (at(7), at(8, 29), at(8, 30), at(16))]

    assert seen == [None, None, Trouble.UNOPENED, None]


def test_whoever_sits_down_opens_the_mall_and_is_late(hall):
    left(hall)
    desks.open_(hall.counter, by=hall.officer, now=at(8, 42))

    found = pulse_of(hall, at(9))

    assert (found.trouble, found.late) == (None, timedelta(minutes=42))
    assert (found.kept, found.promised) == (timedelta(minutes=18), timedelta(hours=1))
    assert said.opened(found) == "08.42, 42 menit sesudah jam buka"


def test_a_mall_is_silent_after_half_an_hour_without_a_sign(hall):
    for minute in (0, 1):
        hall.issue(now=at(8, minute))
    hall.call(now=at(8, 10))
    hall.call(now=at(9, 10), seat=1)
    rollups.refresh(now=at(9, 11))

    assert pulse_of(hall, at(9, 39)).trouble is None
    found = pulse_of(hall, at(9, 40))

    assert found.trouble == Trouble.SILENT
    assert said.trouble(found).title == "MPP Uji tidak memberi kabar sejak 09.10 WIB"
    assert found.kept == timedelta(hours=1)


def test_its_midday_break_is_no_silence_and_begins_a_new_half_hour(hall):
    hall.issue(now=at(11, 40))
    hall.call(now=at(11, 50))

    seen = [pulse_of(hall, now).trouble for now in (at(12, 30), at(13, 29), at(13, 30))]

    assert seen == [None, None, Trouble.SILENT]


def test_a_screen_that_is_heard_keeps_a_mall_from_being_silent(hall):
    device = {"mall": hall.mall, "kind": Device.Kind.BOARD, "name": "Papan", "enrolled_at": at(8)}
    baker.make(Device, **device, token_hash="x", seen_at=at(9, 30))
    hall.issue(now=at(8, 30))
    hall.call(now=at(8, 30))

    found = pulse_of(hall, at(9, 31))

    assert (found.trouble, found.signs.last, found.devices) == (None, at(9, 30), Devices(1, 1))


def test_an_act_the_counting_has_not_seen_keeps_a_mall_from_being_called_silent(hall):
    first = hall.issue(now=at(8, 30))
    hall.call(now=at(8, 31))
    rollups.refresh(now=at(8, 32))
    hall.done(first, now=at(9, 20))

    found = pulse_of(hall, at(9, 30))

    assert (found.trouble, found.signs.event) == (None, at(9, 20))


def test_people_who_wait_without_an_open_counter_are_seen_after_ten_minutes(hall):
    left(hall)
    hall.issue(now=at(8, 2))

    seen = [pulse_of(hall, now).trouble for now in (at(8, 9), at(8, 10))]

    assert seen == [None, Trouble.UNATTENDED]
    title = said.trouble(pulse_of(hall, at(8, 10))).title
    assert title == "1 orang menunggu di MPP Uji, tidak ada loket yang buka"


@pytest.mark.parametrize("is_used", [True, False])
def test_a_mall_is_judged_only_when_it_uses_the_queue_and_somebody_has_a_counter(is_used):
    hall = begun() if is_used else make_hall()
    if is_used:
        CounterDay.objects.all().delete()

    found = pulse_of(hall, at(11))

    assert (found.trouble, found.uses_queue) == (None, is_used)


def test_a_holiday_is_calm(hall):
    closed = {"from_date": MONDAY, "until_date": MONDAY, "reason": "Libur daerah"}
    DatedHours.objects.create(mall=hall.mall, **closed)

    found = pulse_of(hall, at(11))

    assert (found.trouble, found.counters.promised) == (None, 0)
    assert said.state(found) == ("", "calendar-x", "Libur daerah")


def test_each_mall_is_judged_by_its_own_clock(hall):
    east = begun(zone="Asia/Jayapura", slug="mpp-timur")
    for each in (hall, east):
        left(each)

    found = health.of_malls([hall.mall, east.mall], now=at(7, 30))

    assert [(each.mall.slug, each.trouble) for each in found] == [
        ("mpp-timur", Trouble.UNOPENED),
        ("mpp-uji", None),
    ]


def test_the_worst_stands_first_and_the_sums_count_what_should_be_open(hall):
    silent, calm = begun(slug="mpp-dua"), begun(slug="mpp-tiga")
    left(hall)
    for each, minute in ((silent, 15), (calm, 50)):
        each.issue(now=at(8, minute))
        each.call(now=at(8, minute))

    found = health.of_malls([calm.mall, silent.mall, hall.mall], now=at(8, 55))

    assert [each.trouble for each in found] == [Trouble.UNOPENED, Trouble.SILENT, None]
    sums = pulse.sums(found)
    assert (sums.due, sums.alive, sums.troubled, sums.busy) == (3, 1, 2, 2)
    assert said.finding(sums) == "2 dari 3 mal yang seharusnya buka perlu dihubungi"


@pytest.mark.parametrize("malls", [1, 3])
def test_many_malls_are_read_in_as_few_statements_as_one(malls, django_assert_num_queries):
    halls = [begun(slug=f"mpp-{number}") for number in range(malls)]
    for hall in halls:
        hall.issue(now=at(8, 50))
    memo.clear_all()

    with django_assert_num_queries(11):
        found = health.of_malls([hall.mall for hall in halls], now=at(9))

    assert [each.waiting for each in found] == [1] * malls


def test_the_page_says_when_the_log_has_not_been_read(hall):
    assert health.counted_until(now=at(9, 5, on=FRIDAY)) is None
    assert health.counted_until(now=at(9, 7, on=FRIDAY)) == at(9, 1, on=FRIDAY)


# --- One mall from near ------------------------------------------------------------------------


def agency_at(hall, now):
    memo.clear_all()
    (agency,) = agency_health.of_mall(hall.mall, now=now).agencies
    return agency


def test_an_agency_says_who_came_when_and_what_each_counter_does(hall):
    left(hall)
    desks.open_(hall.counter, by=hall.officer, now=at(8, 15))
    hall.issue(now=at(8, 20))
    hall.call(now=at(8, 21))

    agency = agency_at(hall, at(8, 40))

    assert (agency.kept.first, agency.kept.last) == (at(8, 15), at(8, 21))
    assert (agency.late, agency.trouble) == (timedelta(minutes=15), None)
    assert [each.doing for each in agency.floor.counters] == [Doing.CALLED, Doing.EMPTY]


def test_an_agency_is_judged_by_the_hours_it_promised(hall):
    left(hall)
    known = {"mall": hall.mall, "kind": "cooperation", "from_date": FRIDAY}
    agreement = baker.make("agencies.Agreement", **known)
    hours = {"opens": at(10).time(), "closes": at(12).time()}
    term = baker.make(
        Term, agreement=agreement, presence=hall.presence, from_date=FRIDAY, weekdays=[0], **hours
    )
    CounterDay.objects.update(term=term)

    seen = [agency_at(hall, now).trouble for now in (at(9), at(10, 29), at(10, 30), at(13, 30))]

    assert seen == [None, None, Trouble.UNOPENED, None]


def test_an_agency_is_in_trouble_when_people_wait_and_nobody_calls(hall):
    hall.issue(now=at(8, 10))
    hall.issue(now=at(8, 10))
    hall.call(now=at(8, 10))

    seen = [agency_at(hall, now).trouble for now in (at(8, 39), at(8, 40))]

    assert seen == [None, Trouble.SILENT]


# --- The pages ---------------------------------------------------------------------------------


@pytest.fixture
def ministry():
    client = Client()
    client.force_login(appoint(Role.MINISTRY_MONITOR))
    return client


@time_machine.travel(at(9), tick=False)
def test_the_ministry_sees_every_mall_in_operation_and_can_choose_a_province(hall, ministry):
    make_hall(slug="mpp-dua")
    Mall.objects.filter(slug="mpp-dua").update(stage=Mall.Stage.PREPARATION)
    province = hall.mall.region.province

    whole = ministry.get(reverse("health_malls"))
    chosen = ministry.get(reverse("health_malls"), {"provinsi": province})
    other = ministry.get(reverse("health_malls"), {"provinsi": "Papua"})

    found = [[row.slug for row in page.context["rows"]] for page in (whole, chosen, other)]
    assert found == [["mpp-uji"], ["mpp-uji"], []]


@time_machine.travel(at(9), tick=False)
def test_a_page_that_shows_the_same_is_not_sent_again(hall, ministry):
    url, part = reverse("health_malls"), {"HX-Request": "true"}
    stamp = ministry.get(url, headers=part).context["stamp"]

    same = ministry.get(url, {"seen": stamp}, headers=part)
    hall.issue(now=at(8, 59))
    changed = ministry.get(url, {"seen": stamp}, headers=part)

    assert (same.status_code, changed.status_code) == (204, 200)


@time_machine.travel(at(9), tick=False)
def test_an_admin_sees_the_own_mall_and_no_other(hall):
    make_hall(slug="mpp-dua")
    client = Client()
    client.force_login(appoint(Role.MALL_ADMIN, mall=hall.mall))

    page = client.get(reverse("health_malls"))

    assert [row.slug for row in page.context["rows"]] == ["mpp-uji"]
    assert client.get(reverse("health_mall", args=["mpp-uji"])).status_code == 200
    assert client.get(reverse("health_mall", args=["mpp-dua"])).status_code == 404


@time_machine.travel(at(9), tick=False)
def test_an_officer_of_an_agency_is_a_stranger_to_the_whole_mall(hall):
    client = Client()
    client.force_login(make_officer(hall.presence))

    urls = [reverse("health_malls"), reverse("health_mall", args=["mpp-uji"])]
    pages = [client.get(url) for url in urls]

    assert [page.status_code for page in pages] == [404, 404]


@pytest.mark.parametrize("counters", [1, 3])
@time_machine.travel(at(9), tick=False)
def test_one_mall_takes_as_many_statements_whatever_stands_in_it(
    counters, ministry, django_assert_num_queries
):
    begun(counters)
    memo.clear_all()

    with django_assert_num_queries(35):
        page = ministry.get(reverse("health_mall", args=["mpp-uji"]))

    assert "Dinas Uji" in page.content.decode()


def test_no_statement_reads_what_is_past(hall, django_assert_num_queries):
    Day.objects.filter(date=FRIDAY).update(is_stale=False)
    memo.clear_all()

    with django_assert_num_queries(11) as asked:
        health.of_malls([hall.mall], now=at(9))

    asked = [each["sql"] for each in asked.captured_queries if "queueing_ticket" in each["sql"]]
    of_today = ("'2026-03-09'", '"state" IN (2, 3)')
    assert [sql for sql in asked if not any(words in sql for words in of_today)] == []
